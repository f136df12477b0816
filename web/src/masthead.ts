// The page's head: when, what state, how far to trust it; banner and stamps.
import { cautionText, correctedAt, delayText, noticeText } from "./caution";
import type { Document, Notice, Past, Sheet } from "./data";
import { button, byId, h, replace } from "./dom";
import { editionThen } from "./days";
import { staleDays } from "./embed";
import { dateText, inventedText, isNumber, km2Near, numberText, say, stampText } from "./i18n";
import type { Language, Store } from "./state";
import { watermark } from "./watermark";

/** "63 km² changed since the edition before" */
function changedText(sheet: Sheet, language: Language): string | null {
  const { changed_km2: km2, changed_since: since } = sheet;
  if (!isNumber(km2)) return null;
  const words = { start: "changed_start", edition: "changed_edition", approved: "changed" } as const;
  return say(language, words[since ?? "approved"], { km2: km2Near(km2, language) });
}

function knownText(sheet: Sheet, language: Language): HTMLElement | null {
  if (sheet.public) return h("span", { id: "delay" }, delayText(sheet.public, language));
  return sheet.known_by ? h("span", {}, say(language, "known_by", { date: dateText(sheet.known_by, language) })) : null;
}

/** "As of …", what it was made from, its state or number, what changed. */
export function writeDateline(sheet: Sheet, language: Language): void {
  const state = sheet.state === "approved" || sheet.state === "edition" ? sheet.state : "draft";
  const known = knownText(sheet, language);
  const asOf = say(language, "as_of", { date: dateText(sheet.as_of, language) });
  replace(byId("asof"), h("b", {}, asOf), known && [" ", known]);
  const facts = [
    isNumber(sheet.reports_used)
      ? say(language, "reports_used", { n: numberText(sheet.reports_used, language) })
      : null,
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
  replace(byId("caution"), `${text.charAt(0).toUpperCase()}${text.slice(1)}.`, corrects && [" ", corrects]);
}

/** In an embed whose newest map is old: that it is. */
function staleText(data: Document, language: Language): string | null {
  const newest = data.dates.at(-1);
  const isEmbed = document.documentElement.dataset["embed"] !== undefined;
  const days = newest && isEmbed ? staleDays(newest, Date.now()) : null;
  if (days === null) return null;
  return say(language, "out_of_date", { date: dateText(newest?.as_of, language), n: String(days) });
}

/** Take away the banner that readers without script see; it stands below this script. */
function dropPlainNotice(): void {
  const drop = (): void => document.querySelector("dialog[role=alert]")?.remove();
  drop();
  document.addEventListener("DOMContentLoaded", drop, { once: true });
}

/** The banner over an edition that was corrected, or over an embed that is out of date. */
export function writeNotice(data: Document, notice: Notice | null, language: Language): void {
  const text = noticeText(notice, language) ?? staleText(data, language);
  byId("notice").hidden = text === null;
  if (text === null) return;
  dropPlainNotice();
  const href = correctedAt(notice, data.history ? "editions/" : "../");
  const link = href && h("a", { href }, say(language, "see_correction", { id: notice?.corrected_by ?? "" }));
  replace(byId("notice"), h("b", {}, text), link ? [" ", link] : null);
}

/** The stamp on the picture, and the watermark over all of it if the evidence is invented. */
export function writeStamp(data: Document, language: Language): void {
  const means: Record<string, string> = {
    PRIVATE: say(language, "private_means"),
    PUBLIC: say(language, "public_means"),
    SIMULATED: say(language, "simulated_means"),
  };
  byId("stamp").replaceChildren(
    ...data.stamp.map((word) =>
      h("span", { title: means[word] ?? word, "data-stamp": word }, stampText(word, language)),
    ),
  );
  byId("watermark").replaceChildren(...(data.simulated ? [watermark(inventedText(language))] : []));
}

/** With its full stop, unless its last word is short for another ("2025 р."). */
const sentence = (text: string): string => (text.endsWith(".") ? text : `${text}.`);

/** "As we knew it on 3 November 2025", and which edition that was. */
function knownWords(known: string, then: Past | null, language: Language): string {
  const date = dateText(known, language);
  return then ? say(language, "known_banner", { date, id: then.id }) : sentence(`${say(language, "known_as")} ${date}`);
}

/** Where another knowledge than today's is shown, or nothing at all: which, why, and the way back, or to try again. */
export function writeKnown(data: Document, sheet: Sheet, store: Store, again: () => void): void {
  const { language, known, date } = store.now;
  const then = known ? editionThen(data.history ?? [], sheet.as_of, known) : null;
  const newest = data.dates[date]?.public?.id;
  const isSuperseded = then && newest && newest !== then.id;
  const words = [
    known ? knownWords(known, then, language) : null,
    isSuperseded ? say(language, "known_superseded", { id: newest }) : null,
    sheet.missing ? say(language, `missing_${sheet.missing}`, { reason: sheet.missing_reason ?? "" }) : null,
  ].filter(Boolean);
  const isUnread = sheet.missing === "unread";
  const back = button({ class: "plain" }, () => store.set({ known: null }), say(language, "back_to_now"));
  byId("known-as").hidden = words.length === 0;
  replace(
    byId("known-as"),
    words.join(" "),
    isUnread && [" ", button({ class: "plain", id: "try-again" }, again, say(language, "try_again"))],
    isUnread && data.offline ? [" ", h("a", { href: data.offline }, say(language, "open_offline"))] : null,
    known ? [" ", back] : null,
  );
}
