import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHash, LAYERS, startState, Store, toHash, type State } from "../src/state";

const DATES = ["2031-05-01T00:00:00Z", "2031-05-08T00:00:00Z", "2031-05-15T06:00:00Z"];
const start = startState(DATES.length, "en");

test("the start shows the last date and all layers but the even-odds line, interdicted ground and the roads near the front", () => {
  assert.equal(start.date, 2);
  assert.deepEqual(
    [...start.layers],
    LAYERS.filter((layer) => !["even_odds", "interdicted", "routes"].includes(layer)),
  );
});

test("an address gives back the state it was made from", () => {
  const state: State = {
    date: 1,
    layers: new Set(["grey", "even_odds"]),
    language: "uk",
    theme: "dark",
    palette: "safe",
    compare: 2,
    mapper: null,
    differences: true,
    known: "2025-11-04",
    spot: [10.5, 50.25],
    view: { lon: 10.1, lat: 50.2, zoom: 9.5 },
  };
  assert.deepEqual(fromHash(toHash(state, DATES, start), DATES, start), state);
});

test("another mapper's map stands in the address by its id, and never beside another date", () => {
  const state: State = { ...start, mapper: "hill", differences: true };
  assert.deepEqual(fromHash(toHash(state, DATES, start), DATES, start), state);
  assert.equal(fromHash("#mapper=hill&compare=2031-05-08", DATES, start).mapper, null);
  for (const hash of ["#mapper=<img>", "#mapper=..%2Fx", "#mapper="])
    assert.equal(fromHash(hash, DATES, start).mapper, null);
});

test("a date with an hour is told apart from its day", () => {
  assert.equal(fromHash("#date=2031-05-15T06:00:00Z", DATES, start).date, 2);
  assert.equal(fromHash("#date=2031-05-08", DATES, start).date, 1);
});

test("no layers at all is a choice too", () => {
  const bare = { ...start, layers: new Set<never>() };
  assert.equal(fromHash(toHash(bare, DATES, start), DATES, start).layers.size, 0);
});

for (const hash of [
  "",
  "#",
  "#date=yesterday",
  "#view=1,2",
  "#view=a,b,c",
  "#view=,,",
  "#spot=999,0",
  "#lang=xx&theme=pink",
  "#date=%E0%A4%A",
]) {
  test(`the address "${hash}" leaves the start as it is`, () => {
    assert.deepEqual(fromHash(hash, DATES, start), { ...start });
  });
}

test("a view is read as other maps write it too", () => {
  for (const hash of ["#12/50.1/-20.2", "#map=12/50.1/-20.2", "#12/50.1/-20.2&lang=uk"])
    assert.deepEqual(fromHash(hash, DATES, start).view, { lon: -20.2, lat: 50.1, zoom: 12 });
  for (const hash of ["#12/50.1", "#99/50/20", "#12/95/20", "#a/b/c", "#12/50.1/20/7"])
    assert.equal(fromHash(hash, DATES, start).view, null);
});

test("listeners hear the state before and after", () => {
  const store = new Store(start);
  const heard: number[][] = [];
  store.onChange((now, before) => heard.push([before.date, now.date]));
  store.set({ date: 0 });
  assert.deepEqual(heard, [[2, 0]]);
});
