// The user's own layers of named places: loaded from a file, listed, taken away.
import { h, replace } from "../../src/dom";
import { keepingFocus } from "../focus";
import type { Desk } from "../panel";
import { remover } from "./places_imagery";
import type { Layer, Layers, PlacesSay } from "./places_told";

const MOST_BYTES = 48_000_000;
const CHUNK = 0x8000;

/** Bytes in base64, in pieces that a call can take. */
function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}

/** What became of a file's rows. */
interface Loaded {
  readonly places: number;
  readonly without_name: number;
  readonly faults: Readonly<Record<string, number>>;
}

const lostIn = ({ without_name, faults }: Loaded): number =>
  Object.values(faults).reduce((sum, n) => sum + n, without_name);

export class OwnLayers {
  readonly element = h("section", { class: "places-part", id: "places-layers", tabindex: -1 });
  readonly #desk: Desk;
  readonly #say: PlacesSay;
  #layers: readonly Layer[] = [];

  constructor(desk: Desk, say: PlacesSay) {
    [this.#desk, this.#say] = [desk, say];
    void this.#read();
  }

  async #read(): Promise<void> {
    try {
      const { layers, shapes } = await this.#desk.api.get<Layers>("/api/layers");
      this.#layers = layers;
      this.#desk.map.set("places", shapes);
      this.draw();
    } catch (fault) {
      this.#desk.failed(fault);
    }
  }

  draw(): void {
    const say = this.#say;
    const file = h("input", { type: "file", id: "places-file", accept: ".geojson,.json,.gpkg,.kml,.csv" });
    file.addEventListener("change", () => void this.#load(file.files?.[0]));
    keepingFocus(this.element, () =>
      replace(
        this.element,
        h("h3", {}, say("layers")),
        h("p", { class: "quiet small" }, say("layers_say")),
        this.#layers.map((one) => this.#row(one)),
        h("label", { class: "places-load", for: "places-file" }, say("load")),
        file,
      ),
    );
  }

  #row({ id, places, kinds }: Layer): HTMLElement {
    const about = [this.#say("places", { n: String(places) }), kinds.join(", ")].filter(Boolean).join(" · ");
    return h(
      "div",
      { class: "places-line" },
      h("span", {}, h("b", {}, id), h("small", { class: "quiet" }, about)),
      remover(this.#say, id, () => void this.#remove(id)),
    );
  }

  async #remove(id: string): Promise<void> {
    try {
      await this.#desk.api.send("DELETE", `/api/layers/${encodeURIComponent(id)}`);
      await this.#read();
    } catch (fault) {
      this.#desk.failed(fault);
    }
  }

  async #load(file: File | undefined): Promise<void> {
    if (!file) return;
    if (file.size > MOST_BYTES) return this.#desk.announce(this.#say("too_large", { name: file.name }), "fault");
    try {
      const content = base64(new Uint8Array(await file.arrayBuffer()));
      const told = await this.#desk.api.send<Loaded>("POST", "/api/layers", { file: file.name, content });
      await this.#read();
      this.#desk.announce(this.#say("loaded", { n: String(told.places), lost: String(lostIn(told)) }));
    } catch (fault) {
      this.#desk.failed(fault);
    }
  }
}
