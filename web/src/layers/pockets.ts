// Pockets: ground nearly cut off, the neck that is left, its two tips, and how wide it is.
import type { LayerSpecification } from "maplibre-gl";
import { byWidth, FONTS, get, isRole, type Paint, ROUND } from "./paint";

export const pockets = ({ colours }: Paint): LayerSpecification[] => [
  {
    id: "pocket",
    type: "fill",
    source: "pockets",
    filter: isRole("pocket"),
    paint: { "fill-color": colours.ink, "fill-opacity": 0.07 },
  },
  {
    id: "pocket-case",
    type: "line",
    source: "pockets",
    filter: isRole("pocket"),
    layout: ROUND,
    paint: { "line-color": colours.paper, "line-width": byWidth(6, 2, 13, 5), "line-opacity": 0.6 },
  },
  {
    id: "pocket-edge",
    type: "line",
    source: "pockets",
    filter: isRole("pocket"),
    layout: ROUND,
    paint: { "line-color": colours.ink, "line-width": byWidth(6, 0.8, 13, 1.8), "line-dasharray": [3, 2.2] },
  },
  {
    id: "neck-case",
    type: "line",
    source: "pockets",
    filter: isRole("neck"),
    layout: ROUND,
    paint: { "line-color": colours.paper, "line-width": byWidth(6, 4, 13, 9) },
  },
  {
    id: "neck",
    type: "line",
    source: "pockets",
    filter: isRole("neck"),
    layout: ROUND,
    paint: { "line-color": colours.ink, "line-width": byWidth(6, 1.8, 13, 4.2) },
  },
  {
    id: "tip",
    type: "circle",
    source: "pockets",
    filter: isRole("tip"),
    paint: {
      "circle-radius": byWidth(6, 2.6, 13, 6.5),
      "circle-color": colours.paper,
      "circle-stroke-color": colours.ink,
      "circle-stroke-width": byWidth(6, 1.4, 13, 3),
    },
  },
];

export const neckNames = ({ letters }: Paint): LayerSpecification => ({
  id: "neck-name",
  type: "symbol",
  source: "pockets",
  minzoom: 8.5,
  filter: isRole("neck"),
  layout: {
    "symbol-placement": "line-center",
    "text-field": get("label"),
    "text-font": FONTS,
    "text-size": byWidth(8, 11.5, 12, 14),
    "text-offset": [0, -0.95],
    "text-max-angle": 90,
    "text-keep-upright": true,
    "text-allow-overlap": true,
  },
  paint: { ...letters, "text-halo-width": 2 },
});
