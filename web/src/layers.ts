// The drawing: which source feeds which layer, and what each looks like in a palette.
import type { ExpressionSpecification, LayerSpecification, SourceSpecification } from "maplibre-gl";
import type { Feature, FeatureCollection, Geometry, Position } from "geojson";
import type { Document, Sheet } from "./data";
import { nearestKm, verticesOf } from "./geometry";
import { nameIn } from "./i18n";
import { css, type Palette, type Rgb } from "./palette";
import {
  GREY_REASONS,
  greyPattern,
  greyReason,
  infiltrationPattern,
  interdictedPattern,
  outOfRangePattern,
  STRUCK_LEVELS,
  unlookedPattern,
  unobservedPattern,
} from "./patterns";
import type { Language, LayerId } from "./state";
import { holderOf } from "./why";

export const FONTS = ["system-ui", "Segoe UI", "Roboto", "Noto Sans", "Helvetica Neue", "Arial"];
export const NOTHING: FeatureCollection = { type: "FeatureCollection", features: [] };

/** Which map layers one switch of the key turns on. */
export const PARTS: Readonly<Record<LayerId, readonly string[]>> = {
  held: ["held"],
  grey: ["grey"],
  infiltration: ["infiltration", "infiltration-edge"],
  unobserved: ["unobserved"],
  out_of_range: ["out-of-range", "out-of-range-edge"],
  bands: ["bands"],
  edges: ["edges-0", "edges-1"],
  even_odds: ["even-odds"],
  pockets: ["pocket", "pocket-case", "pocket-edge", "neck-case", "neck", "tip", "neck-name"],
  reports: ["report-cell", "report-cell-edge", "report-cell-count", "report", "cluster", "cluster-count"],
  settlements: ["settlement", "settlement-name"],
  interdicted: ["unlooked", "interdicted-0", "interdicted-1"],
  routes: ["near-road"],
  roads: ["road-case", "road"],
  barriers: ["barrier", "barrier-name"],
};

/** The world but for the theatre's bounds, so that the drawing ends on purpose. */
function veil([west, south, east, north]: Document["bounds"]): Feature {
  const world = [
    [-180, -85],
    [180, -85],
    [180, 85],
    [-180, 85],
    [-180, -85],
  ];
  const window = [
    [west, south],
    [west, north],
    [east, north],
    [east, south],
    [west, south],
  ];
  return { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [world, window] } };
}

const feature = (geometry: Geometry): Feature => ({ type: "Feature", properties: {}, geometry });
const source = (data: FeatureCollection | Feature, more: object = {}): SourceSpecification => ({
  type: "geojson",
  data: data as GeoJSON.GeoJSON,
  tolerance: 0.2,
  ...more,
});

/** The source of the settlements; who holds each is told apart, by its number. */
export const PLACES = "settlements";

/** The parts of a day that are drawn from one source. */
export const DRAWN = [
  "areas",
  "front",
  "infiltration",
  "unobserved",
  "out_of_range",
  "interdicted",
  "routes",
  "pockets",
  "cells",
] as const;
export type Drawn = (typeof DRAWN)[number];

/** The source of all that a day draws but its settlements and, on a private page, its reports. */
export const DAY = "day";

/** Every source; those that change with the date start empty. */
export function sources(data: Document): Record<string, SourceSpecification> {
  const clusters = { cluster: true, clusterRadius: 44, clusterMaxZoom: 12 };
  return {
    land: source(data.land ? feature(data.land) : NOTHING), // no land: the sea has its colour
    veil: source(veil(data.bounds)),
    roads: source(data.roads),
    barriers: source(data.barriers),
    [DAY]: source(NOTHING, { buffer: 24 }),
    reports: source(NOTHING, clusters),
    [PLACES]: source(NOTHING, { promoteId: "index" }),
    why: source(NOTHING),
  };
}

/** The names of those that are empty until something is put into them, and of those that stay so. A day is never empty. */
export const emptySources = (data: Document): string[] =>
  Object.entries(sources(data)).flatMap(([name, one]) =>
    name !== DAY && "data" in one && typeof one.data === "object" && "features" in one.data && !one.data.features.length
      ? [name]
      : [],
  );

const NEAR_KM = 8;

/** How much a reader looks for a place: its people, more where it is contested, more near the front. */
function weight(data: Document, sheet: Sheet, index: number, vertices: readonly Position[]): number {
  const place = data.settlements[index];
  const status = sheet.status[index];
  const contested = status?.status === "grey" ? 4 : (status?.p ?? 1) < 0.9 ? 2 : 1;
  const nearness = place ? Math.exp(-nearestKm([place.lon, place.lat], vertices) / NEAR_KM) : 0;
  return Math.max(place?.population ?? 0, 300) * contested * (1 + 8 * nearness);
}

const ranks = new WeakMap<Sheet, number[]>();

/** Indices of the settlements, those that are looked for most first; worked out once for each sheet. */
function ranked(data: Document, sheet: Sheet): number[] {
  const found = ranks.get(sheet) ?? ranking(data, sheet);
  ranks.set(sheet, found);
  return found;
}

function ranking(data: Document, sheet: Sheet): number[] {
  const vertices = verticesOf(
    sheet.front.features.filter((line) => line.properties["role"] === "edge").map((line) => line.geometry),
  );
  const weights = data.settlements.map((_, index) => weight(data, sheet, index, vertices));
  return weights.map((_, index) => index).sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b);
}

/** The settlements as points, with the day's holder, the name in the reader's language, and a rank (0 = first to be drawn). */
export function settlementPoints(data: Document, sheet: Sheet, language: Language): FeatureCollection {
  const order = new Map(ranked(data, sheet).map((index, rank) => [index, rank]));
  const features = data.settlements.map((place, index): Feature => {
    const properties = {
      index,
      rank: order.get(index) ?? index,
      name: nameIn(place.names ?? {}, language, place.name),
      population: place.population ?? 0,
      holder: holderOf(sheet.status[index]?.status) ?? "",
    };
    return { type: "Feature", properties, geometry: { type: "Point", coordinates: [place.lon, place.lat] } };
  });
  return { type: "FeatureCollection", features };
}

/** So many places at a zoom; all of them from zoom 11 on. */
const ENOUGH = [
  "<",
  ["get", "rank"],
  ["step", ["zoom"], 18, 7.5, 40, 8.5, 70, 9.5, 140, 10.25, 300, 11, 1e6],
] as unknown as ExpressionSpecification;

/** The sheet's areas with the short word of the grey reason, which picks the hatch. */
export function withReasons(sheet: Sheet): FeatureCollection {
  const found = reasoned.get(sheet) ?? {
    type: "FeatureCollection" as const,
    features: sheet.areas.features.map((area) => ({
      ...area,
      properties: { ...area.properties, reason: greyReason(area.properties.grey_reason) },
    })),
  };
  reasoned.set(sheet, found);
  return found;
}

const reasoned = new WeakMap<Sheet, FeatureCollection>();

const byWidth = (...stops: number[]): ExpressionSpecification =>
  ["interpolate", ["exponential", 1.4], ["zoom"], ...stops] as unknown as ExpressionSpecification;

const isDrawn = (name: string): boolean => (DRAWN as readonly string[]).includes(name);

/** A layer over one part of the day's source. */
function ofDay(layer: LayerSpecification): LayerSpecification {
  if (!("source" in layer) || typeof layer.source !== "string" || !isDrawn(layer.source)) return layer;
  const part = ["==", ["get", "of"], layer.source];
  return { ...layer, source: DAY, filter: layer.filter ? ["all", part, layer.filter] : part } as LayerSpecification;
}

/** All layers, bottom to top. */
export const layers = (data: Document, colours: Palette): LayerSpecification[] => parts(data, colours).map(ofDay);

/** All layers, those of a day by the part of it that they draw. */
function parts(data: Document, colours: Palette): LayerSpecification[] {
  const ids = data.sides.map((side) => side.id);
  const bySide = (side: unknown, pick: (index: number) => string, otherwise: string): ExpressionSpecification =>
    (ids.length
      ? ["match", side, ...ids.flatMap((id, i) => [id, pick(i)]), otherwise]
      : ["literal", otherwise]) as unknown as ExpressionSpecification;
  const sideColour = (i: number, part: "fill" | "line"): Rgb => colours.sides[i]?.[part] ?? colours.grey;
  const perSide = (property: string, pick: (index: number) => string, otherwise: string): ExpressionSpecification =>
    bySide(["get", property], pick, otherwise);
  const holder = bySide(
    ["coalesce", ["feature-state", "holder"], ""],
    (i) => css(sideColour(i, "line")),
    css(colours.greyLine),
  );
  const neutral = css(colours.faint, 1);
  const line = perSide("side", (i) => css(sideColour(i, "line")), neutral);
  const fill = perSide("side", (i) => css(sideColour(i, "fill")), neutral);
  const text = {
    "text-color": colours.ink,
    "text-halo-color": colours.halo,
    "text-halo-width": 1.6,
    "text-halo-blur": 0.4,
  };
  const round = { "line-cap": "round", "line-join": "round" } as const;
  // A soft rim is a second drawing of all rims; a pattern's shows nowhere.
  const hard = { "fill-antialias": false };
  const isRole = (role: string): ExpressionSpecification => ["==", ["get", "role"], role];
  // In print the second side's edge is told by its dashes; elsewhere by its colour (undefined takes dashes off again).
  const dash = (i: number): object => ({ "line-dasharray": colours.print && i === 1 ? [2.5, 1.6] : undefined });
  const edge = (i: number): LayerSpecification => ({
    id: `edges-${i}`,
    type: "line",
    source: "front",
    filter: ["all", isRole("edge"), ["==", ["get", "side"], ids[i] ?? ""]],
    layout: round,
    // The first side's line is the wider one below, so that both show where the edges meet.
    paint: {
      "line-color": css(sideColour(i, "line")),
      "line-width": i === 0 ? byWidth(6, 2, 13, 4.4) : byWidth(6, 1.2, 13, 2.8),
      ...dash(i),
    },
  });
  // A layer for each side: their ground overlaps, and each has its own ticks.
  const struck = (i: number): LayerSpecification => ({
    id: `interdicted-${i}`,
    type: "fill",
    source: "interdicted",
    filter: ["all", ["==", ["get", "side"], ids[i] ?? ""], [">", ["get", "level"], 0]],
    paint: {
      ...hard,
      "fill-pattern": [
        "match",
        ["get", "level"],
        ...STRUCK_LEVELS.flatMap((level) => [level, interdictedPattern(i, level, colours)]),
        interdictedPattern(i, 1, colours),
      ] as unknown as ExpressionSpecification,
    },
  });
  return [
    { id: "sea", type: "background", paint: { "background-color": data.land ? colours.sea : colours.land } },
    {
      id: "land",
      type: "fill",
      source: "land",
      paint: { "fill-color": colours.land, "fill-outline-color": colours.shore },
    },
    {
      id: "held",
      type: "fill",
      source: "areas",
      filter: ["==", ["get", "class"], "held"],
      paint: { "fill-color": fill, "fill-opacity": colours.fillOpacity, "fill-antialias": false },
    },
    {
      id: "grey",
      type: "fill",
      source: "areas",
      filter: ["==", ["get", "class"], "grey"],
      paint: {
        ...hard,
        "fill-pattern": [
          "match",
          ["get", "reason"],
          ...GREY_REASONS.flatMap((reason) => [reason, greyPattern(reason, colours)]),
          greyPattern("mixed", colours),
        ] as unknown as ExpressionSpecification,
      },
    },
    {
      id: "barrier",
      type: "line",
      source: "barriers",
      layout: round,
      paint: {
        "line-color": [
          "match",
          ["get", "kind"],
          ["river", "canal", "water", "reservoir", "lake", "stream"],
          colours.water,
          colours.barrier,
        ],
        "line-width": byWidth(6, 1, 13, 4.5),
      },
    },
    {
      id: "road-case",
      type: "line",
      source: "roads",
      layout: round,
      paint: { "line-color": colours.roadCase, "line-width": byWidth(6, 1, 13, 5.5) },
    },
    {
      id: "road",
      type: "line",
      source: "roads",
      layout: round,
      paint: { "line-color": colours.road, "line-width": byWidth(6, 0.4, 13, 3.5) },
    },
    {
      id: "near-road",
      type: "line",
      source: "routes",
      layout: round,
      paint: {
        "line-color": [
          "step",
          ["get", "within_km"],
          colours.nearRoad[0],
          4,
          colours.nearRoad[1],
          6,
          colours.nearRoad[2],
        ],
        "line-width": byWidth(6, 1, 13, 4),
      },
    },
    {
      id: "unobserved",
      type: "fill",
      source: "unobserved",
      paint: { ...hard, "fill-pattern": unobservedPattern(colours) },
    },
    {
      id: "bands",
      type: "fill",
      source: "front",
      filter: isRole("band"),
      paint: { "fill-color": line, "fill-opacity": 0.2 },
    },
    {
      id: "infiltration",
      type: "fill",
      source: "infiltration",
      paint: {
        ...hard,
        "fill-pattern": perSide("side", (i) => infiltrationPattern(i, colours), unobservedPattern(colours)),
      },
    },
    {
      id: "infiltration-edge",
      type: "line",
      source: "infiltration",
      layout: round,
      paint: { "line-color": line, "line-width": 1, "line-opacity": 0.7, "line-dasharray": [1, 2.5] },
    },
    edge(0),
    edge(1),
    {
      id: "even-odds",
      type: "line",
      source: "front",
      filter: isRole("even_odds"),
      layout: round,
      paint: { "line-color": colours.ink, "line-width": 1.4, "line-dasharray": [4, 3] },
    },
    {
      id: "unlooked",
      type: "fill",
      source: "interdicted",
      filter: ["==", ["get", "level"], 0],
      paint: { ...hard, "fill-pattern": unlookedPattern(colours) },
    },
    struck(0),
    struck(1),
    {
      id: "out-of-range",
      type: "fill",
      source: "out_of_range",
      paint: { ...hard, "fill-pattern": outOfRangePattern(colours) },
    },
    {
      id: "out-of-range-edge",
      type: "line",
      source: "out_of_range",
      layout: round,
      paint: { "line-color": colours.ink, "line-width": 2, "line-dasharray": [3, 2] },
    },
    {
      id: "report-cell",
      type: "fill",
      source: "cells",
      paint: {
        ...hard,
        "fill-color": perSide("seen", (i) => css(sideColour(i, "line")), neutral),
        "fill-opacity": ["interpolate", ["linear"], ["get", "count"], 1, 0.1, 20, 0.34],
      },
    },
    {
      id: "report-cell-edge",
      type: "line",
      source: "cells",
      minzoom: 8.5,
      paint: {
        "line-color": perSide("seen", (i) => css(sideColour(i, "line")), neutral),
        "line-width": 1,
        "line-opacity": 0.75,
      },
    },
    {
      id: "report-cell-count",
      type: "symbol",
      source: "cells",
      minzoom: 10.5,
      filter: [">", ["get", "count"], 1],
      layout: { "text-field": ["to-string", ["get", "count"]], "text-font": FONTS, "text-size": 10.5 },
      paint: text,
    },
    {
      id: "pocket",
      type: "fill",
      source: "pockets",
      filter: isRole("pocket"),
      paint: { "fill-color": colours.ink, "fill-opacity": 0.07 },
    },
    {
      id: "pocket-case",
      type: "line",
      source: "pockets",
      filter: isRole("pocket"),
      layout: round,
      paint: { "line-color": colours.paper, "line-width": byWidth(6, 2, 13, 5), "line-opacity": 0.6 },
    },
    {
      id: "pocket-edge",
      type: "line",
      source: "pockets",
      filter: isRole("pocket"),
      layout: round,
      paint: { "line-color": colours.ink, "line-width": byWidth(6, 0.8, 13, 1.8), "line-dasharray": [3, 2.2] },
    },
    {
      id: "neck-case",
      type: "line",
      source: "pockets",
      filter: isRole("neck"),
      layout: round,
      paint: { "line-color": colours.paper, "line-width": byWidth(6, 4, 13, 9) },
    },
    {
      id: "neck",
      type: "line",
      source: "pockets",
      filter: isRole("neck"),
      layout: round,
      paint: { "line-color": colours.ink, "line-width": byWidth(6, 1.8, 13, 4.2) },
    },
    {
      id: "tip",
      type: "circle",
      source: "pockets",
      filter: isRole("tip"),
      paint: {
        "circle-radius": byWidth(6, 2.6, 13, 6.5),
        "circle-color": colours.paper,
        "circle-stroke-color": colours.ink,
        "circle-stroke-width": byWidth(6, 1.4, 13, 3),
      },
    },
    {
      id: "veil",
      type: "fill",
      source: "veil",
      paint: { "fill-color": colours.veil, "fill-outline-color": colours.shore },
    },
    {
      id: "barrier-name",
      type: "symbol",
      source: "barriers",
      minzoom: 8,
      layout: {
        "symbol-placement": "line",
        "text-field": ["get", "name"],
        "text-font": FONTS,
        "text-size": 11,
        "text-letter-spacing": 0.08,
      },
      paint: { ...text, "text-color": colours.waterName, "text-halo-width": 1 },
    },
    {
      id: "why-error",
      type: "fill",
      source: "why",
      filter: ["==", ["get", "role"], "error"],
      paint: { "fill-color": colours.ink, "fill-opacity": 0.07 },
    },
    {
      id: "why-thread",
      type: "line",
      source: "why",
      filter: ["==", ["get", "role"], "thread"],
      paint: { "line-color": colours.ink, "line-width": 1, "line-opacity": 0.55, "line-dasharray": [3, 3] },
    },
    {
      id: "report",
      type: "circle",
      source: "reports",
      filter: ["!", ["has", "point_count"]],
      paint: {
        "circle-radius": byWidth(6, 2.5, 13, 5),
        "circle-color": perSide("seen", (i) => css(sideColour(i, "line")), neutral),
        "circle-stroke-color": colours.paper,
        "circle-stroke-width": 1.2,
      },
    },
    {
      id: "cluster",
      type: "circle",
      source: "reports",
      filter: ["has", "point_count"],
      paint: {
        "circle-radius": ["step", ["get", "point_count"], 7.5, 10, 9, 50, 11, 200, 13],
        "circle-color": colours.paper,
        "circle-opacity": 0.72,
        "circle-stroke-color": css(colours.faint, 0.55),
        "circle-stroke-width": 1,
      },
    },
    {
      id: "cluster-count",
      type: "symbol",
      source: "reports",
      filter: ["has", "point_count"],
      layout: {
        "text-field": ["get", "point_count_abbreviated"],
        "text-font": FONTS,
        "text-size": 10.5,
        "text-allow-overlap": true,
        "text-padding": 0,
      },
      paint: { "text-color": colours.ink },
    },
    {
      id: "settlement",
      type: "circle",
      source: "settlements",
      filter: ENOUGH,
      paint: {
        "circle-radius": [
          "interpolate",
          ["linear"],
          ["zoom"],
          7,
          ["interpolate", ["linear"], ["sqrt", ["get", "population"]], 0, 2, 300, 4],
          12,
          ["interpolate", ["linear"], ["sqrt", ["get", "population"]], 0, 4, 300, 8],
        ],
        "circle-color": colours.paper,
        "circle-stroke-color": holder,
        "circle-stroke-width": byWidth(6, 1.4, 13, 3),
      },
    },
    {
      id: "settlement-name",
      type: "symbol",
      source: "settlements",
      filter: ENOUGH,
      layout: {
        "text-field": ["get", "name"],
        "text-font": FONTS,
        "text-size": [
          "interpolate",
          ["linear"],
          ["zoom"],
          7,
          ["interpolate", ["linear"], ["sqrt", ["get", "population"]], 0, 10, 300, 12],
          10,
          ["interpolate", ["linear"], ["sqrt", ["get", "population"]], 0, 11.5, 120, 13.5, 300, 16.5],
        ],
        "text-variable-anchor": [
          "left",
          "right",
          "top",
          "bottom",
          "top-left",
          "bottom-left",
          "top-right",
          "bottom-right",
        ],
        "text-radial-offset": 0.7,
        "text-justify": "auto",
        "text-max-width": 9,
        "text-padding": 3,
        "symbol-sort-key": ["get", "rank"],
      },
      paint: text,
    },
    {
      id: "neck-name",
      type: "symbol",
      source: "pockets",
      minzoom: 8.5,
      filter: isRole("neck"),
      layout: {
        "symbol-placement": "line-center",
        "text-field": ["get", "label"],
        "text-font": FONTS,
        "text-size": byWidth(8, 11.5, 12, 14),
        "text-offset": [0, -0.95],
        "text-max-angle": 90,
        "text-keep-upright": true,
        "text-allow-overlap": true,
      },
      paint: { ...text, "text-halo-width": 2 },
    },
    {
      id: "why-report",
      type: "circle",
      source: "why",
      filter: ["==", ["get", "role"], "report"],
      paint: {
        "circle-radius": 10,
        "circle-color": perSide("toward", (i) => css(sideColour(i, "line")), neutral),
        "circle-stroke-color": colours.paper,
        "circle-stroke-width": 2,
      },
    },
    {
      id: "why-number",
      type: "symbol",
      source: "why",
      filter: ["==", ["get", "role"], "report"],
      layout: {
        "text-field": ["get", "number"],
        "text-font": FONTS,
        "text-size": 11,
        "text-allow-overlap": true,
        "text-ignore-placement": true,
      },
      paint: { "text-color": colours.paper },
    },
    {
      id: "why-spot",
      type: "circle",
      source: "why",
      filter: ["==", ["get", "role"], "spot"],
      paint: {
        "circle-radius": 7,
        "circle-color": "rgba(0,0,0,0)",
        "circle-stroke-color": colours.ink,
        "circle-stroke-width": 2.5,
      },
    },
  ];
}
