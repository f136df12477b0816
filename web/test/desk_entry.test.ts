import assert from "node:assert/strict";
import { test } from "node:test";
import { dayIn } from "../desk/clock";
import { workText } from "../desk/work_words";
import { cap, codeOf } from "../desk/keys";
import {
  choose,
  EMPTY,
  follow,
  isEmpty,
  isTable,
  shiftDay,
  shiftPart,
  take,
  type Habit,
  type Read,
  type RowDraft,
} from "../desk/panels/entry_rules";
import { entryWords } from "../desk/panels/entry_words";
import { frameWords } from "../desk/i18n";

const SIDES = ["east", "west"];
const HABIT: Habit = {
  reliability: "B",
  credibility: 2,
  speaks_for: null,
  lag_h: 30,
  n: 9,
  precision: { strike: "exact" },
  error_m: { position: 120 },
};
const READ: Read = {
  spots: [
    {
      lon: 10.2,
      lat: 50.1,
      form: "decimal",
      text: "50.1, 10.2",
      half_m: 5,
      note: "",
      pin: true,
      said: { form: { en: "decimal", uk: "десяткові" }, note: { en: "", uk: "" } },
    },
  ],
  unread: [],
  links: ["https://t.me/a/1"],
  n_links: 1,
  source: "watch",
  new_source: false,
  habit: HABIT,
  day: "2021-05-18",
  day_told: true,
  part: "14:20",
};
const pressed = (...choices: [string, string][]): RowDraft =>
  choices.reduce((draft, [column, value]) => choose(draft, column, value, SIDES, HABIT), EMPTY);

test("a means makes it a strike, and who was seen says who hit them", () => {
  const { cells } = pressed(["means", "fpv"], ["seen", "east"]);
  assert.deepEqual(
    [cells["kind"], cells["seen"], cells["by"], cells["precision"]],
    ["strike", "east", "west", "exact"],
  );
});

test("a key confirms what filled itself in, and only the same key again takes it away", () => {
  const filled = pressed(["means", "fpv"]);
  assert.equal(filled.cells["precision"], "exact");
  const confirmed = choose(filled, "precision", "exact", SIDES, HABIT);
  assert.deepEqual([confirmed.cells["precision"], confirmed.touched.includes("precision")], ["exact", true]);
  assert.equal(choose(confirmed, "precision", "exact", SIDES, HABIT).cells["precision"], undefined);
});

test("in all else those seen are those who act, whichever is said first", () => {
  assert.equal(pressed(["kind", "assault"], ["by", "west"]).cells["seen"], "west");
  assert.equal(pressed(["seen", "west"], ["kind", "flag"]).cells["by"], "west");
  assert.equal(pressed(["seen", "west"], ["kind", "strike"]).cells["by"], "east");
});

test("what was set by hand is never changed by what follows", () => {
  const { cells } = pressed(
    ["by", "east"],
    ["seen", "east"],
    ["means", "mine"],
    ["precision", "area"],
    ["kind", "strike"],
  );
  assert.deepEqual([cells["seen"], cells["by"], cells["precision"]], ["east", "east", "area"]);
});

test("the same value again takes it away", () => {
  const draft = pressed(["kind", "flag"], ["kind", "flag"]);
  assert.equal(draft.cells["kind"], undefined);
  assert.ok(isEmpty({ ...EMPTY }));
});

test("an exactness in metres is the source's own where it has no word", () => {
  const { cells } = pressed(["kind", "position"]);
  assert.deepEqual([cells["precision"], cells["error_m"]], [undefined, "120"]);
  assert.equal(
    follow({ ...EMPTY, cells: { ...cells, precision: "exact" }, touched: ["precision"] }, SIDES, HABIT).cells[
      "error_m"
    ],
    undefined,
  );
});

test("a post fills what is free and leaves what was set by hand", () => {
  const taken = take(EMPTY, READ, SIDES);
  assert.deepEqual(
    [
      taken.cells["lon"],
      taken.cells["lat"],
      taken.cells["url"],
      taken.cells["source"],
      taken.cells["reliability"],
      taken.day,
      taken.part,
    ],
    ["10.200000", "50.100000", "https://t.me/a/1", "watch", "B", "2021-05-18", "14:20"],
  );
  const own = take(
    { ...EMPTY, cells: { lon: "1", lat: "2", source: "me" }, day: "2021-05-01", touched: ["spot", "source", "day"] },
    READ,
    SIDES,
  );
  assert.deepEqual([own.cells["lon"], own.cells["source"], own.day, own.part], ["1", "me", "2021-05-01", ""]);
});

test("days end today and parts of the day go round", () => {
  assert.equal(shiftDay({ ...EMPTY, day: "2021-03-01" }, -1, "2021-05-20").day, "2021-02-28");
  assert.equal(shiftDay({ ...EMPTY, day: "2021-05-20" }, 1, "2021-05-20").day, "2021-05-20");
  assert.equal(shiftPart(shiftPart(EMPTY, -1), 1).part, "");
});

test("a table is told from a post", () => {
  assert.ok(isTable("a\tb\tc\td\n1\t2\t3\t4"));
  assert.ok(!isTable("a post\nwith lines\n50.1, 10.2"));
  assert.ok(!isTable("one\tline\twith\ttabs"));
});

test("a key is known by its place, and its cap by the layout of the language", () => {
  const event = (more: object): KeyboardEvent =>
    ({
      code: "KeyQ",
      key: "й",
      ctrlKey: false,
      metaKey: false,
      altKey: false,
      shiftKey: false,
      ...more,
    }) as KeyboardEvent;
  assert.equal(codeOf(event({})), "KeyQ");
  assert.equal(codeOf(event({ ctrlKey: true, code: "NumpadEnter" })), "Mod+Enter");
  assert.equal(codeOf(event({ key: "?", shiftKey: true, code: "Digit7" })), "Shift+Slash");
  assert.deepEqual(
    [cap("KeyQ", "en"), cap("KeyQ", "uk"), cap("Semicolon", "uk"), cap("Digit1", "uk")],
    ["Q", "Й", "Ж", "1"],
  );
});

test("both books have the same words, none empty", () => {
  for (const book of [entryWords, frameWords]) {
    assert.deepEqual(Object.keys(book.en).sort(), Object.keys(book.uk).sort());
    for (const word of [...Object.values(book.en), ...Object.values(book.uk)]) assert.ok(word.trim());
  }
});

test("the day is the theatre's, not Greenwich's", () => {
  const moment = Date.parse("2021-05-20T22:30:00Z");
  assert.deepEqual(
    ["Europe/Kyiv", "UTC", "America/New_York", "Asia/Yangon"].map((zone) => dayIn(zone, moment)),
    ["2021-05-21", "2021-05-20", "2021-05-20", "2021-05-21"],
  );
});

test("what is being worked on is told in the reader's language", () => {
  assert.equal(workText("draft of 2025-11-04", "2025-10-12", "uk"), "чернетка за 2025-11-04: 2025-10-12");
  assert.equal(workText("what would settle it", "what would settle it", "en"), "what would settle it");
  assert.doesNotMatch(workText("what would settle it", "comparing", "uk"), /[a-z]/);
});
