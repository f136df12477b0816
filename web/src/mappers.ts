// Other mappers' maps of an edition: what stands of them in it, and their ground, which is fetched once somebody asks for it.
import { filled, type Document, type Names, type Sheet } from "./data";
import { read } from "./days";
import { apartFromWords } from "./direction";
import { nameIn } from "./i18n";
import { Recent } from "./recent";
import type { Shapes } from "./shapes";
import type { Language } from "./state";

/** Another mapper's map, as an edition names it. */
export interface MapperHead {
  readonly id: string;
  readonly names: Names;
  readonly as_of: string;
  /** Than the edition. */
  readonly days_older: number;
  readonly licence: string;
  readonly credit: string;
  readonly url?: string | null;
  /** Ids of the sides it draws, and `grey`. */
  readonly draws: readonly string[];
  /** A letter for each settlement of the edition: `0`, `1`, `g`, or `-` where that map says nothing. */
  readonly says: string;
  /** By side, km² held on this map alone and on theirs alone. */
  readonly only_km2: Readonly<Record<string, readonly [ours: number, theirs: number]>>;
  readonly shapes?: Shapes | null;
}

/** A mapper's map as it is shown beside ours. */
export interface Other {
  readonly head: MapperHead;
  readonly sheet: Sheet;
}

interface MappersFile {
  readonly mappers?: readonly MapperHead[];
}

/** What a sheet's edition holds of a mapper; null if nothing. */
export const headIn = (sheet: Sheet | undefined, id: string | null): MapperHead | null =>
  sheet?.public?.mappers.find((one) => one.id === id) ?? null;

export const mapperName = (head: MapperHead, language: Language): string =>
  apartFromWords(nameIn(head.names, language, head.id));

/** Those one may compare with: of the day that is shown, else of the newest day that has one of theirs. */
export function offered(data: Document, shown: Sheet): MapperHead[] {
  const found = new Map<string, MapperHead>();
  for (const sheet of [shown, ...[...data.dates].reverse()])
    for (const head of sheet.public?.mappers ?? []) if (!found.has(head.id)) found.set(head.id, head);
  return [...found.values()];
}

/** What a letter of `says` means as a settlement's status; null where that map says nothing. */
export function statusOf(letter: string | undefined, data: Document): string | null {
  const side = data.sides[Number(letter)];
  return letter === "g" ? "grey" : side && letter !== "-" ? `held_${side.id}` : null;
}

/** Their map as a day of ours: ground, its edges, settlements, and nothing else. */
function sheetOf(head: MapperHead, shapes: Shapes, data: Document): Sheet {
  const status = data.settlements.map((place, k) => ({
    name: place.name,
    status: statusOf(head.says[k], data),
    p: null,
  }));
  return filled({
    as_of: head.as_of,
    known_by: null,
    state: "mapper",
    shapes,
    status,
    changed_km2: null,
    reports_used: null,
    public: null,
  } as unknown as Sheet);
}

/** So many of their maps are kept: those that were shown last. */
const KEPT = 64;

/** Fetches their maps as they are asked for. */
export class Mappers {
  readonly #data: Document;
  readonly #ready = new Recent<Sheet>(KEPT);
  readonly #under = new Map<string, Promise<Sheet | null>>();
  readonly #unread = new Set<string>();

  constructor(data: Document) {
    this.#data = data;
  }

  /** Their map of a sheet's edition, if it is here. */
  at(sheet: Sheet, id: string): Sheet | null {
    const [key, head] = [keyOf(sheet, id), headIn(sheet, id)];
    const here = this.#ready.get(key);
    if (here || !head?.shapes) return here ?? null;
    const made = sheetOf(head, head.shapes, this.#data);
    this.#ready.set(key, made);
    return made;
  }

  /** Whether it was asked for in vain. */
  isUnread(sheet: Sheet, id: string): boolean {
    return this.#unread.has(keyOf(sheet, id));
  }

  /** What was asked for in vain may be asked for again. */
  forgive(): void {
    this.#unread.clear();
  }

  /** The same, fetched if need be; null if it cannot be. */
  load(sheet: Sheet, id: string): Promise<Sheet | null> {
    const key = keyOf(sheet, id);
    const asked = this.#under.get(key) ?? this.#fetch(sheet, id, key);
    this.#under.set(key, asked);
    return asked;
  }

  async #fetch(sheet: Sheet, id: string, key: string): Promise<Sheet | null> {
    const head = headIn(sheet, id);
    try {
      const file = (await read(`editions/${sheet.public?.id ?? ""}/mappers.json`)) as MappersFile;
      const shapes = file.mappers?.find((one) => one.id === id)?.shapes;
      if (!head || !shapes) throw new Error("not in the file");
      const made = sheetOf(head, shapes, this.#data);
      this.#ready.set(key, made);
      return made;
    } catch {
      this.#unread.add(key);
      return null;
    } finally {
      this.#under.delete(key);
    }
  }
}

const keyOf = (sheet: Sheet, id: string): string => `${sheet.public?.id ?? sheet.as_of}/${id}`;
