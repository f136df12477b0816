// An answer under way: to which proposal or decision, what is typed and drawn for it, and its way into the ledger.
import { dateText, numberText } from "../../src/i18n";
import type { Desk, Moved } from "../panel";
import { isNamed } from "../parts/decider";
import { Sketch } from "../parts/sketch";
import type { Evidence } from "../parts/source";
import { when } from "../store";
import type { Agenda } from "./queue_agenda";
import { AnswerForm } from "./queue_form";
import { TOLD } from "./queue_list";
import type { Answering, Queue, QueueSay, Verdict } from "./queue_told";

interface Hands {
  draw(): void;
  /** The answer was given up. */
  left(): void;
  /** It is recorded, and the next proposal drawn. */
  answered(): void;
}

export class Answers {
  readonly sketch: Sketch;
  readonly #desk: Desk;
  readonly #say: QueueSay;
  readonly #agenda: Agenda;
  readonly #hands: Hands;
  #answering: Answering | null = null;
  /** The form of the answer that was begun; the same while it is, so that nothing typed is lost. */
  #form: AnswerForm | null = null;
  #evidence: Evidence = new Set();
  /** What was typed last as the reason of each kind of answer. */
  readonly #reasons = new Map<string, string>();
  #isSending = false;

  constructor(desk: Desk, say: QueueSay, agenda: Agenda, hands: Hands) {
    [this.#desk, this.#say, this.#agenda, this.#hands] = [desk, say, agenda, hands];
    this.sketch = new Sketch(desk, "queue-sketch", () => this.#sketched());
  }

  /** Ids of the reports that the answer rests on. */
  get evidence(): Evidence {
    return this.#evidence;
  }

  get isSending(): boolean {
    return this.#isSending;
  }

  get form(): HTMLElement | null {
    return this.#form?.element ?? null;
  }

  /** The form of the answer under way, if it is to this one. */
  formOf(id: string): HTMLElement | null {
    return this.#answering?.id === id ? this.form : null;
  }

  get approvalForm(): HTMLElement | null {
    return this.#answering?.verdict === "approve" ? this.form : null;
  }

  /** Answer to the chosen proposal. */
  begin(verdict: Verdict): void {
    const one = this.#agenda.one;
    if (one) this.beginWith({ verdict, id: one.id });
  }

  beginApproval(): void {
    this.beginWith({ verdict: "approve", id: "" });
  }

  beginWith(answering: Answering): void {
    if (!isNamed(this.#desk)) return;
    this.sketch.stop();
    this.#answering = answering;
    this.#evidence = this.#likelyEvidence(answering);
    this.#form = this.#makeForm(answering);
    this.#hands.draw();
    if (answering.verdict === "edit") this.sketch.start(true);
    else this.#form.focus();
  }

  /** What an answer rests on unless somebody says otherwise: the first reports that speak for it. */
  #likelyEvidence({ verdict }: Answering): Evidence {
    const speaks = (verdict === "reject" ? this.#agenda.one?.against : this.#agenda.one?.reports) ?? [];
    const reports = speaks.slice(0, TOLD).filter((source) => source.kind !== "decision");
    return new Set(reports.map((source) => source.id));
  }

  #makeForm({ verdict }: Answering): AnswerForm {
    const reason = this.#reasons.get(verdict);
    const asked = {
      verdict,
      queue: this.#agenda.queue,
      one: this.#agenda.one,
      nOpen: this.#agenda.proposals.length,
      reason,
    };
    return new AnswerForm(this.#desk, this.#say, asked, {
      record: () => void this.#record(),
      leave: () => this.leave(),
    });
  }

  #end(): void {
    [this.#answering, this.#form] = [null, null];
    this.sketch.stop();
  }

  leave(): void {
    if (!this.#answering) return;
    this.#end();
    this.#hands.draw();
    this.#hands.left();
  }

  #sketched(): void {
    const { on, points } = this.sketch;
    this.#form?.drawn(points.length);
    if (!on && points.length) this.#form?.focus();
  }

  async #record(): Promise<void> {
    const [answering, queue, form] = [this.#answering, this.#agenda.queue, this.#form];
    if (!answering || !queue || !form || this.#isSending) return;
    const { reason } = form;
    if (!reason) return this.#desk.announce(this.#say("needs_reason"), "fault");
    this.#reasons.set(answering.verdict, reason);
    this.#isSending = true;
    try {
      if (answering.verdict === "approve") await this.#approve(reason);
      else await this.#answer(answering.verdict, answering.id, queue, form);
    } catch (fault) {
      this.#desk.failed(fault);
    } finally {
      this.#isSending = false;
      this.#hands.draw();
    }
  }

  async #answer(verdict: Verdict, id: string, queue: Queue, { reason, more }: AnswerForm): Promise<void> {
    const isProposal = this.#agenda.one?.id === id;
    const told = await this.#desk.api.send<Moved>("POST", "/api/queue/answer", {
      ...when(this.#desk.store.now),
      head: queue.head,
      verdict,
      id,
      reason,
      evidence: isProposal ? [...this.#evidence] : [],
      ...more,
      ...(verdict === "edit" ? { geometry: this.sketch.polygon } : {}),
    });
    this.#end();
    if (isProposal) this.#agenda.answered(id);
    this.#desk.announce(this.#say("recorded", { what: this.#say(verdict) }));
    this.#hands.draw();
    this.#hands.answered();
    this.#desk.moved(told);
  }

  async #approve(reason: string): Promise<void> {
    type Told = Moved & { readonly as_of: string; readonly reports_used: number; readonly new: boolean };
    const { language } = this.#desk.store.now;
    const body = { ...when(this.#desk.store.now), reason };
    const told = await this.#desk.api.send<Told>("POST", "/api/queue/approve", body);
    const day = dateText(told.as_of.slice(0, 10), language, "short");
    this.#end();
    this.#desk.announce(
      this.#say(told.new ? "approved_done" : "approved_before", { day, n: numberText(told.reports_used, language) }),
    );
    this.#desk.moved(told);
  }
}
