// How a settlement came to this: who held it day by day, how far the line was, the way out and the enclosure over time.
import { heldText } from "../chip";
import type { PlaceColumns } from "../data";
import { h, s } from "../dom";
import { dateText, isNumber, numberText, say } from "../i18n";
import type { Key } from "../i18n/en";
import type { Context } from "./context";

const WIDE = 300;
const HIGH = 46;
const STRIP_HIGH = 14;
const CHANGES_TOLD = 5;

/** Where the days lie from left to right, and which of them is shown. */
interface Axis {
  readonly dates: readonly string[];
  readonly x: (day: number) => number;
  readonly now: number;
}

function axisOf(dates: readonly string[], asOf: string): Axis {
  const times = dates.map((day) => Date.parse(day));
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 1];
  return {
    dates,
    x: (day) => (((times[day] ?? first) - first) / Math.max(1, last - first)) * WIDE,
    now: Math.max(0, times.filter((time) => time <= Date.parse(asOf)).length - 1),
  };
}

const hereLine = ({ x, now }: Axis, high: number): SVGElement =>
  s("line", { class: "here", x1: x(now), x2: x(now), y1: 0, y2: high });

/** A line over the days, in pieces where nothing was told. */
function curve(values: readonly (number | null)[], { x }: Axis, top: number): string {
  const y = (value: number): string => (HIGH - 3 - (value / top) * (HIGH - 6)).toFixed(1);
  return values
    .map((value, day) => {
      if (!isNumber(value)) return "";
      const begins = !isNumber(values[day - 1]);
      const isAlone = begins && !isNumber(values[day + 1]);
      return `${begins ? "M" : "L"}${x(day).toFixed(1)} ${y(value)}${isAlone ? "h.1" : ""}`;
    })
    .join("");
}

interface Graph {
  readonly word: Key;
  readonly id: string;
  readonly values: readonly (number | null)[] | undefined;
  readonly text: (value: number) => string;
}

function graph({ word, id, values = [], text }: Graph, axis: Axis, { language }: Context): HTMLElement[] {
  const known = values.filter(isNumber);
  if (known.length < 2) return [];
  const top = Math.max(...known, 1);
  const here = values[axis.now];
  const label = say(language, word);
  const picture = s(
    "svg",
    {
      viewBox: `0 0 ${WIDE} ${HIGH}`,
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": `${label}: ${known.map(text).slice(-6).join(", ")}`,
    },
    s("line", { class: "axis", x1: 0, x2: WIDE, y1: HIGH - 3, y2: HIGH - 3 }),
    s("path", { class: "curve", d: curve(values, axis, top) }),
    hereLine(axis, HIGH),
  );
  return [
    h(
      "figure",
      { class: "graph", id },
      h("figcaption", {}, label, h("b", {}, isNumber(here) ? text(here) : "—")),
      picture,
      h("p", { class: "scale-ends quiet", "aria-hidden": "true" }, h("span", {}, `0–${text(top)}`)),
    ),
  ];
}

/** Days on which the letter of the status became another: `0`, `1`, `g`, or `-` where nothing was told. */
const changesIn = (letters: readonly string[]): (readonly [day: number, letter: string])[] =>
  letters.flatMap((letter, day) => (day === 0 || letter !== letters[day - 1] ? [[day, letter] as const] : []));

function letterText(letter: string, { data, language }: Context): string {
  if (letter === "g") return say(language, "status_grey");
  const side = letter === "-" ? undefined : data.sides[Number(letter)];
  return side ? heldText(data.sides, side.id, language) : say(language, "status_unknown");
}

function letterClass(letter: string): string {
  if (letter === "g") return "fill-grey";
  return letter === "-" ? "fill-none" : `full-side-${Number(letter)}`;
}

/** Who held it day by day, as a strip in the sides' colours, with the changes as a list. */
function strip(status: string, axis: Axis, context: Context): HTMLElement {
  const { dates, x } = axis;
  const changes = changesIn([...status]);
  const pieces = changes.map(([day, letter], i) => {
    const next = changes[i + 1];
    const [from, to] = [x(day), next ? x(next[0]) : WIDE];
    return s("rect", { class: letterClass(letter), x: from, y: 0, width: Math.max(1, to - from), height: STRIP_HIGH });
  });
  const item = (day: number, letter: string): HTMLElement => {
    const time = h("time", { datetime: dates[day] ?? "" }, dateText(dates[day], context.language, "short"));
    return h("li", {}, time, ` ${letterText(letter, context)}`);
  };
  return h(
    "figure",
    { class: "graph", id: "history" },
    s(
      "svg",
      { viewBox: `0 0 ${WIDE} ${STRIP_HIGH}`, preserveAspectRatio: "none", "aria-hidden": "true", class: "strip" },
      pieces,
      hereLine(axis, STRIP_HIGH),
    ),
    h(
      "ol",
      { class: "history" },
      changes.slice(-CHANGES_TOLD).map(([day, letter]) => item(day, letter)),
    ),
  );
}

function graphs(columns: PlaceColumns, { language }: Context): Graph[] {
  const km = (value: number): string => say(language, "neck_width", { km: numberText(value, language) });
  const share = (value: number): string => `${numberText(value, language)} %`;
  return [
    { word: "front_distance", id: "graph-front", values: columns.front_km, text: km },
    { word: "way_out", id: "graph-neck", values: columns.neck_km, text: km },
    { word: "enclosure_10", id: "graph-enclosure", values: columns.enclosure, text: share },
  ];
}

export function historyBlock(index: number | null, context: Context): HTMLElement[] {
  const { over, sheet, language } = context;
  const columns = index === null ? undefined : over?.places[index];
  if (!over || !columns?.status || over.dates.length < 2) return [];
  const axis = axisOf(over.dates, sheet.as_of);
  return [
    h("h3", {}, say(language, "over_time")),
    strip(columns.status, axis, context),
    ...graphs(columns, context).flatMap((one) => graph(one, axis, context)),
  ];
}
