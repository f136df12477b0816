// Why a spot is what it is: prior + named pushes + others = latent, all in km, positive toward side 1.
import type { Document, Lonlat, ReportFeature, Sheet, WhyRow } from "./data";
import { distanceKm, featureAt } from "./geometry";

/** An explanation speaks for spots this near to where it was worked out. */
const REACH_KM = 1.5;

export interface Push {
  readonly id: string;
  readonly km: number;
  readonly report: ReportFeature | null;
}

export interface Explanation {
  readonly at: Lonlat;
  readonly awayKm: number;
  readonly priorKm: number;
  readonly pushes: readonly Push[];
  readonly othersKm: number;
  readonly nOthers: number;
  readonly latentKm: number;
}

function nearest(points: readonly WhyRow[], spot: Lonlat): { row: WhyRow; km: number } | null {
  let best: { row: WhyRow; km: number } | null = null;
  for (const row of points) {
    const km = distanceKm(spot, [row[0], row[1]]);
    if (best === null || km < best.km) best = { row, km };
  }
  return best;
}

/** The explanation nearest to the spot, or null if none was worked out within REACH_KM: then nothing moved it. */
export function explain(data: Document, sheet: Sheet, spot: Lonlat): Explanation | null {
  const found = nearest(sheet.why?.points ?? [], spot);
  if (found === null || found.km > REACH_KM) return null;
  const [lon, lat, priorKm, latentKm, othersKm, nOthers, pushes] = found.row;
  const byId = new Map(sheet.reports.features.map((feature) => [feature.properties.id, feature]));
  const named = pushes.map(([index, km]) => {
    const id = data.report_index[index] ?? `#${index}`;
    return { id, km, report: byId.get(id) ?? null };
  });
  named.sort((a, b) => Math.abs(b.km) - Math.abs(a.km));
  return { at: [lon, lat], awayKm: found.km, priorKm, pushes: named, othersKm, nOthers, latentKm };
}

/** Prior, pushes and others added up, in km; equals the latent but for rounding. */
export const total = (why: Explanation): number =>
  why.pushes.reduce((sum, push) => sum + push.km, why.priorKm + why.othersKm);

/** The ids of the sides that positive and negative km push toward. */
export function directions(data: Document, sheet: Sheet): readonly [plus: string, minus: string] {
  const ids = data.sides.map((side) => side.id);
  const plus = sheet.why?.side && ids.includes(sheet.why.side) ? sheet.why.side : (ids[0] ?? "");
  return [plus, ids.find((id) => id !== plus) ?? ""];
}

export interface Ground {
  readonly cls: "held" | "grey" | "none";
  readonly side: string | null;
  readonly reason: string | null;
  readonly infiltratedBy: readonly string[];
  readonly unobserved: boolean;
  readonly outOfRange: boolean;
}

/** What the map says the spot is. */
export function groundAt(sheet: Sheet, spot: Lonlat): Ground {
  const area = featureAt(sheet.areas.features, spot)?.properties;
  const sides = sheet.infiltration.features
    .filter((feature) => featureAt([feature], spot))
    .map((feature) => feature.properties.side ?? "");
  return {
    cls: area?.class === "held" ? "held" : area?.class === "grey" ? "grey" : "none",
    side: area?.side ?? null,
    reason: area?.grey_reason ?? null,
    infiltratedBy: [...new Set(sides)].filter((side) => side !== ""),
    unobserved: featureAt(sheet.unobserved.features, spot) !== null,
    outOfRange: featureAt(sheet.out_of_range.features, spot) !== null,
  };
}

/** The id of the side that holds a settlement, from its status `held_<side>`; null where it is grey or not known. */
export const holderOf = (status: string | null | undefined): string | null =>
  status?.startsWith("held_") ? status.slice("held_".length) : null;
