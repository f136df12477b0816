// Pockets: ground nearly cut off, its neck between two tips, and how wide that is by each rule.
import type { FeatureCollection } from "geojson";
import type { Lonlat, PocketFeature, RuleNeck, Sheet } from "./data";
import { collection, feature, line, point } from "./geojson";
import { holds } from "./geometry";
import { numberText, say } from "./i18n";
import type { Language } from "./state";

/** Public widths are whole kilometres and say no more than that. */
const km = (value: number, language: Language): string => numberText(value, language, Number.isInteger(value) ? 0 : 1);

/** A width as people say it: cut off, open, n/a once the place is taken, else km. */
export function widthText(rule: Pick<RuleNeck, "neck_km" | "rung">, language: Language): string {
  if (rule.neck_km === null) return say(language, rule.rung === "taken" ? "neck_na" : "neck_open");
  return rule.neck_km > 0
    ? say(language, "neck_width", { km: km(rule.neck_km, language) })
    : say(language, "neck_none");
}

/** The narrowest and the widest neck over the rules that give one, in words: "0.7–8.6 km, by rule". */
export function neckSpan(rules: readonly RuleNeck[], language: Language): string {
  const widths = rules.flatMap((rule) => rule.neck_km ?? []).sort((a, b) => a - b);
  const digits = widths.every(Number.isInteger) ? 0 : 1;
  const text = (km: number): string => numberText(km, language, digits);
  const ends = [...new Set([...widths.slice(0, 1), ...widths.slice(-1)].map(text))];
  const isOpen = rules.some((rule) => rule.neck_km === null && rule.rung !== "taken");
  if (!ends.length) return say(language, isOpen ? "neck_open" : "neck_na");
  const whole = say(language, "neck_width", { km: ends.join("–") });
  const span = isOpen ? `${ends[0] ?? ""}–${say(language, "neck_open")}` : whole;
  return ends.length > 1 || isOpen ? say(language, "by_rule", { span }) : span;
}

/** The smallest pocket that holds a spot, or null. */
export function pocketAt(sheet: Sheet, spot: Lonlat): PocketFeature | null {
  const found = sheet.pockets.features.filter((one) => holds(one.geometry, spot));
  return found.sort((a, b) => a.properties.km2 - b.properties.km2)[0] ?? null;
}

/** What the map draws: each pocket's ground, its chord with the span in words, and the two tips. */
export const pocketShapes = (sheet: Sheet, language: Language): FeatureCollection =>
  collection(
    sheet.pockets.features.flatMap(({ geometry, properties: { chord, tips, rules } }) => [
      feature(geometry, { role: "pocket" }),
      line(
        chord.map((at) => [...at]),
        { role: "neck", label: neckSpan(rules, language) },
      ),
      ...tips.map((at) => point(at, { role: "tip" })),
    ]),
  );
