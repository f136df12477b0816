// The panel of one spot: what it is, whose reports lie there, and why it is so.
import type { Document, Lonlat, PlacesOverTime, Report, ReportFeature, RuleNeck, Sheet } from "./data";
import { h } from "./dom";
import { distanceKm } from "./geometry";
import { km2Text, kmText, nameIn, numberText, percentText, placeText, say, sayOr, sideName, spanText } from "./i18n";
import type { Other } from "./mappers";
import { otherSays } from "./panel_maps";
import { greyReason } from "./patterns";
import { claimsBlock, historyBlock, placeBlock } from "./panel_place";
import { publicBlock } from "./panel_public";
import { neckSpan, pocketAt, widthText } from "./pockets";
import type { Language } from "./state";
import { directions, explain, groundAt, holderOf, total, type Explanation, type Ground, type Push } from "./why";

/** How many reports get a number on the map; the rest stand in the list without. */
export const NUMBERED = 9;
const SAME_SPOT_KM = 0.05;
const LISTED = 6;
const NEGLIGIBLE_KM = 0.005;

export interface Context {
  readonly data: Document;
  readonly sheet: Sheet;
  readonly language: Language;
  /** Settlements over the editions, once fetched. */
  readonly over?: PlacesOverTime | null;
  /** The other mapper's map under the curtain, once it is here. */
  readonly beside?: Other | null;
}

/** The index of the settlement that the spot is, or null. */
export function settlementAt(data: Document, spot: Lonlat): number | null {
  const index = data.settlements.findIndex((place) => distanceKm([place.lon, place.lat], spot) < SAME_SPOT_KM);
  return index < 0 ? null : index;
}

const sideIndex = (data: Document, id: string | null): string => {
  const index = data.sides.findIndex((side) => side.id === id);
  return index < 0 ? "grey" : `side-${index}`;
};

/** The id of the side that so many km push toward. */
const toward = ({ data, sheet }: Context, km: number): string => directions(data, sheet)[km >= 0 ? 0 : 1];

const chip = (cls: string): HTMLElement => h("i", { class: `chip back-${cls}`, "aria-hidden": "true" });

function groundLine({ data, language }: Context, ground: Ground): HTMLElement {
  if (ground.cls === "none") return h("p", { class: "ground" }, say(language, "outside"));
  if (ground.cls === "held")
    return h(
      "p",
      { class: "ground" },
      chip(sideIndex(data, ground.side)),
      say(language, "status_held", { side: sideName(data.sides, ground.side, language) }),
    );
  const reason = ground.reason ? say(language, greyReason(ground.reason)) : null;
  return h(
    "p",
    { class: "ground" },
    chip("grey"),
    say(language, "status_grey"),
    reason ? h("span", { class: "quiet" }, reason) : null,
  );
}

function settlementHead(context: Context, index: number): HTMLElement[] {
  const { data, sheet, language } = context;
  const place = data.settlements[index];
  if (!place) return [];
  const status = sheet.status[index];
  const holder = holderOf(status?.status);
  const word = !status?.status
    ? say(language, "status_unknown")
    : holder
      ? say(language, "status_held", { side: sideName(data.sides, holder, language) })
      : say(language, "status_grey");
  const p = status && status.p !== null ? say(language, "probability", { p: percentText(status.p, language) }) : null;
  const people = place.population
    ? h("p", { class: "quiet" }, say(language, "population", { n: numberText(place.population, language) }))
    : null;
  return [
    h("h2", {}, nameIn(place.names ?? {}, language, place.name)),
    h(
      "p",
      { class: "ground", id: "settlement-status" },
      chip(sideIndex(data, holder)),
      word,
      p ? h("b", { class: "p" }, p) : null,
    ),
    ...(people ? [people] : []),
  ];
}

/** "5.4 (4.1–11.5) km; under 5 km: 11 %; cut off: 1 %" */
function sampledText({ language }: Context, rule: RuleNeck): string | null {
  if (!rule.sampled || rule.p_under_5 === null || rule.p_cut_off === null) return null;
  const [low, median, high] = rule.sampled.map((km) =>
    km === null ? say(language, "neck_wide") : numberText(km, language, 1),
  );
  const holes = {
    low: low ?? "",
    median: median ?? "",
    high: high ?? "",
    under: percentText(rule.p_under_5, language),
    none: percentText(rule.p_cut_off, language),
  };
  return say(language, "neck_sampled", holes);
}

function ruleRow(context: Context, rule: RuleNeck): HTMLElement {
  const sampled = sampledText(context, rule);
  return h(
    "div",
    {},
    h("dt", {}, say(context.language, `rule_${rule.rule}`)),
    h("dd", {}, widthText(rule, context.language), sampled ? h("span", { class: "quiet" }, sampled) : null),
  );
}

/** The pocket that the spot lies in: whose, its neck by rule, who else is in it. */
function pocketBlock(context: Context, spot: Lonlat): HTMLElement[] {
  const { data, sheet, language } = context;
  const found = pocketAt(sheet, spot);
  if (!found) return [];
  const { side, km2, inside, rules } = found.properties;
  const names = inside
    .flatMap((index) => data.settlements[index] ?? [])
    .map((one) => nameIn(one.names ?? {}, language, one.name));
  return [
    h("h3", { id: "pocket" }, say(language, "in_pocket")),
    h("p", { class: "sum-up" }, h("b", {}, neckSpan(rules, language))),
    h(
      "p",
      { class: "quiet" },
      say(language, "pocket_of", { side: sideName(data.sides, side, language), km2: km2Text(km2, language) }),
    ),
    h("dl", { class: "rules" }, ...rules.map((rule) => ruleRow(context, rule))),
    h("p", { class: "quiet" }, say(language, "pocket_inside", { names: names.join(", "), first: names[0] ?? "" })),
  ];
}

const place = ([lon, lat]: Lonlat, language: Language): string => placeText(lon, lat, language);

function notes({ data, language }: Context, ground: Ground): HTMLElement[] {
  const present = ground.infiltratedBy.map((side) =>
    h("li", {}, say(language, "infiltrated", { side: sideName(data.sides, side, language) })),
  );
  const unseen = ground.unobserved ? [h("li", {}, say(language, "not_seen"))] : [];
  const beyond = ground.outOfRange ? [h("li", {}, say(language, "here_out_of_range"))] : [];
  const all = [...beyond, ...present, ...unseen];
  return all.length ? [h("ul", { class: "notes" }, ...all)] : [];
}

/** "strike · 3 Nov 2025 · source alpha · B2 · ±300 m" */
function credentials({ language }: Context, report: Report): HTMLElement {
  const kind = report.kind ? sayOr(language, `kind_${report.kind}`, report.kind) : null;
  const grade = { reliability: report.reliability ?? "F", credibility: String(report.credibility ?? 6) };
  const parts = [
    kind,
    spanText(report.happened, language),
    report.source ? say(language, "source", { source: report.source }) : null,
  ];
  return h(
    "span",
    { class: "credentials" },
    parts.filter(Boolean).join(" · "),
    " · ",
    h("abbr", { title: say(language, "grades_mean", grade) }, say(language, "grades", grade)),
    report.error_m ? ` · ${say(language, "error", { m: numberText(report.error_m, language) })}` : "",
  );
}

/** A link to where it was published; only to the web, whatever the data says. */
function link(report: Report | null, word: string): (Node | string)[] {
  if (!report?.url || !/^https?:\/\//i.test(report.url)) return [];
  return [" · ", h("a", { href: report.url, target: "_blank", rel: "noopener noreferrer nofollow" }, word)];
}

function reportIds({ language }: Context, report: Report | null, id: string): HTMLElement {
  const twin = report?.group && report.group !== id ? ` · ${say(language, "same_event", { id: report.group })}` : "";
  return h("span", { class: "id" }, h("code", {}, id), twin, ...link(report, say(language, "published")));
}

function reportsHere(context: Context, reports: readonly ReportFeature[]): HTMLElement[] {
  if (!reports.length) return [];
  const { data, language } = context;
  const items = reports.slice(0, LISTED).map(({ properties }) => {
    const who = properties.seen
      ? say(language, "seen_by", { side: sideName(data.sides, properties.seen, language) })
      : say(language, "no_side");
    return h(
      "li",
      {},
      h("strong", {}, chip(sideIndex(data, properties.seen ?? null)), who),
      credentials(context, properties),
      reportIds(context, properties, properties.id),
    );
  });
  const more =
    reports.length > LISTED
      ? h("p", { class: "quiet" }, say(language, "n_more", { n: String(reports.length - LISTED) }))
      : null;
  return [h("h3", {}, say(language, "reports_here")), h("ul", { class: "reports" }, ...items), ...(more ? [more] : [])];
}

/** "0.6 km on the South side" */
function standing(context: Context, km: number): string {
  const { data, language } = context;
  if (Math.abs(km) < NEGLIGIBLE_KM) return say(language, "on_line");
  return say(language, "inside_by", {
    km: kmText(km, language),
    side: sideName(data.sides, toward(context, km), language),
  });
}

function standingBox(context: Context, word: "why_before" | "why_now", id: string, km: number): HTMLElement {
  const side = sideIndex(context.data, toward(context, km));
  return h("div", { class: side }, h("dt", {}, say(context.language, word)), h("dd", { id }, standing(context, km)));
}

/** A bar from the middle: positive km to the right, negative to the left. */
function bar(context: Context, km: number, scale: number): HTMLElement {
  const piece = h("span", { class: `piece back-${sideIndex(context.data, toward(context, km))}` });
  const width = scale > 0 ? Math.min(50, (Math.abs(km) / scale) * 50) : 0;
  piece.style.width = `${width}%`;
  piece.style.left = `${km >= 0 ? 50 : 50 - width}%`;
  return h("span", { class: "scalebar", "aria-hidden": "true" }, piece);
}

function pushRow(context: Context, push: Push, number: number | null, scale: number): HTMLElement {
  const { data, language } = context;
  const id = toward(context, push.km);
  return h(
    "li",
    { class: "push", "data-report": push.id },
    h("span", { class: `number back-${sideIndex(data, id)}` }, number === null ? "" : String(number)),
    h(
      "span",
      { class: "size" },
      say(language, "toward", { km: kmText(push.km, language, true), side: sideName(data.sides, id, language) }),
    ),
    bar(context, push.km, scale),
    push.report ? credentials(context, push.report.properties) : null,
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
    h("span", { class: "credentials" }, say(language, "others", { n: String(why.nOthers) })),
  );
}

/** "+2.1 − 0.8 − 0.3 = +1.0 km" */
function sumLine({ language }: Context, why: Explanation): string {
  const pushed = total(why) - why.priorKm;
  return `${kmText(why.priorKm, language, true)} ${pushed < 0 ? "−" : "+"} ${kmText(pushed, language)} = ${kmText(total(why), language, true)}`;
}

function whyBlock(context: Context, why: Explanation | null): HTMLElement[] {
  const { language } = context;
  const head = h("h3", {}, say(language, "why"));
  if (!why || (why.pushes.length === 0 && why.nOthers === 0))
    return [head, h("p", { class: "unmoved", id: "unmoved" }, say(language, "unmoved"))];
  const scale = Math.max(Math.abs(why.othersKm), ...why.pushes.map((push) => Math.abs(push.km)));
  const rows = why.pushes.map((push, i) => pushRow(context, push, i < NUMBERED ? i + 1 : null, scale));
  const others = othersRow(context, why, scale);
  return [
    head,
    h(
      "dl",
      { class: "standing" },
      standingBox(context, "why_before", "prior", why.priorKm),
      standingBox(context, "why_now", "latent", why.latentKm),
    ),
    h("ol", { class: "pushes" }, ...rows, ...(others ? [others] : [])),
    h("p", { class: "sum", id: "sum" }, h("b", {}, say(language, "sum")), ` ${sumLine(context, why)}`),
    h(
      "p",
      { class: "quiet" },
      `${say(language, "sum_means")} ${say(language, "why_near", { km: kmText(why.awayKm, language) })}`,
    ),
  ];
}

/** The panel's content for a spot; with no spot, how to ask. */
export function spotPanel(
  context: Context,
  spot: Lonlat | null,
  reports: readonly ReportFeature[],
): { content: HTMLElement[]; why: Explanation | null } {
  if (spot === null) return { content: [h("p", { class: "hint" }, say(context.language, "hint"))], why: null };
  const ground = groundAt(context.sheet, spot);
  const index = settlementAt(context.data, spot);
  const head =
    index === null
      ? [h("h2", {}, place(spot, context.language)), groundLine(context, ground), ...otherSays(spot, context)]
      : settlementHead(context, index);
  const about = [...head, ...notes(context, ground), ...pocketBlock(context, spot)];
  const edition = context.sheet.public;
  if (edition) {
    const place = index === null ? null : edition.places[index];
    const columns = index === null ? undefined : context.over?.places[index];
    const over = context.over && columns ? historyBlock(context.over, columns, context.sheet.as_of, context) : [];
    return {
      content: [
        ...about,
        ...placeBlock(place, context),
        ...publicBlock(context, edition, spot, index),
        ...over,
        ...claimsBlock(place, index, context),
      ],
      why: null,
    };
  }
  const why = explain(context.data, context.sheet, spot);
  return { content: [...about, ...whyBlock(context, why), ...reportsHere(context, reports)], why };
}
