import assert from "node:assert/strict";
import { test } from "node:test";
import { boxOf, circle, distanceKm, holds, nearestKm, roundKm, verticesOf, within } from "../src/geometry";

const RING = [
  [0, 0],
  [4, 0],
  [4, 4],
  [0, 4],
  [0, 0],
];
const HOLE = [
  [1, 1],
  [3, 1],
  [3, 3],
  [1, 3],
  [1, 1],
];

test("a spot in a polygon's hole is not in the polygon", () => {
  const shape = { type: "Polygon" as const, coordinates: [RING, HOLE] };
  assert.equal(holds(shape, [0.5, 0.5]), true);
  assert.equal(holds(shape, [2, 2]), false);
  assert.equal(holds(shape, [5, 2]), false);
});

test("a multipolygon holds what any of its parts holds", () => {
  const shape = {
    type: "MultiPolygon" as const,
    coordinates: [
      [RING],
      [
        [
          [10, 10],
          [11, 10],
          [11, 11],
          [10, 10],
        ],
      ],
    ],
  };
  assert.equal(holds(shape, [10.9, 10.5]), true);
  assert.equal(holds(shape, [7, 7]), false);
});

test("one degree of latitude is 111 km", () => {
  assert.ok(Math.abs(distanceKm([10, 50], [10, 51]) - 111.195) < 0.01);
});

test("a circle keeps its radius on the ground", () => {
  for (const [lon = 0, lat = 0] of circle([37, 48], 3))
    assert.ok(Math.abs(distanceKm([37, 48], [lon, lat]) - 3) < 0.02);
});

test("a scale bar is the longest of 1, 2, 5 that fits", () => {
  assert.deepEqual([0.49, 0.5, 1.99, 4.2, 73, 100].map(roundKm), [0.2, 0.5, 1, 2, 50, 100]);
});

test("the box of nothing is null", () => {
  assert.equal(boxOf([]), null);
  assert.equal(boxOf([{ type: "LineString", coordinates: [] }]), null);
  assert.deepEqual(
    boxOf([
      {
        type: "MultiLineString",
        coordinates: [
          [
            [1, 2],
            [3, 4],
          ],
          [
            [0, 9],
            [1, 1],
          ],
        ],
      },
    ]),
    [0, 1, 3, 9],
  );
});

test("the flat distance to the nearest vertex agrees with the round one", () => {
  const vertices = verticesOf([
    {
      type: "MultiLineString",
      coordinates: [
        [
          [37.2, 48.1],
          [37.9, 48.6],
        ],
        [[36.5, 48.2]],
      ],
    },
  ]);
  const spot = [37, 48.3] as const;
  const exact = Math.min(...vertices.map(([lon = 0, lat = 0]) => distanceKm(spot, [lon, lat])));
  assert.ok(Math.abs(nearestKm(spot, vertices) / exact - 1) < 0.01);
  assert.equal(nearestKm(spot, []), Infinity);
});

test("a box is cut to its frame, and is the frame if it lies outside", () => {
  assert.deepEqual(within([0, 0, 5, 5], [1, -1, 4, 9]), [1, 0, 4, 5]);
  assert.deepEqual(within([7, 7, 8, 8], [1, -1, 4, 9]), [1, -1, 4, 9]);
});
