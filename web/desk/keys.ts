// The keyboard: bindings by the place of a key, not by its letter, so that they are the same on every layout.

export interface Binding {
  /** `KeyQ`, `Digit1`, `Enter`, `BracketLeft`, with `Mod+` (Ctrl, or Cmd on a Mac), `Alt+` or `Shift+` before it. */
  readonly code: string;
  /** What it does, in the reader's language; asked when the help is opened. */
  readonly says: () => string;
  readonly run: (event: KeyboardEvent) => void;
  /** Also while a text field has the focus. */
  readonly typing?: boolean;
  /** A heading in the help, if the panel has many keys. */
  readonly group?: string;
}

/** The letters of the Ukrainian layout, where they differ from what a key's code says. */
const UKRAINIAN: Readonly<Record<string, string>> = Object.fromEntries(
  [..."QWERTYUIOPASDFGHJKLZXCVBNM"].map((letter, i) => [
    `Key${letter}`,
    [..."ЙЦУКЕНГШЩЗФІВАПРОЛДЯЧСМИТЬ"][i] ?? letter,
  ]),
);
const SIGNS: Readonly<Record<string, string>> = {
  Semicolon: "Ж",
  Quote: "Є",
  BracketLeft: "Х",
  BracketRight: "Ї",
  Comma: "Б",
  Period: "Ю",
  Slash: ".",
};
const NAMES: Readonly<Record<string, string>> = {
  Enter: "⏎",
  NumpadEnter: "⏎",
  Escape: "Esc",
  Backspace: "⌫",
  Delete: "Del",
  BracketLeft: "[",
  BracketRight: "]",
  Comma: ",",
  Period: ".",
  Slash: "/",
  Backslash: "\\",
  Semicolon: ";",
  Quote: "'",
  Backquote: "`",
  Minus: "−",
  Equal: "=",
  Space: "␣",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  F1: "F1",
};

/** Keys that are held while another is pressed. */
const HELD: Readonly<Record<string, string>> = { Mod: "Ctrl+", Alt: "Alt+", Shift: "⇧" };
const MAC_HELD: Readonly<Record<string, string>> = { Mod: "⌘", Alt: "⌥", Shift: "⇧" };

const isMac = (): boolean => /mac|iphone|ipad/i.test(navigator.platform);

const heldCap = (key: string): string => (isMac() ? MAC_HELD : HELD)[key] ?? "";

/** A key as its cap shows it. */
export function cap(code: string, language: string): string {
  if (code === "Shift+Slash") return "?";
  const held = code.split("+");
  const key = held.pop() ?? "";
  const local = language === "uk" ? (UKRAINIAN[key] ?? SIGNS[key]) : undefined;
  const name = local ?? NAMES[key] ?? key.replace(/^(Key|Digit|Numpad)/, "");
  return [...held.map(heldCap), name].join("");
}

/** The code of a pressed key, as bindings name it. */
export function codeOf(event: KeyboardEvent): string {
  if (event.key === "?") return "Shift+Slash"; // wherever a layout keeps it
  const held = [
    event.ctrlKey || event.metaKey ? "Mod+" : "",
    event.altKey ? "Alt+" : "",
    event.shiftKey ? "Shift+" : "",
  ];
  const key = event.code.replace(/^Numpad(?=\d$)/, "Digit").replace(/^NumpadEnter$/, "Enter");
  return held.join("") + key;
}

/** Whether keys that a person presses now are text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return (
    target instanceof HTMLInputElement &&
    !["button", "checkbox", "radio", "range", "submit", "reset", "color", "file"].includes(target.type)
  );
}

/** Enter and the space bar belong to a focused control. */
const belongsToControl = (event: KeyboardEvent): boolean =>
  (event.code === "Enter" || event.code === "NumpadEnter" || event.code === "Space") &&
  event.target instanceof Element &&
  event.target.closest("button, a[href], summary, input, select") !== null;

/** Listens to the page and runs what is bound; `bindings` is asked at each press, the first that fits wins. */
export function listen(bindings: () => readonly Binding[], isBlocked: () => boolean): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || isBlocked()) return;
    const code = codeOf(event);
    const typing = isTyping(event.target);
    const found = bindings().find((one) => one.code === code && (!typing || one.typing === true));
    if (!found || (!typing && belongsToControl(event) && !found.typing)) return;
    event.preventDefault();
    found.run(event);
  });
}
