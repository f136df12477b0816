// The choices above the key: colours, the day whose knowledge is shown, and another date to compare with.
import type { Document } from "./data";
import { currentThen, knowledgeDays } from "./days";
import { byId, h } from "./dom";
import { dateText, say } from "./i18n";
import { PALETTES, type PaletteId } from "./palette";
import type { Store } from "./state";

/** A labelled menu that keeps the focus when the key is written anew. */
export function menu(id: string, label: string, options: readonly (readonly [value: string | number, text: string, chosen: boolean])[], take: (value: string) => void): HTMLElement {
  const box = h("select", { id }, ...options.map(([value, text, selected]) => h("option", { value, selected }, text)));
  box.addEventListener("change", () => {
    take(box.value);
    byId(id).focus();
  });
  return h("p", { class: "choice" }, h("label", { for: id }, label), box);
}

export function paletteChoice(store: Store): HTMLElement {
  const { language, palette } = store.now;
  return menu("palette", say(language, "palette"), PALETTES.map((id) => [id, say(language, `palette_${id}`), id === palette]), (id) => store.set({ palette: id as PaletteId }));
}

/** The choice of another date, and whether what changed since is marked. */
export function compareChoices(data: Document, store: Store): HTMLElement[] {
  if (data.dates.length < 2) return [];
  const { language, compare, differences } = store.now;
  const dates = data.dates.map((sheet, k) => [k, dateText(sheet.as_of, language, "short"), k === compare] as const);
  const choice = menu("compare", say(language, "compare"), [["", say(language, "compare_none"), compare === null], ...dates],
    (value) => store.set({ compare: value === "" ? null : Number(value), differences: value !== "" && store.now.differences }));
  if (compare === null) return [choice];
  const mark = h("input", { type: "checkbox", role: "switch", id: "differences", checked: differences });
  mark.addEventListener("change", () => store.set({ differences: mark.checked }));
  const means = h("p", {}, say(language, "differences_means", { date: dateText(data.dates[compare]?.as_of, language, "short") }));
  return [choice, h("div", { class: "row" }, h("label", { for: "differences" }, h("span", { class: "name" }, say(language, "differences")), mark), means)];
}

/** The choice of a day whose knowledge is shown: valid time stays on the slider, this is when we knew it. Choosing one goes to the map that was current then. */
export function knownChoice(data: Document, store: Store): HTMLElement[] {
  const history = data.history ?? [];
  const days = knowledgeDays(history);
  if (days.length < 2) return [];
  const { language, known } = store.now;
  const options = days.slice(1).map((day) => [day, dateText(day, language, "short"), day === known] as const);
  return [menu("known", say(language, "known_as"), [["", say(language, "known_now"), known === null], ...options], (day) => {
    const current = day ? currentThen(history, day) : null;
    const date = current ? data.dates.findIndex((sheet) => Date.parse(sheet.as_of) === Date.parse(current.as_of)) : -1;
    store.set({ known: day || null, ...(date >= 0 ? { date } : {}) });
  })];
}
