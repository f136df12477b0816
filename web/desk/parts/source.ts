// One report, or an editor's decision, in a list of reasons: what it says, its part, its links.
import { button, h, tickBox } from "../../src/dom";
import { dateText, kmText, metresText } from "../../src/i18n";
import { isWebLink } from "../../src/link";
import type { Desk } from "../panel";
import { entryWords } from "../panels/entry_words";
import { holderName } from "./holder";
import { sharedWords } from "./words";

export interface Source {
  readonly id: string;
  readonly kind: string;
  readonly km?: number;
  readonly p?: number;
  readonly toward?: string;
  readonly seen?: string | null;
  readonly by?: string | null;
  readonly happened?: string;
  readonly source?: string;
  readonly grade?: string;
  readonly error_m?: number;
  readonly note?: string;
  readonly links?: readonly string[];
  readonly at?: readonly [number, number];
  readonly verdict?: string;
  readonly reason?: string;
}

/** Ids of reports that a decision rests on, which can be ticked. */
export type Evidence = Set<string>;

const LINKS_SHOWN = 4;

/** What a report is of, in the reader's language. */
export const kindName = (desk: Desk, kind: string): string => {
  const words: Readonly<Record<string, string>> = entryWords[desk.store.now.language];
  return words[`kind_${kind}`] ?? kind;
};

/** What an editor did, in the reader's language. */
export const verdictName = (desk: Desk, verdict: string): string => {
  const words: Readonly<Record<string, string>> = sharedWords[desk.store.now.language];
  return words[`did_${verdict}`] ?? verdict;
};

/** A link, as text; opened only if somebody asks for it, and then without a word of where from. */
function linkRow(desk: Desk, url: string): HTMLElement {
  const open = (): void => void window.open(url, "_blank", "noopener,noreferrer");
  const act = isWebLink(url) && button({ class: "queue-link" }, open, desk.words(sharedWords)("open"));
  return h("p", { class: "queue-url" }, h("span", {}, url), act);
}

/** "strike, Red"; of a decision "accepted · nadia" */
function whatText(desk: Desk, one: Source): string {
  if (one.kind === "decision") return `${verdictName(desk, one.verdict ?? "")} · ${one.by ?? ""}`;
  const seen = one.seen ? holderName(desk, one.seen) : null;
  return [kindName(desk, one.kind), seen].filter(Boolean).join(", ");
}

/** "10 May 2024 · alder_watch · B2 · ±100 m" */
function factsText(desk: Desk, one: Source): string {
  const { language } = desk.store.now;
  const parts = [
    one.happened && dateText(one.happened.slice(0, 10), language, "short"),
    one.source,
    one.grade,
    one.error_m && `±${metresText(one.error_m, language, Number.isInteger(one.error_m) ? 0 : 1)}`,
  ];
  return parts.filter(Boolean).join(" · ");
}

function tick(desk: Desk, id: string, evidence: Evidence): HTMLElement {
  const label = `${desk.words(sharedWords)("rests")}: ${id}`;
  return tickBox({ checked: evidence.has(id), "aria-label": label }, (on) =>
    on ? evidence.add(id) : evidence.delete(id),
  );
}

/** One report with its part; with `evidence` there is a box that says whether a decision rests on it. */
export function sourceRow(desk: Desk, one: Source, evidence: Evidence | null = null): HTMLElement {
  const { language } = desk.store.now;
  const text = one.kind === "decision" ? one.reason : one.note;
  const go = (): void => void (one.at && desk.map.goTo(one.at));
  return h(
    "li",
    { class: "queue-source" },
    h(
      "div",
      { class: "queue-source-head" },
      evidence && tick(desk, one.id, evidence),
      button({ class: "queue-id", title: desk.words(sharedWords)("show") }, go, one.id),
      h("span", {}, whatText(desk, one)),
      one.km !== undefined && h("b", { class: "queue-km" }, kmText(one.km, language, true)),
    ),
    h("p", { class: "queue-facts" }, factsText(desk, one)),
    text ? h("p", { class: "queue-note" }, text) : null,
    (one.links ?? []).slice(0, LINKS_SHOWN).map((url) => linkRow(desk, url)),
  );
}

/** Reports as a list. */
export const sourceList = (
  rows: readonly HTMLElement[],
  attributes: Readonly<Record<string, string>> = {},
): HTMLElement => h("ul", { class: "queue-sources", ...attributes }, rows);
