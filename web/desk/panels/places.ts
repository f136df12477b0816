// Places: search by any spelling, the user's own imagery under the map, and layers of named places. All of it private.
import type { FeatureCollection } from "geojson";
import type { Names } from "../../src/data";
import { h } from "../../src/dom";
import { nameIn } from "../../src/i18n";
import type { Said } from "../api";
import { keepingFocus } from "../focus";
import type { Binding } from "../keys";
import type { Overlay } from "../map";
import type { Desk, Panel, View } from "../panel";
import { placesWords, type PlacesKey } from "./places_words";

interface Background {
  readonly id: string;
  readonly name: string;
  readonly credit: string;
  readonly kind: string;
  readonly host: string | null;
  readonly fault: string | null;
  readonly said?: Said;
  readonly tiles: readonly string[];
  readonly scheme?: "xyz" | "tms";
  readonly min_zoom?: number;
  readonly max_zoom?: number;
  readonly bounds?: readonly [number, number, number, number] | null;
}
interface Backgrounds {
  readonly backgrounds: readonly Background[];
  readonly shown: string | null;
}
interface Layer {
  readonly id: string;
  readonly places: number;
  readonly kinds: readonly string[];
}
interface Layers {
  readonly layers: readonly Layer[];
  readonly shapes: FeatureCollection;
}
interface Place {
  readonly name: string;
  readonly names: Names;
  readonly as: string;
  readonly kind: string;
  readonly layer: string;
  readonly lon: number;
  readonly lat: number;
}

const FONTS = ["system-ui", "Segoe UI", "Roboto", "Noto Sans", "Helvetica Neue", "Arial"];
const RASTER = "places-imagery";
const SEARCH_MS = 180;
const MOST_BYTES = 48_000_000;
const CHUNK = 0x8000;
const COLOURS_OVER = 0.4;
const FORMATS: Readonly<Record<string, string>> = { mbtiles: "MBTiles", pmtiles: "PMTiles", cog: "GeoTIFF" };

const OVERLAY: Overlay = {
  sources: ["places", "places-found"],
  layers: (colours) => [
    {
      id: "places-area",
      type: "fill",
      source: "places",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": colours.ink, "fill-opacity": 0.05 },
    },
    {
      id: "places-line",
      type: "line",
      source: "places",
      filter: ["!=", ["geometry-type"], "Point"],
      paint: { "line-color": colours.ink, "line-width": 1.2, "line-opacity": 0.7 },
    },
    {
      id: "places-point",
      type: "circle",
      source: "places",
      filter: ["==", ["geometry-type"], "Point"],
      paint: {
        "circle-radius": 3,
        "circle-color": colours.paper,
        "circle-stroke-color": colours.ink,
        "circle-stroke-width": 1.2,
      },
    },
    {
      id: "places-name",
      type: "symbol",
      source: "places",
      minzoom: 11,
      layout: {
        "text-field": ["get", "name"],
        "text-font": FONTS,
        "text-size": 11,
        "symbol-placement": "point",
        "text-offset": [0, 0.9],
        "text-padding": 4,
      },
      paint: { "text-color": colours.ink, "text-halo-color": colours.paper, "text-halo-width": 1.6 },
    },
    {
      id: "places-spot",
      type: "circle",
      source: "places-found",
      paint: {
        "circle-radius": 11,
        "circle-opacity": 0,
        "circle-stroke-color": colours.ink,
        "circle-stroke-width": 2.5,
      },
    },
  ],
};

/** Bytes in base64, in pieces that a call can take. */
function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}

class Places implements View {
  readonly element: HTMLElement;
  readonly #desk: Desk;
  readonly #say: (key: PlacesKey, holes?: Readonly<Record<string, string>>) => string;
  readonly #query = h("input", {
    id: "places-query",
    type: "search",
    autocomplete: "off",
    spellcheck: false,
    maxlength: 120,
  });
  readonly #found = h("ul", { class: "places-found", id: "places-found" });
  readonly #imagery = h("section", { class: "places-part", id: "places-imagery", tabindex: -1 });
  readonly #layers = h("section", { class: "places-part", id: "places-layers", tabindex: -1 });
  readonly #title = h("h2", {});
  #asked: AbortController | null = null;
  #timer = 0;
  #known: Backgrounds = { backgrounds: [], shown: null };
  #own: readonly Layer[] = [];
  #over = COLOURS_OVER;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#say = desk.words(placesWords);
    this.element = h(
      "div",
      { class: "places", tabindex: -1 },
      this.#title,
      h("div", { class: "places-search", role: "search" }, this.#query),
      this.#found,
      this.#imagery,
      this.#layers,
    );
    this.#query.addEventListener("input", () => this.#typed());
    this.#query.addEventListener(
      "keydown",
      (event) => event.key === "Enter" && this.#found.querySelector("button")?.click(),
    );
    desk.map.overlay(OVERLAY);
    this.#name();
    void this.#readImagery();
    void this.#readLayers();
  }

  keys(): readonly Binding[] {
    return [{ code: "Slash", says: () => this.#say("search"), run: () => this.#query.focus() }];
  }

  shown(): void {
    this.#query.focus();
  }

  changed(now: { language: string; theme: string }, before: { language: string; theme: string }): void {
    if (now.language !== before.language) this.#name();
    if (now.theme !== before.theme) this.#paint();
  }

  #name(): void {
    this.#title.textContent = this.#say("title");
    this.#query.placeholder = this.#say("search_hint");
    this.#query.setAttribute("aria-label", this.#say("search"));
    this.#drawImagery();
    this.#drawLayers();
  }

  // Search

  #typed(): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#search(), SEARCH_MS);
  }

  async #search(): Promise<void> {
    this.#asked?.abort();
    const query = this.#query.value.trim();
    if (!query) return this.#drawFound([], "");
    this.#asked = new AbortController();
    try {
      const answer = await this.#desk.api.send<{ places: readonly Place[] }>(
        "POST",
        "/api/places",
        { query },
        this.#asked.signal,
      );
      this.#drawFound(answer.places, query);
    } catch (fault) {
      this.#desk.failed(fault);
    }
  }

  #drawFound(places: readonly Place[], query: string): void {
    const items = places.map((one) => {
      const name = this.#named(one);
      const about = [
        one.as === name ? "" : one.as,
        one.layer ? `${one.kind || "—"} · ${one.layer}` : this.#say("settlement"),
      ]
        .filter(Boolean)
        .join(" · ");
      const button = h("button", { type: "button" }, h("b", {}, name), h("span", { class: "quiet small" }, about));
      button.addEventListener("click", () => this.#goTo(one));
      return h("li", {}, button);
    });
    this.#found.replaceChildren(
      ...(query && !items.length ? [h("li", { class: "quiet" }, this.#say("nothing_found"))] : items),
    );
    if (query) this.#desk.announce(this.#say("found", { n: String(places.length) }));
  }

  #named = (one: Place): string => nameIn(one.names, this.#desk.store.now.language, one.name);

  #goTo(place: Place): void {
    this.#desk.map.set("places-found", {
      type: "FeatureCollection",
      features: [{ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [place.lon, place.lat] } }],
    });
    this.#desk.map.goTo([place.lon, place.lat], 12.5);
    this.#desk.announce(this.#named(place));
  }

  // Imagery

  async #readImagery(): Promise<void> {
    try {
      this.#known = await this.#desk.api.get<Backgrounds>("/api/backgrounds");
      this.#drawImagery();
      this.#paint();
    } catch (fault) {
      this.#desk.failed(fault);
    }
  }

  #drawImagery(): void {
    const say = this.#say;
    const { backgrounds, shown } = this.#known;
    const rows = [
      this.#choice(null, say("off"), shown === null),
      ...backgrounds.map((one) => this.#row(one, one.id === shown)),
    ];
    const on = backgrounds.find((one) => one.id === shown);
    const over = h("input", { type: "range", id: "places-over", min: 0, max: 1, step: 0.05, value: this.#over });
    over.addEventListener("input", () => {
      this.#over = Number(over.value);
      this.#paint();
    });
    keepingFocus(this.#imagery, () =>
      this.#imagery.replaceChildren(
        h("h3", {}, say("imagery")),
        h("p", { class: "quiet small" }, say("imagery_says")),
        h("div", { role: "radiogroup", "aria-label": say("imagery") }, ...rows),
        ...(on ? [h("label", { class: "places-over", for: "places-over" }, say("over")), over] : []),
        ...(on?.credit ? [h("p", { class: "quiet small" }, on.credit)] : []),
        this.#adding(),
      ),
    );
  }

  #choice(id: string | null, words: string, checked: boolean, disabled = false): HTMLLabelElement {
    const input = h("input", { type: "radio", name: "places-imagery", value: id ?? "", checked, disabled });
    input.addEventListener("change", () => void this.#show(id));
    return h("label", { class: "places-row" }, input, h("span", {}, words));
  }

  #row(one: Background, checked: boolean): HTMLElement {
    const label = this.#choice(one.id, one.name, checked, one.fault !== null);
    const about = one.fault
      ? (one.said?.[this.#desk.store.now.language] ?? one.fault)
      : one.host
        ? this.#say("goes_to", { host: one.host })
        : [
            FORMATS[one.kind] ?? one.kind,
            this.#say("from_disk"),
            ...(this.#isOutside(one) ? [this.#say("outside")] : []),
          ].join(" · ");
    label.append(h("small", { class: one.fault ? "fault" : one.host ? "places-remote" : "quiet" }, about));
    return h(
      "div",
      { class: "places-line" },
      label,
      this.#remover(
        () => `/api/backgrounds/${one.id}`,
        one.name,
        () => this.#readImagery(),
      ),
    );
  }

  /** Whether a file shows nothing of the theatre. */
  #isOutside({ bounds }: Background): boolean {
    const [west, south, east, north] = this.#desk.about.bounds;
    return bounds ? bounds[0] > east || bounds[2] < west || bounds[1] > north || bounds[3] < south : false;
  }

  #remover(path: () => string, name: string, then: () => Promise<void>): HTMLButtonElement {
    const button = h(
      "button",
      {
        type: "button",
        class: "tool",
        "aria-label": this.#say("remove", { name }),
        title: this.#say("remove", { name }),
      },
      "×",
    );
    button.addEventListener("click", () => void this.#sent("DELETE", path(), {}, then));
    return button;
  }

  #adding(): HTMLFormElement {
    const say = this.#say;
    const address = h("input", {
      type: "text",
      id: "places-address",
      autocomplete: "off",
      spellcheck: false,
      placeholder: "https://…/{z}/{x}/{y}.png",
      required: true,
    });
    const name = h("input", { type: "text", id: "places-name", autocomplete: "off", maxlength: 80 });
    const form = h(
      "form",
      { class: "places-form" },
      h("label", { for: "places-address" }, say("address")),
      address,
      h("label", { for: "places-name" }, say("name")),
      name,
      h("button", { type: "submit", class: "plain" }, say("add")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#sent<Background>(
        "POST",
        "/api/backgrounds",
        { address: address.value, name: name.value },
        async (one) => {
          await this.#readImagery();
          this.#desk.announce(say("added", { name: one.name }));
          this.#imagery.querySelector<HTMLInputElement>(`input[value="${CSS.escape(one.id)}"]`)?.focus();
        },
      );
    });
    return form;
  }

  async #sent<T>(
    method: "POST" | "DELETE",
    path: string,
    body: unknown,
    then: (answer: T) => Promise<void>,
  ): Promise<void> {
    try {
      await then(await this.#desk.api.send<T>(method, path, body));
    } catch (fault) {
      this.#desk.failed(fault);
    }
  }

  async #show(id: string | null): Promise<void> {
    try {
      const answer = await this.#desk.api.send<{ shown: string | null; reload: boolean }>(
        "PUT",
        "/api/backgrounds/shown",
        { id },
      );
      this.#known = { ...this.#known, shown: answer.shown };
      // The page's rules name the hosts it may ask: they come with the page, so that it is loaded anew.
      if (answer.reload) return location.reload();
      this.#drawImagery();
      this.#paint();
      const on = this.#known.backgrounds.find((one) => one.id === answer.shown);
      this.#desk.announce(on ? this.#say("shown", { name: on.name }) : this.#say("all_off"));
      this.#imagery.querySelector<HTMLInputElement>("input:checked")?.focus();
    } catch (fault) {
      this.#desk.failed(fault);
      await this.#readImagery();
    }
  }

  /** The imagery that is on, below the map's colours; these become thinner over it. */
  #paint(): void {
    const { gl } = this.#desk.map;
    const on = this.#known.backgrounds.find((one) => one.id === this.#known.shown && one.fault === null);
    const full = this.#desk.map.colours.fillOpacity;
    if (gl.getLayer(RASTER)) gl.removeLayer(RASTER);
    if (gl.getSource(RASTER)) gl.removeSource(RASTER);
    gl.setPaintProperty("held", "fill-opacity", on ? full * this.#over : full);
    gl.setPaintProperty("grey", "fill-opacity", on ? this.#over : 1);
    if (!on) return;
    gl.addSource(RASTER, {
      type: "raster",
      tileSize: 256,
      tiles: on.tiles.map((url) => (url.startsWith("/") ? location.origin + url : url)),
      scheme: on.scheme ?? "xyz",
      minzoom: on.min_zoom ?? 0,
      maxzoom: on.max_zoom ?? 19,
      ...(on.bounds ? { bounds: [...on.bounds] as [number, number, number, number] } : {}),
    });
    gl.addLayer({ id: RASTER, type: "raster", source: RASTER, paint: { "raster-fade-duration": 0 } }, "held");
  }

  // Layers of named places

  async #readLayers(): Promise<void> {
    try {
      const answer = await this.#desk.api.get<Layers>("/api/layers");
      this.#own = answer.layers;
      this.#desk.map.set("places", answer.shapes);
      this.#drawLayers();
    } catch (fault) {
      this.#desk.failed(fault);
    }
  }

  #drawLayers(): void {
    const say = this.#say;
    const file = h("input", { type: "file", id: "places-file", accept: ".geojson,.json,.gpkg,.kml,.csv" });
    file.addEventListener("change", () => void this.#load(file));
    const rows = this.#own.map((one) =>
      h(
        "div",
        { class: "places-line" },
        h(
          "span",
          {},
          h("b", {}, one.id),
          h(
            "small",
            { class: "quiet" },
            `${say("places", { n: String(one.places) })}${one.kinds.length ? ` · ${one.kinds.join(", ")}` : ""}`,
          ),
        ),
        this.#remover(
          () => `/api/layers/${encodeURIComponent(one.id)}`,
          one.id,
          () => this.#readLayers(),
        ),
      ),
    );
    keepingFocus(this.#layers, () =>
      this.#layers.replaceChildren(
        h("h3", {}, say("layers")),
        h("p", { class: "quiet small" }, say("layers_say")),
        ...rows,
        h("label", { class: "places-load", for: "places-file" }, say("load")),
        file,
      ),
    );
  }

  async #load(input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    if (!file) return;
    if (file.size > MOST_BYTES) return this.#desk.announce(this.#say("too_large", { name: file.name }), "fault");
    try {
      const content = base64(new Uint8Array(await file.arrayBuffer()));
      const told = await this.#desk.api.send<{ places: number; without_name: number; faults: Record<string, number> }>(
        "POST",
        "/api/layers",
        { file: file.name, content },
      );
      await this.#readLayers();
      const lost = told.without_name + Object.values(told.faults).reduce((sum, n) => sum + n, 0);
      this.#desk.announce(this.#say("loaded", { n: String(told.places), lost: String(lost) }));
    } catch (fault) {
      this.#desk.failed(fault);
    }
  }
}

export const panel: Panel = {
  id: "places",
  icon: "M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11zM12 12.2a2.2 2.2 0 1 0 0-4.4a2.2 2.2 0 0 0 0 4.4z",
  names: { en: "Places", uk: "Місця" },
  make: (desk) => new Places(desk),
};
