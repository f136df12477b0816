import assert from "node:assert/strict";
import { test } from "node:test";
import { lengthKm, ringKm2 } from "../src/measure";

const near = (found: number, wanted: number, share: number): void =>
  assert.ok(Math.abs(found / wanted - 1) < share, `${found} is not ${wanted}`);

test("a degree of latitude is 111.2 km, there and back twice that", () => {
  near(
    lengthKm([
      [10, 50],
      [10, 51],
    ]),
    111.195,
    1e-4,
  );
  near(
    lengthKm([
      [10, 50],
      [10, 51],
      [10, 50],
    ]),
    222.39,
    1e-4,
  );
  assert.equal(lengthKm([[10, 50]]), 0);
});

test("a ring's area is that of the sphere, whichever way round it goes", () => {
  const ring = [
    [10, 50],
    [11, 50],
    [11, 51],
    [10, 51],
  ] as const;
  near(ringKm2(ring), 111.195 * 111.195 * Math.cos((50.5 * Math.PI) / 180), 1e-3);
  near(ringKm2([...ring].reverse()), ringKm2(ring), 1e-12);
});
