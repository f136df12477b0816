// What stands: decisions that ask again, those that hold, and locks, each with what may be done about it.
import { h } from "../../src/dom";
import { dateText } from "../../src/i18n";
import type { Desk } from "../panel";
import { verdictName, type Say } from "./queue_parts";
import type { Queue, Standing } from "./queue_told";

interface Hands {
  answer(verdict: "extend" | "release" | "unlock", id: string): void;
  /** The form of the answer under way, if it is to this one. */
  form(id: string): HTMLElement | null;
  show(ground: GeoJSON.Geometry | null): void;
}

export function standingParts(desk: Desk, say: Say, queue: Queue, hands: Hands): HTMLElement[] {
  const { language } = desk.store.now;
  const button = (word: "extend" | "release" | "unlock", id: string): HTMLElement => {
    const made = h("button", { type: "button", class: "queue-link", "data-verdict": word }, say(word));
    made.addEventListener("click", () => hands.answer(word, id));
    return made;
  };
  const named = (id: string, ground: GeoJSON.Geometry | null): HTMLElement => {
    const show = h("button", { type: "button", class: "queue-id", title: say("show") }, id);
    show.addEventListener("click", () => hands.show(ground));
    return show;
  };
  const item = (id: string, head: readonly HTMLElement[], words: string): HTMLElement =>
    h(
      "li",
      { class: "queue-source" },
      h("div", { class: "queue-source-head" }, ...head),
      h("p", { class: "queue-note" }, words),
      hands.form(id),
    );
  const row = (one: Standing): HTMLElement =>
    item(
      one.id,
      [named(one.id, one.geometry), button("extend", one.id), button("release", one.id)],
      say("asks_says", {
        verdict: verdictName(desk, one.verdict),
        by: one.by,
        until: dateText(one.until.slice(0, 10), language, "short"),
        reason: one.reason,
      }),
    );
  const section = (key: "asks" | "stands" | "locks", rows: readonly HTMLElement[]): HTMLElement[] =>
    rows.length ? [h("h3", {}, say(key)), h("ul", { class: "queue-sources", "data-section": key }, ...rows)] : [];
  const locks = queue.locks.map((one) =>
    item(one.id, [named(one.id, one.geometry), button("unlock", one.id)], `${one.by}: ${one.reason}`),
  );
  return [
    ...section("asks", queue.asks_again.map(row)),
    ...section("stands", queue.stands.map(row)),
    ...section("locks", locks),
  ];
}
