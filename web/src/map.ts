// The MapLibre map: made once, then told of each new date, layer, language, palette and spot.
import {
  Map as GlMap,
  setWorkerUrl,
  type GeoJSONSource,
  type LayerSpecification,
  type MapGeoJSONFeature,
  type MapMouseEvent,
  type PointLike,
  type StyleSpecification,
} from "maplibre-gl";
import type { FeatureCollection } from "geojson";
import type { Document, Lonlat, ReportFeature, Sheet } from "./data";
import { Filled } from "./filled";
import { NOTHING } from "./geojson";
import { boxOf, within, type Box } from "./geometry";
import { bottom, FONTS, layers, PARTS, repaint } from "./layers";
import { drawLetters, lean, whole } from "./lean";
import { marks } from "./marks";
import type { Palette } from "./palette";
import { packedUp } from "./parcel";
import { pocketShapes } from "./pockets";
import { Parcel } from "./post";
import { PATTERN_RATIO, patterns, tilePixels } from "./patterns";
import { settlementPoints } from "./ranks";
import { DAY, DRAWN, emptySources, PLACES, sources, type Drawn } from "./sources";
import { LAYERS, type Language, type LayerId, type View } from "./state";
import { workerUrl } from "./worker";
import { holderOf, type Explanation } from "./why";

/** What is asked about. */
export interface Hit {
  readonly spot: Lonlat;
  readonly reports: readonly ReportFeature[];
}

/** What lies under a click on the map. */
interface Under {
  /** Its number. */
  readonly settlement: number | undefined;
  readonly reports: readonly ReportFeature[];
  readonly cluster: MapGeoJSONFeature | undefined;
}

const REACH_PX = 12;
/** Names are chosen anew when the days rest for so long: to set them takes longer than all else that a day draws. */
const RANKED_AFTER_MS = 300;

/** The switches of the key that show a part of the day. */
const SHOWN_BY: Readonly<Record<Drawn, readonly LayerId[]>> = {
  areas: ["held", "grey"],
  front: ["bands", "edges", "even_odds"],
  infiltration: ["infiltration"],
  unobserved: ["unobserved"],
  out_of_range: ["out_of_range"],
  interdicted: ["interdicted"],
  routes: ["routes"],
  cells: ["reports"],
  pockets: ["pockets"],
};

/** What lies on the map: a day's parts, told in a language. */
interface Laid {
  readonly sheet: Sheet;
  readonly language: Language;
  readonly parts: ReadonlySet<Drawn>;
}

const isSame = (one: FeatureCollection, other: FeatureCollection): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

const isLaid = (laid: Laid | null, { sheet, language, parts }: Laid): boolean =>
  laid?.sheet === sheet && laid.language === language && [...parts].every((part) => laid.parts.has(part));

export class WarMap {
  readonly gl: GlMap;
  readonly filled: Filled;
  readonly #data: Document;
  #colours: Palette;
  readonly #given = new Map<string, FeatureCollection>();
  #chosen: ReadonlySet<LayerId> | null = null;
  #shown: Pick<Laid, "sheet" | "language"> | null = null;
  #laid: Laid | null = null;
  #isLaying = false;
  #isGone = false;
  #places: FeatureCollection = NOTHING;
  /** The timer after which names are chosen anew. */
  #ranking: number | null = null;
  readonly #holders: string[] = [];

  private constructor(gl: GlMap, data: Document, colours: Palette) {
    this.gl = gl;
    gl.once("remove", () => {
      this.#isGone = true;
      window.clearTimeout(this.#ranking ?? undefined);
    });
    this.filled = new Filled(gl, emptySources(data));
    this.#data = data;
    this.#colours = colours;
  }

  /** A map in the container, drawn and ready for `show`; `padding` is what nobody sees of it on each side, in CSS pixels. */
  static async in(
    container: HTMLElement,
    data: Document,
    colours: Palette,
    view: View | null,
    padding = 0,
  ): Promise<WarMap> {
    setWorkerUrl(await workerUrl());
    const style: StyleSpecification = { version: 8, sources: sources(data), layers: [bottom(data, colours)] };
    const [west, south, east, north] = data.bounds;
    const gl = new GlMap({
      container,
      style,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      maxPitch: 0,
      maxZoom: 16,
      fadeDuration: 0,
      renderWorldCopies: false,
      ...(view
        ? { center: [view.lon, view.lat], zoom: view.zoom }
        : { bounds: [west, south, east, north], fitBoundsOptions: { padding } }),
      canvasContextAttributes: { preserveDrawingBuffer: true },
    });
    // "Save image as" would give the canvas without the stamp that lies over it.
    gl.getCanvas().addEventListener("contextmenu", (event) => event.preventDefault());
    lean(gl);
    whole(gl, [DAY, PLACES]);
    gl.touchZoomRotate.disableRotation();
    gl.keyboard.disableRotation();
    await gl.once("style.load");
    const map = new WarMap(gl, data, colours);
    map.#addAll();
    return map;
  }

  #addAll(): void {
    this.#addPatterns();
    for (const layer of layers(this.#data, this.#colours).slice(1))
      this.filled.addLayer(JSON.parse(JSON.stringify(layer)) as LayerSpecification);
  }

  #addPatterns(): void {
    for (const pattern of patterns(this.#colours))
      if (!this.gl.hasImage(pattern.id))
        this.gl.addImage(pattern.id, tilePixels(pattern), { pixelRatio: PATTERN_RATIO });
  }

  /** Repaint everything in another palette. */
  repaint(colours: Palette): void {
    this.#colours = colours;
    this.#addPatterns();
    repaint(this.gl, layers(this.#data, colours));
  }

  /** Give a source its data, unless it has it. */
  #set(source: string, data: FeatureCollection): void {
    const wanted = data.features.length ? data : NOTHING;
    if (this.#given.get(source) === wanted) return;
    this.#given.set(source, wanted);
    this.filled.set(source, wanted);
  }

  /** Show one date. */
  show(sheet: Sheet, language: Language): void {
    this.#set("reports", sheet.reports as unknown as FeatureCollection);
    this.#shown = { sheet, language };
    this.#lay();
    if (!this.#places.features.length) return this.#begin();
    this.#hold(sheet);
    window.clearTimeout(this.#ranking ?? undefined);
    this.#ranking = window.setTimeout(() => this.#rank(), RANKED_AFTER_MS);
  }

  /** Write settlements and necks in a language. */
  name(sheet: Sheet, language: Language): void {
    this.#shown = { sheet, language };
    this.#lay();
    this.#place();
  }

  /** The first day: all at once. */
  #begin(): void {
    this.#place();
    const names = this.#places.features.map((one) => one.properties?.["name"] as string).join("");
    window.setTimeout(() => this.#isGone || drawLetters(this.gl, FONTS.join(","), names)); // once the worker has been told what to do
  }

  /** Put every settlement on the map, those that are looked for most on the shown day first. */
  #place(): void {
    window.clearTimeout(this.#ranking ?? undefined);
    this.#ranking = null;
    if (!this.#shown) return;
    const { sheet, language } = this.#shown;
    this.#hold(sheet);
    const places = settlementPoints(this.#data, sheet, language);
    if (isSame(places, this.#places)) return;
    this.#places = places;
    this.#set(PLACES, places);
  }

  #rank(): void {
    this.#place();
    this.gl.triggerRepaint(); // and tells once more that the map is at rest
  }

  /** Whether names are still to be chosen for the day that is shown. */
  get isRanking(): boolean {
    return this.#ranking !== null;
  }

  /** Say who holds each settlement, by the colour of its ring. */
  #hold(sheet: Sheet): void {
    for (const id of this.#data.settlements.keys()) {
      const holder = holderOf(sheet.status[id]?.status) ?? "";
      if (this.#holders[id] === holder) continue;
      this.#holders[id] = holder;
      this.gl.setFeatureState({ source: PLACES, id }, { holder });
    }
  }

  /** Show the chosen layers and no other. */
  choose(chosen: ReadonlySet<LayerId>): void {
    this.#chosen = chosen;
    for (const layer of LAYERS) for (const part of PARTS[layer]) this.filled.want(part, chosen.has(layer));
    this.#lay();
  }

  /** Send the worker what is shown of the day, once all has been said of it; a part that no chosen layer draws is not sent. */
  #lay(): void {
    if (this.#isLaying) return;
    this.#isLaying = true;
    queueMicrotask(() => {
      this.#isLaying = false;
      if (this.#shown && !this.#isGone) this.#send({ ...this.#shown, parts: this.#parts });
    });
  }

  /** The parts of a day that a chosen layer draws. */
  get #parts(): ReadonlySet<Drawn> {
    const chosen = this.#chosen;
    return new Set(DRAWN.filter((part) => !chosen || SHOWN_BY[part].some((layer) => chosen.has(layer))));
  }

  #send(laid: Laid): void {
    if (isLaid(this.#laid, laid)) return;
    const { sheet, language, parts } = laid;
    this.#laid = laid;
    this.filled.send(DAY, new Parcel(packedUp(sheet, pocketShapes(sheet, language), parts)));
  }

  /** Mark a spot, and the numbered reports that moved it with their location errors. */
  mark(spot: Lonlat | null, why: Explanation | null, numbered: number, sides: readonly [string, string]): void {
    this.#set("why", spot ? marks(spot, (why?.pushes ?? []).slice(0, numbered), sides) : NOTHING);
  }

  /** The box of a sheet's front lines inside the theatre's bounds; the bounds if it has none. */
  frontBox(sheet: Sheet): Box {
    const edges = sheet.front.features.filter((line) => line.properties["role"] === "edge");
    return within(boxOf(edges.map((line) => line.geometry)) ?? [...this.#data.bounds], [...this.#data.bounds]);
  }

  /** Fit a box into what the panels leave free. */
  fit(box: Box, padding: { top: number; right: number; bottom: number; left: number }, animate: boolean): void {
    this.gl.fitBounds(box, { padding, animate, maxZoom: 12 });
  }

  view(): View {
    const { lng, lat } = this.gl.getCenter();
    return { lon: lng, lat, zoom: this.gl.getZoom() };
  }

  /** Call back with what lay under each click; a click on a cluster zooms in instead. */
  onAsk(ask: (hit: Hit) => void): void {
    this.gl.on("click", (event) => this.#clicked(event, ask));
    this.gl.getCanvas().addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      const { lng, lat } = this.gl.getCenter();
      ask({ spot: [lng, lat], reports: [] });
    });
  }

  #clicked(event: MapMouseEvent, ask: (hit: Hit) => void): void {
    const { settlement, reports, cluster } = this.#under(event.point);
    if (cluster && settlement === undefined) return void this.#open(cluster);
    const place = settlement === undefined ? undefined : this.#data.settlements[settlement];
    const { lng, lat } = event.lngLat;
    ask({ spot: place ? [place.lon, place.lat] : [lng, lat], reports });
  }

  /** What lies under a click: a settlement or reports within reach, or a cluster. */
  #under(at: MapMouseEvent["point"]): Under {
    const near: [PointLike, PointLike] = [
      [at.x - REACH_PX, at.y - REACH_PX],
      [at.x + REACH_PX, at.y + REACH_PX],
    ];
    const found = this.gl.queryRenderedFeatures(near, { layers: ["settlement", "report"] });
    const settlement = found.find((one) => one.layer.id === "settlement");
    const reports = found.filter((one) => one.layer.id === "report");
    return {
      settlement: settlement?.properties["index"] as number | undefined,
      reports: onePerId(reports) as unknown as ReportFeature[],
      cluster: this.gl.queryRenderedFeatures(at, { layers: ["cluster"] })[0],
    };
  }

  /** Come so near that a cluster falls apart. */
  async #open({ properties, geometry }: MapGeoJSONFeature): Promise<void> {
    if (geometry.type !== "Point") return;
    const source = this.gl.getSource<GeoJSONSource>("reports");
    const zoom = await source?.getClusterExpansionZoom(properties["cluster_id"] as number);
    const center = geometry.coordinates as [number, number];
    this.gl.easeTo({ center, zoom: Math.min(zoom ?? this.gl.getZoom() + 2, 15) });
  }
}

/** A feature may be found in several tiles. */
const onePerId = (found: readonly MapGeoJSONFeature[]): MapGeoJSONFeature[] => [
  ...new Map(found.map((one) => [String(one.properties["id"]), one])).values(),
];
