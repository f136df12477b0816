// Rows that came in a bundle and that nobody saved: to be finished in the form above, or discarded.
import { button, h, replace } from "../../src/dom";
import type { Desk } from "../panel";
import type { RowDraft } from "./entry_rules";
import type { EntryKey, EntrySay } from "./entry_words";

interface Unsaved {
  readonly id: string;
  readonly draft: RowDraft;
}
interface Parts {
  readonly desk: Desk;
  readonly say: EntrySay;
  /** Take a row into the form; false if another is being written there. */
  readonly take: (draft: RowDraft) => boolean;
}

const MOST_LETTERS = 240;

/** A row in short: when, what, who, where, and the post. */
function wordsOf({ cells, text, day }: RowDraft): string {
  const at = cells["lon"] && cells["lat"] ? `${cells["lat"]}, ${cells["lon"]}` : "";
  const parts = [day, cells["kind"], cells["seen"], cells["source"], at, cells["note"], text];
  return parts.filter(Boolean).join(" · ").slice(0, MOST_LETTERS);
}

export class UnsavedRows {
  readonly element = h("section", { class: "entry-recent entry-unsaved", id: "entry-unsaved", hidden: true });
  readonly #parts: Parts;
  #rows: readonly Unsaved[] = [];
  #unread = 0;
  /** The row that is in the form. */
  #taken = "";

  constructor(parts: Parts) {
    this.#parts = parts;
    void this.load();
  }

  async load(): Promise<void> {
    try {
      const told = await this.#parts.desk.api.get<{ rows: Unsaved[]; unread: number }>("/api/entry/unsaved");
      [this.#rows, this.#unread] = [told.rows, told.unread];
      this.draw();
    } catch (fault) {
      this.#parts.desk.failed(fault);
    }
  }

  /** The form was saved: the row in it is finished. */
  saved(): void {
    if (this.#taken) void this.#discard(this.#taken, null);
    this.#taken = "";
  }

  /** The form was cleared: the row in it waits again. */
  left(): void {
    this.#taken = "";
    this.draw();
  }

  draw(): void {
    const { say } = this.#parts;
    this.element.hidden = this.#rows.length + this.#unread === 0;
    const rows = this.#rows.map((one) => this.#row(one));
    replace(
      this.element,
      h("h3", {}, say("unsaved", { n: String(rows.length) })),
      h("ul", {}, rows),
      this.#unread ? h("p", { class: "small quiet" }, say("unsaved_unread", { n: String(this.#unread) })) : "",
    );
  }

  #row(one: Unsaved): HTMLElement {
    const { say } = this.#parts;
    const act = (key: EntryKey, run: () => void): HTMLElement =>
      button({ class: "entry-link", "data-act": key, "aria-label": `${say(key)}: ${one.id}` }, run, say(key));
    const acts = [
      act("unsaved_finish", () => this.#finish(one)),
      act("unsaved_discard", () => void this.#discard(one.id, say("unsaved_gone"))),
    ];
    return h(
      "li",
      { "data-unsaved": one.id },
      h("span", {}, wordsOf(one.draft)),
      one.id === this.#taken ? h("em", {}, say("unsaved_taken")) : acts,
    );
  }

  #finish(one: Unsaved): void {
    if (!this.#parts.take(one.draft)) return this.#parts.desk.announce(this.#parts.say("unsaved_first"), "fault");
    this.#taken = one.id;
    this.draw();
  }

  async #discard(id: string, done: string | null): Promise<void> {
    try {
      await this.#parts.desk.api.send("POST", `/api/entry/unsaved/${encodeURIComponent(id)}/discard`);
      this.#rows = this.#rows.filter((one) => one.id !== id);
      if (done) this.#parts.desk.announce(done);
      this.draw();
    } catch (fault) {
      this.#parts.desk.failed(fault);
    }
  }
}
