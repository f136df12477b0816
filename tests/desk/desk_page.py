"""The desk's page in Chromium, as a person uses it: pastes, keys, clicks, each counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from isofront.desk import Opened

READY_MS = 60_000
SETTLED = """() => {
    const box = document.querySelector('#entry-sentence');
    return box && (box.querySelector('.first') || box.querySelector('.fault'));
}"""
CHOSEN = """() => Object.fromEntries([...document.querySelectorAll('#entry [role=radiogroup]')].map((group) =>
    [group.getAttribute('aria-label'), group.querySelector('[aria-checked=true]')?.dataset.value ?? null]))"""
GROUPS = {
    "kind": "What", "seen": "Seen here", "by": "Acted", "means": "With", "posture": "Posture", "precision": "How exact",
    "location_of": "Spot of",
}  # fmt: skip
KEYS = {
    "kind": dict(zip(("position", "strike", "assault", "infiltration", "flag", "left", "claim", "activity"),
                     (f"Digit{i}" for i in range(1, 9)), strict=True)),
    "seen": {"east": "KeyA", "west": "KeyS", "": "KeyD"},
    "by": {"east": "KeyF", "west": "KeyG", "": "KeyH"},
    "means": {"fpv": "KeyQ", "bomber drone": "KeyW", "artillery": "KeyE", "glide bomb": "KeyR", "small arms": "KeyT",
              "armour": "KeyY", "mine": "KeyU", "unknown": "KeyI"},
    "posture": {"moving": "KeyZ", "holding": "KeyX", "dug in": "KeyC", "captured": "KeyV", "wreck": "KeyB"},
    "precision": {"exact": "KeyJ", "street": "KeyK", "treeline": "KeyL", "settlement": "Semicolon", "area": "Quote"},
    "location_of": {"target": "KeyN", "camera": "KeyM"},
}  # fmt: skip


@dataclass
class Mapper:
    """A person at the desk, who counts what the hands do besides pasting."""

    page: Page
    context: BrowserContext
    acts: int = 0
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def press(self, key: str) -> None:
        """One key, or one chord."""
        self.acts += 1
        self.page.keyboard.press(key)

    def click(self, selector: str) -> None:
        self.acts += 1
        self.page.click(selector)

    def paste(self, text: str) -> None:
        """Ctrl+V; not counted."""
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.page.keyboard.press("Control+v")

    def text(self, selector: str) -> str:
        return self.page.inner_text(selector)

    def chosen(self) -> dict[str, str | None]:
        """What every row of choices shows, by column."""
        shown = self.page.evaluate(CHOSEN)
        return {column: shown.get(label) for column, label in GROUPS.items()}

    def enter(self, post: str, wanted: dict[str, str]) -> int:
        """Paste a post, press what is not chosen yet, save: how many acts it took."""
        before = self.acts
        self.paste(post)
        self.page.wait_for_selector("#entry-spot .mono")
        for column in GROUPS:
            if column in wanted and self.chosen()[column] != wanted[column]:
                self.press(KEYS[column][wanted[column]])
        self.page.wait_for_function(SETTLED)
        self.press("Enter")
        self.page.wait_for_function("() => document.querySelector('#entry-box').value === ''")
        return self.acts - before


def sit_down(browser: Browser, opened: Opened, *, hash_: str = "", **options: object) -> Mapper:
    """Open the desk and wait until it is drawn; every request that leaves it is noted."""
    settings = {"viewport": {"width": 1280, "height": 860}, "locale": "en-GB", "reduced_motion": "reduce"} | options
    context = browser.new_context(**settings)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    mapper = Mapper(page, context)

    def leaves(url: str) -> bool:
        return not url.startswith(("blob:", "data:", opened.address))

    page.on("request", lambda one: mapper.requests.append(one.url) if leaves(one.url) else None)
    page.on("console", lambda one: mapper.complaints.append(one.text) if one.type in ("error", "warning") else None)
    page.on("pageerror", lambda one: mapper.complaints.append(str(one)))
    page.goto(opened.url)
    if hash_:
        page.goto(f"{opened.address}/{hash_}")
        page.reload()
    page.wait_for_selector("html[data-ready]", timeout=READY_MS)
    return mapper


def rows_of(folder: Path) -> dict[str, object]:
    """The ledger's reports that count, by the first link."""
    from isofront.evidence import Ledger, ledger_path

    with Ledger.open(ledger_path(folder)) as ledger:
        return {one.links[0].url: one for one in ledger.reports() if one.links}
