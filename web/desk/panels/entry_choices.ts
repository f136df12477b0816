// Rows of choices with a key each: one may be chosen, arrows move, the chosen one is in the order of Tab.
import { h } from "../../src/dom";
import { cap } from "../keys";

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
  const buttons = all.map((one, i) => {
    const checked = i === current;
    const button = h(
      "button",
      {
        type: "button",
        role: "radio",
        class: checked && options.filled ? "entry-choice filled" : "entry-choice",
        "aria-checked": String(checked),
        tabindex: checked || (current < 0 && i === 0) ? 0 : -1,
        "data-value": one.value,
      },
      h("kbd", { "aria-hidden": "true" }, cap(one.code, options.language)),
      one.side === undefined ? null : h("span", { class: `chip chip-${one.side}`, "aria-hidden": "true" }),
      one.label,
    );
    button.addEventListener("click", () => pick(one.value));
    return button;
  });
  const group = h("div", { class: "entry-choices", role: "radiogroup", "aria-label": label }, ...buttons);
  group.addEventListener("keydown", (event) => {
    const step =
      event.code === "ArrowRight" || event.code === "ArrowDown"
        ? 1
        : event.code === "ArrowLeft" || event.code === "ArrowUp"
          ? -1
          : 0;
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    if (!step || at < 0) return;
    event.preventDefault();
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  });
  return [h("span", { class: "entry-label", "aria-hidden": "true" }, label), group];
}
