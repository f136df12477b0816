// Reports: as cells on a public page, as points and clusters on a private one; and those that moved the chosen spot.
import type { LayerSpecification } from "maplibre-gl";
import { css } from "../palette";
import { byWidth, FONTS, get, HARD, isRole, type Paint } from "./paint";

export const cells = (paint: Paint): LayerSpecification[] => [
  {
    id: "report-cell",
    type: "fill",
    source: "cells",
    paint: {
      ...HARD,
      "fill-color": paint.line("seen"),
      "fill-opacity": ["interpolate", ["linear"], get("count"), 1, 0.1, 20, 0.34],
    },
  },
  {
    id: "report-cell-edge",
    type: "line",
    source: "cells",
    minzoom: 8.5,
    paint: { "line-color": paint.line("seen"), "line-width": 1, "line-opacity": 0.75 },
  },
  {
    id: "report-cell-count",
    type: "symbol",
    source: "cells",
    minzoom: 10.5,
    filter: [">", get("count"), 1],
    layout: { "text-field": ["to-string", get("count")], "text-font": FONTS, "text-size": 10.5 },
    paint: paint.letters,
  },
];

export const points = (paint: Paint): LayerSpecification[] => [
  {
    id: "report",
    type: "circle",
    source: "reports",
    filter: ["!", ["has", "point_count"]],
    paint: {
      "circle-radius": byWidth(6, 2.5, 13, 5),
      "circle-color": paint.line("seen"),
      "circle-stroke-color": paint.colours.paper,
      "circle-stroke-width": 1.2,
    },
  },
  {
    id: "cluster",
    type: "circle",
    source: "reports",
    filter: ["has", "point_count"],
    paint: {
      "circle-radius": ["step", get("point_count"), 7.5, 10, 9, 50, 11, 200, 13],
      "circle-color": paint.colours.paper,
      "circle-opacity": 0.72,
      "circle-stroke-color": css(paint.colours.faint, 0.55),
      "circle-stroke-width": 1,
    },
  },
];

/** The numbers in the circles: above the names of most settlements, so that those find a place beside them. */
export const counts = (paint: Paint): LayerSpecification[] => [
  {
    id: "cluster-count",
    type: "symbol",
    source: "reports",
    filter: ["has", "point_count"],
    layout: { "text-field": get("point_count_abbreviated"), "text-font": FONTS, "text-size": 10.5, "text-padding": 0 },
    paint: { "text-color": paint.colours.ink },
  },
];

/** Location errors and threads from the chosen spot to the reports that moved it: below the points. */
export const whyBelow = ({ colours }: Paint): LayerSpecification[] => [
  {
    id: "why-error",
    type: "fill",
    source: "why",
    filter: isRole("error"),
    paint: { "fill-color": colours.ink, "fill-opacity": 0.07 },
  },
  {
    id: "why-thread",
    type: "line",
    source: "why",
    filter: isRole("thread"),
    paint: { "line-color": colours.ink, "line-width": 1, "line-opacity": 0.55, "line-dasharray": [3, 3] },
  },
];

/** The reports by their numbers, and the chosen spot: above all else. */
export const whyAbove = (paint: Paint): LayerSpecification[] => [
  {
    id: "why-report",
    type: "circle",
    source: "why",
    filter: isRole("report"),
    paint: {
      "circle-radius": 10,
      "circle-color": paint.line("toward"),
      "circle-stroke-color": paint.colours.paper,
      "circle-stroke-width": 2,
    },
  },
  {
    id: "why-number",
    type: "symbol",
    source: "why",
    filter: isRole("report"),
    layout: {
      "text-field": get("number"),
      "text-font": FONTS,
      "text-size": 11,
      "text-allow-overlap": true,
      "text-ignore-placement": true,
    },
    paint: { "text-color": paint.colours.paper },
  },
  {
    id: "why-spot",
    type: "circle",
    source: "why",
    filter: isRole("spot"),
    paint: {
      "circle-radius": 7,
      "circle-color": "rgba(0,0,0,0)",
      "circle-stroke-color": paint.colours.ink,
      "circle-stroke-width": 2.5,
    },
  },
];
