// A release as the server tells it: the approved days, what an edition of one would hold, change and hold back.
import type { Names } from "../../src/data";
import type { Say } from "../panel";
import type { Maps } from "./release_map";
import type { ReleaseKey } from "./release_words";

export type ReleaseSay = Say<ReleaseKey>;

interface Day {
  readonly as_of: string;
  readonly by: string;
  readonly reports_used: number;
  readonly editions: readonly string[];
}

/** `GET /api/release/days`: the newest first. */
export interface Days {
  readonly days: readonly Day[];
  readonly site: string;
  readonly proposed_site: string;
}

/** A stretch of line that moved. */
export interface Line {
  readonly side: string;
  readonly kind: "advance" | "withdrawal";
  readonly km2: number;
  readonly up_to_km: number | null;
  readonly at: readonly [number, number];
  readonly reports: readonly number[];
}

export interface Changes {
  readonly since: string;
  readonly since_edition: string | null;
  readonly changed_km2: number;
  readonly transitions_km2: Readonly<Record<string, number>>;
  readonly settlements: readonly {
    readonly name: string;
    readonly names: Names;
    readonly from: string | null;
    readonly to: string;
  }[];
  readonly lines: readonly Line[];
}

/** A file of the edition. */
export interface Content {
  readonly file: string;
  readonly n: number | null;
  readonly bytes: number;
  readonly not_before: string | null;
}

/** `GET /api/release`. */
export interface Release extends Maps {
  readonly as_of: string;
  readonly head: string;
  readonly counted_to: string;
  readonly ready: boolean;
  readonly ready_at: string;
  readonly edition: string;
  readonly last: { readonly id: string } | null;
  readonly already: boolean;
  readonly second_name: boolean;
  readonly second_name_over_km2: number;
  readonly cell_km: number;
  readonly closed_km2: number;
  readonly contents: readonly Content[];
  readonly groups: Readonly<Record<string, number>>;
  readonly changes: Changes;
}

/** Groups of reports that inform the public map; all others are held back. */
export const INFORMING: readonly string[] = ["informs", "with_link"];
