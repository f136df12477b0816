import assert from "node:assert/strict";
import { test } from "node:test";
import { filled, type Past, type Sheet } from "../src/data";
import { currentThen, editionThen, isPlainPath, knowledgeDays, reordered } from "../src/days";
import { cornerAt, named } from "../src/edition";
import { unpacked } from "../src/shapes";

const past = (number: number, asOf: string, madeAt: string): Past => ({
  id: `000${number}`,
  number,
  as_of: `${asOf}T00:00:00Z`,
  made_at: `${madeAt}T09:00:00Z`,
  state: "published",
  file: `editions/000${number}/page.json`,
});
const HISTORY = [
  past(1, "2031-05-01", "2031-05-04"),
  past(2, "2031-05-08", "2031-05-11"),
  past(3, "2031-05-01", "2031-05-12"),
];

test("as we knew it on a day: of each day the edition with the largest number made by then", () => {
  assert.equal(editionThen(HISTORY, "2031-05-01T00:00:00Z", "2031-05-11")?.id, "0001");
  assert.equal(editionThen(HISTORY, "2031-05-01T00:00:00Z", "2031-05-12")?.id, "0003");
  assert.equal(editionThen(HISTORY, "2031-05-08T00:00:00Z", "2031-05-10"), null);
});

test("the current one of a day has the latest day of those made by then", () => {
  assert.equal(currentThen(HISTORY, "2031-05-12")?.id, "0002");
  assert.equal(currentThen(HISTORY, "2031-05-05")?.id, "0001");
  assert.equal(currentThen(HISTORY, "2031-05-03"), null);
});

test("the days one may ask about are those on which an edition was made, the newest first", () => {
  assert.deepEqual(knowledgeDays(HISTORY), ["2031-05-12", "2031-05-11", "2031-05-04"]);
});

test("only a path of plain names is fetched", () => {
  for (const good of ["editions/0001/page.json", "../0001/page.json", "places.json", "../../x"])
    assert.ok(isPlainPath(good), good);
  for (const bad of [
    "https://example.org/x",
    "//example.org/x",
    "/etc/passwd",
    "javascript:alert(1)",
    "data:,x",
    "a?b",
    "a#b",
    "\\\\host\\x",
    "a/../../b",
    "",
  ])
    assert.ok(!isPlainPath(bad), bad);
});

test("arcs that neighbours share unpack to rings that close, forwards and backwards", () => {
  const { areas } = unpacked({
    digits: 1,
    arcs: [
      [0, 0, 10, 0, 0, 10],
      [10, 10, -10, 0, 0, -10],
    ],
    layers: {
      areas: [
        { t: "Polygon", a: [[0, 1]], p: { class: "grey" } },
        { t: "LineString", a: [~0] },
        { t: "Point", c: [3, 4] },
      ],
    },
  });
  assert.deepEqual(
    areas?.features.map((one) => one.geometry),
    [
      {
        type: "Polygon",
        coordinates: [
          [
            [0, 0],
            [1, 0],
            [1, 1],
            [0, 1],
            [0, 0],
          ],
        ],
      },
      {
        type: "LineString",
        coordinates: [
          [1, 1],
          [1, 0],
          [0, 0],
        ],
      },
      { type: "Point", coordinates: [3, 4] },
    ],
  );
});

const GRID = { km: 1, column0: 10, row0: 20, scale: 10, lon: [30, 0.1, 0.01, 0.002], lat: [50, 0, 0.2] };

test("a cell's corners come out of the grid's polynomials", () => {
  assert.deepEqual(cornerAt(GRID, 10, 20), [30, 50]);
  const [lon, lat] = cornerAt(GRID, 20, 30);
  assert.ok(Math.abs(lon - 30.112) < 1e-9 && Math.abs(lat - 50.2) < 1e-9);
  const edition = named({ id: "0001", number: 1, grid: GRID, cells: [[10, 20]], reports: [], why: [] });
  assert.equal(edition?.cells[0]?.length, 4);
  assert.deepEqual(edition?.cells[0]?.[0], [30, 50]);
});

test("an edition of which only the head is written lacks nothing that the page reads", () => {
  const edition = named({ id: "0001", number: 1, corrects: null, reason: "" });
  assert.deepEqual(
    [edition?.reports, edition?.why, edition?.cells, edition?.places, edition?.changes],
    [[], [], [], [], null],
  );
});

test("a day of another document takes the order of this one's settlements", () => {
  const place = (name: string) => ({ name, names: {}, lon: name.length, lat: 1, population: null });
  const [a, bb, ccc] = [place("a"), place("bb"), place("ccc")];
  const status = (name: string) => ({ name, status: "grey", p: null });
  const day = filled({
    as_of: "2031-05-01T00:00:00Z",
    status: [status("bb"), status("a")],
    public: {
      id: "1",
      number: 1,
      why: [[0, 0, "grey", null, null, 1, []]],
      places: [{ front_km: 5 }, { front_km: 1 }],
      mappers: [{ id: "hill", says: "g1" }],
    },
  } as unknown as Sheet);
  const here = reordered(day, [bb, a], [a, bb, ccc]);
  assert.deepEqual(
    here.status.map((one) => [one.name, one.status]),
    [
      ["a", "grey"],
      ["bb", "grey"],
      ["ccc", null],
    ],
  );
  assert.deepEqual(
    here.public?.places.map((one) => one?.front_km ?? null),
    [1, 5, null],
  );
  assert.equal(here.public?.why[0]?.place, 1);
  assert.equal(here.public?.mappers[0]?.says, "1g-");
});
