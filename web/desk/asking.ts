// Questions to the server of which only the newest counts.

export class Newest {
  #asked: AbortController | null = null;

  /** For a new question; the one before is given up. */
  next(): AbortSignal {
    this.stop();
    this.#asked = new AbortController();
    return this.#asked.signal;
  }

  stop(): void {
    this.#asked?.abort();
  }
}

/** Runs what is wanted once the hands have rested so long; a new wish takes the place of the one before. */
export class Soon {
  readonly #ms: number;
  #timer = 0;

  constructor(ms: number) {
    this.#ms = ms;
  }

  run(act: () => void, ms = this.#ms): void {
    this.stop();
    this.#timer = window.setTimeout(() => {
      this.#timer = 0;
      act();
    }, ms);
  }

  stop(): void {
    window.clearTimeout(this.#timer);
    this.#timer = 0;
  }

  /** Whether something is still to be run. */
  get isWaiting(): boolean {
    return this.#timer !== 0;
  }
}
