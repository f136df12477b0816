// A flat map of sources that share their tiles, drawn with less: on a software renderer each full screen of pixels costs
// some 5 ms. The engine draws a sky over the whole window, even where a map can never be tilted into it; and before each
// layer of another source than the last it draws the outlines of that source's tiles anew, though all ours are the same.
import type { Map as GlMap } from "maplibre-gl";
import { FrameRenderContext } from "maplibre-gl/src/render/frame_render_context";

const { prototype: frame } = FrameRenderContext;
const draw = frame.renderTileClippingMasks;

/** Whether the masks that are drawn are those of the same tiles. Fewer tiles will not do: what lies over each other is cut off by its neighbours. */
const isDrawn = (masks: Readonly<Record<string, number>>, tiles: readonly { readonly key: string }[]): boolean =>
  Object.keys(masks).length === tiles.length && tiles.every((tile) => tile.key in masks);

frame.renderTileClippingMasks = function (layer, tiles): void {
  const isSame =
    this.currentStencilSource !== undefined && layer.isTileClipped() && isDrawn(this.tileClippingMaskIDs, tiles ?? []);
  if (isSame) this.currentStencilSource = layer.source;
  else draw.call(this, layer, tiles);
};

/** Leave out what a map that lies flat never shows. */
export function lean({ painter }: GlMap): void {
  painter.drawFunctions = { ...painter.drawFunctions, sky: () => undefined };
}

/** So long may a picture stay that is about to be replaced. */
const LONGEST_MS = 1000;

type Draw = GlMap["painter"]["render"];

const viewOf = ({ center: { lng, lat }, zoom, bearing, width, height }: Parameters<Draw>[1]): string =>
  [lng, lat, zoom, bearing, width, height].join();

/** Draw what changes in these sources once all of it is there: a day comes whole, not tile by tile, and is drawn once. A map that moves is drawn as it moves. */
export function whole(gl: GlMap, sources: readonly string[]): void {
  const { painter } = gl;
  const draw: Draw = painter.render.bind(painter);
  let [drawn, at] = ["", 0];
  painter.render = (style, transform, options) => {
    const view = `${viewOf(transform)} ${painter.width} ${painter.height}`; // the second two in pixels of the screen
    const isComing = sources.some((one) => !gl.isSourceLoaded(one));
    if (view === drawn && isComing && performance.now() - at < LONGEST_MS) return;
    [drawn, at] = [view, performance.now()];
    draw(style, transform, options);
  };
}

/** Draw letters before they are asked for, while the worker still reads the day. */
export function drawLetters(gl: GlMap, stack: string, text: string): void {
  void gl.style.glyphManager.getGlyphs({ [stack]: { default: [...new Set(text)] } });
}
