// The panel's head: the settlement or the spot, whose ground it is, and what else is known of that ground.
import { chip, heldText, sideChip, statusText } from "../chip";
import type { Document, Lonlat, Settlement, Status } from "../data";
import { h } from "../dom";
import { distanceKm } from "../geometry";
import { nameIn, numberText, percentText, placeText, say, sideName } from "../i18n";
import { greyReason } from "../patterns";
import { holderOf, type Ground } from "../why";
import { quiet, type Context } from "./context";

const SAME_SPOT_KM = 0.05;

/** The index of the settlement that the spot is, or null. */
export function settlementAt(data: Document, spot: Lonlat): number | null {
  const index = data.settlements.findIndex((place) => distanceKm([place.lon, place.lat], spot) < SAME_SPOT_KM);
  return index < 0 ? null : index;
}

export function groundLine({ data, language }: Context, ground: Ground): HTMLElement {
  if (ground.cls === "none") return h("p", { class: "ground" }, say(language, "outside"));
  if (ground.cls === "held")
    return h("p", { class: "ground" }, sideChip(data.sides, ground.side), heldText(data.sides, ground.side, language));
  const reason = ground.reason && h("span", { class: "quiet" }, say(language, greyReason(ground.reason)));
  return h("p", { class: "ground" }, chip("grey"), say(language, "status_grey"), reason);
}

export const spotHead = (spot: Lonlat, { language }: Context): HTMLElement =>
  h("h2", {}, placeText(spot[0], spot[1], language));

function statusLine({ data, language }: Context, status: Status | undefined): HTMLElement {
  const p = status?.p ?? null;
  return h(
    "p",
    { class: "ground", id: "settlement-status" },
    sideChip(data.sides, holderOf(status?.status)),
    statusText(data.sides, status?.status, language),
    p !== null && h("b", { class: "p" }, say(language, "probability", { p: percentText(p, language) })),
  );
}

export function settlementHead(context: Context, index: number, place: Settlement): HTMLElement[] {
  const { sheet, language } = context;
  const people = place.population
    ? [quiet(say(language, "population", { n: numberText(place.population, language) }))]
    : [];
  return [
    h("h2", {}, nameIn(place.names ?? {}, language, place.name)),
    statusLine(context, sheet.status[index]),
    ...people,
  ];
}

/** What else the ground is: out of the model's range, infiltrated, not seen. */
export function notes({ data, language }: Context, ground: Ground): HTMLElement[] {
  const all = [
    ground.outOfRange ? say(language, "here_out_of_range") : null,
    ...ground.infiltratedBy.map((side) => say(language, "infiltrated", { side: sideName(data.sides, side, language) })),
    ground.unobserved ? say(language, "not_seen") : null,
  ].filter((text) => text !== null);
  const items = all.map((text) => h("li", {}, text));
  return items.length ? [h("ul", { class: "notes" }, items)] : [];
}
