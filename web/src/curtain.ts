// The curtain: a second map of another date over the first, cut off where the reader draws it to.
import type { Map as GlMap } from "maplibre-gl";
import type { Document, Sheet } from "./data";
import { h } from "./dom";
import { WarMap } from "./map";
import type { Palette } from "./palette";
import type { Language, LayerId } from "./state";

export class Curtain {
  readonly element = h("div", { id: "curtain" });
  readonly #box = h("div", { id: "curtain-map", "aria-hidden": "true" });
  readonly #edge = h("div", { id: "curtain-edge", "aria-hidden": "true" });
  readonly #label = h("p", { id: "curtain-label" });
  readonly #slider = h("input", { type: "range", id: "curtain-slider", min: 0, max: 100, step: 1, value: 50 });
  #map: WarMap | null = null;
  #unfollow = (): void => undefined;

  private constructor() {
    this.element.append(this.#box, this.#edge, this.#label, this.#slider);
    this.#slider.addEventListener("input", () => this.#draw());
    this.#draw();
  }

  /** A curtain over a map's container; its map follows the other. */
  static async over(main: GlMap, data: Document, colours: Palette): Promise<Curtain> {
    const curtain = new Curtain();
    main.getContainer().after(curtain.element);
    curtain.#map = await WarMap.in(curtain.#box, data, colours, null);
    const gl = curtain.#map.gl;
    gl.getCanvas().tabIndex = -1;
    const follow = (): void => void gl.jumpTo({ center: main.getCenter(), zoom: main.getZoom() });
    main.on("move", follow);
    curtain.#unfollow = () => void main.off("move", follow);
    follow();
    return curtain;
  }

  #draw(): void {
    const share = `${this.#slider.value}%`;
    this.#box.style.clipPath = `inset(0 calc(100% - ${share}) 0 0)`;
    this.#edge.style.left = share;
  }

  /** What it shows, and the words for both sides of its edge. */
  show(sheet: Sheet, layers: ReadonlySet<LayerId>, language: Language, words: { readonly slider: string; readonly label: string }): void {
    this.#map?.show(sheet, language);
    this.#map?.choose(layers);
    this.#slider.setAttribute("aria-label", words.slider);
    this.#label.textContent = words.label;
  }

  repaint(colours: Palette): void {
    this.#map?.repaint(colours);
  }

  remove(): void {
    this.#unfollow();
    this.#map?.gl.remove();
    this.element.remove();
  }
}
