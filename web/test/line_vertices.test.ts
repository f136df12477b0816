import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestOnEdge, nearestVertex, partsOf, shareAlong } from "../desk/panels/line_vertices";

const flat = (point: number[]): { x: number; y: number } => ({ x: point[0] ?? 0, y: point[1] ?? 0 });
const PARTS = [
  [
    [0, 0],
    [10, 0],
    [10, 10],
  ],
  [
    [20, 0],
    [30, 0],
  ],
];

test("the nearest vertex within reach is meant, and none beyond it", () => {
  assert.deepEqual(nearestVertex(PARTS.flat(), { x: 9, y: 1 }, flat, 3), [10, 0]);
  assert.equal(nearestVertex(PARTS.flat(), { x: 5, y: 5 }, flat, 3), null);
});

test("a spot near an edge becomes a spot on it", () => {
  assert.deepEqual(nearestOnEdge(PARTS, { x: 4, y: 1 }, flat, 3), [4, 0]);
  assert.deepEqual(nearestOnEdge(PARTS, { x: 25, y: -2 }, flat, 3), [25, 0]);
  assert.equal(nearestOnEdge(PARTS, { x: 15, y: 5 }, flat, 3), null);
});

test("an edge of no length has one spot", () =>
  assert.equal(shareAlong({ x: 1, y: 1 }, { x: 1, y: 1 }, { x: 5, y: 5 }), 0));

test("a line of one part and of many are read alike", () => {
  assert.equal(partsOf(null).length, 0);
  assert.equal(
    partsOf({
      type: "LineString",
      coordinates: [
        [0, 0],
        [1, 1],
      ],
    }).length,
    1,
  );
  assert.equal(partsOf({ type: "MultiLineString", coordinates: PARTS }).length, 2);
});
