// What a panel is to the frame, and the frame to a panel. README.md in this folder tells how to add one.
import type { Names } from "../src/data";
import type { Language } from "../src/state";
import type { Api } from "./api";
import type { Binding } from "./keys";
import type { DeskMap } from "./map";
import type { DeskStore, DeskState } from "./store";

/** Words in both languages; every language has the same keys. */
export type Book<K extends string = string> = Readonly<Record<Language, Readonly<Record<K, string>>>>;

/** A word of a book in the reader's language, {holes} filled. */
export type Say<K extends string> = (key: K, holes?: Readonly<Record<string, string>>) => string;

/** How far the ledger is: what every request that writes is answered with. */
export interface Moved {
  readonly head: string;
  readonly count: number;
}

/** `GET /api/desk`. */
export interface About {
  readonly title: string;
  readonly titles: Readonly<Record<string, string>>;
  readonly name: string;
  readonly language: string;
  readonly languages: readonly string[];
  readonly simulated: boolean;
  readonly timezone: string;
  readonly starts: string | null;
  readonly ends: string | null;
  readonly anchor_date: string;
  readonly sides: readonly { readonly id: string; readonly names: Names; readonly colour: string }[];
  readonly bounds: readonly [number, number, number, number];
  readonly sources: readonly {
    readonly id: string;
    readonly reliability: string;
    readonly speaks_for: string | null;
    readonly lag_h: number | null;
  }[];
  readonly kinds: readonly string[];
  readonly means: readonly string[];
  readonly postures: readonly string[];
  readonly locations: readonly string[];
  readonly editor: string;
  readonly now: string;
  /** The day by the theatre's clock. */
  readonly today: string;
  /** The day under work where the address names none: today, or in an old war the newest with reports or an approved map. */
  readonly opens_on: string;
  readonly head: string;
  readonly count: number;
}

/** What the frame lends to every panel. */
export interface Desk {
  readonly about: About;
  readonly api: Api;
  readonly store: DeskStore;
  readonly map: DeskMap;
  /** Say something once, to eyes (the line at the bottom) and to screen readers; `fault` stays until the next word. */
  announce(text: string, kind?: "done" | "fault"): void;
  /** Show a fault of the server, or of ours. */
  failed(fault: unknown): void;
  /** The ledger moved on: from an answer that carries `head` and `count`. */
  moved(to: Moved): void;
  /** Words of a book in the reader's language, {holes} filled. */
  words<K extends string>(book: Book<K>): Say<K>;
  /** Go to another panel, by its id. */
  open(panel: string): void;
}

/** A panel once made. */
export interface View {
  /** What stands in the panel column; made once, kept while the desk is open. */
  readonly element: HTMLElement;
  /** Keys that work while the panel is open; asked at each press. */
  keys(): readonly Binding[];
  /** The panel comes to the front: put the focus where work begins. */
  shown?(): void;
  hidden?(): void;
  /** Language, day, head … changed; also called while another panel is open. */
  changed?(now: DeskState, before: DeskState): void;
  /** A click on the map while the panel is open; true if it was used. */
  clicked?(spot: readonly [number, number], event: { readonly x: number; readonly y: number }): boolean;
}

/** A panel as a module exports it: `export const panel: Panel = {...}`. */
export interface Panel {
  readonly id: string;
  /** Path data of a 24 x 24 line icon. */
  readonly icon: string;
  /** The panel's name on its tab. */
  readonly names: Readonly<Record<Language, string>>;
  make(desk: Desk): View;
}
