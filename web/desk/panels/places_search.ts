// Settlements and places of one's own layers, found by any spelling.
import { button, h, replace } from "../../src/dom";
import { collection, point } from "../../src/geojson";
import { nameIn } from "../../src/i18n";
import { Newest, Soon } from "../asking";
import type { Desk } from "../panel";
import type { Place, PlacesSay } from "./places_told";

const SEARCH_MS = 180;
const NEAR_ZOOM = 12.5;

export class PlaceSearch {
  readonly element: HTMLElement;
  readonly found = h("ul", { class: "places-found", id: "places-found" });
  readonly #desk: Desk;
  readonly #say: PlacesSay;
  readonly #asked = new Newest();
  readonly #soon = new Soon(SEARCH_MS);
  readonly #query = h("input", {
    id: "places-query",
    type: "search",
    autocomplete: "off",
    spellcheck: false,
    maxlength: 120,
  });

  constructor(desk: Desk, say: PlacesSay) {
    [this.#desk, this.#say] = [desk, say];
    this.element = h("div", { class: "places-search", role: "search" }, this.#query);
    this.#query.addEventListener("input", () => this.#soon.run(() => void this.#search()));
    this.#query.addEventListener("keydown", (event) => event.key === "Enter" && this.#takeFirst());
  }

  name(): void {
    this.#query.placeholder = this.#say("search_hint");
    this.#query.setAttribute("aria-label", this.#say("search"));
  }

  focus(): void {
    this.#query.focus();
  }

  #takeFirst(): void {
    this.found.querySelector("button")?.click();
  }

  async #search(): Promise<void> {
    const signal = this.#asked.next();
    const query = this.#query.value.trim();
    if (!query) return replace(this.found);
    type Told = { readonly places: readonly Place[] };
    try {
      const { places } = await this.#desk.api.send<Told>("POST", "/api/places", { query }, signal);
      this.#draw(places);
    } catch (fault) {
      this.#desk.failed(fault);
    }
  }

  #draw(places: readonly Place[]): void {
    const rows = places.map((one) => this.#row(one));
    replace(this.found, rows.length ? rows : h("li", { class: "quiet" }, this.#say("nothing_found")));
    this.#desk.announce(this.#say("found", { n: String(places.length) }));
  }

  #row(place: Place): HTMLElement {
    const about = h("span", { class: "quiet small" }, this.#about(place));
    return h(
      "li",
      {},
      button({}, () => this.#goTo(place), h("b", {}, this.#named(place)), about),
    );
  }

  /** By which spelling it was found, what it is, and in which layer it lies. */
  #about(place: Place): string {
    const spelling = place.as === this.#named(place) ? "" : place.as;
    const what = place.layer ? `${place.kind || "—"} · ${place.layer}` : this.#say("settlement");
    return [spelling, what].filter(Boolean).join(" · ");
  }

  #named(place: Place): string {
    return nameIn(place.names, this.#desk.store.now.language, place.name);
  }

  #goTo(place: Place): void {
    const at = [place.lon, place.lat] as const;
    this.#desk.map.set("places-found", collection([point(at)]));
    this.#desk.map.goTo(at, NEAR_ZOOM);
    this.#desk.announce(this.#named(place));
  }
}
