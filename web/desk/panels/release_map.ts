// The public map beside the private one: drawn from the edition's own files, over a plain ground that hides the desk's map.
import type { Feature, FeatureCollection } from "geojson";
import { css, type Palette } from "../../src/palette";
import type { Overlay } from "../map";
import type { Desk } from "../panel";
import { features, shape } from "./queue_parts";

/** What the map shows while the panel is open. */
export type Shown = "desk" | "private" | "public";
export interface Maps {
  readonly public: Readonly<Record<"areas" | "front" | "infiltration" | "reports" | "settlements", FeatureCollection>>;
  readonly private: FeatureCollection;
  readonly private_edge: GeoJSON.Geometry | null;
  readonly closed: GeoJSON.Geometry | null;
}

const SOURCES = [
  "release-under",
  "release-areas",
  "release-front",
  "release-cells",
  "release-other",
  "release-closed",
  "release-places",
] as const;
const side = (colours: Palette, part: "fill" | "line"): unknown => [
  "match",
  ["get", "n"],
  ...colours.sides.flatMap((one, i) => [i, css(one[part])]),
  css(part === "fill" ? colours.grey : colours.greyLine),
];

export const OVERLAY: Overlay = {
  sources: SOURCES,
  layers: (colours) => [
    { id: "release-under", type: "fill", source: "release-under", paint: { "fill-color": colours.land } },
    {
      id: "release-held",
      type: "fill",
      source: "release-areas",
      paint: {
        "fill-color": side(colours, "fill") as never,
        "fill-opacity": colours.fillOpacity,
        "fill-antialias": false,
      },
    },
    {
      id: "release-cell",
      type: "fill",
      source: "release-cells",
      paint: { "fill-color": side(colours, "line") as never, "fill-opacity": 0.28 },
    },
    {
      id: "release-cell-edge",
      type: "line",
      source: "release-cells",
      paint: { "line-color": side(colours, "line") as never, "line-width": 1 },
    },
    {
      id: "release-edge",
      type: "line",
      source: "release-front",
      layout: { "line-join": "round" },
      paint: { "line-color": side(colours, "line") as never, "line-width": 2.6 },
    },
    {
      id: "release-other",
      type: "line",
      source: "release-other",
      paint: { "line-color": colours.ink, "line-width": 1.3, "line-dasharray": [4, 3], "line-opacity": 0.8 },
    },
    {
      id: "release-closed",
      type: "line",
      source: "release-closed",
      paint: { "line-color": colours.ink, "line-width": 2, "line-dasharray": [0.2, 2] },
    },
    {
      id: "release-place",
      type: "circle",
      source: "release-places",
      paint: {
        "circle-radius": 4.5,
        "circle-color": colours.paper,
        "circle-stroke-color": side(colours, "line") as never,
        "circle-stroke-width": 2,
      },
    },
  ],
};
const BELOW = "settlement-name";

/** Add the layers, under the names of settlements and over reports and statuses, which are private. */
export function addTo(desk: Desk): void {
  desk.map.overlay(OVERLAY);
  const { gl } = desk.map;
  if (gl.getLayer(BELOW)) for (const layer of OVERLAY.layers(desk.map.colours)) gl.moveLayer(layer.id, BELOW);
}

/** Draw one of the maps, or nothing, so that the desk's own shows. */
export function draw(desk: Desk, maps: Maps | null, shown: Shown): void {
  const numbered = (found: FeatureCollection, key = "side"): FeatureCollection =>
    features(
      found.features.map((one) => ({
        ...one,
        properties: { ...one.properties, n: desk.about.sides.findIndex((other) => other.id === one.properties?.[key]) },
      })),
    );
  const set = (name: (typeof SOURCES)[number], data: FeatureCollection): void => desk.map.set(name, data);
  for (const name of SOURCES) set(name, features([]));
  if (!maps || shown === "desk") return;
  const [west, south, east, north] = desk.about.bounds;
  set(
    "release-under",
    features([
      shape({
        type: "Polygon",
        coordinates: [
          [
            [west, south],
            [east, south],
            [east, north],
            [west, north],
            [west, south],
          ],
        ],
      }),
    ]),
  );
  if (shown === "private") {
    set("release-areas", numbered(maps.private));
    return;
  }
  const isEdge = (one: Feature): boolean => one.properties?.["role"] === "edge";
  set("release-areas", numbered(maps.public.areas));
  set("release-front", numbered(features(maps.public.front.features.filter(isEdge))));
  set("release-cells", numbered(maps.public.reports, "seen"));
  set("release-other", features([shape(maps.private_edge)]));
  const places = maps.public.settlements.features.map((one): Feature => ({
    ...one,
    properties: { side: String(one.properties?.["status"] ?? "").replace(/^held_/, "") },
  }));
  set("release-places", numbered(features(places)));
  set("release-closed", features([shape(maps.closed)]));
}
