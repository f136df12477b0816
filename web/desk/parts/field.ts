// A field of a form with its label above it.
import { h } from "../../src/dom";

export const field = (label: string, control: HTMLElement): HTMLElement =>
  h("label", { class: "queue-field" }, h("span", {}, label), control);

/** The field of a reason, of at most so many letters. */
export const reasonBox = (id: string, value = ""): HTMLInputElement =>
  h("input", { id, type: "text", autocomplete: "off", maxlength: 500, value });
