// What becomes of the editions that were looked at here: a banner once one is corrected, a blank page once one is withdrawn.
import type { Document, Notice, Sheet } from "./data";
import { byId, h } from "./dom";
import { say } from "./i18n";
import { writeNotice } from "./masthead";
import { correctedSince, watch, withdrawn, type Listed } from "./standing";
import type { Language, Store } from "./state";

export class Notices {
  readonly #data: Document;
  readonly #store: Store;
  /** Ids of the editions whose maps were on the screen. */
  readonly #seen = new Set<string>();
  /** What became of the edition, as the page was made or as it was heard since. */
  #notice: Notice | null;

  constructor(data: Document, store: Store) {
    this.#data = data;
    this.#store = store;
    this.#notice = data.notice ?? null;
    new ResizeObserver(makeRoom).observe(byId("notice"));
  }

  /** This day's map is on the screen. */
  saw(sheet: Sheet): void {
    if (sheet.public) this.#seen.add(sheet.public.id);
  }

  /** Write the banner in the reader's language. */
  write(): void {
    writeNotice(this.#data, this.#notice, this.#store.now.language);
  }

  /** Ask from now on whether the editions still stand. */
  watch(): void {
    watch(this.#data, (listed) => this.#hear(listed));
  }

  /** False: no need to ask again. */
  #hear(listed: readonly Listed[]): boolean {
    if (!this.#notice && (this.#notice = this.#corrected(listed))) this.write();
    const gone = withdrawn(listed, this.#seen);
    if (gone) goBlank(gone, this.#store.now.language);
    return gone === null;
  }

  /** What was corrected since the page was opened; what was so before, it tells itself. */
  #corrected(listed: readonly Listed[]): Notice | null {
    const told = new Set(this.#data.history?.flatMap((one) => (one.corrected_by ? [one.id] : [])));
    return correctedSince(listed, new Set([...this.#seen].filter((id) => !told.has(id))));
  }
}

/** The page begins below the banner, whose lines break anew with every width. */
function makeRoom(): void {
  document.documentElement.style.setProperty("--notice", `${byId("notice").offsetHeight}px`);
}

/** Nothing is left of a page whose edition was withdrawn but that it was, and why. */
function goBlank({ id, reason }: Listed, language: Language): void {
  document.documentElement.dataset["gone"] = "";
  const again = h("a", { href: `${location.pathname}${location.search}` }, say(language, "load_again"));
  document.body.append(
    h(
      "main",
      { id: "withdrawn", role: "alert" },
      h("h1", {}, say(language, "withdrawn")),
      h("p", {}, say(language, "withdrawn_means", { id, reason: reason ?? "" })),
      h("p", {}, again),
    ),
  );
}
