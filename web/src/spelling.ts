// Names by any spelling: one skeleton for what sounds alike in Ukrainian, Russian and Latin letters, and a distance that forgives typos.

const LATIN: Readonly<Record<string, string>> = {
  а: "a",
  б: "b",
  в: "v",
  г: "h",
  ґ: "h",
  д: "d",
  е: "e",
  є: "e",
  ж: "zh",
  з: "z",
  и: "i",
  і: "i",
  ї: "i",
  й: "i",
  к: "k",
  л: "l",
  м: "m",
  н: "n",
  о: "o",
  п: "p",
  р: "r",
  с: "s",
  т: "t",
  у: "u",
  ф: "f",
  х: "kh",
  ц: "ts",
  ч: "ch",
  ш: "sh",
  щ: "sh",
  ъ: "",
  ы: "i",
  ь: "",
  э: "e",
  ё: "e",
  ю: "iu",
  я: "ia",
};

/** Spellings that stand for one sound, the longest first (4 and 6 are ч and ж, which the Latin alphabet lacks): both alphabets and the usual ways to romanise them end up alike. */
const SOUNDS: readonly (readonly [RegExp, string])[] = [
  [/shch|sch/g, "sh"],
  [/kh/g, "h"],
  [/tch|ch/g, "4"],
  [/zh/g, "6"],
  [/ts|tz/g, "z"],
  [/ph/g, "f"],
  [/w/g, "v"],
  [/x/g, "ks"],
  [/g/g, "h"],
  [/y|j(?=[aeou])/g, "i"],
  [/i+[jy]?/g, "i"],
  [/i(?=[aeou])/g, ""],
  [/ck|q|c(?=[klaou])/g, "k"],
  [/(.)\1+/g, "$1"],
];

/** The skeleton of a name: lower case, Latin, without accents, apostrophes and spaces, one letter to a sound. */
export function skeleton(name: string): string {
  const plain = [...name.toLowerCase()].map((letter) => LATIN[letter] ?? letter).join("");
  const letters = plain.normalize("NFD").replace(/[^\p{Letter}\p{Number}]/gu, "");
  return SOUNDS.reduce((text, [from, to]) => text.replace(from, to), letters);
}

/** The fewest letters put in, left out, changed or swapped that turn `typed` into `name`, or into its beginning (plus a little for what is left). */
export function distance(typed: string, name: string): number {
  let before: number[] = [];
  let row = Array.from({ length: name.length + 1 }, (_, j) => j);
  for (let i = 1; i <= typed.length; i++) {
    const next = [i];
    for (let j = 1; j <= name.length; j++) {
      const change = (row[j - 1] ?? 0) + (typed[i - 1] === name[j - 1] ? 0 : 1);
      const swap =
        i > 1 && j > 1 && typed[i - 1] === name[j - 2] && typed[i - 2] === name[j - 1]
          ? (before[j - 2] ?? 0) + 1
          : Infinity;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change, swap));
    }
    [before, row] = [row, next];
  }
  return row.reduce((best, edits, j) => Math.min(best, edits + (name.length - j) * 0.05), Infinity);
}

interface Named {
  readonly name: string;
  readonly names: Readonly<Record<string, string>>;
  readonly population: number | null;
  readonly spellings?: readonly string[];
}

const TYPO_EVERY = 4;
const MOST = 8;

/** How far the nearest spelling of a place is from what was typed: whole names, and each of their words. */
function nearness(typed: string, place: Named): number {
  const spellings = [place.name, ...Object.values(place.names ?? {}), ...(place.spellings ?? [])].flatMap((name) => [
    name,
    ...name.split(/[\s-]+/).slice(1),
  ]);
  return Math.min(...spellings.map((name, k) => distance(typed, skeleton(name)) + (k ? 0.01 : 0)));
}

/** Numbers of the places that a spelling may mean, the likeliest first; larger places first among equals. */
export function search(places: readonly Named[], text: string): number[] {
  const typed = skeleton(text);
  if (!typed) return [];
  const allowed = Math.floor(typed.length / TYPO_EVERY) + 0.99;
  const found = places
    .map((place, index) => ({ index, far: nearness(typed, place), people: place.population ?? 0 }))
    .filter((one) => one.far <= allowed);
  found.sort(
    (a, b) => Math.round(a.far) - Math.round(b.far) || b.people - a.people || a.far - b.far || a.index - b.index,
  );
  return found.slice(0, MOST).map((one) => one.index);
}
