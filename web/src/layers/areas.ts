// Ground by its class: held, grey, infiltrated, not observed, out of the model's range, interdicted.
import type { LayerSpecification } from "maplibre-gl";
import {
  GREY_REASONS,
  greyPattern,
  infiltrationPattern,
  interdictedPattern,
  outOfRangePattern,
  STRUCK_LEVELS,
  unlookedPattern,
  unobservedPattern,
} from "../patterns";
import { all, expression, get, HARD, is, type Paint, ROUND } from "./paint";

export const held = (paint: Paint): LayerSpecification => ({
  id: "held",
  type: "fill",
  source: "areas",
  filter: is("class", "held"),
  paint: { ...HARD, "fill-color": paint.fill(), "fill-opacity": paint.colours.fillOpacity },
});

/** Each reason for grey has its own hatch. */
export const grey = ({ colours }: Paint): LayerSpecification => ({
  id: "grey",
  type: "fill",
  source: "areas",
  filter: is("class", "grey"),
  paint: {
    ...HARD,
    "fill-pattern": expression(
      "match",
      get("reason"),
      ...GREY_REASONS.flatMap((reason) => [reason, greyPattern(reason, colours)]),
      greyPattern("mixed", colours),
    ),
  },
});

export const unobserved = ({ colours }: Paint): LayerSpecification => ({
  id: "unobserved",
  type: "fill",
  source: "unobserved",
  paint: { ...HARD, "fill-pattern": unobservedPattern(colours) },
});

export const infiltration = (paint: Paint): LayerSpecification[] => [
  {
    id: "infiltration",
    type: "fill",
    source: "infiltration",
    paint: {
      ...HARD,
      "fill-pattern": paint.bySide(
        get("side"),
        (i) => infiltrationPattern(i, paint.colours),
        unobservedPattern(paint.colours),
      ),
    },
  },
  {
    id: "infiltration-edge",
    type: "line",
    source: "infiltration",
    layout: ROUND,
    paint: { "line-color": paint.line(), "line-width": 1, "line-opacity": 0.7, "line-dasharray": [1, 2.5] },
  },
];

/** Ground where a side's movement was struck: a layer for each side, for their ground overlaps and each has its own ticks. */
export const interdicted = (paint: Paint): LayerSpecification[] => [
  {
    id: "unlooked",
    type: "fill",
    source: "interdicted",
    filter: is("level", 0),
    paint: { ...HARD, "fill-pattern": unlookedPattern(paint.colours) },
  },
  struck(0, paint),
  struck(1, paint),
];

const struck = (i: number, { sides, colours }: Paint): LayerSpecification => ({
  id: `interdicted-${i}`,
  type: "fill",
  source: "interdicted",
  filter: all(is("side", sides[i] ?? ""), [">", get("level"), 0]),
  paint: {
    ...HARD,
    "fill-pattern": expression(
      "match",
      get("level"),
      ...STRUCK_LEVELS.flatMap((level) => [level, interdictedPattern(i, level, colours)]),
      interdictedPattern(i, 1, colours),
    ),
  },
});

export const outOfRange = ({ colours }: Paint): LayerSpecification[] => [
  {
    id: "out-of-range",
    type: "fill",
    source: "out_of_range",
    paint: { ...HARD, "fill-pattern": outOfRangePattern(colours) },
  },
  {
    id: "out-of-range-edge",
    type: "line",
    source: "out_of_range",
    layout: ROUND,
    paint: { "line-color": colours.ink, "line-width": 2, "line-dasharray": [3, 2] },
  },
];
