// The days of the document: what lies in it, what has to be fetched from beside the page, and which edition was the one we had on a day.
import { filled, type Document, type Past, type PlacesOverTime, type Settlement, type Sheet } from "./data";
import { Recent } from "./recent";

/** So many fetched days are kept, of about 1.5 MB each; the others lie in the browser's own cache of files. */
const KEPT = 64;

/** The last moment of a day, or the moment itself if it names an hour. */
const endOf = (day: string): number => (day.length === 10 ? Date.parse(`${day}T23:59:59.999Z`) : Date.parse(day));

/** Days on which an edition was made, the newest first: those that one may ask to know as of. */
export const knowledgeDays = (history: readonly Past[]): string[] =>
  [...new Set(history.map((one) => one.made_at.slice(0, 10)))].sort().reverse();

/** Of the editions of one day the one that we had at the end of day `known`; null if there was none yet. */
export function editionThen(history: readonly Past[], asOf: string, known: string): Past | null {
  const then = history.filter(
    (one) => Date.parse(one.as_of) === Date.parse(asOf) && Date.parse(one.made_at) <= endOf(known),
  );
  return then.reduce<Past | null>((best, one) => (best && best.number > one.number ? best : one), null);
}

/** The newest day of which we had a map at the end of day `known`. */
export function currentThen(history: readonly Past[], known: string): Past | null {
  const then = history.filter((one) => Date.parse(one.made_at) <= endOf(known));
  const newest = then.reduce<Past | null>(
    (best, one) => (best && Date.parse(best.as_of) > Date.parse(one.as_of) ? best : one),
    null,
  );
  return newest && editionThen(history, newest.as_of, known);
}

type Missing = NonNullable<Sheet["missing"]>;

/** A day without a map: why there is none. */
const without = (sheet: Sheet, missing: Missing, reason = ""): Sheet =>
  filled({
    as_of: sheet.as_of,
    known_by: null,
    state: sheet.state,
    changed_km2: null,
    reports_used: null,
    missing,
    missing_reason: reason,
    public: null,
  } as unknown as Sheet);

/** For each place of the document its number in another list of the same places; -1 where that lacks it. */
function numbersIn(other: readonly Settlement[], own: readonly Settlement[]): number[] {
  const found = new Map(other.map((place, k) => [`${place.name} ${place.lon} ${place.lat}`, k]));
  return own.map((place) => found.get(`${place.name} ${place.lon} ${place.lat}`) ?? -1);
}

/** A day of another document in the order of this one's settlements. */
export function reordered(day: Sheet, other: readonly Settlement[] | undefined, own: readonly Settlement[]): Sheet {
  if (!other) return day;
  const numbers = numbersIn(other, own);
  if (other.length === own.length && numbers.every((number, k) => number === k)) return day;
  const back = new Map(numbers.map((number, k) => [number, k]));
  const sheet = {
    ...day,
    status: own.map((place, k) => day.status[numbers[k] ?? -1] ?? { name: place.name, status: null, p: null }),
  };
  const pockets = {
    ...day.pockets,
    features: day.pockets.features.map((one) => ({
      ...one,
      properties: { ...one.properties, inside: one.properties.inside.flatMap((k) => back.get(k) ?? []) },
    })),
  };
  if (!day.public) return { ...sheet, pockets };
  const mappers = day.public.mappers.map((head) => ({
    ...head,
    says: numbers.map((number) => head.says[number] ?? "-").join(""),
  }));
  const why = day.public.why.flatMap((one) =>
    one.place === null ? [one] : back.has(one.place) ? [{ ...one, place: back.get(one.place) ?? null }] : [],
  );
  return {
    ...sheet,
    pockets,
    public: {
      ...day.public,
      why,
      mappers,
      places: day.public.places.length ? numbers.map((number) => day.public?.places[number] ?? null) : [],
    },
  };
}

interface DayFile {
  readonly dates?: readonly Sheet[];
  readonly settlements?: readonly Settlement[];
  readonly state?: string;
  readonly reason?: string;
}

/** Only a plain relative path is followed: no scheme, no host, no query. */
export const isPlainPath = (file: string): boolean => /^(\.\.\/)*[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(file);

export async function read(file: string, cache: RequestCache = "default"): Promise<unknown> {
  if (!isPlainPath(file)) throw new Error("an address that is no plain path");
  const answer = await fetch(file, { credentials: "same-origin", cache });
  if (!answer.ok && answer.status !== 410) throw new Error(`${answer.status}`); // gone: the tombstone says why
  return answer.json();
}

/** Fetches days as they are asked for, and keeps those that were shown last. */
export class Days {
  readonly #data: Document;
  readonly #ready = new Recent<Sheet>(KEPT);
  readonly #under = new Map<string, Promise<Sheet>>();
  #places: Promise<PlacesOverTime | null> | null = null;

  constructor(data: Document) {
    this.#data = data;
  }

  get length(): number {
    return this.#data.dates.length;
  }

  /** Where the map of a date lies as we knew it then: in the document (null), in a file, or nowhere and why. */
  #where(date: number, known: string | null): { file: string | null; missing: Missing | null; reason: string } {
    const sheet = this.#data.dates[date];
    const history = this.#data.history;
    if (!known || !history?.length || !sheet) return { file: sheet?.file ?? null, missing: null, reason: "" };
    const then = editionThen(history, sheet.as_of, known);
    if (!then) return { file: null, missing: "unpublished", reason: "" };
    if (then.state === "pulled") return { file: null, missing: "pulled", reason: then.reason ?? "" };
    if (then.id === sheet.public?.id) return { file: sheet.file ?? null, missing: null, reason: "" };
    return { file: then.file ?? null, missing: then.file ? null : "unread", reason: "" };
  }

  /** The day's map if it is here, else null. */
  at(date: number, known: string | null): Sheet | null {
    const sheet = this.#data.dates[date];
    if (!sheet) return null;
    const { file, missing, reason } = this.#where(date, known);
    if (missing) return without(sheet, missing, reason);
    return file ? (this.#ready.get(file) ?? null) : sheet;
  }

  /** The day's map, fetched if need be; never fails, for a day that cannot be read says so. */
  async load(date: number, known: string | null): Promise<Sheet> {
    const here = this.at(date, known);
    if (here) return here;
    const { file } = this.#where(date, known);
    const sheet = this.#data.dates[date] as Sheet;
    if (!file) return without(sheet, "unread");
    const asked = this.#under.get(file) ?? this.#fetch(file, sheet);
    this.#under.set(file, asked);
    const found = await asked;
    this.#under.delete(file); // one that could not be read is asked for again next time
    return found;
  }

  async #fetch(file: string, sheet: Sheet): Promise<Sheet> {
    try {
      const made = this.#dayOf((await read(file)) as DayFile, sheet);
      if (made.missing !== "unread") this.#ready.set(file, made);
      return made;
    } catch {
      return without(sheet, "unread");
    }
  }

  /** The day that a file holds; of a withdrawn edition it holds a tombstone. */
  #dayOf({ dates, settlements, state, reason = "" }: DayFile, sheet: Sheet): Sheet {
    const day = dates?.[0];
    if (state === "pulled") return without(sheet, "pulled", reason);
    return day ? reordered(filled(day), settlements, this.#data.settlements) : without(sheet, "unread", reason);
  }

  /** Fetch what comes next, so that playing does not wait. */
  ahead(date: number, known: string | null, far = 2): void {
    for (let next = date + 1; next <= Math.min(date + far, this.length - 1); next++) void this.load(next, known);
    if (date > 0) void this.load(date - 1, known);
  }

  /** What became of each settlement over the editions, fetched once; null where nothing tells it. */
  places(): Promise<PlacesOverTime | null> {
    this.#places ??= this.#readPlaces();
    return this.#places;
  }

  async #readPlaces(): Promise<PlacesOverTime | null> {
    const { places, places_file: file } = this.#data;
    if (places || !file) return places ?? null;
    return read(file).catch(() => null) as Promise<PlacesOverTime | null>;
  }
}
