// The measuring tool: click corners on the map; length in km and miles, from three corners on the area between them.
import type { GeoJSONSource, LayerSpecification, Map as GlMap, MapMouseEvent } from "maplibre-gl";
import type { FeatureCollection, Position } from "geojson";
import type { Lonlat } from "./data";
import { h } from "./dom";
import { distanceKm, EARTH_KM, rad } from "./geometry";
import { km2Text, numberText, say } from "./i18n";
import { collection, line, NOTHING, point, polygon } from "./geojson";
import { repaint } from "./layers";
import type { Palette } from "./palette";
import type { Store } from "./state";

const MILE_KM = 1.609344;

/** The length along corners, in km on the sphere. */
export const lengthKm = (corners: readonly Lonlat[]): number =>
  corners.slice(1).reduce((sum, corner, k) => sum + distanceKm(corners[k] ?? corner, corner), 0);

/** The area inside corners in km², on the sphere: the sum of the strips between each side and the equator. */
export function ringKm2(corners: readonly Lonlat[]): number {
  let sum = 0;
  for (const [k, [lon, lat]] of corners.entries()) {
    const [nextLon, nextLat] = corners[(k + 1) % corners.length] ?? [lon, lat];
    sum += rad(nextLon - lon) * (2 + Math.sin(rad(lat)) + Math.sin(rad(nextLat)));
  }
  return Math.abs((sum * EARTH_KM ** 2) / 2);
}

const layers = (colours: Palette): LayerSpecification[] => [
  {
    id: "measure-area",
    type: "fill",
    source: "measure",
    filter: ["==", ["geometry-type"], "Polygon"],
    paint: { "fill-color": colours.ink, "fill-opacity": 0.12 },
  },
  {
    id: "measure-case",
    type: "line",
    source: "measure",
    filter: ["==", ["geometry-type"], "LineString"],
    paint: { "line-color": colours.paper, "line-width": 5 },
  },
  {
    id: "measure-line",
    type: "line",
    source: "measure",
    filter: ["==", ["geometry-type"], "LineString"],
    paint: { "line-color": colours.ink, "line-width": 2.2 },
  },
  {
    id: "measure-corner",
    type: "circle",
    source: "measure",
    filter: ["==", ["geometry-type"], "Point"],
    paint: {
      "circle-radius": 4.5,
      "circle-color": colours.paper,
      "circle-stroke-color": colours.ink,
      "circle-stroke-width": 2,
    },
  },
];

function drawn(corners: readonly Lonlat[]): FeatureCollection {
  const places = corners.map(([lon, lat]): Position => [lon, lat]);
  return collection([
    places.length > 2 ? polygon([...places, ...places.slice(0, 1)]) : null,
    places.length > 1 ? line(places) : null,
    ...places.map((at) => point(at)),
  ]);
}

export class Measure {
  readonly element = h("p", { id: "measured", role: "status", hidden: true });
  readonly #gl: GlMap;
  readonly #store: Store;
  #corners: Lonlat[] = [];
  #on = false;

  constructor(gl: GlMap, store: Store, colours: Palette) {
    this.#gl = gl;
    this.#store = store;
    gl.addSource("measure", { type: "geojson", data: NOTHING });
    for (const layer of layers(colours)) gl.addLayer(layer);
    gl.on("click", (event: MapMouseEvent) => this.#on && this.add([event.lngLat.lng, event.lngLat.lat]));
    gl.getCanvas().addEventListener("keydown", (event) => this.#key(event));
  }

  /** Whether clicks are corners now. */
  get on(): boolean {
    return this.#on;
  }

  /** Begin, or end and clear. */
  toggle(on = !this.#on): void {
    this.#on = on;
    this.#corners = [];
    this.#gl.doubleClickZoom[on ? "disable" : "enable"]();
    this.draw();
  }

  add(corner: Lonlat): void {
    this.#corners = [...this.#corners, corner];
    this.draw();
  }

  /** With the keyboard: Enter puts a corner at the crosshair, Backspace takes the last one back. */
  #key(event: KeyboardEvent): void {
    if (!this.#on) return;
    const { lng, lat } = this.#gl.getCenter();
    if (event.key === "Enter") this.add([lng, lat]);
    if (event.key === "Backspace") {
      this.#corners = this.#corners.slice(0, -1);
      this.draw();
    }
  }

  repaint(colours: Palette): void {
    repaint(this.#gl, layers(colours));
  }

  /** Shape and words. */
  draw(): void {
    const { language } = this.#store.now;
    void this.#gl.getSource<GeoJSONSource>("measure")?.setData(drawn(this.#corners));
    this.element.hidden = !this.#on;
    const km = lengthKm(this.#corners);
    const digits = km < 10 ? 2 : 1;
    const length = say(language, "measured_length", {
      km: numberText(km, language, digits),
      miles: numberText(km / MILE_KM, language, digits),
    });
    const km2 = ringKm2(this.#corners);
    const area =
      this.#corners.length > 2
        ? ` · ${say(language, "measured_area", { km2: km2Text(km2, language, km2 < 100 ? 1 : 0) })}`
        : "";
    this.element.textContent = this.#corners.length < 2 ? say(language, "measure_hint") : `${length}${area}`;
  }
}
