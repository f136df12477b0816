// The front: each side's edge with its band of doubt, and the line of even odds.
import type { LayerSpecification } from "maplibre-gl";
import { all, byWidth, is, isRole, type Paint, ROUND } from "./paint";

export const bands = (paint: Paint): LayerSpecification => ({
  id: "bands",
  type: "fill",
  source: "front",
  filter: isRole("band"),
  paint: { "fill-color": paint.line(), "fill-opacity": 0.2 },
});

export const edges = (paint: Paint): LayerSpecification[] => [edge(0, paint), edge(1, paint)];

function edge(i: number, paint: Paint): LayerSpecification {
  // In print the second side's edge is told by its dashes; elsewhere by its colour (undefined takes dashes off again).
  const dashes = paint.colours.print && i === 1 ? [2.5, 1.6] : undefined;
  return {
    id: `edges-${i}`,
    type: "line",
    source: "front",
    filter: all(isRole("edge"), is("side", paint.sides[i] ?? "")),
    layout: ROUND,
    paint: {
      "line-color": paint.of(i, "line"),
      // The first side's line is the wider one below, so that both show where the edges meet.
      "line-width": i === 0 ? byWidth(6, 2, 13, 4.4) : byWidth(6, 1.2, 13, 2.8),
      ...({ "line-dasharray": dashes } as object),
    },
  };
}

export const evenOdds = ({ colours }: Paint): LayerSpecification => ({
  id: "even-odds",
  type: "line",
  source: "front",
  filter: isRole("even_odds"),
  layout: ROUND,
  paint: { "line-color": colours.ink, "line-width": 1.4, "line-dasharray": [4, 3] },
});
