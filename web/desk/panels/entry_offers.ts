// What may be chosen in each column of the row, and the key of each choice.
import { nameIn } from "../../src/i18n";
import type { Desk } from "../panel";
import type { Choice } from "./entry_choices";
import { PRECISIONS } from "./entry_rules";
import type { EntryKey, EntrySay } from "./entry_words";

const codes = (letters: string): string[] => [...letters].map((letter) => `Key${letter}`);
const KIND_KEYS = [1, 2, 3, 4, 5, 6, 7, 8].map((digit) => `Digit${digit}`);
const MEANS_KEYS = codes("QWERTYUI");
const SEEN_KEYS = codes("ASD");
const BY_KEYS = codes("FGH");
const POSTURE_KEYS = codes("ZXCVB");
const PRECISION_KEYS = [...codes("JKL"), "Semicolon", "Quote"];
const LOCATION_KEYS = codes("NM");

export class Offers {
  readonly #desk: Desk;
  readonly #say: EntrySay;

  constructor(desk: Desk, say: EntrySay) {
    [this.#desk, this.#say] = [desk, say];
  }

  kinds = (): Choice[] => this.#choicesOf(this.#desk.about.kinds, KIND_KEYS, "kind_");
  means = (): Choice[] => this.#choicesOf(this.#desk.about.means, MEANS_KEYS, "means_");
  postures = (): Choice[] => this.#choicesOf(this.#desk.about.postures, POSTURE_KEYS, "posture_");
  precisions = (): Choice[] => this.#choicesOf(PRECISIONS, PRECISION_KEYS, "precision_");
  locations = (): Choice[] => this.#choicesOf(this.#desk.about.locations, LOCATION_KEYS, "location_");
  seen = (): Choice[] => this.#sides(SEEN_KEYS, "nobody");
  by = (): Choice[] => this.#sides(BY_KEYS, "unknown_by");

  #choicesOf(values: readonly string[], keys: readonly string[], before: string): Choice[] {
    return values
      .slice(0, keys.length)
      .map((value, i) => ({ value, code: keys[i] ?? "", label: this.#say(`${before}${value}` as EntryKey) }));
  }

  #sides(keys: readonly string[], none: EntryKey): Choice[] {
    const sides = this.#desk.about.sides.map((side, i): Choice => ({
      value: side.id,
      code: keys[i] ?? "",
      label: nameIn(side.names, this.#desk.store.now.language, side.id),
      side: i,
    }));
    return [...sides, { value: "", code: keys[2] ?? "", label: this.#say(none) }];
  }
}
