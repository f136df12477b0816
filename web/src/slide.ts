// While a map is dragged, its last picture slides along, for the browser moves a picture many times faster than a software
// renderer draws one. The picture reaches beyond the window on all sides; the map is drawn anew when that rim is used up,
// when the hand rests, when what was still loading is there, and at the end of the movement.
import { MercatorCoordinate, type Map as GlMap } from "maplibre-gl";

/** How far the picture reaches beyond the window on each side, in CSS pixels. */
export const RIM_PX = 160;
const REST_MS = 400;
const TILE_PX = 512;

type Draw = GlMap["painter"]["render"];
type Transform = Parameters<Draw>[1];

/** Where a picture was drawn: the middle on Mercator's unit square, and all that a slide leaves as it is. */
interface Picture {
  readonly x: number;
  readonly y: number;
  readonly rest: string;
  readonly size: number;
}

function pictureOf({ center, zoom, bearing, pitch, width, height }: Transform): Picture {
  const { x, y } = MercatorCoordinate.fromLngLat(center);
  return { x, y, rest: [zoom, bearing, pitch, width, height].join(), size: TILE_PX * 2 ** zoom };
}

/** By how many CSS pixels a picture must slide to show another's ground; null if it cannot. */
function way(from: Picture, to: Picture): readonly [number, number] | null {
  if (from.rest !== to.rest) return null;
  const whole = (px: number): number => Math.round(px * devicePixelRatio) / devicePixelRatio; // no blur
  const [x, y] = [whole((from.x - to.x) * to.size), whole((from.y - to.y) * to.size)];
  return Math.max(Math.abs(x), Math.abs(y)) <= RIM_PX ? [x, y] : null;
}

/** Let a map's picture slide; its container must reach `RIM_PX` beyond what is seen of it. */
export function slide(gl: GlMap): void {
  const { painter } = gl;
  const [canvas, container, draw] = [gl.getCanvas(), gl.getContainer(), painter.render.bind(painter)];
  let drawn: (Picture & { readonly isWhole: boolean }) | null = null;
  let timer = 0;
  let isResting = false;
  // MapLibre tells spots from where the canvas stands; the map stands where its container does.
  canvas.getBoundingClientRect = () => container.getBoundingClientRect();

  const rest = (): void => {
    isResting = true;
    gl.triggerRepaint();
  };
  painter.render = (style, transform, options) => {
    const now = pictureOf(transform);
    const slides = options.moving && !options.zooming && !isResting && drawn && (drawn.isWhole || !gl.areTilesLoaded());
    const by = slides && drawn ? way(drawn, now) : null;
    window.clearTimeout(timer);
    isResting = false;
    if (by) {
      canvas.style.transform = `translate(${by[0]}px, ${by[1]}px)`;
      timer = window.setTimeout(rest, REST_MS);
      return;
    }
    draw(style, transform, options);
    canvas.style.transform = "";
    drawn = { ...now, isWhole: gl.areTilesLoaded() };
  };
  gl.on("moveend", () => gl.triggerRepaint());
}
