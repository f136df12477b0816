// The row's form: where it is, its choices and fields, and its buttons; what they do, the row does.
import { h } from "../../src/dom";
import { cap } from "../keys";
import type { Desk } from "../panel";
import { choices, type Choice } from "./entry_choices";
import type { Offers } from "./entry_offers";
import { isEmpty, PARTS, type Habit, type Read, type RowDraft } from "./entry_rules";
import type { EntrySay, EntryKey } from "./entry_words";

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

  spotLine(): HTMLElement {
    const { lon, lat } = this.#row.draft.cells;
    const spots = this.#row.read?.spots ?? [];
    const chosen = spots.find((spot) => spot.lon.toFixed(6) === lon && spot.lat.toFixed(6) === lat);
    const other = h(
      "button",
      { type: "button", class: "entry-link" },
      this.#say("other_spot", { n: String(spots.length - 1) }),
      " ",
      h("kbd", {}, cap("KeyO", this.#desk.store.now.language)),
    );
    other.addEventListener("click", () => this.#row.nextSpot());
    return h(
      "div",
      { class: "entry-spot", id: "entry-spot" },
      lon && lat
        ? h("span", { class: "mono" }, `${Number(lat).toFixed(5)}, ${Number(lon).toFixed(5)}`)
        : h("span", { class: "quiet" }, this.#say("no_spot")),
      lon && lat
        ? h(
            "span",
            { class: "quiet" },
            chosen
              ? chosen.said.form[this.#desk.store.now.language]
              : this.#row.draft.touched.includes("spot")
                ? this.#say("from_map")
                : "",
          )
        : null,
      chosen?.note ? h("span", { class: "note" }, chosen.said.note[this.#desk.store.now.language]) : null,
      spots.length > 1 ? other : null,
      ...(this.#row.read?.unread ?? [])
        .slice(0, 3)
        .map((one) => h("span", { class: "unread" }, `${one.text}: ${one.said[this.#desk.store.now.language]}`)),
      this.#row.read && this.#row.read.n_links > this.#row.read.links.length
        ? h(
            "span",
            { class: "note" },
            this.#say("links_left", { n: String(this.#row.read.n_links), kept: String(this.#row.read.links.length) }),
          )
        : null,
    );
  }

  grid(): HTMLElement {
    const { cells, touched } = this.#row.draft;
    const { language } = this.#desk.store.now;
    const row = (label: EntryKey, column: string, all: readonly Choice[], none = false): HTMLElement[] =>
      choices(
        this.#say(label),
        all,
        cells[column] ?? (none && touched.includes(column) ? "" : (cells[column] ?? "–")),
        { filled: !touched.includes(column), language },
        (value) => this.#row.choose(column, value),
      );
    return h(
      "div",
      { class: "entry-grid" },
      ...row("kind", "kind", this.#offers.kinds()),
      ...row("seen", "seen", this.#offers.seen(), true),
      ...row("by", "by", this.#offers.by(), true),
      ...row("means", "means", this.#offers.means()),
      ...row("posture", "posture", this.#offers.postures()),
      ...row("precision", "precision", this.#offers.precisions()),
      ...row("location_of", "location_of", this.#offers.locations()),
      ...this.#field("when", this.#when()),
      ...this.#field("source", this.#source()),
      ...this.#field("note", [this.#text("note", "note", "text", "Minus")].flat()),
    );
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
    return [...(key ? [h("kbd", { "aria-hidden": "true" }, cap(key, this.#desk.store.now.language))] : []), field];
  }

  #when(): HTMLElement[] {
    const { language } = this.#desk.store.now;
    const day = h("input", { id: "entry-day", type: "date", "aria-label": this.#say("day"), max: this.#row.today() });
    day.value = this.#row.draft.day;
    day.addEventListener("change", () =>
      this.#row.change({
        ...this.#row.draft,
        day: day.value,
        touched: [...new Set([...this.#row.draft.touched, "day"])],
      }),
    );
    const part = h("select", { id: "entry-part", "aria-label": this.#say("part") });
    const clock = (PARTS as readonly string[]).includes(this.#row.draft.part) ? [] : [this.#row.draft.part];
    part.append(
      ...[...PARTS, ...clock].map((one) =>
        h(
          "option",
          { value: one, selected: one === this.#row.draft.part },
          one === "" ? this.#say("whole_day") : clock.includes(one) ? one : this.#say(one as EntryKey),
        ),
      ),
    );
    part.style.width = "118px";
    part.addEventListener("change", () =>
      this.#row.change({
        ...this.#row.draft,
        part: part.value,
        touched: [...new Set([...this.#row.draft.touched, "day"])],
      }),
    );
    const caps = (...all: string[]): HTMLElement[] =>
      all.map((code) => h("kbd", { "aria-hidden": "true" }, cap(code, language)));
    return [...caps("BracketLeft", "BracketRight"), day, ...caps("Comma", "Period"), part];
  }

  #source(): (HTMLElement | null)[] {
    const grade = (column: string, label: EntryKey, values: readonly string[]): HTMLSelectElement => {
      const field = h(
        "select",
        { id: `entry-${column}`, "aria-label": this.#say(label), title: this.#say(label) },
        ...["", ...values].map((one) =>
          h(
            "option",
            { value: one, selected: one === (this.#row.draft.cells[column] ?? "") },
            one || (column === "reliability" ? "A–F" : "1–6"),
          ),
        ),
      );
      field.addEventListener("change", () => this.#row.set(column, field.value));
      return field;
    };
    const { cells } = this.#row.draft;
    const usual =
      this.#row.read && this.#row.habit && cells["source"]
        ? [
            this.#row.read.new_source
              ? this.#say("new_source")
              : this.#say("usual", { source: cells["source"], n: String(this.#row.habit.n) }),
            this.#row.habit.lag_h ? this.#say("usual_lag", { h: String(this.#row.habit.lag_h) }) : "",
          ]
            .filter(Boolean)
            .join(" · ")
        : "";
    return [
      ...this.#text("source", "source", "text", "Equal"),
      grade("reliability", "reliability", [..."ABCDEF"]),
      grade("credibility", "credibility", [..."123456"]),
      ...this.#text("error_m", "error", "narrow"),
      usual ? h("span", { class: "usual" }, usual) : null,
    ];
  }

  acts(): HTMLElement {
    const save = h(
      "button",
      { type: "button", class: "main", id: "entry-save", disabled: isEmpty(this.#row.draft) },
      this.#say("save"),
      h("kbd", { "aria-hidden": "true" }, "⏎"),
    );
    save.addEventListener("click", () => this.#row.save());
    const clear = h(
      "button",
      { type: "button", class: "plain", disabled: isEmpty(this.#row.draft) },
      this.#say("clear"),
    );
    clear.addEventListener("click", () => this.#row.clear());
    const backfill = h("input", { type: "checkbox", id: "entry-backfill" });
    backfill.checked = this.#row.draft.backfill;
    backfill.addEventListener("change", () => this.#row.change({ ...this.#row.draft, backfill: backfill.checked }));
    return h(
      "div",
      { class: "entry-acts" },
      save,
      clear,
      h("label", { for: "entry-backfill" }, backfill, h("span", {}, this.#say("backfill"))),
    );
  }
}
