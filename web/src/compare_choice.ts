// The choice of what to compare with, another date or another mapper's map, and what the two differ by.
import { apartSwatch } from "./apart";
import type { Document, Sheet } from "./data";
import { apartFromWords } from "./direction";
import { byId, h, tickBox, type Child } from "./dom";
import { dateText, km2Near, numberText, say, sideName } from "./i18n";
import { isWebLink, webLink } from "./link";
import { headIn, mapperName, offered, type MapperHead } from "./mappers";
import type { Palette } from "./palette";
import type { Language, State, Store } from "./state";

/** What is compared with, as the menu's values have it: a date's number, or a mapper's id behind a sign that no number has. */
const MAPPER_SIGN = "@";

const DIFFERENCES = "differences";

interface Comparing {
  readonly data: Document;
  readonly store: Store;
  /** The day on the map. */
  readonly shown: Sheet;
  readonly colours: Palette;
  /** Whether the other map was asked for in vain. */
  readonly isUnread: boolean;
}

/** The switch as the state has it, where the address or the way back changed it. */
export function tickDifferences({ differences }: State): void {
  const box = document.getElementById(DIFFERENCES);
  if (box instanceof HTMLInputElement) box.checked = differences;
}

/** "a day older than this map"; empty for one of the same moment. */
export function ageText({ days_older }: MapperHead, language: Language): string {
  if (days_older <= 0) return say(language, "mapper_same_day");
  return say(language, "mapper_older", { n: numberText(days_older, language, Number.isInteger(days_older) ? 0 : 1) });
}

/** "© Hill maps · licence: CC BY 4.0" */
export const termsText = (head: MapperHead, language: Language): string =>
  say(language, "mapper_terms", { credit: apartFromWords(head.credit), licence: apartFromWords(head.licence) });

function choose(value: string, { differences }: State): Partial<State> {
  const mapper = value.startsWith(MAPPER_SIGN) ? value.slice(1) : null;
  const compare = value === "" || mapper !== null ? null : Number(value);
  return { compare, mapper, differences: differences && value !== "" };
}

const group = (label: string, options: readonly HTMLElement[]): HTMLElement[] =>
  options.length ? [h("optgroup", { label }, options)] : [];

/** Nothing, each date, each mapper; in groups where there is more than dates. */
function options({ data, store, shown }: Comparing): HTMLElement[] {
  const { language, compare, mapper } = store.now;
  const option = (value: string | number, selected: boolean, text: string): HTMLElement =>
    h("option", { value, selected }, text);
  const dates = data.dates.map((sheet, k) => option(k, k === compare, dateText(sheet.as_of, language, "short")));
  const maps = offered(data, shown).map((head) =>
    option(`${MAPPER_SIGN}${head.id}`, head.id === mapper, mapperName(head, language)),
  );
  const isNone = compare === null && mapper === null;
  if (!maps.length) return [option("", isNone, say(language, "compare_none")), ...dates];
  return [
    option("", isNone, say(language, "compare_nothing")),
    ...group(say(language, "compare_maps"), maps),
    ...group(say(language, "compare_dates"), dates.length > 1 ? dates : []),
  ];
}

function menu(comparing: Comparing): HTMLElement {
  const { store } = comparing;
  const box = h("select", { id: "compare" }, options(comparing));
  box.addEventListener("change", () => {
    store.set(choose(box.value, store.now));
    byId("compare").focus();
  });
  return h("p", { class: "choice" }, h("label", { for: "compare" }, say(store.now.language, "compare")), box);
}

function mark(store: Store, label: string, means: string, more: readonly HTMLElement[] = []): HTMLElement {
  const box = tickBox(
    { role: "switch", id: DIFFERENCES, checked: store.now.differences, "aria-describedby": "means-differences" },
    (differences) => store.set({ differences }),
  );
  return h(
    "div",
    { class: "row" },
    h("label", { for: DIFFERENCES }, h("span", { class: "name" }, label), box),
    h("p", { id: "means-differences" }, means),
    ...more,
  );
}

/** What only one of the two maps shows as held, by side. */
function onlyList(head: MapperHead, { data, store, colours }: Comparing): HTMLElement {
  const { language } = store.now;
  const [sides, name] = [data.sides.map((side) => side.id), mapperName(head, language)];
  const row = (side: string, who: "ours" | "theirs", km2: number): HTMLElement => {
    const k = sides.indexOf(side);
    const words = say(language, who === "ours" ? "only_ours" : "only_theirs", {
      side: sideName(data.sides, side, language),
      name,
    });
    return h(
      "li",
      { "data-only": `${who}-${side}` },
      apartSwatch({ ours: who === "ours" ? k : null, theirs: who === "theirs" ? k : null }, colours),
      h("span", {}, words),
      h("b", { class: "km2" }, km2Near(km2, language)),
    );
  };
  const rows = Object.entries(head.only_km2)
    .filter(([side]) => sides.includes(side))
    .flatMap(([side, [ours, theirs]]) => [row(side, "ours", ours), row(side, "theirs", theirs)]);
  return h("ul", { class: "reasons", id: "only" }, ...rows);
}

/** Their map could not be fetched, and where it can be had. */
function unreadParts({ data, store }: Comparing): Child[] {
  const { language } = store.now;
  const offline = data.offline && [" ", h("a", { href: data.offline }, say(language, "open_offline"))];
  return [h("br"), h("strong", { id: "mapper-unread" }, say(language, "mapper_unread")), offline || null];
}

/** Whose map it is, of when, on what terms. */
function about(head: MapperHead, comparing: Comparing): HTMLElement {
  const { language } = comparing.store.now;
  const name = mapperName(head, language);
  const asOf = say(language, "as_of", { date: dateText(head.as_of, language) });
  return h(
    "p",
    { class: "quiet", id: "mapper" },
    isWebLink(head.url) ? webLink(head.url, name) : name,
    `. ${asOf}, ${ageText(head, language)}. ${termsText(head, language)}.`,
    comparing.isUnread && unreadParts(comparing),
  );
}

function mapperRows(id: string, comparing: Comparing): HTMLElement[] {
  const { language } = comparing.store.now;
  const head = headIn(comparing.shown, id);
  if (!head) return [h("p", { class: "quiet", id: "mapper" }, say(language, "mapper_not_here"))];
  const means = say(language, "differ_means", { name: mapperName(head, language) });
  return [about(head, comparing), mark(comparing.store, say(language, "differ"), means, [onlyList(head, comparing)])];
}

/** The choice, and whether what differs is marked. */
export function compareChoices(comparing: Comparing): HTMLElement[] {
  const { data, store, shown } = comparing;
  const { language, compare, mapper } = store.now;
  if (data.dates.length < 2 && !offered(data, shown).length) return [];
  if (mapper !== null) return [menu(comparing), ...mapperRows(mapper, comparing)];
  if (compare === null) return [menu(comparing)];
  return [
    menu(comparing),
    mark(
      store,
      say(language, "differences"),
      say(language, "differences_means", { date: dateText(data.dates[compare]?.as_of, language, "short") }),
    ),
  ];
}
