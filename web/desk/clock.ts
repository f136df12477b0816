// The day it is where the war is: by the server's clock, in the theatre's zone. A mapper's days are meant so.

const DAY_MS = 86_400_000;

/** A day so many days later. */
export const plusDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);

/** YYYY-MM-DD of a moment in a zone. */
export function dayIn(zone: string, moment: number): string {
  const parts = new Intl.DateTimeFormat("en", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    calendar: "iso8601",
  }).formatToParts(moment);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** Asked at any later moment, the day it is then; `now` is the server's clock at this moment. */
export function clockOf(now: string, zone: string): () => string {
  const ahead = Date.parse(now) - Date.now();
  return () => dayIn(zone, Date.now() + ahead);
}
