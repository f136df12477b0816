// The row being written: its state, what follows from a change of it, and what is asked of the server about it.
import { Soon } from "../asking";
import { clockOf } from "../clock";
import type { Desk } from "../panel";
import type { RowAnswer } from "./entry_answer";
import type { Row } from "./entry_form";
import { RowKeeper } from "./entry_keeper";
import { Post } from "./entry_post";
import { Reply, type Sent } from "./entry_reply";
import { choose, EMPTY, take, touching, write, type Habit, type Read, type RowDraft } from "./entry_rules";

const TYPED_MS = 160;

interface Hands {
  /** The row is another. */
  changed(): void;
  /** The server told how it reads. */
  answered(): void;
  save(): void;
  clear(): void;
}

export class EntryRow implements Row {
  readonly #desk: Desk;
  readonly #hands: Hands;
  readonly #sides: readonly string[];
  readonly #clock: () => string;
  readonly #keeper: RowKeeper;
  readonly #post: Post;
  readonly #reply: Reply;
  /** What is typed into a field becomes the row's state once the hands rest. */
  readonly #typed = new Soon(TYPED_MS);
  #draft: RowDraft = EMPTY;

  constructor(desk: Desk, hands: Hands) {
    [this.#desk, this.#hands] = [desk, hands];
    this.#sides = desk.about.sides.map((side) => side.id);
    this.#clock = clockOf(desk.about.now, desk.about.timezone);
    this.#keeper = new RowKeeper(desk);
    this.#post = new Post(desk);
    this.#reply = new Reply(
      desk,
      (draft) => this.#sent(draft),
      () => hands.answered(),
    );
  }

  get draft(): RowDraft {
    return this.#draft;
  }

  get read(): Read | null {
    return this.#post.read;
  }

  get habit(): Habit | null {
    return this.#post.habit;
  }

  /** How the server reads it, and what is like it. */
  get answer(): RowAnswer {
    return this.#reply.row;
  }

  today(): string {
    return this.#clock();
  }

  save(): void {
    this.#hands.save();
  }

  clear(): void {
    this.#hands.clear();
  }

  // Changes

  /** A new state of the row: kept on disk, read back, drawn. */
  change(draft: RowDraft, ms?: number): void {
    this.#keep(draft);
    this.#hands.changed();
    this.#typed.stop();
    this.#reply.soon(() => this.#draft, ms);
  }

  #keep(draft: RowDraft): void {
    this.#draft = draft;
    this.#keeper.keep(draft);
  }

  choose(column: string, value: string): void {
    this.change(choose(this.#draft, column, value, this.#sides, this.habit));
  }

  set(column: string, value: string): void {
    this.change(this.#written(column, value));
  }

  typed(column: string, value: string): void {
    this.#draft = this.#written(column, value);
    this.#reply.wait();
    this.#typed.run(() => this.change(this.#draft, 0));
  }

  #written(column: string, value: string): RowDraft {
    return write(this.#draft, column, value, this.#sides, this.habit);
  }

  /** Rows of a table, as they are typed: nothing of this row changes. */
  keepTable(bulk: string): void {
    this.#keep({ ...this.#draft, bulk });
  }

  // The post

  /** The post as it is being typed. */
  typedPost(text: string): void {
    this.#draft = { ...this.#draft, text };
    this.#post.typed(() => this.#readNow());
  }

  /** The post as a whole. */
  setPost(text: string): void {
    this.#keep({ ...this.#draft, text });
    this.readSource();
  }

  #readNow(): void {
    this.#post.stopTyping();
    this.#keeper.keep(this.#draft);
    this.readSource();
  }

  /** Take over what post and source tell by themselves. */
  readSource(): void {
    void this.#post.ask(this.#draft, (read) => {
      this.change(take(this.#draft, read, this.#sides), 0);
      this.goTo();
    });
  }

  // The spot

  nextSpot(): void {
    const spot = this.#post.nextSpot();
    if (spot) this.setSpot(spot.lon, spot.lat);
  }

  setSpot(lon: number, lat: number): void {
    const cells = { ...this.#draft.cells, lon: lon.toFixed(6), lat: lat.toFixed(6) };
    this.change(touching({ ...this.#draft, cells }, "spot"));
    this.goTo();
  }

  /** Bring its spot into view. */
  goTo(): void {
    const { lon, lat } = this.#draft.cells;
    if (lon && lat) this.#desk.map.goTo([Number(lon), Number(lat)]);
  }

  // From disk, and into the ledger

  /** The row as it was kept; its post is still to be read. */
  async restore(): Promise<void> {
    this.#draft = { ...EMPTY, ...(await this.#keeper.kept()) };
  }

  /** Another row in its place, with all that was set in it. */
  takeUp(draft: RowDraft): void {
    this.change({ ...EMPTY, ...draft, backfill: this.#draft.backfill }, 0);
    void this.readAgain();
  }

  /** Read the post of a row that was taken over: it fills nothing in. */
  readAgain(): Promise<void> {
    return this.#post.ask(this.#draft, () => undefined);
  }

  /** Ask at once how the row reads. */
  ask(): void {
    void this.#reply.ask(this.#draft);
  }

  /** Until all that was typed is read, for a row is never saved from half a coordinate. False if near-duplicates only turned up now. */
  async settled(): Promise<boolean> {
    if (this.#post.isTyped) this.#readNow();
    await this.#post.settled();
    this.#typed.stop();
    this.#reply.wait();
    return this.#reply.isSeen(this.#draft);
  }

  /** The row as the server takes it. */
  get sent(): Sent {
    return this.#sent(this.#draft);
  }

  #sent({ cells, day, part, backfill }: RowDraft): Sent {
    return { cells, day: day || this.#clock(), part, backfill };
  }

  /** An empty row; whether evidence is old stays as it was. */
  reset(): void {
    this.#post.forget();
    this.#reply.forget();
    this.change({ ...EMPTY, backfill: this.#draft.backfill });
  }
}
