// The line by hand: an act is drawn, seen, then recorded with its reason, its reports and its end.
import type { Position } from "geojson";
import { h, replace } from "../../src/dom";
import { collection, shape } from "../../src/geojson";
import { Newest } from "../asking";
import type { Binding } from "../keys";
import type { Desk, Moved, Panel, View } from "../panel";
import { isNamed } from "../parts/decider";
import { field } from "../parts/field";
import { holderMenu } from "../parts/holder";
import { Sketch } from "../parts/sketch";
import type { Evidence } from "../parts/source";
import { differs, when, type DeskState } from "../store";
import { ActForm } from "./line_form";
import { baseText, fixedList, switchRow, toolButtons, TOOLS } from "./line_parts";
import { LineHand } from "./line_hand";
import { OVERLAY, type Line, type LineSay, type Seen, type Tool, type Wanted } from "./line_told";
import { lineWords } from "./line_words";

/** What each tool does with the map and the form. */
const DRAWS: readonly Tool[] = ["reshape", "cut", "hold"];
const TAKES_VERTICES: readonly Tool[] = ["move", "remove"];
const GIVES: readonly Tool[] = ["cut", "assign"];
const SNAPS: readonly Tool[] = ["move", "reshape"];

class LineView implements View {
  readonly element = h("div", { class: "line", id: "line", tabindex: -1 });
  readonly #desk: Desk;
  readonly #say: LineSay;
  readonly #sketch: Sketch;
  readonly #hand: LineHand;
  readonly #asked = new Newest();
  #tool: Tool = "move";
  #line: Line | null = null;
  #band: GeoJSON.Geometry | null = null;
  #snap = false;
  #showsBand = false;
  #wanted: Wanted | null = null;
  #seen: Seen | null = null;
  #form: ActForm | null = null;
  /** Whom ground is given to. */
  #holder = "grey";
  #evidence: Evidence = new Set();
  #reason = "";
  #open = false;
  #stale = true;
  #sending = false;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#say = desk.words(lineWords);
    desk.map.overlay(OVERLAY);
    this.#sketch = new Sketch(desk, "line-sketch", () => this.#sketched());
    this.#hand = new LineHand(desk, {
      isMoving: () => this.#open && this.#tool === "move",
      chosen: () => this.#paintVertices(),
      move: (from, to) => void this.#want({ act: "move", at: from, to }),
    });
    desk.map.gl.on("moveend", () => this.#open && this.#paintVertices());
    this.#draw();
  }

  shown(): void {
    this.#open = true;
    if (this.#stale) void this.#load();
    this.#paint();
    this.element.focus();
    if (DRAWS.includes(this.#tool)) this.#pick(this.#tool);
  }

  hidden(): void {
    this.#open = false;
    this.#sketch.stop();
    for (const source of OVERLAY.sources) this.#desk.map.set(source, collection([]));
  }

  changed(now: DeskState, before: DeskState): void {
    if (differs(now, before, "asOf", "knownBy", "head")) {
      [this.#stale, this.#band] = [true, null];
      if (this.#open) void this.#load();
    } else if (differs(now, before, "language")) this.#draw();
  }

  clicked(spot: readonly [number, number]): boolean {
    const { points } = this.#sketch;
    if (this.#sketch.on) this.#sketch.add(spot);
    else if (this.#tool === "assign") void this.#want({ act: "assign", at: spot, holder: this.#holder });
    else if (this.#tool === "cut" && points.length > 1)
      void this.#want({ act: "cut", at: spot, holder: this.#holder, path: points });
    else if (this.#tool === "remove") this.#removeAt(this.#hand.vertexNear(spot));
    return true;
  }

  keys(): readonly Binding[] {
    const say = this.#say;
    return [
      ...TOOLS.map(([tool, code]): Binding => ({ code, says: () => say(tool), run: () => this.#pick(tool) })),
      { code: "BracketRight", says: () => say("next"), run: () => this.#step(1) },
      { code: "BracketLeft", says: () => say("before"), run: () => this.#step(-1) },
      { code: "Space", says: () => say("corner"), run: () => this.#sketch.on && this.#sketch.addCentre() },
      { code: "Enter", says: () => say("here"), run: () => this.#here() },
      { code: "Backspace", says: () => say("undo"), run: () => this.#sketch.takeBack() },
      { code: "Escape", typing: true, says: () => say("leave"), run: () => this.#leave() },
    ];
  }

  async #load(): Promise<void> {
    try {
      this.#line = await this.#desk.api.get<Line>("/api/line", when(this.#desk.store.now));
      this.#hand.take(this.#line.edges);
      this.#stale = false;
      if (this.#showsBand) await this.#loadBand();
      this.#draw();
    } catch (fault) {
      this.#desk.failed(fault);
    }
  }

  /** The band is worked out only for who wants to see it. */
  async #loadBand(): Promise<void> {
    if (this.#band) return;
    type Told = { readonly band: GeoJSON.Geometry | null };
    this.#band = (await this.#desk.api.get<Told>("/api/line/band", when(this.#desk.store.now))).band;
  }

  // The tools

  #pick(tool: Tool): void {
    this.#tool = tool;
    this.#leave();
    if (DRAWS.includes(tool)) this.#sketch.start(tool === "hold");
    this.#draw();
  }

  #leave(): void {
    this.#asked.stop();
    [this.#wanted, this.#seen, this.#form] = [null, null, null];
    this.#hand.leave();
    this.#evidence.clear();
    this.#sketch.stop();
    this.#draw();
  }

  /** Enter: the vertex goes to the crosshair, the path ends, or the piece under the crosshair is meant. */
  #here(): void {
    const { lng, lat } = this.#desk.map.gl.getCenter();
    const { chosen } = this.#hand;
    if (this.#sketch.on) this.#finish();
    else if (chosen && this.#tool === "move") void this.#want({ act: "move", at: chosen, to: [lng, lat] });
    else if (chosen && this.#tool === "remove") this.#removeAt(chosen);
    else this.clicked([lng, lat]);
  }

  #finish(): void {
    const { points, polygon } = this.#sketch;
    const isEnough = this.#tool === "hold" ? polygon !== null : points.length > 1;
    if (!isEnough) return;
    this.#sketch.finish();
    if (this.#tool === "reshape") void this.#want({ act: "reshape", path: points });
    else if (this.#tool === "hold") void this.#want({ act: "hold", polygon });
    else this.#desk.announce(this.#say("point_piece"));
  }

  #removeAt(vertex: Position | null): void {
    if (vertex) void this.#want({ act: "remove", at: vertex });
  }

  #step(by: number): void {
    const at = this.#hand.step(by);
    if (!at) return;
    this.#desk.announce(this.#say("vertex", { n: String(at.n), all: String(at.all) }));
    this.#paintVertices();
  }

  #sketched(): void {
    const n = this.#sketch.points.length;
    this.#tellDrawing(n ? this.#say("drawing", { n: String(n) }) : "");
  }

  #tellDrawing(words: string): void {
    const told = this.element.querySelector("#line-drawing");
    if (told) told.textContent = words;
  }

  // Seeing and recording

  async #want(wanted: Wanted): Promise<void> {
    const signal = this.#asked.next();
    const body = { ...wanted, snap: this.#snap };
    try {
      const asked = { ...when(this.#desk.store.now), ...body };
      this.#seen = await this.#desk.api.send<Seen>("POST", "/api/line/preview", asked, signal);
      this.#wanted = body;
      this.#evidence = new Set();
      this.#draw();
      this.#form?.focus();
    } catch (fault) {
      this.#desk.failed(fault);
      this.#paint();
    }
  }

  async #record(): Promise<void> {
    const [wanted, seen, form] = [this.#wanted, this.#seen, this.#form];
    if (!wanted || !seen || !form || this.#sending) return;
    this.#reason = form.reason;
    if (!isNamed(this.#desk)) return;
    if (!this.#reason) return this.#desk.announce(this.#say("needs_reason"), "fault");
    this.#sending = true;
    try {
      const told = await this.#desk.api.send<Moved & { readonly id: string }>("POST", "/api/line", {
        ...when(this.#desk.store.now),
        ...wanted,
        reason: this.#reason,
        until: form.until,
        evidence: [...this.#evidence],
        count: seen.count,
      });
      this.#desk.announce(this.#say("recorded", { act: this.#say(wanted.act), id: told.id }));
      this.#reason = "";
      this.element.focus();
      this.#pick(this.#tool);
      this.#desk.moved(told);
    } catch (fault) {
      this.#desk.failed(fault);
    } finally {
      this.#sending = false;
    }
  }

  // Drawing

  #draw(): void {
    const [desk, say, tool] = [this.#desk, this.#say, this.#tool];
    this.#form = this.#seen && this.#makeForm(this.#seen);
    replace(
      this.element,
      h("h2", {}, say("title")),
      h("p", { class: "queue-sub", id: "line-base" }, baseText(desk, say, this.#line)),
      toolButtons(desk, say, tool, (picked) => this.#pick(picked)),
      h("p", { class: "line-says" }, say(`${tool}_says`)),
      GIVES.includes(tool) ? this.#holders() : "",
      h(
        "div",
        { class: "line-switches" },
        switchRow("line-snap", this.#snap, say("snap"), (on) => this.#setSnap(on)),
        switchRow("line-shows-band", this.#showsBand, say("band"), (on) => void this.#setBand(on)),
      ),
      h("p", { id: "line-drawing", class: "queue-sub" }, ""),
      this.#form?.element ?? "",
      fixedList(desk, say, this.#line?.fixed ?? []),
    );
    if (this.#open) this.#paint();
  }

  #holders(): HTMLElement {
    const menu = holderMenu(this.#desk, "line-holder", this.#holder, (holder) => {
      this.#holder = holder;
      if (this.#wanted && "holder" in this.#wanted) void this.#want({ ...this.#wanted, holder });
    });
    return field(this.#say("becomes"), menu);
  }

  #setSnap(on: boolean): void {
    this.#snap = on;
    if (this.#wanted) void this.#want(this.#wanted);
  }

  async #setBand(on: boolean): Promise<void> {
    this.#showsBand = on;
    try {
      if (on) await this.#loadBand();
      this.#paint();
    } catch (fault) {
      this.#desk.failed(fault);
    }
  }

  #makeForm(seen: Seen): ActForm {
    const acting = {
      seen,
      isSnapped: this.#snap && SNAPS.includes(this.#tool),
      reason: this.#reason,
      evidence: this.#evidence,
    };
    return new ActForm(this.#desk, this.#say, acting, {
      record: () => void this.#record(),
      leave: () => this.#leave(),
    });
  }

  #paint(): void {
    const { map } = this.#desk;
    const fixed = (this.#line?.fixed ?? []).map((one) => shape(one.geometry));
    const changes = (this.#seen?.changed ?? []).map((one) => shape(one.geometry));
    map.set("line-edge", collection([shape(this.#line?.edges ?? null)]));
    map.set("line-fixed", collection(fixed));
    map.set("line-band", collection([shape(this.#showsBand ? this.#band : null)]));
    map.set("line-change", collection(changes));
    if (!this.#sketch.points.length) map.set("line-sketch", collection([]));
    this.#paintVertices();
  }

  #paintVertices(): void {
    const isWanted = TAKES_VERTICES.includes(this.#tool);
    this.#hand.paint(isWanted);
    if (isWanted) this.#tellDrawing(this.#hand.isNear ? "" : this.#say("zoom"));
  }
}

export const panel: Panel = {
  id: "line",
  icon: "M4 18l5-8l5 4l6-9M9 10h.01M14 14h.01M4 18h.01M20 5h.01",
  names: { en: "Line", uk: "Лінія" },
  make: (desk) => new LineView(desk),
};
