// Who shows a settlement as whose: this map, and other mappers' maps of the edition, each with its day, age and terms.
import { ageText, termsText } from "./compare_choice";
import { h } from "./dom";
import { dateText, say, sideName } from "./i18n";
import { mapperName, statusOf } from "./mappers";
import type { Context } from "./panel";
import { holderOf } from "./why";

function words(status: string | null | undefined, { data, language }: Context): HTMLElement[] {
  const holder = holderOf(status);
  const k = data.sides.findIndex((side) => side.id === holder);
  const chip = (cls: string): HTMLElement => h("i", { class: `chip back-${cls}`, "aria-hidden": "true" });
  if (!status) return [h("span", {}, say(language, "map_says_nothing"))];
  if (!holder) return [chip("grey"), h("span", {}, say(language, "status_grey"))];
  return [chip(k < 0 ? "grey" : `side-${k}`), h("span", {}, say(language, "status_held", { side: sideName(data.sides, holder, language) }))];
}

/** A line for each map; nothing where the edition holds no other. */
export function mapsSay(index: number | null, context: Context): HTMLElement[] {
  const { data, sheet, language } = context;
  const heads = sheet.public?.mappers ?? [];
  if (index === null || !heads.length) return [];
  const line = (id: string, name: string, status: string | null | undefined, about: string): HTMLElement =>
    h("li", { "data-map": id }, h("strong", {}, `${name}: `, ...words(status, context)), h("span", { class: "credentials" }, about));
  const asOf = (date: string): string => say(language, "as_of", { date: dateText(date, language, "short") });
  return [h("ul", { class: "reports", id: "maps-say" },
    line("", say(language, "this_map"), sheet.status[index]?.status, asOf(sheet.as_of)),
    ...heads.map((head) => line(head.id, mapperName(head, language), statusOf(head.says[index], data), `${asOf(head.as_of)}, ${ageText(head, language)} · ${termsText(head, language)}`)))];
}
