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

const isMac = (): boolean => /mac|iphone|ipad/i.test(navigator.platform);

/** A key as its cap shows it. */
export function cap(code: string, language: string): string {
  const parts = code.split("+");
  const key = parts.pop() ?? "";
  const name =
    (language === "uk" ? (UKRAINIAN[key] ?? SIGNS[key]) : undefined) ??
    NAMES[key] ??
    key.replace(/^(Key|Digit|Numpad)/, "");
  if (code === "Shift+Slash") return "?";
  const before = parts.map((part) =>
    part === "Mod" ? (isMac() ? "⌘" : "Ctrl+") : part === "Alt" ? (isMac() ? "⌥" : "Alt+") : "⇧",
  );
  return before.join("") + name;
}

/** The code of a pressed key, as bindings name it. */
export function codeOf(event: KeyboardEvent): string {
  if (event.key === "?") return "Shift+Slash"; // wherever a layout keeps it
  const mod = event.ctrlKey || event.metaKey ? "Mod+" : "";
  const key =
    event.code.startsWith("Numpad") && /^Numpad\d$/.test(event.code)
      ? event.code.replace("Numpad", "Digit")
      : event.code === "NumpadEnter"
        ? "Enter"
        : event.code;
  return `${mod}${event.altKey ? "Alt+" : ""}${event.shiftKey ? "Shift+" : ""}${key}`;
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
