// The buttons on the map and in the head, and their names in the reader's language.
import { button, byId, icon } from "./dom";
import { say } from "./i18n";
import { nextTheme, otherLanguage, type Language, type State, type Store } from "./state";

const ICONS = {
  plus: "M12 5v14M5 12h14",
  picture: "M12 4v11M8 11l4 4l4-4M5 19h14",
  ruler: "M4 15L15 4l5 5L9 20zM8 11l2 2M11 8l2 2",
  minus: "M5 12h14",
  whole: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  key: "M4 6h4M12 6h8M4 12h4M12 12h8M4 18h4M12 18h8",
  close: "M6 6l12 12M18 6L6 18",
  tone: "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18",
  drawing: "M5 19l3-1L19 7l-2-2L6 16zM13 19h6",
} as const;

const tool = (id: string, path: keyof typeof ICONS, act: () => void): HTMLButtonElement =>
  button({ id, class: "tool" }, act, icon(ICONS[path]));

/** What the buttons do. */
interface Acts {
  readonly zoom: (steps: 1 | -1) => void;
  readonly whole: () => void;
  readonly measure: () => void;
  readonly picture: () => void;
  readonly drawing: () => void;
  readonly key: () => void;
  readonly close: () => void;
}

/** Put every button in its place. */
export function addControls(store: Store, acts: Acts): void {
  byId("controls").append(
    tool("zoom-in", "plus", () => acts.zoom(1)),
    tool("zoom-out", "minus", () => acts.zoom(-1)),
    tool("whole", "whole", acts.whole),
    tool("measure", "ruler", acts.measure),
    tool("picture", "picture", acts.picture),
    tool("drawing", "drawing", acts.drawing),
  );
  const language = button({ id: "language", class: "tool wide" }, () =>
    store.set({ language: otherLanguage(store.now.language) }),
  );
  const theme = tool("theme", "tone", () => store.set({ theme: nextTheme(store.now.theme) }));
  byId("menu").append(tool("open-key", "key", acts.key), theme, language);
  byId("sheet-head").append(tool("close", "close", acts.close));
}

/** The button to the other language: what a screen reader says begins as what is seen. */
export function nameLanguage(button: HTMLElement, does: string, language: Language): void {
  const other = language === "en" ? "УК" : "EN";
  button.setAttribute("aria-label", `${other}: ${does}`);
  button.title = does;
  button.textContent = other;
}

/** Say what each button does. */
export function nameControls({ language, theme }: State): void {
  const name = (id: string, text: string): void => {
    byId(id).setAttribute("aria-label", text);
    byId(id).title = text;
  };
  name("zoom-in", say(language, "zoom_in"));
  name("zoom-out", say(language, "zoom_out"));
  name("whole", say(language, "whole_front"));
  name("measure", say(language, "measure"));
  name("picture", say(language, "save_picture"));
  name("drawing", say(language, "save_drawing"));
  name("open-key", say(language, "map_key"));
  name("close", say(language, "close"));
  name("theme", say(language, "theme", { theme: say(language, theme) }));
  nameLanguage(byId("language"), say(language, "switch_language"), language);
}
