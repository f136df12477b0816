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
  const isSame = this.currentStencilSource !== undefined && layer.isTileClipped() && isDrawn(this.tileClippingMaskIDs, tiles ?? []);
  if (isSame) this.currentStencilSource = layer.source;
  else draw.call(this, layer, tiles);
};

/** Leave out what a map that lies flat never shows. */
export function lean({ painter }: GlMap): void {
  painter.drawFunctions = { ...painter.drawFunctions, sky: () => undefined };
}
