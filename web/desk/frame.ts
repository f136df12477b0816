// The frame: top line, tabs, panel column, map, the line at the bottom, and one keyboard for all of it.
import { byId, h, icon, s } from "../src/dom";
import { dateText, numberText } from "../src/i18n";
import { css, palette, type Tone } from "../src/palette";
import { tellRest } from "../src/rest";
import { THEMES } from "../src/state";
import { Api, faultText, Problem, type Pending } from "./api";
import { Help } from "./help";
import { frameWords } from "./i18n";
import { cap, listen, type Binding } from "./keys";
import { DeskMap, type Columns } from "./map";
import type { About, Book, Desk, Panel, View } from "./panel";
import { toHash } from "./start";
import type { DeskState, DeskStore } from "./store";
import { wordsOf } from "./words";
import { workText } from "./work_words";

const ICONS = {
  help: "M9.5 9a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M12 17h.01M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18z",
  tone: "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18",
} as const;
const DARK = window.matchMedia("(prefers-color-scheme: dark)");
const SOON_MS = 1200;
const LOOK_MS = 20_000;
const DAY_MS = 86_400_000;

const toneOf = (state: DeskState): Tone => (state.theme === "auto" ? (DARK.matches ? "dark" : "light") : state.theme);
const shifted = (day: string, by: number): string => new Date(Date.parse(day) + by * DAY_MS).toISOString().slice(0, 10);

/** `GET /api/ground`: the page's document, and who approved it when. */
interface Ground {
  readonly approved: { readonly by: string; readonly as_of: string } | null;
}

export class Frame {
  readonly #about: About;
  readonly #api: Api;
  readonly #store: DeskStore;
  readonly #panels: readonly Panel[];
  readonly #views = new Map<string, View>();
  readonly #say: ReturnType<typeof wordsOf<keyof typeof frameWords.en>>;
  readonly #help: Help;
  /** The last approved map's day and editor; null while the map to begin from stands. */
  approved: Ground["approved"] = null;
  #map: DeskMap | null = null;
  #desk: Desk | null = null;
  #asked: AbortController | null = null;
  #soon = 0;
  #isLost = false;
  /** What the map shows, as it was told. */
  #told = "";

  constructor(about: About, api: Api, store: DeskStore, panels: readonly Panel[]) {
    [this.#about, this.#api, this.#store, this.#panels] = [about, api, store, panels];
    this.#say = wordsOf(frameWords, store);
    this.#help = new Help(store, (key) => this.#say(key));
    this.#makeTop();
    this.#makeTabs();
    this.#retone();
    this.#name();
  }

  /** Draw the map, make the panels, listen. */
  async open(): Promise<void> {
    const { asOf, knownBy, language } = this.#store.now;
    const ground = await this.#api.get<Ground>("/api/ground", { as_of: asOf, known_by: knownBy });
    this.approved = ground.approved;
    this.#name();
    this.#map = await DeskMap.in(byId("map"), ground, toneOf(this.#store.now));
    tellRest(this.#map.gl);
    this.#map.show(ground, language);
    this.#map.gl.on("click", (event) => this.#view?.clicked?.([event.lngLat.lng, event.lngLat.lat], event.point));
    this.#map.gl.getCanvas().setAttribute("aria-label", this.#say("map"));
    this.#desk = this.#lend(this.#map);
    for (const panel of this.#panels) this.#views.set(panel.id, panel.make(this.#desk));
    this.#store.onChange((now, before) => this.#changed(now, before));
    DARK.addEventListener("change", () => this.#retone());
    listen(
      () => this.#bindings(),
      () => this.#help.isOpen,
    );
    this.#open(null);
    void this.#reports();
    window.setInterval(() => void this.#look(), LOOK_MS);
    document.addEventListener("visibilitychange", () => void this.#look());
    document.documentElement.setAttribute("data-ready", "");
  }

  get #view(): View | undefined {
    return this.#views.get(this.#store.now.panel);
  }

  #lend(map: DeskMap): Desk {
    const [about, api, store] = [this.#about, this.#api, this.#store];
    return {
      about,
      api,
      store,
      map,
      announce: (text, kind = "done") => this.announce(text, kind),
      failed: (fault) => this.failed(fault),
      moved: ({ head, count }) => store.set({ head, count }),
      words: <K extends string>(book: Book<K>) => wordsOf(book, store),
      open: (panel) => store.set({ panel }),
    };
  }

  /** A word in the bottom line, which screen readers speak. */
  announce(text: string, kind: "done" | "fault" = "done"): void {
    byId("said").className = kind;
    byId("said").textContent = text;
  }

  failed(fault: unknown): void {
    if (fault instanceof DOMException && fault.name === "AbortError") return;
    if (!(fault instanceof Problem) && !(fault instanceof TypeError)) console.error(fault);
    this.announce(
      fault instanceof TypeError ? this.#say("offline") : faultText(fault, this.#store.now.language),
      "fault",
    );
  }

  /** How far long work is. */
  pending(pending: Pending | null): void {
    byId("busy").hidden = pending === null;
    if (pending)
      byId("busy").textContent = this.#say("working", {
        work: workText(pending.name, pending.said, this.#store.now.language),
        seconds: String(Math.round(pending.seconds)),
      });
  }

  /** Other programs write to the ledger too; and a desk that ended must not be taken for one that works. */
  async #look(): Promise<void> {
    if (document.hidden) return;
    try {
      const { head } = this.#store.now;
      this.#store.set(await this.#api.get<{ head: string; count: number }>("/api/head"));
      if (this.#store.now.head !== head) void this.#reports();
      if (this.#isLost) this.announce("");
      this.#isLost = false;
    } catch (fault) {
      if (!this.#isLost) this.failed(fault);
      this.#isLost = true;
    }
  }

  async #reports(): Promise<void> {
    try {
      this.#map?.reports(await this.#api.get<Columns>("/api/reports", { known_by: this.#store.now.knownBy }));
    } catch (fault) {
      this.failed(fault);
    }
  }

  /** Ask for what the map shall show; an older question is given up. */
  async #ground(): Promise<void> {
    const { asOf, knownBy, shown } = this.#store.now;
    this.#asked?.abort();
    this.#asked = new AbortController();
    try {
      const query = { as_of: asOf, known_by: knownBy };
      const data = await this.#api.get<Partial<Ground>>(
        shown === "draft" ? "/api/draft" : "/api/ground",
        query,
        this.#asked.signal,
      );
      if (data.approved !== undefined) this.approved = data.approved;
      this.#name();
      const told = `${this.#store.now.language} ${JSON.stringify(data)}`;
      if (told === this.#told) return;
      this.#told = told;
      this.#map?.show(data, this.#store.now.language);
    } catch (fault) {
      this.failed(fault);
    }
  }

  /** The ledger moved on, and with it the draft, or the approved map: look once the hands are still. */
  #groundSoon(): void {
    window.clearTimeout(this.#soon);
    this.#soon = window.setTimeout(() => void this.#ground(), SOON_MS);
  }

  #changed(now: DeskState, before: DeskState): void {
    if (now.panel !== before.panel) this.#open(before.panel);
    if (now.theme !== before.theme) this.#retone();
    if (now.language !== before.language) this.#map?.gl.getCanvas().setAttribute("aria-label", this.#say("map"));
    const isOther =
      now.asOf !== before.asOf ||
      now.knownBy !== before.knownBy ||
      now.shown !== before.shown ||
      now.language !== before.language;
    if (isOther) void this.#ground();
    else if (now.head !== before.head) this.#groundSoon();
    if (now.knownBy !== before.knownBy) void this.#reports();
    this.#name();
    history.replaceState(null, "", `#${toHash(now)}`);
    for (const view of this.#views.values()) view.changed?.(now, before);
  }

  #open(before: string | null): void {
    if (before !== null) this.#views.get(before)?.hidden?.();
    const { panel } = this.#store.now;
    const view = this.#views.get(panel);
    byId("panel").replaceChildren(view?.element ?? h("p", { class: "quiet pad" }, this.#say("no_panel")));
    byId("panel").setAttribute("aria-labelledby", `tab-${panel}`);
    this.#name();
    view?.shown?.();
  }

  // Top line and tabs

  #makeTop(): void {
    const day = h("input", { id: "as-of", type: "date", required: true });
    const known = h("input", { id: "known-by", type: "date" });
    const name = h("input", { id: "editor", type: "text", autocomplete: "off", spellcheck: false, maxlength: 80 });
    day.addEventListener("change", () => day.value && this.#store.set({ asOf: day.value }));
    known.addEventListener("change", () => this.#store.set({ knownBy: known.value }));
    name.addEventListener("change", () => void this.#setEditor(name.value));
    const stamps = (this.#about.simulated ? ["PRIVATE", "SIMULATED"] : ["PRIVATE"]).map((word) =>
      h("abbr", { class: "stamp", "data-stamp": word }, word),
    );
    byId("top").append(
      h("h1", { id: "title" }, this.#about.title),
      ...stamps,
      h("span", { class: "gap" }),
      h("label", { id: "for-as-of", for: "as-of" }),
      day,
      h("label", { id: "for-known-by", for: "known-by" }),
      known,
      h("div", { id: "shown", role: "radiogroup" }, this.#choice("approved"), this.#choice("draft")),
      h("label", { id: "for-editor", for: "editor" }),
      name,
      this.#tool("language", null, () =>
        this.#store.set({ language: this.#store.now.language === "en" ? "uk" : "en" }),
      ),
      this.#tool("theme", ICONS.tone, () =>
        this.#store.set({ theme: THEMES[(THEMES.indexOf(this.#store.now.theme) + 1) % THEMES.length] ?? "auto" }),
      ),
      this.#tool("help", ICONS.help, () => this.#toggleHelp()),
    );
  }

  #choice(what: DeskState["shown"]): HTMLButtonElement {
    const button = h("button", { type: "button", id: `show-${what}`, role: "radio" });
    button.addEventListener("click", () => this.#store.set({ shown: what }));
    return button;
  }

  #tool(id: string, path: string | null, act: () => void): HTMLButtonElement {
    const button = h("button", { type: "button", id, class: "tool" }, path ? icon(path) : null);
    button.addEventListener("click", act);
    return button;
  }

  #makeTabs(): void {
    const tabs = this.#panels.map((panel) => {
      const tab = h(
        "button",
        { type: "button", role: "tab", id: `tab-${panel.id}`, class: "tab", "aria-controls": "panel" },
        icon(panel.icon),
        h("span", {}),
      );
      tab.addEventListener("click", () => this.#store.set({ panel: panel.id }));
      return tab;
    });
    byId("tabs").append(...tabs);
    byId("tabs").addEventListener("keydown", (event) => {
      const step = event.code === "ArrowDown" ? 1 : event.code === "ArrowUp" ? -1 : 0;
      if (!step || !tabs.length) return;
      event.preventDefault();
      const at = this.#panels.findIndex((one) => one.id === this.#store.now.panel);
      const next = (at + step + tabs.length) % tabs.length;
      this.#store.set({ panel: this.#panels[next]?.id ?? "" });
      tabs[next]?.focus();
    });
  }

  async #setEditor(name: string): Promise<void> {
    try {
      this.#store.set(await this.#api.send<{ editor: string }>("PUT", "/api/editor", { name }));
    } catch (fault) {
      this.failed(fault);
    }
  }

  /** Every word and value of the frame. */
  #name(): void {
    const { now } = this.#store;
    const say = this.#say;
    document.documentElement.lang = now.language;
    document.title = `${this.#panels.find((one) => one.id === now.panel)?.names[now.language] ?? ""} · ${this.#about.title}`;
    for (const [id, key] of [
      ["for-as-of", "as_of"],
      ["for-known-by", "known_by"],
      ["for-editor", "editor"],
      ["show-draft", "draft"],
    ] as const)
      byId(id).textContent = say(key);
    const { approved } = this;
    byId("show-approved").textContent = say(approved ? "approved" : "start");
    byId("show-approved").title = approved
      ? say("approved_by", { day: dateText(approved.as_of, now.language), by: approved.by })
      : say("start_means");
    for (const [id, value] of [
      ["as-of", now.asOf],
      ["known-by", now.knownBy.slice(0, 10)],
      ["editor", now.editor],
    ] as const) {
      const field = byId(id) as HTMLInputElement;
      if (document.activeElement !== field) field.value = value;
    }
    byId("known-by").title = say("known_all");
    (byId("editor") as HTMLInputElement).placeholder = say("editor_hint");
    for (const what of ["approved", "draft"] as const)
      byId(`show-${what}`).setAttribute("aria-checked", String(now.shown === what));
    for (const [id, key] of [
      ["shown", "shown"],
      ["tabs", "tabs"],
      ["theme", "theme"],
      ["help", "help"],
      ["language", "language"],
    ] as const)
      byId(id).setAttribute("aria-label", say(key));
    byId("help").title = `${say("help")} (?)`;
    byId("theme").title = say("theme");
    byId("language").textContent = now.language === "en" ? "УК" : "EN";
    for (const mark of document.querySelectorAll<HTMLElement>("[data-stamp]"))
      mark.title = say(mark.dataset["stamp"] === "SIMULATED" ? "simulated_means" : "private_means");
    for (const [i, panel] of this.#panels.entries()) {
      const tab = byId(`tab-${panel.id}`);
      tab.setAttribute("aria-selected", String(panel.id === now.panel));
      tab.tabIndex = panel.id === now.panel ? 0 : -1;
      tab.title = `${panel.names[now.language]} (${cap(`Alt+Digit${i + 1}`, now.language)})`;
      tab.querySelector("span")?.replaceChildren(panel.names[now.language]);
    }
    byId("ledger").textContent = say("lines", { n: numberText(now.count, now.language) });
    byId("credit").textContent = say("credit");
  }

  /** Colours of page and map for the tone of the hour. */
  #retone(): void {
    const root = document.documentElement;
    const tone = toneOf(this.#store.now);
    root.dataset["tone"] = tone;
    for (const [i, side] of palette(this.#about.sides, tone).sides.entries()) {
      root.style.setProperty(`--side-${i}`, css(side.line));
      root.style.setProperty(`--side-${i}-soft`, css(side.fill, 0.28));
    }
    this.#map?.repaint(tone);
    byId("watermark").replaceChildren(...(this.#about.simulated ? [watermark("SIMULATED")] : []));
  }

  // Keyboard

  #bindings(): Binding[] {
    const say = this.#say;
    const { language, asOf, shown } = this.#store.now;
    const tabs = this.#panels.map((panel, i): Binding => ({
      code: `Alt+Digit${i + 1}`,
      typing: true,
      says: () => say("go_to", { panel: panel.names[language] }),
      run: () => this.#store.set({ panel: panel.id }),
    }));
    return [
      ...(this.#view?.keys() ?? []),
      ...tabs,
      { code: "Shift+Slash", says: () => say("help_says"), run: () => this.#toggleHelp() },
      { code: "F1", typing: true, says: () => say("help_says"), run: () => this.#toggleHelp() },
      { code: "Alt+KeyM", typing: true, says: () => say("focus_map"), run: () => this.#map?.gl.getCanvas().focus() },
      { code: "Alt+KeyP", typing: true, says: () => say("focus_panel"), run: () => this.#view?.shown?.() },
      {
        code: "Alt+KeyD",
        typing: true,
        says: () => say("toggle_draft"),
        run: () => this.#store.set({ shown: shown === "draft" ? "approved" : "draft" }),
      },
      {
        code: "Alt+Comma",
        typing: true,
        says: () => say("day_back"),
        run: () => this.#store.set({ asOf: shifted(asOf, -1) }),
      },
      {
        code: "Alt+Period",
        typing: true,
        says: () => say("day_on"),
        run: () => this.#store.set({ asOf: shifted(asOf, 1) }),
      },
    ];
  }

  #toggleHelp(): void {
    const { language, panel } = this.#store.now;
    const own = this.#view?.keys() ?? [];
    this.#help.toggle([
      { title: this.#panels.find((one) => one.id === panel)?.names[language] ?? "", keys: own },
      { title: this.#say("anywhere"), keys: this.#bindings().slice(own.length) },
    ]);
  }
}

function watermark(word: string): SVGSVGElement {
  const tile = s(
    "pattern",
    { id: "mark", width: 520, height: 210, patternUnits: "userSpaceOnUse", patternTransform: "rotate(-24)" },
    ...[
      [20, 60],
      [280, 165],
      [-240, 165],
    ].map(([x = 0, y = 0]) => s("text", { x, y, textLength: 220 }, word)),
  );
  return s(
    "svg",
    { width: "100%", height: "100%" },
    s("defs", {}, tile),
    s("rect", { width: "100%", height: "100%", fill: "url(#mark)" }),
  );
}
