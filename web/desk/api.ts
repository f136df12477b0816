// The desk's own server, and nothing else: JSON over same-origin requests that carry the page's cookie.
import type { Language } from "../src/state";

/** A sentence of the server in each language of the page. */
export type Said = Readonly<Record<Language, string>>;

/** A fault the server named: an HTTP status and one sentence. */
export class Problem extends Error {
  readonly status: number;
  readonly #said: Said | undefined;

  constructor(status: number, detail: string, said?: Said) {
    super(detail);
    [this.status, this.#said] = [status, said];
  }

  in(language: Language): string {
    return this.#said?.[language] ?? this.message;
  }
}

/** What went wrong, in the reader's language where the server has words for it. */
export function faultText(fault: unknown, language: Language): string {
  return fault instanceof Problem ? fault.in(language) : fault instanceof Error ? fault.message : String(fault);
}

/** What the server says of work that goes on. */
export interface Pending {
  readonly name: string;
  readonly said: string;
  readonly seconds: number;
}

type Query = Readonly<Record<string, string | number | null | undefined>>;

const HEADERS = { "X-Isofront-Desk": "1" } as const;
const SOON_MS = 150;
const LATER_MS = 600;

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

function address(path: string, query: Query): string {
  const asked = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const words = new URLSearchParams(asked.map(([name, value]) => [name, String(value)]));
  return asked.length ? `${path}?${words}` : path;
}

export class Api {
  readonly #pending: (pending: Pending | null) => void;

  /** `pending` hears of long work while it goes on, and null when it is done. */
  constructor(pending: (pending: Pending | null) => void) {
    this.#pending = pending;
  }

  /** GET; asks again until long work is done. */
  get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
    return this.#ask<T>("GET", address(path, query), undefined, signal);
  }

  /** POST, PUT or DELETE with a JSON body. */
  send<T>(method: "POST" | "PUT" | "DELETE", path: string, body: unknown = {}, signal?: AbortSignal): Promise<T> {
    return this.#ask<T>(method, path, JSON.stringify(body), signal);
  }

  async #ask<T>(method: string, url: string, body?: string, signal?: AbortSignal): Promise<T> {
    let told = false;
    try {
      for (let tries = 0; ; tries++) {
        const answer = await fetch(url, {
          method,
          cache: "no-store",
          credentials: "same-origin",
          redirect: "error",
          headers: body === undefined ? HEADERS : { ...HEADERS, "Content-Type": "application/json" },
          ...(body === undefined ? {} : { body }),
          ...(signal ? { signal } : {}),
        });
        const value = (await answer.json()) as T & { pending?: Pending; detail?: string; said?: Said };
        if (answer.status !== 202) {
          if (!answer.ok) throw new Problem(answer.status, value.detail ?? answer.statusText, value.said);
          return value;
        }
        told = true;
        if (value.pending) this.#pending(value.pending);
        await wait(tries < 10 ? SOON_MS : LATER_MS);
      }
    } finally {
      if (told) this.#pending(null);
    }
  }
}
