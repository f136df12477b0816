// What the server says of the row at hand, and the rows saved before: sentences, faults, near-duplicates.
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

export interface Saved {
  readonly id: string;
  readonly sentences: Readonly<Record<Language, string>>;
  readonly undone: boolean;
}

/** The sentence in both languages, what is odd or wrong, and the near-duplicates below it. */
export function answerParts(
  { sentences, refused, doubts, like }: RowAnswer,
  language: Language,
  say: EntrySay,
): HTMLElement[] {
  const other = language === "en" ? "uk" : "en";
  const box = h("div", {
    class: `entry-sentence${refused ? " bad" : sentences ? "" : " empty"}`,
    id: "entry-sentence",
  });
  if (refused) box.append(h("p", { class: "fault" }, refused.said[language]));
  else if (sentences)
    box.append(
      h("p", { class: "first", lang: language }, sentences[language]),
      h("p", { class: "second", lang: other }, sentences[other]),
    );
  else box.append(h("p", { class: "quiet" }, say("waiting")));
  if (doubts?.length)
    box.append(h("p", { class: "second" }, doubts.map((one) => say(`doubt_${one}` as EntryKey)).join("; ")));
  if (!like?.length) return [box];
  const rows = like.map((one) =>
    h("li", {}, h("b", {}, say(`like_${one.why}`)), ` · ${one.sentences[language]} · ${one.report.source}`),
  );
  return [
    box,
    h("div", { class: "entry-like", id: "entry-like" }, h("h3", {}, say("like_title")), h("ul", {}, ...rows)),
  ];
}

/** The last rows saved from this desk, newest first; an undone one stays, struck through. */
export function recentList(
  recent: readonly Saved[],
  language: Language,
  say: EntrySay,
  undo: (id: string) => void,
): HTMLElement {
  const row = (one: Saved): HTMLElement => {
    const button = h("button", { type: "button", class: "entry-link" }, say("undo"));
    button.addEventListener("click", () => undo(one.id));
    return h(
      "li",
      { class: one.undone ? "undone" : "" },
      h("span", {}, one.sentences[language]),
      one.undone ? h("em", {}, say("undone")) : button,
    );
  };
  const rows = recent.length
    ? h("ul", {}, ...recent.slice(0, 12).map(row))
    : h("p", { class: "quiet small" }, say("none_recent"));
  return h("section", { class: "entry-recent", id: "entry-recent" }, h("h3", {}, say("recent")), rows);
}
