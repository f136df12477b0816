import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { frameWords } from "../desk/i18n";
import { entryWords } from "../desk/panels/entry_words";
import { lineWords } from "../desk/panels/line_words";
import { placesWords } from "../desk/panels/places_words";
import { queueWords } from "../desk/panels/queue_words";
import { releaseWords } from "../desk/panels/release_words";
import { whyWords } from "../desk/panels/why_words";
import { dateText, kmText, nameIn, percentText, placeText, say, spanText } from "../src/i18n";
import { en } from "../src/i18n/en";
import { uk } from "../src/i18n/uk";
import { DEFINITIONS } from "../src/key";
import { parseHex } from "../src/palette";
import { greyReason } from "../src/patterns";
import { along, nearestStep, series } from "../src/series";
import type { Document } from "../src/data";

const holes = (text: string): string[] => [
  ...new Set([...text.matchAll(/\{(\w+)(\||\})/g)].map(([, name = ""]) => name).sort()),
];

test("both languages have the same keys with the same holes", () => {
  assert.deepEqual(Object.keys(uk).sort(), Object.keys(en).sort());
  for (const key of Object.keys(en) as (keyof typeof en)[]) assert.deepEqual(holes(uk[key]), holes(en[key]), key);
});

test("we never say of a place that it is encircled: that is only ever somebody's claim", () => {
  for (const book of [en, uk])
    for (const [key, text] of Object.entries(book))
      if (!/^(status_word|pockets_means)/.test(key)) assert.doesNotMatch(text, /encircled|surrounded|оточен/i, key);
});

test("dates are UTC, with the hour only when it is not midnight", () => {
  assert.equal(dateText("2025-11-04T00:00:00Z", "en"), "4 November 2025");
  assert.equal(dateText("2025-11-04T17:30:00Z", "en"), "4 November 2025, 17:30 UTC");
  assert.match(dateText("2025-11-04T00:00:00Z", "uk"), /листопада/);
  assert.equal(dateText("soon", "en"), "soon");
});

test("a span within a day is one day", () => {
  assert.equal(spanText("2025-11-04T01:00:00Z/2025-11-04T09:00:00Z", "en"), "4 Nov 2025");
  assert.equal(spanText("2025-11-04/2025-11-06", "en"), "4 Nov 2025 – 6 Nov 2025");
});

test("a day's report is of that day, not of two", () => {
  assert.equal(spanText("2025-11-04T00:00:00Z/2025-11-05T00:00:00Z", "en"), "4 Nov 2025");
  assert.equal(spanText("2025-11-04T00:00:00Z/2025-11-06T00:00:00Z", "en"), "4 Nov 2025 – 5 Nov 2025");
});

test("south and west have their letters, not a minus", () => {
  assert.equal(placeText(-73.944, -42.608, "en"), "42.608° S, 73.944° W");
  assert.equal(placeText(0.119, 0.181, "en"), "0.181° N, 0.119° E");
});

test("kilometres carry a true minus and enough digits", () => {
  assert.equal(kmText(-0.8, "en", true), "−0.8\u00a0km");
  assert.equal(kmText(0.04, "en", true), "+0.04\u00a0km");
  assert.equal(kmText(2.25, "uk").replace(",", "."), "2.3\u00a0км");
});

test("a probability never reads as certain", () => {
  assert.equal(percentText(0.9996, "en"), ">\u00a099\u00a0%");
  assert.equal(percentText(0.004, "en"), "<\u00a01\u00a0%");
  assert.equal(percentText(0.62, "en"), "62\u00a0%");
});

test("a noun has the form of its number, and no line ends between a number and its unit", () => {
  const english = [0, 1, 2, 1234].map((n) => say("en", "reports_used", { n: n.toLocaleString("en-GB") }));
  assert.deepEqual(english, ["0 reports used", "1 report used", "2 reports used", "1,234 reports used"]);
  const ukrainian = ["0", "1", "2", "5", "11", "21", "22", "112", "1\u00a0814", "1\u00a0903"].map((n) =>
    say("uk", "days_old", { n }).replace(/^.* (?=\p{L}+ )/u, ""),
  );
  assert.deepEqual(
    ukrainian.map((words) => words.split(" ")[0]),
    ["днів", "день", "дні", "днів", "днів", "день", "дні", "днів", "днів", "дні"],
  );
  assert.equal(say("uk", "mapper_older", { n: "1,5" }), "старіша за цю карту на 1,5 дня");
  assert.equal(say("en", "mapper_older", { n: "1.0" }), "1.0 days older than this map");
  assert.equal(say("en", "mapper_older", { n: "1" }), "a day older than this map");
  assert.equal(say("en", "neck_width", { km: "3" }), "3\u00a0km");
  assert.equal(say("uk", "enclosure_ring", { share: "35 %", km: "10" }), "35\u00a0% у межах 10\u00a0км");
});

test("every noun beside a number has two forms in English, and in Ukrainian three or, for fractions, four", () => {
  const books = [
    en,
    ...[frameWords, queueWords, lineWords, placesWords, releaseWords, entryWords, whyWords].map((one) => one.en),
  ];
  const ukrainian = [
    uk,
    ...[frameWords, queueWords, lineWords, placesWords, releaseWords, entryWords, whyWords].map((one) => one.uk),
  ];
  const counts = (book: object): number[] =>
    Object.values(book).flatMap((text: string) =>
      [...text.matchAll(/\{\w+((?:\|[^{}|]*)+)\}/g)].map(([, forms = ""]) => forms.split("|").length - 1),
    );
  assert.deepEqual(new Set(books.flatMap(counts)), new Set([2]));
  assert.deepEqual(new Set(ukrainian.flatMap(counts)), new Set([3, 4]));
});

test("holes without a filling stay visible, and fillings are not filled again", () => {
  assert.equal(say("en", "as_of"), "As of {date}");
  assert.equal(say("en", "as_of", { date: "{date}" }), "As of {date}");
});

test("a name falls back to English, then to any", () => {
  assert.equal(nameIn({ en: "Alder", uk: "Вільха" }, "uk", "?"), "Вільха");
  assert.equal(nameIn({ en: "Alder" }, "uk", "?"), "Alder");
  assert.equal(nameIn({ pl: "Olcha" }, "uk", "?"), "Olcha");
  assert.equal(nameIn({}, "uk", "?"), "?");
});

test("only a plain hex colour is a colour", () => {
  assert.deepEqual(parseHex("#1f6fb4"), [31, 111, 180]);
  assert.deepEqual(parseHex("#fff"), [255, 255, 255]);
  assert.equal(parseHex("red;background:url(x)"), null);
});

test("grey reasons are found however they are joined", () => {
  assert.deepEqual(["mixed presence", "disputed_evidence", "NEITHER PRESENT"].map(greyReason), [
    "mixed",
    "disputed",
    "neither",
  ]);
});

const data = {
  sides: [{ id: "north" }, { id: "south" }],
  dates: [0, 7, 30].map((day) => ({
    as_of: new Date(Date.UTC(2031, 4, 1 + day)).toISOString(),
    area_km2: { north: 100 - day, grey: 10, south: 50 + day },
  })),
} as unknown as Document;

test("the chart's window holds every moving boundary and no more than all the ground", () => {
  const { low, high, steps } = series(data);
  for (const step of steps) assert.ok(low <= step.first && step.first + step.grey <= high);
  assert.ok(low >= 0 && high <= 160);
});

test("dates stand where their time is, and the nearest is found", () => {
  const { steps } = series(data);
  assert.equal(along(steps, steps[1]!.time), 7 / 30);
  assert.deepEqual(
    [0, 0.1, 0.2, 0.7, 1].map((share) => nearestStep(steps, share)),
    [0, 0, 1, 2, 2],
  );
});

test("whoever changes a definition raises the version that the key shows", () => {
  const defined = Object.keys(en)
    .filter((key) =>
      /^(held|grey|mixed|disputed|neither|infiltration|unobserved|out_of_range|edges|bands|even_odds|pockets|interdicted|routes)(_means)?$/.test(
        key,
      ),
    )
    .sort();
  const hash = createHash("sha256")
    .update(defined.map((key) => en[key as keyof typeof en]).join("\n"))
    .digest("hex")
    .slice(0, 12);
  assert.deepEqual(
    [DEFINITIONS, hash],
    [2, "340498801a1e"],
    "raise DEFINITIONS in src/key.ts and write its new hash here",
  );
});
