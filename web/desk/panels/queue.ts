// The queue: proposals one by one, by keys alone if wanted; what asks again; where to look; approve.
import { button, h, replace } from "../../src/dom";
import { collection, shape } from "../../src/geojson";
import { boxOf } from "../../src/geometry";
import { keepingFocus } from "../focus";
import { cap, type Binding } from "../keys";
import type { Desk, Panel, View } from "../panel";
import { differs, type DeskState } from "../store";
import { Agenda } from "./queue_agenda";
import { Answers } from "./queue_answers";
import { countText, proposalList, settleText } from "./queue_list";
import { Looks } from "./queue_looks";
import { standingParts } from "./queue_standing";
import { OVERLAY, type QueueSay, type Verdict } from "./queue_told";
import { queueWords } from "./queue_words";

/** So many of the stretches where to look are on the map. */
const LOOKS_DRAWN = 40;

class QueueView implements View {
  readonly element = h("div", { class: "queue", id: "queue", tabindex: -1 });
  readonly #desk: Desk;
  readonly #say: QueueSay;
  readonly #looks: Looks;
  readonly #top = h("div", { class: "queue-list" });
  readonly #rest = h("div", { class: "queue-list" });
  readonly #agenda: Agenda;
  readonly #answers: Answers;
  /** Whether every report of the chosen proposal is shown. */
  #all = false;
  #open = false;
  #stale = true;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#say = desk.words(queueWords);
    desk.map.overlay(OVERLAY);
    this.#agenda = new Agenda(desk);
    this.#answers = new Answers(desk, this.#say, this.#agenda, {
      draw: () => this.#draw(),
      left: () => this.element.focus(),
      answered: () => this.#focusChosen(),
    });
    this.#looks = new Looks(desk, this.#say);
    this.element.append(this.#top, this.#rest, this.#looks.element);
    this.#draw();
  }

  shown(): void {
    this.#open = true;
    if (this.#stale) void this.#load();
    else this.#paint();
    if (!this.element.contains(document.activeElement)) this.element.focus();
  }

  hidden(): void {
    this.#open = false;
    this.#answers.sketch.stop();
    for (const source of OVERLAY.sources) this.#desk.map.set(source, collection([]));
  }

  changed(now: DeskState, before: DeskState): void {
    if (differs(now, before, "language")) this.#draw();
    if (!differs(now, before, "asOf", "knownBy", "head")) return;
    if (differs(now, before, "asOf", "knownBy")) this.#forget();
    this.#stale = true;
    if (this.#open) void this.#load();
  }

  clicked(spot: readonly [number, number]): boolean {
    if (this.#answers.sketch.on) {
      this.#answers.sketch.add(spot);
      return true;
    }
    const { gl } = this.#desk.map;
    const under = gl.queryRenderedFeatures(gl.project([spot[0], spot[1]]), { layers: ["queue-fill"] })[0];
    if (!under) return false;
    this.#choose(String(under.properties["id"]), false);
    return true;
  }

  keys(): readonly Binding[] {
    return this.#answers.sketch.on ? this.#drawingKeys() : this.#decidingKeys();
  }

  #drawingKeys(): readonly Binding[] {
    const say = this.#say;
    return [
      { code: "Space", says: () => say("place_corner"), run: () => this.#answers.sketch.addCentre() },
      {
        code: "Enter",
        says: () => say("close_ground"),
        run: () => this.#answers.sketch.polygon && this.#answers.sketch.finish(),
      },
      { code: "Backspace", says: () => say("undo_corner"), run: () => this.#answers.sketch.takeBack() },
      { code: "Escape", typing: true, says: () => say("leave"), run: () => this.#answers.leave() },
    ];
  }

  #decidingKeys(): readonly Binding[] {
    const say = this.#say;
    const answer = (code: string, verdict: Verdict): Binding => ({
      code,
      says: () => say(verdict),
      run: () => this.#answers.begin(verdict),
    });
    return [
      { code: "KeyJ", says: () => say("next"), run: () => this.#step(1) },
      { code: "KeyK", says: () => say("before"), run: () => this.#step(-1) },
      answer("KeyA", "accept"),
      answer("KeyR", "reject"),
      answer("KeyE", "edit"),
      answer("KeyH", "hold"),
      { code: "KeyM", says: () => say("show"), run: () => this.#fit(this.#agenda.one?.geometry ?? null) },
      { code: "Shift+KeyA", says: () => say("approve"), run: () => this.#answers.beginApproval() },
      { code: "Escape", typing: true, says: () => say("leave"), run: () => this.#answers.leave() },
    ];
  }

  // Asking

  #forget(): void {
    this.#agenda.forget();
    this.#answers.leave();
  }

  async #load(): Promise<void> {
    try {
      await this.#agenda.load({
        proposals: () => this.#loaded(),
        looks: () => this.#drawLooks(),
        settling: () => this.#tellSettling(),
      });
    } catch (fault) {
      this.#desk.failed(fault);
    }
  }

  #loaded(): void {
    this.#stale = false;
    this.#draw();
  }

  /** Nothing else moves under the reader's hand. */
  #tellSettling(): void {
    const told = this.element.querySelector(".queue-settle");
    const { settling, one } = this.#agenda;
    if (told && one) told.textContent = settleText({ desk: this.#desk, say: this.#say, settling }, one);
  }

  // Drawing

  /** What had the focus keeps it; if it is gone, as an answered proposal is, the one that is chosen now has it. */
  #draw(): void {
    const focused = this.element.contains(document.activeElement) ? document.activeElement : null;
    keepingFocus(this.element, () => {
      replace(this.#top, this.#head(), this.#list());
      replace(this.#rest, this.#standing());
      this.#drawLooks();
      if (focused instanceof HTMLElement && focused.isConnected) focused.focus();
    });
    if (focused !== this.element && document.activeElement === this.element) this.#focusChosen();
  }

  #drawLooks(): void {
    this.#looks.show(this.#agenda.stretches, this.#agenda.queue?.overdue ?? null);
    if (this.#open) this.#paint();
  }

  #head(): HTMLElement {
    const title = `${this.#say("approve")} (${cap("Shift+KeyA", this.#desk.store.now.language)})`;
    const approve = button(
      { class: "plain", id: "queue-approve", disabled: !this.#agenda.queue, title },
      () => this.#answers.beginApproval(),
      this.#say("approve"),
    );
    const count = countText(this.#desk, this.#say, this.#agenda.queue, this.#agenda.proposals);
    return h(
      "div",
      {},
      h("div", { class: "queue-head" }, h("h2", {}, this.#say("title")), approve),
      h("p", { class: "queue-sub", id: "queue-count" }, count),
      this.#answers.approvalForm,
    );
  }

  #list(): (HTMLElement | null)[] {
    const { queue, proposals, chosen, settling } = this.#agenda;
    if (!queue) return [];
    return proposalList({
      desk: this.#desk,
      say: this.#say,
      queue,
      proposals,
      chosen,
      settling,
      all: this.#all,
      evidence: this.#answers.evidence,
      sending: this.#answers.isSending,
      form: this.#answers.formOf(chosen),
      choose: (id) => this.#choose(id, true),
      begin: (verdict) => this.#answers.begin(verdict),
      showAll: () => this.#showAll(),
    });
  }

  #standing(): HTMLElement[] {
    if (!this.#agenda.queue) return [];
    return standingParts(this.#desk, this.#say, this.#agenda.queue, {
      answer: (verdict, id) => this.#answers.beginWith({ verdict, id }),
      form: (id) => this.#answers.formOf(id),
      show: (ground) => this.#fit(ground),
    });
  }

  #paint(): void {
    const { map } = this.#desk;
    const stretches = this.#agenda.stretches ?? [];
    const most = Math.max(...stretches.map((one) => one.settles_km2), 1e-9);
    const proposals = this.#agenda.proposals.map(({ id, geometry }) =>
      shape(geometry, { id, chosen: id === this.#agenda.chosen }),
    );
    const looks = stretches.slice(0, LOOKS_DRAWN).map((one) => shape(one.geometry, { share: one.settles_km2 / most }));
    map.set("queue", collection(proposals));
    map.set("queue-look", collection(looks));
  }

  // Choosing

  #choose(id: string, fit: boolean): void {
    if (id !== this.#agenda.chosen) {
      this.#answers.leave();
      this.#all = false;
    }
    this.#agenda.chosen = id;
    this.#draw();
    const item = this.#item(id);
    item?.focus();
    item?.scrollIntoView({ block: "nearest" });
    if (fit) this.#fit(this.#agenda.one?.geometry ?? null);
  }

  #item(id: string): HTMLElement | null {
    return this.element.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`);
  }

  #focusChosen(): void {
    this.element.querySelector<HTMLElement>('[aria-current="true"]')?.focus();
  }

  #showAll(): void {
    this.#all = true;
    this.#draw();
    this.#item(this.#agenda.chosen)?.focus();
  }

  #step(by: number): void {
    if (this.#agenda.proposals.length) this.#choose(this.#agenda.further(by), true);
  }

  #fit(geometry: GeoJSON.Geometry | null): void {
    const box = boxOf([geometry]);
    if (box) this.#desk.map.fit(box);
  }
}

export const panel: Panel = {
  id: "queue",
  icon: "M4 6h10M4 12h10M4 18h7M17 8l2 2 3-4M17 16l2 2 3-4",
  names: { en: "Queue", uk: "Черга" },
  make: (desk) => new QueueView(desk),
};
