// Report by report: what informs the public map and what is held back, by group, searchable; the release class by hand.
import { button, form, h, replace, select } from "../../src/dom";
import { dateText, numberText, spanText } from "../../src/i18n";
import type { Language } from "../../src/state";
import { Newest, Soon } from "../asking";
import { keepingFocus } from "../focus";
import type { Desk, Moved } from "../panel";
import { isNamed } from "../parts/decider";
import { field } from "../parts/field";
import { holderName } from "../parts/holder";
import { kindName } from "../parts/source";
import { INFORMING, type ReleaseSay } from "./release_told";
import type { ReleaseKey } from "./release_words";

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
  readonly link_held: "link_class" | "link_unit" | "link_place" | null;
  readonly later: Readonly<Record<string, string>>;
}
interface Page {
  readonly counts: Readonly<Record<string, number>>;
  readonly n: number;
  readonly reports: readonly Fate[];
}
const CLASSES = ["", "withheld", "private", "public"];
const SOON_MS = 180;
const LINKS_SHOWN = 3;

/** An interval by its days; one that ends at midnight ends with the day before. */
function daysText(interval: string, language: Language): string {
  const [start = "", end = ""] = interval.split("/");
  const last = end > start && end.endsWith("T00:00:00Z") ? new Date(Date.parse(end) - 1000).toISOString() : end;
  return spanText(last ? `${start}/${last}` : start, language);
}

export class Fates {
  readonly element = h("section", { class: "release-part", id: "release-reports", tabindex: -1 });
  readonly #desk: Desk;
  readonly #say: ReleaseSay;
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
  readonly #asked = new Newest();
  readonly #soon = new Soon(SOON_MS);
  #on = "";
  #page: Page | null = null;
  #shown: readonly Fate[] = [];
  #group = "";
  #setting = "";

  constructor(desk: Desk, say: ReleaseSay) {
    [this.#desk, this.#say] = [desk, say];
    this.#search.addEventListener("input", () => this.#soon.run(() => void this.#ask()));
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
    const signal = this.#asked.next();
    const body = { on: this.#on, group: this.#group, words: this.#search.value, start: more ? this.#shown.length : 0 };
    try {
      this.#page = await this.#desk.api.send<Page>("POST", "/api/release/reports", body, signal);
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
    replace(this.#more, this.#moreButton((page?.n ?? 0) - this.#shown.length));
  }

  #moreButton(left: number): HTMLElement | null {
    if (left <= 0) return null;
    const words = this.#say("more", { n: numberText(left, this.#desk.store.now.language) });
    return button({ class: "queue-link", id: "release-more" }, () => void this.#ask(true), words);
  }

  /** A group of fates and how many there are of it; "" is all of them. */
  #chip(group: string, n: number): HTMLElement {
    const words = group ? this.#groupText(group) : this.#say("all");
    return button(
      { "aria-pressed": String(group === this.#group), "data-group": group },
      () => this.#choose(group),
      words,
      " ",
      h("b", {}, numberText(n, this.#desk.store.now.language)),
    );
  }

  #choose(group: string): void {
    this.#group = group;
    void this.#ask();
  }

  #groupText(group: string): string {
    return this.#say(`group_${group}` as ReleaseKey);
  }

  /** The name of a release class; of none, that the theatre decides. */
  #classText(name: string): string {
    return name ? this.#say(`class_${name}` as ReleaseKey) : this.#say("by_theatre");
  }

  #row(one: Fate): HTMLElement {
    const say = this.#say;
    const name = this.#classText(one.class);
    const set = { class: "queue-link", "data-set": one.id, "aria-label": `${name}, ${say("class")}: ${one.id}` };
    return h(
      "li",
      { "data-fate": one.id },
      h(
        "div",
        { class: "queue-source-head" },
        button({ class: "queue-id", title: say("show") }, () => this.#desk.map.goTo(one.at), one.id),
        h("span", { class: "quiet" }, this.#factsText(one)),
        h(
          "span",
          { class: "release-class" },
          button(set, () => this.#toggleForm(one), name),
        ),
      ),
      h("p", { class: INFORMING.includes(one.group) ? "release-in" : "release-out" }, this.#fateText(one)),
      one.note ? h("p", { class: "queue-note" }, one.note) : null,
      one.links.slice(0, LINKS_SHOWN).map((url) => h("p", { class: "queue-url" }, h("span", {}, url))),
      this.#setting === one.id ? this.#form(one) : null,
    );
  }

  #factsText(one: Fate): string {
    const parts = [
      kindName(this.#desk, one.kind),
      one.seen ? holderName(this.#desk, one.seen) : null,
      daysText(one.happened, this.#desk.store.now.language),
      one.source,
    ];
    return parts.filter(Boolean).join(" · ");
  }

  /** What becomes of the report, until when, and in which layers it shows later. */
  #fateText(one: Fate): string {
    const say = this.#say;
    const when = (iso: string): string => dateText(iso, this.#desk.store.now.language, "short");
    const later = Object.entries(one.later).map(([layer, until]) =>
      say("later", { layer: say(`layer_${layer}` as ReleaseKey), when: when(until) }),
    );
    const parts = [
      this.#groupText(one.group),
      one.until ? say("until", { when: when(one.until) }) : "",
      one.link_held ? say(one.link_held) : "",
      ...later,
    ];
    return parts.filter(Boolean).join("; ");
  }

  #toggleForm({ id }: Fate): void {
    this.#setting = this.#setting === id ? "" : id;
    this.draw();
    this.#list.querySelector<HTMLElement>("#release-class")?.focus();
  }

  #form(one: Fate): HTMLElement {
    const say = this.#say;
    const options = CLASSES.map((name) => [name, this.#classText(name)] as const);
    const choice = select({ id: "release-class" }, options, one.class_own);
    const reason = h("input", { type: "text", id: "release-class-reason", autocomplete: "off", maxlength: 300 });
    return form(
      { class: "queue-form" },
      () => void this.#put(one.id, choice.value, reason.value.trim()),
      h("p", {}, say("class_says")),
      h(
        "div",
        { class: "queue-row" },
        field(say("class"), choice),
        field(say("class_reason"), reason),
        h("button", { type: "submit", class: "plain" }, say("set")),
      ),
    );
  }

  /** Give a report a release class. */
  async #put(id: string, release: string, reason: string): Promise<void> {
    const [desk, say] = [this.#desk, this.#say];
    if (!isNamed(desk)) return;
    if (!reason) return desk.announce(say("needs_reason"), "fault");
    try {
      const told = await desk.api.send<Moved>("POST", "/api/release/class", { id, release, reason });
      this.#setting = "";
      this.draw();
      this.#list.querySelector<HTMLElement>(`[data-set="${CSS.escape(id)}"]`)?.focus();
      desk.announce(say("class_done", { id, class: this.#classText(release) }));
      desk.moved(told);
    } catch (fault) {
      desk.failed(fault);
    }
  }
}
