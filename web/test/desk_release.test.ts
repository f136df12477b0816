import assert from "node:assert/strict";
import { test } from "node:test";
import type { Desk } from "../desk/panel";
import { draw, type Maps, type Shown } from "../desk/panels/release_map";
import { NOTHING } from "../src/geojson";

const nothing = { areas: NOTHING, front: NOTHING, infiltration: NOTHING, reports: NOTHING, settlements: NOTHING };
const maps: Maps = { public: nothing, private: NOTHING, private_edge: null, closed: null };

/** Whether the numbers of the desk's own clusters are seen with a map. */
function countsSeen(over: Maps | null, shown: Shown): boolean | undefined {
  const wanted = new Map<string, boolean>();
  const filled = { want: (id: string, isWanted: boolean) => void wanted.set(id, isWanted) };
  const map = { war: { filled }, set: () => undefined };
  draw({ map, about: { sides: [], bounds: [0, 0, 1, 1] } } as unknown as Desk, over, shown);
  return wanted.get("cluster-count");
}

test("numbers of private reports stand on the desk's map alone, not on what would be public", () => {
  assert.deepEqual(
    [countsSeen(maps, "public"), countsSeen(maps, "private"), countsSeen(maps, "desk"), countsSeen(null, "public")],
    [false, false, true, true],
  );
});
