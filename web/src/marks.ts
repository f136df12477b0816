// What is marked on the map for a chosen spot: the spot, and the numbered reports that moved it with their location errors.
import type { Feature, FeatureCollection, Position } from "geojson";
import type { Lonlat, ReportFeature } from "./data";
import { collection, line, point, polygon } from "./geojson";
import { circle } from "./geometry";
import type { Push } from "./why";

/** A report's thread from the spot, the circle of its error, and its number in the colour of the side it speaks for. */
function marked(spot: Lonlat, report: ReportFeature, number: string, toward: string): (Feature | null)[] {
  const at = report.geometry.coordinates as [number, number];
  const errorKm = (report.properties.error_m ?? 0) / 1000;
  const thread: Position[] = [[...spot], at];
  return [
    line(thread, { role: "thread" }),
    errorKm > 0 ? polygon(circle(at, errorKm), { role: "error" }) : null,
    point(at, { role: "report", number, toward }),
  ];
}

/** `plus` and `minus` are the sides that reports speak for whose km are above and below nought. */
export function marks(
  spot: Lonlat,
  pushes: readonly Push[],
  [plus, minus]: readonly [plus: string, minus: string],
): FeatureCollection {
  const reports = pushes.flatMap(({ report, km }, i) =>
    report ? marked(spot, report, String(i + 1), km >= 0 ? plus : minus) : [],
  );
  return collection([point(spot, { role: "spot" }), ...reports]);
}
