// What a published edition tells of a settlement beside its status: how far the line is, ways in and out, who remains.
import type { PlaceFacts } from "../data";
import { h } from "../dom";
import { dateText, isNumber, numberText, say, sayOr } from "../i18n";
import type { Language } from "../state";
import { civiliansRow } from "./claims";
import { fact, type Context } from "./context";

/** "4 km" */
const widthIn = (km: number, language: Language): string =>
  say(language, "neck_width", { km: numberText(km, language) });

/** "4 km"; in words where it is in grey. */
const farText = (km: number, language: Language): string =>
  km > 0 ? widthIn(km, language) : say(language, "front_here");

function beforeText(place: PlaceFacts, language: Language): string {
  if (!isNumber(place.front_km_before) || !place.before) return say(language, "front_before_unknown");
  return say(language, "front_before", {
    km: farText(place.front_km_before, language),
    date: dateText(place.before, language, "short"),
  });
}

/** "4 km · 6 km on 1 October 2025" */
function frontRow(place: PlaceFacts, { language }: Context): HTMLElement | null {
  if (!isNumber(place.front_km)) return null;
  const before = h("span", { class: "quiet" }, ` · ${beforeText(place, language)}`);
  return fact(say(language, "front_distance"), "fact-front", farText(place.front_km, language), before);
}

function routesRow({ routes, routes_change: change }: PlaceFacts, { language }: Context): HTMLElement | null {
  if (!routes) return null;
  const words = change && sayOr(language, `routes_${change}`, change);
  return fact(
    say(language, "routes_in"),
    "fact-routes",
    routes.replace("2+", say(language, "two_or_more")),
    words ? h("span", { class: "quiet" }, ` · ${words}`) : "",
  );
}

/** How wide the way out is, and how near it is to being cut. */
function neckRow({ rung, neck_km: km }: PlaceFacts, { language }: Context): HTMLElement | null {
  const parts = [isNumber(km) ? widthIn(km, language) : null, rung ? sayOr(language, `rung_${rung}`, rung) : null];
  const text = parts.filter(Boolean).join(" · ");
  return text ? fact(say(language, "way_out"), "fact-neck", text) : null;
}

/** The share of directions that are closed, within rings of some km. */
function enclosureRow({ enclosure }: PlaceFacts, { language }: Context): HTMLElement | null {
  const rings = Object.entries(enclosure ?? {}).flatMap(([km, share]) =>
    isNumber(share) ? [say(language, "enclosure_ring", { km, share: `${numberText(share * 100, language)} %` })] : [],
  );
  return rings.length ? fact(say(language, "enclosure"), "fact-enclosure", rings.join(" · ")) : null;
}

/** People before the war, where the document's own settlements do not tell. */
function populationRow(place: PlaceFacts, { data, sheet, language }: Context): HTMLElement | null {
  const told = data.settlements[sheet.public?.places.indexOf(place) ?? -1]?.population;
  if (!isNumber(place.population) || told) return null;
  return fact(say(language, "population_then"), "fact-population", numberText(place.population, language));
}

/** The facts of the place. */
export function placeBlock(place: PlaceFacts | null | undefined, context: Context): HTMLElement[] {
  if (!place) return [];
  const rows = [frontRow, routesRow, neckRow, enclosureRow, populationRow, civiliansRow].flatMap(
    (row) => row(place, context) ?? [],
  );
  if (!rows.length) return [];
  return [h("h3", {}, say(context.language, "the_place")), h("dl", { class: "facts", id: "place-facts" }, rows)];
}
