// The pocket that a spot lies in: whose, its neck by rule, who else is in it.
import type { Lonlat, RuleNeck } from "../data";
import { h } from "../dom";
import { km2Text, nameIn, numberText, percentText, say, sideName } from "../i18n";
import { neckSpan, pocketAt, widthText } from "../pockets";
import { quiet, type Context } from "./context";

/** "5.4 (4.1–11.5) km; under 5 km: 11 %; cut off: 1 %" */
function sampledText({ language }: Context, rule: RuleNeck): string | null {
  if (!rule.sampled || rule.p_under_5 === null || rule.p_cut_off === null) return null;
  const [low = "", median = "", high = ""] = rule.sampled.map((km) =>
    km === null ? say(language, "neck_wide") : numberText(km, language, 1),
  );
  const under = percentText(rule.p_under_5, language);
  const none = percentText(rule.p_cut_off, language);
  return say(language, "neck_sampled", { low, median, high, under, none });
}

function ruleRow(context: Context, rule: RuleNeck): HTMLElement {
  const sampled = sampledText(context, rule);
  return h(
    "div",
    {},
    h("dt", {}, say(context.language, `rule_${rule.rule}`)),
    h("dd", {}, widthText(rule, context.language), sampled && h("span", { class: "quiet" }, sampled)),
  );
}

export function pocketBlock(context: Context, spot: Lonlat): HTMLElement[] {
  const { data, sheet, language } = context;
  const found = pocketAt(sheet, spot);
  if (!found) return [];
  const { side, km2, inside, rules } = found.properties;
  const names = inside
    .flatMap((index) => data.settlements[index] ?? [])
    .map((one) => nameIn(one.names ?? {}, language, one.name));
  const whose = { side: sideName(data.sides, side, language), km2: km2Text(km2, language) };
  return [
    h("h3", { id: "pocket" }, say(language, "in_pocket")),
    h("p", { class: "sum-up" }, h("b", {}, neckSpan(rules, language))),
    quiet(say(language, "pocket_of", whose)),
    h(
      "dl",
      { class: "rules" },
      rules.map((rule) => ruleRow(context, rule)),
    ),
    quiet(say(language, "pocket_inside", { names: names.join(", "), first: names[0] ?? "" })),
  ];
}
