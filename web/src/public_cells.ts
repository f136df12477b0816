// Reports of a published edition as cells: which cell holds a spot, what was seen in it, why it is so.
import type { FeatureCollection } from "geojson";
import type { Lonlat, PublicDate, PublicReport, PublicWhy } from "./data";
import { collection, polygon } from "./geojson";
import { holds } from "./geometry";

const ring = (corners: readonly Lonlat[]): [number, number][] =>
  [...corners, ...corners.slice(0, 1)].map(([lon, lat]) => [lon, lat]);

/** The side seen by most of a cell's reports; none where two were seen equally often. */
function mostSeen(reports: readonly PublicReport[]): string | null {
  const counts = new Map<string | null, number>();
  for (const one of reports) counts.set(one.seen, (counts.get(one.seen) ?? 0) + 1);
  const [first, second] = [...counts].sort((a, b) => b[1] - a[1]);
  return !first || first[1] === second?.[1] ? null : first[0];
}

/** One square for each cell that holds a report: how many, and who was seen most. */
export function reportCells(edition: PublicDate | null): FeatureCollection {
  const inCell = new Map<number, PublicReport[]>();
  for (const one of edition?.reports ?? []) inCell.set(one.cell, [...(inCell.get(one.cell) ?? []), one]);
  const ringOf = (cell: number): [number, number][] => ring(edition?.cells[cell] ?? []);
  return collection(
    [...inCell].map(([cell, reports]) =>
      polygon(ringOf(cell), { cell, count: reports.length, seen: mostSeen(reports) }),
    ),
  );
}

/** The number of the cell that holds a spot, or null. */
export function cellAt(edition: PublicDate, spot: Lonlat): number | null {
  const found = edition.cells.findIndex((corners) => holds({ type: "Polygon", coordinates: [ring(corners)] }, spot));
  return found < 0 ? null : found;
}

export interface Told {
  readonly cell: number | null;
  readonly why: PublicWhy | null;
  readonly reports: readonly PublicReport[];
}

/** What is told of a settlement (by its number), or of the cell that holds a spot; the newest report first. */
export function toldAt(edition: PublicDate, spot: Lonlat, place: number | null): Told {
  const why = place === null ? undefined : edition.why.find((one) => one.place === place);
  const cell = why?.cell ?? cellAt(edition, spot);
  const reports = (edition.reports ?? []).filter((one) => one.cell === cell);
  return {
    cell,
    why: why ?? edition.why.find((one) => one.place === null && one.cell === cell) ?? null,
    reports: [...reports].sort((a, b) => b.day.localeCompare(a.day) || a.number - b.number),
  };
}
