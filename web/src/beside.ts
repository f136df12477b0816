// Another map beside the one that is shown: the curtain over it, and what the two differ by as a layer.
import type { Map as GlMap } from "maplibre-gl";
import { Differences } from "./compare";
import { Curtain, type Half } from "./curtain";
import type { Document, Sheet } from "./data";
import type { Palette } from "./palette";
import type { State } from "./state";

export class Beside {
  readonly #gl: GlMap;
  readonly #data: Document;
  readonly #differences: Differences;
  #curtain: Promise<Curtain> | null = null;

  constructor(gl: GlMap, data: Document) {
    this.#gl = gl;
    this.#data = data;
    this.#differences = new Differences(gl, data);
  }

  /** Show the other half, or none; `shown` is what stands on the map itself. */
  show(half: Half | null, shown: Sheet, { differences, layers, language }: State, colours: Palette): void {
    this.#differences.show(differences ? half : null, shown, colours);
    if (!half) {
      void this.#curtain?.then((curtain) => curtain.remove());
      this.#curtain = null;
      return;
    }
    this.#curtain ??= Curtain.over(this.#gl, this.#data, colours);
    void this.#curtain.then((curtain) => curtain.show(half, layers, language));
  }

  repaint(colours: Palette): void {
    void this.#curtain?.then((curtain) => curtain.repaint(colours));
  }
}
