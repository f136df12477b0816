// One day as known at two moments: the two dates, how much ground differs, and what came, went or was decided in between.
import { button, h } from "../../src/dom";
import { boxOf } from "../../src/geometry";
import { km2Text, nameIn } from "../../src/i18n";
import { plusDays } from "../clock";
import type { Desk } from "../panel";
import { field } from "../parts/field";
import { holder, holderChip, holderName } from "../parts/holder";
import { sourceList, sourceRow, type Source } from "../parts/source";
import type { Between, Piece, WhySay } from "./why_told";

const PIECES_TOLD = 12;
const REPORTS_TOLD = 8;
/** Unless somebody says otherwise: what was known six days before, and a day after. */
const [EARLIER_DAYS, LATER_DAYS] = [-6, 1];

export class Travel {
  readonly #desk: Desk;
  readonly #say: WhySay;
  #earlier = "";
  #later = "";

  constructor(desk: Desk, say: WhySay) {
    [this.#desk, this.#say] = [desk, say];
  }

  /** The two moments. */
  get earlier(): string {
    return this.#earlier || plusDays(this.#desk.store.now.asOf, EARLIER_DAYS);
  }

  get later(): string {
    return this.#later || plusDays(this.#desk.store.now.asOf, LATER_DAYS);
  }

  parts(found: Between | null, compare: () => void): HTMLElement[] {
    const say = this.#say;
    const earlier = h("input", { id: "why-earlier", type: "date", value: this.earlier });
    const later = h("input", { id: "why-later", type: "date", value: this.later });
    earlier.addEventListener("change", () => (this.#earlier = earlier.value));
    later.addEventListener("change", () => (this.#later = later.value));
    return [
      h("h3", {}, say("travel")),
      h("p", { class: "queue-sub" }, say("travel_hint")),
      h(
        "div",
        { class: "queue-row" },
        field(say("earlier"), earlier),
        field(say("later"), later),
        button({ class: "plain", id: "why-compare" }, compare, say("compare")),
      ),
      ...(found ? this.#told(found) : []),
    ];
  }

  #told(found: Between): HTMLElement[] {
    const words = {
      km2: km2Text(found.km2, this.#desk.store.now.language, 1),
      came: String(found.came.n),
      corrected: String(found.corrected.n),
      gone: String(found.gone.n),
      decided: String(found.decided.length),
    };
    return [
      h("p", { id: "why-differ" }, this.#say("differ", words)),
      h(
        "ul",
        { class: "why-pieces" },
        found.pieces.slice(0, PIECES_TOLD).map((one) => this.#piece(one)),
      ),
      ...this.#list("came", found.came.reports),
      ...this.#list("gone", found.gone.reports),
      ...this.#list("decided", found.decided),
    ];
  }

  #list(key: "came" | "gone" | "decided", found: readonly Source[]): HTMLElement[] {
    if (!found.length) return [];
    const rows = found.slice(0, REPORTS_TOLD).map((one) => sourceRow(this.#desk, one));
    return [h("h3", {}, this.#say(key)), sourceList(rows)];
  }

  #piece({ from, to, near, km2, geometry }: Piece): HTMLElement {
    const desk = this.#desk;
    const { language } = desk.store.now;
    const fit = (): void => {
      const box = boxOf([geometry]);
      if (box) desk.map.fit(box);
    };
    const where = `${holderName(desk, to)} · ${nameIn(near, language, "")}`;
    const size = h("b", {}, km2Text(km2, language, 1));
    return h("li", {}, button({}, fit, holder(desk, from), "→", holderChip(desk, to), h("span", {}, where), size));
  }
}
