// Approve, look, publish: what the public edition of an approved day would hold, what is held back and why, and two steps to it.
import { button, h, replace, select } from "../../src/dom";
import { dateText, km2Text, numberText } from "../../src/i18n";
import { Newest } from "../asking";
import { keepingFocus } from "../focus";
import { cap, type Binding } from "../keys";
import type { Desk, Panel, View } from "../panel";
import { differs, type DeskState } from "../store";
import { changesParts } from "./release_changes";
import { contentsParts } from "./release_contents";
import { addTo, draw, type Shown } from "./release_map";
import { PublishForm } from "./release_publish";
import { Fates } from "./release_reports";
import type { Days, Release, ReleaseSay } from "./release_told";
import { releaseWords } from "./release_words";

const SHOWN: readonly Shown[] = ["desk", "private", "public"];

class ReleaseView implements View {
  readonly element = h("div", { class: "release", id: "release", tabindex: -1 });
  readonly #desk: Desk;
  readonly #say: ReleaseSay;
  readonly #top = h("div", { class: "release-part release-top" });
  readonly #map = h("div", { class: "release-part" });
  readonly #changes = h("section", { class: "release-part", id: "release-changes" });
  readonly #contents = h("section", { class: "release-part", id: "release-contents" });
  readonly #fates: Fates;
  readonly #form: PublishForm;
  readonly #asked = new Newest();
  #days: Days | null = null;
  /** The approved day that is looked at. */
  #day = "";
  #release: Release | null = null;
  #shown: Shown = "public";
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
    if (differs(now, before, "language")) this.#draw();
    if (!differs(now, before, "head", "asOf")) return;
    if (differs(now, before, "asOf")) this.#day = "";
    this.#stale = true;
    if (this.#open) void this.#load();
  }

  keys(): readonly Binding[] {
    const say = this.#say;
    return [
      { code: "KeyV", says: () => say("key_map"), run: () => this.#showNext() },
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
    const signal = this.#asked.next();
    try {
      await this.#loadDays(signal);
      if (this.#day) await this.#loadRelease(signal);
    } catch (fault) {
      this.#desk.failed(fault);
      if (signal.aborted) return;
      [this.#failed, this.#stale] = [true, true];
      this.#draw();
    }
  }

  async #loadDays(signal: AbortSignal): Promise<void> {
    const told = await this.#desk.api.get<Days>("/api/release/days", {}, signal);
    this.#days = told;
    this.#stale = false;
    if (!told.days.some((one) => one.as_of === this.#day)) this.#day = this.#newest(told);
    this.#form.folder(told.site || told.proposed_site);
    this.#release = null;
    this.#form.show(null);
    this.#draw();
    if (this.#day) return;
    this.#form.hide();
    this.#fates.show(null);
  }

  /** The newest approved day up to the one under work; if all lie after it, the newest of all. */
  #newest({ days }: Days): string {
    const before = days.filter((one) => one.as_of.slice(0, 10) <= this.#desk.store.now.asOf);
    return (before[0] ?? days[0])?.as_of ?? "";
  }

  async #loadRelease(signal: AbortSignal): Promise<void> {
    const release = await this.#desk.api.get<Release>("/api/release", { on: this.#day }, signal);
    this.#release = release;
    this.#fates.show(this.#day);
    this.#form.show({ on: this.#day, release });
    this.#draw();
  }

  // Drawing

  #draw(): void {
    const release = this.#release;
    keepingFocus(this.element, () => {
      replace(this.#top, this.#head());
      replace(this.#map, release && this.#maps(release));
      replace(this.#changes, release && changesParts(this.#desk, this.#say, release.changes));
      replace(this.#contents, release && contentsParts(this.#desk, this.#say, release));
      for (const part of [this.#map, this.#changes, this.#contents]) part.hidden = !release;
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
    replace(this.#map, this.#release && this.#maps(this.#release));
    this.#map.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus();
    this.#paint();
  }

  #showNext(): void {
    this.#show(SHOWN[(SHOWN.indexOf(this.#shown) + 1) % SHOWN.length] ?? "desk");
  }

  #head(): (HTMLElement | null)[] {
    const title = h("h2", {}, this.#say("title"));
    const days = this.#days?.days;
    if (days && !days.length) return [title, ...this.#noDay()];
    const head = [title, days ? this.#dayMenu(days) : null, this.#ofDay()];
    return [...head, ...(this.#release ? this.#state(this.#release) : this.#working())];
  }

  /** Nothing is approved yet. */
  #noDay(): HTMLElement[] {
    const go = (): void => this.#desk.open("queue");
    return [
      h("p", { id: "release-none" }, this.#say("none")),
      h("div", {}, button({ class: "plain", id: "release-to-queue" }, go, this.#say("to_queue"))),
    ];
  }

  #dayMenu(days: Days["days"]): HTMLElement {
    const words = (day: Days["days"][number]): string => [this.#date(day.as_of), ...day.editions.slice(-1)].join(" · ");
    return select(
      { id: "release-day", "aria-label": this.#say("day") },
      days.map((one) => [one.as_of, words(one)] as const),
      this.#day,
      (day) => {
        this.#day = day;
        void this.#load();
      },
    );
  }

  #date(iso: string): string {
    return dateText(iso, this.#desk.store.now.language, "short");
  }

  /** Who approved the day, and from how many reports. */
  #ofDay(): HTMLElement | null {
    const day = this.#days?.days.find((one) => one.as_of === this.#day);
    if (!day) return null;
    const n = numberText(day.reports_used, this.#desk.store.now.language);
    return h("p", { class: "quiet small" }, this.#say("of_day", { by: day.by, n }));
  }

  /** The release is being drawn up; or it could not be: then the line at the bottom says why. */
  #working(): HTMLElement[] {
    if (!this.#failed) return [h("p", { class: "quiet", id: "release-working" }, this.#say("drawing_up"))];
    const again = button({ class: "plain", id: "release-again" }, () => void this.#load(), this.#say("again"));
    return [h("p", { class: "release-wait", id: "release-failed" }, this.#say("failed")), h("div", {}, again)];
  }

  /** Whether it may be published now, as what, and after which edition. */
  #state(release: Release): HTMLElement[] {
    const last = release.last ? this.#say("last", { edition: release.last.id }) : this.#say("first");
    return [
      release.ready ? this.#ready() : this.#notReady(release),
      h("p", { class: "small", id: "release-next" }, this.#nextText(release), " ", h("span", { class: "quiet" }, last)),
    ];
  }

  #ready(): HTMLElement {
    const key = h("kbd", {}, cap("KeyP", this.#desk.store.now.language));
    const go = (): void => this.#form.focus();
    const toForm = button({ class: "queue-link", id: "release-to-form" }, go, this.#say("key_form"), " ", key);
    return h("p", { class: "release-good", id: "release-ready" }, this.#say("ready"), " ", toForm);
  }

  #notReady({ ready_at }: Release): HTMLElement {
    const words = this.#say("not_ready", { when: this.#date(ready_at) });
    return h("p", { class: "release-wait", id: "release-ready" }, words);
  }

  #nextText({ already, last, edition, counted_to }: Release): string {
    if (already && last) return this.#say("already", { edition: last.id });
    return this.#say("next", { edition, when: this.#date(counted_to) });
  }

  #maps(release: Release): (HTMLElement | string)[] {
    const say = this.#say;
    const tab = (shown: Shown): HTMLElement =>
      button(
        { "aria-pressed": String(shown === this.#shown), "data-shown": shown },
        () => this.#show(shown),
        say(`map_${shown}`),
      );
    return [
      h("div", { class: "queue-tabs", role: "group", "aria-label": say("map") }, SHOWN.map(tab)),
      this.#shown === "public" ? h("p", { class: "quiet small" }, this.#publicText(release)) : "",
    ];
  }

  /** How the public map differs from the private one. */
  #publicText({ closed, closed_km2, cell_km }: Release): string {
    const { language } = this.#desk.store.now;
    const words = closed ? this.#say("closed_says", { km2: km2Text(closed_km2, language, 1) }) : "";
    return this.#say("map_says", { km: numberText(cell_km, language), closed: words });
  }
}

export const panel: Panel = {
  id: "release",
  icon: "M12 15V4M8 8l4-4 4 4M4 14v5h16v-5",
  names: { en: "Publish", uk: "Публікація" },
  make: (desk) => new ReleaseView(desk),
};
