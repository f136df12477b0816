// What follows from what in a row being written: pure, so that it can be tried without a page.
import type { Said } from "../api";
import { plusDays } from "../clock";

/** `GET /api/entry/draft`: the row as far as it is written. */
export interface RowDraft {
  readonly text: string;
  /** Columns of an evidence file. */
  readonly cells: Readonly<Record<string, string>>;
  readonly day: string;
  /** "" = the whole day, a part of the day, or HH:MM of the theatre's clock. */
  readonly part: string;
  readonly backfill: boolean;
  /** Columns set by hand: what fills itself in leaves them alone. */
  readonly touched: readonly string[];
  readonly bulk: string;
}

/** What a source usually is, by theatre and ledger. */
export interface Habit {
  readonly reliability: string;
  readonly credibility: number | null;
  readonly speaks_for: string | null;
  readonly lag_h: number | null;
  readonly n: number;
  readonly precision: Readonly<Record<string, string>>;
  readonly error_m: Readonly<Record<string, number>>;
}

export interface Spot {
  readonly lon: number;
  readonly lat: number;
  readonly form: string;
  readonly said: { readonly form: Said; readonly note: Said };
  readonly text: string;
  readonly half_m: number;
  readonly note: string;
  readonly pin: boolean;
}

export interface Read {
  readonly spots: readonly Spot[];
  readonly unread: readonly { readonly text: string; readonly reason: string; readonly said: Said }[];
  readonly links: readonly string[];
  readonly n_links: number;
  readonly source: string | null;
  readonly new_source: boolean;
  readonly habit: Habit;
  readonly day: string;
  readonly day_told: boolean;
  readonly part: string;
}

export const EMPTY: RowDraft = { text: "", cells: {}, day: "", part: "", backfill: false, touched: [], bulk: "" };
export const PARTS = ["", "night", "morning", "afternoon", "evening"] as const;
/** Coarser than this is the region, not the theatre. */
export const PRECISIONS = ["exact", "street", "treeline", "settlement", "area"] as const;

export const isEmpty = (draft: RowDraft): boolean => !draft.text && Object.keys(draft.cells).length === 0;

/** The draft with a column marked as set by hand. */
export const touching = (draft: RowDraft, column: string): RowDraft => ({
  ...draft,
  touched: [...new Set([...draft.touched, column])],
});

/** The draft with a column set by hand; the same value by hand again takes it away, one that filled itself in is confirmed. */
export function choose(
  draft: RowDraft,
  column: string,
  value: string,
  sides: readonly string[],
  habit: Habit | null,
): RowDraft {
  const cells = { ...draft.cells };
  const nobody = value === "" && (column === "seen" || column === "by");
  if (nobody || (cells[column] === value && draft.touched.includes(column))) delete cells[column];
  else cells[column] = value;
  return follow(touching({ ...draft, cells }, column), sides, habit);
}

/** The draft with a text column as typed. */
export function write(
  draft: RowDraft,
  column: string,
  value: string,
  sides: readonly string[],
  habit: Habit | null,
): RowDraft {
  const cells = { ...draft.cells };
  if (value.trim()) cells[column] = value;
  else delete cells[column];
  return follow(touching({ ...draft, cells }, column), sides, habit);
}

/** Who was seen where somebody acted, and who acted where somebody was seen: in a strike the other side, in all else the same. */
function counterpart(side: string | undefined, kind: string | undefined, sides: readonly string[]): string | undefined {
  if (!side || !kind) return undefined;
  return kind === "strike" ? sides.find((one) => one !== side) : side;
}

/** What follows by itself, never against what was set by hand. */
export function follow(draft: RowDraft, sides: readonly string[], habit: Habit | null): RowDraft {
  const { touched } = draft;
  const cells: Record<string, string> = { ...draft.cells };
  const free = (column: string): boolean => !touched.includes(column);
  const set = (column: string, value: string | undefined | null): void => {
    if (value) cells[column] = value;
    else delete cells[column];
  };
  if (cells["means"] && !cells["kind"] && free("kind")) cells["kind"] = "strike";
  if (free("by") && !free("seen")) set("by", counterpart(cells["seen"], cells["kind"], sides));
  if (free("seen") && !free("by")) set("seen", counterpart(cells["by"], cells["kind"], sides));
  const kind = cells["kind"] ?? "";
  if (free("precision") && free("error_m")) set("precision", habit?.precision[kind]);
  const errorM = cells["precision"] ? undefined : habit?.error_m[kind];
  if (free("error_m")) set("error_m", errorM ? String(errorM) : undefined);
  if (free("reliability")) set("reliability", habit?.reliability);
  if (free("credibility")) set("credibility", habit?.credibility ? String(habit.credibility) : undefined);
  return { ...draft, cells };
}

/** The draft with what a pasted post told; nothing set by hand is changed. */
export function take(draft: RowDraft, read: Read, sides: readonly string[]): RowDraft {
  const { touched } = draft;
  const cells: Record<string, string> = { ...draft.cells };
  const [spot] = read.spots;
  if (!touched.includes("spot")) {
    delete cells["lon"];
    delete cells["lat"];
    if (spot) [cells["lon"], cells["lat"]] = [spot.lon.toFixed(6), spot.lat.toFixed(6)];
  }
  if (!touched.includes("url")) {
    if (read.links.length) cells["url"] = read.links.join(" ");
    else delete cells["url"];
  }
  if (read.source && !touched.includes("source")) cells["source"] = read.source;
  const timed = touched.includes("day");
  const next = {
    ...draft,
    cells,
    day: timed && draft.day ? draft.day : read.day,
    part: timed ? draft.part : read.part,
  };
  return follow(next, sides, read.source || cells["source"] ? read.habit : null);
}

/** A day further or back; never past the day after the last one. */
export function shiftDay(draft: RowDraft, by: number, last: string): RowDraft {
  const day = plusDays(draft.day || last, by);
  return touching({ ...draft, day: day > last ? last : day }, "day");
}

/** The next part of the day, or the one before. */
export function shiftPart(draft: RowDraft, by: number): RowDraft {
  const at = PARTS.findIndex((part) => part === draft.part);
  const part = PARTS[(Math.max(0, at) + by + PARTS.length) % PARTS.length] ?? "";
  return touching({ ...draft, part }, "day");
}

/** Whether a pasted text is rows of a spreadsheet rather than a post. */
export function isTable(text: string): boolean {
  const lines = text
    .trim()
    .split(/\r?\n/)
    .filter((line) => line.trim());
  const tabbed = lines.filter((line) => line.split("\t").length >= 4).length;
  return lines.length >= 2 && tabbed >= Math.max(2, lines.length * 0.6);
}
