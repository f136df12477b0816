// What an act would change, and the form that records it: its reason, its end, the reports it rests on.
import { button, form, h } from "../../src/dom";
import { km2Text } from "../../src/i18n";
import { plusDays } from "../clock";
import type { Desk } from "../panel";
import { field, reasonBox } from "../parts/field";
import { holder } from "../parts/holder";
import { sourceList, sourceRow, type Evidence } from "../parts/source";
import type { LineSay, Seen } from "./line_told";

const STANDS_DAYS = 14;

/** An act that was seen and may be recorded. */
interface Acting {
  readonly seen: Seen;
  /** Whether what was drawn should lie along rivers, roads and layers. */
  readonly isSnapped: boolean;
  readonly reason: string;
  readonly evidence: Evidence;
}

interface Hands {
  record(): void;
  leave(): void;
}

export class ActForm {
  readonly element: HTMLFormElement;
  readonly #desk: Desk;
  readonly #say: LineSay;
  readonly #reason: HTMLInputElement;
  readonly #until: HTMLInputElement;

  constructor(desk: Desk, say: LineSay, { seen, isSnapped, reason, evidence }: Acting, hands: Hands) {
    [this.#desk, this.#say] = [desk, say];
    const ends = plusDays(desk.store.now.asOf, STANDS_DAYS);
    this.#reason = reasonBox("line-reason", reason);
    this.#until = h("input", { id: "line-until", type: "date", value: ends, required: true });
    this.element = form(
      { class: "queue-form", id: "line-form" },
      () => hands.record(),
      this.#changes(seen),
      isSnapped ? this.#laid(seen) : null,
      seen.lets_go.map((one) => h("p", { class: "line-warn" }, say("lets_go", { ...one }))),
      field(say("reason"), this.#reason),
      h(
        "div",
        { class: "queue-row" },
        field(say("until"), this.#until),
        h("button", { type: "submit", class: "main", id: "line-record" }, say("record")),
        button({ class: "plain" }, () => hands.leave(), say("leave")),
      ),
      h("h3", {}, say("evidence")),
      seen.reports.length
        ? sourceList(seen.reports.map((one) => sourceRow(desk, one, evidence)))
        : h("p", { class: "queue-sub" }, say("no_evidence")),
    );
  }

  /** How much ground would become whose; small pieces to a thousandth of a km². */
  #changes({ verdict, km2, changed }: Seen): HTMLElement[] {
    const { language } = this.#desk.store.now;
    const size = (one: number): string => km2Text(one, language, one < 1 ? 3 : 1);
    const rows = changed.map((one) => h("li", {}, holder(this.#desk, one.holder), h("b", {}, size(one.km2))));
    return [
      h("p", { id: "line-km2" }, this.#say(verdict === "hold" ? "holds" : "changes", { km2: size(km2) })),
      h("ul", { class: "line-changes" }, rows),
    ];
  }

  #laid({ snapped }: Seen): HTMLElement {
    const words = snapped.length ? this.#say("laid", { what: snapped.join(", ") }) : this.#say("not_laid");
    return h("p", { id: "line-laid", class: "queue-sub" }, words);
  }

  focus(): void {
    this.#reason.focus();
  }

  get reason(): string {
    return this.#reason.value.trim();
  }

  get until(): string {
    return this.#until.value;
  }
}
