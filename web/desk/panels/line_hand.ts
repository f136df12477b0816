// The hand on the line: which vertices are in view, which one is meant, and what is dragged where.
import type { Position } from "geojson";
import type { MapMouseEvent } from "maplibre-gl";
import { collection, line, point } from "../../src/geojson";
import type { Desk } from "../panel";
import type { Line } from "./line_told";
import { isSameSpot, nearestOnEdge, nearestVertex, partsOf, type Pixel } from "./line_vertices";

const NEAR_PX = 14;
/** A hand that moves less clicked. */
const STILL_PX = 3;
const SHOWN_FROM_ZOOM = 9;
const MOST_SHOWN = 4000;

interface Hands {
  /** Whether vertices may be dragged now. */
  isMoving(): boolean;
  chosen(): void;
  move(from: Position, to: Position): void;
}

export class LineHand {
  /** The vertex that keys and tools mean. */
  chosen: Position | null = null;
  readonly #desk: Desk;
  readonly #hands: Hands;
  #edges: Line["edges"] = null;
  #drag: Position | null = null;

  constructor(desk: Desk, hands: Hands) {
    [this.#desk, this.#hands] = [desk, hands];
    desk.map.gl.on("mousedown", (event) => this.#grab(event));
    desk.map.gl.on("mousemove", (event) => this.#pull(event));
    desk.map.gl.on("mouseup", (event) => this.#drop(event));
  }

  /** The line that lies under the hand. */
  take(edges: Line["edges"]): void {
    this.#edges = edges;
  }

  leave(): void {
    [this.chosen, this.#drag] = [null, null];
  }

  /** Whether the map is near enough to show vertices. */
  get isNear(): boolean {
    return this.#desk.map.gl.getZoom() >= SHOWN_FROM_ZOOM;
  }

  get inView(): Position[] {
    if (!this.isNear) return [];
    const { bounds } = this.#desk.map;
    return partsOf(this.#edges)
      .flat()
      .filter(([lon = 0, lat = 0]) => bounds.contains([lon, lat]))
      .slice(0, MOST_SHOWN);
  }

  /** The vertices in view, for the map; none while no tool takes them. */
  paint(isWanted: boolean): void {
    const vertices = isWanted ? this.inView : [];
    const points = vertices.map((one) => point(one, { chosen: isSameSpot(one, this.chosen) }));
    this.#desk.map.set("line-vertex", collection(points));
  }

  vertexNear(spot: readonly [number, number]): Position | null {
    return nearestVertex(this.inView, this.#pixel([...spot]), this.#pixel, NEAR_PX);
  }

  #edgeNear(spot: readonly [number, number]): Position | null {
    return nearestOnEdge(partsOf(this.#edges), this.#pixel([...spot]), this.#pixel, NEAR_PX / 2);
  }

  readonly #pixel = ([lon = 0, lat = 0]: Position): Pixel => this.#desk.map.gl.project([lon, lat]);

  /** Choose the next vertex in view, or the one before; its number among so many, null if there is none. */
  step(by: number): { readonly n: number; readonly all: number } | null {
    const all = this.inView;
    if (!all.length) return null;
    const at = all.findIndex((one) => isSameSpot(one, this.chosen));
    const next = (at + by + all.length) % all.length;
    this.chosen = all[next] ?? null;
    return { n: next + 1, all: all.length };
  }

  #grab(event: MapMouseEvent): void {
    if (!this.#hands.isMoving() || event.originalEvent.button !== 0) return;
    const spot = spotOf(event);
    this.#drag = this.vertexNear(spot) ?? this.#edgeNear(spot);
    if (!this.#drag) return;
    event.preventDefault(); // the map stays where it is
    this.chosen = this.#drag;
    this.#hands.chosen();
  }

  #pull(event: MapMouseEvent): void {
    if (this.#drag) this.#desk.map.set("line-sketch", collection([line([this.#drag, spotOf(event)])]));
  }

  #drop(event: MapMouseEvent): void {
    const from = this.#drag;
    if (!from) return;
    this.#drag = null;
    const { x, y } = this.#pixel(from);
    if (Math.hypot(event.point.x - x, event.point.y - y) >= STILL_PX) this.#hands.move(from, spotOf(event));
  }
}

const spotOf = ({ lngLat: { lng, lat } }: MapMouseEvent): [number, number] => [lng, lat];
