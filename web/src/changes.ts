// What an edition changed, line by line: each flies the map there and names the reports it rests on.
import { chip, sideClass, statusText } from "./chip";
import type { Document, LineChange, Lonlat, PublicChange, PublicDate, Sheet } from "./data";
import { button, h, type Child } from "./dom";
import { dateText, isNumber, km2Near, kmText, nameIn, numberText, say, sayOr, sideName } from "./i18n";
import { credentials } from "./panel/public";
import type { Language } from "./state";

interface Context {
  readonly data: Document;
  readonly sheet: Sheet;
  readonly language: Language;
  readonly fly: (at: Lonlat) => void;
}

const flight = ({ language, fly }: Context, at: Lonlat, ...words: Child[]): HTMLElement =>
  button({ class: "flight", title: say(language, "show_on_map") }, () => fly(at), ...words);

/** "North advanced" */
function moveText({ data, language }: Context, edition: PublicDate, line: LineChange): string {
  const words = sayOr(language, `${edition.corrects ? "corrected" : "line"}_${line.kind}`, line.kind);
  return words.replace("{side}", sideName(data.sides, line.side, language));
}

/** "3.2 km², up to 1.4 km" */
function sizeText({ km2, up_to_km: km }: LineChange, language: Language): string {
  const sizes = [
    km2 === null ? null : km2Near(km2, language, 10),
    km === null ? null : say(language, "up_to", { km: kmText(km, language) }),
  ];
  return sizes.filter(Boolean).join(", ");
}

/** The reports behind it, where the edition tells them here. */
function evidence(context: Context, edition: PublicDate, numbers: readonly number[]): HTMLElement {
  const { language } = context;
  const told = numbers.flatMap((number) => edition.reports?.find((one) => one.number === number) ?? []);
  if (told.length)
    return h(
      "ul",
      { class: "evidence" },
      told.map((report) => h("li", {}, credentials(context, report))),
    );
  const none = numbers.length
    ? say(language, "evidence_elsewhere", { n: numberText(numbers.length, language) })
    : say(language, "evidence_none");
  return h("p", { class: "quiet" }, none);
}

/** "North advanced: 3.2 km², up to 1.4 km" and the reports behind it. */
function lineRow(context: Context, edition: PublicDate, line: LineChange): HTMLElement {
  const move = flight(
    context,
    line.at,
    chip(sideClass(context.data.sides, line.side)),
    h("b", {}, moveText(context, edition, line)),
    ` ${sizeText(line, context.language)}`,
  );
  return h("li", {}, move, evidence(context, edition, line.reports ?? []));
}

type Turn = NonNullable<PublicChange["settlements"]>[number];

function settlementRow(context: Context, { name, from, to }: Turn): HTMLElement {
  const { data, language } = context;
  const place = data.settlements.find((one) => one.name === name);
  const statuses = [from, to].map((status) => statusText(data.sides, status, language));
  const words = [h("b", {}, place ? nameIn(place.names ?? {}, language, name) : name), ` ${statuses.join(" → ")}`];
  return h("li", {}, place ? flight(context, [place.lon, place.lat], ...words) : h("p", {}, ...words));
}

function sinceText(edition: PublicDate, changes: PublicChange, language: Language): string {
  if (edition.corrects) return say(language, "changes_corrects", { id: edition.corrects });
  const word = changes.since_edition === null ? "changes_first" : "changes_since";
  return say(language, word, { date: dateText(changes.since, language) });
}

/** " · 63 km² in all" */
const inAllText = ({ changed_km2: km2 }: PublicChange, language: Language): string =>
  isNumber(km2) ? ` · ${say(language, "changed_in_all", { km2: km2Near(km2, language) })}` : "";

function section(title: string, rows: readonly HTMLElement[]): HTMLElement[] {
  return rows.length ? [h("h3", {}, title), h("ul", { class: "changes" }, rows)] : [];
}

/** The tab's content; nothing if the edition tells no changes. */
export function changesPanel(context: Context): HTMLElement[] {
  const { sheet, language } = context;
  const edition = sheet.public;
  const changes = edition?.changes;
  if (!edition || !changes) return [h("p", { class: "hint" }, say(language, "changes_none"))];
  const places = (changes.settlements ?? []).map((one) => settlementRow(context, one));
  const lines = (changes.lines ?? []).map((one) => lineRow(context, edition, one));
  const nothing = h("p", { class: "unmoved" }, say(language, "changes_nothing"));
  return [
    h("h2", {}, say(language, "changes")),
    h("p", { class: "quiet" }, sinceText(edition, changes, language), inAllText(changes, language)),
    ...section(say(language, "settlements"), places),
    ...section(say(language, edition.corrects ? "lines_corrected" : "lines_moved"), lines),
    ...(places.length || lines.length ? [] : [nothing]),
  ];
}
