// The line as the server tells it, what is wanted of it, and how it lies on the map.
import type { Overlay } from "../map";
import type { Say } from "../panel";
import { sketchLayers } from "../parts/sketch";
import type { Source } from "../parts/source";
import type { LineKey } from "./line_words";

export type LineSay = Say<LineKey>;

export type Tool = "move" | "remove" | "reshape" | "cut" | "assign" | "hold";
export interface Fixed {
  readonly id: string;
  readonly until: string;
  readonly by: string;
  readonly reason: string;
  readonly geometry: GeoJSON.Geometry | null;
}
export interface Line {
  readonly head: string;
  readonly count: number;
  readonly edges: GeoJSON.LineString | GeoJSON.MultiLineString | null;
  readonly vertices: number;
  readonly fixed: readonly Fixed[];
}
export interface Seen {
  readonly verdict: string;
  readonly km2: number;
  readonly changed: readonly {
    readonly holder: string;
    readonly km2: number;
    readonly geometry: GeoJSON.Geometry | null;
  }[];
  readonly lets_go: readonly { readonly id: string; readonly by: string; readonly reason: string }[];
  readonly snapped: readonly string[];
  readonly points: GeoJSON.Geometry | null;
  readonly count: number;
  readonly reports: readonly Source[];
}
export type Wanted = Readonly<Record<string, unknown>> & { readonly act: Tool };

export const OVERLAY: Overlay = {
  sources: ["line-fixed", "line-band", "line-edge", "line-vertex", "line-change", "line-sketch"],
  layers: (colours) => [
    { id: "line-band", type: "fill", source: "line-band", paint: { "fill-color": "#8a3ffc", "fill-opacity": 0.18 } },
    {
      id: "line-fixed",
      type: "line",
      source: "line-fixed",
      paint: { "line-color": "#8a3ffc", "line-width": 1.6, "line-dasharray": [2, 2] },
    },
    {
      id: "line-change",
      type: "fill",
      source: "line-change",
      paint: { "fill-color": "#ffcf33", "fill-opacity": 0.45 },
    },
    {
      id: "line-change-edge",
      type: "line",
      source: "line-change",
      paint: { "line-color": "#c47f00", "line-width": 1.6 },
    },
    { id: "line-edge", type: "line", source: "line-edge", paint: { "line-color": colours.ink, "line-width": 1.6 } },
    {
      id: "line-vertex",
      type: "circle",
      source: "line-vertex",
      paint: {
        "circle-radius": ["case", ["get", "chosen"], 7, 4],
        "circle-color": ["case", ["get", "chosen"], "#ffcf33", colours.paper],
        "circle-stroke-color": colours.ink,
        "circle-stroke-width": 1.5,
      },
    },
    ...sketchLayers("line-sketch", "line-corner"),
  ],
};
