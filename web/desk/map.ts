// The desk's map: the public page's drawing below, every panel's own layers above it.
import { LngLatBounds, type LayerSpecification, type Map as GlMap } from "maplibre-gl";
import type { Feature, FeatureCollection } from "geojson";
import { parse, type Document } from "../src/data";
import { h } from "../src/dom";
import type { Box } from "../src/geometry";
import { collection, NOTHING, point } from "../src/geojson";
import { repaint } from "../src/layers";
import { WarMap } from "../src/map";
import { palette, type Palette, type Tone } from "../src/palette";
import { RIM_PX, slide } from "../src/slide";
import type { Language, LayerId } from "../src/state";

/** `GET /api/reports`: columns of equal length. */
export interface Columns {
  readonly id: string[];
  readonly lon: number[];
  readonly lat: number[];
  readonly kind: string[];
  readonly seen: (string | null)[];
  readonly day: string[];
  readonly last: string | null;
  readonly simulated: boolean;
}

/** A panel's own drawing: sources by name, and layers in a palette; names begin with the panel's id. */
export interface Overlay {
  readonly sources: readonly string[];
  layers(colours: Palette): readonly LayerSpecification[];
}

const EDGE_PX = RIM_PX + 48;
const FRAME_PX = { top: EDGE_PX, right: EDGE_PX, bottom: EDGE_PX, left: EDGE_PX };
const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");
const LAYERS_SHOWN: readonly LayerId[] = [
  "held",
  "grey",
  "bands",
  "edges",
  "reports",
  "settlements",
  "roads",
  "barriers",
  "infiltration",
  "unobserved",
];

/** The view in the map's element, `lon,lat,zoom`, for whoever measures how it moves. */
function tellView(gl: GlMap, element: HTMLElement): void {
  const tell = (): void =>
    void (element.dataset["view"] = [...gl.getCenter().toArray(), gl.getZoom()].map((one) => one.toFixed(6)).join());
  gl.on("move", tell);
  tell();
}

export class DeskMap {
  readonly war: WarMap;
  readonly gl: GlMap;
  readonly #first: Document;
  readonly #overlays: Overlay[] = [];
  #colours: Palette;
  #reports: FeatureCollection = NOTHING;

  private constructor(war: WarMap, data: Document, colours: Palette) {
    this.war = war;
    this.gl = war.gl;
    this.#first = data;
    this.#colours = colours;
  }

  static async in(container: HTMLElement, document_: unknown, tone: Tone): Promise<DeskMap> {
    const data = parse(JSON.stringify(document_));
    const colours = palette(data.sides, tone);
    const room = h("div", { class: "room" });
    room.style.inset = `${-RIM_PX}px`;
    container.append(room);
    const war = await WarMap.in(room, data, colours, null, RIM_PX);
    slide(war.gl);
    tellView(war.gl, container);
    war.choose(new Set(LAYERS_SHOWN));
    return new DeskMap(war, data, colours);
  }

  get colours(): Palette {
    return this.#colours;
  }

  /** Show a document of `/api/ground` or `/api/draft`. */
  show(document_: unknown, language: Language): void {
    const sheet = parse(JSON.stringify(document_)).dates.at(-1);
    if (!sheet) return;
    this.war.show(sheet, language);
    this.#drawReports();
  }

  /** Every report of the ledger as points, clustered. */
  reports(columns: Columns): void {
    const points = columns.id.map((id, i) =>
      point([columns.lon[i] ?? 0, columns.lat[i] ?? 0], {
        id,
        kind: columns.kind[i] ?? "",
        seen: columns.seen[i] ?? null,
        day: columns.day[i] ?? "",
      }),
    );
    this.#drawReports(points);
  }

  /** One more report, just entered. */
  addReport(report: {
    readonly id: string;
    readonly lon: number;
    readonly lat: number;
    readonly kind: string;
    readonly seen: string | null;
  }): void {
    const { lon, lat, ...properties } = report;
    this.#drawReports([...this.#reportsBut(report.id), point([lon, lat], properties)]);
  }

  /** A report that was taken back. */
  removeReport(id: string): void {
    this.#drawReports(this.#reportsBut(id));
  }

  #reportsBut(id: string): Feature[] {
    return this.#reports.features.filter((one) => one.properties?.["id"] !== id);
  }

  #drawReports(reports: readonly Feature[] = this.#reports.features): void {
    this.#reports = collection(reports);
    this.war.filled.set("reports", this.#reports);
  }

  /** Add a panel's own sources and layers, above all others. */
  overlay(overlay: Overlay): void {
    this.#overlays.push(overlay);
    for (const source of overlay.sources) this.war.filled.addSource(source);
    for (const layer of overlay.layers(this.#colours)) this.war.filled.addLayer(layer);
  }

  /** Fill one of an overlay's sources. */
  set(source: string, data: FeatureCollection): void {
    this.war.filled.set(source, data);
  }

  repaint(tone: Tone): void {
    this.#colours = palette(this.#first.sides, tone);
    this.war.repaint(this.#colours);
    repaint(
      this.gl,
      this.#overlays.flatMap((one) => one.layers(this.#colours)),
    );
  }

  /** What is seen of the map: its rim is not. */
  get bounds(): LngLatBounds {
    const { clientWidth, clientHeight } = this.gl.getContainer();
    return new LngLatBounds(
      this.gl.unproject([RIM_PX, clientHeight - RIM_PX]),
      this.gl.unproject([clientWidth - RIM_PX, RIM_PX]),
    );
  }

  /** Bring a spot into view if it is out of it, or too small to judge. */
  goTo(spot: readonly [number, number], least = 10.5): void {
    const inside = this.bounds.contains([spot[0], spot[1]]);
    if (inside && this.gl.getZoom() >= least) return;
    this.gl.easeTo({
      center: [spot[0], spot[1]],
      zoom: Math.max(least, this.gl.getZoom()),
      duration: STILL.matches ? 0 : 250,
    });
  }

  fit(box: Box): void {
    this.war.fit(box, FRAME_PX, true);
  }
}
