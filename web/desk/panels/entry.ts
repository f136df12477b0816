// Entry at speed: paste, a few single keys, Enter. Whatever is written is kept on disk at each change.
import { h } from "../../src/dom";
import { clockOf } from "../clock";
import { keepingFocus } from "../focus";
import { isTyping, type Binding } from "../keys";
import type { Desk, Panel, View } from "../panel";
import type { DeskState } from "../store";
import { answerParts, recentList, type RowAnswer, type Saved, type Told } from "./entry_answer";
import { bulkView } from "./entry_bulk";
import { RowForm, type Row } from "./entry_form";
import { rowKeys } from "./entry_keys";
import { RowKeeper } from "./entry_keeper";
import { OVERLAY, shapes } from "./entry_map";
import { Offers } from "./entry_offers";
import { choose, EMPTY, isEmpty, isTable, take, write, type Habit, type Read, type RowDraft } from "./entry_rules";
import { UnsavedRows } from "./entry_unsaved";
import { entryWords, type EntryKey, type EntrySay } from "./entry_words";

const SOON_MS = 60;
const TYPED_MS = 160;

class Entry implements View {
  readonly element: HTMLElement;
  readonly #desk: Desk;
  readonly #say: EntrySay;
  readonly #sides: readonly string[];
  readonly #clock: () => string;
  readonly #box: HTMLTextAreaElement;
  readonly #top = h("div");
  readonly #body = h("div", { class: "entry-body" });
  readonly #rest = h("div", { class: "entry-rest" });
  readonly #unsaved: UnsavedRows;
  readonly #offers: Offers;
  readonly #form: RowForm;
  readonly #keeper: RowKeeper;
  #draft: RowDraft = EMPTY;
  #read: Read | null = null;
  #habit: Habit | null = null;
  #row: RowAnswer = {};
  #rowFor: RowDraft | null = null;
  #spotAt = 0;
  #recent: readonly Saved[] = [];
  #bulk = false;
  #timer = 0;
  #typing = 0;
  #asking: Promise<void> = Promise.resolve();
  #asked: AbortController | null = null;
  #reading: AbortController | null = null;
  #readNow: Promise<void> = Promise.resolve();
  /** A row being saved, or the one of last time being brought back. */
  #busy: Promise<void> | null = null;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#say = desk.words(entryWords);
    this.#offers = new Offers(desk, this.#say);
    this.#keeper = new RowKeeper(desk);
    this.#form = new RowForm(desk, this.#say, this.#offers, this.#asRow());
    this.#sides = desk.about.sides.map((side) => side.id);
    this.#clock = clockOf(desk.about.now, desk.about.timezone);
    this.#box = h("textarea", { class: "entry-box", id: "entry-box", spellcheck: false, autocomplete: "off", rows: 3 });
    this.#box.addEventListener("input", () => this.#typed());
    this.element = h("div", { class: "entry", tabindex: -1, id: "entry" });
    document.addEventListener("paste", (event) => this.#pasted(event));
    desk.map.overlay(OVERLAY);
    this.#unsaved = new UnsavedRows({ desk, say: this.#say, take: (draft) => this.#takeUp(draft) });
    this.#draw();
    this.#busy = this.#restore().finally(() => (this.#busy = null));
  }

  /** The row as its form sees it. */
  #asRow(): Row {
    const row = (): Pick<Row, "draft" | "read" | "habit"> => ({
      draft: this.#draft,
      read: this.#read,
      habit: this.#habit,
    });
    return {
      get draft() {
        return row().draft;
      },
      get read() {
        return row().read;
      },
      get habit() {
        return row().habit;
      },
      change: (draft) => this.#change(draft),
      choose: (column, value) => this.#choose(column, value),
      set: (column, value) => this.#change(this.#written(column, value)),
      typed: (column, value) => {
        this.#draft = this.#written(column, value);
        window.clearTimeout(this.#timer);
        this.#timer = window.setTimeout(() => this.#change(this.#draft, 0), TYPED_MS);
      },
      readSource: () => void this.#readPost(true),
      nextSpot: () => this.#nextSpot(),
      save: () => this.#save(),
      clear: () => this.#clear(),
      today: () => this.#clock(),
    };
  }

  #written = (column: string, value: string): RowDraft => write(this.#draft, column, value, this.#sides, this.#habit);

  // Keys

  keys(): Binding[] {
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
      this.#asRow(),
      {
        undo: () => void this.#undo(this.#recent.find((one) => !one.undone)?.id),
        leave: () => this.element.focus(),
        focus: (id) => document.getElementById(id)?.focus(),
        toTable: () => this.#setBulk(true),
      },
      this.#offers,
      this.#say,
    );
  }

  // The row

  #choose(column: string, value: string): void {
    this.#change(choose(this.#draft, column, value, this.#sides, this.#habit));
  }

  /** A new state of the row: kept on disk, read back, drawn. */
  #change(draft: RowDraft, delay = SOON_MS): void {
    this.#draft = draft;
    this.#keeper.keep(draft);
    this.#draw();
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#ask(), delay);
  }

  async #restore(): Promise<void> {
    try {
      const [draft, { recent }] = await Promise.all([
        this.#keeper.kept(),
        this.#desk.api.get<{ recent: Saved[] }>("/api/entry/recent"),
      ]);
      this.#recent = recent;
      this.#draft = { ...EMPTY, ...draft };
      this.#box.value = this.#draft.text;
      this.#bulk = this.#draft.bulk !== "";
      if (!isEmpty(this.#draft)) {
        this.#desk.announce(this.#say("back"));
        await this.#readPost(false);
      }
      this.#draw();
      this.#ask();
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
    if (isTable(text)) {
      this.#change({ ...this.#draft, bulk: text });
      return this.#setBulk(true);
    }
    this.#box.value = this.#draft.text ? `${this.#draft.text}\n${text.trim()}` : text.trim();
    this.#draft = { ...this.#draft, text: this.#box.value };
    this.element.focus();
    this.#keeper.keep(this.#draft);
    void this.#readPost(true);
  }

  #typed(): void {
    this.#draft = { ...this.#draft, text: this.#box.value };
    window.clearTimeout(this.#typing);
    this.#typing = window.setTimeout(() => this.#readTyped(), TYPED_MS);
  }

  /** Read what was typed and not read yet: a row is never saved from half a coordinate. */
  #readTyped(): void {
    if (!this.#typing) return;
    this.#stopTyping();
    this.#keeper.keep(this.#draft);
    void this.#readPost(true);
  }

  #stopTyping(): void {
    window.clearTimeout(this.#typing);
    this.#typing = 0;
  }

  #readPost(isNew: boolean): Promise<void> {
    this.#readNow = this.#askPost(isNew);
    return this.#readNow;
  }

  /** What the post tells by itself. */
  async #askPost(isNew: boolean): Promise<void> {
    this.#reading?.abort();
    this.#reading = new AbortController();
    const own = this.#draft.touched.includes("source") ? (this.#draft.cells["source"] ?? "") : "";
    try {
      this.#read = await this.#desk.api.send<Read>(
        "POST",
        "/api/entry/read",
        { text: this.#draft.text, source: own },
        this.#reading.signal,
      );
    } catch (fault) {
      return this.#desk.failed(fault);
    }
    this.#habit = this.#read.source ? this.#read.habit : null;
    this.#spotAt = 0;
    if (!isNew) return;
    this.#change(take(this.#draft, this.#read, this.#sides), 0);
    this.#goTo();
  }

  /** Ask how the row reads and what is like it. */
  #ask(): void {
    const draft = this.#draft;
    this.#asked?.abort();
    this.#asked = new AbortController();
    if (isEmpty(draft) || !draft.cells["kind"]) {
      this.#row = {};
      this.#rowFor = draft;
      this.#drawAnswer();
      return;
    }
    const { signal } = this.#asked;
    this.#asking = this.#desk.api.send<RowAnswer>("POST", "/api/entry/row", this.#sent(draft), signal).then(
      (row) => {
        this.#row = row;
        this.#rowFor = draft;
        this.#drawAnswer();
      },
      (fault: unknown) => this.#desk.failed(fault),
    );
  }

  #sent = ({ cells, day, part, backfill }: RowDraft): object => ({ cells, day: day || this.#clock(), part, backfill });

  #nextSpot(): void {
    const spots = this.#read?.spots ?? [];
    if (spots.length < 2) return;
    this.#spotAt = (this.#spotAt + 1) % spots.length;
    const spot = spots[this.#spotAt];
    if (spot) this.#setSpot(spot.lon, spot.lat);
  }

  #setSpot(lon: number, lat: number): void {
    const cells = { ...this.#draft.cells, lon: lon.toFixed(6), lat: lat.toFixed(6) };
    this.#change({ ...this.#draft, cells, touched: [...new Set([...this.#draft.touched, "spot"])] });
    this.#goTo();
  }

  #goTo(): void {
    const { lon, lat } = this.#draft.cells;
    if (lon && lat) this.#desk.map.goTo([Number(lon), Number(lat)]);
  }

  #save(): void {
    if (!this.#busy && !isEmpty(this.#draft)) this.#busy = this.#saved().finally(() => (this.#busy = null));
  }

  async #saved(): Promise<void> {
    try {
      this.#readTyped();
      await this.#readNow;
      window.clearTimeout(this.#timer);
      if (this.#rowFor !== this.#draft) {
        const known = this.#row.like?.length ?? 0;
        this.#ask();
        await this.#asking;
        // What only turned up now has not been seen: it is shown before anything is saved.
        if (!known && this.#row.like?.length) return this.#desk.announce(this.#say("like_again"));
      }
      const told = await this.#desk.api.send<Told & { head: string; count: number; added: number }>(
        "POST",
        "/api/entry/save",
        this.#sent(this.#draft),
      );
      this.#desk.moved(told);
      this.#desk.map.addReport(told.report);
      const sentence = told.sentences[this.#desk.store.now.language];
      this.#desk.announce(this.#say(told.added ? "saved" : "known", { sentence }));
      if (told.added)
        this.#recent = [{ id: told.report.id, sentences: told.sentences, undone: false }, ...this.#recent];
      this.#unsaved.saved();
      this.#reset();
    } catch (fault) {
      this.#desk.failed(fault);
    }
  }

  /** A row that came in a bundle, into the form; not over another. */
  #takeUp(draft: RowDraft): boolean {
    if (this.#busy || !isEmpty(this.#draft)) return false;
    this.#box.value = draft.text;
    this.#change({ ...EMPTY, ...draft, backfill: this.#draft.backfill }, 0);
    void this.#readPost(false);
    this.element.focus();
    this.#goTo();
    return true;
  }

  async #undo(id: string | undefined): Promise<void> {
    if (!id) return this.#desk.announce(this.#say("nothing_to_undo"));
    try {
      this.#desk.moved(await this.#desk.api.send<{ head: string; count: number }>("POST", "/api/entry/undo", { id }));
      this.#desk.map.removeReport(id);
      this.#recent = this.#recent.map((one) => (one.id === id ? { ...one, undone: true } : one));
      this.#desk.announce(
        this.#say("undid", {
          sentence: this.#recent.find((one) => one.id === id)?.sentences[this.#desk.store.now.language] ?? id,
        }),
      );
      this.#draw();
    } catch (fault) {
      this.#desk.failed(fault);
    }
  }

  #clear(): void {
    this.#unsaved.left();
    this.#reset();
    this.#desk.announce(this.#say("cleared"));
  }

  /** An empty row; whether evidence is old stays as it was. */
  #reset(): void {
    this.#stopTyping();
    this.#reading?.abort();
    this.#asked?.abort();
    [this.#read, this.#habit, this.#row, this.#spotAt] = [null, null, {}, 0];
    this.#box.value = "";
    this.#change({ ...EMPTY, backfill: this.#draft.backfill });
    this.element.focus();
  }

  // The view

  shown(): void {
    void this.#unsaved.load();
    this.element.focus();
  }

  changed(now: DeskState, before: DeskState): void {
    if (now.head !== before.head && !this.#busy) void this.#unsaved.load();
    if (now.language === before.language) return;
    this.#unsaved.draw();
    this.#draw();
  }

  clicked(spot: readonly [number, number]): boolean {
    if (this.#bulk) return false;
    this.#setSpot(spot[0], spot[1]);
    return true;
  }

  #setBulk(on: boolean): void {
    this.#bulk = on;
    if (!on && this.#draft.bulk) this.#change({ ...this.#draft, bulk: "" });
    this.#draw();
    if (on) document.getElementById("entry-bulk")?.focus();
    else this.element.focus();
  }

  #draw(): void {
    keepingFocus(this.element, () => {
      if (this.#bulk) this.element.replaceChildren(...this.#bulkParts());
      else this.#drawRow();
      this.#drawAnswer();
      this.#drawMap();
    });
  }

  #head(title: EntryKey, other: EntryKey, bulk: boolean): HTMLElement {
    const toggle = h("button", { type: "button", class: "entry-link" }, this.#say(other));
    toggle.addEventListener("click", () => this.#setBulk(bulk));
    return h("div", { class: "entry-head" }, h("h2", {}, this.#say(title)), toggle);
  }

  #bulkParts(): HTMLElement[] {
    const done = (): void => this.#setBulk(false);
    const keep = (text: string): void => {
      this.#draft = { ...this.#draft, bulk: text };
      this.#keeper.keep(this.#draft);
    };
    return [
      this.#head("table", "to_row", false),
      ...bulkView({
        desk: this.#desk,
        say: this.#say,
        text: this.#draft.bulk,
        backfill: this.#draft.backfill,
        keep,
        done,
      }),
    ];
  }

  /** All but the box, which keeps its caret, is drawn anew. */
  #drawRow(): void {
    this.#box.setAttribute("aria-label", this.#say("box"));
    this.#box.placeholder = `${this.#say("box")}. ${this.#say("box_hint")}`;
    if (this.#box.parentElement !== this.element)
      this.element.replaceChildren(this.#top, this.#box, this.#body, this.#rest);
    this.#top.replaceChildren(this.#head("row", "to_table", true));
    this.#rest.replaceChildren(
      this.#form.spotLine(),
      this.#form.grid(),
      this.#form.acts(),
      recentList(this.#recent, this.#desk.store.now.language, this.#say, (id) => void this.#undo(id)),
      this.#unsaved.element,
    );
  }

  #drawAnswer(): void {
    this.#body.replaceChildren(...answerParts(this.#row, this.#desk.store.now.language, this.#say));
    this.#drawMap();
  }

  #drawMap(): void {
    this.#desk.map.set("entry", shapes(this.#draft, this.#read?.spots ?? [], this.#row));
  }
}

export const panel: Panel = {
  id: "entry",
  icon: "M12 5v14M5 12h14",
  names: { en: "Entry", uk: "Запис" },
  make: (desk) => new Entry(desk),
};
