// What each switch of the key draws in a drawing: a named group of marks.
import type { Feature } from "geojson";
import type { Side } from "./data";
import type { View } from "./drawing";
import { fill, line, n, paths, tiled, type Style } from "./drawing_marks";
import { nameIn } from "./i18n";
import { css } from "./palette";
import {
  greyPattern,
  greyReason,
  infiltrationPattern,
  interdictedPattern,
  outOfRangePattern,
  unlookedPattern,
  unobservedPattern,
} from "./patterns";
import { pocketShapes } from "./pockets";
import { reportCells } from "./public_cells";
import { settlementPoints } from "./ranks";
import type { LayerId } from "./state";
import { escape } from "./svg_brush";

/** The switch that turns it on, its name for the graphics desk, and its marks. */
type Group = readonly [layer: LayerId, name: string, marks: readonly string[]];

/** The number of the side that a feature is of, or that was seen there; -1 for nobody. */
const sideOf = ({ data }: View, { properties }: Feature): number =>
  data.sides.findIndex((side) => side.id === (properties?.["side"] ?? properties?.["seen"]));

const lineOf = (view: View, feature: Feature): string =>
  css(view.colours.sides[sideOf(view, feature)]?.line ?? view.colours.faint);

const draw = (view: View, features: readonly Feature[], style: Style): string[] => paths(features, view.project, style);

const isOf = (property: string, value: string) => (one: Feature) => one.properties?.[property] === value;

const sideName = (side: Side, { language }: View): string => nameIn(side.names, language, side.id);

// Ground

function heldBy(view: View, side: Side, i: number): Group {
  const { sheet, colours } = view;
  const ground = sheet.areas.features.filter(isOf("class", "held")).filter(isOf("side", side.id));
  const paint = css(colours.sides[i]?.fill ?? colours.grey);
  return ["held", `held ${sideName(side, view)}`, draw(view, ground, () => fill(paint, colours.fillOpacity))];
}

function grey(view: View): Group {
  const { sheet, colours } = view;
  const hatch = (one: Feature): string =>
    tiled(greyPattern(greyReason(String(one.properties?.["grey_reason"] ?? "")), colours));
  return ["grey", "grey zone", draw(view, sheet.areas.features.filter(isOf("class", "grey")), hatch)];
}

const unobserved = (view: View): Group => [
  "unobserved",
  "unobserved",
  draw(view, view.sheet.unobserved.features, () => tiled(unobservedPattern(view.colours))),
];

function infiltration(view: View): Group {
  const arrows = (one: Feature): string => tiled(infiltrationPattern(Math.max(0, sideOf(view, one)), view.colours));
  const rim = (one: Feature): string => `stroke="${lineOf(view, one)}" stroke-width="1" stroke-dasharray="1 2.5"`;
  const marks = draw(view, view.sheet.infiltration.features, (one) => `${arrows(one)} ${rim(one)}`);
  return ["infiltration", "infiltration", marks];
}

function interdicted(view: View): Group {
  const { sheet, colours } = view;
  const pattern = (one: Feature): string => {
    const level = Number(one.properties?.["level"]);
    return level > 0 ? interdictedPattern(Math.max(0, sideOf(view, one)), level, colours) : unlookedPattern(colours);
  };
  return ["interdicted", "interdicted", draw(view, sheet.interdicted.features, (one) => tiled(pattern(one)))];
}

function outOfRange(view: View): Group {
  const { sheet, colours } = view;
  const style = `${tiled(outOfRangePattern(colours))} stroke="${colours.ink}" stroke-width="2" stroke-dasharray="6 4"`;
  return ["out_of_range", "model out of range", draw(view, sheet.out_of_range.features, () => style)];
}

// Ways

const barriers = (view: View): Group => [
  "barriers",
  "rivers and barriers",
  draw(view, view.data.barriers.features, () => line(view.colours.water, 2.5)),
];

const roads = (view: View): Group => [
  "roads",
  "roads",
  [
    ...draw(view, view.data.roads.features, () => line(view.colours.roadCase, 3)),
    ...draw(view, view.data.roads.features, () => line(view.colours.road, 1.8)),
  ],
];

/** Darker the nearer. */
function nearRoads(view: View): Group {
  const colour = (one: Feature): string => {
    const [near, middle, far] = view.colours.nearRoad;
    const km = Number(one.properties?.["within_km"]);
    if (km <= 3) return near;
    return km <= 5 ? middle : far;
  };
  const marks = draw(view, view.sheet.routes.features, (one) => line(colour(one), 2.4));
  return ["routes", "roads near the other side", marks];
}

// The front

const bands = (view: View): Group => [
  "bands",
  "bands",
  draw(view, view.sheet.front.features.filter(isOf("role", "band")), (one) => fill(lineOf(view, one), 0.2)),
];

/** The first side's edge is the wider one below; in print the second is dashed. */
function edgeOf(view: View, side: Side, i: number): Group {
  const edges = view.sheet.front.features.filter(isOf("role", "edge")).filter(isOf("side", side.id));
  const dashes = view.colours.print && i ? "6 4" : "";
  return [
    "edges",
    `edge ${sideName(side, view)}`,
    draw(view, edges, (one) => line(lineOf(view, one), i ? 2 : 3, dashes)),
  ];
}

const evenOdds = (view: View): Group => [
  "even_odds",
  "even-odds line",
  draw(view, view.sheet.front.features.filter(isOf("role", "even_odds")), () => line(view.colours.ink, 1.4, "5 4")),
];

// What lies on it

const reports = (view: View): Group => [
  "reports",
  "reports by cell",
  draw(
    view,
    reportCells(view.sheet.public).features,
    (one) => `${fill(lineOf(view, one), 0.2)} stroke="${lineOf(view, one)}" stroke-width="0.8"`,
  ),
];

function tipMark({ geometry }: Feature, { project, colours }: View): string {
  if (geometry.type !== "Point") return "";
  const [x, y] = project(geometry.coordinates);
  return `<circle cx="${n(x)}" cy="${n(y)}" r="5" fill="${colours.paper}" stroke="${colours.ink}" stroke-width="2.2"/>`;
}

function pockets(view: View): Group {
  const { ink } = view.colours;
  const parts = pocketShapes(view.sheet, view.language).features;
  const part = (role: string): Feature[] => parts.filter(isOf("role", role));
  return [
    "pockets",
    "pockets and necks",
    [
      ...draw(view, part("pocket"), () => line(ink, 1.4, "4 3")),
      ...draw(view, part("neck"), () => line(ink, 3)),
      ...part("tip").map((one) => tipMark(one, view)),
    ],
  ];
}

/** Boxes of text that are taken; a label that would lie on one is left out. */
class Room {
  readonly #taken: [number, number, number, number][] = [];

  take(x: number, y: number, width: number, height: number): boolean {
    const box: [number, number, number, number] = [x, y, x + width, y + height];
    if (this.#taken.some(([a, b, c, d]) => box[0] < c && box[2] > a && box[1] < d && box[3] > b)) return false;
    this.#taken.push(box);
    return true;
  }
}

const TOWN = 20_000;

/** A ring in the holder's colour with the name beside it; nothing outside the picture, or where another name stands. */
function placeMark({ geometry, properties }: Feature, view: View, room: Room): string {
  const { data, colours, project, width, height } = view;
  if (geometry.type !== "Point") return "";
  const [x, y] = project(geometry.coordinates);
  if (x < 0 || y < 0 || x > width || y > height) return "";
  const name = String(properties?.["name"] ?? "");
  const size = Number(properties?.["population"]) > TOWN ? 14 : 11.5;
  const wide = name.length * size * 0.56;
  const isRight = x + wide + 10 < width;
  if (!room.take(isRight ? x - 5 : x - wide - 8, y - size / 2, wide + 13, size)) return "";
  const side = data.sides.findIndex((one) => one.id === properties?.["holder"]);
  const ring = css(colours.sides[side]?.line ?? colours.greyLine);
  const [at, anchor] = isRight ? [x + 8, "start"] : [x - 8, "end"];
  return (
    `<circle cx="${n(x)}" cy="${n(y)}" r="3.5" fill="${colours.paper}" stroke="${ring}" stroke-width="2"/>` +
    `<text x="${n(at)}" y="${n(y + size * 0.35)}" font-size="${size}" text-anchor="${anchor}" fill="${colours.ink}" ` +
    `stroke="${colours.halo}" stroke-width="3" paint-order="stroke">${escape(name)}</text>`
  );
}

/** Settlements with their names, those most looked for first. */
function settlements(view: View): Group {
  const room = new Room();
  const rank = (one: Feature): number => Number(one.properties?.["rank"]);
  const points = [...settlementPoints(view.data, view.sheet, view.language).features];
  const marks = points.sort((a, b) => rank(a) - rank(b)).map((one) => placeMark(one, view, room));
  return ["settlements", "settlements", marks.filter(Boolean)];
}

/** All groups, bottom to top. */
export const groups = (view: View): readonly Group[] => [
  ...view.data.sides.map((side, i) => heldBy(view, side, i)),
  grey(view),
  barriers(view),
  roads(view),
  nearRoads(view),
  unobserved(view),
  bands(view),
  infiltration(view),
  ...view.data.sides.map((side, i) => edgeOf(view, side, i)),
  evenOdds(view),
  interdicted(view),
  outOfRange(view),
  reports(view),
  pockets(view),
  settlements(view),
];
