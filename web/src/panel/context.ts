// What every part of the panel is told: the document, the day on the map, the reader's language.
import type { Document, PlacesOverTime, Sheet } from "../data";
import { h, type Child } from "../dom";
import { numberText, say } from "../i18n";
import type { Other } from "../mappers";
import type { Language } from "../state";

export interface Context {
  readonly data: Document;
  readonly sheet: Sheet;
  readonly language: Language;
  /** Settlements over the editions, once fetched. */
  readonly over?: PlacesOverTime | null;
  /** The other mapper's map under the curtain, once it is here. */
  readonly beside?: Other | null;
}

/** A fact with its label. */
export const fact = (label: string, id: string, ...content: Child[]): HTMLElement =>
  h("div", {}, h("dt", {}, label), h("dd", { id }, ...content));

export const quiet = (text: string): HTMLElement => h("p", { class: "quiet" }, text);

/** "and 12 more", where a list ends before its end. */
export const moreText = (all: readonly unknown[], listed: number, language: Language): HTMLElement | null =>
  all.length > listed ? quiet(say(language, "n_more", { n: numberText(all.length - listed, language) })) : null;

/** "grade B2", with what that means. */
export function gradeMark(reliability: string, credibility: number | string, language: Language): HTMLElement {
  const grade = { reliability, credibility: String(credibility) };
  return h("abbr", { title: say(language, "grades_mean", grade) }, say(language, "grades", grade));
}
