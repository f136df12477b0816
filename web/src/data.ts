// The document a map page shows, as `isofront.publish.map_data` writes it. Distances in km, lon/lat in degrees.
import type { Feature, FeatureCollection, Geometry, MultiPolygon, Point, Polygon } from "geojson";

export type Lonlat = readonly [number, number];
export type Names = Readonly<Record<string, string>>;

export interface Side {
  readonly id: string;
  readonly names: Names;
  readonly colour: string;
}

export interface Settlement {
  readonly name: string;
  readonly names: Names;
  readonly lon: number;
  readonly lat: number;
  readonly population: number | null;
}

export interface Status {
  readonly name: string;
  readonly status: string | null;
  readonly p: number | null;
}

/** What one report says; as the properties of its point. */
export interface Report {
  readonly id: string;
  readonly kind?: string | null;
  readonly seen?: string | null;
  readonly by?: string | null;
  readonly happened?: string | null;
  readonly error_m?: number | null;
  readonly source?: string | null;
  readonly reliability?: string | null;
  readonly credibility?: number | null;
  readonly group?: string | null;
  readonly url?: string | null;
}

/** lon, lat, prior_km, latent_km, others_km, n_others, [[index into report_index, km], ...] */
export type WhyRow = readonly [number, number, number, number, number, number, ReadonlyArray<readonly [number, number]>];

export interface Why {
  readonly side: string;
  readonly points: readonly WhyRow[];
}

export interface AreaProperties {
  readonly class?: string;
  readonly side?: string | null;
  readonly grey_reason?: string | null;
}

export type Areas = FeatureCollection<Polygon | MultiPolygon, AreaProperties>;
export type Shapes = FeatureCollection<Geometry, Readonly<Record<string, unknown>>>;
export type Reports = FeatureCollection<Point, Report>;
export type ReportFeature = Feature<Point, Report>;

/** A pocket's neck under one rule: null is open (or nothing left of the place), 0 cut off; `sampled` is [low, median, high]. */
export interface RuleNeck {
  readonly rule: "held" | "held_or_grey" | "any_presence";
  readonly neck_km: number | null;
  readonly rung: string;
  readonly sampled: readonly [number | null, number | null, number | null] | null;
  readonly p_under_5: number | null;
  readonly p_cut_off: number | null;
}

export interface PocketProperties {
  readonly side: string;
  readonly km2: number;
  readonly chord: readonly Lonlat[];
  readonly tips: readonly Lonlat[];
  /** Indices into the document's settlements, the largest first; the first is where the rules are measured. */
  readonly inside: readonly number[];
  readonly rules: readonly RuleNeck[];
}

export type PocketFeature = Feature<Polygon | MultiPolygon, PocketProperties>;
export type Pockets = FeatureCollection<Polygon | MultiPolygon, PocketProperties>;

/** A public report: a cell, a day, who was seen; its place in the cell is nowhere in the document. */
export interface PublicReport {
  readonly number: number;
  readonly cell: number;
  readonly day: string;
  readonly kind: string;
  readonly seen: string | null;
  readonly reliability: string;
  readonly credibility: number;
  readonly link: string | null;
}

export type Strength = "strong" | "moderate" | "weak";

/** Why a settlement (`place` is its number) or a cell is what it is: reports with the side they speak for and a word for how strongly. */
export interface PublicWhy {
  readonly place: number | null;
  readonly cell: number;
  readonly status: string;
  readonly since: string | null;
  readonly seen_within_days: number | null;
  /** Without so few reports it would turn; null if it would not without any three. */
  readonly rests_on: number | null;
  readonly reasons: ReadonlyArray<readonly [report: number, toward: string, strength: Strength]>;
}

/** What a published edition says of itself, of its reports and its reasons. */
export interface PublicDate {
  readonly id: string;
  readonly number: number;
  readonly made_at: string;
  readonly delay_hours: number;
  readonly moved_km_95: number | null;
  readonly cell_km: number;
  readonly corrects: string | null;
  readonly reason: string;
  readonly without_second_name: boolean;
  readonly not_before: Readonly<Record<string, string>>;
  /** Its reports and reasons stand on its own page only. */
  readonly elsewhere: boolean;
  /** Whether it was reckoned when somebody last looked; `seen_within_days` says nothing if not. */
  readonly looked: boolean;
  /** The corners of each cell that a report or a reason names. */
  readonly cells: readonly (readonly Lonlat[])[];
  /** Null while their delay is not over. */
  readonly reports: readonly PublicReport[] | null;
  readonly why: readonly PublicWhy[];
}

/** What became of an edition after it was published. */
export interface Notice {
  readonly state: string;
  readonly corrected_by?: string;
  readonly at?: string;
  readonly reason?: string;
}

export interface Sheet {
  readonly as_of: string;
  readonly known_by: string | null;
  readonly state: string;
  readonly areas: Areas;
  readonly front: Shapes;
  readonly infiltration: Areas;
  readonly unobserved: Areas;
  readonly out_of_range: Areas;
  readonly pockets: Pockets;
  /** Where a side's movement was seen to be struck: `side`, `level` 1 (seldom) to 3 (often); 0 is where nobody looked. */
  readonly interdicted: Shapes;
  /** Roads near the other side's held ground: `within_km`. */
  readonly routes: Shapes;
  readonly reports: Reports;
  readonly status: readonly Status[];
  readonly area_km2: Readonly<Record<string, number | null>>;
  readonly changed_km2: number | null;
  readonly changed_since?: "start" | "approved" | "edition" | null;
  readonly reports_used: number | null;
  readonly why: Why | null;
  /** Only in published editions. */
  readonly public: PublicDate | null;
}

export interface Document {
  readonly title: string;
  readonly name: string;
  readonly languages: readonly string[];
  readonly language?: string;
  readonly simulated: boolean;
  readonly stamp: readonly string[];
  readonly sides: readonly Side[];
  readonly bounds: readonly [number, number, number, number];
  readonly credit: string;
  readonly land: Geometry | null;
  readonly roads: Shapes;
  readonly barriers: Shapes;
  readonly settlements: readonly Settlement[];
  readonly dates: readonly Sheet[];
  readonly report_index: readonly string[];
  readonly notice?: Notice | null;
}

type ReportRow = readonly [number: number, cell: number, day: string, kind: string, seen: string | null, reliability: string, credibility: number, link: string | null];
type ReasonRow = readonly [place: number | null, cell: number, status: string, since: string | null, seenWithin: number | null, restsOn: number | null, reasons: PublicWhy["reasons"]];
type PublicRows = Omit<PublicDate, "reports" | "why"> & { readonly reports: readonly ReportRow[] | null; readonly why: readonly ReasonRow[] };

const reportOf = ([number, cell, day, kind, seen, reliability, credibility, link]: ReportRow): PublicReport => ({ number, cell, day, kind, seen, reliability, credibility, link });
const whyOf = ([place, cell, status, since, seen_within_days, rests_on, reasons]: ReasonRow): PublicWhy => ({ place, cell, status, since, seen_within_days, rests_on, reasons });

/** What an edition says, its rows named. */
const named = (rows: PublicRows | null | undefined): PublicDate | null =>
  rows ? { ...rows, reports: rows.reports?.map(reportOf) ?? null, why: rows.why.map(whyOf) } : null;

const NOTHING: FeatureCollection<never> = { type: "FeatureCollection", features: [] };

/** A sheet with empty collections where the document left one out. */
function filled(sheet: Sheet): Sheet {
  return {
    ...sheet,
    areas: sheet.areas ?? NOTHING,
    front: sheet.front ?? NOTHING,
    infiltration: sheet.infiltration ?? NOTHING,
    unobserved: sheet.unobserved ?? NOTHING,
    out_of_range: sheet.out_of_range ?? NOTHING,
    pockets: sheet.pockets ?? NOTHING,
    interdicted: sheet.interdicted ?? NOTHING,
    routes: sheet.routes ?? NOTHING,
    reports: sheet.reports ?? NOTHING,
    status: sheet.status ?? [],
    area_km2: sheet.area_km2 ?? {},
    why: sheet.why ?? null,
    public: named(sheet.public as unknown as PublicRows | null),
  };
}

/** The document out of its JSON text. Dates come out in time order. */
export function parse(text: string): Document {
  const raw = JSON.parse(text) as Document;
  if (!raw.dates?.length) throw new Error("the document holds no date");
  const dates = raw.dates.map(filled).sort((a, b) => Date.parse(a.as_of) - Date.parse(b.as_of));
  return { ...raw, dates, roads: raw.roads ?? NOTHING, barriers: raw.barriers ?? NOTHING, settlements: raw.settlements ?? [] };
}
