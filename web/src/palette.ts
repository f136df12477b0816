// Colours: the sides' own from the data, all else from two small palettes.
import type { Side } from "./data";

export type Tone = "light" | "dark";
export type Rgb = readonly [number, number, number];

/** For sides that bring no colour of their own: apart for most colour-blind readers too. */
const FALLBACKS = ["#c2410c", "#1d6fb8"] as const;

export function parseHex(text: string): Rgb | null {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text);
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})(?:[0-9a-f]{2})?$/i.exec(text);
  const parts = (long ?? short)?.slice(1, 4).map((part) => parseInt(part.length === 1 ? part + part : part, 16));
  return parts ? [parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0] : null;
}

export const css = ([r, g, b]: Rgb, alpha = 1): string => `rgba(${Math.round(r)},${Math.round(g)},${Math.round(b)},${alpha})`;

export const mix = (a: Rgb, b: Rgb, share: number): Rgb => [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];

const luminance = ([r, g, b]: Rgb): number => (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

/** Moves a colour toward black or white until it stands out as a line on the ground of the tone. */
function standOut(colour: Rgb, tone: Tone): Rgb {
  let now = colour;
  for (let i = 0; i < 8 && (tone === "light" ? luminance(now) > 0.42 : luminance(now) < 0.5); i++) now = mix(now, tone === "light" ? BLACK : WHITE, 0.12);
  return now;
}

export interface SideColours {
  readonly fill: Rgb;
  readonly line: Rgb;
}

export interface Palette {
  readonly tone: Tone;
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
  sea: "#dbe4ea", land: "#f5f3ee", shore: "#b9c4cb", veil: "rgba(236,238,240,0.72)", road: "#ffffff", roadCase: "#a79f92", nearRoad: ["#a3125b", "#d1477f", "#e79ab8"], water: "#7fa9c9", waterName: "#3d6f93",
  barrier: "#7d7467", grey: [120, 120, 124], greyLine: [84, 84, 90], ink: "#1d2024", halo: "rgba(255,255,255,0.92)", paper: "#ffffff", faint: [70, 74, 82], fillOpacity: 0.36,
} as const;
const DARK = {
  sea: "#0d1319", land: "#1c2128", shore: "#39444f", veil: "rgba(10,13,17,0.66)", road: "#5a626d", roadCase: "#12161b", nearRoad: ["#ff8fc0", "#d1477f", "#8a3a5e"], water: "#44708f", waterName: "#9cc3de",
  barrier: "#8b8376", grey: [158, 161, 168], greyLine: [198, 200, 206], ink: "#eef0f2", halo: "rgba(14,17,21,0.9)", paper: "#14181d", faint: [206, 210, 216], fillOpacity: 0.42,
} as const;

/** All colours of one tone. */
export function palette(sides: readonly Side[], tone: Tone): Palette {
  const own = sides.map((side, i) => parseHex(side.colour ?? "") ?? parseHex(FALLBACKS[i % FALLBACKS.length] ?? "") ?? BLACK);
  return { tone, ...(tone === "light" ? LIGHT : DARK), sides: own.map((colour) => ({ fill: tone === "dark" ? mix(colour, WHITE, 0.12) : colour, line: standOut(colour, tone) })) };
}
