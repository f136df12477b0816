// The user's own imagery under the map: which there is, which is on, how much of the map's colours lies over it.
import { button, form, h, replace } from "../../src/dom";
import { keepingFocus } from "../focus";
import type { Desk } from "../panel";
import type { Background, Backgrounds, PlacesSay } from "./places_told";

const RASTER = "places-imagery";
const COLOURS_OVER = 0.4;
const FORMATS: Readonly<Record<string, string>> = { mbtiles: "MBTiles", pmtiles: "PMTiles", cog: "GeoTIFF" };

/** A button that takes something away. */
export const remover = (say: PlacesSay, name: string, act: () => void): HTMLButtonElement => {
  const words = say("remove", { name });
  return button({ class: "tool", "aria-label": words, title: words }, act, "×");
};

export class Imagery {
  readonly element = h("section", { class: "places-part", id: "places-imagery", tabindex: -1 });
  readonly #desk: Desk;
  readonly #say: PlacesSay;
  #known: Backgrounds = { backgrounds: [], shown: null };
  /** How much of the map's own colours is seen over the imagery. */
  #over = COLOURS_OVER;

  constructor(desk: Desk, say: PlacesSay) {
    [this.#desk, this.#say] = [desk, say];
    void this.#read();
  }

  async #read(): Promise<void> {
    try {
      this.#known = await this.#desk.api.get<Backgrounds>("/api/backgrounds");
      this.draw();
      this.paint();
    } catch (fault) {
      this.#desk.failed(fault);
    }
  }

  get #on(): Background | null {
    return this.#known.backgrounds.find((one) => one.id === this.#known.shown) ?? null;
  }

  // Drawing

  draw(): void {
    const say = this.#say;
    const { backgrounds, shown } = this.#known;
    keepingFocus(this.element, () =>
      replace(
        this.element,
        h("h3", {}, say("imagery")),
        h("p", { class: "quiet small" }, say("imagery_says")),
        h(
          "div",
          { role: "radiogroup", "aria-label": say("imagery") },
          this.#choice(null, say("off"), shown === null),
          backgrounds.map((one) => this.#row(one)),
        ),
        this.#on && this.#overParts(this.#on),
        this.#adding(),
      ),
    );
  }

  #overParts({ credit }: Background): HTMLElement[] {
    const over = h("input", { type: "range", id: "places-over", min: 0, max: 1, step: 0.05, value: this.#over });
    over.addEventListener("input", () => {
      this.#over = Number(over.value);
      this.paint();
    });
    return [
      h("label", { class: "places-over", for: "places-over" }, this.#say("over")),
      over,
      ...(credit ? [h("p", { class: "quiet small" }, credit)] : []),
    ];
  }

  #choice(id: string | null, words: string, checked: boolean, disabled = false): HTMLLabelElement {
    const input = h("input", { type: "radio", name: "places-imagery", value: id ?? "", checked, disabled });
    input.addEventListener("change", () => void this.#show(id));
    return h("label", { class: "places-row" }, input, h("span", {}, words));
  }

  #row(one: Background): HTMLElement {
    const label = this.#choice(one.id, one.name, one.id === this.#known.shown, one.fault !== null);
    label.append(this.#about(one));
    return h(
      "div",
      { class: "places-line" },
      label,
      remover(this.#say, one.name, () => void this.#remove(one)),
    );
  }

  /** What is wrong with it; where it asks for tiles; or what kind of file it is. */
  #about(one: Background): HTMLElement {
    if (one.fault) return h("small", { class: "fault" }, one.said?.[this.#desk.store.now.language] ?? one.fault);
    if (one.host) return h("small", { class: "places-remote" }, this.#say("goes_to", { host: one.host }));
    const outside = this.#isOutside(one) ? this.#say("outside") : "";
    const parts = [FORMATS[one.kind] ?? one.kind, this.#say("from_disk"), outside];
    return h("small", { class: "quiet" }, parts.filter(Boolean).join(" · "));
  }

  /** Whether a file shows nothing of the theatre. */
  #isOutside({ bounds }: Background): boolean {
    const [west, south, east, north] = this.#desk.about.bounds;
    return bounds ? bounds[0] > east || bounds[2] < west || bounds[1] > north || bounds[3] < south : false;
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
    return form(
      { class: "places-form" },
      () => void this.#add(address.value, name.value),
      h("label", { for: "places-address" }, say("address")),
      address,
      h("label", { for: "places-name" }, say("name")),
      name,
      h("button", { type: "submit", class: "plain" }, say("add")),
    );
  }

  // Choosing

  async #add(address: string, name: string): Promise<void> {
    try {
      const one = await this.#desk.api.send<Background>("POST", "/api/backgrounds", { address, name });
      await this.#read();
      this.#desk.announce(this.#say("added", { name: one.name }));
      this.element.querySelector<HTMLInputElement>(`input[value="${CSS.escape(one.id)}"]`)?.focus();
    } catch (fault) {
      this.#desk.failed(fault);
    }
  }

  async #remove({ id }: Background): Promise<void> {
    try {
      await this.#desk.api.send("DELETE", `/api/backgrounds/${id}`);
      await this.#read();
    } catch (fault) {
      this.#desk.failed(fault);
    }
  }

  async #show(id: string | null): Promise<void> {
    type Told = { readonly shown: string | null; readonly reload: boolean };
    try {
      const { shown, reload } = await this.#desk.api.send<Told>("PUT", "/api/backgrounds/shown", { id });
      this.#known = { ...this.#known, shown };
      // The page's rules name the hosts it may ask: they come with the page, so that it is loaded anew.
      if (reload) return location.reload();
      this.draw();
      this.paint();
      this.#desk.announce(this.#on ? this.#say("shown", { name: this.#on.name }) : this.#say("all_off"));
      this.element.querySelector<HTMLInputElement>("input:checked")?.focus();
    } catch (fault) {
      this.#desk.failed(fault);
      await this.#read();
    }
  }

  /** The imagery that is on, below the map's colours; these become thinner over it. */
  paint(): void {
    const { gl, colours } = this.#desk.map;
    const on = this.#on?.fault === null ? this.#on : null;
    if (gl.getLayer(RASTER)) gl.removeLayer(RASTER);
    if (gl.getSource(RASTER)) gl.removeSource(RASTER);
    gl.setPaintProperty("held", "fill-opacity", on ? colours.fillOpacity * this.#over : colours.fillOpacity);
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
}
