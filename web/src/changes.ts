// What an edition changed, line by line: each flies the map there and names the reports it rests on.
import type { Document, LineChange, Lonlat, PublicDate, Sheet } from "./data";
import { h } from "./dom";
import { dateText, km2Text, kmText, nameIn, numberText, say, sayOr, sideName } from "./i18n";
import { credentials } from "./panel_public";
import type { Language } from "./state";
import { holderOf } from "./why";

interface Context {
  readonly data: Document;
  readonly sheet: Sheet;
  readonly language: Language;
  readonly fly: (at: Lonlat) => void;
}

const statusText = (data: Document, status: string, language: Language): string => {
  const holder = holderOf(status);
  return holder
    ? say(language, "status_held", { side: sideName(data.sides, holder, language) })
    : status === "grey"
      ? say(language, "status_grey")
      : say(language, "status_unknown");
};

function flight(context: Context, at: Lonlat, ...words: (HTMLElement | string)[]): HTMLElement {
  const button = h(
    "button",
    { type: "button", class: "flight", title: say(context.language, "show_on_map") },
    ...words,
  );
  button.addEventListener("click", () => context.fly(at));
  return button;
}

/** "North advanced: 3.2 km², up to 1.4 km" and the reports behind it. */
function lineRow(context: Context, edition: PublicDate, line: LineChange): HTMLElement {
  const { data, sheet, language } = context;
  const side = data.sides.findIndex((one) => one.id === line.side);
  const sizes = [
    line.km2 === null ? null : km2Text(line.km2, language, line.km2 < 10 ? 1 : 0),
    line.up_to_km === null ? null : say(language, "up_to", { km: kmText(line.up_to_km, language) }),
  ];
  const told = (line.reports ?? []).flatMap((number) => edition.reports?.find((one) => one.number === number) ?? []);
  const evidence = told.length
    ? h(
        "ul",
        { class: "evidence" },
        ...told.map((report) => h("li", {}, credentials({ data, sheet, language }, report))),
      )
    : h(
        "p",
        { class: "quiet" },
        line.reports?.length
          ? say(language, "evidence_elsewhere", { n: numberText(line.reports.length, language) })
          : say(language, "evidence_none"),
      );
  return h(
    "li",
    {},
    flight(
      context,
      line.at,
      h("i", { class: `chip back-${side < 0 ? "grey" : `side-${side}`}`, "aria-hidden": "true" }),
      h(
        "b",
        {},
        sayOr(language, `${edition.corrects ? "corrected" : "line"}_${line.kind}`, line.kind).replace(
          "{side}",
          sideName(data.sides, line.side, language),
        ),
      ),
      ` ${sizes.filter(Boolean).join(", ")}`,
    ),
    evidence,
  );
}

function settlementRow(
  context: Context,
  { name, from, to }: { readonly name: string; readonly from: string; readonly to: string },
): HTMLElement {
  const { data, language } = context;
  const place = data.settlements.find((one) => one.name === name);
  const words = [
    h("b", {}, place ? nameIn(place.names ?? {}, language, name) : name),
    ` ${statusText(data, from, language)} → ${statusText(data, to, language)}`,
  ];
  return h("li", {}, place ? flight(context, [place.lon, place.lat], ...words) : h("p", {}, ...words));
}

/** The tab's content; nothing if the edition tells no changes. */
export function changesPanel(context: Context): HTMLElement[] {
  const { sheet, language } = context;
  const edition = sheet.public;
  const changes = edition?.changes;
  if (!edition || !changes) return [h("p", { class: "hint" }, say(language, "changes_none"))];
  const since = edition.corrects
    ? say(language, "changes_corrects", { id: edition.corrects })
    : say(language, changes.since_edition === null ? "changes_first" : "changes_since", {
        date: dateText(changes.since, language),
      });
  const [places, lines] = [changes.settlements ?? [], changes.lines ?? []];
  return [
    h("h2", {}, say(language, "changes")),
    h(
      "p",
      { class: "quiet" },
      since,
      changes.changed_km2 !== null && changes.changed_km2 !== undefined
        ? ` · ${say(language, "changed_in_all", { km2: km2Text(changes.changed_km2, language, changes.changed_km2 < 100 ? 1 : 0) })}`
        : "",
    ),
    ...(places.length
      ? [
          h("h3", {}, say(language, "settlements")),
          h("ul", { class: "changes" }, ...places.map((one) => settlementRow(context, one))),
        ]
      : []),
    ...(lines.length
      ? [
          h("h3", {}, say(language, edition.corrects ? "lines_corrected" : "lines_moved")),
          h("ul", { class: "changes" }, ...lines.map((one) => lineRow(context, edition, one))),
        ]
      : []),
    ...(places.length || lines.length ? [] : [h("p", { class: "unmoved" }, say(language, "changes_nothing"))]),
  ];
}
