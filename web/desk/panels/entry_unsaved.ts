// Rows that came in a bundle and that nobody saved: to be finished in the form above, or discarded.
import { h } from "../../src/dom";
import type { Desk } from "../panel";
import type { RowDraft } from "./entry_rules";
import type { EntryKey } from "./entry_words";

interface Unsaved {
  readonly id: string;
  readonly draft: RowDraft;
}
interface Parts {
  readonly desk: Desk;
  readonly say: (key: EntryKey, holes?: Readonly<Record<string, string>>) => string;
  /** Take a row into the form; false if another is being written there. */
  readonly take: (draft: RowDraft) => boolean;
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
    this.element.replaceChildren(
      h("h3", {}, say("unsaved", { n: String(this.#rows.length) })),
      h("ul", {}, ...this.#rows.map((one) => this.#row(one))),
      this.#unread ? h("p", { class: "small quiet" }, say("unsaved_unread", { n: String(this.#unread) })) : "",
    );
  }

  #row(one: Unsaved): HTMLElement {
    const { say } = this.#parts;
    const { cells, text, day } = one.draft;
    const words = [
      day,
      cells["kind"],
      cells["seen"],
      cells["source"],
      cells["lon"] && cells["lat"] ? `${cells["lat"]}, ${cells["lon"]}` : "",
      cells["note"] ?? "",
      text,
    ]
      .filter(Boolean)
      .join(" · ")
      .slice(0, 240);
    const button = (key: EntryKey, run: () => void): HTMLElement => {
      const made = h(
        "button",
        { type: "button", class: "entry-link", "data-act": key, "aria-label": `${say(key)}: ${one.id}` },
        say(key),
      );
      made.addEventListener("click", run);
      return made;
    };
    const taken = one.id === this.#taken;
    return h(
      "li",
      { "data-unsaved": one.id },
      h("span", {}, words),
      taken ? h("em", {}, say("unsaved_taken")) : button("unsaved_finish", () => this.#finish(one)),
      taken ? null : button("unsaved_discard", () => void this.#discard(one.id, say("unsaved_gone"))),
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
