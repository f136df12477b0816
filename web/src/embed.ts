// The page inside another page: no panels, a line that says when and what, and a banner once it is out of date.
import type { Sheet } from "./data";

const DAY_MS = 86_400_000;
/** An edition is out of date so many days after its delay was over: the longest that a weekly map may go unrenewed. */
const STALE_DAYS = 8;

/** Whether the page was asked for as an embed: `?embed` for servers, `#embed` for files. */
export const isEmbedded = (search: string, hash: string): boolean =>
  new URLSearchParams(search).has("embed") || new URLSearchParams(hash.replace(/^#/, "")).has("embed");

/** How many days ago the newest map was true, if that makes it out of date: more than its delay and `STALE_DAYS`; else null. */
export function staleDays(newest: Sheet, nowMs: number): number | null {
  if (!newest.public) return null;
  const age = (nowMs - Date.parse(newest.as_of)) / DAY_MS;
  return age > newest.public.delay_hours / 24 + STALE_DAYS ? Math.floor(age) : null;
}
