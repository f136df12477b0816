// Places as the server tells them: what a search finds, the user's own imagery, layers of named places; and how they lie on the map.
import type { FeatureCollection } from "geojson";
import type { Names } from "../../src/data";
import { FONTS } from "../../src/layers";
import type { Said } from "../api";
import type { Overlay } from "../map";
import type { Say } from "../panel";
import type { PlacesKey } from "./places_words";

export type PlacesSay = Say<PlacesKey>;

export interface Background {
  readonly id: string;
  readonly name: string;
  readonly credit: string;
  readonly kind: string;
  readonly host: string | null;
  readonly fault: string | null;
  readonly said?: Said;
  readonly tiles: readonly string[];
  readonly scheme?: "xyz" | "tms";
  readonly min_zoom?: number;
  readonly max_zoom?: number;
  readonly bounds?: readonly [number, number, number, number] | null;
}
export interface Backgrounds {
  readonly backgrounds: readonly Background[];
  readonly shown: string | null;
}
export interface Layer {
  readonly id: string;
  readonly places: number;
  readonly kinds: readonly string[];
}
export interface Layers {
  readonly layers: readonly Layer[];
  readonly shapes: FeatureCollection;
}
export interface Place {
  readonly name: string;
  readonly names: Names;
  readonly as: string;
  readonly kind: string;
  readonly layer: string;
  readonly lon: number;
  readonly lat: number;
}

export const OVERLAY: Overlay = {
  sources: ["places", "places-found"],
  layers: (colours) => [
    {
      id: "places-area",
      type: "fill",
      source: "places",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": colours.ink, "fill-opacity": 0.05 },
    },
    {
      id: "places-line",
      type: "line",
      source: "places",
      filter: ["!=", ["geometry-type"], "Point"],
      paint: { "line-color": colours.ink, "line-width": 1.2, "line-opacity": 0.7 },
    },
    {
      id: "places-point",
      type: "circle",
      source: "places",
      filter: ["==", ["geometry-type"], "Point"],
      paint: {
        "circle-radius": 3,
        "circle-color": colours.paper,
        "circle-stroke-color": colours.ink,
        "circle-stroke-width": 1.2,
      },
    },
    {
      id: "places-name",
      type: "symbol",
      source: "places",
      minzoom: 11,
      layout: {
        "text-field": ["get", "name"],
        "text-font": FONTS,
        "text-size": 11,
        "symbol-placement": "point",
        "text-offset": [0, 0.9],
        "text-padding": 4,
      },
      paint: { "text-color": colours.ink, "text-halo-color": colours.paper, "text-halo-width": 1.6 },
    },
    {
      id: "places-spot",
      type: "circle",
      source: "places-found",
      paint: {
        "circle-radius": 11,
        "circle-opacity": 0,
        "circle-stroke-color": colours.ink,
        "circle-stroke-width": 2.5,
      },
    },
  ],
};
