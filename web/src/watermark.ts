// The words that lie over all of a map whose evidence is invented.
import { s } from "./dom";

const AT = [
  [20, 60],
  [280, 165],
  [-240, 165],
] as const;

/** Words of more letters than this are set smaller (`WATERMARK_PX`), so that they stay whole on a phone. */
const SHORT = 12;
/** Letters' height in pixels of a short and of a long text. */
const WATERMARK_PX = { short: 30, long: 20 } as const;

export const watermarkPx = (words: string): number => WATERMARK_PX[words.length > SHORT ? "long" : "short"];

export function watermark(words: string): SVGSVGElement {
  const isLong = words.length > SHORT;
  const tile = s(
    "pattern",
    { id: "mark", width: 520, height: 210, patternUnits: "userSpaceOnUse", patternTransform: "rotate(-24)" },
    AT.map(([x, y]) => s("text", { x, y, class: isLong ? "long" : "short", textLength: isLong ? 400 : 220 }, words)),
  );
  return s(
    "svg",
    { width: "100%", height: "100%" },
    s("defs", {}, tile),
    s("rect", { width: "100%", height: "100%", fill: "url(#mark)" }),
  );
}
