// The last rows saved from this desk, newest first; an undone one stays, struck through.
import { button, h, replace } from "../../src/dom";
import type { Language } from "../../src/state";
import type { Desk, Moved } from "../panel";
import type { Told } from "./entry_answer";
import type { EntrySay } from "./entry_words";

const LISTED = 12;

interface Saved {
  readonly id: string;
  readonly sentences: Readonly<Record<Language, string>>;
  readonly undone: boolean;
}

export class RecentRows {
  readonly element = h("section", { class: "entry-recent", id: "entry-recent" });
  readonly #desk: Desk;
  readonly #say: EntrySay;
  #rows: readonly Saved[] = [];

  constructor(desk: Desk, say: EntrySay) {
    [this.#desk, this.#say] = [desk, say];
  }

  async load(): Promise<void> {
    this.#rows = (await this.#desk.api.get<{ readonly recent: readonly Saved[] }>("/api/entry/recent")).recent;
  }

  add({ report, sentences }: Told): void {
    this.#rows = [{ id: report.id, sentences, undone: false }, ...this.#rows];
  }

  draw(): void {
    const rows = this.#rows.slice(0, LISTED).map((one) => this.#row(one));
    const none = h("p", { class: "quiet small" }, this.#say("none_recent"));
    replace(this.element, h("h3", {}, this.#say("recent")), rows.length ? h("ul", {}, rows) : none);
  }

  #row(one: Saved): HTMLElement {
    const undo = (): HTMLElement => button({ class: "entry-link" }, () => void this.#undo(one), this.#say("undo"));
    return h(
      "li",
      { class: one.undone ? "undone" : "" },
      h("span", {}, this.#sentence(one)),
      one.undone ? h("em", {}, this.#say("undone")) : undo(),
    );
  }

  #sentence({ sentences }: Saved): string {
    return sentences[this.#desk.store.now.language];
  }

  /** Take back the last row that stands. */
  undoLast(): void {
    const last = this.#rows.find((one) => !one.undone);
    if (last) void this.#undo(last);
    else this.#desk.announce(this.#say("nothing_to_undo"));
  }

  async #undo(row: Saved): Promise<void> {
    const { id } = row;
    try {
      this.#desk.moved(await this.#desk.api.send<Moved>("POST", "/api/entry/undo", { id }));
      this.#desk.map.removeReport(id);
      this.#rows = this.#rows.map((one) => (one.id === id ? { ...one, undone: true } : one));
      this.#desk.announce(this.#say("undid", { sentence: this.#sentence(row) }));
      this.draw();
    } catch (fault) {
      this.#desk.failed(fault);
    }
  }
}
