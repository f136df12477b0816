// The top line: whose theatre, how private and whether invented, the day under work, what the map shows, who decides.
import { button, byId, h, icon, replace } from "../src/dom";
import { nameLanguage } from "../src/controls";
import { dateText, stampText, titleIn } from "../src/i18n";
import { nextTheme, otherLanguage } from "../src/state";
import type { frameWords } from "./i18n";
import type { About, Say } from "./panel";
import type { DeskState, DeskStore } from "./store";

const ICONS = {
  help: "M9.5 9a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M12 17h.01M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18z",
  tone: "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18",
} as const;

export type FrameSay = Say<keyof typeof frameWords.en>;

/** Who approved the map that is shown, and of when it is. */
export interface Approved {
  readonly by: string;
  readonly as_of: string;
}

interface Hands {
  setEditor(name: string): void;
  toggleHelp(): void;
}

export class Top {
  readonly #about: About;
  readonly #store: DeskStore;
  readonly #say: FrameSay;
  readonly #hands: Hands;
  readonly #day = h("input", { id: "as-of", type: "date", required: true });
  readonly #known = h("input", { id: "known-by", type: "date" });
  readonly #editor = h("input", { id: "editor", type: "text", autocomplete: "off", spellcheck: false, maxlength: 80 });
  readonly #stamps = h("span", { class: "stamps", id: "stamps" });

  constructor(about: About, store: DeskStore, say: FrameSay, hands: Hands) {
    [this.#about, this.#store, this.#say, this.#hands] = [about, store, say, hands];
    this.#listen();
    byId("top").append(
      h("h1", { id: "title" }),
      this.#stamps,
      h("span", { class: "gap" }),
      h("label", { id: "for-as-of", for: "as-of" }),
      this.#day,
      h("label", { id: "for-known-by", for: "known-by" }),
      this.#known,
      h("div", { id: "shown", role: "group" }, this.#choice("approved"), this.#choice("draft")),
      h("label", { id: "for-editor", for: "editor" }),
      this.#editor,
      button({ id: "language", class: "tool" }, () => this.#switchLanguage()),
      button({ id: "theme", class: "tool" }, () => this.#nextTheme(), icon(ICONS.tone)),
      button({ id: "help", class: "tool" }, () => this.#hands.toggleHelp(), icon(ICONS.help)),
    );
  }

  #listen(): void {
    this.#day.addEventListener("change", () => this.#day.value && this.#store.set({ asOf: this.#day.value }));
    this.#known.addEventListener("change", () => this.#store.set({ knownBy: this.#known.value }));
    this.#editor.addEventListener("change", () => this.#hands.setEditor(this.#editor.value));
  }

  #choice(shown: DeskState["shown"]): HTMLButtonElement {
    return button({ id: `show-${shown}` }, () => this.#store.set({ shown }));
  }

  #switchLanguage(): void {
    this.#store.set({ language: otherLanguage(this.#store.now.language) });
  }

  #nextTheme(): void {
    this.#store.set({ theme: nextTheme(this.#store.now.theme) });
  }

  /** The stamps on all that the desk shows. */
  stamp(isSimulated: boolean): void {
    const stamp = (word: string, means: string): HTMLElement =>
      h("abbr", { class: "stamp", "data-stamp": word, title: means }, stampText(word, this.#store.now.language));
    replace(
      this.#stamps,
      stamp("PRIVATE", this.#say("private_means")),
      isSimulated && stamp("SIMULATED", this.#say("simulated_means")),
    );
  }

  /** Every word and value. */
  name(approved: Approved | null): void {
    const { now } = this.#store;
    const say = this.#say;
    byId("title").textContent = titleIn(this.#about, now.language);
    byId("for-as-of").textContent = say("as_of");
    byId("for-known-by").textContent = say("known_by");
    byId("for-editor").textContent = say("editor");
    this.#known.title = say("known_all");
    this.#editor.placeholder = say("editor_short");
    this.#editor.title = say("editor_hint");
    put(this.#day, now.asOf);
    put(this.#known, now.knownBy.slice(0, 10));
    put(this.#editor, now.editor);
    this.#nameShown(approved);
    this.#nameTools();
  }

  #nameShown(approved: Approved | null): void {
    const { shown, language } = this.#store.now;
    byId("show-draft").textContent = this.#say("draft");
    byId("show-approved").textContent = this.#say(approved ? "approved" : "start");
    byId("show-approved").title = approved
      ? this.#say("approved_by", { day: dateText(approved.as_of, language), by: approved.by })
      : this.#say("start_means");
    for (const what of ["approved", "draft"] as const)
      byId(`show-${what}`).setAttribute("aria-pressed", String(shown === what));
  }

  #nameTools(): void {
    for (const id of ["shown", "tabs", "theme", "help"] as const) byId(id).setAttribute("aria-label", this.#say(id));
    byId("help").title = `${this.#say("help")} (?)`;
    byId("theme").title = this.#say("theme");
    nameLanguage(byId("language"), this.#say("language"), this.#store.now.language);
  }
}

/** A field's value, unless somebody is writing in it. */
function put(field: HTMLInputElement, value: string): void {
  if (document.activeElement !== field) field.value = value;
}
