// Colours: the sides' own from the data, all else from two small palettes.
import type { Side } from "./data";

export type Tone = "light" | "dark";
export type Rgb = readonly [number, number, number];

/** Whose colours: the theatre's own, the mappers' red and green, NATO's red and blue, colours that nobody confuses, greys for the copier. */
export const PALETTES = ["own", "field", "nato", "safe", "print"] as const;
export type PaletteId = (typeof PALETTES)[number];

/** For sides that bring no colour of their own: apart for most colour-blind readers too. */
const FALLBACKS = ["#c2410c", "#1d6fb8"] as const;

export function parseHex(text: string): Rgb | null {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text);
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})(?:[0-9a-f]{2})?$/i.exec(text);
  const parts = (long ?? short)?.slice(1, 4).map((part) => parseInt(part.length === 1 ? part + part : part, 16));
  return parts ? [parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0] : null;
}

export const css = ([r, g, b]: Rgb, alpha = 1): string =>
  `rgba(${Math.round(r)},${Math.round(g)},${Math.round(b)},${alpha})`;

const mix = (a: Rgb, b: Rgb, share: number): Rgb => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];

const luminance = ([r, g, b]: Rgb): number => (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

/** Moves a colour toward black or white until it stands out as a line on the ground of the tone. */
function standOut(colour: Rgb, tone: Tone): Rgb {
  let now = colour;
  for (let i = 0; i < 8 && (tone === "light" ? luminance(now) > 0.42 : luminance(now) < 0.5); i++)
    now = mix(now, tone === "light" ? BLACK : WHITE, 0.12);
  return now;
}

/** The two colours of a palette: the first for the redder side. Vermilion and blue are Okabe and Ito's, apart for all kinds of colour blindness. */
const PAIRS: Readonly<Record<Exclude<PaletteId, "own">, readonly [Rgb, Rgb]>> = {
  field: [
    [200, 48, 40],
    [38, 132, 68],
  ],
  nato: [
    [205, 40, 45],
    [38, 100, 190],
  ],
  safe: [
    [213, 94, 0],
    [0, 114, 178],
  ],
  print: [
    [20, 20, 20],
    [190, 190, 190],
  ],
};

const redness = ([r, g, b]: Rgb): number => r - Math.max(g, b);

/** The sides' colours in a palette: the side whose own colour is redder gets the first, in whatever order the theatre names them. */
function coloured(own: readonly Rgb[], id: PaletteId): readonly Rgb[] {
  if (id === "own") return own;
  const [first, second] = PAIRS[id];
  const redder = redness(own[1] ?? BLACK) > redness(own[0] ?? BLACK) ? 1 : 0;
  return own.map((_, i) => (i === redder ? first : second));
}

interface SideColours {
  readonly fill: Rgb;
  readonly line: Rgb;
}

export interface Palette {
  readonly tone: Tone;
  /** Tone and choice in one word: names the patterns, of which each palette has its own. */
  readonly key: string;
  /** Told apart without colour: the second side's edge is dashed, hatches are black on white. */
  readonly print: boolean;
  readonly sea: string;
  readonly land: string;
  readonly shore: string;
  readonly veil: string;
  readonly road: string;
  readonly roadCase: string;
  /** Roads within 3, 5 and 15 km of the other side. */
  readonly nearRoad: readonly [string, string, string];
  readonly water: string;
  readonly waterName: string;
  readonly barrier: string;
  readonly grey: Rgb;
  readonly greyLine: Rgb;
  readonly ink: string;
  readonly halo: string;
  readonly paper: string;
  readonly faint: Rgb;
  readonly fillOpacity: number;
  readonly sides: readonly SideColours[];
}

const LIGHT = {
  sea: "#dbe4ea",
  land: "#f5f3ee",
  shore: "#b9c4cb",
  veil: "rgba(236,238,240,0.72)",
  road: "#ffffff",
  roadCase: "#a79f92",
  nearRoad: ["#a3125b", "#d1477f", "#e79ab8"],
  water: "#7fa9c9",
  waterName: "#3d6f93",
  barrier: "#7d7467",
  grey: [120, 120, 124],
  greyLine: [84, 84, 90],
  ink: "#1d2024",
  halo: "rgba(255,255,255,0.92)",
  paper: "#ffffff",
  faint: [70, 74, 82],
  fillOpacity: 0.36,
} as const;
const DARK = {
  sea: "#0d1319",
  land: "#1c2128",
  shore: "#39444f",
  veil: "rgba(10,13,17,0.66)",
  road: "#5a626d",
  roadCase: "#12161b",
  nearRoad: ["#ff8fc0", "#d1477f", "#8a3a5e"],
  water: "#44708f",
  waterName: "#9cc3de",
  barrier: "#8b8376",
  grey: [158, 161, 168],
  greyLine: [198, 200, 206],
  ink: "#eef0f2",
  halo: "rgba(14,17,21,0.9)",
  paper: "#14181d",
  faint: [206, 210, 216],
  fillOpacity: 0.42,
} as const;

/** On paper: white ground, black hatches, nothing that only a colour tells. */
const PAPER = {
  ...LIGHT,
  sea: "#ffffff",
  land: "#ffffff",
  shore: "#777777",
  veil: "rgba(255,255,255,0.8)",
  roadCase: "#8a8a8a",
  nearRoad: ["#000000", "#4a4a4a", "#8a8a8a"],
  water: "#8a8a8a",
  waterName: "#444444",
  barrier: "#666666",
  grey: [0, 0, 0],
  greyLine: [90, 90, 90],
  ink: "#000000",
  halo: "rgba(255,255,255,0.95)",
  faint: [0, 0, 0],
  fillOpacity: 0.4,
} as const;

/** All colours of one tone; the print palette knows one tone only. */
export function palette(sides: readonly Side[], tone: Tone, id: PaletteId = "own"): Palette {
  const own = sides.map(
    (side, i) => parseHex(side.colour ?? "") ?? parseHex(FALLBACKS[i % FALLBACKS.length] ?? "") ?? BLACK,
  );
  const colours = coloured(own, id);
  if (id === "print")
    return {
      tone: "light",
      key: "print",
      print: true,
      ...PAPER,
      sides: colours.map((colour) => ({ fill: colour, line: mix(colour, BLACK, 0.55) })),
    };
  return {
    tone,
    key: id === "own" ? tone : `${id}-${tone}`,
    print: false,
    ...(tone === "light" ? LIGHT : DARK),
    sides: colours.map((colour) => ({
      fill: tone === "dark" ? mix(colour, WHITE, 0.12) : colour,
      line: standOut(colour, tone),
    })),
  };
}
