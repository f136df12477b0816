// Approve, look, publish: what the public edition of an approved day would hold, what is held back and why, and two steps to it.
import { h } from "../../src/dom";
import { dateText, km2Text, kmText, numberText } from "../../src/i18n";
import { keepingFocus } from "../focus";
import { cap, type Binding } from "../keys";
import type { Desk, Panel, View } from "../panel";
import type { DeskState } from "../store";
import { chip, holderName } from "./queue_parts";
import { addTo, draw, type Maps, type Shown } from "./release_map";
import { PublishForm } from "./release_publish";
import { Fates, type Say } from "./release_reports";
import { releaseWords, type ReleaseKey } from "./release_words";

interface Day {
  readonly as_of: string;
  readonly by: string;
  readonly reports_used: number;
  readonly editions: readonly string[];
}
interface Days {
  readonly days: readonly Day[];
  readonly site: string;
  readonly proposed_site: string;
}
interface Line {
  readonly side: string;
  readonly kind: "advance" | "withdrawal";
  readonly km2: number;
  readonly up_to_km: number | null;
  readonly at: readonly [number, number];
  readonly reports: readonly number[];
}
/** `GET /api/release`. */
export interface Release extends Maps {
  readonly as_of: string;
  readonly head: string;
  readonly counted_to: string;
  readonly ready: boolean;
  readonly ready_at: string;
  readonly edition: string;
  readonly last: { readonly id: string } | null;
  readonly already: boolean;
  readonly second_name: boolean;
  readonly second_name_over_km2: number;
  readonly cell_km: number;
  readonly closed_km2: number;
  readonly contents: readonly {
    readonly file: string;
    readonly n: number | null;
    readonly bytes: number;
    readonly not_before: string | null;
  }[];
  readonly groups: Readonly<Record<string, number>>;
  readonly changes: {
    readonly since: string;
    readonly since_edition: string | null;
    readonly changed_km2: number;
    readonly transitions_km2: Readonly<Record<string, number>>;
    readonly settlements: readonly { readonly name: string; readonly from: string | null; readonly to: string }[];
    readonly lines: readonly Line[];
  };
}
const SHOWN: readonly Shown[] = ["desk", "private", "public"];
const INFORMING = ["informs", "with_link"];
const MOST_LINES = 12;

class ReleaseView implements View {
  readonly element = h("div", { class: "release", id: "release", tabindex: -1 });
  readonly #desk: Desk;
  readonly #say: Say;
  readonly #top = h("div", { class: "release-part release-top" });
  readonly #map = h("div", { class: "release-part" });
  readonly #changes = h("section", { class: "release-part", id: "release-changes" });
  readonly #contents = h("section", { class: "release-part", id: "release-contents" });
  readonly #fates: Fates;
  readonly #form: PublishForm;
  #days: Days | null = null;
  #day = "";
  #release: Release | null = null;
  #shown: Shown = "public";
  #asked: AbortController | null = null;
  #open = false;
  #stale = true;
  #failed = false;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#say = desk.words(releaseWords);
    addTo(desk);
    this.#fates = new Fates(desk, this.#say);
    this.#form = new PublishForm(desk, this.#say);
    this.element.append(this.#top, this.#map, this.#changes, this.#contents, this.#fates.element, this.#form.element);
    this.#fates.show(null);
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
    draw(this.#desk, null, "desk");
  }

  changed(now: DeskState, before: DeskState): void {
    if (now.language !== before.language) this.#draw();
    if (now.head === before.head && now.asOf === before.asOf) return;
    if (now.asOf !== before.asOf) this.#day = "";
    this.#stale = true;
    if (this.#open) void this.#load();
  }

  keys(): readonly Binding[] {
    const say = this.#say;
    return [
      {
        code: "KeyV",
        says: () => say("key_map"),
        run: () => this.#show(SHOWN[(SHOWN.indexOf(this.#shown) + 1) % SHOWN.length] ?? "desk"),
      },
      { code: "Slash", says: () => say("key_search"), run: () => this.#fates.focus() },
      { code: "KeyP", says: () => say("key_form"), run: () => this.#form.focus() },
      { code: "Escape", typing: true, says: () => say("leave"), run: () => this.#leave() },
    ];
  }

  #leave(): void {
    this.#form.leave();
    this.element.focus();
  }

  // Asking

  async #load(): Promise<void> {
    this.#failed = false;
    this.#asked?.abort();
    const { signal } = (this.#asked = new AbortController());
    const { api, store } = this.#desk;
    try {
      const told = (this.#days = await api.get<Days>("/api/release/days", {}, signal));
      this.#stale = false;
      const upto = told.days.filter((one) => one.as_of.slice(0, 10) <= store.now.asOf);
      if (!told.days.some((one) => one.as_of === this.#day)) this.#day = (upto[0] ?? told.days[0])?.as_of ?? "";
      this.#form.folder(told.site || told.proposed_site);
      this.#release = null;
      this.#form.show(null);
      this.#draw();
      if (!this.#day) {
        this.#form.hide();
        return this.#fates.show(null);
      }
      this.#release = await api.get<Release>("/api/release", { on: this.#day }, signal);
      this.#fates.show(this.#day);
      this.#form.show({ on: this.#day, release: this.#release });
      this.#draw();
    } catch (fault) {
      this.#desk.failed(fault);
      if (signal.aborted) return;
      [this.#failed, this.#stale] = [true, true];
      this.#draw();
    }
  }

  // Drawing

  #draw(): void {
    keepingFocus(this.element, () => {
      this.#top.replaceChildren(...this.#head());
      this.#map.replaceChildren(...this.#maps());
      this.#changes.replaceChildren(...this.#changed());
      this.#contents.replaceChildren(...this.#contained());
      for (const part of [this.#map, this.#changes, this.#contents]) part.hidden = !this.#release;
      this.#fates.draw();
      this.#form.draw();
    });
    this.#paint();
  }

  #paint(): void {
    if (this.#open) draw(this.#desk, this.#release, this.#shown);
  }

  #show(shown: Shown): void {
    this.#shown = shown;
    this.#map.replaceChildren(...this.#maps());
    this.#map.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus();
    this.#paint();
  }

  #head(): (HTMLElement | string)[] {
    const [say, told] = [this.#say, this.#release];
    const { language } = this.#desk.store.now;
    const title = h("h2", {}, say("title"));
    if (this.#days && !this.#days.days.length) {
      const go = h("button", { type: "button", class: "plain", id: "release-to-queue" }, say("to_queue"));
      go.addEventListener("click", () => this.#desk.open("queue"));
      return [title, h("p", { id: "release-none" }, say("none")), h("div", {}, go)];
    }
    const pick = h(
      "select",
      { id: "release-day", "aria-label": say("day") },
      ...(this.#days?.days ?? []).map((one) =>
        h(
          "option",
          { value: one.as_of, selected: one.as_of === this.#day },
          [dateText(one.as_of, language, "short"), ...one.editions.slice(-1)].join(" · "),
        ),
      ),
    );
    pick.addEventListener("change", () => {
      this.#day = pick.value;
      void this.#load();
    });
    const day = this.#days?.days.find((one) => one.as_of === this.#day);
    const of = day
      ? h("p", { class: "quiet small" }, say("of_day", { by: day.by, n: numberText(day.reports_used, language) }))
      : "";
    if (!told)
      return [
        title,
        this.#days?.days.length ? pick : "",
        of,
        ...(this.#failed ? this.#again() : [h("p", { class: "quiet", id: "release-working" }, say("drawing_up"))]),
      ];
    const when = (iso: string): string => dateText(iso, language, "short");
    const go = h(
      "button",
      { type: "button", class: "queue-link", id: "release-to-form" },
      say("key_form"),
      " ",
      h("kbd", {}, cap("KeyP", language)),
    );
    go.addEventListener("click", () => this.#form.focus());
    const state = told.ready
      ? h("p", { class: "release-good", id: "release-ready" }, say("ready"), " ", go)
      : h("p", { class: "release-wait", id: "release-ready" }, say("not_ready", { when: when(told.ready_at) }));
    const next =
      told.already && told.last
        ? say("already", { edition: told.last.id })
        : say("next", { edition: told.edition, when: when(told.counted_to) });
    return [
      title,
      pick,
      of,
      state,
      h(
        "p",
        { class: "small", id: "release-next" },
        next,
        " ",
        h("span", { class: "quiet" }, told.last ? say("last", { edition: told.last.id }) : say("first")),
      ),
    ];
  }

  /** It could not be drawn up: the line at the bottom says why. */
  #again(): HTMLElement[] {
    const again = h("button", { type: "button", class: "plain", id: "release-again" }, this.#say("again"));
    again.addEventListener("click", () => void this.#load());
    return [h("p", { class: "release-wait", id: "release-failed" }, this.#say("failed")), h("div", {}, again)];
  }

  #maps(): (HTMLElement | string)[] {
    const [say, told] = [this.#say, this.#release];
    if (!told) return [];
    const { language } = this.#desk.store.now;
    const button = (shown: Shown): HTMLElement => {
      const made = h(
        "button",
        { type: "button", "aria-pressed": String(shown === this.#shown), "data-shown": shown },
        say(`map_${shown}`),
      );
      made.addEventListener("click", () => this.#show(shown));
      return made;
    };
    const closed = told.closed ? say("closed_says", { km2: km2Text(told.closed_km2, language, 1) }) : "";
    const says =
      this.#shown === "public"
        ? h("p", { class: "quiet small" }, say("map_says", { km: numberText(told.cell_km, language), closed }))
        : "";
    return [h("div", { class: "queue-tabs", role: "group", "aria-label": say("map") }, ...SHOWN.map(button)), says];
  }

  #changed(): (HTMLElement | string)[] {
    const [say, told] = [this.#say, this.#release?.changes];
    if (!told) return [];
    const { language } = this.#desk.store.now;
    const since = told.since_edition
      ? say("since_edition", { edition: told.since_edition })
      : say("since_start", { day: dateText(told.since, language, "short") });
    const title = h("h3", {}, say("changes"), " ", h("span", { class: "quiet" }, since));
    const moves = Object.entries(told.transitions_km2);
    if (!moves.length && !told.settlements.length)
      return [title, h("p", { class: "quiet", id: "release-nothing" }, say("nothing"))];
    const far = told.lines
      .filter((one) => one.kind === "advance" && one.up_to_km !== null)
      .sort((a, b) => (b.up_to_km ?? 0) - (a.up_to_km ?? 0))[0];
    const furthest = far
      ? ` · ${say("furthest", { side: this.#side(far.side), km: kmText(far.up_to_km ?? 0, language) })}`
      : "";
    return [
      title,
      h(
        "p",
        { id: "release-changed" },
        h("b", {}, say("changed", { km2: km2Text(told.changed_km2, language, 1) })),
        furthest,
      ),
      h("ul", { class: "release-moves" }, ...moves.map(([move, km2]) => this.#move(move, km2))),
      h("ul", { class: "release-lines" }, ...told.lines.slice(0, MOST_LINES).map((one) => this.#line(one))),
      ...(told.settlements.length
        ? [
            h("h4", {}, say("settlements")),
            h(
              "ul",
              { id: "release-settlements" },
              ...told.settlements.map((one) =>
                h("li", {}, say("becomes", { name: one.name, from: this.#status(one.from), to: this.#status(one.to) })),
              ),
            ),
          ]
        : []),
    ];
  }

  #move(move: string, km2: number): HTMLElement {
    const [from = "", to = ""] = move.split("->");
    return h(
      "li",
      {},
      chip(this.#desk, from),
      " ",
      this.#side(from),
      " → ",
      chip(this.#desk, to),
      " ",
      this.#side(to),
      " ",
      h("b", {}, km2Text(km2, this.#desk.store.now.language, 1)),
    );
  }

  #line(one: Line): HTMLElement {
    const { language } = this.#desk.store.now;
    const words = [
      `${this.#side(one.side)} ${this.#say(one.kind)}: ${km2Text(one.km2, language, 1)}`,
      one.up_to_km === null ? "" : this.#say("up_to", { km: kmText(one.up_to_km, language) }),
      one.reports.length ? this.#say("reports_n", { n: one.reports.join(", ") }) : "",
    ]
      .filter(Boolean)
      .join(", ");
    const go = h("button", { type: "button", class: "queue-link" }, words);
    go.addEventListener("click", () => this.#desk.map.goTo(one.at));
    return h("li", {}, go);
  }

  #side = (id: string): string => holderName(this.#desk, id, this.#say("grey"));
  #status = (status: string | null): string =>
    status === null ? this.#say("unknown") : this.#side(status.replace(/^held_/, ""));

  #contained(): (HTMLElement | string)[] {
    const [say, told] = [this.#say, this.#release];
    if (!told) return [];
    const { language } = this.#desk.store.now;
    const all = Object.values(told.groups).reduce((sum, n) => sum + n, 0);
    const held = Object.entries(told.groups).reduce((sum, [group, n]) => sum + (INFORMING.includes(group) ? 0 : n), 0);
    const kb = (bytes: number): string => numberText(bytes / 1000, language, bytes < 100_000 ? 1 : 0);
    const named = (file: string): string => {
      const key = `file_${file.split(".")[0] ?? ""}`;
      return key in releaseWords.en ? say(key as ReleaseKey) : "";
    };
    const rows = told.contents.map((one) =>
      h(
        "tr",
        {},
        h("td", {}, named(one.file), " ", h("span", { class: "quiet" }, one.file)),
        h(
          "td",
          {},
          one.not_before
            ? say("not_before", { when: dateText(one.not_before, language, "short") })
            : one.n === null
              ? ""
              : numberText(one.n, language),
        ),
        h("td", {}, `${kb(one.bytes)} ${language === "uk" ? "кБ" : "kB"}`),
      ),
    );
    const size = told.contents.reduce((sum, one) => sum + one.bytes, 0);
    return [
      h(
        "h3",
        {},
        say("contents"),
        " ",
        h("span", { class: "quiet" }, say("holds", { n: String(told.contents.length), kb: kb(size) })),
      ),
      h(
        "p",
        { id: "release-held" },
        say("more_of", { held: numberText(held, language), all: numberText(all, language) }),
      ),
      h(
        "details",
        {},
        h("summary", {}, say("by_file")),
        h(
          "table",
          { class: "release-table" },
          h("thead", {}, h("tr", {}, h("th", {}, say("file")), h("th", {}, say("things")), h("th", {}, say("size")))),
          h("tbody", {}, ...rows),
        ),
      ),
    ];
  }
}

export const panel: Panel = {
  id: "release",
  icon: "M12 15V4M8 8l4-4 4 4M4 14v5h16v-5",
  names: { en: "Publish", uk: "Публікація" },
  make: (desk) => new ReleaseView(desk),
};
