// Whether what a page shows still stands: a page or embed that stays open asks the site's list of editions, and goes blank once its edition is withdrawn.
import { read } from "./days";
import type { Document, Notice } from "./data";

/** Well under the minute in which what was withdrawn has to be gone. */
const EVERY_MS = 40_000;

export interface Listed {
  readonly id: string;
  readonly state: string;
  readonly made_at?: string;
  readonly reason?: string | null;
  readonly corrected_by?: string | null;
}

/** Where the list lies: beside the page over all editions, two folders up from an edition's own page. */
export const listFile = (data: Document): string => (data.history ? "editions.json" : "../../editions.json");

/** The first of these editions that was withdrawn, if any was. */
export const withdrawn = (listed: readonly Listed[], shown: ReadonlySet<string>): Listed | null =>
  listed.find((one) => one.state === "pulled" && shown.has(one.id)) ?? null;

/** What to say over editions of which one was corrected since the page was opened; null if none was. */
export function correctedSince(listed: readonly Listed[], shown: ReadonlySet<string>): Notice | null {
  const old = listed.find((one) => one.state === "corrected" && shown.has(one.id));
  const made = listed.find((one) => one.id === old?.corrected_by);
  return made ? { state: "corrected", corrected_by: made.id, at: made.made_at ?? "", reason: made.reason ?? "" } : null;
}

const isPublished = (data: Document): boolean =>
  /^https?:$/.test(location.protocol) && data.dates.some((sheet) => sheet.public);

/** Ask now and again while the page is in sight; `tell` says whether to go on. Nothing is asked from a file or of a private map. */
export function watch(data: Document, tell: (listed: readonly Listed[]) => boolean): void {
  if (!isPublished(data)) return;
  const ask = async (): Promise<void> => {
    if (document.hidden) return;
    const found = (await read(listFile(data), "no-store").catch(() => null)) as {
      readonly editions?: readonly Listed[];
    } | null;
    if (!found?.editions || tell(found.editions)) return;
    window.clearInterval(timer);
    document.removeEventListener("visibilitychange", asks);
  };
  const asks = (): void => void ask();
  const timer = window.setInterval(asks, EVERY_MS);
  document.addEventListener("visibilitychange", asks);
  asks();
}
