// How a day gets to MapLibre's worker: as one text, which is opened there. The engine's own way copies every position by itself in
// the page's thread, and asks for every layer's tiles apart. Both the page and the worker have to know the class, so both load this.
import { register } from "maplibre-gl/src/util/web_worker_transfer";
import type { FeatureCollection } from "geojson";
import { opened } from "./parcel";

/** What a source takes in place of a collection. */
export class Parcel {
  constructor(readonly text: string) {}

  static serialize({ text }: Parcel): { text: string } {
    return { text };
  }

  static deserialize({ text }: { readonly text: string }): FeatureCollection {
    return opened(text);
  }
}
register("Parcel", Parcel);
