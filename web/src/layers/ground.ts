// What lies under and around the war: sea, land, rivers, roads, and the veil over what is outside the theatre.
import type { LayerSpecification } from "maplibre-gl";
import type { Document } from "../data";
import { byWidth, expression, FONTS, get, type Paint, ROUND } from "./paint";

const WATERS = ["river", "canal", "water", "reservoir", "lake", "stream"];

/** The very bottom: without land in the document all is land. */
export const sea = (data: Document, { colours }: Paint): LayerSpecification => ({
  id: "sea",
  type: "background",
  paint: { "background-color": data.land ? colours.sea : colours.land },
});

export const land = ({ colours }: Paint): LayerSpecification => ({
  id: "land",
  type: "fill",
  source: "land",
  paint: { "fill-color": colours.land, "fill-outline-color": colours.shore },
});

export const barriers = ({ colours }: Paint): LayerSpecification => ({
  id: "barrier",
  type: "line",
  source: "barriers",
  layout: ROUND,
  paint: {
    "line-color": expression("match", get("kind"), WATERS, colours.water, colours.barrier),
    "line-width": byWidth(6, 1, 13, 4.5),
  },
});

export const roads = ({ colours }: Paint): LayerSpecification[] => [
  {
    id: "road-case",
    type: "line",
    source: "roads",
    layout: ROUND,
    paint: { "line-color": colours.roadCase, "line-width": byWidth(6, 1, 13, 5.5) },
  },
  {
    id: "road",
    type: "line",
    source: "roads",
    layout: ROUND,
    paint: { "line-color": colours.road, "line-width": byWidth(6, 0.4, 13, 3.5) },
  },
];

/** Roads near the other side's held ground, by how near. */
export const nearRoads = ({ colours: { nearRoad } }: Paint): LayerSpecification => ({
  id: "near-road",
  type: "line",
  source: "routes",
  layout: ROUND,
  paint: {
    "line-color": ["step", get("within_km"), nearRoad[0], 4, nearRoad[1], 6, nearRoad[2]],
    "line-width": byWidth(6, 1, 13, 4),
  },
});

export const veil = ({ colours }: Paint): LayerSpecification => ({
  id: "veil",
  type: "fill",
  source: "veil",
  paint: { "fill-color": colours.veil, "fill-outline-color": colours.shore },
});

export const barrierNames = ({ colours, letters }: Paint): LayerSpecification => ({
  id: "barrier-name",
  type: "symbol",
  source: "barriers",
  minzoom: 8,
  layout: {
    "symbol-placement": "line",
    "text-field": get("name"),
    "text-font": FONTS,
    "text-size": 11,
    "text-letter-spacing": 0.08,
  },
  paint: { ...letters, "text-color": colours.waterName, "text-halo-width": 1 },
});
