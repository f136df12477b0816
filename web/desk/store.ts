// What the whole desk agrees on: which panel, which day, what the map shows, and how far the ledger is.
import type { Language, Theme } from "../src/state";

export interface DeskState {
  readonly panel: string;
  /** The day under work, YYYY-MM-DD. */
  readonly asOf: string;
  /** Only what was known before this moment; "" = all that is known by the end of the day under work. */
  readonly knownBy: string;
  /** What the map shows: the last approved map, or the engine's draft of the day. */
  readonly shown: "approved" | "draft";
  readonly language: Language;
  readonly theme: Theme;
  /** The ledger's last hash: when it changes, what was worked out from it is old. */
  readonly head: string;
  readonly count: number;
  /** Whose name stands on decisions. */
  readonly editor: string;
}

/** Whether any of these became another. */
export const differs = (now: DeskState, before: DeskState, ...names: (keyof DeskState)[]): boolean =>
  names.some((name) => now[name] !== before[name]);

/** A day and a moment as the server reads them. */
export const when = ({ asOf, knownBy }: DeskState): { as_of: string; known_by?: string } => ({
  as_of: asOf,
  ...(knownBy ? { known_by: knownBy } : {}),
});

type Listener = (now: DeskState, before: DeskState) => void;

export class DeskStore {
  readonly #listeners: Listener[] = [];
  #state: DeskState;

  constructor(state: DeskState) {
    this.#state = state;
  }

  get now(): DeskState {
    return this.#state;
  }

  set(change: Partial<DeskState>): void {
    const before = this.#state;
    this.#state = { ...before, ...change };
    for (const listener of this.#listeners) listener(this.#state, before);
  }

  onChange(listener: Listener): void {
    this.#listeners.push(listener);
  }
}
