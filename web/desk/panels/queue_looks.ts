// Where to look: stretches of the front by what a report settles or by the last look, and ground past its review date.
import type { Names } from "../../src/data";
import { h } from "../../src/dom";
import { km2Text, nameIn, numberText } from "../../src/i18n";
import type { Desk } from "../panel";
import type { Say } from "./queue_parts";

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
  readonly #say: Say;
  #stretches: readonly Stretch[] | null = null;
  #overdue: Overdue | null = null;
  #byAge = false;
  #all = false;

  constructor(desk: Desk, say: Say) {
    [this.#desk, this.#say] = [desk, say];
  }

  /** Draw what is known by now. */
  show(stretches: readonly Stretch[] | null, overdue: Overdue | null): void {
    [this.#stretches, this.#overdue] = [stretches, overdue];
    this.element.replaceChildren(
      ...(stretches ? [...this.#list(stretches), ...(overdue ? this.#late(overdue) : [])] : []),
    );
  }

  #again(change: () => void): void {
    change();
    this.show(this.#stretches, this.#overdue);
  }

  #list(stretches: readonly Stretch[]): (HTMLElement | string)[] {
    const sorted = this.#byAge ? [...stretches].sort((a, b) => a.rank_late - b.rank_late) : stretches;
    const more = h("button", { type: "button", class: "queue-link" }, this.#say("more_look"));
    more.addEventListener("click", () => this.#again(() => (this.#all = true)));
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
        ...sorted
          .slice(0, this.#all ? sorted.length : FEW)
          .map((one, i) => this.#row(String(i + 1), this.#words(one), one.at)),
      ),
      this.#all || sorted.length <= FEW ? "" : more,
    ];
  }

  #toggle(byAge: boolean): HTMLElement {
    const button = h(
      "button",
      { type: "button", "aria-pressed": String(this.#byAge === byAge) },
      this.#say(byAge ? "by_age" : "by_gain"),
    );
    button.addEventListener("click", () => this.#again(() => (this.#byAge = byAge)));
    return button;
  }

  #words(one: Stretch): string {
    const { language } = this.#desk.store.now;
    const looked =
      one.look_days === null
        ? this.#say("never")
        : this.#say("looked", { days: numberText(one.look_days, language, one.look_days < 10 ? 1 : 0) });
    return [
      nameIn(one.near, language, ""),
      this.#say("settles", {
        km2: km2Text(one.settles_km2, language, 2),
        unsure: km2Text(one.unsure_km2, language, 1),
      }),
      looked,
    ]
      .filter(Boolean)
      .join(" · ");
  }

  #row(mark: string, words: string, at: readonly [number, number]): HTMLElement {
    const button = h("button", { type: "button" }, h("b", {}, mark), h("span", {}, words));
    button.addEventListener("click", () => this.#desk.map.goTo(at));
    return h("li", {}, button);
  }

  #late(late: Overdue): (HTMLElement | string)[] {
    const { language } = this.#desk.store.now;
    if (!late.areas.length && !late.settlements.length)
      return [h("p", { class: "queue-sub" }, this.#say("no_overdue"))];
    const days = (n: number | null): string =>
      n === null ? this.#say("never") : this.#say("overdue_days", { days: numberText(n, language) });
    return [
      h("h3", {}, this.#say("overdue", { n: String(late.review_days), km2: km2Text(late.area_km2, language) })),
      h(
        "ul",
        { class: "queue-looks", id: "queue-overdue" },
        ...late.settlements.map((one) =>
          this.#row("·", `${nameIn(one.names, language, one.name)} · ${days(one.days)}`, one.at),
        ),
        ...late.areas
          .slice(0, FEW)
          .map((one) => this.#row("·", `${km2Text(one.km2, language)} · ${days(one.days)}`, [one.lon, one.lat])),
      ),
    ];
  }
}
