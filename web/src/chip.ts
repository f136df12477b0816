// A side's colour as a class and as a chip, and what a status is called.
import type { Side } from "./data";
import { h } from "./dom";
import { say, sideName } from "./i18n";
import type { Language } from "./state";
import { holderOf } from "./why";

/** The class of a side's colour: `side-0`, `side-1`, or grey for nobody. */
export function sideClass(sides: readonly Side[], id: string | null): string {
  const index = sides.findIndex((side) => side.id === id);
  return index < 0 ? "grey" : `side-${index}`;
}

export const chip = (cls: string): HTMLElement => h("i", { class: `chip back-${cls}`, "aria-hidden": "true" });

export const sideChip = (sides: readonly Side[], id: string | null): HTMLElement => chip(sideClass(sides, id));

/** "Held by Southern Pact" */
export const heldText = (sides: readonly Side[], id: string | null, language: Language): string =>
  say(language, "status_held", { side: sideName(sides, id, language) });

/** A settlement's status in words. */
export function statusText(sides: readonly Side[], status: string | null | undefined, language: Language): string {
  const holder = holderOf(status);
  if (holder) return heldText(sides, holder, language);
  return say(language, status === "grey" ? "status_grey" : "status_unknown");
}
