// GeoJSON made by hand: features of spots, lines and shapes, and collections of them.
import type { Feature, FeatureCollection, Geometry, Position } from "geojson";
import type { Lonlat } from "./data";

type Properties = Readonly<Record<string, unknown>>;

/** Fits every kind of collection. */
export const NOTHING: FeatureCollection<never> = { type: "FeatureCollection", features: [] };

export const feature = (geometry: Geometry, properties: Properties = {}): Feature => ({
  type: "Feature",
  properties: { ...properties },
  geometry,
});

export const point = ([lon = 0, lat = 0]: Lonlat | Position, properties: Properties = {}): Feature =>
  feature({ type: "Point", coordinates: [lon, lat] }, properties);

export const line = (path: readonly Position[], properties: Properties = {}): Feature =>
  feature({ type: "LineString", coordinates: [...path] }, properties);

export const polygon = (ring: readonly Position[], properties: Properties = {}): Feature =>
  feature({ type: "Polygon", coordinates: [[...ring]] }, properties);

/** A shape, if there is one. */
export const shape = (geometry: Geometry | null, properties: Properties = {}): Feature | null =>
  geometry && feature(geometry, properties);

/** All that there are, in one collection. */
export const collection = (features: readonly (Feature | null)[]): FeatureCollection => ({
  type: "FeatureCollection",
  features: features.filter((one) => one !== null),
});

/** The corners of a box, as a closed ring. */
export const boxRing = ([west, south, east, north]: readonly [number, number, number, number]): Position[] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];
