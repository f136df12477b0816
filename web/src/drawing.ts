// The view as an SVG in layers, for a graphics desk: each class a group with a name, text as text, the caution on its own paper below.
import type { Document, Sheet } from "./data";
import { groups } from "./drawing_groups";
import { n, path, type Project } from "./drawing_marks";
import type { Palette } from "./palette";
import { patterns } from "./patterns";
import { lines as wrap, stampColour, type Caption } from "./picture";
import type { Language, LayerId } from "./state";
import { escape, svgPattern } from "./svg_brush";

/** What is drawn: the sheet, the layers that are on, where each spot falls, and how large the picture is in CSS pixels. */
export interface View {
  readonly data: Document;
  readonly sheet: Sheet;
  readonly layers: ReadonlySet<LayerId>;
  readonly language: Language;
  readonly colours: Palette;
  readonly project: Project;
  readonly width: number;
  readonly height: number;
  readonly caption: Caption;
}

const FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif";
const PAD = 14;
/** How wide a letter is at the most, on the average of a line: of small text, and of the title. */
const [LETTER_PX, TITLE_LETTER_PX] = [6.1, 9.6];
const TITLE_ROW = 21;

/** A layer that programs for drawing show under its name. */
function layer(id: string, marks: readonly string[]): string {
  if (!marks.length) return "";
  const name = escape(id);
  return `<g id="${name}" inkscape:groupmode="layer" inkscape:label="${name}">${marks.join("\n")}</g>`;
}

/** The caption on its own paper below the map; returns its marks and its height. */
function paper({ caption, colours, width, height }: View): [string, number] {
  const inLines = (text: string, letterPx: number): string[] =>
    wrap(text.split(" "), (line) => line.length * letterPx < width - 2 * PAD);
  const head = inLines(`${caption.title} · ${caption.asOf}`, TITLE_LETTER_PX);
  const small = caption.small.flatMap((text) => inLines(text, LETTER_PX));
  const below = height + 25 + head.length * TITLE_ROW;
  const row = (text: string, y: number, look: string): string =>
    `<text x="${PAD}" y="${y}" ${look}>${escape(text)}</text>`;
  const rows = [
    ...head.map((text, k) => row(text, height + 24 + k * TITLE_ROW, 'font-size="16" font-weight="700"')),
    ...small.map((text, k) => row(text, below + k * 16, 'font-size="12"')),
  ];
  const room = 37 + head.length * TITLE_ROW + small.length * 16;
  const sheet = `<rect x="0" y="${height}" width="${width}" height="${room}" fill="${colours.paper}"/>`;
  return [layer("caption", [sheet, `<g fill="${colours.ink}">${rows.join("")}</g>`]), room];
}

/** The stamps side by side in the upper corner. */
function stampMarks({ caption, colours }: View): string[] {
  let x = PAD;
  return caption.stamps.map((stamp) => {
    const { text } = stamp;
    const colour = stampColour(stamp, colours);
    const wide = text.length * 9.5 + 18;
    const mark =
      `<rect x="${x}" y="14" width="${wide}" height="26" fill="${colours.halo}" stroke="${colour}" stroke-width="2"/>` +
      `<text x="${x + wide / 2}" y="32" font-size="13" font-weight="800" text-anchor="middle" fill="${colour}">${escape(text)}</text>`;
    x += wide + 7;
    return mark;
  });
}

function scaleMark({ caption: { scale }, colours, height }: View): string {
  const { px, text } = scale;
  return (
    `<path d="M14 ${height - 22}v8h${n(px)}v-8" fill="none" stroke="${colours.ink}" stroke-width="1.6"/>` +
    `<text x="${n(PAD + px / 2)}" y="${height - 18}" font-size="11.5" font-weight="600" text-anchor="middle" fill="${colours.ink}">${escape(text)}</text>`
  );
}

/** Over all of it, if the evidence is invented. */
function watermark({ caption, colours, width, height }: View): string[] {
  if (!caption.watermark) return [];
  const [x, y] = [width / 2, height / 2];
  return [
    `<text x="${x}" y="${y}" font-size="${Math.round(width / Math.max(9, 0.8 * caption.watermark.length))}" font-weight="800" text-anchor="middle" ` +
      `fill="${colours.ink}" fill-opacity="0.08" transform="rotate(-24 ${x} ${y})">${escape(caption.watermark)}</text>`,
  ];
}

/** What every drawing says. */
function title({ caption: { title: name, asOf, stamps, small } }: View): string {
  const text = escape(`${name} · ${asOf} · ${stamps.map((one) => one.text).join(" ")}`);
  return `<title>${text}</title><desc>${escape(small.join(" "))}</desc>`;
}

/** The drawing's text. Patterns are painted by the map's own painters. */
export function drawing(view: View): string {
  const { data, colours, project, width, height } = view;
  const [below, room] = paper(view);
  const land = data.land ? [`<path d="${path(data.land, project)}" fill="${colours.land}" fill-rule="evenodd"/>`] : [];
  const shown = groups(view).filter(([id]) => view.layers.has(id));
  const size = `width="${width}" height="${height + room}" viewBox="0 0 ${width} ${height + room}"`;
  const under = `<rect width="${width}" height="${height}" fill="${data.land ? colours.sea : colours.land}"/>`;
  const clip = `<clipPath id="view"><rect width="${width}" height="${height}"/></clipPath>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" ${size} font-family="${escape(FONT)}">`,
    title(view),
    `<defs>${clip}${patterns(colours).map(svgPattern).join("")}</defs>`,
    `<g id="map" clip-path="url(#view)">${under}`,
    layer("land", land),
    ...shown.map(([, name, marks]) => layer(name, marks)),
    "</g>",
    layer("watermark", watermark(view)),
    layer("scale", [scaleMark(view)]),
    layer("stamps", stampMarks(view)),
    below,
    "</svg>",
  ]
    .filter(Boolean)
    .join("\n");
}
