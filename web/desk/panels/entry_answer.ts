// What the server says of the row at hand: sentences, faults, near-duplicates.
import { h } from "../../src/dom";
import type { Language } from "../../src/state";
import type { Said } from "../api";
import type { EntryKey, EntrySay } from "./entry_words";

export interface Told {
  readonly report: {
    readonly id: string;
    readonly lon: number;
    readonly lat: number;
    readonly kind: string;
    readonly seen: string | null;
    readonly source: string;
    readonly error_m: number;
  };
  readonly sentences: Readonly<Record<Language, string>>;
}

/** `POST /api/entry/row`: the row read back, or why it is none. */
export type RowAnswer = Partial<Told> & {
  readonly refused?: { readonly column: string | null; readonly reason: string; readonly said: Said };
  readonly doubts?: readonly string[];
  readonly like?: readonly (Told & { readonly why: "media" | "link" | "moment" | "day" })[];
};

/** The row's sentence in the reader's language and in the other; or why it is none; or that it is not one yet. */
function sentenceParts({ sentences, refused }: RowAnswer, language: Language, say: EntrySay): HTMLElement[] {
  if (refused) return [h("p", { class: "fault" }, refused.said[language])];
  if (!sentences) return [h("p", { class: "quiet" }, say("waiting"))];
  const other = language === "en" ? "uk" : "en";
  return [
    h("p", { class: "first", lang: language }, sentences[language]),
    h("p", { class: "second", lang: other }, sentences[other]),
  ];
}

function stateOf({ sentences, refused }: RowAnswer): string {
  if (refused) return " bad";
  return sentences ? "" : " empty";
}

/** Rows that are in the ledger already and are like this one. */
function likeBox(like: NonNullable<RowAnswer["like"]>, language: Language, say: EntrySay): HTMLElement {
  const rows = like.map(({ why, sentences, report }) =>
    h("li", {}, h("b", {}, say(`like_${why}`)), ` · ${sentences[language]} · ${report.source}`),
  );
  return h("div", { class: "entry-like", id: "entry-like" }, h("h3", {}, say("like_title")), h("ul", {}, rows));
}

/** The sentence in both languages, what is odd or wrong, and the near-duplicates below it. */
export function answerParts(row: RowAnswer, language: Language, say: EntrySay): HTMLElement[] {
  const { doubts = [], like = [] } = row;
  const odd = doubts.map((one) => say(`doubt_${one}` as EntryKey)).join("; ");
  const box = h(
    "div",
    { class: `entry-sentence${stateOf(row)}`, id: "entry-sentence" },
    sentenceParts(row, language, say),
    odd ? h("p", { class: "second" }, odd) : null,
  );
  return like.length ? [box, likeBox(like, language, say)] : [box];
}
