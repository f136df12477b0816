// Places: search by any spelling, the user's own imagery under the map, and layers of named places. All of it private.
import { h } from "../../src/dom";
import type { Binding } from "../keys";
import type { Desk, Panel, View } from "../panel";
import { differs, type DeskState } from "../store";
import { Imagery } from "./places_imagery";
import { OwnLayers } from "./places_layers";
import { PlaceSearch } from "./places_search";
import { OVERLAY, type PlacesSay } from "./places_told";
import { placesWords } from "./places_words";

class PlacesView implements View {
  readonly element: HTMLElement;
  readonly #say: PlacesSay;
  readonly #title = h("h2", {});
  readonly #search: PlaceSearch;
  readonly #imagery: Imagery;
  readonly #layers: OwnLayers;

  constructor(desk: Desk) {
    this.#say = desk.words(placesWords);
    desk.map.overlay(OVERLAY);
    this.#search = new PlaceSearch(desk, this.#say);
    this.#imagery = new Imagery(desk, this.#say);
    this.#layers = new OwnLayers(desk, this.#say);
    this.element = h(
      "div",
      { class: "places", tabindex: -1 },
      this.#title,
      this.#search.element,
      this.#search.found,
      this.#imagery.element,
      this.#layers.element,
    );
    this.#name();
  }

  keys(): readonly Binding[] {
    return [{ code: "Slash", says: () => this.#say("search"), run: () => this.#search.focus() }];
  }

  shown(): void {
    this.#search.focus();
  }

  changed(now: DeskState, before: DeskState): void {
    if (differs(now, before, "language")) this.#name();
    if (differs(now, before, "theme")) this.#imagery.paint();
  }

  #name(): void {
    this.#title.textContent = this.#say("title");
    this.#search.name();
    this.#imagery.draw();
    this.#layers.draw();
  }
}

export const panel: Panel = {
  id: "places",
  icon: "M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11zM12 12.2a2.2 2.2 0 1 0 0-4.4a2.2 2.2 0 0 0 0 4.4z",
  names: { en: "Places", uk: "Місця" },
  make: (desk) => new PlacesView(desk),
};
