// Publishing in two steps: the dry run makes the edition in memory and says what would be written; only then there is a button that writes.
import { button, form, h, replace } from "../../src/dom";
import { km2Text, numberText } from "../../src/i18n";
import type { Desk, Moved } from "../panel";
import type { Release, ReleaseSay } from "./release_told";

interface Made {
  readonly edition: string;
  readonly new: boolean;
  readonly files: number;
  readonly bytes: number;
  readonly simulated: boolean;
  readonly names: readonly string[];
  readonly bypass: string | null;
}
interface Prepared {
  readonly step: string;
  readonly made: Made;
  readonly site: string;
  readonly site_is_there: boolean;
}
interface Published extends Moved {
  readonly made: Made;
  readonly site: string;
  readonly page: string;
  readonly lies: string;
}
interface Shown {
  readonly on: string;
  readonly release: Release;
}

/** A field whose label can be written anew without touching the input, so that nobody loses the caret. */
class Field {
  readonly input: HTMLInputElement;
  readonly element: HTMLElement;
  readonly #label = h("span", {});

  constructor(id: string, maxlength: number) {
    this.input = h("input", { type: "text", id, autocomplete: "off", spellcheck: false, maxlength });
    this.element = h("label", { class: "queue-field" }, this.#label, this.input);
  }

  name(label: string): void {
    this.#label.textContent = label;
  }
}

export class PublishForm {
  readonly element = h("section", { class: "release-part release-publish", id: "release-publish", hidden: true });
  readonly #desk: Desk;
  readonly #say: ReleaseSay;
  readonly #site = new Field("release-site", 1000);
  readonly #reason = new Field("release-reason", 500);
  readonly #second = new Field("release-second", 120);
  readonly #bypass = h("input", { type: "checkbox", id: "release-bypass" });
  readonly #bypassSays = h("span", {});
  readonly #title = h("h3", {});
  readonly #wanted = h("p", { class: "release-wait", id: "release-wanted" });
  readonly #names = h(
    "div",
    { class: "release-names" },
    this.#wanted,
    this.#second.element,
    h("label", { class: "release-check", for: "release-bypass" }, this.#bypass, this.#bypassSays),
  );
  readonly #prepareButton = h("button", { type: "submit", class: "plain", id: "release-prepare" });
  readonly #state = h("span", { class: "quiet small" });
  readonly #answer = h("div", { class: "release-answer" });
  #shown: Shown | null = null;
  #step: Prepared | null = null;
  #done: Published | null = null;
  #busy: "" | "preparing" | "publishing" = "";

  constructor(desk: Desk, say: ReleaseSay) {
    [this.#desk, this.#say] = [desk, say];
    // What was prepared is what was said then: another word, and it is to be prepared again.
    for (const { input } of [this.#site, this.#reason, this.#second])
      input.addEventListener("input", () => this.#forget());
    this.#bypass.addEventListener("change", () => this.#forget());
    const fields = form(
      { class: "queue-form" },
      () => void this.#prepare(),
      this.#site.element,
      this.#names,
      this.#reason.element,
      h("div", { class: "release-acts" }, this.#prepareButton, this.#state),
    );
    this.element.append(this.#title, fields, this.#answer);
  }

  /** The folder as it was remembered; what the user wrote stays. */
  folder(path: string): void {
    if (!this.#site.input.value && document.activeElement !== this.#site.input) this.#site.input.value = path;
  }

  /** Which release is to be published, null while it is being drawn up; what was prepared of another is forgotten. */
  show(shown: Shown | null): void {
    this.#shown = shown;
    this.#step = null;
    if (shown) this.element.hidden = false;
    if (this.#done && shown && this.#done.made.edition !== shown.release.last?.id) this.#done = null;
  }

  /** There is no day to be published. */
  hide(): void {
    this.element.hidden = true;
  }

  focus(): void {
    if (!this.element.hidden) this.#site.input.focus();
  }

  leave(): void {
    if (this.#busy) return;
    this.#forget();
    this.#toAnswer();
  }

  #forget(): void {
    this.#step = null;
    this.draw();
  }

  draw(): void {
    const [say, release] = [this.#say, this.#shown?.release];
    const isBypassed = release?.second_name === true && this.#bypass.checked;
    this.#title.textContent = say("publish");
    this.#site.name(say("site"));
    this.#second.name(say("second"));
    this.#reason.name(say(isBypassed ? "bypass_reason" : "reason"));
    this.#bypassSays.textContent = say("bypass");
    if (release) this.#drawNames(release);
    this.#second.element.hidden = isBypassed;
    this.#prepareButton.textContent = say("prepare");
    this.#prepareButton.disabled = !release?.ready || this.#busy !== "";
    this.#state.textContent = this.#stateText();
    replace(this.#answer, this.#step && this.#stepPart(this.#step), this.#done && this.#donePart(this.#done));
  }

  /** Whether a second name is wanted, and why. */
  #drawNames({ changes, second_name, second_name_over_km2: limit }: Release): void {
    const { language } = this.#desk.store.now;
    this.#wanted.textContent = this.#say("second_says", {
      km2: km2Text(changes.changed_km2, language, 1),
      limit: km2Text(limit, language, Number.isInteger(limit) ? 0 : 1),
    });
    this.#names.hidden = !second_name;
  }

  #stateText(): string {
    if (this.#busy) return this.#say(this.#busy);
    return this.#done ? "" : this.#say("prepare_says");
  }

  #stepPart(step: Prepared): HTMLElement {
    const [say, { made }] = [this.#say, step];
    const disabled = this.#busy !== "";
    const go = button(
      { class: "main", id: "release-go", disabled },
      () => void this.#publish(step),
      say("go", { edition: made.edition }),
    );
    const leave = button({ class: "plain", disabled }, () => this.leave(), say("leave"));
    return h(
      "div",
      { class: "release-step", id: "release-step", tabindex: -1, role: "group", "aria-label": say("step") },
      h("p", {}, h("b", {}, say("step"))),
      h(
        "ul",
        {},
        this.#stepTexts(step).map((one) => h("li", {}, one)),
      ),
      h("div", { class: "release-acts" }, go, leave),
    );
  }

  /** What would be written where, on whose names. */
  #stepTexts({ made, site, site_is_there }: Prepared): string[] {
    const say = this.#say;
    const { edition, names, bypass } = made;
    const kb = numberText(made.bytes / 1000, this.#desk.store.now.language);
    return [
      made.new ? say("step_new", { edition, files: String(made.files), kb }) : say("step_again", { edition }),
      say(site_is_there ? "step_old_site" : "step_new_site", { site }),
      bypass ? say("step_bypass", { why: bypass }) : say("step_names", { names: names.join(", ") }),
      made.simulated ? say("simulated") : "",
    ].filter(Boolean);
  }

  #donePart({ made, lies, page }: Published): HTMLElement {
    const say = this.#say;
    return h(
      "div",
      { class: "release-done", id: "release-done", tabindex: -1, role: "group", "aria-label": say("publish") },
      h("p", {}, h("b", {}, say(made.new ? "done" : "done_again", { edition: made.edition }))),
      h("p", { class: "release-path", id: "release-lies" }, say("lies", { where: lies })),
      h("p", { class: "release-path" }, say("start_page", { page })),
      h("p", { class: "small" }, say("upload")),
    );
  }

  /** The focus on what there is to read now, not on its button: Enter pressed twice publishes nothing. */
  #toAnswer(): void {
    const isElsewhere = document.activeElement !== document.body && !this.element.contains(document.activeElement);
    if (!isElsewhere)
      (this.element.querySelector<HTMLElement>("#release-done, #release-step") ?? this.#prepareButton).focus();
  }

  async #prepare(): Promise<void> {
    const shown = this.#shown;
    if (!shown || this.#busy) return;
    [this.#step, this.#done] = [null, null];
    await this.#at("preparing", async () => {
      this.#step = await this.#desk.api.send<Prepared>("POST", "/api/release/prepare", {
        on: shown.on,
        head: shown.release.head,
        site: this.#site.input.value,
        reason: this.#reason.input.value,
        ...(shown.release.second_name ? this.#secondName() : {}),
      });
      this.#desk.announce(this.#say("prepare_says"));
    });
  }

  #secondName(): { readonly second: string; readonly bypass: boolean } {
    const bypass = this.#bypass.checked;
    return { second: bypass ? "" : this.#second.input.value, bypass };
  }

  async #publish(step: Prepared): Promise<void> {
    if (this.#busy || this.#step !== step) return;
    await this.#at("publishing", async () => {
      const done = await this.#desk.api.send<Published>("POST", "/api/release/publish", { step: step.step });
      [this.#done, this.#step] = [done, null];
      this.#desk.announce(this.#say(done.made.new ? "done" : "done_again", { edition: done.made.edition }));
      this.#desk.moved(done);
    });
  }

  async #at(busy: "preparing" | "publishing", work: () => Promise<void>): Promise<void> {
    this.#busy = busy;
    this.draw();
    try {
      await work();
    } catch (fault) {
      this.#desk.failed(fault);
    } finally {
      this.#busy = "";
      this.draw();
      this.#toAnswer();
    }
  }
}
