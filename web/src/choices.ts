// The choices above the key: colours, and the day whose knowledge is shown.
import type { Document } from "./data";
import { currentThen, knowledgeDays } from "./days";
import { byId, h, select } from "./dom";
import { dateText, say } from "./i18n";
import { PALETTES, type PaletteId } from "./palette";
import type { Store } from "./state";

/** A labelled menu that keeps the focus when the key is written anew. */
function menu(
  id: string,
  label: string,
  options: readonly (readonly [value: string, text: string])[],
  chosen: string,
  take: (value: string) => void,
): HTMLElement {
  const box = select({ id }, options, chosen, (value) => {
    take(value);
    byId(id).focus();
  });
  return h("p", { class: "choice" }, h("label", { for: id }, label), box);
}

export function paletteChoice(store: Store): HTMLElement {
  const { language, palette } = store.now;
  return menu(
    "palette",
    say(language, "palette"),
    PALETTES.map((id) => [id, say(language, `palette_${id}`)]),
    palette,
    (id) => store.set({ palette: id as PaletteId }),
  );
}

/** The choice of a day whose knowledge is shown: valid time stays on the slider, this is when we knew it. Choosing one goes to the map that was current then. */
export function knownChoice(data: Document, store: Store): HTMLElement[] {
  const history = data.history ?? [];
  const days = knowledgeDays(history);
  if (days.length < 2) return [];
  const { language, known } = store.now;
  const before = days.slice(1);
  const offered = known && !before.includes(known) ? [...before, known].sort().reverse() : before;
  const options = offered.map((day) => [day, dateText(day, language, "short")] as const);
  const now = ["", say(language, "known_now")] as const;
  const choose = (day: string): void => {
    const current = day ? currentThen(history, day) : null;
    const date = data.dates.findIndex((sheet) => current && Date.parse(sheet.as_of) === Date.parse(current.as_of));
    store.set({ known: day || null, ...(date >= 0 ? { date } : {}) });
  };
  return [menu("known", say(language, "known_as"), [now, ...options], known ?? "", choose)];
}
