// Entry at speed: paste, a few single keys, Enter. Whatever is written is kept on disk at each change.
import { button, h, replace } from "../../src/dom";
import { keepingFocus } from "../focus";
import { isTyping, type Binding } from "../keys";
import type { Desk, Moved, Panel, View } from "../panel";
import { differs, type DeskState } from "../store";
import { answerParts, type Told } from "./entry_answer";
import { bulkView } from "./entry_bulk";
import { RowForm } from "./entry_form";
import { rowKeys } from "./entry_keys";
import { OVERLAY, shapes } from "./entry_map";
import { Offers } from "./entry_offers";
import { RecentRows } from "./entry_recent";
import { EntryRow } from "./entry_row";
import { isEmpty, isTable, type RowDraft } from "./entry_rules";
import { UnsavedRows } from "./entry_unsaved";
import { entryWords, type EntryKey, type EntrySay } from "./entry_words";

/** A row that was sent: whether it is new to the ledger. */
type Added = Told & Moved & { readonly added: number };

class Entry implements View {
  readonly element: HTMLElement;
  readonly #desk: Desk;
  readonly #say: EntrySay;
  readonly #box: HTMLTextAreaElement;
  readonly #top = h("div");
  readonly #body = h("div", { class: "entry-body" });
  readonly #rest = h("div", { class: "entry-rest" });
  readonly #recent: RecentRows;
  readonly #unsaved: UnsavedRows;
  readonly #offers: Offers;
  readonly #row: EntryRow;
  readonly #form: RowForm;
  /** Whether rows of a table are entered, not one row. */
  #bulk = false;
  /** A row being saved, or the one of last time being brought back. */
  #busy: Promise<void> | null = null;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#say = desk.words(entryWords);
    this.#offers = new Offers(desk, this.#say);
    this.#recent = new RecentRows(desk, this.#say);
    this.#row = new EntryRow(desk, {
      changed: () => this.#draw(),
      answered: () => this.#drawAnswer(),
      save: () => this.#save(),
      clear: () => this.#clear(),
    });
    this.#form = new RowForm(desk, this.#say, this.#offers, this.#row);
    this.#box = h("textarea", { class: "entry-box", id: "entry-box", spellcheck: false, autocomplete: "off", rows: 3 });
    this.#box.addEventListener("input", () => this.#row.typedPost(this.#box.value));
    this.element = h("div", { class: "entry", tabindex: -1, id: "entry" });
    document.addEventListener("paste", (event) => this.#pasted(event));
    desk.map.overlay(OVERLAY);
    this.#unsaved = new UnsavedRows({ desk, say: this.#say, take: (draft) => this.#takeUp(draft) });
    this.#draw();
    this.#work(this.#restore());
  }

  /** Keep the hands waiting until something is done. */
  #work(doing: Promise<void>): void {
    this.#busy = doing.finally(() => (this.#busy = null));
  }

  // Keys

  keys(): readonly Binding[] {
    return this.#bindings().map((one) => ({ ...one, run: (event) => this.#afterwards(() => one.run(event)) }));
  }

  /** Hands are faster than disks: what is pressed or pasted while a row is saved or brought back comes after that. */
  #afterwards(act: () => void): void {
    if (this.#busy) void this.#busy.then(() => this.#afterwards(act));
    else act();
  }

  #bindings(): Binding[] {
    if (this.#bulk)
      return [{ code: "Escape", typing: true, says: () => this.#say("to_row"), run: () => this.#setBulk(false) }];
    return rowKeys(
      this.#row,
      {
        undo: () => this.#recent.undoLast(),
        leave: () => this.element.focus(),
        focus: (id) => document.getElementById(id)?.focus(),
        toTable: () => this.#setBulk(true),
      },
      this.#offers,
      this.#say,
    );
  }

  // The row

  async #restore(): Promise<void> {
    try {
      await Promise.all([this.#row.restore(), this.#recent.load()]);
      const { draft } = this.#row;
      this.#box.value = draft.text;
      this.#bulk = draft.bulk !== "";
      if (!isEmpty(draft)) {
        this.#desk.announce(this.#say("back"));
        await this.#row.readAgain();
      }
      this.#draw();
      this.#row.ask();
    } catch (fault) {
      this.#desk.failed(fault);
    }
  }

  #pasted(event: ClipboardEvent): void {
    if (this.#desk.store.now.panel !== "entry" || this.#bulk) return;
    const isOther = isTyping(event.target) && event.target !== this.#box;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (isOther || !text.trim()) return;
    event.preventDefault();
    this.#afterwards(() => this.#pasteIn(text));
  }

  #pasteIn(text: string): void {
    const { draft } = this.#row;
    if (isTable(text)) {
      this.#row.change({ ...draft, bulk: text });
      return this.#setBulk(true);
    }
    this.#box.value = draft.text ? `${draft.text}\n${text.trim()}` : text.trim();
    this.element.focus();
    this.#row.setPost(this.#box.value);
  }

  // Saving

  #save(): void {
    if (!this.#busy && !isEmpty(this.#row.draft)) this.#work(this.#saved());
  }

  async #saved(): Promise<void> {
    try {
      if (!(await this.#row.settled())) return this.#desk.announce(this.#say("like_again"));
      this.#told(await this.#desk.api.send<Added>("POST", "/api/entry/save", this.#row.sent));
      this.#unsaved.saved();
      this.#reset();
    } catch (fault) {
      this.#desk.failed(fault);
    }
  }

  /** The row is in the ledger, now or before. */
  #told(told: Added): void {
    const { report, sentences, added } = told;
    this.#desk.moved(told);
    this.#desk.map.addReport(report);
    this.#desk.announce(this.#say(added ? "saved" : "known", { sentence: sentences[this.#desk.store.now.language] }));
    if (added) this.#recent.add(told);
  }

  /** A row that came in a bundle, into the form; not over another. */
  #takeUp(draft: RowDraft): boolean {
    if (this.#busy || !isEmpty(this.#row.draft)) return false;
    this.#box.value = draft.text;
    this.#row.takeUp(draft);
    this.element.focus();
    this.#row.goTo();
    return true;
  }

  #clear(): void {
    this.#unsaved.left();
    this.#reset();
    this.#desk.announce(this.#say("cleared"));
  }

  #reset(): void {
    this.#box.value = "";
    this.#row.reset();
    this.element.focus();
  }

  // The view

  shown(): void {
    void this.#unsaved.load();
    this.element.focus();
  }

  changed(now: DeskState, before: DeskState): void {
    if (differs(now, before, "head") && !this.#busy) void this.#unsaved.load();
    if (!differs(now, before, "language")) return;
    this.#unsaved.draw();
    this.#draw();
  }

  clicked(spot: readonly [number, number]): boolean {
    if (this.#bulk) return false;
    this.#row.setSpot(spot[0], spot[1]);
    return true;
  }

  #setBulk(on: boolean): void {
    this.#bulk = on;
    if (!on && this.#row.draft.bulk) this.#row.change({ ...this.#row.draft, bulk: "" });
    this.#draw();
    if (on) document.getElementById("entry-bulk")?.focus();
    else this.element.focus();
  }

  #draw(): void {
    keepingFocus(this.element, () => {
      if (this.#bulk) replace(this.element, this.#bulkParts());
      else this.#drawRow();
      this.#drawAnswer();
      this.#drawMap();
    });
  }

  #head(title: EntryKey, other: EntryKey, bulk: boolean): HTMLElement {
    const toggle = button({ class: "entry-link" }, () => this.#setBulk(bulk), this.#say(other));
    return h("div", { class: "entry-head" }, h("h2", {}, this.#say(title)), toggle);
  }

  #bulkParts(): HTMLElement[] {
    const table = bulkView({
      desk: this.#desk,
      say: this.#say,
      text: this.#row.draft.bulk,
      backfill: this.#row.draft.backfill,
      keep: (text) => this.#row.keepTable(text),
      done: () => this.#setBulk(false),
    });
    return [this.#head("table", "to_row", false), ...table];
  }

  /** All but the box, which keeps its caret, is drawn anew. */
  #drawRow(): void {
    this.#box.setAttribute("aria-label", this.#say("box"));
    this.#box.placeholder = `${this.#say("box")}. ${this.#say("box_hint")}`;
    if (this.#box.parentElement !== this.element)
      this.element.replaceChildren(this.#top, this.#box, this.#body, this.#rest);
    this.#top.replaceChildren(this.#head("row", "to_table", true));
    this.#recent.draw();
    this.#rest.replaceChildren(
      this.#form.spotLine(),
      this.#form.grid(),
      this.#form.acts(),
      this.#recent.element,
      this.#unsaved.element,
    );
  }

  #drawAnswer(): void {
    replace(this.#body, answerParts(this.#row.answer, this.#desk.store.now.language, this.#say));
    this.#drawMap();
  }

  #drawMap(): void {
    this.#desk.map.set("entry", shapes(this.#row.draft, this.#row.read?.spots ?? [], this.#row.answer));
  }
}

export const panel: Panel = {
  id: "entry",
  icon: "M12 5v14M5 12h14",
  names: { en: "Entry", uk: "Запис" },
  make: (desk) => new Entry(desk),
};
