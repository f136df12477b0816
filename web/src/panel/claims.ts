// Who says what of a settlement, side by side and never averaged: other maps, then claims, the newest first.
import type { Claim, PlaceFacts } from "../data";
import { h } from "../dom";
import { dateText, isNumber, numberText, say, sayOr, sideName } from "../i18n";
import { linkAfter } from "../link";
import { fact, gradeMark, moreText, type Context } from "./context";
import { mapsSay } from "./maps";

const LISTED = 8;

/** "60,000–62,000"; one number where both ends are the same, or only one was said; empty where none was. */
function spanOf({ low, high }: Claim, { language }: Context): string {
  const number = (value: number): string => numberText(value, language, Number.isInteger(value) ? 0 : 1);
  const ends = [...new Set([low, high].filter(isNumber))];
  return ends.map(number).join("–");
}

/** "about 1,200", "over 60,000", "60,000–62,000" */
function amount(claim: Claim, context: Context): string {
  const span = spanOf(claim, context);
  const isBound = claim.bound && claim.bound !== "exact";
  return span && isBound ? sayOr(context.language, `bound_${claim.bound}`, "{n}").replace("{n}", span) : span;
}

/** Who said it, for whom, when, how far to be trusted, and where. */
function source(claim: Claim, { data, language }: Context): HTMLElement {
  const parts = [
    claim.by ?? say(language, "source_not_named"),
    claim.interest ? say(language, "speaks_for_side", { side: sideName(data.sides, claim.interest, language) }) : null,
    claim.said ? say(language, "said_on", { date: dateText(claim.said, language, "short") }) : null,
    claim.revised ? say(language, "claim_revised") : null,
  ];
  return h(
    "span",
    { class: "credentials" },
    parts.filter(Boolean).join(" · "),
    claim.grade ? [" · ", gradeMark(String(claim.grade[0]), claim.grade[1], language)] : null,
    linkAfter(claim.link, say(language, "published")),
  );
}

function claimText(claim: Claim, context: Context): string {
  const { data, language } = context;
  const about = sayOr(language, `claim_${claim.about.replaceAll("-", "_")}`, claim.about.replaceAll(/[-_]/g, " "));
  const of = claim.side ? ` (${sideName(data.sides, claim.side, language)})` : "";
  const status = claim.status ? sayOr(language, `status_word_${claim.status}`, claim.status.replaceAll("_", " ")) : "";
  return `${about}${of}: ${[amount(claim, context), status].filter(Boolean).join(" ") || "—"}`;
}

/** How many civilians are said to remain, and how old that is. */
export function civiliansRow({ civilians: claim }: PlaceFacts, context: Context): HTMLElement | null {
  if (!claim) return null;
  const { language } = context;
  const age = isNumber(claim.age_days)
    ? ` · ${say(language, "days_old", { n: numberText(claim.age_days, language) })}`
    : "";
  return fact(
    say(language, "civilians"),
    "fact-civilians",
    h("b", {}, amount(claim, context)),
    h("span", { class: "quiet" }, age),
    source(claim, context),
  );
}

export function claimsBlock(
  place: PlaceFacts | null | undefined,
  index: number | null,
  context: Context,
): HTMLElement[] {
  const [claims, maps] = [place?.claims ?? [], mapsSay(index, context)];
  if (!claims.length && !maps.length) return [];
  const title = h("h3", {}, say(context.language, "who_says_what"));
  if (!claims.length) return [title, ...maps];
  const rows = claims
    .slice(0, LISTED)
    .map((claim) => h("li", {}, h("strong", {}, claimText(claim, context)), source(claim, context)));
  const more = moreText(claims, LISTED, context.language);
  return [title, ...maps, h("ul", { class: "reports", id: "claims" }, rows), ...(more ? [more] : [])];
}
