// Words and numbers in the reader's language.
import type { Document, Names, Side } from "./data";
import { fill } from "./fill";
import { en, type Key } from "./i18n/en";
import { uk } from "./i18n/uk";
import { LANGUAGES, type Language } from "./state";

type Titled = Pick<Document, "titles" | "title" | "name">;

const BOOKS: Readonly<Record<Language, Readonly<Record<Key, string>>>> = { en, uk };
const LOCALES: Readonly<Record<Language, string>> = { en: "en-GB", uk: "uk-UA" };

/** A formatter takes a hundred times as long to make as to use. */
function kept<T>(make: (language: Language, key: string) => T): (language: Language, key: string) => T {
  const made = new Map<string, T>();
  return (language, key) => {
    const found = made.get(language + key) ?? make(language, key);
    made.set(language + key, found);
    return found;
  };
}

const dayIn = kept(
  (language, month) =>
    new Intl.DateTimeFormat(LOCALES[language], {
      timeZone: "UTC",
      day: "numeric",
      month: month as "long" | "short",
      year: "numeric",
    }),
);
const hourIn = kept(
  (language) => new Intl.DateTimeFormat(LOCALES[language], { timeZone: "UTC", hour: "2-digit", minute: "2-digit" }),
);
const numberIn = kept(
  (language, digits) =>
    new Intl.NumberFormat(LOCALES[language], {
      maximumFractionDigits: Number(digits),
      minimumFractionDigits: Number(digits),
    }),
);

/** The reader's language if it is among those spoken, else the document's own, else the first. */
export function firstLanguage(spoken: readonly Language[], own: string | undefined): Language {
  const isOf = (wanted: string | undefined) => (language: Language) => language === wanted;
  return spoken.find(isOf(navigator.language.slice(0, 2))) ?? spoken.find(isOf(own)) ?? spoken[0] ?? LANGUAGES[0];
}

/** A sentence with its {holes} filled. */
export const say = (language: Language, key: Key, holes: Readonly<Record<string, string>> = {}): string =>
  fill(BOOKS[language][key], holes, language);

/** A word that may not be in the book: the fallback then. */
export const sayOr = (language: Language, key: string, fallback: string): string =>
  key in BOOKS[language] ? BOOKS[language][key as Key] : fallback;

/** A name in the language, else in English, else in any. */
export const nameIn = (names: Names, language: Language, fallback: string): string =>
  names[language] || names["en"] || Object.values(names)[0] || fallback;

/** The map's title in the language, else as it is. */
export const titleIn = ({ titles, title, name }: Titled, language: Language): string =>
  titles?.[language] || title || name;

/** Whom the map owes what it shows. */
export const creditIn = ({ credits, credit }: Pick<Document, "credits" | "credit">, language: Language): string =>
  credits?.[language] || credit;

const INVENTED = "SIMULATED";

/** The word on a stamp, in the language. */
export const stampText = (stamp: string, language: Language): string => sayOr(language, `stamp_${stamp}`, stamp);

/** What lies over a picture of invented evidence: SIMULATED in every language, and the reader's own word beside it. */
export function inventedText(language: Language): string {
  const own = stampText(INVENTED, language);
  return own === INVENTED ? own : `${INVENTED} · ${own}`;
}

/** A side's name; its id if the document does not know it. */
export function sideName(sides: readonly Side[], id: string | null | undefined, language: Language): string {
  const side = sides.find((one) => one.id === id);
  return side ? nameIn(side.names, language, side.id) : (id ?? "");
}

/** "4 November 2025", with the hour if it is not midnight UTC; the text itself if it is no date. */
export function dateText(iso: string | null | undefined, language: Language, month: "long" | "short" = "long"): string {
  const time = Date.parse(iso ?? "");
  if (!Number.isFinite(time)) return iso ?? "";
  const day = dayIn(language, month)
    .format(time)
    .replace(/ (?=р\.$)/, "\u00a0");
  if (time % 86_400_000 === 0) return day;
  return `${day}, ${hourIn(language, "").format(time)} UTC`;
}

/** A time or an interval `start/end`, by its days; one that ends as a day begins is over the day before. */
export function spanText(iso: string | null | undefined, language: Language): string {
  const [first = "", last = ""] = (iso ?? "").split("/");
  const over =
    last.endsWith("T00:00:00Z") && last > first ? new Date(Date.parse(last) - 86_400_000).toISOString() : last;
  const [start = "", end = ""] = [first, over].map((part) => dateText(part.slice(0, 10), language, "short"));
  return end && end !== start ? `${start} – ${end}` : start;
}

export const isNumber = (value: number | null | undefined): value is number => typeof value === "number";

export const numberText = (value: number, language: Language, digits = 0): string =>
  numberIn(language, String(digits)).format(value);

/** "48.125° N, 37.5° E", south and west by their letters. */
export const placeText = (lon: number, lat: number, language: Language, digits = 3): string =>
  `${numberText(Math.abs(lat), language, digits)}° ${lat < 0 ? "S" : "N"}, ${numberText(Math.abs(lon), language, digits)}° ${lon < 0 ? "W" : "E"}`;

/** "0.8 km"; with `signed`, "+0.8 km" or "−0.8 km". */
export function kmText(km: number, language: Language, signed = false): string {
  const size = Math.abs(km);
  const text = numberText(size, language, size >= 99.5 ? 0 : size < 0.095 ? 2 : 1);
  const sign = !signed ? "" : km < 0 ? "−" : "+";
  return `${sign}${text}\u00a0${language === "uk" ? "км" : "km"}`;
}

/** "300 m" */
export const metresText = (metres: number, language: Language, digits = 0): string =>
  `${numberText(metres, language, digits)}\u00a0${language === "uk" ? "м" : "m"}`;

/** "2,900 km²" */
export const km2Text = (km2: number, language: Language, digits = 0): string =>
  `${numberText(km2, language, digits)}\u00a0${language === "uk" ? "км²" : "km²"}`;

/** An area with a decimal while it is small: "3.2 km²", "2,900 km²". */
export const km2Near = (km2: number, language: Language, small = 100): string =>
  km2Text(km2, language, km2 < small ? 1 : 0);

/** A probability in whole percent, never claiming more certainty than 99 %. */
export function percentText(p: number, language: Language): string {
  if (p > 0.99) return `>\u00a0${numberText(99, language)}\u00a0%`;
  if (p < 0.01) return `<\u00a0${numberText(1, language)}\u00a0%`;
  return `${numberText(p * 100, language)}\u00a0%`;
}
