// Why a spot is what it is, exactly; without some reports; one day as known at two moments.
import type { Names } from "../../src/data";
import { h } from "../../src/dom";
import { boxOf } from "../../src/geometry";
import { km2Text, kmText, nameIn, numberText, percentText } from "../../src/i18n";
import { keepingFocus } from "../focus";
import type { Binding } from "../keys";
import type { Overlay } from "../map";
import type { Desk, Panel, View } from "../panel";
import type { DeskState } from "../store";
import {
  chip,
  features,
  field,
  holderName,
  plusDays,
  shape,
  sourceRow,
  when,
  type Say,
  type Source,
} from "./queue_parts";
import { queueWords } from "./queue_words";
import { whyWords } from "./why_words";

type Part = Source & { readonly km: number; readonly p: number; readonly toward: string };
interface Why {
  readonly at: readonly [number, number];
  readonly cell_km: number;
  readonly near: Names;
  readonly sides: readonly [string, string];
  readonly prior_km: number;
  readonly prior_p: number;
  readonly latent_km: number;
  readonly spread_km: number;
  readonly stands: number;
  readonly p: number;
  readonly shown: Readonly<Record<string, number | boolean | null>>;
  readonly parts: readonly Part[];
  readonly others: { readonly n: number; readonly km: number; readonly p: number };
  readonly flip: { readonly without: readonly string[]; readonly p: number } | null;
}
interface Left {
  readonly ids: readonly string[];
  readonly latent_km: readonly [number, number];
  readonly p: readonly [number, number];
  readonly flips: boolean;
  readonly km2: number;
  readonly line: GeoJSON.Geometry | null;
  readonly ground: GeoJSON.Geometry | null;
}
interface Told {
  readonly n: number;
  readonly reports: readonly Source[];
}
interface Between {
  readonly km2: number;
  readonly pieces: readonly {
    readonly from: string;
    readonly to: string;
    readonly km2: number;
    readonly near: Names;
    readonly geometry: GeoJSON.Geometry | null;
  }[];
  readonly came: Told;
  readonly corrected: Told;
  readonly gone: Told;
  readonly decided: readonly Source[];
}

const FEW = 12;
const TOLD = 8;

const OVERLAY: Overlay = {
  sources: ["why-spot", "why-left"],
  layers: () => [
    {
      id: "why-ground",
      type: "fill",
      source: "why-left",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": "#ffcf33", "fill-opacity": 0.35 },
    },
    {
      id: "why-line",
      type: "line",
      source: "why-left",
      paint: { "line-color": "#c47f00", "line-width": 2, "line-dasharray": [3, 1.5] },
    },
    {
      id: "why-post",
      type: "circle",
      source: "why-spot",
      filter: ["==", ["get", "role"], "post"],
      paint: {
        "circle-radius": 5,
        "circle-color": "#fff",
        "circle-stroke-color": "#17191c",
        "circle-stroke-width": 1.6,
      },
    },
    {
      id: "why-mark",
      type: "circle",
      source: "why-spot",
      filter: ["==", ["get", "role"], "spot"],
      paint: {
        "circle-radius": 8,
        "circle-color": "#ffcf33",
        "circle-stroke-color": "#17191c",
        "circle-stroke-width": 2.2,
      },
    },
  ],
};

class WhyView implements View {
  readonly element = h("div", { class: "why", id: "why", tabindex: -1 });
  readonly #desk: Desk;
  readonly #say: (key: keyof (typeof whyWords)["en"], holes?: Readonly<Record<string, string>>) => string;
  readonly #shared: Say;
  #spot: readonly [number, number] | null = null;
  #why: Why | null = null;
  #left: Left | null = null;
  #between: Between | null = null;
  #ticked = new Set<string>();
  #all = false;
  /** The spot could not be told: the line at the bottom says why. */
  #isLost = false;
  #open = false;
  #earlier = "";
  #later = "";
  #asked: AbortController | null = null;
  /** What was asked for last: an answer to anything older is not shown. */
  #turn = 0;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#say = desk.words(whyWords);
    this.#shared = desk.words(queueWords);
    desk.map.overlay(OVERLAY);
    this.#draw();
  }

  shown(): void {
    this.#open = true;
    this.#paint();
    if (this.#spot && !this.#why) void this.#ask();
    this.element.focus();
  }

  hidden(): void {
    this.#open = false;
    for (const source of OVERLAY.sources) this.#desk.map.set(source, features([]));
  }

  changed(now: DeskState, before: DeskState): void {
    if (now.asOf !== before.asOf || now.knownBy !== before.knownBy || now.head !== before.head) {
      this.#turn += 1;
      [this.#why, this.#left, this.#between] = [null, null, null];
      if (this.#open && this.#spot) void this.#ask();
    }
    this.#draw();
  }

  clicked(spot: readonly [number, number]): boolean {
    this.#turn += 1;
    this.#spot = spot;
    this.#ticked.clear();
    [this.#why, this.#left, this.#all] = [null, null, false];
    void this.#ask();
    return true;
  }

  keys(): readonly Binding[] {
    return [
      { code: "Enter", says: () => this.#say("here"), run: () => this.#here() },
      { code: "KeyW", says: () => this.#say("check"), run: () => void this.#without([...this.#ticked]) },
      { code: "Escape", typing: true, says: () => this.#say("clear"), run: () => this.#clear() },
    ];
  }

  #here(): void {
    const { lng, lat } = this.#desk.map.gl.getCenter();
    this.clicked([lng, lat]);
  }

  #clear(): void {
    [this.#left, this.#between] = [null, null];
    this.#ticked.clear();
    this.#draw();
  }

  async #ask(): Promise<void> {
    if (!this.#spot) return;
    this.#asked?.abort();
    const { signal } = (this.#asked = new AbortController());
    this.#isLost = false;
    this.#draw();
    try {
      const why = (this.#why = await this.#desk.api.send<Why>(
        "POST",
        "/api/why",
        { ...when(this.#desk), at: this.#spot },
        signal,
      ));
      this.#ticked = new Set(why.parts.map((one) => one.id).filter((id) => this.#ticked.has(id)));
    } catch (fault) {
      this.#desk.failed(fault);
      if (signal.aborted) return;
      this.#isLost = true;
    }
    this.#draw();
  }

  async #without(ids: readonly string[]): Promise<void> {
    if (!this.#spot || !ids.length) return;
    const turn = (this.#turn += 1);
    try {
      const left = await this.#desk.api.send<Left>("POST", "/api/why/without", {
        ...when(this.#desk),
        at: this.#spot,
        ids,
      });
      if (turn !== this.#turn) return;
      this.#left = left;
      this.#between = null;
      this.#draw();
    } catch (fault) {
      this.#desk.failed(fault);
    }
  }

  async #compare(): Promise<void> {
    const { asOf } = this.#desk.store.now;
    const turn = (this.#turn += 1);
    try {
      const between = await this.#desk.api.get<Between>("/api/why/between", {
        as_of: asOf,
        known_by: this.#earlier || plusDays(asOf, -6),
        and: this.#later || plusDays(asOf, 1),
      });
      if (turn !== this.#turn) return;
      this.#between = between;
      this.#left = null;
      this.#draw();
    } catch (fault) {
      this.#desk.failed(fault);
    }
  }

  // Drawing

  #draw(): void {
    const why = this.#why;
    keepingFocus(this.element, () =>
      this.element.replaceChildren(
        h("h2", {}, this.#say("title")),
        h(
          "p",
          { class: "quiet small" },
          this.#spot && !why && !this.#isLost ? this.#say("reading") : this.#say("hint"),
        ),
        ...(why ? this.#told(why) : []),
        ...this.#travel(),
      ),
    );
    if (this.#open) this.#paint();
  }

  #told(why: Why): (HTMLElement | string)[] {
    const { language } = this.#desk.store.now;
    const first = why.sides[0];
    const number = (name: string): number => Number(why.shown[name] ?? 0);
    const days = why.shown["last_look_days"];
    const shares = [
      [first, number(`p_${first}`), "side-0"],
      ["grey", number("p_grey"), "grey"],
      [why.sides[1], number(`p_${why.sides[1]}`), "side-1"],
    ] as const;
    const bar = h(
      "div",
      { class: "why-shown", "aria-hidden": true },
      ...shares.map(([, p, side]) => {
        const part = h("span", { class: side }, p > 0.12 ? percentText(p, language) : "");
        part.style.flex = `${p} 0 0`;
        return part;
      }),
    );
    const legend = h(
      "p",
      { class: "why-legend" },
      ...shares.map(([id, p]) =>
        h(
          "span",
          {},
          chip(this.#desk, id),
          `${holderName(this.#desk, id, this.#say("grey"))} ${percentText(p, language)}`,
        ),
      ),
    );
    const facts = [
      nameIn(why.near, language, ""),
      this.#say("cell", { km: kmText(why.cell_km, language) }),
      this.#say("unobserved", { p: percentText(number("unobserved"), language) }),
      typeof days === "number" ? this.#say("looked", { days: numberText(days, language, 0) }) : null,
    ]
      .filter(Boolean)
      .join(" · ");
    const most = Math.max(...why.parts.map((one) => Math.abs(one.km)), 0.01);
    const some = this.#all ? why.parts : why.parts.slice(0, FEW);
    const rest = why.parts.length - some.length;
    const more = h(
      "button",
      { type: "button", class: "queue-link", id: "why-more" },
      this.#say(this.#all ? "fewer" : "more", { n: String(why.parts.length) }),
    );
    more.addEventListener("click", () => {
      this.#all = !this.#all;
      this.#draw();
    });
    return [
      h("p", { id: "why-place" }, facts),
      bar,
      legend,
      this.#leftText(why),
      why.shown["out_of_range"] ? h("p", { class: "queue-sub" }, this.#say("moving")) : "",
      h("h3", {}, `${this.#say("parts")} · ${this.#say("depth", { side: holderName(this.#desk, first, "") })}`),
      this.#sum(this.#say("prior"), why.prior_km, why.prior_p, ""),
      h("ul", { id: "why-parts" }, ...some.map((one) => this.#part(one, most))),
      rest > 0 || this.#all ? more : "",
      why.others.n
        ? this.#sum(this.#shared("others", { n: String(why.others.n), km: "" }).trim(), why.others.km, why.others.p, "")
        : "",
      this.#sum(this.#say("sum", { km: kmText(why.spread_km, language) }), why.latent_km, why.p, "total"),
      h("p", { class: "queue-sub" }, this.#say("stands", { p: percentText(why.stands, language) })),
      ...this.#flipping(why),
    ];
  }

  #sum(label: string, km: number, p: number, kind: string): HTMLElement {
    const { language } = this.#desk.store.now;
    return h(
      "p",
      { class: `why-sum ${kind}` },
      h("span", {}, label),
      h("span", {}, `${kmText(km, language, true)} · ${percentText(p, language)}`),
    );
  }

  #part(one: Part, most: number): HTMLElement {
    const { language } = this.#desk.store.now;
    const tick = h("input", {
      type: "checkbox",
      "data-tick": one.id,
      checked: this.#ticked.has(one.id),
      "aria-label": this.#say("tick", { id: one.id }),
    });
    tick.addEventListener("change", () => {
      if (tick.checked) this.#ticked.add(one.id);
      else this.#ticked.delete(one.id);
      this.#draw();
    });
    const fill = h("i", { class: one.km > 0 ? "side-0" : "side-1" });
    const width = (50 * Math.abs(one.km)) / most;
    fill.style.width = `${width}%`;
    fill.style.left = one.km > 0 ? "50%" : `${50 - width}%`;
    const alone = h("button", { type: "button", class: "queue-link", "data-without": one.id }, this.#say("without"));
    alone.addEventListener("click", () => void this.#without([one.id]));
    const signed = `${one.p >= 0 ? "+" : "−"}${numberText(Math.abs(100 * one.p), language, 1)} %`;
    return h(
      "li",
      { class: "why-part" },
      tick,
      h(
        "div",
        {},
        h("div", { class: "why-bar", "aria-hidden": true }, fill),
        h(
          "p",
          { class: "why-p" },
          h("b", {}, kmText(one.km, language, true)),
          h("span", {}, signed),
          h("span", {}, this.#say("toward", { side: holderName(this.#desk, one.toward, this.#say("grey")) })),
          alone,
        ),
        sourceRow(this.#desk, { ...one, ...{ km: undefined } } as unknown as Source, this.#shared),
      ),
    );
  }

  #flipping(why: Why): (HTMLElement | string)[] {
    const { language } = this.#desk.store.now;
    const some = h(
      "button",
      { type: "button", class: "plain", id: "why-without", disabled: this.#ticked.size === 0 },
      this.#say("without_some", { n: String(this.#ticked.size) }),
    );
    some.addEventListener("click", () => void this.#without([...this.#ticked]));
    const flip = why.flip;
    const check = h(
      "button",
      { type: "button", class: "plain", id: "why-check", disabled: flip === null },
      this.#say("check"),
    );
    check.addEventListener("click", () => flip && void this.#without(flip.without));
    return [
      h(
        "p",
        { id: "why-flip" },
        flip
          ? this.#say("flip", { n: String(flip.without.length), p: percentText(flip.p, language) })
          : this.#say("no_flip"),
      ),
      h("div", { class: "why-acts" }, check, some),
    ];
  }

  #leftText(why: Why): HTMLElement | string {
    const left = this.#left;
    if (!left) return "";
    const { language } = this.#desk.store.now;
    const ids = left.ids.length > 3 ? String(left.ids.length) : left.ids.join(", ");
    return h(
      "p",
      { class: "why-left", id: "why-left", role: "status" },
      this.#say("left", {
        n: ids,
        side: holderName(this.#desk, why.sides[0], ""),
        before: percentText(left.p[0], language),
        after: percentText(left.p[1], language),
        from: kmText(left.latent_km[0], language, true),
        to: kmText(left.latent_km[1], language, true),
        flips: this.#say(left.flips ? "flips" : "stays"),
        km2: km2Text(left.km2, language, 1),
      }),
    );
  }

  #travel(): HTMLElement[] {
    const { asOf, language } = this.#desk.store.now;
    const earlier = h("input", { id: "why-earlier", type: "date", value: this.#earlier || plusDays(asOf, -6) });
    const later = h("input", { id: "why-later", type: "date", value: this.#later || plusDays(asOf, 1) });
    earlier.addEventListener("change", () => (this.#earlier = earlier.value));
    later.addEventListener("change", () => (this.#later = later.value));
    const compare = h("button", { type: "button", class: "plain", id: "why-compare" }, this.#say("compare"));
    compare.addEventListener("click", () => void this.#compare());
    const found = this.#between;
    const told = found
      ? [
          h(
            "p",
            { id: "why-differ" },
            this.#say("differ", {
              km2: km2Text(found.km2, language, 1),
              came: String(found.came.n),
              corrected: String(found.corrected.n),
              gone: String(found.gone.n),
              decided: String(found.decided.length),
            }),
          ),
          h("ul", { class: "why-pieces" }, ...found.pieces.slice(0, FEW).map((one) => this.#piece(one))),
          ...this.#list("came", found.came.reports),
          ...this.#list("gone", found.gone.reports),
          ...this.#list("decided", found.decided),
        ]
      : [];
    return [
      h("h3", {}, this.#say("travel")),
      h("p", { class: "queue-sub" }, this.#say("travel_hint")),
      h("div", { class: "queue-row" }, field(this.#say("earlier"), earlier), field(this.#say("later"), later), compare),
      ...told,
    ];
  }

  #list(key: "came" | "gone" | "decided", found: readonly Source[]): HTMLElement[] {
    return found.length
      ? [
          h("h3", {}, this.#say(key)),
          h(
            "ul",
            { class: "queue-sources" },
            ...found.slice(0, TOLD).map((one) => sourceRow(this.#desk, one, this.#shared)),
          ),
        ]
      : [];
  }

  #piece(one: Between["pieces"][number]): HTMLElement {
    const grey = this.#say("grey");
    const button = h(
      "button",
      { type: "button" },
      chip(this.#desk, one.from),
      h("span", {}, holderName(this.#desk, one.from, grey)),
      "→",
      chip(this.#desk, one.to),
      h("span", {}, `${holderName(this.#desk, one.to, grey)} · ${nameIn(one.near, this.#desk.store.now.language, "")}`),
      h("b", {}, km2Text(one.km2, this.#desk.store.now.language, 1)),
    );
    button.addEventListener("click", () => {
      const box = boxOf([one.geometry]);
      if (box) this.#desk.map.fit(box);
    });
    return h("li", {}, button);
  }

  #paint(): void {
    const { map } = this.#desk;
    const posts = (this.#why?.parts ?? [])
      .slice(0, FEW)
      .map((one) => (one.at ? shape({ type: "Point", coordinates: [...one.at] }, { role: "post" }) : null));
    map.set(
      "why-spot",
      features([
        ...posts,
        this.#spot ? shape({ type: "Point", coordinates: [...this.#spot] }, { role: "spot" }) : null,
      ]),
    );
    const ground = [
      shape(this.#left?.ground ?? null),
      shape(this.#left?.line ?? null),
      ...(this.#between?.pieces ?? []).map((one) => shape(one.geometry)),
    ];
    map.set("why-left", features(ground));
  }
}

export const panel: Panel = {
  id: "why",
  icon: "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM12 8h.01M11 11.5h1V17h1",
  names: { en: "Why", uk: "Чому" },
  make: (desk) => new WhyView(desk),
};
