// What the reader has chosen, and its form in the address line.
import type { Lonlat } from "./data";
import { PALETTES, type PaletteId } from "./palette";

export const LAYERS = [
  "held",
  "grey",
  "infiltration",
  "unobserved",
  "out_of_range",
  "bands",
  "edges",
  "even_odds",
  "pockets",
  "reports",
  "settlements",
  "interdicted",
  "routes",
  "roads",
  "barriers",
] as const;
export type LayerId = (typeof LAYERS)[number];
export const LANGUAGES = ["en", "uk"] as const;
export type Language = (typeof LANGUAGES)[number];
export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export const otherLanguage = (language: Language): Language => (language === "en" ? "uk" : "en");

export const nextTheme = (theme: Theme): Theme => THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "auto";

export interface View {
  readonly lon: number;
  readonly lat: number;
  readonly zoom: number;
}

export interface State {
  readonly date: number;
  readonly layers: ReadonlySet<LayerId>;
  readonly language: Language;
  readonly theme: Theme;
  readonly palette: PaletteId;
  /** The date that the curtain shows; null without one. */
  readonly compare: number | null;
  /** The id of the mapper whose map the curtain shows; null without one. At most one of the two is set. */
  readonly mapper: string | null;
  /** Whether what changed since that date, or differs from that map, is marked. */
  readonly differences: boolean;
  /** The day whose knowledge is shown (`2025-11-04`); null for what we know now. */
  readonly known: string | null;
  readonly spot: Lonlat | null;
  readonly view: View | null;
}

/** Off until asked for: they are not the map of control, and would be read as one. */
const OFF_AT_FIRST: readonly LayerId[] = ["even_odds", "interdicted", "routes"];
const START_LAYERS: readonly LayerId[] = LAYERS.filter((layer) => !OFF_AT_FIRST.includes(layer));

/** The state before the reader touches anything: the last date, all layers but those that are off at first. */
export const startState = (nDates: number, language: Language): State => ({
  date: nDates - 1,
  layers: new Set(START_LAYERS),
  language,
  theme: "auto",
  palette: "own",
  compare: null,
  mapper: null,
  differences: false,
  known: null,
  spot: null,
  view: null,
});

export const isOneOf = <T extends string>(all: readonly T[], word: string | null): word is T =>
  word !== null && (all as readonly string[]).includes(word);

function numbers(text: string | null, count: number): number[] | null {
  const parts = (text ?? "").split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  return parts.length === count && parts.every(Number.isFinite) ? parts : null;
}

const dayOf = (asOf: string): string => (asOf.slice(11, 19) === "00:00:00" ? asOf.slice(0, 10) : asOf);

/** The address-line form: date, layers, view, and what differs from the start. */
export function toHash(state: State, dates: readonly string[], start: State): string {
  const hash = new URLSearchParams();
  hash.set("date", dayOf(dates[state.date] ?? ""));
  hash.set("layers", LAYERS.filter((layer) => state.layers.has(layer)).join("."));
  if (state.view)
    hash.set("view", [state.view.lon.toFixed(4), state.view.lat.toFixed(4), state.view.zoom.toFixed(2)].join(","));
  if (state.spot) hash.set("spot", state.spot.map((degrees) => degrees.toFixed(5)).join(","));
  if (state.language !== start.language) hash.set("lang", state.language);
  if (state.theme !== "auto") hash.set("theme", state.theme);
  if (state.palette !== "own") hash.set("palette", state.palette);
  if (state.compare !== null) hash.set("compare", dayOf(dates[state.compare] ?? ""));
  if (state.mapper !== null) hash.set("mapper", state.mapper);
  if (state.differences) hash.set("differences", "1");
  if (state.known) hash.set("known", state.known);
  return decodeURIComponent(hash.toString());
}

function readView(text: string | null): View | null {
  const [lon, lat, zoom] = numbers(text, 3) ?? [];
  if (lon === undefined || lat === undefined || zoom === undefined) return null;
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 85 && zoom >= 0 && zoom <= 24 ? { lon, lat, zoom } : null;
}

/** "#12/50.1/20.2": zoom, latitude, longitude, as many maps have it. */
function readSlashed(hash: string): View | null {
  const [zoom, lat, lon] =
    /^#?(?:map=)?-?[\d.]+\/-?[\d.]+\/-?[\d.]+(?=$|&)/
      .exec(hash)?.[0]
      .replace(/^#?(map=)?/, "")
      .split("/") ?? [];
  return zoom === undefined ? null : readView(`${lon},${lat},${zoom}`);
}

function readSpot(text: string | null): Lonlat | null {
  const [lon, lat] = numbers(text, 2) ?? [];
  return lon === undefined || lat === undefined || Math.abs(lon) > 180 || Math.abs(lat) > 90 ? null : [lon, lat];
}

const readMapper = (text: string | null): string | null =>
  text !== null && /^[a-z0-9][a-z0-9-]{0,39}$/.test(text) ? text : null;

const readDay = (text: string | null): string | null =>
  text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && Number.isFinite(Date.parse(text)) ? text : null;

function readLayers(text: string | null): ReadonlySet<LayerId> | null {
  return text === null ? null : new Set(text.split(".").filter((word): word is LayerId => isOneOf(LAYERS, word)));
}

/** The state an address asks for; whatever it gets wrong stays as at the start. */
export function fromHash(hash: string, dates: readonly string[], start: State): State {
  const asked = new URLSearchParams(hash.replace(/^#/, ""));
  const numberOf = (day: string | null): number =>
    dates.findIndex((asOf) => day !== null && (asOf === day || dayOf(asOf) === day));
  const date = numberOf(asked.get("date"));
  const compare = numberOf(asked.get("compare"));
  const mapper = compare >= 0 ? null : readMapper(asked.get("mapper"));
  const [language, theme, palette] = [asked.get("lang"), asked.get("theme"), asked.get("palette")];
  return {
    date: date >= 0 ? date : start.date,
    layers: readLayers(asked.get("layers")) ?? start.layers,
    language: isOneOf(LANGUAGES, language) ? language : start.language,
    theme: isOneOf(THEMES, theme) ? theme : start.theme,
    palette: isOneOf(PALETTES, palette) ? palette : start.palette,
    compare: compare >= 0 ? compare : null,
    mapper,
    differences: (compare >= 0 || mapper !== null) && asked.get("differences") === "1",
    known: readDay(asked.get("known")),
    spot: readSpot(asked.get("spot")),
    view: readView(asked.get("view")) ?? readSlashed(hash),
  };
}

type Listener = (now: State, before: State) => void;

/** Holds the state and tells the listeners of each change. */
export class Store {
  readonly #listeners: Listener[] = [];
  #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  get now(): State {
    return this.#state;
  }

  set(change: Partial<State>): void {
    const before = this.#state;
    this.#state = { ...before, ...change };
    for (const listener of this.#listeners) listener(this.#state, before);
  }

  onChange(listener: Listener): void {
    this.#listeners.push(listener);
  }
}
