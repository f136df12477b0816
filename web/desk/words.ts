// A book of words in the reader's language.
import type { Book } from "./panel";
import type { DeskStore } from "./store";

export const wordsOf =
  <K extends string>(book: Book<K>, store: DeskStore) =>
  (key: K, holes: Readonly<Record<string, string>> = {}): string =>
    book[store.now.language][key].replace(/\{(\w+)\}/g, (hole, name: string) => holes[name] ?? hole);
