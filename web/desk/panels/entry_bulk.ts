// Rows of a spreadsheet: what the columns are, what would become of each row, then all of it at once.
import { button, h, replace, select } from "../../src/dom";
import { faultText, type Said } from "../api";
import { Newest, Soon } from "../asking";
import type { Desk, Moved } from "../panel";
import type { EntryKey, EntrySay } from "./entry_words";

/** A row that cannot be read, and why. */
interface Reject {
  readonly row: number;
  readonly column: string | null;
  readonly reason: string;
  readonly said: Said;
  readonly text: string;
}

/** `POST /api/entry/bulk`: how the rows read. */
interface Preview {
  readonly fault: Said | null;
  readonly roles: readonly string[];
  readonly choices: readonly string[];
  readonly header: readonly string[] | null;
  readonly rows: readonly (readonly string[])[];
  readonly n_rows: number;
  readonly n_good: number;
  readonly first: readonly Said[];
  readonly n_rejects: number;
  readonly rejects: readonly Reject[];
  readonly doubts: Readonly<Record<string, number>>;
}

type Saved = Moved & Readonly<Record<"added" | "duplicates" | "rejects" | "linked", number>>;

interface Bulk {
  readonly desk: Desk;
  readonly say: EntrySay;
  readonly text: string;
  readonly backfill: boolean;
  readonly keep: (text: string) => void;
  readonly done: () => void;
}

const TYPED_MS = 250;

class BulkTable {
  readonly #bulk: Bulk;
  readonly #box: HTMLTextAreaElement;
  readonly #source: HTMLInputElement;
  readonly #answer = h("div", { id: "entry-bulk-answer" });
  readonly #asked = new Newest();
  readonly #soon = new Soon(TYPED_MS);
  /** What each column is, as somebody set it; null: the server decides. */
  #roles: readonly string[] | null = null;

  constructor(bulk: Bulk) {
    this.#bulk = bulk;
    const [box, source] = [bulk.say("table_box"), bulk.say("no_source_column")];
    this.#box = h("textarea", {
      class: "entry-box",
      id: "entry-bulk",
      rows: 5,
      spellcheck: false,
      autocomplete: "off",
      wrap: "off",
      "aria-label": box,
      placeholder: box,
    });
    this.#source = h("input", {
      id: "entry-bulk-source",
      type: "text",
      autocomplete: "off",
      spellcheck: false,
      "aria-label": source,
      placeholder: source,
    });
    this.#box.value = bulk.text;
    this.#box.addEventListener("input", () => this.#typed());
    this.#source.addEventListener("change", () => void this.#ask());
    void this.#ask();
  }

  get parts(): HTMLElement[] {
    return [this.#box, this.#source, this.#answer];
  }

  #typed(): void {
    this.#roles = null;
    this.#soon.run(() => {
      this.#bulk.keep(this.#box.value);
      void this.#ask();
    });
  }

  get #sent(): object {
    const { backfill } = this.#bulk;
    return { text: this.#box.value, roles: this.#roles, source: this.#source.value, backfill };
  }

  async #ask(): Promise<void> {
    const signal = this.#asked.next();
    if (!this.#box.value.trim()) return replace(this.#answer);
    const { desk } = this.#bulk;
    try {
      const preview = await desk.api.send<Preview>("POST", "/api/entry/bulk", this.#sent, signal);
      this.#roles = preview.roles;
      replace(this.#answer, this.#drawn(preview));
    } catch (fault) {
      if (fault instanceof DOMException) return;
      replace(this.#answer, h("p", { class: "fault" }, faultText(fault, desk.store.now.language)));
    }
  }

  async #save(): Promise<void> {
    const { desk, say, keep, done } = this.#bulk;
    try {
      const told = await desk.api.send<Saved>("POST", "/api/entry/bulk/save", this.#sent);
      desk.moved(told);
      keep("");
      done();
      const { added, duplicates, rejects, linked } = told;
      desk.announce(
        say("added_rows", {
          added: String(added),
          duplicates: String(duplicates),
          rejects: String(rejects),
          linked: String(linked),
        }),
      );
      desk.map.reports(await desk.api.get("/api/reports", { known_by: desk.store.now.knownBy }));
    } catch (fault) {
      desk.failed(fault);
      this.#answer.querySelector("#entry-bulk-save")?.removeAttribute("disabled");
    }
  }

  // Drawing

  #drawn(preview: Preview): HTMLElement[] {
    const { say } = this.#bulk;
    return [
      h(
        "div",
        { class: "entry-scroll", tabindex: 0, role: "region", "aria-label": say("columns") },
        this.#table(preview),
      ),
      this.#state(preview),
      h("div", { class: "entry-acts" }, this.#addButton(preview)),
      ...this.#rejects(preview),
      ...this.#firstRows(preview),
    ];
  }

  #table(preview: Preview): HTMLElement {
    const heads = preview.roles.map((_, i) => this.#column(preview, i));
    const row = (cells: readonly string[]): HTMLElement =>
      h(
        "tr",
        {},
        cells.map((cell) => h("td", { title: cell }, cell)),
      );
    return h(
      "table",
      { class: "entry-table" },
      h("thead", {}, h("tr", {}, heads)),
      h("tbody", {}, preview.rows.map(row)),
    );
  }

  /** A column's heading, and the menu of what it is. */
  #column({ header, choices, roles }: Preview, i: number): HTMLElement {
    const { say } = this.#bulk;
    const name = header?.[i];
    const options = [["", say("ignore")] as const, ...choices.map((one) => [one, one] as const)];
    const label = `${say("columns")}: ${name ?? i + 1}`;
    const menu = select({ "aria-label": label }, options, roles[i] ?? "", (role) => this.#setRole(roles, i, role));
    return h("th", {}, menu, h("br"), name ?? "");
  }

  /** No two columns are the same. */
  #setRole(roles: readonly string[], i: number, role: string): void {
    this.#roles = roles.map((one, j) => {
      if (j === i) return role;
      return one === role ? "" : one;
    });
    void this.#ask();
  }

  /** How many rows are good, and what is odd about some of them; or why none can be read. */
  #state({ fault, n_good, n_rows, n_rejects, doubts }: Preview): HTMLElement {
    const { desk, say } = this.#bulk;
    if (fault) return h("p", { class: "fault" }, fault[desk.store.now.language]);
    const words = [
      say("rows_good", { n: String(n_good), all: String(n_rows) }),
      n_rejects ? say("rows_bad", { n: String(n_rejects) }) : "",
      ...Object.entries(doubts).map(([why, n]) => `${n}: ${say(`doubt_${why}` as EntryKey)}`),
    ];
    return h("p", { id: "entry-bulk-count" }, words.filter(Boolean).join(" · "));
  }

  #addButton({ n_good }: Preview): HTMLElement {
    const add = button(
      { class: "main", id: "entry-bulk-save", disabled: n_good === 0 },
      () => {
        add.disabled = true;
        void this.#save();
      },
      this.#bulk.say("add_rows", { n: String(n_good) }),
    );
    return add;
  }

  #rejects({ rejects }: Preview): HTMLElement[] {
    const { desk, say } = this.#bulk;
    if (!rejects.length) return [];
    const rows = rejects.map(({ row, said, text }) => {
      const number = h("b", {}, `${say("row_n", { n: String(row - 1) })}: `);
      return h("li", {}, number, `${said[desk.store.now.language]} — `, h("span", { class: "quiet" }, text));
    });
    return [h("h3", {}, say("rejects")), h("ul", { class: "entry-rejects", id: "entry-rejects" }, rows)];
  }

  /** How the first rows read, as sentences. */
  #firstRows({ first }: Preview): HTMLElement[] {
    const { desk, say } = this.#bulk;
    if (!first.length) return [];
    const rows = first.map((one) => h("li", {}, one[desk.store.now.language]));
    return [h("h3", {}, say("first_rows")), h("ul", { class: "entry-rejects" }, rows)];
  }
}

/** The parts of the panel; what the server says of the rows is drawn into them. */
export const bulkView = (bulk: Bulk): HTMLElement[] => new BulkTable(bulk).parts;
