import assert from "node:assert/strict";
import { test } from "node:test";
import { apartOf, apartPixel } from "../src/apart";
import { ageText } from "../src/compare_choice";
import { parse, type Document } from "../src/data";
import { headIn, Mappers, offered, statusOf, type MapperHead } from "../src/mappers";
import { palette } from "../src/palette";

const SIDES = [
  { id: "red", names: { en: "Red" }, colour: "#c0392b" },
  { id: "blue", names: { en: "Blue" }, colour: "#2c6490" },
];
const SHAPES = {
  digits: 2,
  arcs: [[1000, 5000, 100, 0, 0, 100, -100, 0, 0, -100]],
  layers: { areas: [{ t: "Polygon", a: [[0]], p: { class: "held", side: "red" } }], front: [] },
};
const HEAD: MapperHead = {
  id: "hill",
  names: { en: "Hill" },
  as_of: "2031-05-07T00:00:00Z",
  days_older: 1,
  licence: "CC0",
  credit: "Hill",
  draws: ["red"],
  says: "0-",
  only_km2: { red: [1, 2] },
  shapes: SHAPES,
};
const place = (name: string): object => ({ name, names: {}, lon: 10, lat: 50, population: null });
const day = (n: number, mappers?: readonly MapperHead[]): object => ({
  as_of: `2031-05-0${n}T00:00:00Z`,
  public: { id: `000${n}`, number: n, ...(mappers ? { mappers } : {}) },
});
const documentOf = (...dates: object[]): Document =>
  parse(JSON.stringify({ sides: SIDES, settlements: [place("A"), place("B")], dates }));

test("a site without other maps offers none, and one whose newest day has none offers those of the days before", () => {
  const old = documentOf(day(7), day(8));
  assert.deepEqual(
    old.dates.map((sheet) => sheet.public?.mappers),
    [[], []],
  );
  assert.deepEqual(offered(old, old.dates[1] as never), []);
  const mixed = documentOf(day(7, [HEAD]), day(8));
  assert.deepEqual(
    offered(mixed, mixed.dates[1] as never).map((one) => one.id),
    ["hill"],
  );
  assert.equal(headIn(mixed.dates[1], "hill"), null);
});

test("their map is a day of ours with ground, edges and settlements, made once", () => {
  const data = documentOf(day(8, [HEAD]));
  const mappers = new Mappers(data);
  const sheet = mappers.at(data.dates[0] as never, "hill");
  assert.equal(sheet?.areas.features[0]?.properties.side, "red");
  assert.deepEqual(
    sheet?.status.map((one) => one.status),
    ["held_red", null],
  );
  assert.equal(sheet?.public, null);
  assert.equal(mappers.at(data.dates[0] as never, "hill"), sheet);
  assert.equal(mappers.at(data.dates[0] as never, "other"), null);
});

test("what cannot be fetched is said, and asked for again next time", async () => {
  const { shapes: _, ...bare } = HEAD;
  const data = documentOf(day(8, [bare]));
  const mappers = new Mappers(data);
  assert.equal(mappers.at(data.dates[0] as never, "hill"), null);
  assert.equal(await mappers.load(data.dates[0] as never, "hill"), null);
  assert.ok(mappers.isUnread(data.dates[0] as never, "hill"));
});

test("a letter is a side, grey, or nothing at all", () => {
  const data = documentOf(day(8));
  assert.deepEqual(
    ["0", "1", "g", "-", "7", undefined].map((letter) => statusOf(letter, data)),
    ["held_red", "held_blue", "grey", null, null, null],
  );
});

test("the two maps are apart only where one alone shows a side that the other draws", () => {
  const red = new Set([0]);
  assert.deepEqual(apartOf(1, 1, red), { ours: null, theirs: null });
  assert.deepEqual(apartOf(1, null, red), { ours: 0, theirs: null });
  assert.deepEqual(apartOf(2, 1, red), { ours: null, theirs: 0 });
  assert.deepEqual(apartOf(2, null, red), { ours: null, theirs: null }, "their blank says nothing of blue");
  assert.deepEqual(apartOf(2, 1, new Set([0, 1])), { ours: 1, theirs: 0 });
  assert.deepEqual(apartOf(0, 0, red), { ours: null, theirs: null });
});

test("whole strokes and broken ones differ without colour", () => {
  const print = palette(SIDES, "light", "print");
  const strong = (apart: Parameters<typeof apartPixel>[0]): number => {
    let n = 0;
    for (let y = 0; y < 36; y++) for (let x = 0; x < 36; x++) if ((apartPixel(apart, x, y, print)?.[3] ?? 0) > 200) n++;
    return n;
  };
  const [whole, broken] = [strong({ ours: 0, theirs: null }), strong({ ours: null, theirs: 0 })];
  assert.ok(broken > 0 && whole > broken * 1.5);
  assert.equal(apartPixel({ ours: null, theirs: null }, 3, 3, print), null);
});

test("an age is told in days", () => {
  assert.deepEqual(
    [0, 1, 2.5].map((days_older) => ageText({ ...HEAD, days_older }, "en")),
    ["of the same day", "a day older than this map", "2.5 days older than this map"],
  );
});
