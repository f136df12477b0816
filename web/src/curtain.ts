// The curtain: a second map of another date over the first, cut off where the reader draws it to.
import type { Map as GlMap } from "maplibre-gl";
import { termsText } from "./compare_choice";
import { Differences } from "./compare";
import type { Document, Sheet } from "./data";
import { h } from "./dom";
import { WarMap } from "./map";
import { mapperName, type MapperHead } from "./mappers";
import type { Palette } from "./palette";
import { dateText, say } from "./i18n";
import type { Language, State } from "./state";

/** What stands left of the curtain's edge, and the words for both sides of it. */
export interface Half {
  readonly sheet: Sheet;
  readonly slider: string;
  readonly label: string;
  /** Whose map it is, if not ours, and on what terms. */
  readonly mapper?: MapperHead;
}

/** Another date of this map. */
export function ofDate(sheet: Sheet, asOf: string | undefined, language: Language): Half {
  const [left, right] = [dateText(sheet.as_of, language, "short"), dateText(asOf, language, "short")];
  return {
    sheet,
    slider: say(language, "compare_slider", { date: left }),
    label: say(language, "compare_label", { left, right }),
  };
}

/** Another mapper's map of an edition. */
export function ofMapper(sheet: Sheet, head: MapperHead, asOf: string, language: Language): Half {
  const [name, date, here] = [
    mapperName(head, language),
    dateText(head.as_of, language, "short"),
    dateText(asOf, language, "short"),
  ];
  return {
    sheet,
    mapper: head,
    slider: say(language, "compare_slider", { date: `${name}, ${date}` }),
    label: say(language, "mapper_label", { name, date, here }),
  };
}

export class Curtain {
  readonly element = h("div", { id: "curtain" });
  readonly #box = h("div", { id: "curtain-map", "aria-hidden": "true" });
  readonly #edge = h("div", { id: "curtain-edge", "aria-hidden": "true" });
  readonly #label = h("p", { id: "curtain-label", role: "status" });
  readonly #slider = h("input", {
    type: "range",
    id: "curtain-slider",
    min: 0,
    max: 100,
    step: 1,
    value: 50,
    "aria-describedby": "curtain-label",
  });
  #map: WarMap | null = null;
  #differences: Differences | null = null;
  #unfollow = (): void => undefined;

  private constructor() {
    this.element.append(this.#box, this.#edge, this.#label, this.#slider);
    this.#slider.addEventListener("input", () => this.#draw());
    this.#draw();
  }

  /** A curtain over a map's container; its map follows the other. */
  static async over(main: GlMap, data: Document, colours: Palette): Promise<Curtain> {
    const curtain = new Curtain();
    main.getContainer().after(curtain.element);
    curtain.#map = await WarMap.in(curtain.#box, data, colours, null);
    const gl = curtain.#map.gl;
    curtain.#differences = new Differences(gl, data, main);
    gl.getCanvas().tabIndex = -1;
    const follow = (): void => void gl.jumpTo({ center: main.getCenter(), zoom: main.getZoom() });
    main.on("move", follow);
    curtain.#unfollow = () => void main.off("move", follow);
    follow();
    return curtain;
  }

  #draw(): void {
    const share = `${this.#slider.value}%`;
    this.#box.style.clipPath = `inset(0 calc(100% - ${share}) 0 0)`;
    this.#edge.style.left = share;
  }

  /** Show a half, with the layers that are on. What differs from another mapper's map is marked on both halves; what changed since a date, on the later alone. */
  show(half: Half, shown: Sheet, { layers, language, differences }: State, colours: Palette): void {
    const { sheet, slider, label, mapper } = half;
    this.element.removeAttribute("data-waits");
    this.#map?.show(sheet, language);
    this.#map?.choose(layers);
    this.#differences?.show(differences && mapper ? half : null, shown, colours);
    this.#slider.setAttribute("aria-label", slider);
    this.#label.replaceChildren(
      label,
      ...(mapper ? [h("small", { id: "curtain-credit" }, termsText(mapper, language))] : []),
    );
  }

  /** What it shows is no longer what is asked for, and that is on its way. */
  wait(shown: Sheet, colours: Palette): void {
    this.element.setAttribute("data-waits", "");
    this.#differences?.show(null, shown, colours);
  }

  repaint(colours: Palette): void {
    this.#map?.repaint(colours);
  }

  remove(): void {
    this.#unfollow();
    this.#map?.gl.remove();
    this.element.remove();
  }
}
