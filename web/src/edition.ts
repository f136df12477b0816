// What a published edition tells, as its rows stand in the document: reports as cells, reasons in words, what changed, each settlement's block.
import type { Lonlat, PlaceFacts, PublicChange, PublicDate, PublicReport, PublicWhy } from "./data";

type ReportRow = readonly [
  number: number,
  cell: number,
  day: string,
  kind: string,
  seen: string | null,
  reliability: string,
  credibility: number,
  link: string | null,
];
type ReasonRow = readonly [
  place: number | null,
  cell: number,
  status: string,
  since: string | null,
  seenWithin: number | null,
  restsOn: number | null,
  reasons: PublicWhy["reasons"],
  lastSeen?: string | null,
];

/** Where cells lie: a corner's degrees as a polynomial in its column and row. */
interface CellGrid {
  readonly km: number;
  readonly column0: number;
  readonly row0: number;
  readonly scale: number;
  readonly lon: readonly number[];
  readonly lat: readonly number[];
}

/** An edition as written; of one that lies elsewhere only the head. */
export type PublicRows = Partial<Omit<PublicDate, "reports" | "why" | "cells">> &
  Pick<PublicDate, "id" | "number"> & {
    readonly grid?: CellGrid;
    readonly cells?: readonly (readonly Lonlat[])[] | readonly (readonly [column: number, row: number])[];
    readonly reports?: readonly ReportRow[] | null;
    readonly why?: readonly ReasonRow[];
  };

const reportOf = ([number, cell, day, kind, seen, reliability, credibility, link]: ReportRow): PublicReport => ({
  number,
  cell,
  day,
  kind,
  seen,
  reliability,
  credibility,
  link,
});
const whyOf = ([place, cell, status, since, seen_within_days, rests_on, reasons, last_seen]: ReasonRow): PublicWhy => ({
  place,
  cell,
  status,
  since,
  seen_within_days,
  rests_on,
  reasons: reasons ?? [],
  last_seen: last_seen ?? null,
  tells_last_seen: last_seen !== undefined,
});

/** Terms in the order of the grid's lists: (0,0) (1,0) (0,1) (2,0) (1,1) (0,2) … */
function polynomial(terms: readonly number[], u: number, v: number): number {
  let [sum, k] = [0, 0];
  for (let degree = 0; k < terms.length; degree++)
    for (let j = 0; j <= degree && k < terms.length; j++, k++) sum += (terms[k] ?? 0) * u ** (degree - j) * v ** j;
  return sum;
}

/** A corner of the cells' grid in degrees. */
export function cornerAt(grid: CellGrid, column: number, row: number): Lonlat {
  const [u, v] = [(column - grid.column0) / grid.scale, (row - grid.row0) / grid.scale];
  return [polynomial(grid.lon, u, v), polynomial(grid.lat, u, v)];
}

const isCorners = (cell: readonly unknown[]): cell is readonly Lonlat[] => Array.isArray(cell[0]);

function corners(rows: PublicRows): (readonly Lonlat[])[] {
  return (rows.cells ?? []).map((cell) => {
    if (isCorners(cell)) return cell;
    const [column, row] = cell as readonly [number, number];
    return rows.grid
      ? [
          [0, 0],
          [0, 1],
          [1, 1],
          [1, 0],
        ].map(([dc = 0, dr = 0]) => cornerAt(rows.grid as CellGrid, column + dc, row + dr))
      : [];
  });
}

const raw = new WeakMap<PublicDate, PublicRows>();

/** What tells an edition's cells with reports, as it was written; named again once it is looked into. */
export function cellsOf(edition: PublicDate | null): PublicRows | null {
  const rows = edition && raw.get(edition);
  if (!edition) return null;
  if (rows)
    return {
      id: rows.id,
      number: rows.number,
      ...(rows.grid ? { grid: rows.grid } : {}),
      cells: rows.cells ?? [],
      reports: rows.reports ?? [],
    };
  const reports = (edition.reports ?? []).map(
    ({ number, cell, day, kind, seen, reliability, credibility, link }) =>
      [number, cell, day, kind, seen, reliability, credibility, link] as const,
  );
  return { id: edition.id, number: edition.number, cells: edition.cells, reports };
}

/** Lists that are made when they are first asked for, in place. */
function lazily<K extends "cells" | "reports" | "why">(edition: PublicDate, name: K, make: () => PublicDate[K]): void {
  Object.defineProperty(edition, name, {
    configurable: true,
    enumerable: true,
    get: () => {
      const value = make();
      Object.defineProperty(edition, name, { configurable: true, enumerable: true, value });
      return value;
    },
  });
}

/** An edition with its rows named, and nothing missing. There may be thousands of rows, and few of them are looked at: they are named when they are. */
export function named(rows: PublicRows | null | undefined): PublicDate | null {
  if (!rows) return null;
  const edition: PublicDate = {
    made_at: "",
    delay_hours: 0,
    moved_km_95: null,
    cell_km: rows.grid?.km ?? 1,
    corrects: null,
    reason: "",
    without_second_name: false,
    not_before: {},
    elsewhere: false,
    looked: false,
    mappers: [],
    ...rows,
    cells: [],
    reports: [],
    why: [],
    changes: (rows.changes as PublicChange | null | undefined) ?? null,
    places: (rows.places as readonly (PlaceFacts | null)[] | undefined) ?? [],
  };
  lazily(edition, "cells", () => corners(rows));
  lazily(edition, "reports", () => rows.reports?.map(reportOf) ?? (rows.reports === null ? null : []));
  lazily(edition, "why", () => rows.why?.map(whyOf) ?? []);
  raw.set(edition, rows);
  return edition;
}
