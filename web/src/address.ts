// The address line in step with the reader's choices, no more often than browsers bear.
import { isEmbedded } from "./embed";
import { linkWhole } from "./share";
import { toHash, type State, type Store } from "./state";

/** Chromium allows 200 changes of the address in 30 s. */
const [ADDRESSES, SPAN_MS] = [10, 2000];

export class Address {
  readonly #store: Store;
  readonly #dates: readonly string[];
  readonly #start: State;
  #written: number[] = [];
  #writing = 0;

  constructor(store: Store, dates: readonly string[], start: State) {
    this.#store = store;
    this.#dates = dates;
    this.#start = start;
  }

  /** At once, but no more often than allowed: scrubbing leaves the last. */
  write(): void {
    const now = performance.now();
    this.#written = this.#written.filter((then) => now - then < SPAN_MS);
    window.clearTimeout(this.#writing);
    if (this.#written.length < ADDRESSES) this.#put(now);
    else this.#writing = window.setTimeout(() => this.#put(performance.now()), SPAN_MS / 4);
  }

  #put(now: number): void {
    this.#written.push(now);
    const embed = isEmbedded("", location.hash) ? "&embed" : "";
    history.replaceState(null, "", `#${toHash(this.#store.now, this.#dates, this.#start)}${embed}`);
    linkWhole(this.#store.now);
  }
}
