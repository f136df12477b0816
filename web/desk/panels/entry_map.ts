// What the entry panel draws on the map: the row's spot with its error, the post's other spots, what is like it.
import { collection, point, polygon } from "../../src/geojson";
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

/** The row's own spot, in the circle of its error. */
function ownShapes({ cells: { lon, lat } }: RowDraft, { report }: RowAnswer): GeoJSON.Feature[] {
  if (!lon || !lat) return [];
  const at: [number, number] = [Number(lon), Number(lat)];
  const errorM = report?.error_m ?? 0;
  const error = errorM > 0 ? [polygon(circle(at, errorM / 1000), { role: "error" })] : [];
  return [...error, point(at, { role: "spot" })];
}

/** The features of the overlay's one source. */
export function shapes(draft: RowDraft, spots: readonly Spot[], row: RowAnswer): GeoJSON.FeatureCollection {
  const others = spots.map(({ lon, lat }) => point([lon, lat], { role: "other" }));
  const like = (row.like ?? []).map(({ report }) => point([report.lon, report.lat], { role: "like" }));
  return collection([...others, ...like, ...ownShapes(draft, row)]);
}
