// A spot part by part: what the map shows there, what the start gave it, what each report adds, and what all of it comes to.
import { button, h, tickBox } from "../../src/dom";
import { km2Text, kmText, nameIn, numberText, percentText } from "../../src/i18n";
import type { Desk } from "../panel";
import type { Language } from "../../src/state";
import { holderChip, holderName } from "../parts/holder";
import { sourceRow, type Evidence, type Source } from "../parts/source";
import type { Left, Part, Why, WhySay } from "./why_told";

/** So many parts are shown before somebody asks for all. */
export const FEW = 12;
/** A share that is narrower has no room for its number. */
const ROOM_FOR_TEXT = 0.12;

/** What is shown of a spot. */
interface Spotted {
  readonly desk: Desk;
  readonly say: WhySay;
  readonly why: Why;
  readonly left: Left | null;
  readonly ticked: Evidence;
  /** Whether every part is shown. */
  readonly all: boolean;
  tick(id: string, on: boolean): void;
  without(ids: readonly string[]): void;
  showAll(all: boolean): void;
}

const shownNumber = ({ shown }: Why, name: string): number => Number(shown[name] ?? 0);

interface Share {
  readonly id: string;
  readonly p: number;
  readonly cls: string;
}

const sharesOf = (why: Why): readonly Share[] => {
  const [first, second] = why.sides;
  return [
    { id: first, p: shownNumber(why, `p_${first}`), cls: "side-0" },
    { id: "grey", p: shownNumber(why, "p_grey"), cls: "grey" },
    { id: second, p: shownNumber(why, `p_${second}`), cls: "side-1" },
  ];
};

/** The chances of each holder, as a bar. */
function sharesBar({ desk, why }: Spotted): HTMLElement {
  const { language } = desk.store.now;
  const pieces = sharesOf(why).map(({ p, cls }) => {
    const piece = h("span", { class: cls }, p > ROOM_FOR_TEXT ? percentText(p, language) : "");
    piece.style.flex = `${p} 0 0`;
    return piece;
  });
  return h("div", { class: "why-shown", "aria-hidden": true }, pieces);
}

function sharesLegend({ desk, why }: Spotted): HTMLElement {
  const { language } = desk.store.now;
  const items = sharesOf(why).map(({ id, p }) =>
    h("span", {}, holderChip(desk, id), `${holderName(desk, id)} ${percentText(p, language)}`),
  );
  return h("p", { class: "why-legend" }, items);
}

function lookedText(days: unknown, say: WhySay, language: Language): string {
  if (days === undefined) return ""; // nobody asked when
  if (typeof days !== "number") return say("never");
  return days < 0.5 ? say("looked_now") : say("looked", { days: numberText(days, language) });
}

/** "Midtown · cell of 1.0 km · unobserved 3 % · last look 4 days ago" */
function placeText({ desk, say, why }: Spotted): string {
  const { language } = desk.store.now;
  const parts = [
    nameIn(why.near, language, ""),
    say("cell", { km: kmText(why.cell_km, language) }),
    say("unobserved", { p: percentText(shownNumber(why, "unobserved"), language) }),
    lookedText(why.shown["last_look_days"], say, language),
  ];
  return parts.filter(Boolean).join(" · ");
}

/** A line of the sum: what it is, its km and its chance. */
function sumRow({ desk }: Spotted, label: string, km: number, p: number, kind = ""): HTMLElement {
  const { language } = desk.store.now;
  const value = `${kmText(km, language, true)} · ${percentText(p, language)}`;
  return h("p", { class: `why-sum ${kind}` }, h("span", {}, label), h("span", {}, value));
}

/** A bar from the middle, to the right for the first side. */
function partBar(km: number, most: number): HTMLElement {
  const fill = h("i", { class: km > 0 ? "side-0" : "side-1" });
  const width = (50 * Math.abs(km)) / most;
  fill.style.width = `${width}%`;
  fill.style.left = km > 0 ? "50%" : `${50 - width}%`;
  return h("div", { class: "why-bar", "aria-hidden": "true" }, fill);
}

/** A part's row is told by its report; its km stand beside the bar. */
const withoutKm = ({ km: _, ...source }: Part): Source => source;

function partRow({ desk, say, ticked, tick, without }: Spotted, one: Part, most: number): HTMLElement {
  const { language } = desk.store.now;
  const signed = `${one.p >= 0 ? "+" : "−"}${numberText(Math.abs(100 * one.p), language, 1)} %`;
  const box = { "data-tick": one.id, checked: ticked.has(one.id), "aria-label": say("tick", { id: one.id }) };
  return h(
    "li",
    { class: "why-part" },
    tickBox(box, (on) => tick(one.id, on)),
    h(
      "div",
      {},
      partBar(one.km, most),
      h(
        "p",
        { class: "why-p" },
        h("b", {}, kmText(one.km, language, true)),
        h("span", {}, signed),
        h("span", {}, say("toward", { side: holderName(desk, one.toward) })),
        button({ class: "queue-link", "data-without": one.id }, () => without([one.id]), say("without")),
      ),
      sourceRow(desk, withoutKm(one)),
    ),
  );
}

function partList(spotted: Spotted): HTMLElement {
  const { why, all } = spotted;
  const most = Math.max(...why.parts.map((one) => Math.abs(one.km)), 0.01);
  const shown = all ? why.parts : why.parts.slice(0, FEW);
  return h(
    "ul",
    { id: "why-parts" },
    shown.map((one) => partRow(spotted, one, most)),
  );
}

function moreButton({ say, why, all, showAll }: Spotted): HTMLElement | null {
  if (why.parts.length <= FEW && !all) return null;
  const words = say(all ? "fewer" : "more", { n: String(why.parts.length) });
  return button({ class: "queue-link", id: "why-more" }, () => showAll(!all), words);
}

/** What a fit without some reports made of the spot. */
function leftText({ desk, say, why, left }: Spotted): HTMLElement | null {
  if (!left) return null;
  const { language } = desk.store.now;
  const words = {
    n: left.ids.length > 3 ? String(left.ids.length) : left.ids.join(", "),
    side: holderName(desk, why.sides[0]),
    before: percentText(left.p[0], language),
    after: percentText(left.p[1], language),
    from: kmText(left.latent_km[0], language, true),
    to: kmText(left.latent_km[1], language, true),
    flips: say(left.flips ? "flips" : "stays"),
    km2: km2Text(left.km2, language, 1),
  };
  return h("p", { class: "why-left", id: "why-left", role: "status" }, say("left", words));
}

/** Fewest reports without which it would turn, and the buttons that try it out. */
function flipping({ desk, say, why: { flip }, ticked, without }: Spotted): HTMLElement[] {
  const { language } = desk.store.now;
  const text = flip
    ? say("flip", { n: String(flip.without.length), p: percentText(flip.p, language) })
    : say("no_flip");
  const check = { class: "plain", id: "why-check", disabled: flip === null };
  const some = { class: "plain", id: "why-without", disabled: ticked.size === 0 };
  return [
    h("p", { id: "why-flip" }, text),
    h(
      "div",
      { class: "why-acts" },
      button(check, () => flip && without(flip.without), say("check")),
      button(some, () => without([...ticked]), say("without_some", { n: String(ticked.size) })),
    ),
  ];
}

export function spotParts(spotted: Spotted): (HTMLElement | null)[] {
  const { desk, say, why } = spotted;
  const { language } = desk.store.now;
  const depth = say("depth", { side: holderName(desk, why.sides[0]) });
  const others = say("others", { n: String(why.others.n) });
  return [
    h("p", { id: "why-place" }, placeText(spotted)),
    sharesBar(spotted),
    sharesLegend(spotted),
    leftText(spotted),
    why.shown["out_of_range"] ? h("p", { class: "queue-sub" }, say("moving")) : null,
    h("h3", {}, `${say("parts")} · ${depth}`),
    sumRow(spotted, say("prior"), why.prior_km, why.prior_p),
    partList(spotted),
    moreButton(spotted),
    why.others.n ? sumRow(spotted, others, why.others.km, why.others.p) : null,
    sumRow(spotted, say("sum", { km: kmText(why.spread_km, language) }), why.latent_km, why.p, "total"),
    h("p", { class: "queue-sub" }, say("stands", { p: percentText(why.stands, language) })),
    ...flipping(spotted),
  ];
}
