// What the server says of the row at hand: asked once the hands rest, and known for which state of the row it was said.
import { Newest, Soon } from "../asking";
import type { Desk } from "../panel";
import type { RowAnswer } from "./entry_answer";
import { isEmpty, type RowDraft } from "./entry_rules";

const SOON_MS = 60;

/** A row as the server takes it. */
export type Sent = Readonly<Record<string, unknown>>;

export class Reply {
  readonly #desk: Desk;
  readonly #sent: (draft: RowDraft) => Sent;
  readonly #told: () => void;
  readonly #asked = new Newest();
  readonly #soon = new Soon(SOON_MS);
  #row: RowAnswer = {};
  #rowFor: RowDraft | null = null;

  /** `told` hears of each answer. */
  constructor(desk: Desk, sent: (draft: RowDraft) => Sent, told: () => void) {
    [this.#desk, this.#sent, this.#told] = [desk, sent, told];
  }

  get row(): RowAnswer {
    return this.#row;
  }

  /** Ask soon about the row as it is then. */
  soon(draft: () => RowDraft, ms?: number): void {
    this.#soon.run(() => void this.ask(draft()), ms);
  }

  wait(): void {
    this.#soon.stop();
  }

  /** How the row reads and what is like it; an older question is given up. */
  ask(draft: RowDraft): Promise<void> {
    const signal = this.#asked.next();
    if (isEmpty(draft) || !draft.cells["kind"]) {
      this.#take({}, draft);
      return Promise.resolve();
    }
    return this.#desk.api.send<RowAnswer>("POST", "/api/entry/row", this.#sent(draft), signal).then(
      (row) => this.#take(row, draft),
      (fault: unknown) => this.#desk.failed(fault),
    );
  }

  #take(row: RowAnswer, draft: RowDraft): void {
    [this.#row, this.#rowFor] = [row, draft];
    this.#told();
  }

  /** Make sure that the answer is about this row. False if near-duplicates only turned up now, which nobody has seen. */
  async isSeen(draft: RowDraft): Promise<boolean> {
    if (this.#rowFor === draft) return true;
    const known = this.#row.like?.length ?? 0;
    await this.ask(draft);
    return known > 0 || !this.#row.like?.length;
  }

  forget(): void {
    this.#asked.stop();
    this.#row = {};
  }
}
