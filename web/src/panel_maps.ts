// Who shows a settlement as whose: this map, and other mappers' maps of the edition, each with its day, age and terms.
import { ageText, termsText } from "./compare_choice";
import type { Lonlat } from "./data";
import { h } from "./dom";
import { dateText, say, sideName } from "./i18n";
import { mapperName, statusOf, type MapperHead } from "./mappers";
import type { Context } from "./panel";
import type { Language } from "./state";
import { groundAt, holderOf } from "./why";

function words(status: string | null | undefined, { data, language }: Context): HTMLElement[] {
  const holder = holderOf(status);
  const k = data.sides.findIndex((side) => side.id === holder);
  const chip = (cls: string): HTMLElement => h("i", { class: `chip back-${cls}`, "aria-hidden": "true" });
  if (!status) return [h("span", {}, say(language, "map_says_nothing"))];
  if (!holder) return [chip("grey"), h("span", {}, say(language, "status_grey"))];
  return [
    chip(k < 0 ? "grey" : `side-${k}`),
    h("span", {}, say(language, "status_held", { side: sideName(data.sides, holder, language) })),
  ];
}

const asOf = (date: string, language: Language): string =>
  say(language, "as_of", { date: dateText(date, language, "short") });

const about = (head: MapperHead, language: Language): string =>
  `${asOf(head.as_of, language)}, ${ageText(head, language)} · ${termsText(head, language)}`;

/** At a spot without a name: what the map under the curtain shows there, for it may be that map which was clicked. */
export function otherSays(spot: Lonlat, context: Context): HTMLElement[] {
  const { beside, language } = context;
  if (!beside) return [];
  const { cls, side } = groundAt(beside.sheet, spot);
  const status = cls === "none" ? null : cls === "grey" ? "grey" : `held_${side ?? ""}`;
  return [
    h(
      "p",
      { class: "quiet", id: "other-says" },
      `${mapperName(beside.head, language)}: `,
      ...words(status, context),
      `. ${about(beside.head, language)}`,
    ),
  ];
}

/** A line for each map; nothing where the edition holds no other. */
export function mapsSay(index: number | null, context: Context): HTMLElement[] {
  const { data, sheet, language } = context;
  const heads = sheet.public?.mappers ?? [];
  if (index === null || !heads.length) return [];
  const line = (id: string, name: string, status: string | null | undefined, more: string): HTMLElement =>
    h(
      "li",
      { "data-map": id },
      h("strong", {}, `${name}: `, ...words(status, context)),
      h("span", { class: "credentials" }, more),
    );
  return [
    h(
      "ul",
      { class: "reports", id: "maps-say" },
      line("", say(language, "this_map"), sheet.status[index]?.status, asOf(sheet.as_of, language)),
      ...heads.map((head) =>
        line(head.id, mapperName(head, language), statusOf(head.says[index], data), about(head, language)),
      ),
    ),
  ];
}
