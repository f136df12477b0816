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
  readonly changed_since?: "start" | "approved" | null;
  readonly reports_used: number | null;
  readonly why: Why | null;
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
}

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
  };
}

/** The document out of its JSON text. Dates come out in time order. */
export function parse(text: string): Document {
  const raw = JSON.parse(text) as Document;
  if (!raw.dates?.length) throw new Error("the document holds no date");
  const dates = raw.dates.map(filled).sort((a, b) => Date.parse(a.as_of) - Date.parse(b.as_of));
  return { ...raw, dates, roads: raw.roads ?? NOTHING, barriers: raw.barriers ?? NOTHING, settlements: raw.settlements ?? [] };
}
