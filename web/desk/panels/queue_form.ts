// The form of an answer: what it means, why it is given, when it asks again, and what drawn ground becomes.
import { button, form, h } from "../../src/dom";
import { dateText } from "../../src/i18n";
import { plusDays } from "../clock";
import type { Desk } from "../panel";
import { field, reasonBox } from "../parts/field";
import { holderMenu, holderName } from "../parts/holder";
import type { Answering, Proposal, Queue, QueueSay } from "./queue_told";

/** Answers that stand for so long and then ask again. */
const TIMED: readonly Answering["verdict"][] = ["reject", "hold", "edit", "extend"];
const STANDS_DAYS = 14;

/** What an answer is given to. */
interface Asked {
  readonly verdict: Answering["verdict"];
  readonly queue: Queue | null;
  /** The chosen proposal. */
  readonly one: Proposal | null;
  readonly nOpen: number;
  /** A reason that was typed for such an answer before. */
  readonly reason: string | undefined;
}

interface Hands {
  record(): void;
  leave(): void;
}

export class AnswerForm {
  readonly element: HTMLFormElement;
  readonly #desk: Desk;
  readonly #say: QueueSay;
  readonly #reason: HTMLInputElement;
  readonly #until: HTMLInputElement | null;
  readonly #holder: HTMLSelectElement | null;
  readonly #drawing: HTMLElement | null;

  constructor(desk: Desk, say: QueueSay, asked: Asked, hands: Hands) {
    [this.#desk, this.#say] = [desk, say];
    const { verdict, queue, one } = asked;
    const isDrawn = verdict === "edit";
    const ends = plusDays(desk.store.now.asOf, queue?.stands_days ?? STANDS_DAYS);
    this.#reason = reasonBox("queue-reason", asked.reason ?? (verdict === "accept" ? say("accept_reason") : ""));
    this.#until = TIMED.includes(verdict) ? h("input", { id: "queue-until", type: "date", value: ends }) : null;
    this.#holder = isDrawn ? holderMenu(desk, "queue-holder", one?.to ?? null) : null;
    this.#drawing = isDrawn ? h("p", { id: "queue-drawing", class: "queue-sub" }) : null;
    const says = this.#meaning(asked);
    this.element = form(
      { class: "queue-form", "data-form": verdict },
      () => hands.record(),
      says ? h("p", {}, says) : null,
      this.#drawing,
      field(say("reason"), this.#reason),
      h(
        "div",
        { class: "queue-row" },
        this.#until && field(say("until"), this.#until),
        this.#holder && field(say("becomes"), this.#holder),
        h("button", { type: "submit", class: "main", id: "queue-record" }, say("record")),
        button({ class: "plain" }, () => hands.leave(), say("leave")),
      ),
    );
    this.drawn(0);
  }

  /** What the answer does. */
  #meaning({ verdict, one, nOpen }: Asked): string {
    const [say, { asOf, language }] = [this.#say, this.#desk.store.now];
    switch (verdict) {
      case "approve":
        return say("approve_says", { day: dateText(asOf, language, "short"), n: String(nOpen) });
      case "reject":
        return say("reject_says", { side: one ? holderName(this.#desk, one.from) : "" });
      case "accept":
      case "hold":
      case "edit":
        return say(`${verdict}_says`);
      default:
        return "";
    }
  }

  focus(): void {
    this.#reason.focus();
  }

  /** So many corners are drawn. */
  drawn(n: number): void {
    if (this.#drawing) this.#drawing.textContent = this.#say("drawing", { n: String(n) });
  }

  get reason(): string {
    return this.#reason.value.trim();
  }

  /** What goes to the server beside the reason. */
  get more(): { readonly until?: string; readonly holder?: string } {
    const until = this.#until?.value;
    return { ...(until ? { until } : {}), ...(this.#holder ? { holder: this.#holder.value } : {}) };
  }
}
