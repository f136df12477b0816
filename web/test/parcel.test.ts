import assert from "node:assert/strict";
import { test } from "node:test";
import type { FeatureCollection } from "geojson";
import { parse, type Sheet } from "../src/data";
import { layers } from "../src/layers";
import { DRAWN, type Drawn } from "../src/sources";
import { palette } from "../src/palette";
import { opened, packedUp } from "../src/parcel";
import { pocketShapes } from "../src/pockets";

const RING = [
  [10, 50],
  [10, 51],
  [11, 51],
  [10, 50],
];
const area = (reason: string): object => ({
  type: "Feature",
  properties: { class: "grey", side: null, grey_reason: reason },
  geometry: { type: "Polygon", coordinates: [RING] },
});
const PUBLIC = {
  id: "0001",
  number: 1,
  grid: { km: 1, column0: 0, row0: 0, scale: 1, lon: [10, 0.01], lat: [50, 0, 0.01] },
  cells: [
    [0, 0],
    [1, 0],
  ],
  reports: [
    [1, 1, "2031-04-01", "position", "south", "B", 2, null],
    [2, 1, "2031-04-09", "strike", "south", "C", 3, null],
  ],
  why: [],
};
const PACKED = {
  digits: 0,
  arcs: [[10, 50, 0, 1, 1, 0, -1, -1]],
  layers: {
    areas: [{ t: "Polygon", a: [[0]], p: { class: "grey", side: null, grey_reason: "disputed evidence" } }],
    unobserved: [],
  },
};
const sheetOf = (more: object): Sheet =>
  parse(JSON.stringify({ dates: [{ as_of: "2031-05-01T00:00:00Z", ...more }] })).dates[0]!;
const ALL = new Set<Drawn>(DRAWN);
const roundTrip = (sheet: Sheet, wanted = ALL): FeatureCollection =>
  opened(packedUp(sheet, pocketShapes(sheet, "en"), wanted));

test("a day is the same to the worker whether it was packed or not", () => {
  const plain = roundTrip(sheetOf({ areas: { type: "FeatureCollection", features: [area("disputed evidence")] } }));
  assert.deepEqual(roundTrip(sheetOf({ shapes: PACKED })), plain);
  assert.deepEqual(
    plain.features.map((one) => one.properties),
    [{ class: "grey", side: null, grey_reason: "disputed evidence", of: "areas", reason: "disputed" }],
  );
});

test("a sheet of one map's ground and another's lines sends both", () => {
  const day = sheetOf({ shapes: PACKED, front: { type: "FeatureCollection", features: [] } });
  const other = sheetOf({ shapes: { ...PACKED, layers: { infiltration: PACKED.layers.areas } } });
  assert.deepEqual(
    roundTrip({ ...day, infiltration: other.infiltration }).features.map((one) => one.properties?.["of"]),
    ["areas", "infiltration"],
  );
});

test("cells with reports are laid out by the worker, from rows or from what a sheet names", () => {
  const sheet = sheetOf({ public: PUBLIC });
  const found = roundTrip(sheet).features;
  assert.deepEqual(
    found.map((one) => one.properties),
    [{ cell: 1, count: 2, seen: "south", of: "cells" }],
  );
  assert.deepEqual(found[0]?.geometry, {
    type: "Polygon",
    coordinates: [
      [
        [10.01, 50],
        [10.01, 50.01],
        [10.02, 50.01],
        [10.02, 50],
        [10.01, 50],
      ],
    ],
  });
  assert.deepEqual(roundTrip({ ...sheet, public: { ...sheet.public! } }).features, found);
});

test("what no chosen layer draws is not sent", () => {
  assert.deepEqual(roundTrip(sheetOf({ shapes: PACKED, public: PUBLIC }), new Set<Drawn>(["front"])).features, []);
});

test("every layer over a part of the day takes that part alone", () => {
  const data = parse(JSON.stringify({ sides: [], bounds: [0, 0, 1, 1], dates: [{ as_of: "2031-05-01T00:00:00Z" }] }));
  for (const layer of layers({ ...data, land: null }, palette(data.sides, "light"))) {
    if (!("source" in layer) || layer.source !== "day") continue;
    assert.match(JSON.stringify(layer.filter), /^\[("all",\[)?"==",\["get","of"\]/, layer.id);
  }
});
