// The page's head: when, what state, how far to trust it; banner and stamps.
import { cautionText, correctedAt, delayText, noticeText } from "./caution";
import type { Document, Notice, Sheet } from "./data";
import { byId, h, s } from "./dom";
import { editionThen } from "./days";
import { staleDays } from "./embed";
import { dateText, km2Text, numberText, say } from "./i18n";
import type { Language, Store } from "./state";

const isGiven = (value: number | null | undefined): value is number => value !== null && value !== undefined;

/** "63 km² changed since the edition before" */
function changedText(sheet: Sheet, language: Language): string | null {
  const { changed_km2: km2, changed_since: since } = sheet;
  if (!isGiven(km2)) return null;
  const word = since === "start" ? "changed_start" : since === "edition" ? "changed_edition" : "changed";
  return say(language, word, { km2: km2Text(km2, language, km2 < 100 ? 1 : 0) });
}

function knownText(sheet: Sheet, language: Language): HTMLElement | null {
  if (sheet.public) return h("span", { id: "delay" }, delayText(sheet.public, language));
  return sheet.known_by ? h("span", {}, say(language, "known_by", { date: dateText(sheet.known_by, language) })) : null;
}

/** "As of …", what it was made from, its state or number, what changed. */
export function writeDateline(sheet: Sheet, language: Language): void {
  const state = sheet.state === "approved" || sheet.state === "edition" ? sheet.state : "draft";
  const known = knownText(sheet, language);
  byId("asof").replaceChildren(
    h("b", {}, say(language, "as_of", { date: dateText(sheet.as_of, language) })),
    ...(known ? [" ", known] : []),
  );
  const facts = [
    isGiven(sheet.reports_used) ? say(language, "reports_used", { n: numberText(sheet.reports_used, language) }) : null,
    sheet.public?.without_second_name ? say(language, "one_name") : null,
    changedText(sheet, language),
  ];
  const name = sheet.public ? say(language, "edition_n", { n: String(sheet.public.number) }) : say(language, state);
  byId("facts").replaceChildren(
    h("abbr", { class: "state", title: say(language, `${state}_means`) }, name),
    h("span", {}, facts.filter(Boolean).join(" · ")),
  );
}

/** How far lines move in the delay, and what the map is not for: always in sight on a public page. */
export function writeCaution(sheet: Sheet, language: Language): void {
  const edition = sheet.public;
  byId("caution").hidden = edition === null;
  if (!edition) return;
  const corrects = edition.corrects
    ? h("span", { id: "corrects" }, say(language, "corrects", { id: edition.corrects, reason: edition.reason }))
    : null;
  const text = cautionText(edition, language);
  byId("caution").replaceChildren(
    `${text.charAt(0).toUpperCase()}${text.slice(1)}.`,
    ...(corrects ? [" ", corrects] : []),
  );
}

/** The banner over an edition that was corrected, or over an embed that is out of date; it takes the place of the one that readers without script see. */
export function writeNotice(data: Document, notice: Notice | null, language: Language): void {
  const newest = data.dates.at(-1);
  const old = newest && document.documentElement.dataset["embed"] !== undefined ? staleDays(newest, Date.now()) : null;
  const stale =
    old === null ? null : say(language, "out_of_date", { date: dateText(newest?.as_of, language), n: String(old) });
  const text = noticeText(notice, language) ?? stale;
  byId("notice").hidden = text === null;
  if (text === null) return;
  const drop = (): void => document.querySelector("dialog[role=alert]")?.remove();
  drop();
  document.addEventListener("DOMContentLoaded", drop, { once: true }); // it stands below this script
  const href = correctedAt(notice, data.history ? "editions/" : "../");
  byId("notice").replaceChildren(
    h("b", {}, text),
    ...(href ? [" ", h("a", { href }, say(language, "see_correction", { id: notice?.corrected_by ?? "" }))] : []),
  );
  document.documentElement.style.setProperty("--notice", `${byId("notice").offsetHeight}px`);
}

function watermark(word: string): SVGSVGElement {
  const tile = s(
    "pattern",
    { id: "mark", width: 520, height: 210, patternUnits: "userSpaceOnUse", patternTransform: "rotate(-24)" },
    ...[
      [20, 60],
      [280, 165],
      [-240, 165],
    ].map(([x = 0, y = 0]) => s("text", { x, y, textLength: 220 }, word)),
  );
  return s(
    "svg",
    { width: "100%", height: "100%" },
    s("defs", {}, tile),
    s("rect", { width: "100%", height: "100%", fill: "url(#mark)" }),
  );
}

/** The stamp on the picture, and the watermark over all of it if the evidence is invented. */
export function writeStamp(data: Document, language: Language): void {
  const means: Record<string, string> = {
    PRIVATE: say(language, "private_means"),
    PUBLIC: say(language, "public_means"),
    SIMULATED: say(language, "simulated_means"),
  };
  byId("stamp").replaceChildren(
    ...data.stamp.map((word) => h("span", { title: means[word] ?? word, "data-stamp": word }, word)),
  );
  byId("watermark").replaceChildren(...(data.simulated ? [watermark("SIMULATED")] : []));
}

/** Where another knowledge than today's is shown, or nothing at all: which, why, and the way back. */
export function writeKnown(data: Document, sheet: Sheet, store: Store): void {
  const { language, known, date } = store.now;
  const then = known ? editionThen(data.history ?? [], sheet.as_of, known) : null;
  const newest = data.dates[date]?.public?.id;
  const missing = sheet.missing
    ? say(language, `missing_${sheet.missing}`, { reason: sheet.missing_reason ?? "" })
    : null;
  const words = [
    known && then
      ? say(language, "known_banner", { date: dateText(known, language), id: then.id })
      : known
        ? `${say(language, "known_as")} ${dateText(known, language)}.`
        : null,
    then && newest && newest !== then.id ? say(language, "known_superseded", { id: newest }) : null,
    missing,
  ].filter(Boolean);
  byId("known-as").hidden = words.length === 0;
  const back = h("button", { type: "button", class: "plain" }, say(language, "back_to_now"));
  back.addEventListener("click", () => store.set({ known: null }));
  const offline =
    sheet.missing === "unread" && data.offline
      ? [" ", h("a", { href: data.offline }, say(language, "open_offline"))]
      : [];
  byId("known-as").replaceChildren(words.join(" "), ...offline, ...(known ? [" ", back] : []));
}
