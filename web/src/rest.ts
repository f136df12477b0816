/** Whether a map is at rest, told on the page's root: `data-map` is "drawing" or "still". For whoever waits for it. */
import type { Map as GlMap } from "maplibre-gl";

const STIRS = ["dataloading", "movestart", "render"] as const;

/** Tell from now on. A map that is idle has read all, moves no more and has drawn what it read; `isBusy` says whether more is to come. */
export function tellRest(gl: GlMap, isBusy = (): boolean => false): void {
  const root = document.documentElement;
  for (const stir of STIRS) gl.on(stir, () => (root.dataset["map"] = "drawing"));
  gl.on("idle", () => (root.dataset["map"] = isBusy() ? "drawing" : "still"));
}
