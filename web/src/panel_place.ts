// What a published edition tells of a settlement beside its status: how far the line is, ways in, who remains, who says what, and how it came to this.
import type { Claim, PlaceColumns, PlaceFacts, PlacesOverTime } from "./data";
import { h, s } from "./dom";
import { dateText, numberText, say, sayOr, sideName } from "./i18n";
import type { Key } from "./i18n/en";
import type { Context } from "./panel";
import { mapsSay } from "./panel_maps";

const CLAIMS = 8;

const row = (label: string, id: string, ...content: (HTMLElement | string)[]): HTMLElement =>
  h("div", {}, h("dt", {}, label), h("dd", { id }, ...content));
const isNumber = (value: number | null | undefined): value is number => typeof value === "number";

/** "4 km"; in words where it is in grey. */
const farText = (km: number, language: Context["language"]): string =>
  km > 0 ? say(language, "neck_width", { km: numberText(km, language) }) : say(language, "front_here");

/** "4 km · 6 km on 1 October 2025" */
function frontRow(place: PlaceFacts, { language }: Context): HTMLElement[] {
  if (!isNumber(place.front_km)) return [];
  const before =
    isNumber(place.front_km_before) && place.before
      ? say(language, "front_before", {
          km: farText(place.front_km_before, language),
          date: dateText(place.before, language, "short"),
        })
      : say(language, "front_before_unknown");
  return [
    row(
      say(language, "front_distance"),
      "fact-front",
      farText(place.front_km, language),
      h("span", { class: "quiet" }, ` · ${before}`),
    ),
  ];
}

function routesRow(place: PlaceFacts, { language }: Context): HTMLElement[] {
  if (!place.routes) return [];
  const change = place.routes_change
    ? h("span", { class: "quiet" }, ` · ${sayOr(language, `routes_${place.routes_change}`, place.routes_change)}`)
    : "";
  return [
    row(say(language, "routes_in"), "fact-routes", place.routes.replace("2+", say(language, "two_or_more")), change),
  ];
}

function enclosureRows(place: PlaceFacts, { language }: Context): HTMLElement[] {
  const rung = place.rung ? sayOr(language, `rung_${place.rung}`, place.rung) : null;
  const neck = isNumber(place.neck_km)
    ? say(language, "neck_width", { km: numberText(place.neck_km, language) })
    : null;
  const rings = Object.entries(place.enclosure ?? {}).flatMap(([km, share]) =>
    isNumber(share) ? [say(language, "enclosure_ring", { km, share: `${numberText(share * 100, language)} %` })] : [],
  );
  return [
    ...(rung || neck ? [row(say(language, "way_out"), "fact-neck", [neck, rung].filter(Boolean).join(" · "))] : []),
    ...(rings.length ? [row(say(language, "enclosure"), "fact-enclosure", rings.join(" · "))] : []),
  ];
}

/** "about 1,200", "over 60,000", "60,000–62,000" */
function amount(claim: Claim, { language }: Context): string {
  const number = (value: number): string => numberText(value, language, Number.isInteger(value) ? 0 : 1);
  const [low, high] = [claim.low, claim.high];
  const span =
    isNumber(low) && isNumber(high) && low !== high
      ? `${number(low)}–${number(high)}`
      : isNumber(low)
        ? number(low)
        : isNumber(high)
          ? number(high)
          : "";
  const bound = claim.bound && claim.bound !== "exact" ? `bound_${claim.bound}` : null;
  return span && bound ? sayOr(language, bound, "{n}").replace("{n}", span) : span;
}

function source(claim: Claim, context: Context): HTMLElement {
  const { data, language } = context;
  const speaks = claim.interest
    ? say(language, "speaks_for_side", { side: sideName(data.sides, claim.interest, language) })
    : null;
  const day = claim.said ? say(language, "said_on", { date: dateText(claim.said, language, "short") }) : null;
  const parts = [
    claim.by ?? say(language, "source_not_named"),
    speaks,
    day,
    claim.revised ? say(language, "claim_revised") : null,
  ]
    .filter(Boolean)
    .join(" · ");
  const grade = claim.grade ? { reliability: String(claim.grade[0]), credibility: String(claim.grade[1]) } : null;
  const link =
    claim.link && /^https?:\/\//i.test(claim.link)
      ? [
          " · ",
          h(
            "a",
            { href: claim.link, target: "_blank", rel: "noopener noreferrer nofollow" },
            say(language, "published"),
          ),
        ]
      : [];
  return h(
    "span",
    { class: "credentials" },
    parts,
    ...(grade
      ? [" · ", h("abbr", { title: say(language, "grades_mean", grade) }, say(language, "grades", grade))]
      : []),
    ...link,
  );
}

function claimText(claim: Claim, context: Context): string {
  const { data, language } = context;
  const about = sayOr(language, `claim_${claim.about.replaceAll("-", "_")}`, claim.about.replaceAll(/[-_]/g, " "));
  const of = claim.side ? ` (${sideName(data.sides, claim.side, language)})` : "";
  const status = claim.status ? sayOr(language, `status_word_${claim.status}`, claim.status.replaceAll("_", " ")) : "";
  return `${about}${of}: ${[amount(claim, context), status].filter(Boolean).join(" ") || "—"}`;
}

function civiliansRow(place: PlaceFacts, context: Context): HTMLElement[] {
  const claim = place.civilians;
  if (!claim) return [];
  const age = isNumber(claim.age_days)
    ? ` · ${say(context.language, "days_old", { n: numberText(claim.age_days, context.language) })}`
    : "";
  return [
    row(
      say(context.language, "civilians"),
      "fact-civilians",
      h("b", {}, amount(claim, context)),
      h("span", { class: "quiet" }, age),
      source(claim, context),
    ),
  ];
}

/** Who says what, side by side: other maps, then claims, the newest first. */
export function claimsBlock(
  place: PlaceFacts | null | undefined,
  index: number | null,
  context: Context,
): HTMLElement[] {
  const [claims, maps] = [place?.claims ?? [], mapsSay(index, context)];
  if (!claims.length) return maps.length ? [h("h3", {}, say(context.language, "who_says_what")), ...maps] : [];
  const rows = claims
    .slice(0, CLAIMS)
    .map((claim) => h("li", {}, h("strong", {}, claimText(claim, context)), source(claim, context)));
  const more =
    claims.length > CLAIMS
      ? [
          h(
            "p",
            { class: "quiet" },
            say(context.language, "n_more", { n: numberText(claims.length - CLAIMS, context.language) }),
          ),
        ]
      : [];
  return [
    h("h3", {}, say(context.language, "who_says_what")),
    ...maps,
    h("ul", { class: "reports", id: "claims" }, ...rows),
    ...more,
  ];
}

/** The facts of the place. */
export function placeBlock(place: PlaceFacts | null | undefined, context: Context): HTMLElement[] {
  if (!place) return [];
  const told = context.data.settlements[context.sheet.public?.places.indexOf(place) ?? -1]?.population;
  const population =
    isNumber(place.population) && !told
      ? [
          row(
            say(context.language, "population_then"),
            "fact-population",
            numberText(place.population, context.language),
          ),
        ]
      : [];
  const rows = [
    ...frontRow(place, context),
    ...routesRow(place, context),
    ...enclosureRows(place, context),
    ...population,
    ...civiliansRow(place, context),
  ];
  return rows.length
    ? [h("h3", {}, say(context.language, "the_place")), h("dl", { class: "facts", id: "place-facts" }, ...rows)]
    : [];
}

const WIDE = 300;
const HIGH = 46;

/** A line over the days, in pieces where nothing was told. */
function curve(values: readonly (number | null)[], x: (k: number) => number, top: number): string {
  let pen = false;
  return values
    .map((value, k) => {
      if (!isNumber(value)) {
        pen = false;
        return "";
      }
      const mark = `${pen ? "L" : "M"}${x(k).toFixed(1)} ${(HIGH - 3 - (value / top) * (HIGH - 6)).toFixed(1)}`;
      pen = true;
      return `${mark}${values[k - 1] === undefined && values[k + 1] === undefined ? "h.1" : ""}`;
    })
    .join("");
}

function graph(
  word: Key,
  id: string,
  values: readonly (number | null)[],
  x: (k: number) => number,
  now: number,
  text: (value: number) => string,
  { language }: Context,
): HTMLElement[] {
  const known = values.filter(isNumber);
  if (known.length < 2) return [];
  const top = Math.max(...known, 1);
  const here = values[now];
  const label = say(language, word);
  return [
    h(
      "figure",
      { class: "graph", id },
      h("figcaption", {}, label, isNumber(here) ? h("b", {}, text(here)) : h("b", {}, "—")),
      s(
        "svg",
        {
          viewBox: `0 0 ${WIDE} ${HIGH}`,
          preserveAspectRatio: "none",
          role: "img",
          "aria-label": `${label}: ${known.map(text).slice(-6).join(", ")}`,
        },
        s("line", { class: "axis", x1: 0, x2: WIDE, y1: HIGH - 3, y2: HIGH - 3 }),
        s("path", { class: "curve", d: curve(values, x, top) }),
        s("line", { class: "here", x1: x(now), x2: x(now), y1: 0, y2: HIGH }),
      ),
      h("p", { class: "scale-ends quiet", "aria-hidden": "true" }, h("span", {}, `0–${text(top)}`)),
    ),
  ];
}

/** Who held it day by day, as a strip in the sides' colours, with the changes as a list. */
function strip(
  status: string,
  dates: readonly string[],
  x: (k: number) => number,
  now: number,
  { data, language }: Context,
): HTMLElement[] {
  const word = (letter: string): string => {
    const side = data.sides[Number(letter)];
    return letter === "g"
      ? say(language, "status_grey")
      : side && letter !== "-"
        ? say(language, "status_held", { side: sideName(data.sides, side.id, language) })
        : say(language, "status_unknown");
  };
  const letters = [...status];
  const changes = letters.flatMap((letter, k) => (k === 0 || letter !== letters[k - 1] ? [[k, letter] as const] : []));
  const cls = (letter: string): string =>
    letter === "g" ? "fill-grey" : letter === "-" ? "fill-none" : `full-side-${Number(letter)}`;
  const pieces = changes.map(([k, letter], i) => {
    const [from, to] = [x(k), i + 1 < changes.length ? x(changes[i + 1]?.[0] ?? k) : WIDE];
    return s("rect", { class: cls(letter), x: from, y: 0, width: Math.max(1, to - from), height: 14 });
  });
  return [
    h(
      "figure",
      { class: "graph", id: "history" },
      s(
        "svg",
        { viewBox: `0 0 ${WIDE} 14`, preserveAspectRatio: "none", "aria-hidden": "true", class: "strip" },
        ...pieces,
        s("line", { class: "here", x1: x(now), x2: x(now), y1: 0, y2: 14 }),
      ),
      h(
        "ol",
        { class: "history" },
        ...changes
          .slice(-5)
          .map(([k, letter]) =>
            h(
              "li",
              {},
              h("time", { datetime: dates[k] ?? "" }, dateText(dates[k], language, "short")),
              ` ${word(letter)}`,
            ),
          ),
      ),
    ),
  ];
}

/** How a place came to this: status by day, the way out and the enclosure over time. */
export function historyBlock(
  over: PlacesOverTime,
  columns: PlaceColumns | undefined,
  asOf: string,
  context: Context,
): HTMLElement[] {
  const { language } = context;
  const times = over.dates.map((day) => Date.parse(day));
  if (!columns?.status || times.length < 2) return [];
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 1];
  const x = (k: number): number => (((times[k] ?? first) - first) / Math.max(1, last - first)) * WIDE;
  const now = Math.max(0, times.filter((time) => time <= Date.parse(asOf)).length - 1);
  return [
    h("h3", {}, say(language, "over_time")),
    ...strip(columns.status, over.dates, x, now, context),
    ...graph(
      "front_distance",
      "graph-front",
      columns.front_km ?? [],
      x,
      now,
      (km) => say(language, "neck_width", { km: numberText(km, language) }),
      context,
    ),
    ...graph(
      "way_out",
      "graph-neck",
      columns.neck_km ?? [],
      x,
      now,
      (km) => say(language, "neck_width", { km: numberText(km, language) }),
      context,
    ),
    ...graph(
      "enclosure_10",
      "graph-enclosure",
      columns.enclosure ?? [],
      x,
      now,
      (share) => `${numberText(share, language)} %`,
      context,
    ),
  ];
}
