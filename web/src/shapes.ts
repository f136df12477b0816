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
  return value.every((one) => typeof one === "number")
    ? joined(value as number[], arcs)
    : value.map((one) => nested(one, arcs));
}

/** Where a collection came from. */
interface Origin {
  readonly shapes: Shapes;
  readonly name: string;
}

const origins = new WeakMap<FeatureCollection, Origin>();

/** The packed form that a collection was taken from, if it was. */
export const originOf = (collection: FeatureCollection): Origin | null => origins.get(collection) ?? null;

/** A value that is made when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** Every layer as a collection, by name; unpacked once somebody looks into it. */
export function unpacked(shapes: Shapes): Record<string, FeatureCollection> {
  const lines = once(() => shapes.arcs.map((arc) => places(arc, 10 ** shapes.digits)));
  const feature = ({ t, a, c, p }: PackedFeature): Feature => ({
    type: "Feature",
    properties: p ?? {},
    geometry: { type: t, coordinates: c ?? nested(a, lines()) } as Geometry,
  });
  const collection = (name: string, packed: readonly PackedFeature[]): FeatureCollection => {
    const features = once(() => packed.map(feature));
    const found: FeatureCollection = {
      type: "FeatureCollection",
      get features() {
        return features();
      },
    };
    origins.set(found, { shapes, name });
    return found;
  };
  return Object.fromEntries(Object.entries(shapes.layers).map(([name, packed]) => [name, collection(name, packed)]));
}
