import assert from "node:assert/strict";
import { test } from "node:test";
import { ageText, termsText } from "../src/compare_choice";
import { apartFromWords } from "../src/direction";
import type { MapperHead } from "../src/mappers";

test("words from the right are set apart, and signs that turn what follows them are gone", () => {
  assert.equal(apartFromWords("Hill maps"), "Hill maps");
  assert.equal(apartFromWords("© \u202eHill\u2066 maps"), "© Hill maps");
  assert.equal(apartFromWords("خرائط التل"), "\u2068خرائط التل\u2069");
});

test("a credit can turn no licence that stands beside it", () => {
  const head = { credit: "© مفتوح", licence: "CC BY\u202e 4.0", days_older: 1 } as MapperHead;
  assert.equal(termsText(head, "en"), "\u2068© مفتوح\u2069 · licence: CC BY 4.0");
  assert.equal(ageText(head, "en"), "a day older than this map");
});
