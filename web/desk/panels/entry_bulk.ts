// Rows of a spreadsheet: what the columns are, what would become of each row, then all of it at once.
import { h } from "../../src/dom";
import { faultText, type Said } from "../api";
import type { Desk } from "../panel";
import type { EntryKey } from "./entry_words";

interface Preview {
  readonly fault: Said | null;
  readonly roles: readonly string[];
  readonly choices: readonly string[];
  readonly header: readonly string[] | null;
  readonly rows: readonly (readonly string[])[];
  readonly n_rows: number;
  readonly n_good: number;
  readonly first: readonly Readonly<Record<"en" | "uk", string>>[];
  readonly n_rejects: number;
  readonly rejects: readonly {
    readonly row: number;
    readonly column: string | null;
    readonly reason: string;
    readonly said: Said;
    readonly text: string;
  }[];
  readonly doubts: Readonly<Record<string, number>>;
}

interface Bulk {
  readonly desk: Desk;
  readonly say: (key: EntryKey, holes?: Readonly<Record<string, string>>) => string;
  readonly text: string;
  readonly backfill: boolean;
  readonly keep: (text: string) => void;
  readonly done: () => void;
}

/** The parts of the panel; what the server says of the rows is drawn into them. */
export function bulkView({ desk, say, text, backfill, keep, done }: Bulk): HTMLElement[] {
  const box = h("textarea", {
    class: "entry-box",
    id: "entry-bulk",
    rows: 5,
    spellcheck: false,
    autocomplete: "off",
    wrap: "off",
    "aria-label": say("table_box"),
    placeholder: say("table_box"),
  });
  box.value = text;
  const source = h("input", {
    id: "entry-bulk-source",
    type: "text",
    autocomplete: "off",
    spellcheck: false,
    "aria-label": say("no_source_column"),
    placeholder: say("no_source_column"),
  });
  const answer = h("div", { id: "entry-bulk-answer" });
  let roles: readonly string[] | null = null;
  let asked: AbortController | null = null;
  let timer = 0;

  const sent = (): object => ({ text: box.value, roles, source: source.value, backfill });

  const ask = async (): Promise<void> => {
    asked?.abort();
    asked = new AbortController();
    if (!box.value.trim()) return answer.replaceChildren();
    try {
      const preview = await desk.api.send<Preview>("POST", "/api/entry/bulk", sent(), asked.signal);
      roles = preview.roles;
      answer.replaceChildren(...draw(preview));
    } catch (fault) {
      if (!(fault instanceof DOMException))
        answer.replaceChildren(h("p", { class: "fault" }, faultText(fault, desk.store.now.language)));
    }
  };

  const save = async (): Promise<void> => {
    try {
      const told = await desk.api.send<
        Record<"added" | "duplicates" | "rejects" | "linked" | "count", number> & { head: string }
      >("POST", "/api/entry/bulk/save", sent());
      desk.moved(told);
      keep("");
      done();
      desk.announce(
        say("added_rows", {
          added: String(told.added),
          duplicates: String(told.duplicates),
          rejects: String(told.rejects),
          linked: String(told.linked),
        }),
      );
      desk.map.reports(await desk.api.get("/api/reports", { known_by: desk.store.now.knownBy }));
    } catch (fault) {
      desk.failed(fault);
      answer.querySelector("#entry-bulk-save")?.removeAttribute("disabled");
    }
  };

  const column = (preview: Preview, i: number): HTMLElement => {
    const field = h(
      "select",
      { "aria-label": `${say("columns")}: ${preview.header?.[i] ?? i + 1}` },
      h("option", { value: "" }, say("ignore")),
      ...preview.choices.map((one) => h("option", { value: one, selected: one === preview.roles[i] }, one)),
    );
    field.addEventListener("change", () => {
      roles = preview.roles.map((role, j) => (j === i ? field.value : role === field.value ? "" : role));
      void ask();
    });
    return h("th", {}, field, h("br"), preview.header?.[i] ?? "");
  };

  const draw = (preview: Preview): HTMLElement[] => {
    const { language } = desk.store.now;
    const add = h(
      "button",
      { type: "button", class: "main", id: "entry-bulk-save", disabled: preview.n_good === 0 },
      say("add_rows", { n: String(preview.n_good) }),
    );
    add.addEventListener("click", () => {
      add.disabled = true;
      void save();
    });
    const table = h(
      "table",
      { class: "entry-table" },
      h("thead", {}, h("tr", {}, ...preview.roles.map((_, i) => column(preview, i)))),
      h("tbody", {}, ...preview.rows.map((row) => h("tr", {}, ...row.map((cell) => h("td", { title: cell }, cell))))),
    );
    const rejects = preview.rejects.map((one) =>
      h(
        "li",
        {},
        h("b", {}, `${say("row_n", { n: String(one.row - 1) })}: `),
        `${one.said[desk.store.now.language]} — `,
        h("span", { class: "quiet" }, one.text),
      ),
    );
    return [
      h("div", { class: "entry-scroll", tabindex: 0, role: "region", "aria-label": say("columns") }, table),
      preview.fault
        ? h("p", { class: "fault" }, preview.fault[desk.store.now.language])
        : h(
            "p",
            { id: "entry-bulk-count" },
            [
              say("rows_good", { n: String(preview.n_good), all: String(preview.n_rows) }),
              preview.n_rejects ? say("rows_bad", { n: String(preview.n_rejects) }) : "",
              ...Object.entries(preview.doubts).map(([why, n]) => `${n}: ${say(`doubt_${why}` as EntryKey)}`),
            ]
              .filter(Boolean)
              .join(" · "),
          ),
      h("div", { class: "entry-acts" }, add),
      ...(rejects.length
        ? [h("h3", {}, say("rejects")), h("ul", { class: "entry-rejects", id: "entry-rejects" }, ...rejects)]
        : []),
      ...(preview.first.length
        ? [
            h("h3", {}, say("first_rows")),
            h("ul", { class: "entry-rejects" }, ...preview.first.map((one) => h("li", {}, one[language]))),
          ]
        : []),
    ];
  };

  box.addEventListener("input", () => {
    roles = null;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      keep(box.value);
      void ask();
    }, 250);
  });
  source.addEventListener("change", () => void ask());
  void ask();
  return [box, source, answer];
}
