// What the layers are painted with: colours by side, widths by zoom, letters.
import type { ExpressionSpecification, FilterSpecification } from "maplibre-gl";
import { css, type Palette } from "../palette";

export const FONTS = ["system-ui", "Segoe UI", "Roboto", "Noto Sans", "Helvetica Neue", "Arial"];
export const ROUND = { "line-cap": "round", "line-join": "round" } as const;

/** A soft rim is a second drawing of all rims; a pattern's shows nowhere. */
export const HARD = { "fill-antialias": false } as const;

/** MapLibre's types know no expression that is put together from a list. */
export const expression = (...parts: readonly unknown[]): ExpressionSpecification =>
  parts as unknown as ExpressionSpecification;

export const get = (property: string): ExpressionSpecification => ["get", property];
export const is = (property: string, value: string | number): FilterSpecification => ["==", get(property), value];
export const isRole = (role: string): FilterSpecification => is("role", role);

/** What passes each of these. */
export const all = (...filters: readonly FilterSpecification[]): FilterSpecification =>
  ["all", ...filters] as FilterSpecification;

/** A width that grows with the zoom: zoom, width, zoom, width, … */
export const byWidth = (...stops: readonly number[]): ExpressionSpecification =>
  expression("interpolate", ["exponential", 1.4], ["zoom"], ...stops);

/** The palette, as the expressions of a theatre's sides. */
export class Paint {
  constructor(
    readonly sides: readonly string[],
    readonly colours: Palette,
  ) {}

  /** A side's colour by its number. */
  of(i: number, part: "fill" | "line"): string {
    return css(this.colours.sides[i]?.[part] ?? this.colours.grey);
  }

  /** One value for each side, told by an expression that gives its id. */
  bySide(side: ExpressionSpecification, pick: (i: number) => string, otherwise: string): ExpressionSpecification {
    if (!this.sides.length) return ["literal", otherwise] as unknown as ExpressionSpecification;
    return expression("match", side, ...this.sides.flatMap((id, i) => [id, pick(i)]), otherwise);
  }

  /** The line colour of the side that a property names. */
  line(property = "side"): ExpressionSpecification {
    return this.bySide(get(property), (i) => this.of(i, "line"), css(this.colours.faint, 1));
  }

  fill(property = "side"): ExpressionSpecification {
    return this.bySide(get(property), (i) => this.of(i, "fill"), css(this.colours.faint, 1));
  }

  /** Letters with a halo. */
  get letters(): {
    readonly "text-color": string;
    readonly "text-halo-color": string;
    readonly "text-halo-width": number;
    readonly "text-halo-blur": number;
  } {
    const { ink, halo } = this.colours;
    return { "text-color": ink, "text-halo-color": halo, "text-halo-width": 1.6, "text-halo-blur": 0.4 };
  }
}
