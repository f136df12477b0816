// Keeps the row being written on the server's disk at each change, and brings it back.
import type { Desk } from "../panel";
import type { RowDraft } from "./entry_rules";

/** Names this window of the browser: of several, the one opened last writes the row. */
const WINDOW = crypto.randomUUID();

export class RowKeeper {
  readonly #desk: Desk;
  #keeping: Promise<unknown> = Promise.resolve();
  #unkept: RowDraft | null = null;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** The row as it was kept. */
  kept(): Promise<RowDraft> {
    return this.#desk.api.get<RowDraft>("/api/entry/draft", { window: WINDOW });
  }

  /** Keep the row, one write at a time, the newest last. */
  keep(draft: RowDraft): void {
    const waiting = this.#unkept !== null;
    this.#unkept = draft;
    if (waiting) return;
    this.#keeping = this.#keeping.then(async () => {
      const next = this.#unkept ?? draft;
      this.#unkept = null;
      try {
        await this.#desk.api.send("PUT", `/api/entry/draft?window=${WINDOW}`, next);
      } catch (fault) {
        this.#desk.failed(fault);
      }
    });
  }
}
