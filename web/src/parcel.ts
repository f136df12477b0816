// All that a day draws as one text: packed up in the page's thread, opened in the worker's.
import type { Feature, FeatureCollection } from "geojson";
import type { Sheet } from "./data";
import { cellsOf, named, type PublicRows } from "./edition";
import { DRAWN, type Drawn } from "./sources";
import { greyReason } from "./patterns";
import { reportCells } from "./public_cells";
import { originOf, unpacked, type Shapes } from "./shapes";

interface Written {
  /** Packed layers; `as` tells what a layer of theirs is called here. */
  readonly packed: readonly { readonly shapes: Shapes; readonly as: Readonly<Record<string, Drawn>> }[];
  readonly plain: Partial<Record<Drawn, FeatureCollection>>;
  readonly cells: PublicRows | null;
}

const labelled = (of: Drawn, features: readonly Feature[]): Feature[] =>
  features.map((one) => {
    const properties = one.properties ?? {};
    return {
      ...one,
      properties:
        of === "areas"
          ? { ...properties, of, reason: greyReason(properties["grey_reason"] as string | null) }
          : { ...properties, of },
    };
  });

/** In the worker: the collection, each feature with the name of its layer in `of`. */
export function opened(text: string): FeatureCollection {
  const { packed, plain, cells } = JSON.parse(text) as Written;
  const layers = packed.flatMap(({ shapes, as }) =>
    Object.entries(unpacked(shapes)).map(([name, { features }]) => [as[name] as Drawn, features] as const),
  );
  const written = Object.entries(plain).map(([name, { features }]) => [name as Drawn, features] as const);
  const found = [...layers, ...written, ["cells", reportCells(named(cells)).features] as const];
  return { type: "FeatureCollection", features: found.flatMap(([of, features]) => labelled(of, features)) };
}

/** Some layers of a day as a text; `pockets` stand apart, as they are told in a language. */
export function packedUp(sheet: Sheet, pockets: FeatureCollection, wanted: ReadonlySet<Drawn>): string {
  const packed = new Map<Shapes, Record<string, Drawn>>();
  const plain: Partial<Record<Drawn, FeatureCollection>> = wanted.has("pockets") ? { pockets } : {};
  for (const name of DRAWN) {
    if (!wanted.has(name) || name === "pockets" || name === "cells") continue;
    const layer = sheet[name] as FeatureCollection;
    const origin = originOf(layer);
    if (origin) packed.set(origin.shapes, { ...packed.get(origin.shapes), [origin.name]: name });
    else plain[name] = layer;
  }
  const only = ({ digits, arcs, layers }: Shapes, as: Readonly<Record<string, Drawn>>): Shapes => ({
    digits,
    arcs,
    layers: Object.fromEntries(Object.keys(as).map((name) => [name, layers[name] ?? []])),
  });
  const written: Written = {
    packed: [...packed].map(([shapes, as]) => ({ shapes: only(shapes, as), as })),
    plain,
    cells: wanted.has("cells") ? cellsOf(sheet.public) : null,
  };
  return JSON.stringify(written);
}
