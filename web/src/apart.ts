// Ground that only one of two maps shows as held: whole strokes rising where it is ours alone, broken ones falling where it is theirs alone.
import { h } from "./dom";
import type { Palette, Rgb } from "./palette";
import { PATTERN_RATIO } from "./patterns";

/** Who holds a spot on one map and not on the other: a side's number, or null. */
interface Apart {
  readonly ours: number | null;
  readonly theirs: number | null;
}

const STEP = 9;
const STROKE = 3;
const DASH = 6;
const [STRONG, FAINT] = [240, 84];

const isWhole = (x: number, y: number): boolean => (x + y) % STEP < STROKE;
const isBroken = (x: number, y: number): boolean =>
  (((x - y) % STEP) + STEP) % STEP < STROKE && (x + y) % (2 * DASH) < DASH;

/** The colour of a pixel, in CSS pixels from a corner; null where the two maps agree. */
export function apartPixel(
  { ours, theirs }: Apart,
  x: number,
  y: number,
  colours: Palette,
): readonly [...Rgb, number] | null {
  const line = (side: number): Rgb => colours.sides[side]?.line ?? colours.greyLine;
  if (ours !== null && isWhole(x, y)) return [...line(ours), STRONG];
  if (theirs !== null && isBroken(x, y)) return [...line(theirs), STRONG];
  const under = ours ?? theirs;
  return under === null ? null : [...line(under), FAINT];
}

/** Where two maps of classes (null unknown, 0 nobody's or grey, else a side's number + 1) are apart, as far as `drawn` sides go. */
export function apartOf(ours: number | null, theirs: number | null, drawn: ReadonlySet<number>): Apart {
  const mine = ours !== null && ours > 0 && ours !== theirs && drawn.has(ours - 1) ? ours - 1 : null;
  const other = theirs !== null && theirs > 0 && ours !== theirs ? theirs - 1 : null;
  return { ours: mine, theirs: other };
}

/** A swatch of the key. */
export function apartSwatch(apart: Apart, colours: Palette, width = 30, height = 18): HTMLElement {
  const canvas = h("canvas", { class: "swatch", width: width * PATTERN_RATIO, height: height * PATTERN_RATIO });
  const brush = canvas.getContext("2d");
  if (brush) {
    brush.fillStyle = colours.land;
    brush.fillRect(0, 0, canvas.width, canvas.height);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const pixel = apartPixel(apart, x, y, colours);
        if (!pixel) continue;
        brush.fillStyle = `rgba(${pixel[0]},${pixel[1]},${pixel[2]},${pixel[3] / 255})`;
        brush.fillRect(x * PATTERN_RATIO, y * PATTERN_RATIO, PATTERN_RATIO, PATTERN_RATIO);
      }
  }
  return h("span", { class: "swatches", "aria-hidden": "true" }, canvas);
}
