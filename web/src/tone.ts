// Light or dark, and the sides' colours as the style sheet knows them; for page and desk.
import { css, type Palette, type Tone } from "./palette";
import type { Theme } from "./state";

/** Whether the reader's system is dark; asked when it is needed, for the worker has no window. */
export const darkness = (): MediaQueryList => window.matchMedia("(prefers-color-scheme: dark)");

export function toneOf(theme: Theme, isDark = darkness().matches): Tone {
  if (theme !== "auto") return theme;
  return isDark ? "dark" : "light";
}

/** Write tone and sides' colours on the page's root; `soft` is how much of a side's fill its paler colour shows. */
export function colourRoot(tone: Tone, colours: Palette, soft: number): void {
  const root = document.documentElement;
  root.dataset["tone"] = tone;
  for (const [i, side] of colours.sides.entries()) {
    root.style.setProperty(`--side-${i}`, css(colours.print ? side.fill : side.line));
    root.style.setProperty(`--side-${i}-soft`, css(side.fill, soft));
  }
}
