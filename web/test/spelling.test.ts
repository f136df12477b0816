import assert from "node:assert/strict";
import { test } from "node:test";
import { distance, search, skeleton } from "../src/spelling";

const SAME = [
  ["Вільха", "Vilkha", "Вильха", "vilha"],
  ["Покровськ", "Покровск", "Pokrovsk"],
  ["Мирноград", "Myrnohrad", "Mirnograd", "мирноград"],
  ["Щастя", "Shchastia", "Schastya"],
  ["Куп'янськ", "Купянск", "Kupiansk", "Kupyansk"],
  ["Костянтинівка", "Kostyantynivka", "Kostiantynivka"],
  ["Яблунівка", "Yablunivka"],
  ["Новоекономічне", "Новоэкономичне"],
];

for (const names of SAME) {
  test(`${names[0]} is found by every spelling of it`, () => {
    for (const name of names) assert.equal(skeleton(name), skeleton(names[0]!), name);
  });
}

test("a swapped, a missing and a wrong letter cost one each, a name not yet typed out next to nothing", () => {
  assert.equal(distance("pokrovsk", "pokrovsk"), 0);
  assert.equal(distance("pokorvsk", "pokrovsk"), 1);
  assert.equal(distance("pokrvsk", "pokrovsk"), 1);
  assert.equal(distance("pakrovsk", "pokrovsk"), 1);
  assert.ok(distance("pok", "pokrovsk") < 0.5);
});

const places = [
  { name: "Alder", names: { en: "Alder", uk: "Вільха" }, population: 61000 },
  { name: "Birch Ferry", names: { en: "Birch Ferry", uk: "Березова Переправа" }, population: 24000 },
  { name: "Aldermoor", names: { en: "Aldermoor" }, population: null },
];

test("places come by any of their names and words, and nothing comes of nothing", () => {
  assert.deepEqual(search(places, "alder"), [0, 2]);
  assert.deepEqual(search(places, "вильха"), [0]);
  assert.deepEqual(search(places, "Vikha"), [0]);
  assert.deepEqual(search(places, "перправа"), [1]);
  assert.deepEqual(search(places, "ferry"), [1]);
  assert.deepEqual(search(places, "'"), []);
  assert.deepEqual(search(places, "zzzz"), []);
});

test("a place comes by the name that it had before", () => {
  assert.deepEqual(search([{ name: "Alder", names: {}, population: null, spellings: ["Kirovske"] }], "Кировское"), [0]);
});
