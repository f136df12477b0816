"""The published page for everybody (WCAG 2.2 AA): keyboard, screen reader, small screens, other scripts, any words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser import OpenMap
from playwright.sync_api import Browser
from told_war import told_war

from isofront.publish.page import map_html

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
ACCESS = Path(__file__).with_name("page_access.js").read_text(encoding="utf-8")
Visitor = Callable[..., OpenMap]


@pytest.mark.parametrize("address", ["theme=light", "theme=dark&spot=10.62,50.38&lang=uk"])
def test_every_control_has_a_name_every_text_its_contrast_and_every_reference_its_target(
    visit: Visitor, war_site: Any, address: str
) -> None:
    opened = visit(f"{war_site.url}offline.html#{address}")
    for tab in ("key", "spot", "changes"):
        opened.page.click(f"#tab-{tab}")
        for rule in ("unnamed()", "contrast(4.5)", "broken()", "roles()"):
            assert opened.page.evaluate(f"{ACCESS}.{rule}") == [], rule


def test_the_keyboard_reaches_every_control_and_its_focus_shows(visit: Visitor, war_site: Any) -> None:
    page = visit(f"{war_site.url}offline.html").page
    reached: list[str] = []
    page.evaluate("document.body.focus()")
    for _ in range(80):
        page.keyboard.press("Tab")
        now = page.evaluate(
            "(() => { const one = document.activeElement, look = getComputedStyle(one);"
            " return [one.id || one.className, look.outlineStyle !== 'none' || look.boxShadow !== 'none']; })()"
        )
        if now[0] in reached:
            break
        reached.append(now[0])
        assert now[1] or now[0] == "", now
    for control in ("find", "zoom-in", "whole", "measure", "picture", "drawing", "theme", "language", "tab-key"):
        assert control in reached, control
    for control in ("palette", "known", "compare", "layer-held", "earlier", "play", "date-slider"):
        assert control in reached, control
    page.focus("#tab-key")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "tab-changes"
    assert page.is_visible("#changes")


def test_a_phone_shows_all_of_it_within_its_width_in_both_languages(visit: Visitor, war_site: Any) -> None:
    for language in ("en", "uk"):
        opened = visit(f"{war_site.url}offline.html#lang={language}&spot=10.62,50.38", **PHONE)
        page = opened.page
        for tab in ("key", "spot", "changes"):
            page.tap(f"#tab-{tab}")
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
            assert page.eval_on_selector("#sheet-body", "one => one.scrollWidth - one.clientWidth") <= 0
            for control in page.locator("button:visible, select:visible").all():
                box = control.bounding_box()
                assert box is not None
                assert min(box["width"], box["height"]) >= 24, control.evaluate("one => one.outerHTML")
        assert page.evaluate(f"{ACCESS}.roles()") == []
        page.tap("#close")
        assert not page.is_visible("#sheet")


def _opened(visit: Visitor, folder: Path, war: dict[str, Any], hash_: str) -> OpenMap:
    path = folder / "map.html"
    path.write_bytes(map_html(war))
    return visit(f"{path.as_uri()}{hash_}")


def test_names_that_run_from_right_to_left_stay_whole_in_search_and_panel(visit: Visitor, tmp_path: Path) -> None:
    war = json.loads(json.dumps(told_war(3)))
    war["settlements"][7] |= {"name": "قرية البندق", "names": {"en": "قرية البندق"}}
    opened = _opened(visit, tmp_path, war, "#layers=held.settlements&spot=10.43,50.2")
    assert opened.text("#spot h2") == "قرية البندق"
    opened.page.fill("#find", "البندق")
    assert "قرية البندق" in opened.text("#found")


HOSTILE = '<img src=x onerror="window.pwned=1">'


def test_hostile_words_anywhere_in_a_published_document_are_text(visit: Visitor, tmp_path: Path) -> None:
    war = json.loads(json.dumps(told_war(3)).replace("Town council", json.dumps(HOSTILE)[1:-1]))
    war["settlements"][0] |= {"name": HOSTILE, "names": {"en": HOSTILE}}
    war["sides"][1]["names"] = {"en": HOSTILE}
    for past in war["history"]:
        past |= {"file": "javascript:window.pwned=1", "reason": HOSTILE}
    block = war["dates"][-1]["public"]
    block["changes"]["lines"][0] |= {"kind": HOSTILE, "side": HOSTILE}
    block["changes"]["settlements"][0] |= {"name": HOSTILE, "to": HOSTILE}
    block["places"][0] |= {"routes": HOSTILE, "routes_change": HOSTILE, "rung": HOSTILE}
    block["places"][0]["claims"][0] |= {
        "about": HOSTILE,
        "unit": HOSTILE,
        "status": HOSTILE,
        "link": "JavaScript:alert(1)",
    }
    block["reports"][0][3] = HOSTILE
    opened = _opened(visit, tmp_path, war, "#spot=10.62,50.38")
    assert HOSTILE in opened.text("#spot")
    opened.page.click("#tab-changes")
    assert HOSTILE in opened.text("#changes")
    with opened.page.expect_download() as waiting:
        opened.page.click("#drawing")
    assert "<img" not in waiting.value.path().read_text(encoding="utf-8")
    assert opened.page.locator("img").count() == 0
    assert opened.page.locator("a[href^='j' i]").count() == 0
    assert opened.page.evaluate("window.pwned") is None


def test_ten_thousand_reports_in_one_cell_are_one_square_and_a_short_list(visit: Visitor, tmp_path: Path) -> None:
    war = told_war(3)
    rows = [[k, 0, "2031-05-02", "strike", "south", "B", 2, None] for k in range(10_000)]
    block = war["dates"][-1]["public"] | {"reports": rows}
    war["dates"][-1] |= {"public": block}
    opened = _opened(visit, tmp_path, war, "#layers=held.reports.settlements&spot=10.62,50.38&view=10.62,50.38,11")
    assert opened.page.locator("#spot .reports li").count() < 20
    assert "9,9" in opened.text("#spot")
    opened.page.click("#tab-key")
    opened.settle()


def test_nothing_leaves_the_host_whatever_is_clicked(visit: Visitor, war_site: Any, browser: Browser) -> None:
    opened = visit(f"{war_site.url}index.html#spot=10.62,50.38")
    page = opened.page
    for control in ("#earlier", "#play", "#tab-changes", "#tab-key", "#theme", "#language", "#whole", "#measure"):
        page.click(control)
    page.keyboard.press("Escape")
    page.select_option("#palette", "safe")
    page.select_option("#known", "2031-05-15")
    page.select_option("#compare", "0")
    page.wait_for_selector("#curtain-map canvas")
    page.check("#differences")
    opened.settle()
    assert opened.requests == []
