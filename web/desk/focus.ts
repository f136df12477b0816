// What is drawn anew keeps the reader's place: the focus, and in a text field the caret.

/** Draw, then give the focus back to what had it; if that is gone, to the part it was in, which has a `tabindex`. */
export function keepingFocus(part: HTMLElement, draw: () => void): void {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement) || focused === part || !part.contains(focused)) return draw();
  const place = placeOf(part, focused);
  const caret = focused instanceof HTMLInputElement && focused.type === "text" ? focused.selectionStart : null;
  draw();
  if (part.contains(document.activeElement)) return;
  const again = part.querySelector<HTMLElement>(place);
  (again && !again.matches(":disabled") ? again : part).focus();
  if (caret !== null && again instanceof HTMLInputElement) again.setSelectionRange(caret, caret);
}

/** A selector of an element: by what it is, within the nearest thing around it that has a name. */
function placeOf(part: HTMLElement, element: HTMLElement): string {
  const own = [
    "id",
    "name",
    "value",
    ...[...element.attributes].map(({ name }) => name).filter((name) => name.startsWith("data-")),
  ];
  const around = element.parentElement?.closest("[id], [aria-label], [data-fate]");
  const within =
    around && around !== part && part.contains(around) ? chosenBy(around, ["id", "aria-label", "data-fate"]) : "";
  return `${within} ${element.localName}${chosenBy(element, own) || chosenBy(element, ["class"])}`;
}

const chosenBy = (element: Element, names: readonly string[]): string =>
  names
    .filter((name) => element.hasAttribute(name))
    .map((name) => `[${name}="${CSS.escape(element.getAttribute(name) ?? "")}"]`)
    .join("");
