// The page: makes the map, and keeps map, key, panel, timeline and address in step with the reader's choices.
import { Address } from "./address";
import { Beside } from "./beside";
import { aim, fit, flyTo, lift, liftNear, writeScale } from "./camera";
import { changesPanel } from "./changes";
import { knownChoice, paletteChoice } from "./choices";
import { compareChoices, tickDifferences } from "./compare_choice";
import { addControls, nameControls } from "./controls";
import type { Document, Lonlat, PlacesOverTime, ReportFeature, Sheet } from "./data";
import { Days } from "./days";
import { byId, replace } from "./dom";
import { isEmbedded } from "./embed";
import { Finder } from "./finder";
import { creditIn, firstLanguage, say, titleIn } from "./i18n";
import { legendOf, mapKey, takeAway } from "./key";
import { WarMap, type Hit } from "./map";
import { writeCaution, writeDateline, writeKnown, writeStamp } from "./masthead";
import { Measure } from "./measure";
import { Notices } from "./notices";
import { Pace } from "./pace";
import { palette, type Palette, type Tone } from "./palette";
import { NUMBERED, spotPanel } from "./panel";
import { tellRest } from "./rest";
import { saveDrawing, savePicture, type Shown } from "./saving";
import { copier, linkWhole } from "./share";
import { closeSheet, enterSheet, isNarrow, nameTabs, openSheet, openTab, tabButtons, type Tab } from "./sheet";
import { fromHash, LANGUAGES, LAYERS, startState, Store, type Language, type LayerId, type State } from "./state";
import { Timeline } from "./timeline";
import { colourRoot, darkness, toneOf } from "./tone";
import { directions } from "./why";

/** How much of a side's fill its paler colour shows. */
const SOFT = 0.5;

/** The map, and what stands on it; there once it is drawn. */
interface Stage {
  readonly map: WarMap;
  readonly measure: Measure;
  readonly beside: Beside;
  readonly pace: Pace;
}

export class Page {
  readonly #data: Document;
  readonly #dates: readonly string[];
  readonly #start: State;
  readonly #store: Store;
  readonly #address: Address;
  readonly #timeline: Timeline;
  readonly #finder: Finder;
  readonly #days: Days;
  readonly #notices: Notices;
  readonly #dark = darkness();
  #colours: Palette;
  #stage: Stage | null = null;
  /** What is drawn: the date's map, or while that is being fetched the one before. */
  #shown: Sheet;
  /** Those that lay under the last click. */
  #reports: readonly ReportFeature[] = [];
  #over: PlacesOverTime | null = null;

  constructor(data: Document) {
    this.#data = data;
    this.#dates = data.dates.map((sheet) => sheet.as_of);
    const spoken = LANGUAGES.filter((language) => data.languages.includes(language));
    this.#start = startState(data.dates.length, firstLanguage(spoken, data.language));
    this.#store = new Store(fromHash(location.hash, this.#dates, this.#start));
    this.#address = new Address(this.#store, this.#dates, this.#start);
    this.#colours = palette(data.sides, this.#tone, this.#store.now.palette);
    this.#days = new Days(data);
    this.#notices = new Notices(data, this.#store);
    const { date, known } = this.#store.now;
    this.#shown = this.#days.at(date, known) ?? (data.dates[date] as Sheet);
    this.#timeline = new Timeline(byId("timeline"), data, this.#store);
    this.#finder = new Finder(data, this.#store, (place) => this.#goTo(place));
    if (isEmbedded(location.search, location.hash)) document.documentElement.dataset["embed"] = "";
    this.#addControls();
    this.#store.onChange((now, before) => this.#changed(now, before));
    this.#dark.addEventListener("change", () => this.#retone());
    window.addEventListener("hashchange", () => this.#readAddress());
    window.addEventListener("online", () => this.#shown.missing === "unread" && this.#turn());
  }

  get #map(): WarMap | null {
    return this.#stage?.map ?? null;
  }

  get #language(): Language {
    return this.#store.now.language;
  }

  /** Paper is white. */
  get #tone(): Tone {
    const { palette: chosen, theme } = this.#store.now;
    return chosen === "print" ? "light" : toneOf(theme, this.#dark.matches);
  }

  /** Write all words, then draw the map. */
  async open(): Promise<void> {
    this.#retone();
    this.#words();
    const map = await WarMap.in(byId("map"), this.#data, this.#colours, this.#store.now.view);
    this.#stage = this.#setUp(map);
    map.show(this.#shown, this.#language);
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
    this.#notices.watch();
  }

  #setUp(map: WarMap): Stage {
    const measure = new Measure(map.gl, this.#store, this.#colours);
    byId("stage").append(measure.element);
    tellRest(map.gl, () => map.isRanking);
    return {
      map,
      measure,
      beside: new Beside(map.gl, this.#data, this.#days),
      pace: new Pace(map.gl, () => map.show(this.#shown, this.#language)),
    };
  }

  /** The changes' tab only where some edition may tell of any. */
  get #tabs(): readonly Tab[] {
    return this.#data.dates.some((sheet) => sheet.public?.changes || sheet.file)
      ? ["key", "spot", "changes"]
      : ["key", "spot"];
  }

  #addControls(): void {
    byId("tabs").append(
      ...tabButtons(this.#tabs, (tab) => {
        openSheet(tab);
        this.#changes();
      }),
    );
    addControls(this.#store, {
      zoom: (steps) => this.#map?.gl[steps > 0 ? "zoomIn" : "zoomOut"](),
      whole: () => this.#map && fit(this.#map, this.#shown, true),
      measure: () => this.#measuring(!this.#stage?.measure.on),
      picture: () => this.#view && void savePicture(this.#view),
      drawing: () => this.#view && void saveDrawing(this.#view),
      key: () => enterSheet("key"),
      close: () => this.#close(),
    });
    byId("masthead").append(this.#finder.element);
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.#leave());
  }

  /** What is on the screen, for a file of it. */
  get #view(): Shown | null {
    const map = this.#map;
    return map && { data: this.#data, sheet: this.#shown, state: this.#store.now, colours: this.#colours, map };
  }

  #leave(): void {
    if (this.#stage?.measure.on) this.#measuring(false);
    else this.#close();
  }

  /** The focus goes back to where the sheet was opened from: the map, if it told of a spot. */
  #close(): void {
    const { spot } = this.#store.now;
    if (spot) this.#store.set({ spot: null });
    closeSheet(spot ? (this.#map?.gl.getCanvas() ?? null) : null);
  }

  #measuring(on: boolean): void {
    this.#stage?.measure.toggle(on);
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
    enterSheet("spot");
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
    if (this.#stage?.measure.on) return;
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
    if (is("differences")) tickDifferences(now);
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
    this.#notices.saw(sheet);
    this.#reports = [];
    this.#stage?.pace.draw();
    if (meant !== legendOf(sheet)) this.#key();
    this.#compare();
    this.#days.ahead(this.#store.now.date, this.#store.now.known);
  }

  /** Colours of page and map for the tone of the hour. */
  #retone(): void {
    this.#colours = palette(this.#data.sides, this.#tone, this.#store.now.palette);
    colourRoot(this.#tone, this.#colours, SOFT);
    document.documentElement.dataset["palette"] = this.#store.now.palette;
    for (const part of [this.#stage?.map, this.#stage?.measure, this.#stage?.beside]) part?.repaint(this.#colours);
    this.#compare();
    this.#key();
  }

  #key(): void {
    const isUnread = this.#stage?.beside.isUnread(this.#shown, this.#store.now.mapper) ?? false;
    const comparing = { data: this.#data, store: this.#store, shown: this.#shown, colours: this.#colours, isUnread };
    replace(
      byId("key"),
      paletteChoice(this.#store),
      knownChoice(this.#data, this.#store),
      compareChoices(comparing),
      mapKey(this.#data, this.#store, this.#colours),
    );
  }

  /** The other half as the state wants it; the key tells whose it is, or that it could not be had. */
  #compare(): void {
    const { now } = this.#store;
    const shown = this.#shown;
    this.#stage?.beside.update(now, shown, this.#colours, () => {
      const { compare, mapper } = this.#store.now;
      if (compare !== now.compare || mapper !== now.mapper || shown !== this.#shown) return;
      if (this.#stage?.beside.isUnread(shown, mapper)) this.#key();
      else if (mapper !== null) this.#spot(false);
      this.#compare();
    });
  }

  #choose(now: State): void {
    const box = (layer: LayerId): HTMLInputElement => byId(`layer-${layer}`) as HTMLInputElement;
    this.#map?.choose(now.layers);
    for (const layer of LAYERS) box(layer).checked = now.layers.has(layer);
  }

  /** Every word that depends on the language, or on the date. */
  #words(): void {
    const language = this.#language;
    document.documentElement.lang = language;
    byId("title").textContent = titleIn(this.#data, language);
    document.title = titleIn(this.#data, language);
    nameControls(this.#store.now);
    nameTabs(language);
    this.#finder.words();
    linkWhole(this.#store.now);
    this.#stage?.measure.draw();
    byId("hint").textContent = say(language, "hint");
    if (this.#store.now.spot) byId("hint").hidden = true;
    byId("credit").textContent = [creditIn(this.#data, language), say(language, "safety")].filter(Boolean).join(" · ");
    this.#notices.write();
    writeStamp(this.#data, language);
    this.#scale();
    this.#label();
    this.#dayWords();
  }

  /** Every word that depends on the date. */
  #dayWords(): void {
    const language = this.#language;
    writeDateline(this.#shown, language);
    writeCaution(this.#shown, language);
    writeKnown(this.#data, this.#shown, this.#store, () => this.#turn());
    replace(byId("take"), takeAway(this.#data, this.#shown.public, language));
    this.#changes();
    this.#timeline.draw(this.#shown);
    this.#spot(false);
  }

  /** What the edition changed, written only where it is read. */
  #changes(): void {
    if (openTab() !== "changes") return;
    const fly = (at: Lonlat): void => this.#fly(at);
    replace(byId("changes"), changesPanel({ data: this.#data, sheet: this.#shown, language: this.#language, fly }));
  }

  #label(): void {
    this.#map?.gl.getCanvas().setAttribute("aria-label", say(this.#store.now.language, "map_label"));
  }

  #spot(moved: boolean): void {
    const { spot, language, mapper } = this.#store.now;
    if (moved && spot === null) this.#reports = [];
    const beside = this.#stage?.beside.other(this.#shown, mapper) ?? null;
    const context = { data: this.#data, sheet: this.#shown, language, over: this.#over, beside };
    const { content, why } = spotPanel(context, spot, this.#reports);
    if (spot && !this.#over) void this.#history();
    replace(byId("spot"), content, spot && copier(spot, this.#store.now));
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
    if (!this.#map) return;
    if (asked.view) this.#map.gl.jumpTo({ center: [asked.view.lon, asked.view.lat], zoom: asked.view.zoom });
    else aim(this.#map, this.#shown, asked.spot);
  }
}
