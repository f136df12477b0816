// Settlements: a ring in the holder's colour and a name, both larger where more people live.
import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from "maplibre-gl";
import { css } from "../palette";
import { byWidth, expression, FONTS, get, type Paint } from "./paint";

/** So many places at a zoom; all of them from zoom 11 on. */
const ENOUGH = [
  "<",
  get("rank"),
  ["step", ["zoom"], 18, 7.5, 40, 8.5, 70, 9.5, 140, 10.25, 300, 11, 1e6],
] as unknown as FilterSpecification;

const ANCHORS = ["left", "right", "top", "bottom", "top-left", "bottom-left", "top-right", "bottom-right"] as const;

/** The names of so many places have their room before the numbers of reports do; the others find theirs beside those. */
const FIRST = 12;
const IS_FIRST = expression("<", get("rank"), FIRST);

/** How far from its ring a name may stand, in letters' heights: where there is no room, a bit farther. */
const AWAY = [0.7, 1.2] as const;

/** Where a name stands whose ring is at its anchor, so far from it. */
function offsetOf(anchor: (typeof ANCHORS)[number], away: number): [number, number] {
  const [x, y] = [
    anchor.includes("left") ? 1 : anchor.includes("right") ? -1 : 0,
    anchor.startsWith("top") ? 1 : anchor.startsWith("bottom") ? -1 : 0,
  ];
  const share = x && y ? Math.SQRT1_2 : 1;
  return [x * away * share, y * away * share];
}

const PLACES = AWAY.flatMap((away) => ANCHORS.flatMap((anchor) => [anchor, offsetOf(anchor, away)]));

/** A size by the root of the people who live there: root, size, root, size, … */
const byPeople = (...stops: readonly number[]): ExpressionSpecification =>
  expression("interpolate", ["linear"], ["sqrt", get("population")], ...stops);

const byZoom = (...stops: readonly unknown[]): ExpressionSpecification =>
  expression("interpolate", ["linear"], ["zoom"], ...stops);

function names(paint: Paint, id: string, filter: FilterSpecification): LayerSpecification {
  return {
    id,
    type: "symbol",
    source: "settlements",
    filter,
    layout: {
      "text-field": get("name"),
      "text-font": FONTS,
      "text-size": byZoom(7, byPeople(0, 10, 300, 12), 10, byPeople(0, 11.5, 120, 13.5, 300, 16.5)),
      "text-variable-anchor-offset": PLACES as never,
      "text-justify": "auto",
      "text-max-width": 9,
      "text-padding": 1,
      "symbol-sort-key": get("rank"),
    },
    paint: paint.letters,
  };
}

export const settlements = (paint: Paint): LayerSpecification[] => [
  {
    id: "settlement",
    type: "circle",
    source: "settlements",
    filter: ENOUGH,
    paint: {
      "circle-radius": byZoom(7, byPeople(0, 2, 300, 4), 12, byPeople(0, 4, 300, 8)),
      "circle-color": paint.colours.paper,
      "circle-stroke-color": paint.bySide(
        ["coalesce", ["feature-state", "holder"], ""],
        (i) => paint.of(i, "line"),
        css(paint.colours.greyLine),
      ),
      "circle-stroke-width": byWidth(6, 1.4, 13, 3),
    },
  },
  names(paint, "settlement-name", ["all", ["!", IS_FIRST], ENOUGH] as unknown as FilterSpecification),
];

export const firstNames = (paint: Paint): LayerSpecification[] => [
  names(paint, "settlement-first-name", IS_FIRST as FilterSpecification),
];
