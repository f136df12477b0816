// Which vertex or edge of the line is meant by a spot on the screen.
import type { Position } from "geojson";

export interface Pixel {
  readonly x: number;
  readonly y: number;
}
type Project = (point: Position) => Pixel;

/** The line's parts, each a row of vertices. */
export function partsOf(edges: GeoJSON.LineString | GeoJSON.MultiLineString | null): readonly Position[][] {
  if (!edges) return [];
  return edges.type === "LineString" ? [edges.coordinates] : edges.coordinates;
}

export const isSameSpot = (one: Position, other: Position | null): boolean =>
  one[0] === other?.[0] && one[1] === other?.[1];

/** The vertex nearest to a spot on the screen, no farther than so many pixels. */
export function nearestVertex(
  points: readonly Position[],
  at: Pixel,
  project: Project,
  within: number,
): Position | null {
  let best: Position | null = null;
  let least = within;
  for (const point of points) {
    const { x, y } = project(point);
    const apart = Math.hypot(x - at.x, y - at.y);
    if (apart < least) [best, least] = [point, apart];
  }
  return best;
}

/** The spot on an edge nearest to one on the screen: pulled away, it becomes a vertex. */
export function nearestOnEdge(
  parts: readonly Position[][],
  at: Pixel,
  project: Project,
  within: number,
): Position | null {
  let best: Position | null = null;
  let least = within;
  for (const part of parts) {
    for (let i = 1; i < part.length; i++) {
      const [first, last] = [part[i - 1] as Position, part[i] as Position];
      const [a, b] = [project(first), project(last)];
      const share = shareAlong(a, b, at);
      const apart = Math.hypot(a.x + share * (b.x - a.x) - at.x, a.y + share * (b.y - a.y) - at.y);
      if (apart < least) [best, least] = [between(first, last, share), apart];
    }
  }
  return best;
}

/** How far along an edge (0-1) its spot nearest to another lies. */
export function shareAlong(a: Pixel, b: Pixel, at: Pixel): number {
  const length2 = (b.x - a.x) ** 2 + (b.y - a.y) ** 2;
  return length2 ? Math.min(1, Math.max(0, ((at.x - a.x) * (b.x - a.x) + (at.y - a.y) * (b.y - a.y)) / length2)) : 0;
}

const between = (a: Position, b: Position, share: number): Position => [
  (a[0] ?? 0) + share * ((b[0] ?? 0) - (a[0] ?? 0)),
  (a[1] ?? 0) + share * ((b[1] ?? 0) - (a[1] ?? 0)),
];
