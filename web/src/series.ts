// The areas over time as one partition: side 1 from below, side 2 from above, grey between. Pure numbers, in km².
import type { Document, SeriesStep, Sheet } from "./data";

export interface Step {
  readonly time: number;
  readonly first: number;
  readonly grey: number;
  readonly second: number;
  readonly unobserved: number;
  /** Ground that changed hands since the step before, and what of it each side gained. */
  readonly changed: number;
  readonly gained: readonly [first: number, second: number];
}

export interface Series {
  readonly steps: readonly Step[];
  readonly low: number;
  readonly high: number;
  /** Steps `[i, i + 1]` farther apart than usual: nothing is drawn between them. */
  readonly gaps: readonly (readonly [number, number])[];
}

const km2 = (sheet: Sheet, key: string | undefined): number =>
  Math.max(0, (key !== undefined && sheet.area_km2[key]) || 0);

function step(data: Document, sheet: Sheet, told: SeriesStep | undefined): Step {
  const [first, second] = data.sides;
  const gain = (id: string | undefined): number => Math.max(0, (id !== undefined && told?.gained_km2?.[id]) || 0);
  return {
    time: Date.parse(sheet.as_of),
    first: km2(sheet, first?.id),
    grey: km2(sheet, "grey"),
    second: km2(sheet, second?.id),
    unobserved: km2(sheet, "unobserved"),
    changed: Math.max(0, told?.changed_km2 ?? sheet.changed_km2 ?? 0),
    gained: [gain(first?.id), gain(second?.id)],
  };
}

/** Runs of steps without a gap inside. */
export function runs({ steps, gaps }: Pick<Series, "steps" | "gaps">): number[][] {
  const ends = new Set(gaps.map(([before]) => before));
  const found: number[][] = [[]];
  for (const k of steps.keys()) {
    found.at(-1)?.push(k);
    if (ends.has(k) && k < steps.length - 1) found.push([]);
  }
  return found;
}

/** Every date's areas, and the window (km² counted from side 1's end) that holds all that moves, with a little air. */
export function series(data: Document): Series {
  const told = new Map((data.series?.steps ?? []).map((one) => [one.as_of, one]));
  const steps = data.dates.map((sheet) => step(data, sheet, told.get(sheet.as_of)));
  const bottom = Math.min(...steps.map((one) => one.first));
  const top = Math.max(...steps.map((one) => one.first + one.grey));
  const air = Math.max(1, (top - bottom) * 0.35);
  const whole = Math.max(...steps.map((one) => one.first + one.grey + one.second));
  return {
    steps,
    low: Math.max(0, bottom - air),
    high: Math.min(Math.max(whole, 1), top + air),
    gaps: data.series?.gaps ?? [],
  };
}

/** How far along the dates a time lies, from 0 to 1. */
export function along(steps: readonly Step[], time: number): number {
  const [start, end] = [steps[0]?.time ?? 0, steps.at(-1)?.time ?? 0];
  return end > start ? (time - start) / (end - start) : 0.5;
}

/** The index of the date nearest to a share of the way. */
export function nearestStep(steps: readonly Step[], share: number): number {
  let best = 0;
  for (const [i, one] of steps.entries())
    if (Math.abs(along(steps, one.time) - share) < Math.abs(along(steps, steps[best]?.time ?? 0) - share)) best = i;
  return best;
}
