// The tabs: one for each panel, gone through with the arrow keys.
import { button, byId, h, icon } from "../src/dom";
import { cap } from "./keys";
import type { Panel } from "./panel";
import type { DeskStore } from "./store";

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

export class Tabs {
  readonly #store: DeskStore;
  readonly #panels: readonly Panel[];
  readonly #tabs: readonly HTMLButtonElement[];

  constructor(panels: readonly Panel[], store: DeskStore) {
    [this.#store, this.#panels] = [store, panels];
    this.#tabs = panels.map((panel) => this.#tab(panel));
    byId("tabs").append(...this.#tabs);
    byId("tabs").addEventListener("keydown", (event) => this.#key(event));
  }

  #tab({ id, icon: path }: Panel): HTMLButtonElement {
    return button(
      { role: "tab", id: `tab-${id}`, class: "tab", "aria-controls": "panel" },
      () => this.#store.set({ panel: id }),
      icon(path),
      h("span", {}),
    );
  }

  #key(event: KeyboardEvent): void {
    const step = STEPS[event.code];
    if (!step || !this.#tabs.length) return;
    event.preventDefault();
    const at = this.#panels.findIndex((one) => one.id === this.#store.now.panel);
    const next = (at + step + this.#tabs.length) % this.#tabs.length;
    this.#store.set({ panel: this.#panels[next]?.id ?? "" });
    this.#tabs[next]?.focus();
  }

  /** The panel that is open, as its tab calls it. */
  get openName(): string {
    const { panel, language } = this.#store.now;
    return this.#panels.find((one) => one.id === panel)?.names[language] ?? "";
  }

  /** Every word, and which tab is chosen. */
  name(): void {
    const { panel: open, language } = this.#store.now;
    for (const [i, { id, names }] of this.#panels.entries()) {
      const tab = byId(`tab-${id}`);
      tab.setAttribute("aria-selected", String(id === open));
      tab.tabIndex = id === open ? 0 : -1;
      tab.title = `${names[language]} (${cap(`Alt+Digit${i + 1}`, language)})`;
      tab.querySelector("span")?.replaceChildren(names[language]);
    }
  }
}
