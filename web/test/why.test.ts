import assert from "node:assert/strict";
import { test } from "node:test";
import { parse, type Document } from "../src/data";
import { directions, explain, groundAt, holderOf, total } from "../src/why";

const square = (west: number, south: number, size: number): object => ({
  type: "Polygon",
  coordinates: [
    [
      [west, south],
      [west + size, south],
      [west + size, south + size],
      [west, south + size],
      [west, south],
    ],
  ],
});
const polygons = (...features: [object, object][]): object => ({
  type: "FeatureCollection",
  features: features.map(([properties, geometry]) => ({ type: "Feature", properties, geometry })),
});

function war(): Document {
  const areas = polygons(
    [{ class: "held", side: "north" }, square(10, 51, 1)],
    [{ class: "grey", grey_reason: "mixed presence" }, square(10, 50, 1)],
  );
  const why = {
    side: "north",
    points: [
      [
        10.5,
        50.5,
        2,
        0.7,
        -0.1,
        3,
        [
          [1, 0.4],
          [0, -1.6],
        ],
      ],
      [10.9, 50.9, 5, 5, 0, 0, []],
    ],
  };
  const reports = polygons([{ id: "b" }, { type: "Point", coordinates: [10.4, 50.4] }]);
  const dates = [
    {
      as_of: "2031-05-01T00:00:00Z",
      state: "draft",
      areas,
      infiltration: polygons([{ side: "south" }, square(10, 50, 0.2)]),
      unobserved: polygons([{}, square(10, 50, 0.1)]),
      reports,
      why,
    },
  ];
  return parse(JSON.stringify({ sides: [{ id: "north", names: {}, colour: "" }], dates, report_index: ["a", "b"] }));
}

test("pushes are named, largest first, and add up to the latent", () => {
  const data = war();
  const why = explain(data, data.dates[0]!, [10.501, 50.501]);
  assert.deepEqual(
    why?.pushes.map((push) => [push.id, push.km]),
    [
      ["a", -1.6],
      ["b", 0.4],
    ],
  );
  assert.equal(why?.pushes[1]?.report?.properties.id, "b");
  assert.ok(Math.abs(total(why!) - why!.latentKm) < 1e-9);
});

test("farther than 1.5 km from any worked-out spot there is no explanation", () => {
  const data = war();
  assert.equal(explain(data, data.dates[0]!, [10.5, 50.515]), null);
  assert.notEqual(explain(data, data.dates[0]!, [10.5, 50.513]), null);
});

test("a spot knows its class, its reason and what lies over it", () => {
  const sheet = war().dates[0]!;
  assert.deepEqual(groundAt(sheet, [10.05, 50.05]), {
    cls: "grey",
    side: null,
    reason: "mixed presence",
    infiltratedBy: ["south"],
    unobserved: true,
    outOfRange: false,
  });
  assert.deepEqual(groundAt(sheet, [10.5, 51.5]), {
    cls: "held",
    side: "north",
    reason: null,
    infiltratedBy: [],
    unobserved: false,
    outOfRange: false,
  });
  assert.equal(groundAt(sheet, [12, 12]).cls, "none");
});

test("a status names its holder", () => {
  assert.deepEqual(["held_north", "grey", null].map(holderOf), ["north", null, null]);
});

test("dates come out in time order and a document without any is refused", () => {
  const two = parse(
    JSON.stringify({ sides: [], dates: [{ as_of: "2031-05-08T00:00:00Z" }, { as_of: "2031-05-01T00:00:00Z" }] }),
  );
  assert.deepEqual(
    two.dates.map((sheet) => sheet.as_of.slice(0, 10)),
    ["2031-05-01", "2031-05-08"],
  );
  assert.throws(() => parse('{"dates":[]}'), /no date/);
});

test("plus and minus are the side the reasons speak for and the other one", () => {
  const data = { ...war(), sides: ["north", "south"].map((id) => ({ id, names: {}, colour: "" })) };
  const sheet = data.dates[0]!;
  assert.deepEqual(directions(data, sheet), ["north", "south"]);
  assert.deepEqual(directions(data, { ...sheet, why: { side: "south", points: [] } }), ["south", "north"]);
  assert.deepEqual(directions(data, { ...sheet, why: null }), ["north", "south"]);
});
