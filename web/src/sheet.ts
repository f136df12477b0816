// The sheet beside the map (below it on a narrow screen): its tabs, what is open, how it closes.
import { button, byId } from "./dom";
import { say } from "./i18n";
import type { Language } from "./state";

const TABS = ["key", "spot", "changes"] as const;
export type Tab = (typeof TABS)[number];

export const isNarrow = (): boolean =>
  window.matchMedia("(max-width: 820px), (max-width: 960px) and (max-height: 480px)").matches;

/** The tabs' buttons; arrow keys go from one to the next. */
export function tabButtons(shown: readonly Tab[], open: (tab: Tab) => void): HTMLButtonElement[] {
  return shown.map((name, k) => {
    const made = button(
      {
        role: "tab",
        id: `tab-${name}`,
        "aria-controls": name,
        "aria-selected": String(k === 0),
        tabindex: k === 0 ? 0 : -1,
        class: "tab",
      },
      () => open(name),
    );
    made.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const next = step && shown[(k + step + shown.length) % shown.length];
      if (!next) return;
      event.preventDefault();
      event.stopPropagation();
      open(next);
      byId(`tab-${next}`).focus();
    });
    return made;
  });
}

/** Write the tabs that there are in a language. */
export function nameTabs(language: Language): void {
  const words = { key: "map_key", spot: "this_spot", changes: "changes" } as const;
  for (const name of TABS) {
    const tab = document.getElementById(`tab-${name}`);
    if (tab) tab.textContent = say(language, words[name]);
  }
}

/** Show one tab's panel and no other. */
export function openSheet(name: Tab): void {
  document.documentElement.setAttribute("data-sheet", name);
  for (const one of TABS) {
    byId(one).hidden = one !== name;
    const tab = document.getElementById(`tab-${one}`);
    tab?.setAttribute("aria-selected", String(one === name));
    tab?.setAttribute("tabindex", one === name ? "0" : "-1");
  }
  byId("sheet-body").scrollTop = 0;
}

/** The same for a sheet that lies over the page: with the focus in it, for what it covers cannot be seen. */
export function enterSheet(name: Tab): void {
  openSheet(name);
  if (isNarrow()) byId(`tab-${name}`).focus();
}

/** On a narrow screen the sheet goes; on a wide one the key comes back. A focus that was in what goes moves on to `opener`, else to the key's button or tab. */
export function closeSheet(opener: HTMLElement | null): void {
  const hadFocus = byId("sheet").contains(document.activeElement);
  openSheet("key");
  document.documentElement.removeAttribute("data-sheet");
  if (!hadFocus || document.activeElement?.checkVisibility({ visibilityProperty: true })) return;
  [opener, byId("open-key"), byId("tab-key")].find((one) => one?.checkVisibility())?.focus();
}

export const openTab = (): string | null => document.documentElement.getAttribute("data-sheet");
