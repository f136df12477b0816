import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../src/data";
import { drawing, type View } from "../src/drawing";
import { path } from "../src/drawing_marks";
import { palette } from "../src/palette";
import { LAYERS } from "../src/state";

const HOSTILE = `<img src=x onerror="alert(1)">&`;
const ring = [
  [0, 0],
  [4, 0],
  [4, 4],
  [0, 4],
  [0, 0],
];
const data = parse(
  JSON.stringify({
    title: HOSTILE,
    name: "x",
    languages: ["en"],
    simulated: true,
    stamp: ["PUBLIC"],
    sides: [
      { id: "a", names: { en: HOSTILE }, colour: "#c00" },
      { id: "b", names: {}, colour: "#00c" },
    ],
    bounds: [0, 0, 4, 4],
    credit: "",
    land: null,
    report_index: [],
    settlements: [
      { name: HOSTILE, names: {}, lon: 1, lat: 1, population: 10 },
      { name: "beside", names: {}, lon: 1.01, lat: 1, population: 5 },
    ],
    dates: [
      {
        as_of: "2031-05-01T00:00:00Z",
        state: "draft",
        areas: {
          type: "FeatureCollection",
          features: [
            {
              type: "Feature",
              properties: { class: "held", side: "a" },
              geometry: { type: "Polygon", coordinates: [ring] },
            },
          ],
        },
        status: [],
      },
    ],
  }),
);
const sides = data.sides;
const view: View = {
  data,
  sheet: data.dates[0]!,
  layers: new Set(LAYERS),
  language: "en",
  colours: palette(sides, "light"),
  project: ([x = 0, y = 0]) => [x * 100, y * 100],
  width: 400,
  height: 400,
  caption: {
    title: data.title,
    asOf: "As of",
    small: [HOSTILE],
    stamps: [{ word: "PUBLIC", text: "PUBLIC" }],
    legend: [],
    scale: { px: 90, text: "5 km" },
    watermark: "SIMULATED · <own>",
  },
};
const svg = drawing(view);

test("what the data says is text in the drawing, never markup", () => {
  assert.ok(!svg.includes("<img"));
  assert.ok(svg.includes("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;"));
});

test("each class is a layer with a name, and of two names in one place the smaller place's is left out", () => {
  assert.match(svg, /inkscape:groupmode="layer" inkscape:label="settlements"/);
  assert.ok(!svg.includes("beside"));
  assert.match(svg, /id="watermark"/);
  assert.ok(svg.includes(">SIMULATED · &lt;own&gt;<"));
});

test("a path has a piece for every ring and closes areas", () => {
  assert.equal(
    path({ type: "MultiPolygon", coordinates: [[ring], [ring]] }, ([x = 0, y = 0]) => [x, y]),
    "M0 0L4 0L4 4L0 4L0 0ZM0 0L4 0L4 4L0 4L0 0Z",
  );
  assert.equal(
    path({ type: "Point", coordinates: [0, 0] }, ([x = 0, y = 0]) => [x, y]),
    "",
  );
});

test("a long title stands in lines within the picture, and the paper below grows with it", () => {
  const title = "A theatre whose title goes on and on ".repeat(4).trim();
  const long = drawing({ ...view, caption: { ...view.caption, title } });
  const lines = [...long.matchAll(/font-size="16" font-weight="700">([^<]*)</g)].map((found) => found[1] ?? "");
  assert.ok(lines.length > 3 && lines.every((line) => line.length < 40));
  assert.equal(lines.join(" "), `${title} · As of`);
  const height = (text: string): number => Number(/height="(\d+)" viewBox/.exec(text)?.[1]);
  const texts = [...long.matchAll(/<text x="14" y="(\d+)"/g)].map((found) => Number(found[1]));
  assert.ok(height(long) > height(svg) && texts.every((y) => y < height(long)));
});

test("a stamp is red but for what may be public, as on a picture", () => {
  const stamp = (word: string): string =>
    drawing({ ...view, caption: { ...view.caption, stamps: [{ word, text: word }] } });
  assert.ok(stamp("PRIVATE").includes("#b3121d") && !stamp("PUBLIC").includes("#b3121d"));
});
