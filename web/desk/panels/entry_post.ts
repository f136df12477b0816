// A post that was pasted or typed: read by the server once the hands rest, one reading at a time.
import { Newest, Soon } from "../asking";
import type { Desk } from "../panel";
import type { Habit, Read, RowDraft } from "./entry_rules";

const TYPED_MS = 160;

export class Post {
  readonly #desk: Desk;
  readonly #asked = new Newest();
  readonly #typing = new Soon(TYPED_MS);
  #read: Read | null = null;
  #habit: Habit | null = null;
  #spotAt = 0;
  #reading: Promise<unknown> = Promise.resolve();

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** What the post told by itself; null before it was read. */
  get read(): Read | null {
    return this.#read;
  }

  /** What its source usually is; null without one. */
  get habit(): Habit | null {
    return this.#habit;
  }

  /** Something is being typed: `read` it once the hands rest. */
  typed(read: () => void): void {
    this.#typing.run(read);
  }

  /** Whether what was typed is not read yet. */
  get isTyped(): boolean {
    return this.#typing.isWaiting;
  }

  stopTyping(): void {
    this.#typing.stop();
  }

  /** Until the last reading that was asked for is there. */
  async settled(): Promise<void> {
    await this.#reading;
  }

  /** Read a row's post; `then` gets what it tells. */
  ask(draft: RowDraft, then: (read: Read) => void): Promise<void> {
    const reading = this.#ask(draft, then);
    this.#reading = reading;
    return reading;
  }

  async #ask({ text, cells, touched }: RowDraft, then: (read: Read) => void): Promise<void> {
    const signal = this.#asked.next();
    const source = touched.includes("source") ? (cells["source"] ?? "") : "";
    try {
      this.#read = await this.#desk.api.send<Read>("POST", "/api/entry/read", { text, source }, signal);
    } catch (fault) {
      return this.#desk.failed(fault);
    }
    this.#habit = this.#read.source ? this.#read.habit : null;
    this.#spotAt = 0;
    then(this.#read);
  }

  /** The next of the post's spots; null if there are not two. */
  nextSpot(): Read["spots"][number] | null {
    const spots = this.#read?.spots ?? [];
    if (spots.length < 2) return null;
    this.#spotAt = (this.#spotAt + 1) % spots.length;
    return spots[this.#spotAt] ?? null;
  }

  /** There is no post any more. */
  forget(): void {
    this.#typing.stop();
    this.#asked.stop();
    [this.#read, this.#habit, this.#spotAt] = [null, null, 0];
  }
}
