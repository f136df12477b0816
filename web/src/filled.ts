// Layers cost a pass over every tile, and their sources' tiles a stencil each, even where there is nothing to draw:
// on a software renderer, half of every frame. So a layer is switched off while its source is empty.
import type { GeoJSONSource, LayerSpecification, Map as GlMap } from "maplibre-gl";
import type { FeatureCollection } from "geojson";
import type { Parcel } from "./post";

export class Filled {
  readonly #gl: GlMap;
  readonly #empty: Set<string>;
  readonly #unwanted = new Set<string>();

  /** For a map whose sources of these names are empty as yet. */
  constructor(gl: GlMap, empty: Iterable<string>) {
    this.#gl = gl;
    this.#empty = new Set(empty);
  }

  /** A source that is empty as yet. */
  addSource(name: string): void {
    this.#gl.addSource(name, { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    this.#empty.add(name);
  }

  /** A layer on top of all others. */
  addLayer(layer: LayerSpecification): void {
    const isOn = !("source" in layer && typeof layer.source === "string" && this.#empty.has(layer.source));
    this.#gl.addLayer({
      ...layer,
      layout: { ...layer.layout, visibility: isOn ? "visible" : "none" },
    } as LayerSpecification);
  }

  /** Fill a source, or empty it. */
  set(name: string, data: FeatureCollection): void {
    void this.#gl.getSource<GeoJSONSource>(name)?.setData(data);
    if (this.#empty.has(name) === (data.features.length === 0)) return;
    if (data.features.length) this.#empty.delete(name);
    else this.#empty.add(name);
    for (const id of this.#gl.getLayersOrder()) if (this.#gl.getLayer(id)?.source === name) this.#turn(id);
  }

  /** Fill a source that never counts as empty, by what its worker makes a collection of. */
  send(name: string, parcel: Parcel): void {
    void this.#gl.getSource<GeoJSONSource>(name)?.setData(parcel as unknown as FeatureCollection);
  }

  /** Whether a layer shall be shown, once there is something in it. */
  want(id: string, isWanted: boolean): void {
    if (isWanted) this.#unwanted.delete(id);
    else this.#unwanted.add(id);
    this.#turn(id);
  }

  #turn(id: string): void {
    const isOn = !this.#unwanted.has(id) && !this.#empty.has(this.#gl.getLayer(id)?.source ?? "");
    this.#gl.setLayoutProperty(id, "visibility", isOn ? "visible" : "none");
  }
}
