// What the entry panel draws on the map: the row's spot with its error, the post's other spots, what is like it.
import { circle } from "../../src/geometry";
import { css } from "../../src/palette";
import type { Overlay } from "../map";
import type { RowAnswer } from "./entry_answer";
import type { RowDraft, Spot } from "./entry_rules";

export const OVERLAY: Overlay = {
  sources: ["entry"],
  layers: (colours) => [
    {
      id: "entry-error",
      type: "fill",
      source: "entry",
      filter: ["==", ["get", "role"], "error"],
      paint: { "fill-color": css(colours.faint), "fill-opacity": 0.18 },
    },
    {
      id: "entry-other",
      type: "circle",
      source: "entry",
      filter: ["==", ["get", "role"], "other"],
      paint: {
        "circle-radius": 5,
        "circle-color": colours.paper,
        "circle-stroke-color": colours.ink,
        "circle-stroke-width": 1.5,
      },
    },
    {
      id: "entry-like",
      type: "circle",
      source: "entry",
      filter: ["==", ["get", "role"], "like"],
      paint: { "circle-radius": 9, "circle-opacity": 0, "circle-stroke-color": "#d08700", "circle-stroke-width": 2.5 },
    },
    {
      id: "entry-spot",
      type: "circle",
      source: "entry",
      filter: ["==", ["get", "role"], "spot"],
      paint: {
        "circle-radius": 7,
        "circle-color": "#ffcf33",
        "circle-stroke-color": "#17191c",
        "circle-stroke-width": 2.2,
      },
    },
  ],
};

/** The features of the overlay's one source. */
export function shapes(draft: RowDraft, spots: readonly Spot[], row: RowAnswer): GeoJSON.FeatureCollection {
  const point = (role: string, at: readonly [number, number]): GeoJSON.Feature => ({
    type: "Feature",
    properties: { role },
    geometry: { type: "Point", coordinates: [...at] },
  });
  const features = spots.map((spot) => point("other", [spot.lon, spot.lat]));
  for (const one of row.like ?? []) features.push(point("like", [one.report.lon, one.report.lat]));
  const { lon, lat } = draft.cells;
  if (lon && lat) {
    const at: [number, number] = [Number(lon), Number(lat)];
    const error = row.report?.error_m ?? 0;
    if (error > 0)
      features.push({
        type: "Feature",
        properties: { role: "error" },
        geometry: { type: "Polygon", coordinates: [circle(at, error / 1000)] },
      });
    features.push(point("spot", at));
  }
  return { type: "FeatureCollection", features };
}
