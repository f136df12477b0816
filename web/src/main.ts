// The page: reads its document, makes the map, and keeps map, key, panel, timeline and address in step.
import { parse, type Document, type Lonlat, type ReportFeature, type Sheet } from "./data";
import { cautionText, correctedAt, delayText, noticeText, wholeCaution } from "./caution";
import { byId, h, icon, s } from "./dom";
import { copyText } from "./clipboard";
import { Differences } from "./compare";
import { Curtain } from "./curtain";
import { Finder } from "./finder";
import { isEmbedded, staleDays } from "./embed";
import { roundKm } from "./geometry";
import { dateText, km2Text, kmText, numberText, say, sideName } from "./i18n";
import { mapKey } from "./key";
import { WarMap, type Hit } from "./map";
import { Measure } from "./measure";
import { css, palette, PALETTES, type Palette, type PaletteId, type Tone } from "./palette";
import { NUMBERED, spotPanel } from "./panel";
import { picture, save, type Caption } from "./picture";
import { tellRest } from "./rest";
import { fromHash, LANGUAGES, LAYERS, startState, Store, THEMES, toHash, type Language, type State } from "./state";
import { Timeline } from "./timeline";
import { directions } from "./why";

const ICONS = {
  plus: "M12 5v14M5 12h14", picture: "M12 4v11M8 11l4 4l4-4M5 19h14", ruler: "M4 15L15 4l5 5L9 20zM8 11l2 2M11 8l2 2", minus: "M5 12h14", whole: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  key: "M4 6h4M12 6h8M4 12h4M12 12h8M4 18h4M12 18h8", close: "M6 6l12 12M18 6L6 18", tone: "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18",
} as const;
const NARROW = window.matchMedia("(max-width: 820px), (max-width: 960px) and (max-height: 480px)");
const DARK = window.matchMedia("(prefers-color-scheme: dark)");
const SCALE_PX = 96;

/** The reader's language if page and document both speak it, else the document's own. */
function firstLanguage(data: Document): Language {
  const spoken = LANGUAGES.filter((language) => data.languages.includes(language));
  const wanted = navigator.language.slice(0, 2);
  return spoken.find((language) => language === wanted) ?? spoken.find((language) => language === data.language) ?? spoken[0] ?? "en";
}

const toneOf = (state: State): Tone => (state.palette === "print" ? "light" : state.theme === "auto" ? (DARK.matches ? "dark" : "light") : state.theme);

class Page {
  readonly #data: Document;
  readonly #dates: readonly string[];
  readonly #start: State;
  readonly #store: Store;
  readonly #timeline: Timeline;
  #colours: Palette;
  readonly #finder: Finder;
  #map: WarMap | null = null;
  #measure: Measure | null = null;
  #differences: Differences | null = null;
  #curtain: Promise<Curtain> | null = null;
  #reports: readonly ReportFeature[] = [];

  constructor(data: Document) {
    this.#data = data;
    this.#dates = data.dates.map((sheet) => sheet.as_of);
    this.#start = startState(data.dates.length, firstLanguage(data));
    this.#store = new Store(fromHash(location.hash, this.#dates, this.#start));
    this.#colours = palette(data.sides, toneOf(this.#store.now), this.#store.now.palette);
    this.#timeline = new Timeline(byId("timeline"), data, this.#store);
    this.#finder = new Finder(data, this.#store, (place) => this.#goTo(place));
    if (isEmbedded(location.search, location.hash)) document.documentElement.dataset["embed"] = "";
    this.#addControls();
    this.#store.onChange((now, before) => this.#changed(now, before));
    DARK.addEventListener("change", () => this.#retone());
    window.addEventListener("hashchange", () => this.#readAddress());
  }

  get #sheet(): Sheet {
    return this.#data.dates[this.#store.now.date] as Sheet;
  }

  /** Write all words, then draw the map. */
  async open(): Promise<void> {
    this.#retone();
    this.#words();
    const container = byId("map");
    const map = await WarMap.in(container, this.#data, this.#colours, this.#store.now.view);
    this.#map = map;
    this.#differences = new Differences(map.gl, this.#data);
    this.#measure = new Measure(map.gl, this.#store, this.#colours);
    byId("stage").append(this.#measure.element);
    tellRest(map.gl);
    map.show(this.#sheet, this.#store.now.language);
    map.choose(this.#store.now.layers);
    this.#compare();
    map.onAsk((hit) => this.#ask(hit));
    map.gl.on("moveend", () => this.#store.set({ view: map.view() }));
    map.gl.on("move", () => this.#scale());
    this.#label();
    if (!this.#store.now.view) this.#fit(false);
    this.#spot(false);
    this.#scale();
    map.gl.once("idle", () => document.documentElement.setAttribute("data-ready", ""));
  }

  #addControls(): void {
    const add = (id: string, path: string, act: () => void): HTMLButtonElement => {
      const button = h("button", { type: "button", id, class: "tool" }, icon(path));
      button.addEventListener("click", act);
      return button;
    };
    byId("controls").append(
      add("zoom-in", ICONS.plus, () => this.#map?.gl.zoomIn()),
      add("zoom-out", ICONS.minus, () => this.#map?.gl.zoomOut()),
      add("whole", ICONS.whole, () => this.#fit(true)),
      add("measure", ICONS.ruler, () => this.#measuring(!this.#measure?.on)),
      add("picture", ICONS.picture, () => void this.#save()));
    byId("masthead").append(this.#finder.element);
    byId("menu").append(
      add("open-key", ICONS.key, () => this.#open("key")),
      add("theme", ICONS.tone, () => this.#store.set({ theme: THEMES[(THEMES.indexOf(this.#store.now.theme) + 1) % THEMES.length] ?? "auto" })),
      this.#languageButton());
    byId("sheet-head").append(this.#tab("key"), this.#tab("spot"), add("close", ICONS.close, () => this.#close()));
    byId("tab-key").setAttribute("aria-selected", "true");
    document.addEventListener("keydown", (event) => event.key === "Escape" && (this.#measure?.on ? this.#measuring(false) : this.#close()));
  }

  #languageButton(): HTMLButtonElement {
    const button = h("button", { type: "button", id: "language", class: "tool wide" });
    button.addEventListener("click", () => this.#store.set({ language: this.#store.now.language === "en" ? "uk" : "en" }));
    return button;
  }

  #tab(name: "key" | "spot"): HTMLButtonElement {
    const tab = h("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": name, class: "tab" });
    tab.addEventListener("click", () => this.#open(name));
    return tab;
  }

  #open(name: "key" | "spot"): void {
    document.documentElement.setAttribute("data-sheet", name);
    for (const one of ["key", "spot"]) {
      byId(one).hidden = one !== name;
      byId(`tab-${one}`).setAttribute("aria-selected", String(one === name));
    }
    byId("sheet-body").scrollTop = 0;
  }

  /** On a narrow screen the sheet goes; on a wide one the key comes back. */
  #close(): void {
    if (this.#store.now.spot) this.#store.set({ spot: null });
    this.#open("key");
    document.documentElement.removeAttribute("data-sheet");
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
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#map.gl.easeTo({ center: [one.lon, one.lat], zoom: Math.max(10.5, this.#map.gl.getZoom()), duration: still ? 0 : 500 });
    byId("hint").hidden = true;
    this.#store.set({ spot: [one.lon, one.lat] });
    this.#open("spot");
  }

  /** "48.28273, 37.17598" under a button, as other maps read it. */
  #copier([lon, lat]: Lonlat): HTMLElement {
    const { language } = this.#store.now;
    const text = `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
    const button = h("button", { type: "button", id: "copy", class: "plain" }, say(language, "copy_coordinates"));
    button.addEventListener("click", () => void copyText(text).then((done) => done && (button.textContent = say(language, "copied", { text }))));
    return button;
  }

  #ask(hit: Hit): void {
    if (this.#measure?.on) return;
    this.#reports = hit.reports;
    byId("hint").hidden = true;
    this.#store.set({ spot: hit.spot });
    this.#open("spot");
    if (NARROW.matches) this.#lift(hit.spot);
  }

  /** Bring the spot out from under the sheet, which covers the lower or the right part of a small screen. */
  #lift(spot: Lonlat): void {
    const [stage, sheet] = [byId("stage").getBoundingClientRect(), byId("sheet").getBoundingClientRect()];
    const beside = sheet.left > stage.left + 1;
    const offset: [number, number] = beside ? [-Math.max(0, stage.right - sheet.left) / 2, 0] : [0, -Math.max(0, stage.bottom - sheet.top) / 2];
    this.#map?.gl.easeTo({ center: [...spot] as [number, number], offset, duration: 350 });
  }

  #changed(now: State, before: State): void {
    if (now.date !== before.date) {
      this.#reports = [];
      this.#map?.show(this.#sheet, now.language);
    }
    if (now.language !== before.language) this.#map?.name(this.#sheet, now.language);
    if (now.layers !== before.layers) this.#choose(now);
    if (now.theme !== before.theme || now.palette !== before.palette) this.#retone();
    if (now.compare !== before.compare || now.differences !== before.differences || now.date !== before.date || now.layers !== before.layers || now.language !== before.language) this.#compare();
    if (now.language !== before.language || now.compare !== before.compare || (now.date !== before.date && this.#sheet.public)) this.#key();
    if (now.date !== before.date || now.language !== before.language || now.theme !== before.theme) this.#words();
    if (now.spot !== before.spot) this.#spot(true);
    this.#writeAddress();
  }

  /** Colours of page and map for the tone of the hour. */
  #retone(): void {
    const root = document.documentElement;
    const tone = toneOf(this.#store.now);
    this.#colours = palette(this.#data.sides, tone, this.#store.now.palette);
    root.dataset["tone"] = tone;
    root.dataset["palette"] = this.#store.now.palette;
    for (const [i, side] of this.#colours.sides.entries()) {
      root.style.setProperty(`--side-${i}`, css(this.#colours.print ? side.fill : side.line));
      root.style.setProperty(`--side-${i}-soft`, css(side.fill, 0.5));
    }
    this.#map?.repaint(this.#colours);
    this.#measure?.repaint(this.#colours);
    void this.#curtain?.then((curtain) => curtain.repaint(this.#colours));
    this.#compare();
    this.#key();
  }

  #key(): void {
    byId("key").replaceChildren(this.#palettes(), ...this.#comparing(), mapKey(this.#data, this.#store, this.#colours));
  }

  /** The choice of colours, above the key. */
  #palettes(): HTMLElement {
    const { language, palette: chosen } = this.#store.now;
    const box = h("select", { id: "palette" }, ...PALETTES.map((id) => h("option", { value: id, selected: id === chosen }, say(language, `palette_${id}`))));
    box.addEventListener("change", () => {
      this.#store.set({ palette: box.value as PaletteId });
      byId("palette").focus();
    });
    return h("p", { class: "choice" }, h("label", { for: "palette" }, say(language, "palette")), box);
  }

  /** The choice of another date, and whether what changed since is marked. */
  #comparing(): HTMLElement[] {
    if (this.#dates.length < 2) return [];
    const { language, compare, differences } = this.#store.now;
    const none = h("option", { value: "", selected: compare === null }, say(language, "compare_none"));
    const box = h("select", { id: "compare" }, none, ...this.#dates.map((day, k) => h("option", { value: k, selected: k === compare }, dateText(day, language, "short"))));
    box.addEventListener("change", () => {
      this.#store.set({ compare: box.value === "" ? null : Number(box.value), differences: box.value !== "" && differences });
      byId("compare").focus();
    });
    const choice = h("p", { class: "choice" }, h("label", { for: "compare" }, say(language, "compare")), box);
    if (compare === null) return [choice];
    const mark = h("input", { type: "checkbox", role: "switch", id: "differences", checked: differences });
    mark.addEventListener("change", () => this.#store.set({ differences: mark.checked }));
    const means = h("p", {}, say(language, "differences_means", { date: dateText(this.#dates[compare], language, "short") }));
    return [choice, h("div", { class: "row" }, h("label", { for: "differences" }, h("span", { class: "name" }, say(language, "differences")), mark), means)];
  }

  /** Curtain and differences as the state wants them. */
  #compare(): void {
    const { compare, differences, layers, language, date } = this.#store.now;
    const other = compare === null ? null : (this.#data.dates[compare] ?? null);
    this.#differences?.show(differences ? other : null, this.#sheet, this.#colours);
    if (!other || !this.#map) {
      void this.#curtain?.then((curtain) => curtain.remove());
      this.#curtain = null;
      return;
    }
    const [left, right] = [dateText(other.as_of, language, "short"), dateText(this.#dates[date], language, "short")];
    this.#curtain ??= Curtain.over(this.#map.gl, this.#data, this.#colours);
    void this.#curtain.then((curtain) => curtain.show(other, layers, language, { slider: say(language, "compare_slider", { date: left }), label: say(language, "compare_label", { left, right }) }));
  }

  #choose(now: State): void {
    this.#map?.choose(now.layers);
    for (const layer of LAYERS) (byId(`layer-${layer}`) as HTMLInputElement).checked = now.layers.has(layer);
  }

  /** Every word that depends on date or language. */
  #words(): void {
    const { language } = this.#store.now;
    document.documentElement.lang = language;
    byId("title").textContent = this.#data.title || this.#data.name;
    this.#dateline(language);
    this.#names(language);
    byId("hint").textContent = say(language, "hint");
    byId("credit").textContent = [this.#data.credit, say(language, "safety")].filter(Boolean).join(" · ");
    this.#caution(language);
    this.#notice(language);
    this.#stamp(language);
    this.#timeline.draw(this.#store.now);
    this.#spot(false);
    this.#scale();
    this.#label();
  }

  #dateline(language: Language): void {
    const sheet = this.#sheet;
    const state = sheet.state === "approved" || sheet.state === "edition" ? sheet.state : "draft";
    byId("asof").replaceChildren(
      h("b", {}, say(language, "as_of", { date: dateText(sheet.as_of, language) })),
      ...(sheet.public ? [" ", h("span", { id: "delay" }, delayText(sheet.public, language))] : sheet.known_by ? [" ", h("span", {}, say(language, "known_by", { date: dateText(sheet.known_by, language) }))] : []));
    const facts = [
      sheet.reports_used === null || sheet.reports_used === undefined ? null : say(language, "reports_used", { n: numberText(sheet.reports_used, language) }),
      sheet.public?.without_second_name ? say(language, "one_name") : null,
      sheet.changed_km2 === null || sheet.changed_km2 === undefined ? null : say(language, sheet.changed_since === "start" ? "changed_start" : sheet.changed_since === "edition" ? "changed_edition" : "changed", { km2: km2Text(sheet.changed_km2, language, sheet.changed_km2 < 100 ? 1 : 0) }),
    ];
    byId("facts").replaceChildren(h("abbr", { class: "state", title: say(language, `${state}_means`) }, sheet.public ? say(language, "edition_n", { n: String(sheet.public.number) }) : say(language, state)), h("span", {}, facts.filter(Boolean).join(" · ")));
  }

  /** How far lines move in the delay, and what the map is not for: always in sight on a public page. */
  #caution(language: Language): void {
    const edition = this.#sheet.public;
    byId("caution").hidden = edition === null;
    if (!edition) return;
    const corrects = edition.corrects ? h("span", { id: "corrects" }, say(language, "corrects", { id: edition.corrects, reason: edition.reason })) : null;
    const text = cautionText(edition, language);
    byId("caution").replaceChildren(`${text.charAt(0).toUpperCase()}${text.slice(1)}.`, ...(corrects ? [" ", corrects] : []));
  }

  /** The banner over an edition that was corrected; it takes the place of the one that readers without script see. */
  #notice(language: Language): void {
    const newest = this.#data.dates.at(-1);
    const old = newest && document.documentElement.dataset["embed"] !== undefined ? staleDays(newest, Date.now()) : null;
    const stale = old === null ? null : say(language, "out_of_date", { date: dateText(newest?.as_of, language), n: String(old) });
    const text = noticeText(this.#data.notice, language) ?? stale;
    byId("notice").hidden = text === null;
    if (text === null) return;
    const drop = (): void => document.querySelector("dialog[role=alert]")?.remove();
    drop();
    document.addEventListener("DOMContentLoaded", drop, { once: true }); // it stands below this script
    const href = correctedAt(this.#data.notice);
    byId("notice").replaceChildren(h("b", {}, text), ...(href ? [" ", h("a", { href }, say(language, "see_correction", { id: this.#data.notice?.corrected_by ?? "" }))] : []));
    document.documentElement.style.setProperty("--notice", `${byId("notice").offsetHeight}px`);
  }

  /** What a picture of the view has to say. */
  #caption(): Caption {
    const { language } = this.#store.now;
    const sheet = this.#sheet;
    const asOf = say(language, "as_of", { date: dateText(sheet.as_of, language) });
    const edition = sheet.public ? [say(language, "edition_n", { n: String(sheet.public.number) })] : [];
    const caution = sheet.public ? `${wholeCaution(sheet, sheet.public, language)}.` : `${say(language, "safety")} ${this.#data.stamp.includes("PRIVATE") ? say(language, "private_means") : ""}`;
    const { compare, differences } = this.#store.now;
    const marked = differences && compare !== null ? [say(language, "differences_means", { date: dateText(this.#dates[compare], language, "short") })] : [];
    return {
      title: this.#data.title || this.#data.name, asOf: [asOf, ...edition].join(" · "),
      small: [...marked, caution, ...(this.#data.simulated ? [say(language, "simulated_means")] : []), this.#data.credit].filter(Boolean),
      stamps: this.#data.stamp, legend: [...this.#data.sides.map((side) => say(language, "status_held", { side: sideName(this.#data.sides, side.id, language) })), say(language, "grey"), say(language, "unobserved")],
      scale: { px: byId("scale").offsetWidth, text: byId("scale").textContent ?? "" }, simulated: this.#data.simulated,
    };
  }

  async #save(): Promise<void> {
    if (!this.#map) return;
    const button = byId("picture") as HTMLButtonElement;
    button.disabled = true;
    try {
      const name = [this.#data.name, this.#sheet.public?.id ?? this.#sheet.as_of.slice(0, 10), ...this.#data.stamp].join("-");
      save(await picture(this.#map.gl, this.#caption(), this.#colours), `${name.replace(/[^\p{Letter}\p{Number}-]+/gu, "-")}.png`);
    } finally {
      button.disabled = false;
    }
  }

  /** In an embed: the way to the whole page, with this very view. */
  #whole(): void {
    const link = byId("open-whole") as HTMLAnchorElement;
    link.textContent = say(this.#store.now.language, "open_whole");
    link.href = `${location.href.replace(/[?#].*$/, "")}${location.hash.replace(/&?embed(=[^&]*)?/, "")}`;
  }

  #names(language: Language): void {
    const name = (id: string, text: string): void => {
      byId(id).setAttribute("aria-label", text);
      byId(id).title = text;
    };
    name("zoom-in", say(language, "zoom_in"));
    name("zoom-out", say(language, "zoom_out"));
    name("whole", say(language, "whole_front"));
    name("measure", say(language, "measure"));
    name("picture", say(language, "save_picture"));
    this.#finder.words();
    this.#whole();
    this.#measure?.draw();
    name("open-key", say(language, "map_key"));
    name("close", say(language, "close"));
    name("theme", say(language, "theme", { theme: say(language, this.#store.now.theme) }));
    name("language", say(language, "switch_language"));
    byId("language").textContent = language === "en" ? "УК" : "EN";
    byId("tab-key").textContent = say(language, "map_key");
    byId("tab-spot").textContent = say(language, "this_spot");
  }

  #label(): void {
    this.#map?.gl.getCanvas().setAttribute("aria-label", say(this.#store.now.language, "map_label"));
  }

  /** The stamp on the picture, and the watermark over all of it if the evidence is invented. */
  #stamp(language: Language): void {
    const means: Record<string, string> = { PRIVATE: say(language, "private_means"), PUBLIC: say(language, "public_means"), SIMULATED: say(language, "simulated_means") };
    byId("stamp").replaceChildren(...this.#data.stamp.map((word) => h("span", { title: means[word] ?? word, "data-stamp": word }, word)));
    byId("watermark").replaceChildren(...(this.#data.simulated ? [this.#watermark("SIMULATED")] : []));
  }

  #watermark(word: string): SVGSVGElement {
    const tile = s("pattern", { id: "mark", width: 520, height: 210, patternUnits: "userSpaceOnUse", patternTransform: "rotate(-24)" },
      ...[[20, 60], [280, 165], [-240, 165]].map(([x = 0, y = 0]) => s("text", { x, y, textLength: 220 }, word)));
    return s("svg", { width: "100%", height: "100%" }, s("defs", {}, tile), s("rect", { width: "100%", height: "100%", fill: "url(#mark)" }));
  }

  #spot(moved: boolean): void {
    const { spot, language } = this.#store.now;
    if (moved && spot === null) this.#reports = [];
    const { content, why } = spotPanel({ data: this.#data, sheet: this.#sheet, language }, spot, this.#reports);
    byId("spot").replaceChildren(...content, ...(spot ? [this.#copier(spot)] : []));
    this.#map?.mark(spot, why, NUMBERED, directions(this.#data, this.#sheet));
    if (spot && !document.documentElement.dataset["sheet"]) this.#open("spot");
  }

  #scale(): void {
    if (!this.#map) return;
    const { lat, zoom } = this.#map.view();
    const kmPerPx = (40075.017 * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** zoom);
    const km = roundKm(SCALE_PX * kmPerPx);
    byId("scale").style.width = `${km / kmPerPx}px`;
    byId("scale").textContent = km < 1 ? `${numberText(km * 1000, this.#store.now.language)} ${this.#store.now.language === "uk" ? "м" : "m"}` : kmText(km, this.#store.now.language).replace(/[.,]0/, "");
  }

  #fit(animate: boolean): void {
    const room = NARROW.matches ? 28 : 56;
    this.#map?.fit(this.#map.frontBox(this.#sheet), { top: room, right: room, bottom: room, left: room }, animate);
  }

  #writeAddress(): void {
    const embed = isEmbedded("", location.hash) ? "&embed" : "";
    history.replaceState(null, "", `#${toHash(this.#store.now, this.#dates, this.#start)}${embed}`);
    this.#whole();
  }

  #readAddress(): void {
    const asked = fromHash(location.hash, this.#dates, this.#start);
    this.#store.set(asked);
    if (asked.view) this.#map?.gl.jumpTo({ center: [asked.view.lon, asked.view.lat], zoom: asked.view.zoom });
  }
}

async function start(): Promise<void> {
  const page = new Page(parse(byId("data").textContent ?? ""));
  try {
    await page.open();
  } catch (fault) {
    console.error(fault);
    byId("fault").textContent = `${say(LANGUAGES.find((one) => one === document.documentElement.lang) ?? "en", "no_webgl")}`;
    byId("fault").hidden = false;
  }
}

void start();
