// Rows of choices with a key each: one may be chosen, arrows move, the chosen one is in the order of Tab.
import { button, h } from "../../src/dom";
import { cap } from "../keys";

/** Where the arrows lead. */
const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly code: string;
  /** A colour chip: the number of a side. */
  readonly side?: number;
}

/** A labelled row of choices; `filled` says that the value filled itself in. */
export function choices(
  label: string,
  all: readonly Choice[],
  chosen: string | undefined,
  options: { readonly filled: boolean; readonly language: string },
  pick: (value: string) => void,
): HTMLElement[] {
  const current = all.findIndex((one) => one.value === (chosen ?? ""));
  const made = (one: Choice, i: number): HTMLButtonElement => {
    const checked = i === current;
    return button(
      {
        role: "radio",
        class: checked && options.filled ? "entry-choice filled" : "entry-choice",
        "aria-checked": String(checked),
        tabindex: checked || (current < 0 && i === 0) ? 0 : -1,
        "data-value": one.value,
      },
      () => pick(one.value),
      h("kbd", { "aria-hidden": "true" }, cap(one.code, options.language)),
      one.side === undefined ? null : h("span", { class: `chip chip-${one.side}`, "aria-hidden": "true" }),
      one.label,
    );
  };
  const buttons = all.map(made);
  const group = h("div", { class: "entry-choices", role: "radiogroup", "aria-label": label }, ...buttons);
  group.addEventListener("keydown", (event) => {
    const step = STEPS[event.code];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    if (!step || at < 0) return;
    event.preventDefault();
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  });
  return [h("span", { class: "entry-label", "aria-hidden": "true" }, label), group];
}
