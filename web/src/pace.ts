// Draws one day at a time: days that come while the map still draws one are passed over but for the last, so that the slider never waits for it.
import type { Map as GlMap } from "maplibre-gl";

/** The map takes the next day after so long, even if it is not at rest. */
const DRAWN_WITHIN_MS = 250;

export class Pace {
  readonly #gl: GlMap;
  readonly #show: () => void;
  #isDrawing = false;
  #isBehind = false;

  /** `show` puts the day on the map that is wanted at that moment. */
  constructor(gl: GlMap, show: () => void) {
    this.#gl = gl;
    this.#show = show;
  }

  /** Draw the day that is wanted: now, or once the one before is drawn. */
  draw(): void {
    this.#isBehind = this.#isDrawing;
    if (this.#isBehind) return;
    this.#isDrawing = true;
    this.#show();
    const waiting = window.setTimeout(() => done(), DRAWN_WITHIN_MS);
    const done = (): void => {
      window.clearTimeout(waiting);
      this.#gl.off("idle", done);
      this.#isDrawing = false;
      if (this.#isBehind) this.draw();
    };
    this.#gl.on("idle", done);
  }
}
