// The line by hand: an act is drawn, seen, then recorded with its reason, its reports and its end.
import type { Position } from "geojson";
import type { MapMouseEvent } from "maplibre-gl";
import { h } from "../../src/dom";
import { dateText, km2Text, numberText } from "../../src/i18n";
import { cap, type Binding } from "../keys";
import type { Desk, Panel, View } from "../panel";
import type { DeskState } from "../store";
import { OVERLAY, type Line, type Seen, type Tool, type Wanted } from "./line_told";
import { nearestOnEdge, nearestVertex, partsOf } from "./line_vertices";
import { lineWords } from "./line_words";
import {
  chip,
  features,
  field,
  holderName,
  plusDays,
  shape,
  Sketch,
  sourceRow,
  when,
  type Say,
  type Source,
} from "./queue_parts";
import { queueWords } from "./queue_words";

const TOOLS: readonly (readonly [Tool, string])[] = [
  ["move", "KeyV"],
  ["reshape", "KeyR"],
  ["cut", "KeyC"],
  ["assign", "KeyG"],
  ["hold", "KeyH"],
  ["remove", "KeyX"],
];
const NEAR_PX = 14;
const SHOWN_FROM = 9;
const MOST_SHOWN = 4000;
const STANDS_DAYS = 14;

class LineView implements View {
  readonly element = h("div", { class: "line", id: "line", tabindex: -1 });
  readonly #desk: Desk;
  readonly #say: (key: keyof (typeof lineWords)["en"], holes?: Readonly<Record<string, string>>) => string;
  readonly #shared: Say;
  readonly #sketch: Sketch;
  #tool: Tool = "move";
  #line: Line | null = null;
  #band: GeoJSON.Geometry | null = null;
  #snap = false;
  #showsBand = false;
  #chosen: Position | null = null;
  #drag: Position | null = null;
  #wanted: Wanted | null = null;
  #seen: Seen | null = null;
  #holder = "grey";
  #evidence = new Set<string>();
  #reason = "";
  #open = false;
  #stale = true;
  #asked: AbortController | null = null;
  #sending = false;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#say = desk.words(lineWords);
    this.#shared = desk.words(queueWords);
    desk.map.overlay(OVERLAY);
    this.#sketch = new Sketch(desk, "line-sketch", () => this.#sketched());
    desk.map.gl.on("moveend", () => this.#open && this.#paintVertices());
    desk.map.gl.on("mousedown", (event) => this.#grab(event));
    desk.map.gl.on("mousemove", (event) => this.#pull(event));
    desk.map.gl.on("mouseup", (event) => this.#drop(event));
    this.#draw();
  }

  shown(): void {
    this.#open = true;
    if (this.#stale) void this.#load();
    this.#paint();
    this.element.focus();
    if (["reshape", "cut", "hold"].includes(this.#tool)) this.#pick(this.#tool);
  }

  hidden(): void {
    this.#open = false;
    this.#sketch.stop();
    for (const source of OVERLAY.sources) this.#desk.map.set(source, features([]));
  }

  changed(now: DeskState, before: DeskState): void {
    if (now.asOf !== before.asOf || now.knownBy !== before.knownBy || now.head !== before.head) {
      [this.#stale, this.#band] = [true, null];
      if (this.#open) void this.#load();
    } else if (now.language !== before.language) this.#draw();
  }

  clicked(spot: readonly [number, number]): boolean {
    if (this.#sketch.on) this.#sketch.add(spot);
    else if (this.#tool === "assign") this.#want({ act: "assign", at: spot, holder: this.#holder });
    else if (this.#tool === "cut" && this.#sketch.points.length > 1)
      this.#want({ act: "cut", at: spot, holder: this.#holder, path: this.#sketch.points });
    else if (this.#tool === "remove") this.#removeAt(this.#vertexNear(spot));
    return true;
  }

  keys(): readonly Binding[] {
    const say = this.#say;
    return [
      ...TOOLS.map(([tool, code]): Binding => ({ code, says: () => say(tool), run: () => this.#pick(tool) })),
      { code: "BracketRight", says: () => say("next"), run: () => this.#stepVertex(1) },
      { code: "BracketLeft", says: () => say("before"), run: () => this.#stepVertex(-1) },
      { code: "Space", says: () => say("corner"), run: () => this.#sketch.on && this.#sketch.addCentre() },
      { code: "Enter", says: () => say("here"), run: () => this.#here() },
      { code: "Backspace", says: () => say("undo"), run: () => this.#sketch.takeBack() },
      { code: "Escape", typing: true, says: () => say("leave"), run: () => this.#leave() },
    ];
  }

  async #load(): Promise<void> {
    try {
      this.#line = await this.#desk.api.get<Line>("/api/line", when(this.#desk));
      this.#stale = false;
      if (this.#showsBand && !this.#band) await this.#loadBand();
      this.#draw();
    } catch (fault) {
      this.#desk.failed(fault);
    }
  }

  async #loadBand(): Promise<void> {
    this.#band = (await this.#desk.api.get<{ band: GeoJSON.Geometry | null }>("/api/line/band", when(this.#desk))).band;
  }

  // The tools

  #pick(tool: Tool): void {
    this.#tool = tool;
    this.#leave();
    if (tool === "reshape" || tool === "cut" || tool === "hold") this.#sketch.start(tool === "hold");
    this.#draw();
  }

  #leave(): void {
    this.#asked?.abort();
    [this.#wanted, this.#seen, this.#chosen, this.#drag] = [null, null, null, null];
    this.#evidence.clear();
    this.#sketch.stop();
    this.#draw();
  }

  /** Enter: the vertex goes to the crosshair, the path ends, or the piece under the crosshair is meant. */
  #here(): void {
    const { lng, lat } = this.#desk.map.gl.getCenter();
    if (this.#sketch.on) this.#finish();
    else if (this.#chosen && this.#tool === "move") this.#want({ act: "move", at: this.#chosen, to: [lng, lat] });
    else if (this.#chosen && this.#tool === "remove") this.#removeAt(this.#chosen);
    else this.clicked([lng, lat]);
  }

  #finish(): void {
    const { points, polygon } = this.#sketch;
    if (this.#tool === "reshape" && points.length > 1) {
      this.#sketch.finish();
      this.#want({ act: "reshape", path: points });
    } else if (this.#tool === "hold" && polygon) {
      this.#sketch.finish();
      this.#want({ act: "hold", polygon });
    } else if (this.#tool === "cut" && points.length > 1) {
      this.#sketch.finish();
      this.#desk.announce(this.#say("point_piece"));
    }
  }

  #removeAt(vertex: Position | null): void {
    if (vertex) this.#want({ act: "remove", at: vertex });
  }

  #sketched(): void {
    const told = this.element.querySelector("#line-drawing");
    if (told)
      told.textContent = this.#sketch.points.length
        ? this.#say("drawing", { n: String(this.#sketch.points.length) })
        : "";
  }

  // Vertices

  get #parts(): readonly Position[][] {
    return partsOf(this.#line?.edges ?? null);
  }

  get #inView(): Position[] {
    const { gl } = this.#desk.map;
    if (gl.getZoom() < SHOWN_FROM) return [];
    const { bounds } = this.#desk.map;
    return this.#parts
      .flat()
      .filter((point) => bounds.contains([point[0] ?? 0, point[1] ?? 0]))
      .slice(0, MOST_SHOWN);
  }

  #pixels(point: Position): { x: number; y: number } {
    return this.#desk.map.gl.project([point[0] ?? 0, point[1] ?? 0]);
  }

  #vertexNear(spot: readonly [number, number]): Position | null {
    return nearestVertex(this.#inView, this.#pixels([...spot]), (point) => this.#pixels(point), NEAR_PX);
  }

  #edgeNear(spot: readonly [number, number]): Position | null {
    return nearestOnEdge(this.#parts, this.#pixels([...spot]), (point) => this.#pixels(point), NEAR_PX / 2);
  }

  #stepVertex(by: number): void {
    const all = this.#inView;
    if (!all.length) return;
    const at = this.#chosen ? all.findIndex((one) => one[0] === this.#chosen?.[0] && one[1] === this.#chosen?.[1]) : -1;
    const next = (at + by + all.length) % all.length;
    this.#chosen = all[next] ?? null;
    this.#desk.announce(this.#say("vertex", { n: String(next + 1), all: String(all.length) }));
    this.#paintVertices();
  }

  #grab(event: MapMouseEvent): void {
    if (!this.#open || this.#tool !== "move" || event.originalEvent.button !== 0) return;
    const spot: [number, number] = [event.lngLat.lng, event.lngLat.lat];
    this.#drag = this.#vertexNear(spot) ?? this.#edgeNear(spot);
    if (!this.#drag) return;
    event.preventDefault(); // the map stays where it is
    this.#chosen = this.#drag;
    this.#paintVertices();
  }

  #pull(event: MapMouseEvent): void {
    if (!this.#drag) return;
    this.#desk.map.set(
      "line-sketch",
      features([shape({ type: "LineString", coordinates: [this.#drag, [event.lngLat.lng, event.lngLat.lat]] })]),
    );
  }

  #drop(event: MapMouseEvent): void {
    const from = this.#drag;
    if (!from) return;
    this.#drag = null;
    const a = this.#pixels(from);
    if (Math.hypot(event.point.x - a.x, event.point.y - a.y) < 3) return;
    this.#want({ act: "move", at: from, to: [event.lngLat.lng, event.lngLat.lat] });
  }

  // Seeing and recording

  async #want(wanted: Wanted): Promise<void> {
    this.#asked?.abort();
    this.#asked = new AbortController();
    try {
      const body = { ...wanted, snap: this.#snap };
      this.#seen = await this.#desk.api.send<Seen>(
        "POST",
        "/api/line/preview",
        { ...when(this.#desk), ...body },
        this.#asked.signal,
      );
      this.#wanted = body;
      this.#evidence = new Set();
      this.#draw();
      this.element.querySelector<HTMLInputElement>("#line-reason")?.focus();
    } catch (fault) {
      this.#desk.failed(fault);
      this.#paint();
    }
  }

  async #record(): Promise<void> {
    const [wanted, seen] = [this.#wanted, this.#seen];
    if (!wanted || !seen || this.#sending) return;
    const value = (id: string): string => this.element.querySelector<HTMLInputElement>(`#${id}`)?.value.trim() ?? "";
    this.#reason = value("line-reason");
    if (!this.#desk.store.now.editor.trim()) {
      document.getElementById("editor")?.focus();
      return this.#desk.announce(this.#say("by_name"), "fault");
    }
    if (!this.#reason) return this.#desk.announce(this.#say("needs_reason"), "fault");
    this.#sending = true;
    try {
      const told = await this.#desk.api.send<{ id: string; head: string; count: number }>("POST", "/api/line", {
        ...when(this.#desk),
        ...wanted,
        reason: this.#reason,
        until: value("line-until"),
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
    const { language, asOf } = this.#desk.store.now;
    const tools = TOOLS.map(([tool, code]) => {
      const button = h(
        "button",
        {
          type: "button",
          class: "line-tool",
          role: "radio",
          "aria-checked": String(tool === this.#tool),
          "data-tool": tool,
        },
        h("kbd", {}, cap(code, language)),
        this.#say(tool),
      );
      button.addEventListener("click", () => this.#pick(tool));
      return button;
    });
    this.element.replaceChildren(
      h("h2", {}, this.#say("title")),
      h(
        "p",
        { class: "queue-sub", id: "line-base" },
        this.#line
          ? this.#say("base", { n: numberText(this.#line.vertices, language), day: dateText(asOf, language, "short") })
          : "…",
      ),
      h("div", { class: "line-tools", role: "radiogroup", "aria-label": this.#say("title") }, ...tools),
      h("p", { class: "line-says" }, this.#say(`${this.#tool}_says`)),
      ["cut", "assign"].includes(this.#tool) ? this.#holders() : "",
      this.#switches(),
      h("p", { id: "line-drawing", class: "queue-sub" }, ""),
      this.#seen ? this.#form(this.#seen) : "",
      ...this.#fixedList(),
    );
    if (this.#open) this.#paint();
  }

  #holders(): HTMLElement {
    const select = h(
      "select",
      { id: "line-holder" },
      ...[...this.#desk.about.sides.map((side) => side.id), "grey"].map((id) =>
        h("option", { value: id, selected: id === this.#holder }, holderName(this.#desk, id, this.#say("grey"))),
      ),
    );
    select.addEventListener("change", () => {
      this.#holder = select.value;
      if (this.#wanted && "holder" in this.#wanted) void this.#want({ ...this.#wanted, holder: this.#holder });
    });
    return field(this.#say("becomes"), select);
  }

  #switches(): HTMLElement {
    const box = (id: string, on: boolean, words: string, set: (on: boolean) => void): HTMLElement => {
      const input = h("input", { type: "checkbox", id, checked: on });
      input.addEventListener("change", () => set(input.checked));
      return h("label", {}, input, h("span", {}, words));
    };
    return h(
      "div",
      { class: "line-switches" },
      box("line-snap", this.#snap, this.#say("snap"), (on) => {
        this.#snap = on;
        if (this.#wanted) void this.#want(this.#wanted);
      }),
      box("line-shows-band", this.#showsBand, this.#say("band"), (on) => {
        this.#showsBand = on;
        void (on && !this.#band
          ? this.#loadBand().then(
              () => this.#paint(),
              (fault: unknown) => this.#desk.failed(fault),
            )
          : this.#paint());
      }),
    );
  }

  #form(seen: Seen): HTMLElement {
    const { language, asOf } = this.#desk.store.now;
    const km2 = km2Text(seen.km2, language, seen.km2 < 1 ? 3 : 1);
    const tick = (one: Source): HTMLElement =>
      sourceRow(this.#desk, one, this.#shared, {
        on: this.#evidence.has(one.id),
        set: (on) => void (on ? this.#evidence.add(one.id) : this.#evidence.delete(one.id)),
      });
    const leave = h("button", { type: "button", class: "plain" }, this.#say("leave"));
    leave.addEventListener("click", () => this.#leave());
    const form = h(
      "form",
      { class: "queue-form", id: "line-form" },
      h("p", { id: "line-km2" }, this.#say(seen.verdict === "hold" ? "holds" : "changes", { km2 })),
      h(
        "ul",
        { class: "line-changes" },
        ...seen.changed.map((one) =>
          h(
            "li",
            {},
            chip(this.#desk, one.holder),
            h("span", {}, holderName(this.#desk, one.holder, this.#say("grey"))),
            h("b", {}, km2Text(one.km2, language, one.km2 < 1 ? 3 : 1)),
          ),
        ),
      ),
      this.#snap && ["move", "reshape"].includes(this.#tool)
        ? h(
            "p",
            { id: "line-laid", class: "queue-sub" },
            seen.snapped.length ? this.#say("laid", { what: seen.snapped.join(", ") }) : this.#say("not_laid"),
          )
        : null,
      ...seen.lets_go.map((one) => h("p", { class: "line-warn" }, this.#say("lets_go", { ...one }))),
      field(
        this.#say("reason"),
        h("input", { id: "line-reason", type: "text", autocomplete: "off", maxlength: 500, value: this.#reason }),
      ),
      h(
        "div",
        { class: "queue-row" },
        field(
          this.#say("until"),
          h("input", { id: "line-until", type: "date", value: plusDays(asOf, STANDS_DAYS), required: true }),
        ),
        h("button", { type: "submit", class: "main", id: "line-record" }, this.#say("record")),
        leave,
      ),
      h("h3", {}, this.#say("evidence")),
      seen.reports.length
        ? h("ul", { class: "queue-sources" }, ...seen.reports.map(tick))
        : h("p", { class: "queue-sub" }, this.#say("no_evidence")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#record();
    });
    return form;
  }

  #fixedList(): HTMLElement[] {
    const fixed = this.#line?.fixed ?? [];
    if (!fixed.length) return [];
    const { language } = this.#desk.store.now;
    return [
      h("h3", {}, this.#say("fixed")),
      h(
        "ul",
        { class: "queue-sources", id: "line-fixed" },
        ...fixed.map((one) =>
          h(
            "li",
            { class: "queue-source" },
            h("b", { class: "mono" }, one.id),
            h(
              "p",
              { class: "queue-note" },
              this.#say("fixed_says", {
                by: one.by,
                until: dateText(one.until, language, "short"),
                reason: one.reason,
              }),
            ),
          ),
        ),
      ),
    ];
  }

  #paint(): void {
    const { map } = this.#desk;
    map.set("line-edge", features([shape(this.#line?.edges ?? null)]));
    map.set("line-fixed", features((this.#line?.fixed ?? []).map((one) => shape(one.geometry))));
    map.set("line-band", features([shape(this.#showsBand ? this.#band : null)]));
    map.set("line-change", features((this.#seen?.changed ?? []).map((one) => shape(one.geometry))));
    if (!this.#sketch.points.length) map.set("line-sketch", features([]));
    this.#paintVertices();
  }

  #paintVertices(): void {
    const wanted = this.#tool === "move" || this.#tool === "remove";
    const all = wanted ? this.#inView : [];
    const isChosen = (one: Position): boolean => one[0] === this.#chosen?.[0] && one[1] === this.#chosen?.[1];
    this.#desk.map.set(
      "line-vertex",
      features(all.map((one) => shape({ type: "Point", coordinates: one }, { chosen: isChosen(one) }))),
    );
    const told = this.element.querySelector("#line-drawing");
    if (told && wanted) told.textContent = this.#desk.map.gl.getZoom() < SHOWN_FROM ? this.#say("zoom") : "";
  }
}

export const panel: Panel = {
  id: "line",
  icon: "M4 18l5-8l5 4l6-9M9 10h.01M14 14h.01M4 18h.01M20 5h.01",
  names: { en: "Line", uk: "Лінія" },
  make: (desk) => new LineView(desk),
};
