// What changed between two dates, or differs between two mappers' maps, as a layer.
import type { CanvasSource, Map as GlMap } from "maplibre-gl";
import type { MultiPolygon, Polygon, Position } from "geojson";
import { apartOf, apartPixel } from "./apart";
import type { Half } from "./curtain";
import type { Document, Sheet } from "./data";
import type { Palette } from "./palette";

/** What a class at a spot is painted as, in canvases of classes: nothing, grey, or a side's number. */
const CLASS_STEP = 60;
const classColour = (k: number): string => `rgb(${(k + 1) * CLASS_STEP},0,0)`;
/** The class behind a painted value; edges between two classes, which a canvas softens, are none. */
export const classOf = (value: number): number | null =>
  value > 0 && value % CLASS_STEP === 0 ? value / CLASS_STEP - 1 : null;

type Place = (spot: Position) => readonly [number, number];

function trace(brush: CanvasRenderingContext2D, shape: Polygon | MultiPolygon, place: Place): void {
  const parts = shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates;
  brush.beginPath();
  for (const ring of parts.flat()) {
    for (const [k, spot] of ring.entries()) brush[k ? "lineTo" : "moveTo"](...place(spot));
    brush.closePath();
  }
  brush.fill("evenodd");
}

/** A sheet's classes as red values of pixels: 0 none, then grey, then the sides in their order. */
function classes(data: Document, sheet: Sheet, width: number, height: number, place: Place): Uint8ClampedArray {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  if (!brush) return new Uint8ClampedArray(width * height * 4);
  for (const area of sheet.areas.features) {
    const side = data.sides.findIndex((one) => one.id === area.properties.side);
    brush.fillStyle = classColour(area.properties.class === "held" && side >= 0 ? side + 1 : 0);
    trace(brush, area.geometry, place);
  }
  return brush.getImageData(0, 0, width, height).data;
}

/** What became another class, painted in the colour of what it became, dotted so that it is told from ground held all along. */
function differences(
  before: Uint8ClampedArray,
  after: Uint8ClampedArray,
  width: number,
  colours: Palette,
): Uint8ClampedArray<ArrayBuffer> {
  const found = new Uint8ClampedArray(before.length);
  const paints = [colours.greyLine, ...colours.sides.map((side) => side.line)];
  for (let i = 0; i < before.length; i += 4) {
    const [was, is] = [classOf(before[i] ?? 0), classOf(after[i] ?? 0)];
    if (was === null || is === null || was === is) continue;
    const pixel = i / 4;
    const stripe = ((pixel % width) + Math.floor(pixel / width)) % 6 < 4;
    const [r, g, b] = paints[is] ?? colours.greyLine;
    found.set([r, g, b, stripe ? 235 : 110], i);
  }
  return found;
}

/** What only one of two mappers' maps shows as held, for the sides that the other draws. */
function heldApart(
  theirs: Uint8ClampedArray,
  ours: Uint8ClampedArray,
  width: number,
  colours: Palette,
  drawn: ReadonlySet<number>,
): Uint8ClampedArray<ArrayBuffer> {
  const found = new Uint8ClampedArray(ours.length);
  for (let i = 0; i < ours.length; i += 4) {
    const [mine, other] = [ours[i] ?? 0, theirs[i] ?? 0];
    if (mine === other || mine % CLASS_STEP || other % CLASS_STEP) continue; // softened edges
    const pixel = i / 4;
    const painted = apartPixel(
      apartOf(classOf(mine), classOf(other), drawn),
      pixel % width,
      Math.floor(pixel / width),
      colours,
    );
    if (painted) found.set(painted, i);
  }
  return found;
}

const ID = "differences";

/** The layer of what changed between two dates, drawn anew for each view. */
export class Differences {
  readonly #gl: GlMap;
  readonly #data: Document;
  readonly #canvas = document.createElement("canvas");
  #now: { readonly half: Half; readonly after: Sheet; readonly colours: Palette } | null = null;

  /** `moved` is the map whose movements end where it is drawn anew: itself, or the one that it follows step by step. */
  constructor(gl: GlMap, data: Document, moved: GlMap = gl) {
    this.#gl = gl;
    this.#data = data;
    this.#canvas.width = this.#canvas.height = 2;
    gl.addSource(ID, { type: "canvas", canvas: this.#canvas, coordinates: this.#corners(), animate: false });
    gl.addLayer(
      {
        id: ID,
        type: "raster",
        source: ID,
        layout: { visibility: "none" },
        paint: { "raster-fade-duration": 0, "raster-resampling": "nearest" },
      },
      "bands",
    );
    const draw = (): void => this.#draw();
    moved.on("moveend", draw);
    if (moved !== gl) gl.on("resize", draw); // it takes its new size after the one that it follows
    gl.once("remove", () => void moved.off("moveend", draw));
  }

  #corners(): [[number, number], [number, number], [number, number], [number, number]] {
    const bounds = this.#gl.getBounds();
    const [west, south, east, north] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    return [
      [west, north],
      [east, north],
      [east, south],
      [west, south],
    ];
  }

  /** Show what changed from another half to a sheet; nothing for null. */
  show(half: Half | null, after: Sheet, colours: Palette): void {
    this.#now = half ? { half, after, colours } : null;
    this.#gl.setLayoutProperty(ID, "visibility", half ? "visible" : "none");
    this.#draw();
  }

  #draw(): void {
    if (!this.#now) return;
    const { clientWidth: width, clientHeight: height } = this.#gl.getContainer();
    if (!width || !height) return;
    const place: Place = ([lon = 0, lat = 0]) => {
      const { x, y } = this.#gl.project([lon, lat]);
      return [x, y];
    };
    const { half, after, colours } = this.#now;
    [this.#canvas.width, this.#canvas.height] = [width, height];
    const [other, own] = [
      classes(this.#data, half.sheet, width, height, place),
      classes(this.#data, after, width, height, place),
    ];
    const drawn = new Set(half.mapper?.draws.map((side) => this.#data.sides.findIndex((one) => one.id === side)));
    const painted = half.mapper
      ? heldApart(other, own, width, colours, drawn)
      : differences(other, own, width, colours);
    this.#canvas.getContext("2d")?.putImageData(new ImageData(painted, width, height), 0, 0);
    const source = this.#gl.getSource<CanvasSource>(ID);
    source?.setCoordinates(this.#corners());
    source?.play();
    source?.pause();
  }
}
