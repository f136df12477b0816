// Why a spot is what it is, exactly; without some reports; one day as known at two moments.
import { h, replace } from "../../src/dom";
import { collection, point, shape } from "../../src/geojson";
import { Newest } from "../asking";
import { keepingFocus } from "../focus";
import type { Binding } from "../keys";
import type { Desk, Panel, View } from "../panel";
import type { Evidence } from "../parts/source";
import { differs, when, type DeskState } from "../store";
import { Travel } from "./why_between";
import { FEW, spotParts } from "./why_parts";
import { OVERLAY, type Between, type Left, type Why, type WhySay } from "./why_told";
import { whyWords } from "./why_words";

class WhyView implements View {
  readonly element = h("div", { class: "why", id: "why", tabindex: -1 });
  readonly #desk: Desk;
  readonly #say: WhySay;
  readonly #travel: Travel;
  readonly #asked = new Newest();
  #spot: readonly [number, number] | null = null;
  #why: Why | null = null;
  #left: Left | null = null;
  #between: Between | null = null;
  #ticked: Evidence = new Set();
  /** Whether every part is shown. */
  #all = false;
  /** The spot could not be told: the line at the bottom says why. */
  #isLost = false;
  #open = false;
  /** What was asked for last: an answer to anything older is not shown. */
  #turn = 0;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#say = desk.words(whyWords);
    this.#travel = new Travel(desk, this.#say);
    desk.map.overlay(OVERLAY);
    this.#draw();
  }

  shown(): void {
    this.#open = true;
    this.#paint();
    if (this.#spot && !this.#why) void this.#ask();
    this.element.focus();
  }

  hidden(): void {
    this.#open = false;
    for (const source of OVERLAY.sources) this.#desk.map.set(source, collection([]));
  }

  changed(now: DeskState, before: DeskState): void {
    if (differs(now, before, "asOf", "knownBy", "head")) {
      this.#turn += 1;
      [this.#why, this.#left, this.#between] = [null, null, null];
      if (this.#open && this.#spot) void this.#ask();
    }
    this.#draw();
  }

  clicked(spot: readonly [number, number]): boolean {
    this.#turn += 1;
    this.#spot = spot;
    this.#ticked.clear();
    [this.#why, this.#left, this.#all] = [null, null, false];
    void this.#ask();
    return true;
  }

  keys(): readonly Binding[] {
    return [
      { code: "Enter", says: () => this.#say("here"), run: () => this.#here() },
      { code: "KeyW", says: () => this.#say("check"), run: () => void this.#without([...this.#ticked]) },
      { code: "Escape", typing: true, says: () => this.#say("clear"), run: () => this.#clear() },
    ];
  }

  #here(): void {
    const { lng, lat } = this.#desk.map.gl.getCenter();
    this.clicked([lng, lat]);
  }

  #clear(): void {
    [this.#left, this.#between] = [null, null];
    this.#ticked.clear();
    this.#draw();
  }

  // Asking

  async #ask(): Promise<void> {
    if (!this.#spot) return;
    const signal = this.#asked.next();
    this.#isLost = false;
    this.#draw();
    try {
      const body = { ...when(this.#desk.store.now), at: this.#spot };
      const why = await this.#desk.api.send<Why>("POST", "/api/why", body, signal);
      const here = why.parts.map((one) => one.id).filter((id) => this.#ticked.has(id));
      [this.#why, this.#ticked] = [why, new Set(here)];
    } catch (fault) {
      this.#desk.failed(fault);
      if (signal.aborted) return;
      this.#isLost = true;
    }
    this.#draw();
  }

  /** Work out the spot without some reports. */
  async #without(ids: readonly string[]): Promise<void> {
    if (!this.#spot || !ids.length) return;
    const body = { ...when(this.#desk.store.now), at: this.#spot, ids };
    const left = await this.#answer(this.#desk.api.send<Left>("POST", "/api/why/without", body));
    if (left) this.#show(left, null);
  }

  async #compare(): Promise<void> {
    const { asOf } = this.#desk.store.now;
    const query = { as_of: asOf, known_by: this.#travel.earlier, and: this.#travel.later };
    const between = await this.#answer(this.#desk.api.get<Between>("/api/why/between", query));
    if (between) this.#show(null, between);
  }

  /** An answer, unless something else was asked for meanwhile, or it failed. */
  async #answer<T>(asked: Promise<T>): Promise<T | null> {
    const turn = (this.#turn += 1);
    try {
      const told = await asked;
      return turn === this.#turn ? told : null;
    } catch (fault) {
      this.#desk.failed(fault);
      return null;
    }
  }

  #show(left: Left | null, between: Between | null): void {
    [this.#left, this.#between] = [left, between];
    this.#draw();
  }

  // Drawing

  #draw(): void {
    const isReading = this.#spot && !this.#why && !this.#isLost;
    keepingFocus(this.element, () =>
      replace(
        this.element,
        h("h2", {}, this.#say("title")),
        h("p", { class: "quiet small" }, this.#say(isReading ? "reading" : "hint")),
        this.#why && this.#spotParts(this.#why),
        this.#travel.parts(this.#between, () => void this.#compare()),
      ),
    );
    if (this.#open) this.#paint();
  }

  #spotParts(why: Why): (HTMLElement | null)[] {
    return spotParts({
      desk: this.#desk,
      say: this.#say,
      why,
      left: this.#left,
      ticked: this.#ticked,
      all: this.#all,
      tick: (id, on) => this.#tick(id, on),
      without: (ids) => void this.#without(ids),
      showAll: (all) => this.#showAll(all),
    });
  }

  #tick(id: string, on: boolean): void {
    if (on) this.#ticked.add(id);
    else this.#ticked.delete(id);
    this.#draw();
  }

  #showAll(all: boolean): void {
    this.#all = all;
    this.#draw();
  }

  #paint(): void {
    const { map } = this.#desk;
    const posts = (this.#why?.parts ?? []).slice(0, FEW).map(({ at }) => (at ? point(at, { role: "post" }) : null));
    const spot = this.#spot && point(this.#spot, { role: "spot" });
    const pieces = (this.#between?.pieces ?? []).map((one) => shape(one.geometry));
    map.set("why-spot", collection([...posts, spot]));
    map.set("why-left", collection([shape(this.#left?.ground ?? null), shape(this.#left?.line ?? null), ...pieces]));
  }
}

export const panel: Panel = {
  id: "why",
  icon: "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM12 8h.01M11 11.5h1V17h1",
  names: { en: "Why", uk: "Чому" },
  make: (desk) => new WhyView(desk),
};
