// A book of words in the reader's language.
import { fill } from "../src/fill";
import type { Book } from "./panel";
import type { DeskStore } from "./store";

export const wordsOf =
  <K extends string>(book: Book<K>, store: DeskStore) =>
  (key: K, holes: Readonly<Record<string, string>> = {}): string => {
    const { language } = store.now;
    return fill(book[language][key], holes, language);
  };
