// What a published edition always says: its number, its age, how far lines move in such a time, what it is not for.
import type { Notice, PublicDate, Sheet } from "./data";
import { dateText, numberText, say } from "./i18n";
import type { Language } from "./state";

/** "delayed by 72 hours and more" */
export const delayText = (edition: PublicDate, language: Language): string =>
  say(language, "delayed", { n: numberText(edition.delay_hours, language) });

/** "in such a time lines here moved up to 1 km (95 %); drones reach farther; not for navigation, evacuation or targeting." */
export function cautionText(edition: PublicDate, language: Language): string {
  const km = edition.moved_km_95;
  const moved =
    km === null
      ? say(language, "moved_unknown")
      : say(language, "moved", { km: numberText(km, language, Number.isInteger(km) ? 0 : 1) });
  return `${moved}; ${say(language, "not_for")}`;
}

/** "As of 4 November 2025, delayed by 72 hours and more; in such a time …" */
export const wholeCaution = (sheet: Sheet, edition: PublicDate, language: Language): string =>
  `${say(language, "as_of", { date: dateText(sheet.as_of, language) })}, ${delayText(edition, language)}; ${cautionText(edition, language)}`;

/** What became of the edition, as its banner says it; null where nothing did. */
export function noticeText(notice: Notice | null | undefined, language: Language): string | null {
  if (notice?.state !== "corrected") return null;
  const reason = (notice.reason ?? "").replace(/\.+$/, "");
  return say(language, "was_corrected", { date: dateText(notice.at?.slice(0, 10), language), reason });
}

/** Where the edition lies that corrects this one, seen from the page; only a plain name is followed. */
export const correctedAt = (notice: Notice | null | undefined, folder = "../"): string | null =>
  /^[\w-]+$/.test(notice?.corrected_by ?? "") ? `${folder}${notice?.corrected_by}/index.html` : null;
