// The public map beside the private one: drawn from the edition's own files, over a plain ground that hides the desk's map.
import type { Feature, FeatureCollection } from "geojson";
import type { ExpressionSpecification } from "maplibre-gl";
import { boxRing, collection, NOTHING, polygon, shape } from "../../src/geojson";
import { css, type Palette } from "../../src/palette";
import type { Overlay } from "../map";
import type { Desk } from "../panel";

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

/** The colour of the side whose number a feature has. */
const sideOf = (colours: Palette, part: "fill" | "line"): ExpressionSpecification =>
  [
    "match",
    ["get", "n"],
    ...colours.sides.flatMap((one, i) => [i, css(one[part])]),
    css(part === "fill" ? colours.grey : colours.greyLine),
  ] as unknown as ExpressionSpecification;

const OVERLAY: Overlay = {
  sources: SOURCES,
  layers: (colours) => [
    { id: "release-under", type: "fill", source: "release-under", paint: { "fill-color": colours.land } },
    {
      id: "release-held",
      type: "fill",
      source: "release-areas",
      paint: { "fill-color": sideOf(colours, "fill"), "fill-opacity": colours.fillOpacity, "fill-antialias": false },
    },
    {
      id: "release-cell",
      type: "fill",
      source: "release-cells",
      paint: { "fill-color": sideOf(colours, "line"), "fill-opacity": 0.28 },
    },
    {
      id: "release-cell-edge",
      type: "line",
      source: "release-cells",
      paint: { "line-color": sideOf(colours, "line"), "line-width": 1 },
    },
    {
      id: "release-edge",
      type: "line",
      source: "release-front",
      layout: { "line-join": "round" },
      paint: { "line-color": sideOf(colours, "line"), "line-width": 2.6 },
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
        "circle-stroke-color": sideOf(colours, "line"),
        "circle-stroke-width": 2,
      },
    },
  ],
};
const BELOW = "settlement-name";
const COUNTS = "cluster-count";

/** Add the layers, under the names of settlements and over reports and statuses, which are private. */
export function addTo(desk: Desk): void {
  desk.map.overlay(OVERLAY);
  const { gl } = desk.map;
  if (gl.getLayer(BELOW)) for (const layer of OVERLAY.layers(desk.map.colours)) gl.moveLayer(layer.id, BELOW);
}

/** Features with the number of the side that a property names. */
function numbered(desk: Desk, found: readonly Feature[], property = "side"): FeatureCollection {
  const number = (one: Feature): number => desk.about.sides.findIndex((side) => side.id === one.properties?.[property]);
  return collection(found.map((one) => ({ ...one, properties: { ...one.properties, n: number(one) } })));
}

/** A settlement by the side that holds it. */
const holding = (one: Feature): Feature => ({
  ...one,
  properties: { side: String(one.properties?.["status"] ?? "").replace(/^held_/, "") },
});

type Drawn = Partial<Record<(typeof SOURCES)[number], FeatureCollection>>;

const drawnPrivate = (desk: Desk, maps: Maps): Drawn => ({ "release-areas": numbered(desk, maps.private.features) });

function drawnPublic(desk: Desk, { public: shown, private_edge, closed }: Maps): Drawn {
  const edges = shown.front.features.filter((one) => one.properties?.["role"] === "edge");
  return {
    "release-areas": numbered(desk, shown.areas.features),
    "release-front": numbered(desk, edges),
    "release-cells": numbered(desk, shown.reports.features, "seen"),
    "release-other": collection([shape(private_edge)]),
    "release-places": numbered(desk, shown.settlements.features.map(holding)),
    "release-closed": collection([shape(closed)]),
  };
}

/** The sources of one of the maps over its plain ground; nothing where the desk's own shows. */
function drawn(desk: Desk, maps: Maps | null, shown: Shown): Drawn {
  if (!maps || shown === "desk") return {};
  const under = collection([polygon(boxRing(desk.about.bounds))]);
  const over = shown === "private" ? drawnPrivate(desk, maps) : drawnPublic(desk, maps);
  return { "release-under": under, ...over };
}

/** Draw one of the maps, or nothing, so that the desk's own shows. The numbers of the desk's clusters stand above the names, and would be taken for the public map's. */
export function draw(desk: Desk, maps: Maps | null, shown: Shown): void {
  const found = drawn(desk, maps, shown);
  desk.map.war.filled.want(COUNTS, !found["release-under"]);
  for (const source of SOURCES) desk.map.set(source, found[source] ?? NOTHING);
}
