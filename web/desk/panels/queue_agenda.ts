// What there is to decide: the day's proposals as the server tells them, which were answered here, which is chosen.
import { Newest } from "../asking";
import type { Desk } from "../panel";
import { when } from "../store";
import type { Stretch } from "./queue_looks";
import type { Proposal, Queue, Settling } from "./queue_told";

type AllSettling = Readonly<Record<string, Settling | null>>;

/** Who hears of what came. */
interface Hands {
  proposals(): void;
  looks(): void;
  settling(): void;
}

export class Agenda {
  readonly #desk: Desk;
  readonly #asked = new Newest();
  #queue: Queue | null = null;
  #settling: AllSettling | null = null;
  #stretches: readonly Stretch[] | null = null;
  /** Proposals that were answered here, which the server may still list. */
  readonly #done = new Set<string>();
  /** The id of the chosen proposal. */
  chosen = "";

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  get queue(): Queue | null {
    return this.#queue;
  }

  /** What would settle each proposal; null while that is worked out. */
  get settling(): AllSettling | null {
    return this.#settling;
  }

  /** Where to look; null while that is worked out. */
  get stretches(): readonly Stretch[] | null {
    return this.#stretches;
  }

  get proposals(): readonly Proposal[] {
    return (this.#queue?.proposals ?? []).filter((one) => !this.#done.has(one.id));
  }

  /** The chosen proposal. */
  get one(): Proposal | null {
    return this.proposals.find((one) => one.id === this.chosen) ?? null;
  }

  /** It was of another day. */
  forget(): void {
    [this.#queue, this.#settling, this.#stretches] = [null, null, null];
    this.#done.clear();
  }

  /** Ask for the proposals, then for what takes longer to work out. */
  async load(hands: Hands): Promise<void> {
    const signal = this.#asked.next();
    this.#queue = await this.#get<Queue>("/api/queue", signal);
    this.#settling = null;
    this.#done.clear();
    if (!this.one) this.chosen = this.proposals[0]?.id ?? "";
    hands.proposals();
    this.#stretches = (await this.#get<{ readonly stretches: readonly Stretch[] }>("/api/look", signal)).stretches;
    hands.looks();
    if (!this.proposals.length) return;
    this.#settling = (await this.#get<{ readonly settling: AllSettling }>("/api/queue/settling", signal)).settling;
    hands.settling();
  }

  #get<T>(path: string, signal: AbortSignal): Promise<T> {
    return this.#desk.api.get<T>(path, when(this.#desk.store.now), signal);
  }

  /** The id of the proposal so many further on; after the last comes the first. */
  further(by: number): string {
    const all = this.proposals;
    const at = all.findIndex((one) => one.id === this.chosen);
    return all[(at + by + all.length) % all.length]?.id ?? "";
  }

  /** A proposal was answered: the one after it is chosen, after the last the first, after the only one none. */
  answered(id: string): void {
    const all = this.proposals;
    const next = all[all.findIndex((one) => one.id === id) + 1] ?? all[0];
    this.#done.add(id);
    this.chosen = next && next.id !== id ? next.id : "";
  }
}
