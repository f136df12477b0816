// What an edition would hold: its files, how many things are in each, how large they are; and how many reports are held back.
import { h } from "../../src/dom";
import { dateText, numberText } from "../../src/i18n";
import type { Desk } from "../panel";
import { INFORMING, type Content, type Release, type ReleaseSay } from "./release_told";
import { releaseWords, type ReleaseKey } from "./release_words";

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** "12.3", in kB; whole from a hundred on. */
const kbText = (desk: Desk, bytes: number): string =>
  numberText(bytes / 1000, desk.store.now.language, bytes < 100_000 ? 1 : 0);

/** What a file is, if there is a word for it. */
function fileText(say: ReleaseSay, file: string): string {
  const key = `file_${file.split(".")[0] ?? ""}`;
  return key in releaseWords.en ? say(key as ReleaseKey) : "";
}

/** How many things are in it, or from when on there will be any. */
function thingsText(desk: Desk, say: ReleaseSay, { n, not_before: from }: Content): string {
  const { language } = desk.store.now;
  if (from) return say("not_before", { when: dateText(from, language, "short") });
  return n === null ? "" : numberText(n, language);
}

function fileRow(desk: Desk, say: ReleaseSay, one: Content): HTMLElement {
  const unit = desk.store.now.language === "uk" ? "кБ" : "kB";
  return h(
    "tr",
    {},
    h("td", {}, fileText(say, one.file), " ", h("span", { class: "quiet" }, one.file)),
    h("td", {}, thingsText(desk, say, one)),
    h("td", {}, `${kbText(desk, one.bytes)} ${unit}`),
  );
}

/** "3 of 10 reports are held back" */
function heldText(desk: Desk, say: ReleaseSay, groups: Release["groups"]): string {
  const { language } = desk.store.now;
  const held = Object.entries(groups).map(([group, n]) => (INFORMING.includes(group) ? 0 : n));
  const all = sum(Object.values(groups));
  return say("more_of", { held: numberText(sum(held), language), all: numberText(all, language) });
}

export function contentsParts(desk: Desk, say: ReleaseSay, { contents, groups }: Release): HTMLElement[] {
  const kb = kbText(desk, sum(contents.map((one) => one.bytes)));
  const holds = h("span", { class: "quiet" }, say("holds", { n: String(contents.length), kb }));
  const heads = (["file", "things", "size"] as const).map((word) => h("th", {}, say(word)));
  const rows = contents.map((one) => fileRow(desk, say, one));
  const table = h("table", { class: "release-table" }, h("thead", {}, h("tr", {}, heads)), h("tbody", {}, rows));
  return [
    h("h3", {}, say("contents"), " ", holds),
    h("p", { id: "release-held" }, heldText(desk, say, groups)),
    h("details", {}, h("summary", {}, say("by_file")), table),
  ];
}
