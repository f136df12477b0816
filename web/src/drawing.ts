// The view as an SVG in layers, for a graphics desk: each class a group with a name, text as text, the caution on its own paper below.
import type { Feature, Geometry, Position } from "geojson";
import type { Document, Sheet } from "./data";
import { nameIn } from "./i18n";
import { settlementPoints } from "./ranks";
import { css, type Palette } from "./palette";
import {
  greyPattern,
  greyReason,
  infiltrationPattern,
  interdictedPattern,
  outOfRangePattern,
  patterns,
  unlookedPattern,
  unobservedPattern,
} from "./patterns";
import type { Caption } from "./picture";
import { lines as wrap } from "./picture";
import { pocketShapes } from "./pockets";
import { reportCells } from "./public_cells";
import type { Language, LayerId } from "./state";
import { escape, svgPattern } from "./svg_brush";

export type Project = (spot: Position) => readonly [x: number, y: number];

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

const n = (value: number): string => String(Math.round(value * 10) / 10);
const FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif";

const trace = (line: readonly Position[], project: Project): string =>
  line.map((spot, k) => `${k ? "L" : "M"}${project(spot).map(n).join(" ")}`).join("");

/** The path of a line or an area; empty for points. */
export function path(geometry: Geometry | null, project: Project): string {
  switch (geometry?.type) {
    case "LineString":
      return trace(geometry.coordinates, project);
    case "MultiLineString":
      return geometry.coordinates.map((line) => trace(line, project)).join("");
    case "Polygon":
      return geometry.coordinates.map((ring) => `${trace(ring, project)}Z`).join("");
    case "MultiPolygon":
      return geometry.coordinates
        .flat()
        .map((ring) => `${trace(ring, project)}Z`)
        .join("");
    default:
      return "";
  }
}

/** A layer that programs for drawing show under its name. */
const layer = (id: string, marks: readonly string[]): string =>
  marks.length
    ? `<g id="${escape(id)}" inkscape:groupmode="layer" inkscape:label="${escape(id)}">${marks.join("\n")}</g>`
    : "";

type Style = (feature: Feature) => string;

const shapes = (features: readonly Feature[], project: Project, style: Style): string[] =>
  features.flatMap((feature) => {
    const d = path(feature.geometry, project);
    return d ? [`<path d="${d}" ${style(feature)}/>`] : [];
  });

const fill = (paint: string, opacity = 1): string =>
  `fill="${escape(paint)}"${opacity < 1 ? ` fill-opacity="${opacity}"` : ""} fill-rule="evenodd"`;
const line = (paint: string, width: number, dash = ""): string =>
  `fill="none" stroke="${escape(paint)}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"${dash ? ` stroke-dasharray="${dash}"` : ""}`;
const tiled = (id: string): string => fill(`url(#${id})`);

/** Boxes of text that are taken; a label that would lie on one is left out. */
class Room {
  readonly #taken: [number, number, number, number][] = [];

  take(x: number, y: number, width: number, height: number): boolean {
    const box: [number, number, number, number] = [x, y, x + width, y + height];
    if (this.#taken.some(([a, b, c, d]) => box[0] < c && box[2] > a && box[1] < d && box[3] > b)) return false;
    this.#taken.push(box);
    return true;
  }
}

/** Settlements with their names, those most looked for first. */
function places({ data, sheet, language, project, width, height, colours }: View): string[] {
  const room = new Room();
  const points = [...settlementPoints(data, sheet, language).features].sort(
    (a, b) => Number(a.properties?.["rank"]) - Number(b.properties?.["rank"]),
  );
  return points.flatMap(({ geometry, properties }) => {
    if (geometry.type !== "Point") return [];
    const [x, y] = project(geometry.coordinates);
    if (x < 0 || y < 0 || x > width || y > height) return [];
    const name = String(properties?.["name"] ?? "");
    const size = Number(properties?.["population"]) > 20_000 ? 14 : 11.5;
    const wide = name.length * size * 0.56;
    const right = x + wide + 10 < width;
    if (!room.take(right ? x - 5 : x - wide - 8, y - size / 2, wide + 13, size)) return [];
    const side = data.sides.findIndex((one) => one.id === properties?.["holder"]);
    const ring = css(colours.sides[side]?.line ?? colours.greyLine);
    return [
      `<circle cx="${n(x)}" cy="${n(y)}" r="3.5" fill="${colours.paper}" stroke="${ring}" stroke-width="2"/>` +
        `<text x="${n(right ? x + 8 : x - 8)}" y="${n(y + size * 0.35)}" font-size="${size}" text-anchor="${right ? "start" : "end"}" fill="${colours.ink}" stroke="${colours.halo}" stroke-width="3" paint-order="stroke">${escape(name)}</text>`,
    ];
  });
}

/** What each switch of the key draws, bottom to top. */
function groups(view: View): readonly (readonly [LayerId, string, readonly string[]])[] {
  const { data, sheet, colours, project, language } = view;
  const index = (feature: Feature): number =>
    data.sides.findIndex((side) => side.id === (feature.properties?.["side"] ?? feature.properties?.["seen"]));
  const sideLine = (feature: Feature): string => css(colours.sides[index(feature)]?.line ?? colours.faint);
  const role = (word: string): Feature[] => sheet.front.features.filter((one) => one.properties["role"] === word);
  const held = sheet.areas.features.filter((one) => one.properties.class === "held");
  const grey = sheet.areas.features.filter((one) => one.properties.class === "grey");
  const pockets = pocketShapes(sheet, language).features;
  const isPart = (word: string): Feature[] => pockets.filter((one) => one.properties?.["role"] === word);
  const struck = sheet.interdicted.features;
  const draw = (features: readonly Feature[], style: Style): string[] => shapes(features, project, style);
  const tips = isPart("tip")
    .flatMap(({ geometry }) => (geometry.type === "Point" ? [project(geometry.coordinates)] : []))
    .map(
      ([x, y]) =>
        `<circle cx="${n(x)}" cy="${n(y)}" r="5" fill="${colours.paper}" stroke="${colours.ink}" stroke-width="2.2"/>`,
    );
  return [
    ...data.sides.map(
      (side) =>
        [
          "held",
          `held ${nameIn(side.names, language, side.id)}`,
          draw(
            held.filter((one) => one.properties.side === side.id),
            (one) => fill(css(colours.sides[index(one)]?.fill ?? colours.grey), colours.fillOpacity),
          ),
        ] as const,
    ),
    [
      "grey",
      "grey zone",
      draw(grey, (one) => tiled(greyPattern(greyReason(String(one.properties?.["grey_reason"] ?? "")), colours))),
    ],
    ["barriers", "rivers and barriers", draw(data.barriers.features, () => line(colours.water, 2.5))],
    [
      "roads",
      "roads",
      [
        ...draw(data.roads.features, () => line(colours.roadCase, 3)),
        ...draw(data.roads.features, () => line(colours.road, 1.8)),
      ],
    ],
    [
      "routes",
      "roads near the other side",
      draw(sheet.routes.features, (one) =>
        line(
          colours.nearRoad[
            Number(one.properties?.["within_km"]) <= 3 ? 0 : Number(one.properties?.["within_km"]) <= 5 ? 1 : 2
          ],
          2.4,
        ),
      ),
    ],
    ["unobserved", "unobserved", draw(sheet.unobserved.features, () => tiled(unobservedPattern(colours)))],
    ["bands", "bands", draw(role("band"), (one) => fill(sideLine(one), 0.2))],
    [
      "infiltration",
      "infiltration",
      draw(
        sheet.infiltration.features,
        (one) =>
          `${tiled(infiltrationPattern(Math.max(0, index(one)), colours))} stroke="${sideLine(one)}" stroke-width="1" stroke-dasharray="1 2.5"`,
      ),
    ],
    ...data.sides.map(
      (side, i) =>
        [
          "edges",
          `edge ${nameIn(side.names, language, side.id)}`,
          draw(
            role("edge").filter((one) => one.properties?.["side"] === side.id),
            (one) => line(sideLine(one), i ? 2 : 3, colours.print && i ? "6 4" : ""),
          ),
        ] as const,
    ),
    ["even_odds", "even-odds line", draw(role("even_odds"), () => line(colours.ink, 1.4, "5 4"))],
    [
      "interdicted",
      "interdicted",
      draw(struck, (one) =>
        tiled(
          Number(one.properties?.["level"]) > 0
            ? interdictedPattern(Math.max(0, index(one)), Number(one.properties?.["level"]), colours)
            : unlookedPattern(colours),
        ),
      ),
    ],
    [
      "out_of_range",
      "model out of range",
      draw(
        sheet.out_of_range.features,
        () => `${tiled(outOfRangePattern(colours))} stroke="${colours.ink}" stroke-width="2" stroke-dasharray="6 4"`,
      ),
    ],
    [
      "reports",
      "reports by cell",
      draw(
        reportCells(sheet.public).features,
        (one) => `${fill(sideLine(one), 0.2)} stroke="${sideLine(one)}" stroke-width="0.8"`,
      ),
    ],
    [
      "pockets",
      "pockets and necks",
      [
        ...draw(isPart("pocket"), () => line(colours.ink, 1.4, "4 3")),
        ...draw(isPart("neck"), () => line(colours.ink, 3)),
        ...tips,
      ],
    ],
    ["settlements", "settlements", places(view)],
  ];
}

/** The caption on its own paper below the map; returns its marks and its height. */
function paper({ caption, colours, width, height }: View): [string, number] {
  const fits = (text: string): boolean => text.length * 6.1 < width - 28;
  const small = caption.small.flatMap((text) => wrap(text.split(" "), fits));
  const rows = [
    `<text x="14" y="${height + 24}" font-size="16" font-weight="700">${escape(`${caption.title} · ${caption.asOf}`)}</text>`,
    ...small.map((text, k) => `<text x="14" y="${height + 46 + k * 16}" font-size="12">${escape(text)}</text>`),
  ];
  const room = 58 + small.length * 16;
  return [
    layer("caption", [
      `<rect x="0" y="${height}" width="${width}" height="${room}" fill="${colours.paper}"/>`,
      `<g fill="${colours.ink}">${rows.join("")}</g>`,
    ]),
    room,
  ];
}

/** Stamps and scale, and the watermark if the evidence is invented. */
function marks({ caption, colours, width, height }: View): string {
  let x = 14;
  const stamps = caption.stamps.map((word) => {
    const wide = word.length * 9.5 + 18;
    const mark = `<rect x="${x}" y="14" width="${wide}" height="26" fill="${colours.halo}" stroke="#b3121d" stroke-width="2"/><text x="${x + wide / 2}" y="32" font-size="13" font-weight="800" text-anchor="middle" fill="#b3121d">${escape(word)}</text>`;
    x += wide + 7;
    return mark;
  });
  const { px, text } = caption.scale;
  const scale = `<path d="M14 ${height - 22}v8h${n(px)}v-8" fill="none" stroke="${colours.ink}" stroke-width="1.6"/><text x="${n(14 + px / 2)}" y="${height - 18}" font-size="11.5" font-weight="600" text-anchor="middle" fill="${colours.ink}">${escape(text)}</text>`;
  const watermark = caption.simulated
    ? [
        layer("watermark", [
          `<text x="${width / 2}" y="${height / 2}" font-size="${Math.round(width / 9)}" font-weight="800" text-anchor="middle" fill="${colours.ink}" fill-opacity="0.08" transform="rotate(-24 ${width / 2} ${height / 2})">SIMULATED</text>`,
        ]),
      ]
    : [];
  return [...watermark, layer("scale", [scale]), layer("stamps", stamps)].join("\n");
}

/** The drawing's text. Patterns are painted by the map's own painters. */
export function drawing(view: View): string {
  const { data, colours, project, width, height, caption } = view;
  const [below, room] = paper(view);
  const land = data.land ? path(data.land, project) : `M0 0H${width}V${height}H0Z`;
  const drawn = groups(view)
    .filter(([id]) => view.layers.has(id))
    .map(([, name, found]) => layer(name, found));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" width="${width}" height="${height + room}" viewBox="0 0 ${width} ${height + room}" font-family="${escape(FONT)}">`,
    `<title>${escape(`${caption.title} · ${caption.asOf} · ${caption.stamps.join(" ")}`)}</title><desc>${escape(caption.small.join(" "))}</desc>`,
    `<defs><clipPath id="view"><rect width="${width}" height="${height}"/></clipPath>${patterns(colours).map(svgPattern).join("")}</defs>`,
    `<g id="map" clip-path="url(#view)"><rect width="${width}" height="${height}" fill="${data.land ? colours.sea : colours.land}"/>`,
    layer("land", data.land ? [`<path d="${land}" fill="${colours.land}" fill-rule="evenodd"/>`] : []),
    ...drawn,
    "</g>",
    marks(view),
    below,
    "</svg>",
    "",
  ]
    .filter(Boolean)
    .join("\n");
}
