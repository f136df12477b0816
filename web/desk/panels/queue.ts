// The queue: proposals one by one, by keys alone if wanted; what asks again; where to look; approve.
import { h } from "../../src/dom";
import { boxOf } from "../../src/geometry";
import { dateText, km2Text, kmText, nameIn, numberText, percentText } from "../../src/i18n";
import { cap, type Binding } from "../keys";
import type { Desk, Panel, View } from "../panel";
import type { DeskState } from "../store";
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
import { Looks, type Stretch } from "./queue_looks";
import { standingParts } from "./queue_standing";
import {
  OVERLAY,
  type Answered,
  type Answering,
  type Proposal,
  type Queue,
  type Settling,
  type Verdict,
} from "./queue_told";
import { queueWords } from "./queue_words";

const TOLD = 6;

class QueueView implements View {
  readonly element = h("div", { class: "queue", id: "queue", tabindex: -1 });
  readonly #desk: Desk;
  readonly #say: Say;
  readonly #sketch: Sketch;
  readonly #top = h("div", { class: "queue-list" });
  readonly #rest = h("div", { class: "queue-list" });
  readonly #looks: Looks;
  #queue: Queue | null = null;
  #settling: Readonly<Record<string, Settling | null>> | null = null;
  #stretches: readonly Stretch[] | null = null;
  #done = new Set<string>();
  #chosen = "";
  /** Whether every report of the chosen proposal is shown. */
  #all = false;
  #answering: Answering | null = null;
  #formOf: { readonly answering: Answering; readonly form: HTMLElement } | null = null;
  #evidence = new Set<string>();
  #reasons = new Map<string, string>();
  #asked: AbortController | null = null;
  #open = false;
  #stale = true;
  #sending = false;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#say = desk.words(queueWords);
    desk.map.overlay(OVERLAY);
    this.#sketch = new Sketch(desk, "queue-sketch", () => this.#sketched());
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
    this.#sketch.stop();
    for (const source of OVERLAY.sources) this.#desk.map.set(source, features([]));
  }

  changed(now: DeskState, before: DeskState): void {
    if (now.language !== before.language) this.#draw();
    if (now.asOf === before.asOf && now.knownBy === before.knownBy && now.head === before.head) return;
    if (now.asOf !== before.asOf || now.knownBy !== before.knownBy) this.#forget();
    this.#stale = true;
    if (this.#open) void this.#load();
  }

  clicked(spot: readonly [number, number]): boolean {
    if (this.#sketch.on) {
      this.#sketch.add(spot);
      return true;
    }
    const { gl } = this.#desk.map;
    const under = gl.queryRenderedFeatures(gl.project([spot[0], spot[1]]), { layers: ["queue-fill"] })[0];
    if (!under) return false;
    this.#choose(String(under.properties["id"]), false);
    return true;
  }

  keys(): readonly Binding[] {
    const say = this.#say;
    if (this.#sketch.on) {
      return [
        { code: "Space", says: () => say("place_corner"), run: () => this.#sketch.addCentre() },
        { code: "Enter", says: () => say("close_ground"), run: () => this.#sketch.polygon && this.#sketch.finish() },
        { code: "Backspace", says: () => say("undo_corner"), run: () => this.#sketch.takeBack() },
        { code: "Escape", typing: true, says: () => say("leave"), run: () => this.#leave() },
      ];
    }
    const judge = (code: string, verdict: Verdict): Binding => ({
      code,
      says: () => say(verdict),
      run: () => this.#begin(verdict),
    });
    return [
      { code: "KeyJ", says: () => say("next"), run: () => this.#step(1) },
      { code: "KeyK", says: () => say("before"), run: () => this.#step(-1) },
      judge("KeyA", "accept"),
      judge("KeyR", "reject"),
      judge("KeyE", "edit"),
      judge("KeyH", "hold"),
      { code: "KeyM", says: () => say("show"), run: () => this.#fit() },
      { code: "Shift+KeyA", says: () => say("approve"), run: () => this.#beginWith({ verdict: "approve", id: "" }) },
      { code: "Escape", typing: true, says: () => say("leave"), run: () => this.#leave() },
    ];
  }

  get #proposals(): readonly Proposal[] {
    return (this.#queue?.proposals ?? []).filter((one) => !this.#done.has(one.id));
  }

  get #one(): Proposal | null {
    return this.#proposals.find((one) => one.id === this.#chosen) ?? null;
  }

  #forget(): void {
    [this.#queue, this.#settling, this.#stretches] = [null, null, null];
    this.#done.clear();
    this.#leave();
  }

  async #load(): Promise<void> {
    this.#asked?.abort();
    const asked = (this.#asked = new AbortController());
    const { api } = this.#desk;
    try {
      this.#queue = await api.get<Queue>("/api/queue", when(this.#desk), asked.signal);
      [this.#stale, this.#settling] = [false, null];
      this.#done.clear();
      if (!this.#one) this.#chosen = this.#proposals[0]?.id ?? "";
      this.#draw();
      const looked = await api.get<{ stretches: readonly Stretch[] }>("/api/look", when(this.#desk), asked.signal);
      this.#stretches = looked.stretches;
      this.#drawLooks();
      if (this.#proposals.length) {
        this.#settling = (
          await api.get<{ settling: Record<string, Settling | null> }>(
            "/api/queue/settling",
            when(this.#desk),
            asked.signal,
          )
        ).settling;
        const [told, one] = [this.element.querySelector(".queue-settle"), this.#one];
        if (told && one) told.textContent = this.#settleText(one); // nothing else moves under the reader's hand
      }
    } catch (fault) {
      this.#desk.failed(fault);
    }
  }

  // Drawing

  #draw(): void {
    const focused = this.#formOf?.form.contains(document.activeElement)
      ? (document.activeElement as HTMLElement)
      : null;
    this.#top.replaceChildren(this.#head(), ...this.#list());
    this.#rest.replaceChildren(...this.#standing());
    this.#drawLooks();
    if (focused?.isConnected) focused.focus();
  }

  #drawLooks(): void {
    this.#looks.show(this.#stretches, this.#queue?.overdue ?? null);
    if (this.#open) this.#paint();
  }

  #head(): HTMLElement {
    const { language } = this.#desk.store.now;
    const km2 = this.#proposals.reduce((sum, one) => sum + one.km2, 0);
    const facts = this.#queue
      ? this.#say("count", { n: String(this.#proposals.length), km2: km2Text(km2, language, 1) })
      : "…";
    const previous = this.#queue?.previous;
    const approve = h(
      "button",
      {
        type: "button",
        class: "plain",
        id: "queue-approve",
        disabled: !this.#queue,
        title: `${this.#say("approve")} (${cap("Shift+KeyA", language)})`,
      },
      this.#say("approve"),
    );
    approve.addEventListener("click", () => this.#beginWith({ verdict: "approve", id: "" }));
    return h(
      "div",
      {},
      h("div", { class: "queue-head" }, h("h2", {}, this.#say("title")), approve),
      h(
        "p",
        { class: "queue-sub", id: "queue-count" },
        facts,
        previous
          ? ` · ${this.#say("against_map", { state: this.#say(previous.state), day: dateText(previous.as_of.slice(0, 10), language, "short") })}`
          : "",
      ),
      this.#answering?.verdict === "approve" ? this.#form() : "",
    );
  }

  #list(): (HTMLElement | string)[] {
    if (!this.#queue) return [];
    const { language } = this.#desk.store.now;
    const waiting = this.#queue.waiting;
    return [
      h("h3", { id: "queue-proposals" }, this.#say("proposals")),
      this.#proposals.length
        ? h(
            "ol",
            { class: "queue-list", "aria-labelledby": "queue-proposals" },
            ...this.#proposals.map((one) => this.#item(one)),
          )
        : h("p", { class: "quiet", id: "queue-none" }, this.#say("none")),
      waiting.pieces
        ? h(
            "p",
            { class: "queue-sub" },
            this.#say("waiting", { n: String(waiting.pieces), km2: km2Text(waiting.km2, language, 1) }),
          )
        : "",
    ];
  }

  #item(one: Proposal): HTMLElement {
    const { language } = this.#desk.store.now;
    const chosen = one.id === this.#chosen;
    const grey = this.#say("grey");
    const odds =
      one.to === "grey"
        ? this.#say("p_grey", {
            sure: percentText(one.sure, language),
            side: holderName(this.#desk, one.from, grey),
            p: percentText(one.p, language),
          })
        : this.#say("p", { p: percentText(one.p, language) });
    const button = h(
      "button",
      { type: "button", class: "queue-item", "aria-current": chosen ? "true" : null, "data-id": one.id },
      h(
        "span",
        { class: "queue-change" },
        chip(this.#desk, one.from),
        h("span", {}, holderName(this.#desk, one.from, grey)),
        h("span", {}, "→"),
        chip(this.#desk, one.to),
        h("span", {}, holderName(this.#desk, one.to, grey)),
      ),
      h("span", { class: "queue-size" }, km2Text(one.km2, language, 1)),
      h("span", { class: "queue-sub" }, [nameIn(one.near, language, ""), odds].filter(Boolean).join(" · ")),
    );
    button.addEventListener("click", () => this.#choose(one.id, true));
    return h("li", {}, button, chosen ? this.#detail(one) : "");
  }

  #detail(one: Proposal): HTMLElement {
    const { language } = this.#desk.store.now;
    const act = (verdict: Verdict, code: string): HTMLElement => {
      const button = h(
        "button",
        { type: "button", class: "plain", "data-verdict": verdict, disabled: this.#sending },
        this.#say(verdict),
        h("kbd", {}, cap(code, language)),
      );
      button.addEventListener("click", () => this.#begin(verdict));
      return button;
    };
    const tick = (source: Source): HTMLElement =>
      sourceRow(
        this.#desk,
        source,
        this.#say,
        source.kind === "decision"
          ? null
          : {
              on: this.#evidence.has(source.id),
              set: (on) => void (on ? this.#evidence.add(source.id) : this.#evidence.delete(source.id)),
            },
      );
    const rows = (found: readonly Source[]): (HTMLElement | string)[] => [
      h("ul", { class: "queue-sources" }, ...found.slice(0, this.#all ? found.length : TOLD).map(tick)),
      found.length > TOLD && !this.#all ? this.#moreOf(found.length - TOLD) : "",
    ];
    return h(
      "div",
      { class: "queue-detail" },
      h(
        "div",
        { class: "queue-acts" },
        act("accept", "KeyA"),
        act("reject", "KeyR"),
        act("edit", "KeyE"),
        act("hold", "KeyH"),
      ),
      this.#answering && this.#answering.id === one.id ? this.#form() : null,
      h("p", { class: "queue-settle" }, this.#settleText(one)),
      h("h3", { title: this.#say("share") }, this.#say("for_it")),
      ...rows(one.reports),
      h("h3", { title: this.#say("share") }, this.#say("against_it")),
      ...(one.against.length ? rows(one.against) : [h("p", { class: "queue-sub" }, this.#say("no_against"))]),
      one.n_others
        ? h(
            "p",
            { class: "queue-sub" },
            this.#say("others", { n: numberText(one.n_others, language), km: kmText(one.others_km, language, true) }),
          )
        : null,
    );
  }

  #moreOf(n: number): HTMLElement {
    const more = h(
      "button",
      { type: "button", class: "queue-link", "data-more": "" },
      this.#say("more_reports", { n: String(n) }),
    );
    more.addEventListener("click", () => {
      this.#all = true;
      this.#draw();
      this.element.querySelector<HTMLElement>(`[data-id="${CSS.escape(this.#chosen)}"]`)?.focus();
    });
    return more;
  }

  #settleText(one: Proposal): string {
    const found = this.#settling?.[one.id];
    if (!found) return this.#settling ? "" : this.#say("settling");
    return this.#say("settle", {
      side: holderName(this.#desk, found.seen, this.#say("grey")),
      turn: this.#say(found.turns ? "turns" : "not_turns"),
      p: percentText(found.p_after, this.#desk.store.now.language),
    });
  }

  #standing(): HTMLElement[] {
    const answer = (verdict: Verdict, id: string): void => this.#beginWith({ verdict, id });
    const form = (id: string): HTMLElement | null => (this.#answering?.id === id ? this.#form() : null);
    return this.#queue
      ? standingParts(this.#desk, this.#say, this.#queue, { answer, form, show: (ground) => this.#fitTo(ground) })
      : [];
  }

  #paint(): void {
    const { map } = this.#desk;
    const most = Math.max(...(this.#stretches ?? []).map((one) => one.settles_km2), 1e-9);
    map.set(
      "queue",
      features(this.#proposals.map((one) => shape(one.geometry, { id: one.id, chosen: one.id === this.#chosen }))),
    );
    map.set(
      "queue-look",
      features(
        (this.#stretches ?? []).slice(0, 40).map((one) => shape(one.geometry, { share: one.settles_km2 / most })),
      ),
    );
  }

  // Choosing

  #choose(id: string, fit: boolean): void {
    if (id !== this.#chosen) {
      this.#leave();
      this.#all = false;
    }
    this.#chosen = id;
    this.#draw();
    const button = this.element.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`);
    button?.focus();
    button?.scrollIntoView({ block: "nearest" });
    if (fit) this.#fit();
  }

  #step(by: number): void {
    const all = this.#proposals;
    if (!all.length) return;
    const at = all.findIndex((one) => one.id === this.#chosen);
    this.#choose(all[(at + by + all.length) % all.length]?.id ?? "", true);
  }

  #fit(): void {
    this.#fitTo(this.#one?.geometry ?? null);
  }

  #fitTo(geometry: GeoJSON.Geometry | null): void {
    const box = boxOf([geometry]);
    if (box) this.#desk.map.fit(box);
  }

  // Answering

  #begin(verdict: Verdict): void {
    const one = this.#one;
    if (one) this.#beginWith({ verdict, id: one.id });
  }

  #beginWith(answering: Answering): void {
    if (!this.#desk.store.now.editor.trim()) {
      this.#desk.announce(this.#say("by_name"), "fault");
      document.getElementById("editor")?.focus();
      return;
    }
    const one = this.#one;
    this.#sketch.stop();
    this.#answering = answering;
    this.#evidence = new Set(
      (answering.verdict === "reject" ? one?.against : one?.reports)
        ?.slice(0, TOLD)
        .filter((source) => source.kind !== "decision")
        .map((source) => source.id) ?? [],
    );
    this.#draw();
    if (answering.verdict === "edit") this.#sketch.start(true);
    else this.element.querySelector<HTMLInputElement>("#queue-reason")?.focus();
  }

  #leave(): void {
    if (!this.#answering) return;
    this.#answering = null;
    this.#sketch.stop();
    this.#draw();
    this.element.focus();
  }

  #sketched(): void {
    const told = this.element.querySelector("#queue-drawing");
    if (told) told.textContent = this.#say("drawing", { n: String(this.#sketch.points.length) });
    if (!this.#sketch.on && this.#sketch.points.length)
      this.element.querySelector<HTMLInputElement>("#queue-reason")?.focus();
  }

  /** The form of the answer that was begun; the same element while it is, so that nothing typed is lost. */
  #form(): HTMLElement {
    const answering = this.#answering as Answering;
    if (this.#formOf?.answering !== answering) this.#formOf = { answering, form: this.#makeForm(answering) };
    return this.#formOf.form;
  }

  #makeForm({ verdict }: Answering): HTMLElement {
    const { language, asOf } = this.#desk.store.now;
    const grey = this.#say("grey");
    const one = this.#one;
    const day = dateText(asOf, language, "short");
    const says =
      verdict === "approve"
        ? this.#say("approve_says", { day, n: String(this.#proposals.length) })
        : verdict === "accept"
          ? this.#say("accept_says")
          : verdict === "reject"
            ? this.#say("reject_says", { side: one ? holderName(this.#desk, one.from, grey) : "" })
            : verdict === "hold"
              ? this.#say("hold_says")
              : verdict === "edit"
                ? this.#say("edit_says")
                : "";
    const reason = h("input", {
      id: "queue-reason",
      type: "text",
      autocomplete: "off",
      maxlength: 500,
      value: this.#reasons.get(verdict) ?? (verdict === "accept" ? this.#say("accept_reason") : ""),
    });
    const until = ["reject", "hold", "edit", "extend"].includes(verdict)
      ? h("input", { id: "queue-until", type: "date", value: plusDays(asOf, this.#queue?.stands_days ?? 14) })
      : null;
    const holder =
      verdict === "edit"
        ? h(
            "select",
            { id: "queue-holder" },
            ...[...this.#desk.about.sides.map((side) => side.id), "grey"].map((id) =>
              h("option", { value: id, selected: id === one?.to }, holderName(this.#desk, id, grey)),
            ),
          )
        : null;
    const record = h("button", { type: "submit", class: "main", id: "queue-record" }, this.#say("record"));
    const leave = h("button", { type: "button", class: "plain" }, this.#say("leave"));
    leave.addEventListener("click", () => this.#leave());
    const form = h(
      "form",
      { class: "queue-form", "data-form": verdict },
      says ? h("p", {}, says) : null,
      verdict === "edit"
        ? h(
            "p",
            { id: "queue-drawing", class: "queue-sub" },
            this.#say("drawing", { n: String(this.#sketch.points.length) }),
          )
        : null,
      field(this.#say("reason"), reason),
      h(
        "div",
        { class: "queue-row" },
        until ? field(this.#say("until"), until) : null,
        holder ? field(this.#say("becomes"), holder) : null,
        record,
        leave,
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#record();
    });
    return form;
  }

  async #record(): Promise<void> {
    const [answering, queue] = [this.#answering, this.#queue];
    if (!answering || !queue || this.#sending) return;
    const value = (id: string): string =>
      this.element.querySelector<HTMLInputElement | HTMLSelectElement>(`#${id}`)?.value.trim() ?? "";
    const reason = value("queue-reason");
    if (!reason) return this.#desk.announce(this.#say("needs_reason"), "fault");
    this.#reasons.set(answering.verdict, reason);
    this.#sending = true;
    try {
      if (answering.verdict === "approve") await this.#approve(reason);
      else await this.#answer(answering, queue, reason, value("queue-until"), value("queue-holder"));
    } catch (fault) {
      this.#desk.failed(fault);
    } finally {
      this.#sending = false;
      this.#draw();
    }
  }

  async #answer(answering: Answering, queue: Queue, reason: string, until: string, holder: string): Promise<void> {
    const one = this.#one;
    const isProposal = one?.id === answering.id;
    const told = await this.#desk.api.send<Answered>("POST", "/api/queue/answer", {
      ...when(this.#desk),
      head: queue.head,
      verdict: answering.verdict,
      id: answering.id,
      reason,
      evidence: isProposal ? [...this.#evidence] : [],
      ...(until ? { until } : {}),
      ...(answering.verdict === "edit" ? { holder, geometry: this.#sketch.polygon } : {}),
    });
    const all = this.#proposals;
    const after = all[all.findIndex((other) => other.id === answering.id) + 1] ?? all[0];
    this.#answering = null;
    this.#sketch.stop();
    if (isProposal) {
      this.#done.add(answering.id);
      this.#chosen = after && after.id !== answering.id ? after.id : "";
    }
    this.#desk.announce(this.#say("recorded", { what: this.#say(answering.verdict as Verdict) }));
    this.#draw();
    this.element.querySelector<HTMLElement>('[aria-current="true"]')?.focus();
    this.#desk.moved(told);
  }

  async #approve(reason: string): Promise<void> {
    const told = await this.#desk.api.send<Answered & { as_of: string; reports_used: number }>(
      "POST",
      "/api/queue/approve",
      { ...when(this.#desk), reason },
    );
    const { language } = this.#desk.store.now;
    this.#answering = null;
    this.#desk.announce(
      this.#say("approved_done", {
        day: dateText(told.as_of.slice(0, 10), language, "short"),
        n: numberText(told.reports_used, language),
      }),
    );
    this.#desk.moved(told);
  }
}

export const panel: Panel = {
  id: "queue",
  icon: "M4 6h10M4 12h10M4 18h7M17 8l2 2 3-4M17 16l2 2 3-4",
  names: { en: "Queue", uk: "Черга" },
  make: (desk) => new QueueView(desk),
};
