// The settlements as points, those that a reader looks for most first.
import type { FeatureCollection, Position } from "geojson";
import type { Document, Sheet } from "./data";
import { collection, point } from "./geojson";
import { nearestKm, verticesOf } from "./geometry";
import { nameIn } from "./i18n";
import type { Language } from "./state";
import { holderOf } from "./why";

const NEAR_KM = 8;
const FEWEST_PEOPLE = 300;

/** How much a reader wants to know of a place: more where it is grey, or held without certainty. */
function doubt(sheet: Sheet, index: number): number {
  const status = sheet.status[index];
  if (status?.status === "grey") return 4;
  return (status?.p ?? 1) < 0.9 ? 2 : 1;
}

/** How much a reader looks for a place: its people, more where it is contested, more near the front. */
function weight(data: Document, sheet: Sheet, index: number, front: readonly Position[]): number {
  const place = data.settlements[index];
  const nearness = place ? Math.exp(-nearestKm([place.lon, place.lat], front) / NEAR_KM) : 0;
  return Math.max(place?.population ?? 0, FEWEST_PEOPLE) * doubt(sheet, index) * (1 + 8 * nearness);
}

function ranking(data: Document, sheet: Sheet): number[] {
  const edges = sheet.front.features.filter((line) => line.properties["role"] === "edge");
  const front = verticesOf(edges.map((line) => line.geometry));
  const weights = data.settlements.map((_, index) => weight(data, sheet, index, front));
  return weights.map((_, index) => index).sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b);
}

const ranks = new WeakMap<Sheet, number[]>();

/** Indices of the settlements, those that are looked for most first; worked out once for each sheet. */
function ranked(data: Document, sheet: Sheet): number[] {
  const found = ranks.get(sheet) ?? ranking(data, sheet);
  ranks.set(sheet, found);
  return found;
}

/** The settlements as points, with the day's holder, the name in the reader's language, and a rank (0 = first to be drawn). */
export function settlementPoints(data: Document, sheet: Sheet, language: Language): FeatureCollection {
  const order = new Map(ranked(data, sheet).map((index, rank) => [index, rank]));
  return collection(
    data.settlements.map((place, index) =>
      point([place.lon, place.lat], {
        index,
        rank: order.get(index) ?? index,
        name: nameIn(place.names ?? {}, language, place.name),
        population: place.population ?? 0,
        holder: holderOf(sheet.status[index]?.status) ?? "",
      }),
    ),
  );
}
