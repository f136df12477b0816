import assert from "node:assert/strict";
import { test } from "node:test";
import { Recent } from "../src/recent";

test("of many values those stay that were last put in or asked for", () => {
  const recent = new Recent<number>(2);
  recent.set("a", 1);
  recent.set("b", 2);
  assert.equal(recent.get("a"), 1);
  recent.set("c", 3);
  assert.deepEqual(
    ["a", "b", "c"].map((key) => recent.get(key)),
    [1, undefined, 3],
  );
  recent.set("c", 4);
  assert.deepEqual([recent.get("a"), recent.get("c")], [1, 4]);
});
