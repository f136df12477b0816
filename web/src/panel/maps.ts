// Who shows a settlement as whose: this map, and other mappers' maps of the edition, each with its day, age and terms.
import { sideChip, statusText } from "../chip";
import { ageText, termsText } from "../compare_choice";
import type { Lonlat } from "../data";
import { h } from "../dom";
import { dateText, say } from "../i18n";
import { mapperName, statusOf, type MapperHead } from "../mappers";
import type { Language } from "../state";
import { groundAt, holderOf, type Ground } from "../why";
import type { Context } from "./context";

function words(status: string | null | undefined, { data, language }: Context): HTMLElement[] {
  if (!status) return [h("span", {}, say(language, "map_says_nothing"))];
  return [sideChip(data.sides, holderOf(status)), h("span", {}, statusText(data.sides, status, language))];
}

const asOf = (date: string, language: Language): string =>
  say(language, "as_of", { date: dateText(date, language, "short") });

const about = (head: MapperHead, language: Language): string =>
  `${asOf(head.as_of, language)}, ${ageText(head, language)} · ${termsText(head, language)}`;

/** The status of ground, as a settlement's would be; null where a map says nothing. */
function statusAt({ cls, side }: Ground): string | null {
  if (cls === "none") return null;
  return cls === "grey" ? "grey" : `held_${side ?? ""}`;
}

/** At a spot without a name: what the map under the curtain shows there, for it may be that map which was clicked. */
export function otherSays(spot: Lonlat, context: Context): HTMLElement[] {
  const { beside, language } = context;
  if (!beside) return [];
  const says = words(statusAt(groundAt(beside.sheet, spot)), context);
  const name = mapperName(beside.head, language);
  return [h("p", { class: "quiet", id: "other-says" }, `${name}: `, says, `. ${about(beside.head, language)}`)];
}

/** A line for each map; nothing where the edition holds no other. */
export function mapsSay(index: number | null, context: Context): HTMLElement[] {
  const { data, sheet, language } = context;
  const heads = sheet.public?.mappers ?? [];
  if (index === null || !heads.length) return [];
  const row = (id: string, name: string, status: string | null | undefined, more: string): HTMLElement =>
    h(
      "li",
      { "data-map": id },
      h("strong", {}, `${name}: `, words(status, context)),
      h("span", { class: "credentials" }, more),
    );
  const ours = row("", say(language, "this_map"), sheet.status[index]?.status, asOf(sheet.as_of, language));
  const theirs = heads.map((head) =>
    row(head.id, mapperName(head, language), statusOf(head.says[index], data), about(head, language)),
  );
  return [h("ul", { class: "reports", id: "maps-say" }, ours, theirs)];
}
