// The map key: every class defined in a sentence, each with its own switch.
import type { Document, PublicDate, Sheet } from "./data";
import { h, tickBox } from "./dom";
import { dateText, numberText, say, sideName } from "./i18n";
import type { Key as Word } from "./i18n/en";
import { css, type Palette } from "./palette";
import {
  GREY_REASONS,
  greyPattern,
  infiltrationPattern,
  interdictedPattern,
  outOfRangePattern,
  PATTERN_RATIO,
  patterns,
  tile,
  unlookedPattern,
  unobservedPattern,
} from "./patterns";
import { LAYERS, type LayerId, type Language, type State, type Store } from "./state";

const GROUPS: readonly { title: Word; layers: readonly LayerId[] }[] = [
  { title: "group_ground", layers: ["held", "grey"] },
  { title: "group_presence", layers: ["infiltration", "unobserved", "out_of_range"] },
  { title: "group_line", layers: ["edges", "bands", "pockets", "even_odds"] },
  { title: "group_context", layers: ["reports", "settlements", "interdicted", "routes", "roads", "barriers"] },
];

/** Of the sentences that define the classes: raised whenever one of them changes (a test holds the hash of them all), so that a picture or a quotation can say which it meant. */
export const DEFINITIONS = 2;

const WIDTH = 30;
const HEIGHT = 18;

type Paint = (brush: CanvasRenderingContext2D) => void;

function swatch(...paints: Paint[]): HTMLElement {
  const box = h("span", { class: "swatches", "aria-hidden": "true" });
  for (const paint of paints) {
    const canvas = h("canvas", { class: "swatch", width: WIDTH * PATTERN_RATIO, height: HEIGHT * PATTERN_RATIO });
    const brush = canvas.getContext("2d");
    if (brush) paint(brush);
    box.append(canvas);
  }
  return box;
}

const flat =
  (colour: string): Paint =>
  (brush) => {
    brush.fillStyle = colour;
    brush.fillRect(0, 0, brush.canvas.width, brush.canvas.height);
  };

function tiled(colours: Palette, id: string): Paint {
  return (brush) => {
    const pattern = patterns(colours).find((one) => one.id === id);
    const repeated = pattern && brush.createPattern(tile(pattern), "repeat");
    flat(colours.land)(brush);
    if (!repeated) return;
    brush.fillStyle = repeated;
    brush.fillRect(0, 0, brush.canvas.width, brush.canvas.height);
  };
}

const layered =
  (first: Paint, second: Paint): Paint =>
  (brush) => {
    first(brush);
    second(brush);
  };

const stroke =
  (colours: Palette, colour: string, width: number, dash: readonly number[] = []): Paint =>
  (brush) => {
    const { width: w, height } = brush.canvas;
    flat(colours.land)(brush);
    brush.strokeStyle = colour;
    brush.lineWidth = width * PATTERN_RATIO;
    brush.setLineDash([...dash]);
    brush.beginPath();
    brush.moveTo(0, height * 0.72);
    brush.bezierCurveTo(w * 0.35, height * 0.72, w * 0.6, height * 0.28, w, height * 0.28);
    brush.stroke();
  };

const dot =
  (colours: Palette, fill: string, ring: string, r: number): Paint =>
  (brush) => {
    flat(colours.land)(brush);
    brush.beginPath();
    brush.arc(brush.canvas.width / 2, brush.canvas.height / 2, r * PATTERN_RATIO, 0, 2 * Math.PI);
    brush.fillStyle = fill;
    brush.fill();
    brush.strokeStyle = ring;
    brush.lineWidth = 2 * PATTERN_RATIO;
    brush.stroke();
  };

/** A cell with reports. */
const square =
  (colours: Palette, line: string): Paint =>
  (brush) => {
    const { width, height } = brush.canvas;
    const side = height * 0.7;
    flat(colours.land)(brush);
    brush.beginPath();
    brush.rect((width - side) / 2, (height - side) / 2, side, side);
    brush.globalAlpha = 0.25;
    brush.fillStyle = line;
    brush.fill();
    brush.globalAlpha = 1;
    brush.strokeStyle = line;
    brush.lineWidth = PATTERN_RATIO;
    brush.stroke();
  };

/** A neck between its two tips. */
const chord =
  (colours: Palette): Paint =>
  (brush) => {
    const { width, height } = brush.canvas;
    const ends = [7 * PATTERN_RATIO, width - 7 * PATTERN_RATIO];
    flat(colours.land)(brush);
    brush.strokeStyle = colours.ink;
    brush.lineWidth = 2.4 * PATTERN_RATIO;
    brush.beginPath();
    brush.moveTo(ends[0] ?? 0, height / 2);
    brush.lineTo(ends[1] ?? width, height / 2);
    brush.stroke();
    brush.fillStyle = colours.paper;
    brush.lineWidth = 1.6 * PATTERN_RATIO;
    for (const x of ends) {
      brush.beginPath();
      brush.arc(x, height / 2, 3 * PATTERN_RATIO, 0, 2 * Math.PI);
      brush.fill();
      brush.stroke();
    }
  };

/** The swatches of a layer's row. */
function picture(layer: LayerId, data: Document, colours: Palette): HTMLElement {
  const each = (paint: (index: number) => Paint): Paint[] => data.sides.map((_, i) => paint(i));
  const line = (i: number, alpha = 1): string => css(colours.sides[i]?.line ?? colours.grey, alpha);
  switch (layer) {
    case "held":
    case "grey":
      return swatch(); // their swatches stand in the list below the sentence
    case "infiltration":
      return swatch(...each((i) => tiled(colours, infiltrationPattern(i, colours))));
    case "unobserved":
      return swatch(tiled(colours, unobservedPattern(colours)));
    case "out_of_range":
      return swatch(tiled(colours, outOfRangePattern(colours)));
    case "edges":
      return swatch(...each((i) => stroke(colours, line(i), 2.5)));
    case "bands":
      return swatch(...each((i) => stroke(colours, line(i, 0.28), 9)));
    case "even_odds":
      return swatch(stroke(colours, colours.ink, 1.4, [7, 6]));
    case "pockets":
      return swatch(chord(colours));
    case "reports":
      return swatch(
        ...each((i) =>
          data.dates.at(-1)?.public ? square(colours, line(i)) : dot(colours, line(i), colours.paper, 4),
        ),
      );
    case "settlements":
      return swatch(...each((i) => dot(colours, colours.paper, line(i), 5)));
    case "interdicted":
      return swatch(
        ...each((i) => tiled(colours, interdictedPattern(i, 2, colours))),
        tiled(colours, unlookedPattern(colours)),
      );
    case "routes":
      return swatch(...colours.nearRoad.map((colour) => stroke(colours, colour, 3)));
    case "roads":
      return swatch(layered(stroke(colours, colours.roadCase, 5), (brush) => roadCore(brush, colours)));
    case "barriers":
      return swatch(stroke(colours, colours.water, 3));
  }
}

function roadCore(brush: CanvasRenderingContext2D, colours: Palette): void {
  brush.strokeStyle = colours.road;
  brush.lineWidth = 2.6 * PATTERN_RATIO;
  brush.stroke();
}

/** Held: which swatch is whose. Grey: what each pattern means. */
function details(layer: LayerId, data: Document, state: State, colours: Palette): HTMLElement | null {
  if (layer === "grey") {
    return h(
      "ul",
      { class: "reasons" },
      ...GREY_REASONS.map((reason) =>
        h("li", {}, swatch(tiled(colours, greyPattern(reason, colours))), say(state.language, reason)),
      ),
    );
  }
  if (layer !== "held") return null;
  return h(
    "ul",
    { class: "reasons" },
    ...data.sides.map((side, i) => {
      const colour = css(colours.sides[i]?.fill ?? colours.grey, colours.fillOpacity);
      return h(
        "li",
        {},
        swatch(layered(flat(colours.land), flat(colour))),
        sideName(data.sides, side.id, state.language),
      );
    }),
  );
}

/** What a layer means; on a public page reports are cells, and what may not show yet says from when on it may. */
function meaningOf(layer: LayerId, data: Document, { date, language }: State): string {
  const edition = data.dates[date]?.public;
  const means =
    layer === "reports" && edition
      ? say(language, "cells_means", { km: numberText(edition.cell_km, language) })
      : say(language, `${layer}_means` as Word);
  const from = edition?.not_before[layer];
  return from ? `${means} (${say(language, "not_before", { date: dateText(from, language) })})` : means;
}

function row(layer: LayerId, data: Document, store: Store, colours: Palette): HTMLElement {
  const { language, layers } = store.now;
  const isPlain = layer === "roads" || layer === "barriers";
  const attributes = {
    role: "switch",
    id: `layer-${layer}`,
    checked: layers.has(layer),
    "aria-describedby": isPlain ? null : `means-${layer}`,
  };
  const box = tickBox(attributes, (on) => {
    const others = LAYERS.filter((one) => one !== layer && store.now.layers.has(one));
    store.set({ layers: new Set(on ? [...others, layer] : others) });
  });
  const meaning = isPlain ? null : h("p", { id: `means-${layer}` }, meaningOf(layer, data, store.now));
  return h(
    "div",
    { class: "row" },
    h(
      "label",
      { for: `layer-${layer}` },
      picture(layer, data, colours),
      h("span", { class: "name" }, say(language, layer)),
      box,
    ),
    meaning,
    details(layer, data, store.now, colours),
  );
}

const FILES = ["areas.geojson", "front.geojson", "reports.geojson", "control.tif", "edition.json"];
const FEEDS = [
  ["Atom", "feed.atom"],
  ["JSON", "feed.json"],
] as const;

/** On a published page: where the edition's files and the feeds lie, for who makes maps of their own. */
export function takeAway(data: Document, edition: PublicDate | null, language: Language): HTMLElement[] {
  if (!edition) return [];
  const [home, top] = data.history ? [`editions/${edition.id}/`, ""] : ["", "../../"];
  const line = (title: string, links: readonly (readonly [text: string, href: string])[]): HTMLElement =>
    h(
      "p",
      { class: "quiet take" },
      `${title}: `,
      ...links.flatMap(([text, href], k) => [
        k ? " · " : "",
        h("a", { id: `take-${text.replace(/\W/g, "-")}`, href }, text),
      ]),
    );
  return [
    line(
      say(language, "files_of", { n: String(edition.number) }),
      FILES.map((file) => [file, `${home}${file}`] as const),
    ),
    line(
      say(language, "feeds"),
      FEEDS.map(([name, file]) => [name, `${top}${file}`] as const),
    ),
  ];
}

/** What the key says of a day beside what it says of all: drawn anew only when that changes. */
export function legendOf({ public: edition }: Sheet): string {
  if (!edition) return "";
  const mappers = edition.mappers.map((one) => ({ ...one, says: "", shapes: null }));
  return JSON.stringify([edition.not_before, edition.cell_km, mappers]);
}

/** The whole key, as one fragment. */
export function mapKey(data: Document, store: Store, colours: Palette): DocumentFragment {
  const { language } = store.now;
  const all = document.createDocumentFragment();
  for (const group of GROUPS)
    all.append(
      h(
        "fieldset",
        {},
        h("legend", {}, say(language, group.title)),
        ...group.layers.map((layer) => row(layer, data, store, colours)),
      ),
    );
  all.append(h("p", { class: "quiet", id: "definitions" }, say(language, "definitions", { v: String(DEFINITIONS) })));
  all.append(h("div", { id: "take" }, ...takeAway(data, data.dates[store.now.date]?.public ?? null, language)));
  return all;
}
