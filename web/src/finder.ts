// The search box: a combobox over the document's settlements, wholly usable by keyboard.
import type { Document } from "./data";
import { h, icon, replace } from "./dom";
import { nameIn, say } from "./i18n";
import { search } from "./spelling";
import type { Store } from "./state";

const GLASS = "M11 4a7 7 0 1 0 0 14a7 7 0 0 0 0-14zM20 20l-4-4";

export class Finder {
  readonly element: HTMLElement;
  readonly #data: Document;
  readonly #store: Store;
  readonly #go: (place: number) => void;
  readonly #input = h("input", {
    type: "search",
    id: "find",
    class: "field",
    role: "combobox",
    "aria-expanded": "false",
    "aria-controls": "found",
    "aria-autocomplete": "list",
    autocomplete: "off",
    spellcheck: "false",
  });
  readonly #list = h("ul", { id: "found", role: "listbox", hidden: true });
  #found: readonly number[] = [];
  #at = 0;

  constructor(data: Document, store: Store, go: (place: number) => void) {
    this.#data = data;
    this.#store = store;
    this.#go = go;
    this.element = h("div", { id: "finder", role: "search" }, icon(GLASS), this.#input, this.#list);
    this.#input.addEventListener("input", () => this.#look());
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#input.addEventListener("blur", () => this.#show([]));
    this.#input.addEventListener("focus", () => this.#look());
    document.addEventListener("keydown", (event) => this.#slash(event));
    this.words();
  }

  /** The words in the reader's language. */
  words(): void {
    const text = say(this.#store.now.language, "find");
    this.#input.setAttribute("aria-label", text);
    this.#input.placeholder = text;
    this.#list.setAttribute("aria-label", text);
  }

  /** "/" goes to the box from wherever nothing is being typed. */
  #slash(event: KeyboardEvent): void {
    const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#input.focus();
  }

  #look(): void {
    const asked = this.#input.value.trim();
    this.#at = 0;
    this.#show(asked ? search(this.#data.settlements, this.#input.value) : [], asked !== "");
  }

  #show(found: readonly number[], isAsked = false): void {
    this.#found = found;
    this.#list.hidden = found.length === 0 && !isAsked;
    this.#input.setAttribute("aria-expanded", String(found.length > 0));
    const rows = found.map((place, k) => this.#option(place, k));
    replace(this.#list, rows.length || !isAsked ? rows : this.#nothing());
    this.#mark();
  }

  #nothing(): HTMLElement {
    const words = say(this.#store.now.language, "found_none");
    return h("li", { class: "quiet", role: "option", "aria-disabled": "true" }, words);
  }

  #option(place: number, k: number): HTMLElement {
    const one = this.#data.settlements[place];
    const { language } = this.#store.now;
    const shown = nameIn(one?.names ?? {}, language, one?.name ?? "");
    const others = [...new Set([...Object.values(one?.names ?? {}), ...(one?.spellings ?? [])])]
      .filter((name) => name !== shown)
      .join(", ");
    const item = h(
      "li",
      { role: "option", id: `found-${k}` },
      h("b", {}, shown),
      others ? h("span", { class: "quiet" }, others) : null,
    );
    // Before the box loses focus and closes the list.
    item.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.#take(place);
    });
    return item;
  }

  #mark(): void {
    for (const [k, item] of [...this.#list.children].entries())
      item.setAttribute("aria-selected", String(this.#found.length > 0 && k === this.#at));
    if (this.#found.length) this.#input.setAttribute("aria-activedescendant", `found-${this.#at}`);
    else this.#input.removeAttribute("aria-activedescendant");
  }

  #key(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.#found.length) {
      event.preventDefault();
      this.#at = (this.#at + step + this.#found.length) % this.#found.length;
      this.#mark();
    }
    const place = this.#found[this.#at];
    if (event.key === "Enter" && place !== undefined) this.#take(place);
    if (event.key === "Escape") {
      event.stopPropagation();
      this.#input.value = "";
      this.#show([]);
    }
  }

  #take(place: number): void {
    this.#input.value = "";
    this.#show([]);
    this.#input.blur();
    this.#go(place);
  }
}
