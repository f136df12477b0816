// Patterns that repeat without a seam, drawn once per tone: hatches for grey, arrows for infiltration, dashes for unobserved, uprights for ground out of range, slanted ticks for interdicted.
import { css, type Palette, type Rgb } from "./palette";

type GreyReason = "mixed" | "disputed" | "neither";
export const GREY_REASONS: readonly GreyReason[] = ["mixed", "disputed", "neither"];

/** The reason's short word: the data may write `mixed presence`, `mixed_presence` or `mixed`. */
export const greyReason = (text: string | null | undefined): GreyReason =>
  GREY_REASONS.find((word) => (text ?? "").toLowerCase().includes(word)) ?? "mixed";

/** How often movement was seen to be struck: seldom, at times, often. */
export const STRUCK_LEVELS = [1, 2, 3] as const;

/** Device pixels per CSS pixel of a pattern. */
export const PATTERN_RATIO = 2;

/** What a painter asks of its brush: a canvas, or a writer of SVG. */
export type Brush = Pick<
  CanvasRenderingContext2D,
  | "fillStyle"
  | "strokeStyle"
  | "lineWidth"
  | "lineCap"
  | "beginPath"
  | "moveTo"
  | "lineTo"
  | "closePath"
  | "arc"
  | "fill"
  | "stroke"
  | "fillRect"
>;
type Painter = (brush: Brush, size: number) => void;

/** Strokes from corner to corner, and the two corners they leave, so that tiles join. */
function diagonals(brush: Brush, size: number, direction: 1 | -1): void {
  for (const shift of [-size, 0, size]) {
    brush.moveTo(shift - 2, direction === 1 ? size + 2 : -2);
    brush.lineTo(shift + size + 2, direction === 1 ? -2 : size + 2);
  }
}

/** Tiles of grey ground in CSS pixels: crossing strokes need more room than plain ones, or they hide what lies on them. */
const GREY_PX: Readonly<Record<GreyReason, number>> = { mixed: 9, disputed: 12, neither: 10 };

/** Grey ground; in print black strokes on white, so that no copier turns it into a side's flat grey. */
function hatch(colour: Rgb, reason: GreyReason, { print, tone }: Palette): Painter {
  const quiet = tone === "dark" ? 0.62 : 0.88;
  return (brush, size) => {
    brush.fillStyle = print ? "rgba(255,255,255,0.9)" : css(colour, reason === "neither" ? 0.2 : 0.34);
    brush.fillRect(0, 0, size, size);
    brush.strokeStyle = css(colour, print ? 0.9 : quiet * { mixed: 0.62, disputed: 0.5, neither: 0.34 }[reason]);
    brush.lineWidth = print
      ? (8 * (size / GREY_PX[reason])) / { mixed: 7, disputed: 10, neither: 14 }[reason]
      : size / GREY_PX[reason];
    brush.beginPath();
    diagonals(brush, size, 1);
    if (reason === "disputed") diagonals(brush, size, -1);
    brush.stroke();
  };
}

const arrows =
  (colour: Rgb): Painter =>
  (brush, size) => {
    brush.fillStyle = css(colour, 0.95);
    for (const [x, y] of [
      [0.25, 0.27],
      [0.75, 0.77],
    ] as const) {
      const r = size * 0.13;
      brush.beginPath();
      brush.moveTo(x * size, y * size - r);
      brush.lineTo(x * size + r, y * size + r);
      brush.lineTo(x * size, y * size + r * 0.4);
      brush.lineTo(x * size - r, y * size + r);
      brush.closePath();
      brush.fill();
    }
  };

const dashes =
  (colour: Rgb, print: boolean): Painter =>
  (brush, size) => {
    brush.strokeStyle = css(colour, print ? 0.95 : 0.5);
    brush.lineWidth = size / (print ? 10 : 14);
    brush.lineCap = "round";
    brush.beginPath();
    for (const [x, y] of [
      [0.14, 0.25],
      [0.64, 0.75],
    ] as const) {
      brush.moveTo(x * size, y * size);
      brush.lineTo((x + 0.22) * size, y * size);
    }
    brush.stroke();
  };

const upright =
  (colour: Rgb): Painter =>
  (brush, size) => {
    brush.strokeStyle = css(colour, 0.7);
    brush.lineWidth = size / 9;
    brush.beginPath();
    brush.moveTo(size / 2, 0);
    brush.lineTo(size / 2, size);
    brush.stroke();
  };

/** Ticks, the larger the more often; the second side's stand between the first's and lean the other way, so that both show where both are. */
const ticks =
  (colour: Rgb, side: number, level: number): Painter =>
  (brush, size) => {
    const [x, y, lean] = side === 0 ? [0.27, 0.27, 1] : [0.73, 0.73, -1];
    const reach = size * (0.07 + 0.05 * level);
    brush.strokeStyle = css(colour, 1);
    brush.lineWidth = size * (0.05 + 0.035 * level);
    brush.lineCap = "round";
    brush.beginPath();
    brush.moveTo(x * size - lean * reach * 0.6, y * size - reach);
    brush.lineTo(x * size + lean * reach * 0.6, y * size + reach);
    brush.stroke();
  };

const specks =
  (colour: Rgb): Painter =>
  (brush, size) => {
    brush.fillStyle = css(colour, 0.6);
    brush.beginPath();
    brush.arc(size / 2, size / 2, size / 12, 0, 2 * Math.PI);
    brush.fill();
  };

export interface Pattern {
  readonly id: string;
  readonly sizePx: number;
  readonly paint: Painter;
}

/** Every pattern of a palette. */
export function patterns(colours: Palette): Pattern[] {
  const grey = GREY_REASONS.map((reason) => ({
    id: greyPattern(reason, colours),
    sizePx: GREY_PX[reason],
    paint: hatch(colours.grey, reason, colours),
  }));
  const infiltration = colours.sides.map((side, i) => ({
    id: infiltrationPattern(i, colours),
    sizePx: 14,
    paint: arrows(side.line),
  }));
  const interdicted = colours.sides.flatMap((side, i) =>
    STRUCK_LEVELS.map((level) => ({
      id: interdictedPattern(i, level, colours),
      sizePx: 13,
      paint: ticks(side.line, i, level),
    })),
  );
  return [
    ...grey,
    ...infiltration,
    ...interdicted,
    { id: unlookedPattern(colours), sizePx: 9, paint: specks(colours.faint) },
    { id: unobservedPattern(colours), sizePx: 16, paint: dashes(colours.faint, colours.print) },
    { id: outOfRangePattern(colours), sizePx: 7, paint: upright(colours.faint) },
  ];
}

export const greyPattern = (reason: GreyReason, { key }: Palette): string => `grey-${reason}-${key}`;
export const interdictedPattern = (side: number, level: number, { key }: Palette): string =>
  `interdicted-${side}-${level}-${key}`;
export const unlookedPattern = ({ key }: Palette): string => `unlooked-${key}`;
export const infiltrationPattern = (side: number, { key }: Palette): string => `infiltration-${side}-${key}`;
export const outOfRangePattern = ({ key }: Palette): string => `out-of-range-${key}`;
export const unobservedPattern = ({ key }: Palette): string => `unobserved-${key}`;

/** One tile of a pattern. */
export function tile(pattern: Pattern): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = pattern.sizePx * PATTERN_RATIO;
  const brush = canvas.getContext("2d", { willReadFrequently: true }); // painted where it is read, not by the graphics card
  if (brush) pattern.paint(brush, canvas.width);
  return canvas;
}

export function tilePixels(pattern: Pattern): ImageData {
  const canvas = tile(pattern);
  const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height);
  return pixels ?? new ImageData(canvas.width, canvas.height);
}
