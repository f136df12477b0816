// The panel of a published edition: why a settlement or a cell is so, in words; never a number that would give a place away.
import type { Lonlat, PublicDate, PublicReport, PublicWhy } from "./data";
import { h } from "./dom";
import { dateText, numberText, say, sayOr, sideName } from "./i18n";
import { toldAt } from "./public_cells";
import type { Context } from "./panel";

const LISTED = 8;

const sideClass = ({ data }: Context, id: string | null): string => {
  const index = data.sides.findIndex((side) => side.id === id);
  return index < 0 ? "grey" : `side-${index}`;
};

/** A link to where it was published: only to the web, and only if the edition names one. */
function link(report: PublicReport, word: string): (Node | string)[] {
  if (!report.link || !/^https?:\/\//i.test(report.link)) return [];
  return [" · ", h("a", { href: report.link, target: "_blank", rel: "noopener noreferrer nofollow" }, word)];
}

/** "position · 3 Nov 2025 · saw Red · grade B2 · published at" */
export function credentials({ data, language }: Context, report: PublicReport): HTMLElement {
  const who = report.seen
    ? say(language, "seen_by", { side: sideName(data.sides, report.seen, language) })
    : say(language, "no_side");
  const grade = { reliability: report.reliability, credibility: String(report.credibility) };
  return h(
    "span",
    { class: "credentials" },
    [sayOr(language, `kind_${report.kind}`, report.kind), dateText(report.day, language, "short"), who].join(" · "),
    " · ",
    h("abbr", { title: say(language, "grades_mean", grade) }, say(language, "grades", grade)),
    ...link(report, say(language, "published")),
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
    h("span", { class: `number back-${sideClass(context, toward)}` }, String(rank)),
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

function facts(context: Context, edition: PublicDate, why: PublicWhy, reports: readonly PublicReport[]): HTMLElement {
  const { language } = context;
  const seen = lastSeen(context, edition, why, reports);
  const since =
    why.since === null ? say(language, "since_start") : say(language, "since", { date: dateText(why.since, language) });
  const rests =
    why.rests_on === null
      ? say(language, "rests_on_many")
      : say(language, why.rests_on === 1 ? "rests_on_1" : "rests_on_n", { n: numberText(why.rests_on, language) });
  const row = (word: "fact_since" | "fact_seen" | "fact_change", text: string): HTMLElement =>
    h("div", {}, h("dt", {}, say(language, word)), h("dd", { id: word.replace("_", "-") }, text));
  return h("dl", { class: "facts" }, row("fact_since", since), row("fact_seen", seen), row("fact_change", rests));
}

function reportsIn(
  context: Context,
  edition: PublicDate,
  reports: readonly PublicReport[],
  named: ReadonlySet<number>,
): HTMLElement[] {
  const { language } = context;
  const others = reports.filter((one) => !named.has(one.number));
  if (!others.length) return [];
  const more =
    others.length > LISTED
      ? h("p", { class: "quiet" }, say(language, "n_more", { n: numberText(others.length - LISTED, language) }))
      : null;
  return [
    h("h3", {}, say(language, "reports_in_cell", { km: numberText(edition.cell_km, language) })),
    h("ul", { class: "reports" }, ...others.slice(0, LISTED).map((one) => h("li", {}, credentials(context, one)))),
    ...(more ? [more] : []),
  ];
}

/** What the edition tells of a settlement or of the cell about a spot. */
export function publicBlock(context: Context, edition: PublicDate, spot: Lonlat, place: number | null): HTMLElement[] {
  const { language } = context;
  if (edition.elsewhere)
    return [
      h(
        "p",
        { class: "unmoved" },
        h(
          "a",
          { href: `editions/${encodeURIComponent(edition.id)}/index.html` },
          say(language, "reasons_elsewhere", { id: edition.id }),
        ),
      ),
    ];
  const { why, reports } = toldAt(edition, spot, place);
  const head = h("h3", {}, say(language, "why"));
  const reasons = why?.reasons ?? [];
  const ranked = reasons.map((one, k) => reasonRow(context, edition, k + 1, one));
  return [
    head,
    ...(why ? [facts(context, edition, why, reports)] : []),
    ranked.length
      ? h("ol", { class: "pushes" }, ...ranked)
      : h("p", { class: "unmoved", id: "unmoved" }, say(language, why ? "no_report_says" : "unmoved_public")),
    ...reportsIn(context, edition, reports, new Set(reasons.map(([number]) => number))),
    h("p", { class: "quiet" }, say(language, "cell_means", { km: numberText(edition.cell_km, language) })),
  ];
}
