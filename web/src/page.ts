// The page: makes the map, and keeps map, key, panel, timeline and address in step with the reader's choices.
import { Address } from "./address";
import { Beside } from "./beside";
import { aim, fit, flyTo, lift, liftNear, writeScale } from "./camera";
import { byId, h } from "./dom";
import { changesPanel } from "./changes";
import { knownChoice, paletteChoice } from "./choices";
import { compareChoices, type Comparing } from "./compare_choice";
import { addControls, nameControls } from "./controls";
import type { Document, Lonlat, Notice, PlacesOverTime, ReportFeature, Sheet } from "./data";
import { Days } from "./days";
import { drawing } from "./drawing";
import { isEmbedded } from "./embed";
import { Finder } from "./finder";
import { say } from "./i18n";
import { mapKey, takeAway } from "./key";
import { WarMap, type Hit } from "./map";
import { writeCaution, writeDateline, writeKnown, writeNotice, writeStamp } from "./masthead";
import { Measure } from "./measure";
import { css, palette, type Palette, type Tone } from "./palette";
import { NUMBERED, spotPanel } from "./panel";
import { picture, save } from "./picture";
import { caption, copier, fileName, linkWhole } from "./share";
import { correctedSince, watch, withdrawn, type Listed } from "./standing";
import { closeSheet, isNarrow, openSheet, openTab, tabButtons, type Tab } from "./sheet";
import { tellRest } from "./rest";
import { fromHash, LANGUAGES, LAYERS, startState, Store, type Language, type State } from "./state";
import { Timeline } from "./timeline";
import { directions } from "./why";

/** The map takes the next day after so long, even if it is not at rest. */
const DRAWN_WITHIN_MS = 250;

/** The reader's language if page and document both speak it, else the document's own. */
function firstLanguage(data: Document): Language {
  const spoken = LANGUAGES.filter((language) => data.languages.includes(language));
  const wanted = navigator.language.slice(0, 2);
  return (
    spoken.find((language) => language === wanted) ??
    spoken.find((language) => language === data.language) ??
    spoken[0] ??
    "en"
  );
}

/** What the key says of a day beside what it says of all: drawn anew only when that changes. */
const legendOf = ({ public: edition }: Sheet): string =>
  edition
    ? JSON.stringify([
        edition.not_before,
        edition.cell_km,
        edition.mappers.map((one) => ({ ...one, says: "", shapes: null })),
      ])
    : "";

export class Page {
  readonly #data: Document;
  readonly #dates: readonly string[];
  readonly #start: State;
  readonly #store: Store;
  readonly #address: Address;
  readonly #timeline: Timeline;
  readonly #finder: Finder;
  readonly #dark = window.matchMedia("(prefers-color-scheme: dark)");
  #colours: Palette;
  #map: WarMap | null = null;
  #measure: Measure | null = null;
  #beside: Beside | null = null;
  #reports: readonly ReportFeature[] = [];
  #isDrawing = false;
  #behind = false;
  readonly #days: Days;
  /** What is drawn: the date's map, or while that is being fetched the one before. */
  #shown: Sheet;
  /** Ids of the editions whose maps were on the screen. */
  readonly #seen = new Set<string>();
  /** What became of the edition, as the page was made or as it was heard since. */
  #notice: Notice | null;
  #over: PlacesOverTime | null = null;

  constructor(data: Document) {
    this.#data = data;
    this.#dates = data.dates.map((sheet) => sheet.as_of);
    this.#start = startState(data.dates.length, firstLanguage(data));
    this.#store = new Store(fromHash(location.hash, this.#dates, this.#start));
    this.#address = new Address(this.#store, this.#dates, this.#start);
    this.#colours = palette(data.sides, this.#tone, this.#store.now.palette);
    this.#days = new Days(data);
    this.#notice = data.notice ?? null;
    const { date, known } = this.#store.now;
    this.#shown = this.#days.at(date, known) ?? (data.dates[date] as Sheet);
    this.#timeline = new Timeline(byId("timeline"), data, this.#store);
    this.#finder = new Finder(data, this.#store, (place) => this.#goTo(place));
    if (isEmbedded(location.search, location.hash)) document.documentElement.dataset["embed"] = "";
    this.#addControls();
    this.#store.onChange((now, before) => this.#changed(now, before));
    this.#dark.addEventListener("change", () => this.#retone());
    window.addEventListener("hashchange", () => this.#readAddress());
  }

  get #tone(): Tone {
    const { palette: chosen, theme } = this.#store.now;
    return chosen === "print" ? "light" : theme === "auto" ? (this.#dark.matches ? "dark" : "light") : theme;
  }

  /** Write all words, then draw the map. */
  async open(): Promise<void> {
    this.#retone();
    this.#words();
    const map = await WarMap.in(byId("map"), this.#data, this.#colours, this.#store.now.view);
    this.#map = map;
    this.#beside = new Beside(map.gl, this.#data, this.#days);
    this.#measure = new Measure(map.gl, this.#store, this.#colours);
    byId("stage").append(this.#measure.element);
    tellRest(map.gl, () => map.isRanking);
    map.show(this.#shown, this.#store.now.language);
    map.choose(this.#store.now.layers);
    this.#compare();
    map.onAsk((hit) => this.#ask(hit));
    this.#turn();
    map.gl.on("moveend", () => this.#store.set({ view: map.view() }));
    map.gl.on("move", () => this.#scale());
    this.#label();
    if (!this.#store.now.view) aim(map, this.#shown, this.#store.now.spot);
    this.#spot(false);
    this.#scale();
    map.gl.once("idle", () => document.documentElement.setAttribute("data-ready", ""));
    watch(this.#data, (listed) => this.#stands(listed));
  }

  /** Go blank once an edition that was looked at here is withdrawn; say so if one was corrected. False: no need to ask again. */
  #stands(listed: readonly Listed[]): boolean {
    const { language } = this.#store.now;
    const gone = withdrawn(listed, this.#seen);
    const old = new Set(this.#data.history?.flatMap((one) => (one.corrected_by ? [one.id] : [])));
    const notice = this.#notice ? null : correctedSince(listed, new Set([...this.#seen].filter((id) => !old.has(id))));
    if (notice) writeNotice(this.#data, (this.#notice = notice), language);
    if (!gone) return true;
    document.documentElement.dataset["gone"] = "";
    const again = h("a", { href: `${location.pathname}${location.search}` }, say(language, "load_again"));
    document.body.append(
      h(
        "main",
        { id: "withdrawn", role: "alert" },
        h("h1", {}, say(language, "withdrawn")),
        h("p", {}, say(language, "withdrawn_means", { id: gone.id, reason: gone.reason ?? "" })),
        h("p", {}, again),
      ),
    );
    return false;
  }

  /** The changes' tab only where some edition may tell of any. */
  get #tabs(): readonly Tab[] {
    return this.#data.dates.some((sheet) => sheet.public?.changes || sheet.file)
      ? ["key", "spot", "changes"]
      : ["key", "spot"];
  }

  #addControls(): void {
    byId("sheet-head").append(
      ...tabButtons(this.#tabs, (tab) => {
        openSheet(tab);
        this.#changes();
      }),
    );
    addControls(this.#store, {
      zoom: (steps) => this.#map?.gl[steps > 0 ? "zoomIn" : "zoomOut"](),
      whole: () => this.#map && fit(this.#map, this.#shown, true),
      measure: () => this.#measuring(!this.#measure?.on),
      picture: () =>
        void this.#save("picture", "png", (map) =>
          picture(map.gl, caption(this.#data, this.#shown, this.#store.now), this.#colours),
        ),
      drawing: () => void this.#save("drawing", "svg", (map) => this.#drawing(map)),
      key: () => openSheet("key"),
      close: () => this.#close(),
    });
    byId("masthead").append(this.#finder.element);
    document.addEventListener(
      "keydown",
      (event) => event.key === "Escape" && (this.#measure?.on ? this.#measuring(false) : this.#close()),
    );
  }

  #close(): void {
    if (this.#store.now.spot) this.#store.set({ spot: null });
    closeSheet();
  }

  #measuring(on: boolean): void {
    this.#measure?.toggle(on);
    byId("measure").setAttribute("aria-pressed", String(on));
    byId("hint").hidden = true;
  }

  /** Fly to a settlement and say what it is. */
  #goTo(place: number): void {
    const one = this.#data.settlements[place];
    if (!one || !this.#map) return;
    const spot: Lonlat = [one.lon, one.lat];
    flyTo(this.#map, spot);
    byId("hint").hidden = true;
    this.#store.set({ spot });
    openSheet("spot");
    liftNear(this.#map, spot);
  }

  /** Fly to where a line moved, and mark the spot. */
  #fly(at: Lonlat): void {
    byId("hint").hidden = true;
    if (!this.#map) return;
    flyTo(this.#map, at);
    this.#map.mark(at, null, NUMBERED, directions(this.#data, this.#shown));
    liftNear(this.#map, at);
  }

  #ask(hit: Hit): void {
    if (this.#measure?.on) return;
    this.#reports = hit.reports;
    byId("hint").hidden = true;
    this.#store.set({ spot: hit.spot });
    openSheet("spot");
    if (this.#map && isNarrow()) lift(this.#map, hit.spot);
  }

  #changed(now: State, before: State): void {
    const is = (...names: (keyof State)[]): boolean => names.some((name) => now[name] !== before[name]);
    if (is("date", "known")) this.#turn();
    if (is("language")) this.#map?.name(this.#shown, now.language);
    if (is("layers")) this.#choose(now);
    if (is("theme", "palette")) this.#retone();
    if (is("compare", "mapper", "differences", "date", "layers", "language")) this.#compare();
    if (is("language", "compare", "mapper", "known")) this.#key();
    if (is("language", "theme")) this.#words();
    else if (is("date", "known")) this.#dayWords();
    if (is("spot")) this.#spot(true);
    else if (is("mapper")) this.#spot(false);
    this.#address.write();
  }

  /** Show the date's map: at once if it is here, else as soon as it has been fetched and is still the one that is wanted. */
  #turn(): void {
    const { date, known } = this.#store.now;
    const here = this.#days.at(date, known);
    document.documentElement.toggleAttribute("data-fetching", !here);
    if (here) return this.#display(here);
    void this.#days.load(date, known).then((sheet) => {
      if (this.#store.now.date !== date || this.#store.now.known !== known) return;
      document.documentElement.removeAttribute("data-fetching");
      this.#display(sheet);
      this.#dayWords();
    });
  }

  #display(sheet: Sheet): void {
    const meant = legendOf(this.#shown);
    this.#shown = sheet;
    if (sheet.public) this.#seen.add(sheet.public.id);
    this.#reports = [];
    this.#draw();
    if (meant !== legendOf(sheet)) this.#key();
    this.#compare();
    this.#days.ahead(this.#store.now.date, this.#store.now.known);
  }

  /** Draw the day on the map. Days that come while it still draws one are passed over but for the last, so that the slider never waits for the map. */
  #draw(): void {
    this.#behind = this.#isDrawing && this.#map !== null;
    if (this.#behind || !this.#map) return;
    this.#isDrawing = true;
    this.#map.show(this.#shown, this.#store.now.language);
    const done = (): void => {
      window.clearTimeout(waiting);
      this.#map?.gl.off("idle", done);
      this.#isDrawing = false;
      if (this.#behind) this.#draw();
    };
    const waiting = window.setTimeout(done, DRAWN_WITHIN_MS);
    this.#map.gl.on("idle", done);
  }

  /** Colours of page and map for the tone of the hour. */
  #retone(): void {
    const root = document.documentElement;
    this.#colours = palette(this.#data.sides, this.#tone, this.#store.now.palette);
    root.dataset["tone"] = this.#tone;
    root.dataset["palette"] = this.#store.now.palette;
    for (const [i, side] of this.#colours.sides.entries()) {
      root.style.setProperty(`--side-${i}`, css(this.#colours.print ? side.fill : side.line));
      root.style.setProperty(`--side-${i}-soft`, css(side.fill, 0.5));
    }
    this.#map?.repaint(this.#colours);
    this.#measure?.repaint(this.#colours);
    this.#beside?.repaint(this.#colours);
    this.#compare();
    this.#key();
  }

  get #comparing(): Comparing {
    const isUnread = this.#beside?.isUnread(this.#shown, this.#store.now.mapper) ?? false;
    return { data: this.#data, store: this.#store, shown: this.#shown, colours: this.#colours, isUnread };
  }

  #key(): void {
    byId("key").replaceChildren(
      paletteChoice(this.#store),
      ...knownChoice(this.#data, this.#store),
      ...compareChoices(this.#comparing),
      mapKey(this.#data, this.#store, this.#colours),
    );
  }

  /** The other half as the state wants it; the key tells whose it is, or that it could not be had. */
  #compare(): void {
    const { now } = this.#store;
    const shown = this.#shown;
    this.#beside?.update(now, shown, this.#colours, () => {
      const { compare, mapper } = this.#store.now;
      if (compare !== now.compare || mapper !== now.mapper || shown !== this.#shown) return;
      if (this.#beside?.isUnread(shown, mapper)) this.#key();
      else if (mapper !== null) this.#spot(false);
      this.#compare();
    });
  }

  #choose(now: State): void {
    this.#map?.choose(now.layers);
    for (const layer of LAYERS) (byId(`layer-${layer}`) as HTMLInputElement).checked = now.layers.has(layer);
  }

  /** Every word that depends on the language, or on the date. */
  #words(): void {
    const { language } = this.#store.now;
    document.documentElement.lang = language;
    byId("title").textContent = this.#data.title || this.#data.name;
    nameControls(this.#store.now);
    byId("tab-key").textContent = say(language, "map_key");
    byId("tab-spot").textContent = say(language, "this_spot");
    const tab = document.getElementById("tab-changes");
    if (tab) tab.textContent = say(language, "changes");
    this.#finder.words();
    linkWhole(this.#store.now);
    this.#measure?.draw();
    byId("hint").textContent = say(language, "hint");
    if (this.#store.now.spot) byId("hint").hidden = true;
    byId("credit").textContent = [this.#data.credit, say(language, "safety")].filter(Boolean).join(" · ");
    writeNotice(this.#data, this.#notice, language);
    writeStamp(this.#data, language);
    this.#scale();
    this.#label();
    this.#dayWords();
  }

  /** Every word that depends on the date. */
  #dayWords(): void {
    const { language } = this.#store.now;
    writeDateline(this.#shown, language);
    writeCaution(this.#shown, language);
    writeKnown(this.#data, this.#shown, this.#store);
    byId("take").replaceChildren(...takeAway(this.#data, this.#shown.public, language));
    this.#changes();
    this.#timeline.draw(this.#store.now, this.#shown);
    this.#spot(false);
  }

  /** What the edition changed, written only where it is read. */
  #changes(): void {
    if (openTab() !== "changes") return;
    byId("changes").replaceChildren(
      ...changesPanel({
        data: this.#data,
        sheet: this.#shown,
        language: this.#store.now.language,
        fly: (at) => this.#fly(at),
      }),
    );
  }

  /** Make a file of the view and hand it to the reader; its button waits meanwhile. */
  async #save(id: string, kind: string, make: (map: WarMap) => Promise<Blob>): Promise<void> {
    if (!this.#map) return;
    const button = byId(id) as HTMLButtonElement;
    button.disabled = true;
    try {
      save(await make(this.#map), `${fileName(this.#data, this.#shown)}.${kind}`);
    } finally {
      button.disabled = false;
    }
  }

  async #drawing({ gl }: WarMap): Promise<Blob> {
    const { clientWidth: width, clientHeight: height } = gl.getContainer();
    const project = ([lon = 0, lat = 0]: readonly number[]): readonly [number, number] => {
      const { x, y } = gl.project([lon, lat]);
      return [x, y];
    };
    const { layers, language } = this.#store.now;
    const text = drawing({
      data: this.#data,
      sheet: this.#shown,
      layers,
      language,
      colours: this.#colours,
      project,
      width,
      height,
      caption: caption(this.#data, this.#shown, { ...this.#store.now, differences: false }),
    });
    return new Blob([text], { type: "image/svg+xml" });
  }

  #label(): void {
    this.#map?.gl.getCanvas().setAttribute("aria-label", say(this.#store.now.language, "map_label"));
  }

  #spot(moved: boolean): void {
    const { spot, language, mapper } = this.#store.now;
    if (moved && spot === null) this.#reports = [];
    const beside = this.#beside?.other(this.#shown, mapper) ?? null;
    const { content, why } = spotPanel(
      { data: this.#data, sheet: this.#shown, language, over: this.#over, beside },
      spot,
      this.#reports,
    );
    if (spot && !this.#over) void this.#history();
    byId("spot").replaceChildren(...content, ...(spot ? [copier(spot, this.#store.now)] : []));
    this.#map?.mark(spot, why, NUMBERED, directions(this.#data, this.#shown));
    if (spot && !openTab()) openSheet("spot");
  }

  /** Settlements over time are fetched when first asked for. */
  async #history(): Promise<void> {
    const over = await this.#days.places();
    if (!over || this.#over) return;
    this.#over = over;
    this.#spot(false);
  }

  #scale(): void {
    if (this.#map) writeScale(this.#map, this.#store.now.language);
  }

  #readAddress(): void {
    const asked = fromHash(location.hash, this.#dates, this.#start);
    this.#store.set(asked);
    if (asked.view) this.#map?.gl.jumpTo({ center: [asked.view.lon, asked.view.lat], zoom: asked.view.zoom });
  }
}

/** Say on the page that it cannot be drawn. */
export function sayFault(): void {
  byId("fault").textContent = say(LANGUAGES.find((one) => one === document.documentElement.lang) ?? "en", "no_webgl");
  byId("fault").hidden = false;
}
