// What the desk is working on, which the server names in English, in the reader's language.
import type { Language } from "../src/state";

const UKRAINIAN: Readonly<Record<string, string>> = {
  draft: "чернетка за",
  queue: "черга за",
  release: "публікація за",
  "drawing the draft": "малюється чернетка",
  "reading the ledger": "читається журнал",
  "what sources usually are": "звичне для джерел",
  "what would settle it": "що це вирішило б",
  "where to look": "куди дивитися",
  "without these reports": "без цих повідомлень",
  "the 50 % band": "смуга 50 %",
  "the line as decided so far": "лінія, як вирішено досі",
  publishing: "публікується",
  "dry run": "пробний запуск",
  "another program writes to the ledger": "у журнал пише інша програма",
};

/** `draft of 2025-11-04: 2025-10-12`, in the language; what it is at that moment is told if it is not the same again. */
export function workText(name: string, said: string, language: Language): string {
  if (language !== "uk") return said && said !== name ? `${name}: ${said}` : name;
  const [, what = name, day = ""] = /^(\w+) of (\d{4}-\d\d-\d\d)$/.exec(name) ?? [];
  const words = [UKRAINIAN[what] ?? what, day].filter(Boolean).join(" ");
  return /^\d{4}-\d\d-\d\d$/.test(said) && said !== day ? `${words}: ${said}` : words;
}
