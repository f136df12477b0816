// Plain geometry on lon/lat: boxes, distances in km, which polygon holds a spot.
import type { Feature, Geometry, MultiPolygon, Polygon, Position } from "geojson";
import type { Lonlat } from "./data";

/** The mean radius. */
export const EARTH_KM = 6371.0088;
export const rad = (deg: number): number => (deg * Math.PI) / 180;

/** Great-circle distance in km. */
export function distanceKm(a: Lonlat, b: Lonlat): number {
  const dLat = rad(b[1] - a[1]);
  const dLon = rad(b[0] - a[0]);
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(rad(a[1])) * Math.cos(rad(b[1])) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}

function inRing(spot: Lonlat, ring: readonly Position[]): boolean {
  const [x, y] = spot;
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi = 0, yi = 0] = ring[i] ?? [];
    const [xj = 0, yj = 0] = ring[j] ?? [];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

const inPolygon = (spot: Lonlat, [shell, ...holes]: Position[][]): boolean =>
  shell !== undefined && inRing(spot, shell) && !holes.some((hole) => inRing(spot, hole));

/** Whether a polygon holds the spot (even-odds rule, holes respected). */
export function holds(shape: Polygon | MultiPolygon, spot: Lonlat): boolean {
  const parts = shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates;
  return parts.some((part) => inPolygon(spot, part));
}

/** The first feature whose polygon holds the spot. */
export function featureAt<P>(
  features: readonly Feature<Polygon | MultiPolygon, P>[],
  spot: Lonlat,
): Feature<Polygon | MultiPolygon, P> | null {
  return features.find((feature) => feature.geometry !== null && holds(feature.geometry, spot)) ?? null;
}

export type Box = [west: number, south: number, east: number, north: number];

function stretch(box: Box, coordinates: unknown): void {
  if (!Array.isArray(coordinates)) return;
  const [x, y] = coordinates as unknown[];
  if (typeof x !== "number" || typeof y !== "number") {
    for (const inner of coordinates) stretch(box, inner);
    return;
  }
  box[0] = Math.min(box[0], x);
  box[1] = Math.min(box[1], y);
  box[2] = Math.max(box[2], x);
  box[3] = Math.max(box[3], y);
}

/** The box around geometries, or null if they hold no point. */
export function boxOf(geometries: Iterable<Geometry | null>): Box | null {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const geometry of geometries) if (geometry && "coordinates" in geometry) stretch(box, geometry.coordinates);
  return box[0] <= box[2] ? box : null;
}

/** The part of a box inside another; the other one if they do not meet. */
export function within([west, south, east, north]: Box, frame: Readonly<Box>): Box {
  const box: Box = [
    Math.max(west, frame[0]),
    Math.max(south, frame[1]),
    Math.min(east, frame[2]),
    Math.min(north, frame[3]),
  ];
  return box[0] < box[2] && box[1] < box[3] ? box : [...frame];
}

function collect(found: Position[], coordinates: unknown): void {
  if (!Array.isArray(coordinates)) return;
  if (typeof coordinates[0] === "number") found.push(coordinates as Position);
  else for (const inner of coordinates) collect(found, inner);
}

/** Every vertex of the geometries. */
export function verticesOf(geometries: Iterable<Geometry | null>): Position[] {
  const found: Position[] = [];
  for (const geometry of geometries) if (geometry && "coordinates" in geometry) collect(found, geometry.coordinates);
  return found;
}

/** Distance in km to the nearest of some vertices, on a flat map around the spot: good to 1 % within 100 km. */
export function nearestKm(spot: Lonlat, vertices: readonly Position[]): number {
  const shrink = Math.cos(rad(spot[1]));
  let best = Infinity;
  for (const [lon = 0, lat = 0] of vertices)
    best = Math.min(best, ((lon - spot[0]) * shrink) ** 2 + (lat - spot[1]) ** 2);
  return rad(Math.sqrt(best)) * EARTH_KM;
}

/** A circle of a radius in km around a spot, as a ring of lon/lat. */
export function circle(at: Lonlat, radiusKm: number, n = 48): Position[] {
  const dLat = (radiusKm / EARTH_KM) * (180 / Math.PI);
  const dLon = dLat / Math.max(0.01, Math.cos(rad(at[1])));
  return Array.from({ length: n + 1 }, (_, i) => {
    const turn = (2 * Math.PI * i) / n;
    return [at[0] + dLon * Math.cos(turn), at[1] + dLat * Math.sin(turn)];
  });
}

/** The longest of 1, 2, 5 x 10^k km that fits into a width of so many km. */
export function roundKm(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  const lead = width / power;
  return power * (lead >= 5 ? 5 : lead >= 2 ? 2 : 1);
}
