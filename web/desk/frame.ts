// The frame: top line, tabs, panel column, map, the line at the bottom, and one keyboard for all of it.
import { byId, h, replace } from "../src/dom";
import { dateText, inventedText, numberText, titleIn } from "../src/i18n";
import { palette } from "../src/palette";
import { tellRest } from "../src/rest";
import { colourRoot, darkness, toneOf } from "../src/tone";
import { watermark } from "../src/watermark";
import { faultText, Problem, type Api, type Pending } from "./api";
import { Newest, Soon } from "./asking";
import { plusDays } from "./clock";
import { Help } from "./help";
import { frameWords } from "./i18n";
import { listen, type Binding } from "./keys";
import { DeskMap, type Columns } from "./map";
import type { About, Book, Desk, Moved, Panel, View } from "./panel";
import { opensElsewhere, toHash } from "./start";
import { differs, when, type DeskState, type DeskStore } from "./store";
import { Tabs } from "./tabs";
import { Top, type Approved, type FrameSay } from "./top";
import { wordsOf } from "./words";
import { workText } from "./work_words";

const DARK = darkness();
/** So long after the ledger moved the map is asked for again. */
const SOON_MS = 1200;
const LOOK_MS = 20_000;
/** How much of a side's fill its paler colour shows. */
const SOFT = 0.28;

/** `GET /api/ground`: the page's document, and who approved it when. `GET /api/draft` tells nothing of that. */
interface Ground {
  readonly approved?: Approved | null;
  readonly simulated: boolean;
}

export class Frame {
  readonly #about: About;
  readonly #api: Api;
  readonly #store: DeskStore;
  readonly #panels: readonly Panel[];
  readonly #views = new Map<string, View>();
  readonly #say: FrameSay;
  readonly #help: Help;
  readonly #top: Top;
  readonly #tabs: Tabs;
  readonly #asked = new Newest();
  readonly #soon = new Soon(SOON_MS);
  /** The last approved map's day and editor; null while the map to begin from stands. */
  #approved: Approved | null = null;
  /** Whether the map that is shown, or a report on it, says that it is invented. */
  readonly #invented = { map: false, reports: false };
  #map: DeskMap | null = null;
  #isLost = false;
  /** What the map shows, as it was told. */
  #told = "";

  constructor(about: About, api: Api, store: DeskStore, panels: readonly Panel[]) {
    [this.#about, this.#api, this.#store, this.#panels] = [about, api, store, panels];
    this.#say = wordsOf(frameWords, store);
    this.#help = new Help(store, (key) => this.#say(key));
    this.#top = new Top(about, store, this.#say, {
      setEditor: (name) => void this.#setEditor(name),
      toggleHelp: () => this.#toggleHelp(),
    });
    this.#tabs = new Tabs(panels, store);
    this.#retone();
    this.#name();
  }

  /** Draw the map, make the panels, listen. */
  async open(): Promise<void> {
    const ground = await this.#api.get<Ground>("/api/ground", when(this.#store.now));
    this.#take(ground);
    this.#map = await DeskMap.in(byId("map"), ground, toneOf(this.#store.now.theme));
    tellRest(this.#map.gl);
    this.#map.show(ground, this.#store.now.language);
    this.#map.gl.on("click", (event) => this.#view?.clicked?.([event.lngLat.lng, event.lngLat.lat], event.point));
    this.#nameMap();
    const desk = this.#lend(this.#map);
    for (const panel of this.#panels) this.#views.set(panel.id, panel.make(desk));
    this.#listen();
    this.#open(null);
    this.#tellDay();
    void this.#reports();
    document.documentElement.setAttribute("data-ready", "");
  }

  #listen(): void {
    this.#store.onChange((now, before) => this.#changed(now, before));
    DARK.addEventListener("change", () => this.#retone());
    listen(
      () => this.#bindings(),
      () => this.#help.isOpen,
    );
    window.setInterval(() => void this.#look(), LOOK_MS);
    document.addEventListener("visibilitychange", () => void this.#look());
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

  // The line at the bottom

  /** A word in the bottom line, which screen readers speak. */
  announce(text: string, kind: "done" | "fault" = "done"): void {
    byId("said").className = kind;
    byId("said").textContent = text;
  }

  failed(fault: unknown): void {
    if (fault instanceof DOMException && fault.name === "AbortError") return;
    const isOffline = fault instanceof TypeError;
    if (!isOffline && !(fault instanceof Problem)) console.error(fault);
    this.announce(isOffline ? this.#say("offline") : faultText(fault, this.#store.now.language), "fault");
  }

  /** How far long work is. */
  pending(pending: Pending | null): void {
    byId("busy").hidden = pending === null;
    if (!pending) return;
    const work = workText(pending.name, pending.said, this.#store.now.language);
    byId("busy").textContent = this.#say("working", { work, seconds: String(Math.round(pending.seconds)) });
  }

  /** Which day the desk opened on, where that is not today. */
  #tellDay(): void {
    const elsewhere = opensElsewhere(this.#about, this.#store.now);
    if (!elsewhere) return;
    const day = dateText(this.#store.now.asOf, this.#store.now.language);
    this.announce(this.#say(`opened_${elsewhere}`, { day }));
  }

  // What the map shows

  /** Other programs write to the ledger too; and a desk that ended must not be taken for one that works. */
  async #look(): Promise<void> {
    if (document.hidden) return;
    try {
      const { head } = this.#store.now;
      this.#store.set(await this.#api.get<Moved>("/api/head"));
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
      const columns = await this.#api.get<Columns>("/api/reports", { known_by: this.#store.now.knownBy });
      this.#map?.reports(columns);
      this.#invented.reports = columns.simulated;
      this.#stamp();
    } catch (fault) {
      this.failed(fault);
    }
  }

  /** Ask for what the map shall show; an older question is given up. */
  async #ground(): Promise<void> {
    const path = this.#store.now.shown === "draft" ? "/api/draft" : "/api/ground";
    const signal = this.#asked.next();
    try {
      const ground = await this.#api.get<Ground>(path, when(this.#store.now), signal);
      this.#take(ground);
      const told = `${this.#store.now.language} ${JSON.stringify(ground)}`;
      if (told === this.#told) return;
      this.#told = told;
      this.#map?.show(ground, this.#store.now.language);
    } catch (fault) {
      this.failed(fault);
    }
  }

  /** What a map says of itself. */
  #take({ approved, simulated }: Ground): void {
    if (approved !== undefined) this.#approved = approved;
    this.#invented.map = simulated;
    this.#stamp();
    this.#name();
  }

  /** SIMULATED as soon as the theatre, the map or a report is: as on every file that is made of them. */
  #stamp(): void {
    const isInvented = this.#about.simulated || this.#invented.map || this.#invented.reports;
    this.#top.stamp(isInvented);
    replace(byId("watermark"), isInvented && watermark(inventedText(this.#store.now.language)));
  }

  #changed(now: DeskState, before: DeskState): void {
    if (differs(now, before, "panel")) this.#open(before.panel);
    if (differs(now, before, "theme")) this.#retone();
    if (differs(now, before, "language")) this.#nameMap();
    // The ledger moved on, and with it the draft, or the approved map: look once the hands are still.
    if (differs(now, before, "asOf", "knownBy", "shown", "language")) void this.#ground();
    else if (differs(now, before, "head")) this.#soon.run(() => void this.#ground());
    if (differs(now, before, "knownBy")) void this.#reports();
    this.#name();
    history.replaceState(null, "", `#${toHash(now)}`);
    for (const view of this.#views.values()) view.changed?.(now, before);
  }

  #open(before: string | null): void {
    if (before !== null) this.#views.get(before)?.hidden?.();
    const view = this.#view;
    replace(byId("panel"), view?.element ?? h("p", { class: "quiet pad" }, this.#say("no_panel")));
    byId("panel").setAttribute("aria-labelledby", `tab-${this.#store.now.panel}`);
    this.#name();
    view?.shown?.();
  }

  async #setEditor(name: string): Promise<void> {
    try {
      this.#store.set(await this.#api.send<Pick<DeskState, "editor">>("PUT", "/api/editor", { name }));
    } catch (fault) {
      this.failed(fault);
    }
  }

  // Words and colours

  /** Every word and value of the frame. */
  #name(): void {
    const { language, count } = this.#store.now;
    document.documentElement.lang = language;
    document.title = `${this.#tabs.openName} · ${titleIn(this.#about, language)}`;
    this.#top.name(this.#approved);
    this.#tabs.name();
    byId("ledger").textContent = this.#say("lines", { n: numberText(count, language) });
    byId("credit").textContent = this.#say("credit");
  }

  #nameMap(): void {
    this.#map?.gl.getCanvas().setAttribute("aria-label", this.#say("map"));
    this.#stamp();
  }

  /** Colours of page and map for the tone of the hour. */
  #retone(): void {
    const tone = toneOf(this.#store.now.theme, DARK.matches);
    colourRoot(tone, palette(this.#about.sides, tone), SOFT);
    this.#map?.repaint(tone);
    this.#stamp();
  }

  // Keyboard

  #bindings(): Binding[] {
    const say = this.#say;
    const { asOf, shown } = this.#store.now;
    const toDay = (day: string) => () => this.#store.set({ asOf: day });
    const otherMap = shown === "draft" ? "approved" : "draft";
    return [
      ...(this.#view?.keys() ?? []),
      ...this.#tabKeys(),
      { code: "Shift+Slash", says: () => say("help_says"), run: () => this.#toggleHelp() },
      { code: "F1", typing: true, says: () => say("help_says"), run: () => this.#toggleHelp() },
      { code: "Alt+KeyM", typing: true, says: () => say("focus_map"), run: () => this.#map?.gl.getCanvas().focus() },
      { code: "Alt+KeyP", typing: true, says: () => say("focus_panel"), run: () => this.#view?.shown?.() },
      {
        code: "Alt+KeyD",
        typing: true,
        says: () => say("toggle_draft"),
        run: () => this.#store.set({ shown: otherMap }),
      },
      { code: "Alt+Comma", typing: true, says: () => say("day_back"), run: toDay(plusDays(asOf, -1)) },
      { code: "Alt+Period", typing: true, says: () => say("day_on"), run: toDay(plusDays(asOf, 1)) },
    ];
  }

  #tabKeys(): Binding[] {
    return this.#panels.map((panel, i) => ({
      code: `Alt+Digit${i + 1}`,
      typing: true,
      says: () => this.#say("go_to", { panel: panel.names[this.#store.now.language] }),
      run: () => this.#store.set({ panel: panel.id }),
    }));
  }

  #toggleHelp(): void {
    const own = this.#view?.keys() ?? [];
    this.#help.toggle([
      { title: this.#tabs.openName, keys: own },
      { title: this.#say("anywhere"), keys: this.#bindings().slice(own.length) },
    ]);
  }
}
