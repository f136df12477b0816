// Marks of a drawing: paths of shapes, fills and lines as SVG writes them.
import type { Feature, Geometry, Position } from "geojson";
import { escape } from "./svg_brush";

export type Project = (spot: Position) => readonly [x: number, y: number];

/** A number with one decimal at the most. */
export const n = (value: number): string => String(Math.round(value * 10) / 10);

const trace = (line: readonly Position[], project: Project): string =>
  line.map((spot, k) => `${k ? "L" : "M"}${project(spot).map(n).join(" ")}`).join("");

/** The path of a line or an area; empty for points. */
export function path(geometry: Geometry | null, project: Project): string {
  switch (geometry?.type) {
    case "LineString":
      return trace(geometry.coordinates, project);
    case "MultiLineString":
      return geometry.coordinates.map((line) => trace(line, project)).join("");
    case "Polygon":
      return geometry.coordinates.map((ring) => `${trace(ring, project)}Z`).join("");
    case "MultiPolygon":
      return geometry.coordinates
        .flat()
        .map((ring) => `${trace(ring, project)}Z`)
        .join("");
    default:
      return "";
  }
}

export type Style = (feature: Feature) => string;

/** Each shape as a path in its style. */
export const paths = (features: readonly Feature[], project: Project, style: Style): string[] =>
  features.flatMap((feature) => {
    const d = path(feature.geometry, project);
    return d ? [`<path d="${d}" ${style(feature)}/>`] : [];
  });

export const fill = (paint: string, opacity = 1): string =>
  `fill="${escape(paint)}"${opacity < 1 ? ` fill-opacity="${opacity}"` : ""} fill-rule="evenodd"`;
export const line = (paint: string, width: number, dash = ""): string =>
  `fill="none" stroke="${escape(paint)}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"${dash ? ` stroke-dasharray="${dash}"` : ""}`;
/** Filled with a pattern. */
export const tiled = (id: string): string => fill(`url(#${id})`);
