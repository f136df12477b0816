// Report by report: what informs the public map and what is held back, by group, searchable; the release class by hand.
import { h } from "../../src/dom";
import { dateText, numberText, spanText } from "../../src/i18n";
import type { Language } from "../../src/state";
import { keepingFocus } from "../focus";
import type { Desk } from "../panel";
import { field, holderName, kindName } from "./queue_parts";
import type { ReleaseKey } from "./release_words";

export type Say = (key: ReleaseKey, holes?: Readonly<Record<string, string>>) => string;
interface Fate {
  readonly id: string;
  readonly kind: string;
  readonly seen: string | null;
  readonly happened: string;
  readonly source: string;
  readonly note: string;
  readonly links: readonly string[];
  readonly at: readonly [number, number];
  readonly group: string;
  readonly until: string | null;
  readonly class: string;
  readonly class_own: string;
  readonly link_held: "link_class" | "link_unit" | null;
  readonly later: Readonly<Record<string, string>>;
}
interface Page {
  readonly counts: Readonly<Record<string, number>>;
  readonly n: number;
  readonly reports: readonly Fate[];
}
const CLASSES = ["", "withheld", "private", "public"] as const;
const SOON_MS = 180;

/** An interval by its days; one that ends at midnight ends with the day before. */
function daysText(interval: string, language: Language): string {
  const [start = "", end = ""] = interval.split("/");
  const last = end > start && end.endsWith("T00:00:00Z") ? new Date(Date.parse(end) - 1000).toISOString() : end;
  return spanText(last ? `${start}/${last}` : start, language);
}

export class Fates {
  readonly element = h("section", { class: "release-part", id: "release-reports", tabindex: -1 });
  readonly #desk: Desk;
  readonly #say: Say;
  readonly #title = h("h3", {});
  readonly #search = h("input", {
    type: "search",
    id: "release-search",
    autocomplete: "off",
    spellcheck: false,
    maxlength: 200,
  });
  readonly #groups = h("div", { class: "release-groups", role: "group" });
  readonly #found = h("p", { class: "quiet small", id: "release-found" });
  readonly #list = h("ul", { class: "release-list", id: "release-list" });
  readonly #more = h("div", {});
  #on = "";
  #page: Page | null = null;
  #shown: readonly Fate[] = [];
  #group = "";
  #setting = "";
  #timer = 0;
  #asked: AbortController | null = null;

  constructor(desk: Desk, say: Say) {
    [this.#desk, this.#say] = [desk, say];
    this.#search.addEventListener("input", () => {
      window.clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.#ask(), SOON_MS);
    });
    this.element.append(this.#title, this.#search, this.#groups, this.#found, this.#list, this.#more);
  }

  focus(): void {
    this.#search.focus();
  }

  /** The reports of a day; null hides them. */
  show(on: string | null): void {
    this.#on = on ?? "";
    this.element.hidden = !on;
    this.#setting = "";
    if (on) void this.#ask();
  }

  async #ask(more = false): Promise<void> {
    this.#asked?.abort();
    this.#asked = new AbortController();
    const body = { on: this.#on, group: this.#group, words: this.#search.value, start: more ? this.#shown.length : 0 };
    try {
      this.#page = await this.#desk.api.send<Page>("POST", "/api/release/reports", body, this.#asked.signal);
      const before = this.#shown.length;
      this.#shown = more ? [...this.#shown, ...this.#page.reports] : this.#page.reports;
      this.draw();
      if (more) this.#list.children[before]?.querySelector("button")?.focus();
    } catch (fault) {
      this.#desk.failed(fault);
    }
  }

  draw(): void {
    keepingFocus(this.element, () => this.#draw());
  }

  #draw(): void {
    const [say, page] = [this.#say, this.#page];
    const { language } = this.#desk.store.now;
    const all = Object.values(page?.counts ?? {}).reduce((sum, n) => sum + n, 0);
    this.#title.textContent = say("reports");
    this.#search.setAttribute("aria-label", say("search"));
    this.#search.placeholder = `${say("search")}: ${say("search_hint")}`;
    this.#groups.setAttribute("aria-label", say("reports"));
    this.#groups.replaceChildren(
      this.#chip("", all),
      ...Object.entries(page?.counts ?? {})
        .filter(([group, n]) => n || group === this.#group)
        .map(([group, n]) => this.#chip(group, n)),
    );
    this.#found.textContent = page ? say("n_found", { n: numberText(page.n, language) }) : "…";
    this.#list.replaceChildren(...this.#shown.map((one) => this.#row(one)));
    const left = (page?.n ?? 0) - this.#shown.length;
    const more = h(
      "button",
      { type: "button", class: "queue-link", id: "release-more" },
      say("more", { n: numberText(left, language) }),
    );
    more.addEventListener("click", () => void this.#ask(true));
    this.#more.replaceChildren(...(left > 0 ? [more] : []));
  }

  #chip(group: string, n: number): HTMLElement {
    const words = group ? this.#say(`group_${group}` as ReleaseKey) : this.#say("all");
    const button = h(
      "button",
      { type: "button", "aria-pressed": String(group === this.#group), "data-group": group },
      words,
      " ",
      h("b", {}, numberText(n, this.#desk.store.now.language)),
    );
    button.addEventListener("click", () => {
      this.#group = group;
      void this.#ask();
    });
    return button;
  }

  #row(one: Fate): HTMLElement {
    const say = this.#say;
    const { language } = this.#desk.store.now;
    const when = (iso: string): string => dateText(iso, language, "short");
    const go = h("button", { type: "button", class: "queue-id", title: say("show") }, one.id);
    go.addEventListener("click", () => this.#desk.map.goTo(one.at));
    const set = h(
      "button",
      { type: "button", class: "queue-link", "data-set": one.id, "aria-label": `${say("class")}: ${one.id}` },
      say(`class_${one.class}` as ReleaseKey),
    );
    set.addEventListener("click", () => {
      this.#setting = this.#setting === one.id ? "" : one.id;
      this.draw();
      this.#list.querySelector<HTMLElement>("#release-class")?.focus();
    });
    const facts = [
      kindName(this.#desk, one.kind),
      one.seen ? holderName(this.#desk, one.seen, say("grey")) : null,
      daysText(one.happened, language),
      one.source,
    ]
      .filter(Boolean)
      .join(" · ");
    const why = [
      say(`group_${one.group}` as ReleaseKey),
      one.until ? say("until", { when: when(one.until) }) : "",
      one.link_held ? say(one.link_held) : "",
      ...Object.entries(one.later).map(([layer, until]) =>
        say("later", { layer: say(`layer_${layer}` as ReleaseKey), when: when(until) }),
      ),
    ]
      .filter(Boolean)
      .join("; ");
    return h(
      "li",
      { "data-fate": one.id },
      h(
        "div",
        { class: "queue-source-head" },
        go,
        h("span", { class: "quiet" }, facts),
        h("span", { class: "release-class" }, set),
      ),
      h("p", { class: one.group === "informs" || one.group === "with_link" ? "release-in" : "release-out" }, why),
      one.note ? h("p", { class: "queue-note" }, one.note) : null,
      ...one.links.slice(0, 3).map((url) => h("p", { class: "queue-url" }, h("span", {}, url))),
      this.#setting === one.id ? this.#form(one) : null,
    );
  }

  #form(one: Fate): HTMLElement {
    const say = this.#say;
    const choice = h(
      "select",
      { id: "release-class" },
      ...CLASSES.map((name) =>
        h("option", { value: name, selected: name === one.class_own }, name ? say(`class_${name}`) : say("by_theatre")),
      ),
    );
    const reason = h("input", { type: "text", id: "release-class-reason", autocomplete: "off", maxlength: 300 });
    const form = h(
      "form",
      { class: "queue-form" },
      h("p", {}, say("class_says")),
      h(
        "div",
        { class: "queue-row" },
        field(say("class"), choice),
        field(say("class_reason"), reason),
        h("button", { type: "submit", class: "plain" }, say("set")),
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#put(one.id, choice.value, reason.value.trim());
    });
    return form;
  }

  async #put(id: string, release: string, reason: string): Promise<void> {
    const [desk, say] = [this.#desk, this.#say];
    if (!desk.store.now.editor.trim()) return desk.announce(say("by_name"), "fault");
    if (!reason) return desk.announce(say("needs_reason"), "fault");
    try {
      const told = await desk.api.send<{ head: string; count: number }>("POST", "/api/release/class", {
        id,
        release,
        reason,
      });
      this.#setting = "";
      this.draw();
      this.#list.querySelector<HTMLElement>(`[data-set="${CSS.escape(id)}"]`)?.focus();
      desk.announce(
        say("class_done", { id, class: release ? say(`class_${release}` as ReleaseKey) : say("by_theatre") }),
      );
      desk.moved(told);
    } catch (fault) {
      desk.failed(fault);
    }
  }
}
