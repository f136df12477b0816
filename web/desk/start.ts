// The state a desk opens with: from the address (which never holds a place), the theatre's dates and the browser.
import { firstLanguage } from "../src/i18n";
import { isOneOf, LANGUAGES, THEMES } from "../src/state";
import type { About } from "./panel";
import type { DeskState } from "./store";

const isDay = (text: string | null): text is string => text !== null && /^\d{4}-\d\d-\d\d$/.test(text);

export function startState(about: About, panels: readonly string[]): DeskState {
  const asked = new URLSearchParams(location.hash.slice(1));
  const [panel, language, theme, day] = [asked.get("panel"), asked.get("lang"), asked.get("theme"), asked.get("day")];
  return {
    panel: isOneOf(panels, panel) ? panel : (panels[0] ?? ""),
    asOf: isDay(day) ? day : about.opens_on,
    knownBy: "",
    shown: "approved",
    language: isOneOf(LANGUAGES, language) ? language : firstLanguage(LANGUAGES, about.language),
    theme: isOneOf(THEMES, theme) ? theme : "auto",
    head: about.head,
    count: about.count,
    editor: about.editor,
  };
}

/** Why the desk opened on a day that is not today: it is the theatre's last, or the newest with something on it. Null on today, and where the address names another. */
export function opensElsewhere(about: About, { asOf }: DeskState): "at_end" | "on_newest" | null {
  if (asOf !== about.opens_on || asOf === about.today) return null;
  return asOf === about.ends ? "at_end" : "on_newest";
}

export function toHash(state: DeskState): string {
  const hash = new URLSearchParams({ panel: state.panel, day: state.asOf, lang: state.language });
  if (state.theme !== "auto") hash.set("theme", state.theme);
  return hash.toString();
}
