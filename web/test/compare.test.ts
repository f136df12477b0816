import assert from "node:assert/strict";
import { test } from "node:test";
import { classOf } from "../src/compare";

test("a class is read back from its pixel, and a softened edge is none", () => {
  assert.deepEqual([0, 60, 120, 180, 91].map(classOf), [null, 0, 1, 2, null]);
});
