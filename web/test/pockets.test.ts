import assert from "node:assert/strict";
import { test } from "node:test";
import { parse, type RuleNeck } from "../src/data";
import { pocketAt, pocketShapes, neckSpan, widthText } from "../src/pockets";

const rule = (name: RuleNeck["rule"], neck_km: number | null, rung = "pocket"): RuleNeck => ({
  rule: name,
  neck_km,
  rung,
  sampled: null,
  p_under_5: null,
  p_cut_off: null,
});

test("where rules disagree the span is given, never one number", () => {
  assert.equal(
    neckSpan([rule("held", 7.9), rule("held_or_grey", 6.6), rule("any_presence", 2.8)], "en"),
    "2.8–7.9\u00a0km, by rule",
  );
  assert.equal(neckSpan([rule("held", 8.58), rule("any_presence", 0)], "en"), "0.0–8.6\u00a0km, by rule");
  assert.equal(neckSpan([rule("held", null, "open"), rule("any_presence", 6)], "en"), "6–open, by rule");
  assert.equal(neckSpan([rule("held", 7.94), rule("held_or_grey", 7.91)], "en"), "7.9\u00a0km");
});

test("a taken place has no width, a cut off one has none left", () => {
  assert.equal(widthText(rule("held", null, "taken"), "en"), "n/a");
  assert.equal(widthText(rule("held", null, "open"), "en"), "open");
  assert.equal(widthText(rule("held", 0, "no_gap"), "en"), "none: cut off");
  assert.equal(neckSpan([rule("held", null, "taken")], "uk"), "н/д");
});

const square = (low: number, high: number) => [
  [
    [low, low],
    [high, low],
    [high, high],
    [low, high],
    [low, low],
  ],
];
const pocket = (low: number, high: number) => ({
  type: "Feature",
  geometry: { type: "Polygon", coordinates: square(low, high) },
  properties: {
    side: "north",
    km2: (high - low) ** 2,
    chord: [
      [low, low],
      [high, low],
    ],
    tips: [[low, low]],
    inside: [],
    rules: [rule("held", 3)],
  },
});
const sheet = parse(
  JSON.stringify({
    dates: [
      {
        as_of: "2031-05-01T00:00:00Z",
        pockets: { type: "FeatureCollection", features: [pocket(0, 10), pocket(1, 3)] },
      },
    ],
  }),
).dates[0];

test("a spot in a pocket in a pocket lies in the smaller one", () => {
  assert.ok(sheet);
  assert.equal(pocketAt(sheet, [2, 2])?.properties.km2, 4);
  assert.equal(pocketAt(sheet, [5, 5])?.properties.km2, 100);
  assert.equal(pocketAt(sheet, [11, 5]), null);
});

test("the map gets ground, chord and tips, the chord with its span in words", () => {
  assert.ok(sheet);
  const shapes = pocketShapes(sheet, "uk").features;
  assert.deepEqual(
    shapes.map((one) => one.properties?.["role"]),
    ["pocket", "neck", "tip", "pocket", "neck", "tip"],
  );
  assert.equal(shapes[1]?.properties?.["label"], "3\u00a0км");
});

test("a document without pockets shows none", () => {
  const bare = parse(JSON.stringify({ dates: [{ as_of: "2031-05-01T00:00:00Z" }] })).dates[0];
  assert.deepEqual(bare && pocketShapes(bare, "en").features, []);
});
