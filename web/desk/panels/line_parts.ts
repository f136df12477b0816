// The parts of the line's panel: what the line is by now, the tools with their keys, the switches, what was fixed by hand.
import { button, h, tickBox } from "../../src/dom";
import { dateText, numberText } from "../../src/i18n";
import { cap } from "../keys";
import type { Desk } from "../panel";
import { sourceList } from "../parts/source";
import type { Fixed, Line, LineSay, Tool } from "./line_told";

/** The tools and their keys. */
export const TOOLS: readonly (readonly [Tool, string])[] = [
  ["move", "KeyV"],
  ["reshape", "KeyR"],
  ["cut", "KeyC"],
  ["assign", "KeyG"],
  ["hold", "KeyH"],
  ["remove", "KeyX"],
];

/** "214 vertices, as decided by 25 May 2024" */
export function baseText(desk: Desk, say: LineSay, line: Line | null): string {
  if (!line) return "…";
  const { language, asOf } = desk.store.now;
  return say("base", { n: numberText(line.vertices, language), day: dateText(asOf, language, "short") });
}

export function toolButtons(desk: Desk, say: LineSay, chosen: Tool, pick: (tool: Tool) => void): HTMLElement {
  const tool = (name: Tool, code: string): HTMLElement =>
    button(
      { class: "line-tool", "aria-pressed": String(name === chosen), "data-tool": name },
      () => pick(name),
      h("kbd", {}, cap(code, desk.store.now.language)),
      say(name),
    );
  return h(
    "div",
    { class: "line-tools", role: "group", "aria-label": say("title") },
    TOOLS.map(([name, code]) => tool(name, code)),
  );
}

export const switchRow = (id: string, checked: boolean, words: string, act: (on: boolean) => void): HTMLElement =>
  h("label", {}, tickBox({ id, checked }, act), h("span", {}, words));

function fixedRow(desk: Desk, say: LineSay, { id, by, reason, until }: Fixed): HTMLElement {
  const ends = dateText(until, desk.store.now.language, "short");
  const words = h("p", { class: "queue-note" }, say("fixed_says", { by, until: ends, reason }));
  return h("li", { class: "queue-source" }, h("b", { class: "mono" }, id), words);
}

/** What editors fixed, and for how long. */
export function fixedList(desk: Desk, say: LineSay, fixed: readonly Fixed[]): HTMLElement[] {
  if (!fixed.length) return [];
  const rows = fixed.map((one) => fixedRow(desk, say, one));
  return [h("h3", {}, say("fixed")), sourceList(rows, { id: "line-fixed" })];
}
