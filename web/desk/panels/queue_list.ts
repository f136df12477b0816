// The queue as a list: how much there is to decide, each proposal in two lines, the chosen one with what speaks for and against it.
import { button, h } from "../../src/dom";
import { dateText, km2Text, kmText, nameIn, numberText, percentText } from "../../src/i18n";
import { cap } from "../keys";
import type { Desk } from "../panel";
import { holder, holderName } from "../parts/holder";
import { sourceList, sourceRow, type Evidence, type Source } from "../parts/source";
import type { Proposal, Queue, QueueSay, Settling, Verdict } from "./queue_told";

/** So many reports are shown before somebody asks for all. */
export const TOLD = 6;
const ACTS: readonly (readonly [Verdict, string])[] = [
  ["accept", "KeyA"],
  ["reject", "KeyR"],
  ["edit", "KeyE"],
  ["hold", "KeyH"],
];

/** What the list shows. */
export interface Listed {
  readonly desk: Desk;
  readonly say: QueueSay;
  readonly queue: Queue;
  readonly proposals: readonly Proposal[];
  /** The chosen proposal's id. */
  readonly chosen: string;
  /** Whether every report of the chosen one is shown. */
  readonly all: boolean;
  readonly evidence: Evidence;
  readonly settling: Readonly<Record<string, Settling | null>> | null;
  readonly sending: boolean;
  /** The form of the answer under way, if it is to the chosen one. */
  readonly form: HTMLElement | null;
  choose(id: string): void;
  begin(verdict: Verdict): void;
  showAll(): void;
}

/** "2 to decide, 75.1 km² · against the start map of 1 May 2024" */
export function countText(desk: Desk, say: QueueSay, queue: Queue | null, proposals: readonly Proposal[]): string {
  if (!queue) return "…";
  const { language } = desk.store.now;
  const km2 = proposals.reduce((sum, one) => sum + one.km2, 0);
  const { state, as_of } = queue.previous;
  const day = dateText(as_of.slice(0, 10), language, "short");
  return [
    say("count", { n: String(proposals.length), km2: km2Text(km2, language, 1) }),
    say("against_map", { state: say(state), day }),
  ].join(" · ");
}

/** Whether one more exact sighting would turn it; empty where none is thought of. */
export function settleText({ desk, say, settling }: Pick<Listed, "desk" | "say" | "settling">, one: Proposal): string {
  if (!settling) return say("settling");
  const found = settling[one.id];
  if (!found) return "";
  return say("settle", {
    side: holderName(desk, found.seen),
    turn: say(found.turns ? "turns" : "not_turns"),
    p: percentText(found.p_after, desk.store.now.language),
  });
}

export function proposalList(listed: Listed): (HTMLElement | null)[] {
  const { desk, say, queue, proposals } = listed;
  const { pieces, km2 } = queue.waiting;
  const small = { n: String(pieces), km2: km2Text(km2, desk.store.now.language, 1) };
  const items = proposals.map((one) => item(listed, one));
  return [
    h("h3", { id: "queue-proposals" }, say("proposals")),
    items.length
      ? h("ol", { class: "queue-list", "aria-labelledby": "queue-proposals" }, items)
      : h("p", { class: "quiet", id: "queue-none" }, say("none")),
    pieces ? h("p", { class: "queue-sub" }, say("waiting", small)) : null,
  ];
}

/** "62 % likely"; where it becomes grey, how sure it is that its holder no longer has it. */
function oddsText({ desk, say }: Listed, one: Proposal): string {
  const { language } = desk.store.now;
  const p = percentText(one.p, language);
  if (one.to !== "grey") return say("p", { p });
  return say("p_grey", { sure: percentText(one.sure, language), side: holderName(desk, one.from), p });
}

function item(listed: Listed, one: Proposal): HTMLElement {
  const { desk } = listed;
  const { language } = desk.store.now;
  const isChosen = one.id === listed.chosen;
  const words = [nameIn(one.near, language, ""), oddsText(listed, one)].filter(Boolean).join(" · ");
  const head = button(
    { class: "queue-item", "aria-current": isChosen ? "true" : null, "data-id": one.id },
    () => listed.choose(one.id),
    h("span", { class: "queue-change" }, holder(desk, one.from), h("span", {}, "→"), holder(desk, one.to)),
    h("span", { class: "queue-size" }, km2Text(one.km2, language, 1)),
    h("span", { class: "queue-sub" }, words),
  );
  return h("li", {}, head, isChosen ? detail(listed, one) : "");
}

function acts({ desk, say, sending, begin }: Listed): HTMLElement {
  const act = (verdict: Verdict, code: string): HTMLElement =>
    button(
      { class: "plain", "data-verdict": verdict, disabled: sending },
      () => begin(verdict),
      say(verdict),
      h("kbd", {}, cap(code, desk.store.now.language)),
    );
  return h(
    "div",
    { class: "queue-acts" },
    ACTS.map(([verdict, code]) => act(verdict, code)),
  );
}

/** Reports with their boxes; a decision is nothing that another one rests on. */
function reasons({ desk, say, all, evidence, showAll }: Listed, found: readonly Source[]): HTMLElement[] {
  const shown = all ? found : found.slice(0, TOLD);
  const left = found.length - shown.length;
  const rows = shown.map((one) => sourceRow(desk, one, one.kind === "decision" ? null : evidence));
  const more = (): HTMLElement =>
    button({ class: "queue-link", "data-more": "" }, showAll, say("more_reports", { n: String(left) }));
  return [sourceList(rows), ...(left ? [more()] : [])];
}

function detail(listed: Listed, one: Proposal): HTMLElement {
  const { desk, say } = listed;
  const { language } = desk.store.now;
  const others = { n: numberText(one.n_others, language), km: kmText(one.others_km, language, true) };
  return h(
    "div",
    { class: "queue-detail" },
    acts(listed),
    listed.form,
    h("p", { class: "queue-settle" }, settleText(listed, one)),
    h("h3", { title: say("share") }, say("for_it")),
    reasons(listed, one.reports),
    h("h3", { title: say("share") }, say("against_it")),
    one.against.length ? reasons(listed, one.against) : h("p", { class: "queue-sub" }, say("no_against")),
    one.n_others ? h("p", { class: "queue-sub" }, say("others", others)) : null,
  );
}
