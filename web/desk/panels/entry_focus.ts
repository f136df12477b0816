// A form that is drawn anew keeps the reader's place: the focus, and in a text field the caret.

/** Draw, then give the focus back to what had it: the element of the same id, or the same choice of the same group. */
export function keepingFocus(root: HTMLElement, draw: () => void): void {
  const focused = document.activeElement;
  const find = focused instanceof HTMLElement && root.contains(focused) ? placeOf(root, focused) : null;
  const caret = focused instanceof HTMLInputElement && find && focused.type === "text" ? focused.selectionStart : null;
  draw();
  const again = find?.();
  again?.focus();
  if (caret !== null && again instanceof HTMLInputElement) again.setSelectionRange(caret, caret);
}

/** How an element is found again once all was drawn anew. */
function placeOf(root: HTMLElement, focused: HTMLElement): () => HTMLElement | null | undefined {
  const { id, dataset: { value } } = focused;
  const name = groupName(focused.closest("[role=radiogroup]"));
  if (id) return () => document.getElementById(id);
  if (value === undefined) return () => null;
  return () => {
    const groups = [...root.querySelectorAll<HTMLElement>("[role=radiogroup]")];
    return groups.find((one) => groupName(one) === name)?.querySelector<HTMLElement>(`[data-value="${CSS.escape(value)}"]`);
  };
}

const groupName = (group: Element | null): string | null | undefined => group?.getAttribute("aria-label");
