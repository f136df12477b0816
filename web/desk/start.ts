// The state a desk opens with: from the address (which never holds a place), the theatre's dates and the browser.
import { LANGUAGES, THEMES, type Language, type Theme } from "../src/state";
import type { About } from "./panel";
import type { DeskState } from "./store";

const isOneOf = <T extends string>(all: readonly T[], word: string | null): word is T =>
  word !== null && (all as readonly string[]).includes(word);
const isDay = (text: string | null): text is string => text !== null && /^\d{4}-\d\d-\d\d$/.test(text);

function firstLanguage(about: About): Language {
  const wanted = [navigator.language.slice(0, 2), about.language];
  return (
    LANGUAGES.find((language) => language === wanted[0]) ?? LANGUAGES.find((language) => language === wanted[1]) ?? "en"
  );
}

/** Today, or the theatre's last day if that is past. */
function firstDay(about: About): string {
  const today = about.today;
  return about.ends && about.ends < today ? about.ends : today;
}

export function startState(about: About, panels: readonly string[]): DeskState {
  const asked = new URLSearchParams(location.hash.slice(1));
  const [panel, language, theme, day] = [asked.get("panel"), asked.get("lang"), asked.get("theme"), asked.get("day")];
  return {
    panel: isOneOf(panels, panel) ? panel : (panels[0] ?? ""),
    asOf: isDay(day) ? day : firstDay(about),
    knownBy: "",
    shown: "approved",
    language: isOneOf(LANGUAGES, language) ? language : firstLanguage(about),
    theme: isOneOf(THEMES, theme) ? (theme as Theme) : "auto",
    head: about.head,
    count: about.count,
    editor: about.editor,
  };
}

export function toHash(state: DeskState): string {
  const hash = new URLSearchParams({ panel: state.panel, day: state.asOf, lang: state.language });
  if (state.theme !== "auto") hash.set("theme", state.theme);
  return hash.toString();
}
