import assert from "node:assert/strict";
import { test } from "node:test";
import { correctedSince, listFile, withdrawn, type Listed } from "../src/standing";
import type { Document } from "../src/data";

const LISTED: readonly Listed[] = [
  { id: "0001-a", state: "corrected", corrected_by: "0003-a", reason: "" },
  { id: "0002-b", state: "pulled", reason: "a place" },
  { id: "0003-a", state: "published", made_at: "2031-06-01T00:00:00Z", reason: "A film set." },
];

test("only what was looked at and is withdrawn makes a page go blank", () => {
  assert.equal(withdrawn(LISTED, new Set(["0001-a", "0003-a"])), null);
  assert.equal(withdrawn(LISTED, new Set(["0003-a", "0002-b"]))?.reason, "a place");
  assert.equal(withdrawn([], new Set(["0002-b"])), null);
});

test("what was corrected meanwhile is told with the reason of what corrects it", () => {
  assert.deepEqual(correctedSince(LISTED, new Set(["0001-a"])), {
    state: "corrected",
    corrected_by: "0003-a",
    at: "2031-06-01T00:00:00Z",
    reason: "A film set.",
  });
  assert.equal(correctedSince(LISTED, new Set(["0002-b", "0003-a"])), null);
});

test("the list lies beside the page over all editions and two folders up from one's own", () => {
  assert.equal(listFile({ history: [] } as unknown as Document), "editions.json");
  assert.equal(listFile({} as unknown as Document), "../../editions.json");
});
