// Another map beside the one that is shown: the curtain over it, and what the two differ by as a layer.
import type { Map as GlMap } from "maplibre-gl";
import { Differences } from "./compare";
import { Curtain, ofDate, ofMapper, type Half } from "./curtain";
import type { Document, Sheet } from "./data";
import type { Days } from "./days";
import { headIn, Mappers, type Other } from "./mappers";
import type { Palette } from "./palette";
import type { State } from "./state";

export class Beside {
  readonly #gl: GlMap;
  readonly #data: Document;
  readonly #days: Days;
  readonly #mappers: Mappers;
  readonly #differences: Differences;
  #curtain: Promise<Curtain> | null = null;
  /** The id of the mapper who was asked for last. */
  #mapper: string | null = null;

  constructor(gl: GlMap, data: Document, days: Days) {
    this.#gl = gl;
    this.#data = data;
    this.#days = days;
    this.#mappers = new Mappers(data);
    this.#differences = new Differences(gl, data);
  }

  /** Show the other half that the state wants, once it is here; `again` is called when it has come, or cannot. `shown` is what stands on the map itself. */
  update(now: State, shown: Sheet, colours: Palette, again: () => void): void {
    if (now.mapper !== this.#mapper) this.#mappers.forgive(); // chosen anew
    this.#mapper = now.mapper;
    const half = now.mapper === null ? this.#ofDate(now, again) : this.#ofMapper(now.mapper, now, shown, again);
    if (half === "comes") this.#wait(shown, colours);
    else this.#show(half, shown, now, colours);
  }

  /** Whether another mapper's map of this day was asked for in vain. */
  isUnread(shown: Sheet, mapper: string | null): boolean {
    return mapper !== null && this.#mappers.isUnread(shown, mapper);
  }

  /** The other mapper's map of this day, if it is here. */
  other(shown: Sheet, mapper: string | null): Other | null {
    const head = headIn(shown, mapper);
    const sheet = head && this.#mappers.at(shown, head.id);
    return head && sheet ? { head, sheet } : null;
  }

  #ofDate({ compare, known, date, language }: State, again: () => void): Half | null {
    const other = compare === null ? null : this.#days.at(compare, known);
    if (compare !== null && !other) void this.#days.load(compare, known).then(again);
    return other && ofDate(other, this.#data.dates[date]?.as_of, language);
  }

  /** While it is fetched the map of before stays, paler, so that the curtain does not flicker from day to day; but no difference between maps of two days is marked. */
  #wait(shown: Sheet, colours: Palette): void {
    this.#differences.show(null, shown, colours);
    void this.#curtain?.then((curtain) => curtain.wait(shown, colours));
  }

  #ofMapper(mapper: string, { language }: State, shown: Sheet, again: () => void): Half | "comes" | null {
    const head = headIn(shown, mapper);
    if (!head || this.#mappers.isUnread(shown, mapper)) return null;
    const here = this.#mappers.at(shown, mapper);
    if (here) return ofMapper(here, head, shown.as_of, language);
    void this.#mappers.load(shown, mapper).then(again);
    return "comes";
  }

  #show(half: Half | null, shown: Sheet, state: State, colours: Palette): void {
    this.#differences.show(state.differences ? half : null, shown, colours);
    if (!half) {
      void this.#curtain?.then((curtain) => curtain.remove());
      this.#curtain = null;
      return;
    }
    this.#curtain ??= Curtain.over(this.#gl, this.#data, colours);
    void this.#curtain.then((curtain) => curtain.show(half, shown, state, colours));
  }

  repaint(colours: Palette): void {
    void this.#curtain?.then((curtain) => curtain.repaint(colours));
  }
}
