// What a reader takes away: coordinates, the view as a picture, the way from an embed to the whole page.
import { wholeCaution } from "./caution";
import { heldText } from "./chip";
import { termsText } from "./compare_choice";
import { copyText } from "./clipboard";
import type { Document, Lonlat, Sheet } from "./data";
import { button, byId } from "./dom";
import { creditIn, dateText, inventedText, say, stampText, titleIn } from "./i18n";
import { headIn, mapperName } from "./mappers";
import type { Caption } from "./picture";
import type { Language, State } from "./state";

/** "48.28273, 37.17598" under a button, as other maps read it. */
export function copier([lon, lat]: Lonlat, { language }: State): HTMLElement {
  const text = `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
  const copy = async (): Promise<void> => {
    if (await copyText(text)) made.textContent = say(language, "copied", { text });
  };
  const made = button({ id: "copy", class: "plain" }, () => void copy(), say(language, "copy_coordinates"));
  return made;
}

/** What the marks of another day or another map mean, and on whose terms they are; null where there are none. */
function markedText(data: Document, sheet: Sheet, { language, compare, mapper, differences }: State): string | null {
  if (!differences) return null;
  if (compare !== null) {
    const date = dateText(data.dates[compare]?.as_of, language, "short");
    return say(language, "differences_means", { date });
  }
  const head = headIn(sheet, mapper);
  if (!head) return null;
  const name = mapperName(head, language);
  const means = say(language, "differ_means", { name });
  return `${means} ${name}, ${dateText(head.as_of, language, "short")}: ${termsText(head, language)}.`;
}

function safetyText(data: Document, sheet: Sheet, language: Language): string {
  if (sheet.public) return `${wholeCaution(sheet, sheet.public, language)}.`;
  const isPrivate = data.stamp.includes("PRIVATE");
  return `${say(language, "safety")} ${isPrivate ? say(language, "private_means") : ""}`;
}

/** The sentences under a picture: what is marked, the caution, whether it is invented, the credit. */
const smallTexts = (data: Document, sheet: Sheet, state: State): string[] =>
  [
    markedText(data, sheet, state),
    safetyText(data, sheet, state.language),
    data.simulated ? say(state.language, "simulated_means") : null,
    creditIn(data, state.language),
  ].filter((text): text is string => Boolean(text));

/** What a picture of the view has to say. */
export function caption(data: Document, sheet: Sheet, state: State): Caption {
  const { language } = state;
  const asOf = say(language, "as_of", { date: dateText(sheet.as_of, language) });
  const known = state.known ? [`${say(language, "known_as")} ${dateText(state.known, language)}`] : [];
  const edition = sheet.public ? [say(language, "edition_n", { n: String(sheet.public.number) })] : [];
  return {
    title: titleIn(data, language),
    asOf: [asOf, ...edition, ...known].join(" · "),
    small: smallTexts(data, sheet, state),
    stamps: data.stamp.map((word) => ({ word, text: stampText(word, language) })),
    legend: [
      ...data.sides.map((side) => heldText(data.sides, side.id, language)),
      say(language, "grey"),
      say(language, "unobserved"),
    ],
    scale: { px: byId("scale").offsetWidth, text: byId("scale").textContent ?? "" },
    watermark: data.simulated ? inventedText(language) : null,
  };
}

/** "alder-0003-2031-05-15-PUBLIC-SIMULATED" */
export const fileName = (data: Document, sheet: Sheet): string =>
  [data.name, sheet.public?.id ?? sheet.as_of.slice(0, 10), ...data.stamp]
    .join("-")
    .replace(/[^\p{Letter}\p{Number}-]+/gu, "-");

/** In an embed: the way to the whole page, with this very view. */
export function linkWhole({ language }: State): void {
  const link = byId("open-whole") as HTMLAnchorElement;
  link.textContent = say(language, "open_whole");
  link.href = `${location.href.replace(/[?#].*$/, "")}${location.hash.replace(/&?embed(=[^&]*)?/, "")}`;
}
