// The few inner parts of MapLibre that we build on (it is pinned, and bundled from its sources): its own types do not tell of them.
declare module "maplibre-gl/src/render/frame_render_context" {
  interface Tile {
    readonly key: string;
  }
  interface Layer {
    readonly source: string;
    isTileClipped(): boolean;
  }
  export class FrameRenderContext {
    /** The source whose masks were drawn last; undefined where something else was drawn over them. */
    currentStencilSource: string | undefined;
    /** The mask's number by the tile's key. */
    tileClippingMaskIDs: Record<string, number>;
    renderTileClippingMasks(layer: Layer, tiles: readonly Tile[] | null | undefined): void;
  }
}

declare module "maplibre-gl/src/util/web_worker_transfer" {
  /** Make instances of a class known to the worker: sent as `serialize` writes them, received as `deserialize` makes them. */
  export function register(
    name: string,
    kind: { new (...given: never[]): unknown; serialize(one: never): object; deserialize(written: never): unknown },
  ): void;
}
