"""What a browser showed and asked for last: told when a test fails, so that its log alone explains it."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

from browser import READY_MS
from playwright.sync_api import Browser, BrowserContext, Error, Page

LAST = 25
LONGEST_TEXT = 4_000
LOOK_MS = 5_000
heard: deque[str] = deque(maxlen=LAST)
"""The last requests and complaints of all pages."""


class Item(Protocol):
    """A test."""

    nodeid: str


def watched(browser: Browser) -> Browser:
    """The same browser; what each page it opens from now on asks and says is heard, and each is waited for long."""
    opens: Callable[..., BrowserContext] = browser.new_context

    def new_context(*words: Any, **options: Any) -> BrowserContext:
        return _listened(opens(*words, **options))

    setattr(browser, "new_context", new_context)  # noqa: B010 - the class's own name, kept for those who open pages
    return browser


def _listened(context: BrowserContext) -> BrowserContext:
    context.set_default_timeout(READY_MS)
    heard.append("--- a new window")
    context.on("response", lambda one: heard.append(f"{one.status} {one.request.method} {_short(one.url)}"))
    context.on("requestfailed", lambda one: heard.append(f"FAILED {one.method} {_short(one.url)} {one.failure}"))
    context.on("console", lambda one: heard.append(f"console {one.type}: {_short(one.text)}"))
    context.on("weberror", lambda one: heard.append(f"page error: {_short(str(one.error))}"))
    return context


def _short(text: str) -> str:
    return text if len(text) <= 300 else f"{text[:300]}..."


def sections(browser: Browser, item: Item, folder: Path) -> Iterator[tuple[str, str]]:
    """For each open page its address, its text and where its picture lies; then what was heard last."""
    pages = [page for context in browser.contexts for page in context.pages]
    for k, page in enumerate(pages):
        yield f"page {k + 1} of {len(pages)}: {page.url}", _seen(page, _picture(folder, item.nodeid, k))
    yield "last requests and complaints", "\n".join(heard)


def _picture(folder: Path, name: str, k: int) -> Path:
    plain = re.sub(r"[^A-Za-z0-9]+", "-", name)[-120:].strip("-")
    return folder / f"{plain}-{k + 1}.png"


def _seen(page: Page, picture: Path) -> str:
    told = []
    for look in (lambda: page.inner_text("body", timeout=LOOK_MS)[:LONGEST_TEXT], lambda: _pictured(page, picture)):
        try:
            told.append(look())
        except Error as fault:  # a page that hangs or is gone: say so, and look on
            told.append(f"({str(fault).splitlines()[0]})")
    return "\n".join(told)


def _pictured(page: Page, picture: Path) -> str:
    picture.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=picture, timeout=LOOK_MS)
    return f"picture: {picture}"
