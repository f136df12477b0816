// The word that lies over all of a map whose evidence is invented.
import { s } from "./dom";

const AT = [
  [20, 60],
  [280, 165],
  [-240, 165],
] as const;

export function watermark(word: string): SVGSVGElement {
  const tile = s(
    "pattern",
    { id: "mark", width: 520, height: 210, patternUnits: "userSpaceOnUse", patternTransform: "rotate(-24)" },
    AT.map(([x, y]) => s("text", { x, y, textLength: 220 }, word)),
  );
  return s(
    "svg",
    { width: "100%", height: "100%" },
    s("defs", {}, tile),
    s("rect", { width: "100%", height: "100%", fill: "url(#mark)" }),
  );
}
