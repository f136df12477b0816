// The private page's reasons, in km: where a spot stood before the evidence, each report's push, and where it stands now.
import { sideClass, sideChip } from "../chip";
import type { Report, ReportFeature } from "../data";
import { h } from "../dom";
import { kmText, numberText, say, sayOr, sideName, spanText } from "../i18n";
import { linkAfter } from "../link";
import { directions, total, type Explanation, type Push } from "../why";
import { gradeMark, moreText, quiet, type Context } from "./context";

/** How many reports get a number on the map; the rest stand in the list without. */
export const NUMBERED = 9;
const LISTED = 6;
const NEGLIGIBLE_KM = 0.005;

/** The id of the side that so many km push toward. */
const toward = ({ data, sheet }: Context, km: number): string => directions(data, sheet)[km >= 0 ? 0 : 1];

/** "strike · 3 Nov 2025 · source alpha · B2 · ±300 m" */
function credentials({ language }: Context, report: Report): HTMLElement {
  const parts = [
    report.kind ? sayOr(language, `kind_${report.kind}`, report.kind) : null,
    spanText(report.happened, language),
    report.source ? say(language, "source", { source: report.source }) : null,
  ];
  return h(
    "span",
    { class: "credentials" },
    parts.filter(Boolean).join(" · "),
    " · ",
    gradeMark(report.reliability ?? "F", report.credibility ?? 6, language),
    report.error_m ? ` · ${say(language, "error", { m: numberText(report.error_m, language) })}` : "",
  );
}

function reportIds({ language }: Context, report: Report | null, id: string): HTMLElement {
  const twin = report?.group && report.group !== id ? ` · ${say(language, "same_event", { id: report.group })}` : "";
  return h("span", { class: "id" }, h("code", {}, id), twin, linkAfter(report?.url, say(language, "published")));
}

function reportRow(context: Context, report: Report): HTMLElement {
  const { data, language } = context;
  const seen = report.seen ?? null;
  const who = seen
    ? say(language, "seen_by", { side: sideName(data.sides, seen, language) })
    : say(language, "no_side");
  return h(
    "li",
    {},
    h("strong", {}, sideChip(data.sides, seen), who),
    credentials(context, report),
    reportIds(context, report, report.id),
  );
}

export function reportsHere(context: Context, reports: readonly ReportFeature[]): HTMLElement[] {
  if (!reports.length) return [];
  const rows = reports.slice(0, LISTED).map(({ properties }) => reportRow(context, properties));
  const more = moreText(reports, LISTED, context.language);
  return [
    h("h3", {}, say(context.language, "reports_here")),
    h("ul", { class: "reports" }, rows),
    ...(more ? [more] : []),
  ];
}

/** "0.6 km on the South side" */
function standing(context: Context, km: number): string {
  const { data, language } = context;
  if (Math.abs(km) < NEGLIGIBLE_KM) return say(language, "on_line");
  const side = sideName(data.sides, toward(context, km), language);
  return say(language, "inside_by", { km: kmText(km, language), side });
}

function standingBox(context: Context, word: "why_before" | "why_now", id: string, km: number): HTMLElement {
  const side = sideClass(context.data.sides, toward(context, km));
  return h("div", { class: side }, h("dt", {}, say(context.language, word)), h("dd", { id }, standing(context, km)));
}

/** A bar from the middle: positive km to the right, negative to the left. */
function bar(context: Context, km: number, scale: number): HTMLElement {
  const piece = h("span", { class: `piece back-${sideClass(context.data.sides, toward(context, km))}` });
  const width = scale > 0 ? Math.min(50, (Math.abs(km) / scale) * 50) : 0;
  piece.style.width = `${width}%`;
  piece.style.left = `${km >= 0 ? 50 : 50 - width}%`;
  return h("span", { class: "scalebar", "aria-hidden": "true" }, piece);
}

function pushRow(context: Context, push: Push, number: number | null, scale: number): HTMLElement {
  const { data, language } = context;
  const id = toward(context, push.km);
  const size = { km: kmText(push.km, language, true), side: sideName(data.sides, id, language) };
  return h(
    "li",
    { class: "push", "data-report": push.id },
    h("span", { class: `number back-${sideClass(data.sides, id)}` }, number === null ? "" : String(number)),
    h("span", { class: "size" }, say(language, "toward", size)),
    bar(context, push.km, scale),
    push.report && credentials(context, push.report.properties),
    reportIds(context, push.report?.properties ?? null, push.id),
  );
}

function othersRow(context: Context, why: Explanation, scale: number): HTMLElement | null {
  if (why.nOthers === 0 && Math.abs(why.othersKm) < NEGLIGIBLE_KM) return null;
  const { language } = context;
  return h(
    "li",
    { class: "push others" },
    h("span", { class: "number" }),
    h("span", { class: "size" }, kmText(why.othersKm, language, true)),
    bar(context, why.othersKm, scale),
    h("span", { class: "credentials" }, say(language, "others", { n: numberText(why.nOthers, language) })),
  );
}

/** "+2.1 − 0.8 − 0.3 = +1.0 km" */
function sumText({ language }: Context, why: Explanation): string {
  const pushed = total(why) - why.priorKm;
  const [prior, all] = [kmText(why.priorKm, language, true), kmText(total(why), language, true)];
  return `${prior} ${pushed < 0 ? "−" : "+"} ${kmText(pushed, language)} = ${all}`;
}

/** Where no map was ever approved, what stands is the map that the theatre began from. */
const unmovedWord = ({ sheet }: Context): "unmoved" | "unmoved_start" =>
  sheet.changed_since === "start" ? "unmoved_start" : "unmoved";

export function whyBlock(context: Context, why: Explanation | null): HTMLElement[] {
  const { language } = context;
  const head = h("h3", {}, say(language, "why"));
  if (!why || (why.pushes.length === 0 && why.nOthers === 0))
    return [head, h("p", { class: "unmoved", id: "unmoved" }, say(language, unmovedWord(context)))];
  const scale = Math.max(Math.abs(why.othersKm), ...why.pushes.map((push) => Math.abs(push.km)));
  const rows = why.pushes.map((push, i) => pushRow(context, push, i < NUMBERED ? i + 1 : null, scale));
  return [
    head,
    h(
      "dl",
      { class: "standing" },
      standingBox(context, "why_before", "prior", why.priorKm),
      standingBox(context, "why_now", "latent", why.latentKm),
    ),
    h("ol", { class: "pushes" }, rows, othersRow(context, why, scale)),
    h("p", { class: "sum", id: "sum" }, h("b", {}, say(language, "sum")), ` ${sumText(context, why)}`),
    quiet(`${say(language, "sum_means")} ${say(language, "why_near", { km: kmText(why.awayKm, language) })}`),
  ];
}
