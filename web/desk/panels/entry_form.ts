// The row's form: where it is, its choices and fields, and its buttons; what they do, the row does.
import { button, h, select, tickBox } from "../../src/dom";
import { cap } from "../keys";
import type { Desk } from "../panel";
import { choices, type Choice } from "./entry_choices";
import type { Language } from "../../src/state";
import type { Offers } from "./entry_offers";
import { isEmpty, PARTS, touching, type Habit, type Read, type RowDraft, type Spot } from "./entry_rules";
import type { EntrySay, EntryKey } from "./entry_words";

const UNREAD_SHOWN = 3;
/** The value of no choice. */
const NOT_CHOSEN = "–";

/** The row being written, as its form sees it. */
export interface Row {
  readonly draft: RowDraft;
  readonly read: Read | null;
  readonly habit: Habit | null;
  change(draft: RowDraft): void;
  choose(column: string, value: string): void;
  set(column: string, value: string): void;
  /** As `set`, once the hands rest. */
  typed(column: string, value: string): void;
  readSource(): void;
  nextSpot(): void;
  save(): void;
  clear(): void;
  today(): string;
}

export class RowForm {
  readonly #desk: Desk;
  readonly #say: EntrySay;
  readonly #offers: Offers;
  readonly #row: Row;

  constructor(desk: Desk, say: EntrySay, offers: Offers, row: Row) {
    [this.#desk, this.#say, this.#offers, this.#row] = [desk, say, offers, row];
  }

  get #language(): Language {
    return this.#desk.store.now.language;
  }

  /** The cap of a key, for eyes alone. */
  #cap(code: string): HTMLElement {
    return h("kbd", { "aria-hidden": "true" }, cap(code, this.#language));
  }

  spotLine(): HTMLElement {
    const { read, draft } = this.#row;
    const { lon, lat } = draft.cells;
    const chosen = read?.spots.find((spot) => spot.lon.toFixed(6) === lon && spot.lat.toFixed(6) === lat);
    const note = chosen?.note && h("span", { class: "note" }, chosen.said.note[this.#language]);
    return h(
      "div",
      { class: "entry-spot", id: "entry-spot" },
      lon && lat ? this.#spot(lon, lat, chosen) : h("span", { class: "quiet" }, this.#say("no_spot")),
      note || null,
      read && this.#otherSpots(read),
      read && this.#unread(read),
      read && this.#linksLeft(read),
    );
  }

  /** Where it is, and how that was told. */
  #spot(lon: string, lat: string, chosen: Spot | undefined): HTMLElement[] {
    const byHand = this.#row.draft.touched.includes("spot") ? this.#say("from_map") : "";
    return [
      h("span", { class: "mono" }, `${Number(lat).toFixed(5)}, ${Number(lon).toFixed(5)}`),
      h("span", { class: "quiet" }, chosen ? chosen.said.form[this.#language] : byHand),
    ];
  }

  #otherSpots({ spots }: Read): HTMLElement | null {
    if (spots.length < 2) return null;
    const words = this.#say("other_spot", { n: String(spots.length - 1) });
    const key = h("kbd", {}, cap("KeyO", this.#language));
    return button({ class: "entry-link" }, () => this.#row.nextSpot(), words, " ", key);
  }

  /** What looks like a place and could not be read. */
  #unread({ unread }: Read): HTMLElement[] {
    return unread
      .slice(0, UNREAD_SHOWN)
      .map(({ text, said }) => h("span", { class: "unread" }, `${text}: ${said[this.#language]}`));
  }

  #linksLeft({ n_links, links }: Read): HTMLElement | null {
    if (n_links <= links.length) return null;
    const words = this.#say("links_left", { n: String(n_links), kept: String(links.length) });
    return h("span", { class: "note" }, words);
  }

  grid(): HTMLElement {
    const offers = this.#offers;
    return h(
      "div",
      { class: "entry-grid" },
      this.#choices("kind", offers.kinds()),
      this.#choices("seen", offers.seen(), true),
      this.#choices("by", offers.by(), true),
      this.#choices("means", offers.means()),
      this.#choices("posture", offers.postures()),
      this.#choices("precision", offers.precisions()),
      this.#choices("location_of", offers.locations()),
      this.#field("when", this.#when()),
      this.#field("source", this.#source()),
      this.#field("note", this.#text("note", "note", "text", "Minus")),
    );
  }

  /** A row of choices for a column; `hasNone` if nobody may be chosen by hand. */
  #choices(column: EntryKey, all: readonly Choice[], hasNone = false): HTMLElement[] {
    const { cells, touched } = this.#row.draft;
    const byHand = touched.includes(column);
    const chosen = cells[column] ?? (hasNone && byHand ? "" : NOT_CHOSEN);
    const options = { filled: !byHand, language: this.#language };
    return choices(this.#say(column), all, chosen, options, (value) => this.#row.choose(column, value));
  }

  #field(label: EntryKey, parts: readonly (HTMLElement | null)[]): HTMLElement[] {
    return [
      h("span", { class: "entry-label", "aria-hidden": "true" }, this.#say(label)),
      h("div", { class: "entry-fields" }, ...parts),
    ];
  }

  #text(column: string, label: EntryKey, kind: string, key?: string): HTMLElement[] {
    const field = h("input", {
      id: `entry-${column}`,
      type: "text",
      class: kind,
      "aria-label": this.#say(label),
      title: this.#say(label),
      autocomplete: "off",
      spellcheck: false,
      maxlength: 4000,
    });
    field.value = this.#row.draft.cells[column] ?? "";
    if (column === "error_m") field.placeholder = this.#say("error");
    field.addEventListener("input", () => this.#row.typed(column, field.value));
    if (column === "source") field.addEventListener("change", () => this.#row.readSource());
    return key ? [this.#cap(key), field] : [field];
  }

  #when(): HTMLElement[] {
    const day = h("input", { id: "entry-day", type: "date", "aria-label": this.#say("day"), max: this.#row.today() });
    day.value = this.#row.draft.day;
    day.addEventListener("change", () => this.#setTime({ day: day.value }));
    const caps = (...codes: string[]): HTMLElement[] => codes.map((code) => this.#cap(code));
    return [...caps("BracketLeft", "BracketRight"), day, ...caps("Comma", "Period"), this.#partMenu()];
  }

  /** The parts of the day, and the post's clock time if it told one. */
  #partMenu(): HTMLElement {
    const { part } = this.#row.draft;
    const parts: readonly string[] = PARTS;
    const named = parts.map((one) => [one, one === "" ? this.#say("whole_day") : this.#say(one as EntryKey)] as const);
    const clock = parts.includes(part) ? [] : [[part, part] as const];
    const attributes = { id: "entry-part", "aria-label": this.#say("part") };
    const menu = select(attributes, [...named, ...clock], part, (chosen) => this.#setTime({ part: chosen }));
    menu.style.width = "118px";
    return menu;
  }

  #setTime(time: Partial<Pick<RowDraft, "day" | "part">>): void {
    this.#row.change(touching({ ...this.#row.draft, ...time }, "day"));
  }

  #source(): (HTMLElement | null)[] {
    const usual = this.#usualText();
    return [
      ...this.#text("source", "source", "text", "Equal"),
      this.#grade("reliability", "ABCDEF", "A–F"),
      this.#grade("credibility", "123456", "1–6"),
      ...this.#text("error_m", "error", "narrow"),
      usual ? h("span", { class: "usual" }, usual) : null,
    ];
  }

  #grade(column: "reliability" | "credibility", grades: string, none: string): HTMLElement {
    const label = this.#say(column);
    return select(
      { id: `entry-${column}`, "aria-label": label, title: label },
      ["", ...grades].map((one) => [one, one || none] as const),
      this.#row.draft.cells[column] ?? "",
      (value) => this.#row.set(column, value),
    );
  }

  /** What the source usually is, and how late it tells. */
  #usualText(): string {
    const { read, habit, draft } = this.#row;
    const source = draft.cells["source"];
    if (!read || !habit || !source) return "";
    const usual = read.new_source ? this.#say("new_source") : this.#say("usual", { source, n: String(habit.n) });
    const lag = habit.lag_h ? this.#say("usual_lag", { h: String(habit.lag_h) }) : "";
    return [usual, lag].filter(Boolean).join(" · ");
  }

  acts(): HTMLElement {
    const { draft } = this.#row;
    const disabled = isEmpty(draft);
    const enter = h("kbd", { "aria-hidden": "true" }, "⏎");
    const backfill = tickBox({ id: "entry-backfill" }, (on) => this.#row.change({ ...this.#row.draft, backfill: on }));
    backfill.checked = draft.backfill;
    return h(
      "div",
      { class: "entry-acts" },
      button({ class: "main", id: "entry-save", disabled }, () => this.#row.save(), this.#say("save"), enter),
      button({ class: "plain", disabled }, () => this.#row.clear(), this.#say("clear")),
      h("label", { for: "entry-backfill" }, backfill, h("span", {}, this.#say("backfill"))),
    );
  }
}
