// The panel of a published edition: why a settlement or a cell is so, in words; never a number that would give a place away.
import { sideClass } from "../chip";
import type { Lonlat, PublicDate, PublicReport, PublicWhy } from "../data";
import { h } from "../dom";
import { dateText, numberText, say, sayOr, sideName } from "../i18n";
import { linkAfter } from "../link";
import { toldAt } from "../public_cells";
import type { Language } from "../state";
import { fact, gradeMark, moreText, quiet, type Context } from "./context";

const LISTED = 8;

/** "position · 3 Nov 2025 · saw Red · grade B2 · published at" */
export function credentials({ data, language }: Pick<Context, "data" | "language">, report: PublicReport): HTMLElement {
  const who = report.seen
    ? say(language, "seen_by", { side: sideName(data.sides, report.seen, language) })
    : say(language, "no_side");
  const kind = sayOr(language, `kind_${report.kind}`, report.kind);
  return h(
    "span",
    { class: "credentials" },
    [kind, dateText(report.day, language, "short"), who].join(" · "),
    " · ",
    gradeMark(report.reliability, report.credibility, language),
    linkAfter(report.link, say(language, "published")),
  );
}

function reasonRow(
  context: Context,
  edition: PublicDate,
  rank: number,
  [number, toward, strength]: PublicWhy["reasons"][number],
): HTMLElement {
  const { data, language } = context;
  const report = edition.reports?.find((one) => one.number === number);
  const side = sideName(data.sides, toward, language);
  return h(
    "li",
    { class: "push worded", "data-report": number },
    h("span", { class: `number back-${sideClass(data.sides, toward)}` }, String(rank)),
    h("span", { class: "size" }, say(language, `speaks_${strength}`, { side })),
    report ? credentials(context, report) : null,
  );
}

/** When somebody last looked; where that was not reckoned, the day of the newest published report of the cell. */
function lastSeen(
  { language }: Context,
  edition: PublicDate,
  why: PublicWhy,
  reports: readonly PublicReport[],
): string {
  if (why.last_seen) return dateText(why.last_seen, language);
  if (why.tells_last_seen) return say(language, "seen_by_none");
  if (why.seen_within_days !== null)
    return say(language, "seen_within", { n: numberText(why.seen_within_days, language) });
  if (edition.looked) return say(language, "seen_not");
  return reports[0]
    ? say(language, "newest_report", { date: dateText(reports[0].day, language) })
    : say(language, "no_report_in_cell");
}

function sinceText({ since }: PublicWhy, language: Language): string {
  if (since === null) return say(language, "since_start");
  return say(language, "since", { date: dateText(since, language) });
}

/** Without how few reports it would turn. */
function restsText({ rests_on: n }: PublicWhy, language: Language): string {
  if (n === null) return say(language, "rests_on_many");
  return say(language, n === 1 ? "rests_on_1" : "rests_on_n", { n: numberText(n, language) });
}

function facts(context: Context, edition: PublicDate, why: PublicWhy, reports: readonly PublicReport[]): HTMLElement {
  const { language } = context;
  return h(
    "dl",
    { class: "facts" },
    fact(say(language, "fact_since"), "fact-since", sinceText(why, language)),
    fact(say(language, "fact_seen"), "fact-seen", lastSeen(context, edition, why, reports)),
    fact(say(language, "fact_change"), "fact-change", restsText(why, language)),
  );
}

/** The cell's reports that no reason named. */
function reportsIn(context: Context, edition: PublicDate, others: readonly PublicReport[]): HTMLElement[] {
  if (!others.length) return [];
  const { language } = context;
  const rows = others.slice(0, LISTED).map((one) => h("li", {}, credentials(context, one)));
  const more = moreText(others, LISTED, language);
  return [
    h("h3", {}, say(language, "reports_in_cell", { km: numberText(edition.cell_km, language) })),
    h("ul", { class: "reports" }, rows),
    ...(more ? [more] : []),
  ];
}

/** The reasons of an edition that stand on its own page only. */
function elsewhere({ id }: PublicDate, language: Language): HTMLElement {
  const href = `editions/${encodeURIComponent(id)}/index.html`;
  return h("p", { class: "unmoved" }, h("a", { href }, say(language, "reasons_elsewhere", { id })));
}

/** What the edition tells of a settlement or of the cell about a spot. */
export function publicBlock(context: Context, edition: PublicDate, spot: Lonlat, place: number | null): HTMLElement[] {
  const { language } = context;
  if (edition.elsewhere) return [elsewhere(edition, language)];
  const { why, reports } = toldAt(edition, spot, place);
  const reasons = why?.reasons ?? [];
  const ranked = reasons.map((one, k) => reasonRow(context, edition, k + 1, one));
  const named = new Set(reasons.map(([number]) => number));
  const others = reports.filter((one) => !named.has(one.number));
  return [
    h("h3", {}, say(language, "why")),
    ...(why ? [facts(context, edition, why, reports)] : []),
    ranked.length
      ? h("ol", { class: "pushes" }, ranked)
      : h("p", { class: "unmoved", id: "unmoved" }, say(language, why ? "no_report_says" : "unmoved_public")),
    ...reportsIn(context, edition, others),
    quiet(say(language, "cell_means", { km: numberText(edition.cell_km, language) })),
  ];
}
