// Ground or a path drawn on the map, and the paint of what is drawn.
import type { Position } from "geojson";
import type { LayerSpecification } from "maplibre-gl";
import { collection, line, point } from "../../src/geojson";
import type { Desk } from "../panel";

const INK = "#d6006c";

/** How a sketch in a source lies on the map. */
export const sketchLayers = (source: string, corners: string): LayerSpecification[] => [
  { id: source, type: "line", source, paint: { "line-color": INK, "line-width": 2.4 } },
  {
    id: corners,
    type: "circle",
    source,
    filter: ["==", ["geometry-type"], "Point"],
    paint: { "circle-radius": 4.5, "circle-color": "#fff", "circle-stroke-color": INK, "circle-stroke-width": 2 },
  },
];

/** Ground or a path drawn corner by corner: by clicks, or at the crosshair with the keyboard. */
export class Sketch {
  readonly #desk: Desk;
  readonly #source: string;
  readonly #changed: () => void;
  #points: Position[] = [];
  #isGround = false;
  on = false;

  constructor(desk: Desk, source: string, changed: () => void) {
    [this.#desk, this.#source, this.#changed] = [desk, source, changed];
  }

  get points(): readonly Position[] {
    return this.#points;
  }

  /** Begin; `isGround` closes what is drawn. */
  start(isGround: boolean): void {
    [this.on, this.#isGround, this.#points] = [true, isGround, []];
    this.#desk.map.gl.getCanvas().focus();
    this.#draw();
  }

  stop(): void {
    if (!this.on && this.#points.length === 0) return;
    [this.on, this.#points] = [false, []];
    this.#draw();
  }

  /** No more corners; what was drawn stays. */
  finish(): void {
    this.on = false;
    this.#draw();
  }

  add(spot: readonly [number, number]): void {
    this.#points.push([Number(spot[0].toFixed(6)), Number(spot[1].toFixed(6))]);
    this.#draw();
  }

  /** A corner where the crosshair is. */
  addCentre(): void {
    const { lng, lat } = this.#desk.map.gl.getCenter();
    this.add([lng, lat]);
  }

  takeBack(): void {
    this.#points.pop();
    this.#draw();
  }

  /** The ground, once it has three corners. */
  get polygon(): GeoJSON.Polygon | null {
    const first = this.#points[0];
    return this.#points.length < 3 || !first ? null : { type: "Polygon", coordinates: [[...this.#points, first]] };
  }

  #draw(): void {
    const path = this.#isGround && this.polygon ? (this.polygon.coordinates[0] ?? []) : this.#points;
    this.#desk.map.set(
      this.#source,
      collection([
        path.length > 1 ? line(path, { role: "sketch" }) : null,
        ...this.#points.map((corner) => point(corner, { role: "corner" })),
      ]),
    );
    this.#changed();
  }
}
