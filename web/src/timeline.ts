// The foot of the page: dates, play, and the areas over time.
import type { Document, Sheet } from "./data";
import { button, h, icon, replace, s } from "./dom";
import { dateText, km2Text, say, sideName } from "./i18n";
import { along, nearestStep, runs, series, type Series, type Step } from "./series";
import type { Language, State, Store } from "./state";

const ICONS = {
  play: "M7 4.5v15l12-7.5z",
  pause: "M8 5v14M16 5v14",
  back: "M15 5l-7 7 7 7",
  forth: "M9 5l7 7-7 7",
} as const;
const STEP_MS = 900;
const FINE = 1000;
/** With more dates than this their ticks would be a grey wash. */
const MANY = 60;

/** The share of the chart's height that bars of change may take. */
const BARS = 42;

/** What changed hands since the date before, as a bar in the colours of who gained it. */
function bars({ steps }: Series, x: (i: number) => number): SVGElement[] {
  const most = Math.max(...steps.map((one) => one.changed), 1e-9);
  const wide = Math.max(2.5, Math.min(9, (FINE / steps.length) * 0.35));
  return steps.flatMap((one, i) => {
    const tall = (one.changed / most) * BARS;
    if (i === 0 || tall < 0.5) return [];
    const [first, second] = one.gained;
    const share = first + second > 0 ? first / (first + second) : null;
    const left = Math.min(FINE - wide, Math.max(0, x(i) - wide / 2));
    const bar = (cls: string, y: number, height: number): SVGElement =>
      s("rect", { class: `change ${cls}`, x: left, y, width: wide, height });
    return share === null
      ? [bar("ink", 100 - tall, tall)]
      : [bar("full-side-0", 100 - tall * share, tall * share), bar("full-side-1", 100 - tall, tall * (1 - share))];
  });
}

/** The polygons of the chart in a 1000 x 100 box, broken where dates are missing. */
function chart(all: Series): SVGSVGElement {
  const { steps, low, high } = all;
  const x = (i: number): number => along(steps, steps[i]?.time ?? 0) * FINE;
  const y = (km2: number): number => 100 - ((km2 - low) / (high - low)) * 100;
  const path = (run: readonly number[], lower: (i: number) => number, upper: (i: number) => number): string => {
    const there = run.map((i) => `${x(i).toFixed(1)},${lower(i).toFixed(2)}`);
    const back = run.map((i) => `${x(i).toFixed(1)},${upper(i).toFixed(2)}`).reverse();
    return `M${[...there, ...back].join("L")}Z`;
  };
  const first = (i: number): number => y(steps[i]?.first ?? 0);
  const second = (i: number): number => y((steps[i]?.first ?? 0) + (steps[i]?.grey ?? 0));
  const pieces = runs(all).flatMap((run) => [
    s("path", { class: "fill-side-1", d: path(run, second, () => 0) }),
    s("path", { class: "fill-grey", d: path(run, first, second) }),
    s("path", { class: "fill-side-0", d: path(run, () => 100, first) }),
    ...(run.length === 1 ? [s("line", { class: "lone", x1: x(run[0] ?? 0), x2: x(run[0] ?? 0), y1: 0, y2: 100 })] : []),
  ]);
  const gaps = all.gaps.map(([from, to]) =>
    s("rect", { class: "gap", x: x(from), y: 0, width: Math.max(0, x(to) - x(from)), height: 100 }),
  );
  return s(
    "svg",
    { class: "chart", viewBox: `0 0 ${FINE} 100`, preserveAspectRatio: "none", "aria-hidden": "true" },
    ...gaps,
    ...pieces,
    ...bars(all, x),
    ...(steps.length > MANY ? [] : steps).map((_, i) =>
      s("line", { class: "tick", x1: x(i), x2: x(i), y1: 0, y2: 100 }),
    ),
  );
}

/** A class's area, in the words and colour of the readout. */
interface Part {
  readonly name: string;
  readonly cls: string;
  readonly km2: number;
}

export class Timeline {
  readonly #data: Document;
  readonly #store: Store;
  readonly #series: Series;
  readonly #root: HTMLElement;
  /** Beside the chart, not in it: as it moves the chart is not drawn again. */
  readonly #now = h("i", { class: "now", "aria-hidden": "true" });
  readonly #slider = h("input", { type: "range", id: "date-slider", min: 0, max: FINE, step: 1 });
  readonly #date = h("output", { id: "date-label", for: "date-slider", "aria-live": "polite" });
  readonly #readout = h("ul", { class: "readout" });
  readonly #play = button({ id: "play", class: "tool" }, () => (this.#ticking === null ? this.#start() : this.#stop()));
  readonly #back = button({ id: "earlier", class: "tool" }, () => this.#step(-1), icon(ICONS.back));
  readonly #forth = button({ id: "later", class: "tool" }, () => this.#step(1), icon(ICONS.forth));
  readonly #ends = h(
    "div",
    { class: "ends", "aria-hidden": "true" },
    h("span"),
    h("span", { class: "window" }),
    h("span"),
  );
  #ticking: number | null = null;
  /** What was on the map when last told. */
  #shown: Sheet | null = null;

  constructor(root: HTMLElement, data: Document, store: Store) {
    this.#data = data;
    this.#store = store;
    this.#series = series(data);
    this.#root = root;
    const many = data.dates.length > 1;
    root.classList.toggle("single", !many);
    root.append(
      h(
        "div",
        { class: "dateline" },
        many ? h("div", { class: "tools" }, this.#back, this.#play, this.#forth) : null,
        this.#date,
        this.#readout,
      ),
    );
    if (many) this.#addSlider();
    else root.append(this.#bar());
    this.#redraw();
  }

  /** One date: the shares as one bar. */
  #bar(): HTMLElement {
    const [one] = this.#series.steps;
    const part = (name: string, size: number): HTMLElement => {
      const piece = h("span", { class: name });
      piece.style.flexGrow = String(size);
      return piece;
    };
    return h(
      "div",
      { class: "bar", "aria-hidden": "true" },
      part("back-side-0", one?.first ?? 0),
      part("back-grey", one?.grey ?? 0),
      part("back-side-1", one?.second ?? 0),
    );
  }

  #addSlider(): void {
    const picture = chart(this.#series);
    picture.addEventListener("pointerdown", (event) => {
      const { left, width } = picture.getBoundingClientRect();
      this.#go(nearestStep(this.#series.steps, (event.clientX - left) / width));
    });
    this.#root.append(h("div", { class: "track" }, picture, this.#now, this.#slider), this.#ends);
    this.#slider.addEventListener("input", () =>
      this.#go(nearestStep(this.#series.steps, Number(this.#slider.value) / FINE)),
    );
    this.#slider.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("keydown", (event) => {
      if (event.target === document.body) this.#key(event);
    });
  }

  #step(by: number): void {
    this.#go(this.#store.now.date + by);
  }

  #key(event: KeyboardEvent): void {
    const here = this.#store.now.date;
    const last = this.#data.dates.length - 1;
    const to = {
      ArrowLeft: here - 1,
      ArrowDown: here - 1,
      ArrowRight: here + 1,
      ArrowUp: here + 1,
      PageDown: here - 4,
      PageUp: here + 4,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#go(to);
  }

  #go(index: number, playing = false): void {
    if (!playing) this.#stop();
    const date = Math.max(0, Math.min(this.#data.dates.length - 1, index));
    if (date === this.#store.now.date) this.#redraw();
    else this.#store.set({ date });
  }

  #start(): void {
    if (this.#store.now.date === this.#data.dates.length - 1) this.#go(0);
    this.#ticking = window.setInterval(() => {
      const next = this.#store.now.date + 1;
      if (document.documentElement.hasAttribute("data-fetching")) return;
      this.#go(next, true);
      if (next >= this.#data.dates.length - 1) this.#stop();
    }, STEP_MS);
    this.#redraw();
  }

  #stop(): void {
    if (this.#ticking === null) return;
    window.clearInterval(this.#ticking);
    this.#ticking = null;
    this.#redraw();
  }

  /** The areas of the map that is shown, else those that the document tells of its date. */
  #areas(state: State, shown: Sheet | null): Pick<Step, "first" | "grey" | "second"> {
    const step = this.#series.steps[state.date];
    const told = shown?.area_km2 ?? {};
    const [first, second] = this.#data.sides;
    const of = (id: string | undefined, other: number | undefined): number =>
      id !== undefined ? (told[id] ?? other ?? 0) : 0;
    return { first: of(first?.id, step?.first), grey: of("grey", step?.grey), second: of(second?.id, step?.second) };
  }

  #parts(state: State, shown: Sheet | null): Part[] {
    const areas = this.#areas(state, shown);
    const [first, second] = this.#data.sides;
    const of = (id: string | undefined): string => sideName(this.#data.sides, id, state.language);
    return [
      { name: of(first?.id), cls: "back-side-0", km2: areas.first },
      { name: say(state.language, "grey"), cls: "back-grey", km2: areas.grey },
      { name: of(second?.id), cls: "back-side-1", km2: areas.second },
    ];
  }

  /** How much of all that nobody saw of late; it overlaps the three classes, so it stands apart. */
  #unseen({ date, language }: State, shown: Sheet | null): HTMLElement | null {
    const km2 = shown?.area_km2["unobserved"] ?? this.#series.steps[date]?.unobserved ?? 0;
    if (km2 <= 0) return null;
    const who = h("span", { class: "who" }, say(language, "unobserved_of_it"));
    return h("li", { class: "unseen" }, who, h("b", {}, km2Text(km2, language)));
  }

  /** Everything that depends on the date, the language or whether it plays; `shown` is what is on the map now. */
  draw(shown: Sheet): void {
    this.#shown = shown;
    this.#redraw();
  }

  #redraw(): void {
    const [state, shown] = [this.#store.now, this.#shown];
    const { language, date } = state;
    const text = dateText(this.#data.dates[date]?.as_of, language);
    const isBlank = shown?.missing === "unpublished" || shown?.missing === "pulled";
    const parts = isBlank ? [] : this.#parts(state, shown);
    const size = (part: Part): string => km2Text(part.km2, language);
    const item = (part: Part): HTMLElement =>
      h(
        "li",
        {},
        h("i", { class: `chip ${part.cls}` }),
        h("span", { class: "who" }, part.name),
        h("b", {}, size(part)),
      );
    this.#date.textContent = text;
    replace(this.#readout, parts.map(item), isBlank ? null : this.#unseen(state, shown));
    this.#point(date, text);
    this.#label(language, date, parts.map((part) => `${part.name} ${size(part)}`).join(", "));
  }

  /** Slider and mark to a date. */
  #point(date: number, text: string): void {
    const { steps } = this.#series;
    const value = Math.round(along(steps, steps[date]?.time ?? 0) * FINE);
    const share = value / FINE;
    this.#slider.value = String(value);
    this.#slider.setAttribute("aria-valuetext", text);
    this.#now.style.left = `calc(${(100 * share).toFixed(2)}% + ${(10 - 20 * share).toFixed(1)}px)`;
  }

  #label(language: Language, date: number, areas: string): void {
    const playing = this.#ticking !== null;
    const name = (button: HTMLElement, text: string): void => {
      button.setAttribute("aria-label", text);
      button.title = text;
    };
    name(this.#play, say(language, playing ? "pause" : "play"));
    name(this.#back, say(language, "earlier"));
    name(this.#forth, say(language, "later"));
    this.#play.replaceChildren(icon(playing ? ICONS.pause : ICONS.play));
    this.#back.disabled = date === 0;
    this.#forth.disabled = date === this.#data.dates.length - 1;
    this.#slider.setAttribute("aria-label", `${say(language, "date")}. ${say(language, "chart", { parts: areas })}`);
    const ends = [
      dateText(this.#data.dates[0]?.as_of, language, "short"),
      say(language, "chart_window"),
      dateText(this.#data.dates.at(-1)?.as_of, language, "short"),
    ];
    for (const [i, child] of [...this.#ends.children].entries()) child.textContent = ends[i] ?? "";
  }
}
