// Where to look: stretches of the front by what a report settles or by the last look, and ground past its review date.
import type { Names } from "../../src/data";
import { button, h, replace } from "../../src/dom";
import { km2Text, nameIn, numberText } from "../../src/i18n";
import type { Desk } from "../panel";
import type { QueueSay } from "./queue_told";

export interface Stretch {
  readonly at: readonly [number, number];
  readonly near: Names;
  readonly settles_km2: number;
  readonly unsure_km2: number;
  readonly look_days: number | null;
  readonly rank_late: number;
  readonly geometry: GeoJSON.Geometry | null;
}

/** Settlements and ground that nobody looked at for longer than the theatre's review period. */
export interface Overdue {
  readonly review_days: number;
  readonly area_km2: number;
  readonly settlements: readonly {
    readonly name: string;
    readonly names: Names;
    readonly at: readonly [number, number];
    readonly days: number | null;
  }[];
  readonly areas: readonly {
    readonly lon: number;
    readonly lat: number;
    readonly km2: number;
    readonly days: number | null;
  }[];
}

const FEW = 12;

export class Looks {
  readonly element = h("div", { class: "queue-list" });
  readonly #desk: Desk;
  readonly #say: QueueSay;
  #stretches: readonly Stretch[] | null = null;
  #overdue: Overdue | null = null;
  #byAge = false;
  #all = false;

  constructor(desk: Desk, say: QueueSay) {
    [this.#desk, this.#say] = [desk, say];
  }

  /** Draw what is known by now. */
  show(stretches: readonly Stretch[] | null, overdue: Overdue | null): void {
    [this.#stretches, this.#overdue] = [stretches, overdue];
    replace(this.element, stretches && this.#list(stretches), stretches && overdue && this.#late(overdue));
  }

  #again(change: () => void): void {
    change();
    this.show(this.#stretches, this.#overdue);
  }

  #list(stretches: readonly Stretch[]): (HTMLElement | null)[] {
    const sorted = this.#byAge ? [...stretches].sort((a, b) => a.rank_late - b.rank_late) : stretches;
    const shown = this.#all ? sorted : sorted.slice(0, FEW);
    const showAll = (): void => this.#again(() => (this.#all = true));
    return [
      h("h3", {}, this.#say("look")),
      h(
        "div",
        { class: "queue-tabs", role: "group", "aria-label": this.#say("look") },
        this.#toggle(false),
        this.#toggle(true),
      ),
      h(
        "ol",
        { class: "queue-looks", id: "queue-looks" },
        shown.map((one, i) => this.#row(String(i + 1), this.#words(one), one.at)),
      ),
      shown.length < sorted.length ? button({ class: "queue-link" }, showAll, this.#say("more_look")) : null,
    ];
  }

  #toggle(byAge: boolean): HTMLElement {
    return button(
      { "aria-pressed": String(this.#byAge === byAge) },
      () => this.#again(() => (this.#byAge = byAge)),
      this.#say(byAge ? "by_age" : "by_gain"),
    );
  }

  #lookedText(days: number | null): string {
    if (days === null) return this.#say("never");
    if (days < 0.5) return this.#say("looked_now");
    return this.#say("looked", { days: numberText(days, this.#desk.store.now.language, days < 10 ? 1 : 0) });
  }

  #words(one: Stretch): string {
    const { language } = this.#desk.store.now;
    const settles = { km2: km2Text(one.settles_km2, language, 2), unsure: km2Text(one.unsure_km2, language, 1) };
    const parts = [nameIn(one.near, language, ""), this.#say("settles", settles), this.#lookedText(one.look_days)];
    return parts.filter(Boolean).join(" · ");
  }

  #row(mark: string, words: string, at: readonly [number, number]): HTMLElement {
    return h(
      "li",
      {},
      button({}, () => this.#desk.map.goTo(at), h("b", {}, mark), h("span", {}, words)),
    );
  }

  #overdueText(days: number | null): string {
    if (days === null) return this.#say("never");
    return this.#say("overdue_days", { days: numberText(days, this.#desk.store.now.language) });
  }

  #late(late: Overdue): HTMLElement[] {
    const { language } = this.#desk.store.now;
    if (!late.areas.length && !late.settlements.length)
      return [h("p", { class: "queue-sub" }, this.#say("no_overdue"))];
    const row = (name: string, days: number | null, at: readonly [number, number]): HTMLElement =>
      this.#row("·", `${name} · ${this.#overdueText(days)}`, at);
    const km2 = km2Text(late.area_km2, language);
    return [
      h("h3", {}, this.#say("overdue", { n: String(late.review_days), km2 })),
      h(
        "ul",
        { class: "queue-looks", id: "queue-overdue" },
        late.settlements.map((one) => row(nameIn(one.names, language, one.name), one.days, one.at)),
        late.areas.slice(0, FEW).map((one) => row(km2Text(one.km2, language), one.days, [one.lon, one.lat])),
      ),
    ];
  }
}
