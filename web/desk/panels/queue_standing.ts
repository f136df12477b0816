// What stands: decisions that ask again, those that hold, and locks, each with what may be done about it.
import { button, h } from "../../src/dom";
import { dateText } from "../../src/i18n";
import type { Desk } from "../panel";
import { sourceList, verdictName } from "../parts/source";
import type { Queue, QueueSay, Standing } from "./queue_told";

interface Hands {
  answer(verdict: Act, id: string): void;
  /** The form of the answer under way, if it is to this one. */
  form(id: string): HTMLElement | null;
  show(ground: GeoJSON.Geometry | null): void;
}

type Act = "extend" | "release" | "unlock";

export function standingParts(desk: Desk, say: QueueSay, queue: Queue, hands: Hands): HTMLElement[] {
  const { language } = desk.store.now;
  const item = (id: string, ground: GeoJSON.Geometry | null, acts: readonly Act[], words: string): HTMLElement =>
    h(
      "li",
      { class: "queue-source" },
      h(
        "div",
        { class: "queue-source-head" },
        button({ class: "queue-id", title: say("show") }, () => hands.show(ground), id),
        acts.map((act) => button({ class: "queue-link", "data-verdict": act }, () => hands.answer(act, id), say(act))),
      ),
      h("p", { class: "queue-note" }, words),
      hands.form(id),
    );
  const saysText = ({ verdict, by, until, reason }: Standing): string =>
    say("asks_says", {
      verdict: verdictName(desk, verdict),
      by,
      until: dateText(until.slice(0, 10), language, "short"),
      reason,
    });
  const decision = (one: Standing): HTMLElement => item(one.id, one.geometry, ["extend", "release"], saysText(one));
  const lock = (one: Queue["locks"][number]): HTMLElement =>
    item(one.id, one.geometry, ["unlock"], `${one.by}: ${one.reason}`);
  const section = (key: "asks" | "stands" | "locks", rows: readonly HTMLElement[]): HTMLElement[] =>
    rows.length ? [h("h3", {}, say(key)), sourceList(rows, { "data-section": key })] : [];
  return [
    ...section("asks", queue.asks_again.map(decision)),
    ...section("stands", queue.stands.map(decision)),
    ...section("locks", queue.locks.map(lock)),
  ];
}
