// The sources of the map: which part of the document feeds each, and which are filled later.
import type { FeatureCollection } from "geojson";
import type { SourceSpecification } from "maplibre-gl";
import type { Document } from "./data";
import { boxRing, collection, feature, NOTHING } from "./geojson";

/** The source of all that a day draws but its settlements and, on a private page, its reports. */
export const DAY = "day";

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

const WORLD = boxRing([-180, -85, 180, 85]);
const CLUSTERS = { cluster: true, clusterRadius: 44, clusterMaxZoom: 12 };

/** The world but for the theatre's bounds, so that the drawing ends on purpose. */
const veil = (bounds: Document["bounds"]): FeatureCollection =>
  collection([feature({ type: "Polygon", coordinates: [WORLD, boxRing(bounds).reverse()] })]);

const land = (data: Document): FeatureCollection => (data.land ? collection([feature(data.land)]) : NOTHING); // without: the sea has its colour

/** What each source holds at first; those that change with the date are empty. */
const contents = (data: Document): Record<string, FeatureCollection> => ({
  land: land(data),
  veil: veil(data.bounds),
  roads: data.roads,
  barriers: data.barriers,
  [DAY]: NOTHING,
  reports: NOTHING,
  [PLACES]: NOTHING,
  why: NOTHING,
});

const OPTIONS: Readonly<Record<string, object>> = {
  [DAY]: { buffer: 24 },
  reports: CLUSTERS,
  [PLACES]: { promoteId: "index" },
};

/** Every source. */
export const sources = (data: Document): Record<string, SourceSpecification> =>
  Object.fromEntries(
    Object.entries(contents(data)).map(([name, held]) => [
      name,
      { type: "geojson", data: held, tolerance: 0.2, ...OPTIONS[name] },
    ]),
  );

/** The names of those that are empty until something is put into them, and of those that stay so. A day is never empty. */
export const emptySources = (data: Document): string[] =>
  Object.entries(contents(data)).flatMap(([name, held]) => (name === DAY || held.features.length ? [] : [name]));
