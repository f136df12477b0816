// What a reader takes away: coordinates, the view as a picture, the way from an embed to the whole page.
import { wholeCaution } from "./caution";
import { termsText } from "./compare_choice";
import { copyText } from "./clipboard";
import type { Document, Lonlat, Sheet } from "./data";
import { byId, h } from "./dom";
import { dateText, say, sideName } from "./i18n";
import { headIn, mapperName } from "./mappers";
import type { Caption } from "./picture";
import type { State } from "./state";

/** "48.28273, 37.17598" under a button, as other maps read it. */
export function copier([lon, lat]: Lonlat, { language }: State): HTMLElement {
  const text = `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
  const button = h("button", { type: "button", id: "copy", class: "plain" }, say(language, "copy_coordinates"));
  button.addEventListener(
    "click",
    () => void copyText(text).then((done) => done && (button.textContent = say(language, "copied", { text }))),
  );
  return button;
}

/** The sentences under a picture: what is marked, the caution, whether it is invented, the credit. */
function small(data: Document, sheet: Sheet, { language, compare, mapper, differences }: State): string[] {
  const caution = sheet.public
    ? `${wholeCaution(sheet, sheet.public, language)}.`
    : `${say(language, "safety")} ${data.stamp.includes("PRIVATE") ? say(language, "private_means") : ""}`;
  const marked =
    differences && compare !== null
      ? say(language, "differences_means", { date: dateText(data.dates[compare]?.as_of, language, "short") })
      : "";
  const head = differences ? headIn(sheet, mapper) : null;
  const apart = head
    ? `${say(language, "differ_means", { name: mapperName(head, language) })} ${mapperName(head, language)}, ${dateText(head.as_of, language, "short")}: ${termsText(head, language)}.`
    : "";
  return [marked, apart, caution, data.simulated ? say(language, "simulated_means") : "", data.credit].filter(Boolean);
}

/** What a picture of the view has to say. */
export function caption(data: Document, sheet: Sheet, state: State): Caption {
  const { language } = state;
  const asOf = say(language, "as_of", { date: dateText(sheet.as_of, language) });
  const known = state.known ? [`${say(language, "known_as")} ${dateText(state.known, language)}`] : [];
  const edition = sheet.public ? [say(language, "edition_n", { n: String(sheet.public.number) })] : [];
  return {
    title: data.title || data.name,
    asOf: [asOf, ...edition, ...known].join(" · "),
    small: small(data, sheet, state),
    stamps: data.stamp,
    legend: [
      ...data.sides.map((side) => say(language, "status_held", { side: sideName(data.sides, side.id, language) })),
      say(language, "grey"),
      say(language, "unobserved"),
    ],
    scale: { px: byId("scale").offsetWidth, text: byId("scale").textContent ?? "" },
    simulated: data.simulated,
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
