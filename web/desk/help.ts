// The list of keys, as a dialog over the desk.
import { byId, h } from "../src/dom";
import { cap, type Binding } from "./keys";
import type { DeskStore } from "./store";

interface Section {
  readonly title: string;
  readonly keys: readonly Binding[];
}

export class Help {
  readonly #store: DeskStore;
  readonly #say: (key: "help" | "close") => string;

  constructor(store: DeskStore, say: (key: "help" | "close") => string) {
    [this.#store, this.#say] = [store, say];
    const dialog = this.#dialog;
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("keydown", (event) => {
      if (event.code !== "F1" && event.key !== "?") return;
      event.preventDefault();
      dialog.close();
    });
  }

  get #dialog(): HTMLDialogElement {
    return byId("keys") as HTMLDialogElement;
  }

  get isOpen(): boolean {
    return this.#dialog.open;
  }

  toggle(sections: readonly Section[]): void {
    if (this.isOpen) return this.#dialog.close();
    const close = h("button", { type: "button", class: "plain" }, this.#say("close"));
    close.addEventListener("click", () => this.#dialog.close());
    this.#dialog.replaceChildren(
      h("header", {}, h("h2", { id: "keys-title" }, this.#say("help")), close),
      h("div", { class: "columns" }, ...sections.filter((one) => one.keys.length).map((one) => this.#section(one))),
    );
    this.#dialog.setAttribute("aria-labelledby", "keys-title");
    this.#dialog.showModal();
    close.focus();
  }

  /** A section's keys by their groups; those without one first. */
  #section(section: Section): HTMLElement {
    const groups = [...new Set(section.keys.map((one) => one.group ?? ""))].sort(
      (a, b) => Number(a !== "") - Number(b !== ""),
    );
    const list = (group: string): HTMLElement =>
      h(
        "dl",
        {},
        ...section.keys
          .filter((one) => (one.group ?? "") === group)
          .flatMap((one) => [
            h("dt", {}, h("kbd", {}, cap(one.code, this.#store.now.language))),
            h("dd", {}, one.says()),
          ]),
      );
    return h(
      "section",
      {},
      h("h3", {}, section.title),
      ...groups.flatMap((group) => [group ? h("h4", {}, group) : null, list(group)]),
    );
  }
}
