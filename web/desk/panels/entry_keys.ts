// The keys of a row: one press sets a day, a part of it, a choice; the others save, undo, clear and move the focus.
import type { Binding } from "../keys";
import type { Choice } from "./entry_choices";
import type { Row } from "./entry_form";
import type { Offers } from "./entry_offers";
import { shiftDay, shiftPart } from "./entry_rules";
import type { EntryKey, EntrySay } from "./entry_words";

/** What the keys do besides changing the row. */
interface KeyActs {
  undo(): void;
  leave(): void;
  focus(id: string): void;
  toTable(): void;
}

export function rowKeys(row: Row, acts: KeyActs, offers: Offers, say: EntrySay): Binding[] {
  const pick = (column: EntryKey, all: readonly Choice[]): Binding[] =>
    all.map((one): Binding => ({
      code: one.code,
      group: say(column),
      says: () => one.label,
      run: () => row.choose(column, one.value),
    }));
  return [
    { code: "Enter", says: () => say("save"), run: () => row.save() },
    { code: "Mod+Enter", typing: true, says: () => say("save"), run: () => row.save() },
    { code: "Mod+KeyZ", says: () => say("undo"), run: () => acts.undo() },
    { code: "Escape", typing: true, says: () => say("leave"), run: () => acts.leave() },
    { code: "Delete", says: () => say("clear"), run: () => row.clear() },
    { code: "Slash", says: () => say("focus_box"), run: () => acts.focus("entry-box") },
    { code: "Minus", says: () => say("focus_note"), run: () => acts.focus("entry-note") },
    { code: "Equal", says: () => say("focus_source"), run: () => acts.focus("entry-source") },
    { code: "KeyO", says: () => say("next_spot"), run: () => row.nextSpot() },
    { code: "BracketLeft", says: () => say("day_back"), run: () => row.change(shiftDay(row.draft, -1, row.today())) },
    { code: "BracketRight", says: () => say("day_on"), run: () => row.change(shiftDay(row.draft, 1, row.today())) },
    { code: "Period", says: () => say("part_on"), run: () => row.change(shiftPart(row.draft, 1)) },
    { code: "Comma", says: () => say("part_back"), run: () => row.change(shiftPart(row.draft, -1)) },
    { code: "Backslash", says: () => say("to_table"), run: () => acts.toTable() },
    ...pick("kind", offers.kinds()),
    ...pick("seen", offers.seen()),
    ...pick("by", offers.by()),
    ...pick("means", offers.means()),
    ...pick("posture", offers.postures()),
    ...pick("precision", offers.precisions()),
    ...pick("location_of", offers.locations()),
  ];
}
