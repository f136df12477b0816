"""A walk through a panel with Tab alone: what can be acted on is reached, named, and seen while it has the focus."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

FOCUSED = Path(__file__).with_name("desk_walk.js").read_text(encoding="utf-8").partition("\n")[2]
MARKED = """(root) => {
    const takers = `${root} :is(a[href], button, input, select, textarea, summary, [tabindex])`;
    const shown = [...document.querySelectorAll(takers)]
        .filter((el) => el.tabIndex >= 0 && !el.disabled && el.checkVisibility());
    const alone = (el) => el.type !== 'radio' || el.checked ||
        !el.closest('[role=radiogroup]')?.querySelector('input:checked');
    return shown.filter(alone).map((el, n) => (el.walked = `${root} ${n}`));
}"""
"""Marks what takes the focus in a part of the page, one of each group of radio buttons, and gives the marks."""
TELL = "mark => [...document.querySelectorAll('*')].find((el) => el.walked === mark)?.outerHTML ?? `${mark} is gone`"
MOST_STEPS = 200


def walk(page: Page, root: str) -> list[dict[str, Any]]:
    """The stops of a whole round through the page, from its top; each has to be named, outlined and not covered.

    All that takes the focus below `root` has to be among them.
    """
    wanted = set(page.evaluate(MARKED, root))
    page.evaluate("document.activeElement.blur(), document.body.tabIndex = -1, document.body.focus()")
    stops: list[dict[str, Any]] = []
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None or (len(stops) > 1 and stop == stops[0]):
            break
        if stop not in stops[-1:]:  # a date is one stop, and three parts
            stops.append(stop)
    assert wanted, f"nothing in {root} takes the focus"
    missed = wanted - {one["mark"] for one in stops}
    assert not missed, [page.evaluate(TELL, one) for one in sorted(missed)]
    assert [one for one in stops if not (one["name"] and one["outlined"] and one["seen"])] == []
    return stops
