import assert from "node:assert/strict";
import { test } from "node:test";
import { cautionText, correctedAt, noticeText } from "../src/caution";
import { parse } from "../src/data";
import { cellAt, reportCells, toldAt } from "../src/public_cells";

const square = (lon: number): number[][] => [
  [lon, 50],
  [lon, 50.01],
  [lon + 0.01, 50.01],
  [lon + 0.01, 50],
];
const rows = {
  id: "0001-2031-05-01",
  number: 1,
  made_at: "2031-05-04T00:00:00Z",
  delay_hours: 72,
  moved_km_95: 1.5,
  cell_km: 1,
  corrects: null,
  reason: "",
  without_second_name: false,
  elsewhere: false,
  looked: false,
  not_before: {},
  cells: [square(10), square(10.01)],
  reports: [
    [1, 0, "2031-04-01", "position", "south", "B", 2, null],
    [2, 0, "2031-04-09", "strike", "south", "C", 3, "https://example.org/1"],
    [3, 0, "2031-04-02", "flag", "north", "A", 1, null],
  ],
  why: [
    [0, 1, "grey", null, null, 1, [[2, "south", "strong"]]],
    [null, 0, "held_south", "2031-05-01", 7, null, []],
  ],
};
const document_ = parse(JSON.stringify({ dates: [{ as_of: "2031-05-01T00:00:00Z", public: rows }] }));
const edition = document_.dates[0]!.public!;

test("a cell counts its reports and takes the side seen most", () => {
  assert.deepEqual(
    reportCells(edition).features.map((one) => one.properties),
    [{ cell: 0, count: 3, seen: "south" }],
  );
  assert.deepEqual(reportCells(null).features, []);
});

test("a settlement is told by its number, other ground by its cell, the newest report first", () => {
  assert.equal(cellAt(edition, [10.015, 50.005]), 1);
  assert.equal(cellAt(edition, [12, 50]), null);
  assert.equal(toldAt(edition, [10.005, 50.005], 0).why?.rests_on, 1);
  const told = toldAt(edition, [10.005, 50.005], null);
  assert.equal(told.why?.status, "held_south");
  assert.deepEqual(
    told.reports.map((one) => one.number),
    [2, 3, 1],
  );
});

test("the caution says how far lines move, or that it is not known", () => {
  assert.equal(
    cautionText(edition, "en"),
    "in such a time lines here moved up to 1.5\u00a0km (95\u00a0%); drones reach farther; not for navigation, evacuation or targeting",
  );
  assert.match(cautionText({ ...edition, moved_km_95: null }, "uk"), /ще не відомо; дрони/);
});

test("a corrected edition says so and where the new one is, and follows no strange address", () => {
  const notice = {
    state: "corrected",
    at: "2031-05-09T10:00:00Z",
    reason: "A film set.",
    corrected_by: "0002-2031-05-01",
  };
  assert.equal(noticeText(notice, "en"), "Corrected on 9 May 2031: A film set.");
  assert.equal(noticeText(null, "en"), null);
  assert.equal(correctedAt(notice), "../0002-2031-05-01/index.html");
  assert.equal(correctedAt({ ...notice, corrected_by: "javascript:alert(1)" }), null);
});
