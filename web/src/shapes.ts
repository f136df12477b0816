// Layers out of their packed form: arcs that neighbours share, as steps of whole numbers (as in TopoJSON).
import type { Feature, FeatureCollection, Geometry, Position } from "geojson";

interface PackedFeature {
  readonly t: string;
  readonly a?: unknown;
  readonly c?: Position;
  readonly p?: Record<string, unknown>;
}

export interface Shapes {
  readonly digits: number;
  readonly arcs: readonly (readonly number[])[];
  readonly layers: Readonly<Record<string, readonly PackedFeature[]>>;
}

/** An arc's places: the first in whole numbers, then steps. */
function places(arc: readonly number[], size: number): Position[] {
  const found: Position[] = [];
  let [x, y] = [0, 0];
  for (let i = 0; i + 1 < arc.length; i += 2) {
    x += arc[i] ?? 0;
    y += arc[i + 1] ?? 0;
    found.push([x / size, y / size]);
  }
  return found;
}

/** Arcs in a row as one line; `~i` is arc i backwards, and of each but the first the first place is left out. */
function joined(numbers: readonly number[], arcs: readonly (readonly Position[])[]): Position[] {
  return numbers.flatMap((number, k) => {
    const arc = number < 0 ? [...(arcs[~number] ?? [])].reverse() : (arcs[number] ?? []);
    return k ? arc.slice(1) : arc;
  });
}

function nested(value: unknown, arcs: readonly (readonly Position[])[]): unknown {
  if (!Array.isArray(value)) return [];
  return value.every((one) => typeof one === "number") ? joined(value as number[], arcs) : value.map((one) => nested(one, arcs));
}

/** Every layer as a collection, by name. */
export function unpacked({ digits, arcs, layers }: Shapes): Record<string, FeatureCollection> {
  const lines = arcs.map((arc) => places(arc, 10 ** digits));
  const feature = ({ t, a, c, p }: PackedFeature): Feature => ({ type: "Feature", properties: p ?? {}, geometry: { type: t, coordinates: c ?? nested(a, lines) } as Geometry });
  return Object.fromEntries(Object.entries(layers).map(([name, features]) => [name, { type: "FeatureCollection" as const, features: features.map(feature) }]));
}
