// All layers of the map in their order, which of them each switch of the key turns on, and how they are painted anew.
import type { LayerSpecification, Map as GlMap } from "maplibre-gl";
import type { Document } from "../data";
import type { Palette } from "../palette";
import { DAY, DRAWN } from "../sources";
import type { LayerId } from "../state";
import * as areas from "./areas";
import * as front from "./front";
import * as ground from "./ground";
import { Paint } from "./paint";
import * as pockets from "./pockets";
import * as reports from "./reports";
import { firstNames, settlements } from "./settlements";

export { FONTS } from "./paint";

/** Which map layers one switch of the key turns on. */
export const PARTS: Readonly<Record<LayerId, readonly string[]>> = {
  held: ["held"],
  grey: ["grey"],
  infiltration: ["infiltration", "infiltration-edge"],
  unobserved: ["unobserved"],
  out_of_range: ["out-of-range", "out-of-range-edge"],
  bands: ["bands"],
  edges: ["edges-0", "edges-1"],
  even_odds: ["even-odds"],
  pockets: ["pocket", "pocket-case", "pocket-edge", "neck-case", "neck", "tip", "neck-name"],
  reports: ["report-cell", "report-cell-edge", "report-cell-count", "report", "cluster", "cluster-count"],
  settlements: ["settlement", "settlement-name", "settlement-first-name"],
  interdicted: ["unlooked", "interdicted-0", "interdicted-1"],
  routes: ["near-road"],
  roads: ["road-case", "road"],
  barriers: ["barrier", "barrier-name"],
};

/** All layers, bottom to top, those of a day by the part of it that they draw. */
function ordered(data: Document, paint: Paint): LayerSpecification[] {
  return [
    ground.sea(data, paint),
    ground.land(paint),
    areas.held(paint),
    areas.grey(paint),
    ground.barriers(paint),
    ...ground.roads(paint),
    ground.nearRoads(paint),
    areas.unobserved(paint),
    front.bands(paint),
    ...areas.infiltration(paint),
    ...front.edges(paint),
    front.evenOdds(paint),
    ...areas.interdicted(paint),
    ...areas.outOfRange(paint),
    ...reports.cells(paint),
    ...pockets.pockets(paint),
    ground.veil(paint),
    ground.barrierNames(paint),
    ...reports.whyBelow(paint),
    ...reports.points(paint),
    ...settlements(paint),
    ...reports.counts(paint),
    ...firstNames(paint),
    pockets.neckNames(paint),
    ...reports.whyAbove(paint),
  ];
}

const isDrawn = (name: string): boolean => (DRAWN as readonly string[]).includes(name);

/** A layer over one part of the day's source. */
function ofDay(layer: LayerSpecification): LayerSpecification {
  if (!("source" in layer) || typeof layer.source !== "string" || !isDrawn(layer.source)) return layer;
  const part = ["==", ["get", "of"], layer.source];
  return { ...layer, source: DAY, filter: layer.filter ? ["all", part, layer.filter] : part } as LayerSpecification;
}

/** The background alone, which a map begins with. */
export const bottom = (data: Document, colours: Palette): LayerSpecification =>
  ground.sea(data, paintOf(data, colours));

/** All layers, bottom to top. */
export const layers = (data: Document, colours: Palette): LayerSpecification[] =>
  ordered(data, paintOf(data, colours)).map(ofDay);

const paintOf = (data: Document, colours: Palette): Paint =>
  new Paint(
    data.sides.map((side) => side.id),
    colours,
  );

/** Give layers that are on the map the colours that they have now. */
export function repaint(gl: GlMap, all: readonly LayerSpecification[]): void {
  for (const layer of all)
    for (const [property, value] of Object.entries(layer.paint ?? {}))
      gl.setPaintProperty(layer.id, property as never, value as never);
}
