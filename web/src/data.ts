// The document a map page shows, as `isofront.publish.map_data` writes it. Distances in km, lon/lat in degrees.
import type { Feature, FeatureCollection, Geometry, MultiPolygon, Point, Polygon } from "geojson";
import { named, type PublicRows } from "./edition";
import { NOTHING } from "./geojson";
import type { MapperHead } from "./mappers";
import { unpacked, type Shapes as Packed } from "./shapes";

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
  /** Names that sound like none of `names`, such as the one before it was renamed. */
  readonly spellings?: readonly string[];
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
export type WhyRow = readonly [
  number,
  number,
  number,
  number,
  number,
  number,
  ReadonlyArray<readonly [number, number]>,
];

export interface Why {
  readonly side: string;
  readonly points: readonly WhyRow[];
}

interface AreaProperties {
  readonly class?: string;
  readonly side?: string | null;
  readonly grey_reason?: string | null;
}

type Areas = FeatureCollection<Polygon | MultiPolygon, AreaProperties>;
export type Shapes = FeatureCollection<Geometry, Readonly<Record<string, unknown>>>;
type Reports = FeatureCollection<Point, Report>;
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

interface PocketProperties {
  readonly side: string;
  readonly km2: number;
  readonly chord: readonly Lonlat[];
  readonly tips: readonly Lonlat[];
  /** Indices into the document's settlements, the largest first; the first is where the rules are measured. */
  readonly inside: readonly number[];
  readonly rules: readonly RuleNeck[];
}

export type PocketFeature = Feature<Polygon | MultiPolygon, PocketProperties>;
type Pockets = FeatureCollection<Polygon | MultiPolygon, PocketProperties>;

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

type Strength = "strong" | "moderate" | "weak";

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
  /** The newest day on which somebody saw the place. */
  readonly last_seen: string | null;
  /** Whether the edition tells such days at all. */
  readonly tells_last_seen: boolean;
}

/** A statement by a source, never averaged with another. */
export interface Claim {
  readonly about: string;
  readonly unit?: string | null;
  readonly low?: number | null;
  readonly high?: number | null;
  readonly bound?: string | null;
  readonly status?: string | null;
  readonly side?: string | null;
  readonly against?: string | null;
  readonly said?: string | null;
  readonly for_day?: string | null;
  readonly by?: string | null;
  readonly interest?: string | null;
  readonly grade?: readonly [reliability: string, credibility: number] | null;
  readonly link?: string | null;
  readonly revised?: boolean | null;
  readonly age_days?: number | null;
}

/** What an edition tells of one settlement beside its status. */
export interface PlaceFacts {
  readonly front_km?: number | null;
  readonly front_km_before?: number | null;
  readonly before?: string | null;
  readonly routes?: string | null;
  readonly routes_change?: string | null;
  readonly neck_km?: number | null;
  readonly rung?: string | null;
  readonly enclosure?: Readonly<Record<string, number | null>> | null;
  readonly population?: number | null;
  readonly civilians?: Claim | null;
  readonly claims?: readonly Claim[] | null;
}

/** One stretch of line that moved. */
export interface LineChange {
  readonly side: string;
  readonly kind: string;
  readonly km2: number | null;
  readonly up_to_km: number | null;
  readonly at: Lonlat;
  readonly reports: readonly number[];
}

/** What an edition changed since the one before. */
export interface PublicChange {
  readonly since?: string | null;
  readonly since_edition?: string | null;
  readonly changed_km2?: number | null;
  readonly settlements?: readonly { readonly name: string; readonly from: string; readonly to: string }[];
  readonly lines?: readonly LineChange[];
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
  readonly changes: PublicChange | null;
  /** One for each settlement; empty where the edition tells nothing more of them. */
  readonly places: readonly (PlaceFacts | null)[];
  /** Other mappers' maps that it holds. */
  readonly mappers: readonly MapperHead[];
  /** Older reports stand in the edition's files only. */
  readonly reports_days?: number;
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
  /** Where its layers lie, if not here: an address relative to the page. */
  readonly file?: string | null;
  /** Why there is nothing to show. */
  readonly missing?: "pulled" | "unpublished" | "unread" | null;
  readonly missing_reason?: string;
}

/** One edition of all there ever were. */
export interface Past {
  readonly id: string;
  readonly number: number;
  readonly as_of: string;
  readonly made_at: string;
  readonly state: string;
  readonly corrects?: string | null;
  readonly corrected_by?: string | null;
  readonly reason?: string | null;
  readonly file?: string | null;
}

export interface SeriesStep {
  readonly as_of: string;
  readonly area_km2: Readonly<Record<string, number | null>>;
  readonly changed_km2?: number | null;
  readonly gained_km2?: Readonly<Record<string, number | null>> | null;
  readonly since?: string | null;
  readonly days?: number | null;
}

/** The areas of every day; `gaps` are steps with nothing between them. */
interface DaySeries {
  readonly steps: readonly SeriesStep[];
  readonly gaps: readonly (readonly [number, number])[];
}

/** A settlement over the editions: a letter a day, numbers a day. */
export interface PlaceColumns {
  readonly status?: string;
  readonly routes?: string;
  readonly front_km?: readonly (number | null)[];
  readonly neck_km?: readonly (number | null)[];
  readonly enclosure?: readonly (number | null)[];
}

export interface PlacesOverTime {
  readonly dates: readonly string[];
  readonly places: readonly PlaceColumns[];
}

export interface Document {
  readonly title: string;
  /** The title by language, where it has one. */
  readonly titles?: Names;
  readonly name: string;
  readonly languages: readonly string[];
  readonly language?: string;
  readonly simulated: boolean;
  readonly stamp: readonly string[];
  readonly sides: readonly Side[];
  readonly bounds: readonly [number, number, number, number];
  readonly credit: string;
  readonly credits?: Names;
  readonly land: Geometry | null;
  readonly roads: Shapes;
  readonly barriers: Shapes;
  readonly settlements: readonly Settlement[];
  readonly dates: readonly Sheet[];
  readonly report_index: readonly string[];
  readonly notice?: Notice | null;
  readonly history?: readonly Past[];
  readonly series?: DaySeries | null;
  readonly places?: PlacesOverTime | null;
  readonly places_file?: string | null;
  /** The page that holds everything, for who opened this one from a file. */
  readonly offline?: string | null;
}

/** A sheet with empty collections where the document left one out. */
export function filled(written: Sheet): Sheet {
  const { shapes, ...rest } = written as Sheet & { readonly shapes?: Packed | null };
  const sheet = { ...rest, ...(shapes ? (unpacked(shapes) as unknown as Partial<Sheet>) : {}) };
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
  return {
    ...raw,
    dates,
    roads: raw.roads ?? NOTHING,
    barriers: raw.barriers ?? NOTHING,
    settlements: raw.settlements ?? [],
  };
}
