// What queue, line and why share: a report as a row, a form for a decision, ground drawn on the map.
import type { Feature, FeatureCollection, Position } from "geojson";
import { h } from "../../src/dom";
import { dateText, kmText, sideName } from "../../src/i18n";
import type { Desk } from "../panel";
import { entryWords } from "./entry_words";
import { queueWords, type QueueKey } from "./queue_words";

export type Say = (key: QueueKey, holes?: Readonly<Record<string, string>>) => string;

/** A report, or an editor's decision, in a list of reasons. */
export interface Source {
  readonly id: string;
  readonly kind: string;
  readonly km?: number;
  readonly p?: number;
  readonly toward?: string;
  readonly seen?: string | null;
  readonly by?: string | null;
  readonly happened?: string;
  readonly source?: string;
  readonly grade?: string;
  readonly error_m?: number;
  readonly note?: string;
  readonly links?: readonly string[];
  readonly at?: readonly [number, number];
  readonly verdict?: string;
  readonly reason?: string;
}

/** A day and a moment as the server reads them. */
export const when = (desk: Desk): { as_of: string; known_by?: string } => {
  const { asOf, knownBy } = desk.store.now;
  return { as_of: asOf, ...(knownBy ? { known_by: knownBy } : {}) };
};

export const plusDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

export const holderName = (desk: Desk, id: string, grey: string): string =>
  id === "grey"
    ? grey
    : sideName(
        desk.about.sides.map((side) => ({ ...side })),
        id,
        desk.store.now.language,
      );

/** The chip of a side's colour, or of grey. */
export function chip(desk: Desk, id: string): HTMLElement {
  const index = desk.about.sides.findIndex((side) => side.id === id);
  return h("span", { class: index < 0 ? "chip queue-grey" : `chip chip-${index}`, "aria-hidden": true });
}

/** A link, as text; opened only if somebody asks for it, and then without a word of where from. */
function linkRow(url: string, say: Say): HTMLElement {
  const isWeb = /^https?:\/\//i.test(url);
  const open = h("button", { type: "button", class: "queue-link" }, say("open"));
  open.addEventListener("click", () => window.open(url, "_blank", "noopener,noreferrer"));
  return h("p", { class: "queue-url" }, h("span", {}, url), isWeb ? open : null);
}

/** What a report is of, in the reader's language. */
export const kindName = (desk: Desk, kind: string): string => {
  const words: Readonly<Record<string, string>> = entryWords[desk.store.now.language];
  return words[`kind_${kind}`] ?? kind;
};

/** What an editor did, in the reader's language. */
export const verdictName = (desk: Desk, verdict: string): string => {
  const words: Readonly<Record<string, string>> = queueWords[desk.store.now.language];
  return words[`did_${verdict}`] ?? verdict;
};

/** One report with its part; `tick` adds a box that says whether a decision rests on it. */
export function sourceRow(
  desk: Desk,
  one: Source,
  say: Say,
  tick: { readonly on: boolean; readonly set: (on: boolean) => void } | null = null,
): HTMLElement {
  const { language } = desk.store.now;
  const who =
    one.kind === "decision"
      ? `${verdictName(desk, one.verdict ?? "")} · ${one.by ?? ""}`
      : [kindName(desk, one.kind), one.seen ? holderName(desk, one.seen, say("grey")) : null]
          .filter(Boolean)
          .join(", ");
  const facts = [
    one.happened ? dateText(one.happened.slice(0, 10), language, "short") : null,
    one.source ?? null,
    one.grade ?? null,
    one.error_m ? `±${one.error_m} ${language === "uk" ? "м" : "m"}` : null,
  ]
    .filter(Boolean)
    .join(" · ");
  const text = one.kind === "decision" ? (one.reason ?? "") : (one.note ?? "");
  const box = tick
    ? h("input", { type: "checkbox", checked: tick.on, "aria-label": `${say("rests")}: ${one.id}` })
    : null;
  box?.addEventListener("change", () => tick?.set(box.checked));
  const go = h("button", { type: "button", class: "queue-id", title: say("show") }, one.id);
  go.addEventListener("click", () => one.at && desk.map.goTo(one.at));
  return h(
    "li",
    { class: "queue-source" },
    h(
      "div",
      { class: "queue-source-head" },
      box,
      go,
      h("span", {}, who),
      one.km === undefined ? null : h("b", { class: "queue-km" }, kmText(one.km, language, true)),
    ),
    h("p", { class: "queue-facts" }, facts),
    text ? h("p", { class: "queue-note" }, text) : null,
    ...(one.links ?? []).slice(0, 4).map((url) => linkRow(url, say)),
  );
}

/** A field with its label above it. */
export function field(label: string, control: HTMLElement): HTMLElement {
  return h("label", { class: "queue-field" }, h("span", {}, label), control);
}

export const features = (found: readonly (Feature | null)[]): FeatureCollection => ({
  type: "FeatureCollection",
  features: found.filter((one): one is Feature => one !== null),
});

export const shape = (geometry: GeoJSON.Geometry | null, properties: Record<string, unknown> = {}): Feature | null =>
  geometry ? { type: "Feature", properties, geometry } : null;

/** Ground or a path drawn corner by corner: by clicks, or at the crosshair with the keyboard. */
export class Sketch {
  readonly #desk: Desk;
  readonly #source: string;
  readonly #changed: () => void;
  #points: Position[] = [];
  #closed = false;
  on = false;

  constructor(desk: Desk, source: string, changed: () => void) {
    [this.#desk, this.#source, this.#changed] = [desk, source, changed];
  }

  get points(): readonly Position[] {
    return this.#points;
  }

  start(isGround: boolean): void {
    [this.on, this.#closed, this.#points] = [true, isGround, []];
    this.#desk.map.gl.getCanvas().focus();
    this.#draw();
  }

  stop(): void {
    if (!this.on && this.#points.length === 0) return;
    [this.on, this.#points] = [false, []];
    this.#draw();
  }

  /** No more corners; what was drawn stays. */
  finish(): void {
    this.on = false;
    this.#draw();
  }

  add(spot: readonly [number, number]): void {
    this.#points.push([Number(spot[0].toFixed(6)), Number(spot[1].toFixed(6))]);
    this.#draw();
  }

  /** A corner where the crosshair is. */
  addCentre(): void {
    const { lng, lat } = this.#desk.map.gl.getCenter();
    this.add([lng, lat]);
  }

  takeBack(): void {
    this.#points.pop();
    this.#draw();
  }

  get polygon(): GeoJSON.Polygon | null {
    const first = this.#points[0];
    return this.#points.length < 3 || !first ? null : { type: "Polygon", coordinates: [[...this.#points, first]] };
  }

  #draw(): void {
    const line: Position[] =
      this.#closed && this.#points.length > 2 ? [...this.#points, this.#points[0] ?? []] : this.#points;
    this.#desk.map.set(
      this.#source,
      features([
        line.length > 1 ? shape({ type: "LineString", coordinates: line }, { role: "sketch" }) : null,
        ...this.#points.map((point) => shape({ type: "Point", coordinates: point }, { role: "corner" })),
      ]),
    );
    this.#changed();
  }
}
