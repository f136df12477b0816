// Who holds ground, a side or nobody (grey): the chip, the name, the menu of all of them.
import { h, select } from "../../src/dom";
import { sideName } from "../../src/i18n";
import type { Desk } from "../panel";
import { sharedWords } from "./words";

const GREY = "grey";

export const holderName = (desk: Desk, id: string): string =>
  id === GREY ? desk.words(sharedWords)("grey") : sideName(desk.about.sides, id, desk.store.now.language);

/** The chip of a side's colour, or of grey. */
export function holderChip(desk: Desk, id: string): HTMLElement {
  const index = desk.about.sides.findIndex((side) => side.id === id);
  return h("span", { class: index < 0 ? "chip queue-grey" : `chip chip-${index}`, "aria-hidden": true });
}

/** Chip and name, side by side. */
export const holder = (desk: Desk, id: string): HTMLElement[] => [
  holderChip(desk, id),
  h("span", {}, holderName(desk, id)),
];

export function holderMenu(
  desk: Desk,
  id: string,
  chosen: string | null,
  act?: (holder: string) => void,
): HTMLSelectElement {
  const all = [...desk.about.sides.map((side) => side.id), GREY];
  return select(
    { id },
    all.map((one) => [one, holderName(desk, one)] as const),
    chosen,
    act,
  );
}
