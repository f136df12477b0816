import assert from "node:assert/strict";
import { test } from "node:test";
import type { Sheet } from "../src/data";
import { isEmbedded, staleDays } from "../src/embed";
import { lines } from "../src/picture";

test("a page is embedded by query or by hash", () => {
  assert.ok(isEmbedded("?embed", ""));
  assert.ok(isEmbedded("", "#date=2031-05-01&embed"));
  assert.ok(isEmbedded("?embed=1&x=2", "#"));
  assert.ok(!isEmbedded("", "#date=2031-05-01"));
});

test("an edition is out of date eight days after its delay, a private map never", () => {
  const sheet = { as_of: "2031-05-01T00:00:00Z", public: { delay_hours: 72 } } as unknown as Sheet;
  assert.equal(staleDays(sheet, Date.parse("2031-05-11T23:00:00Z")), null);
  assert.equal(staleDays(sheet, Date.parse("2031-05-12T01:00:00Z")), 11);
  assert.equal(staleDays({ ...sheet, public: null }, Date.parse("2041-05-12")), null);
});

test("words are put in lines that fit, a word too long alone in its own", () => {
  assert.deepEqual(
    lines(["in", "such", "a", "time"], (line) => line.length <= 7),
    ["in such", "a time"],
  );
  assert.deepEqual(
    lines(["a", "evacuation", "b"], (line) => line.length <= 4),
    ["a", "evacuation", "b"],
  );
});
