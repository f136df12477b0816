"""The page of a published edition in a real browser, from `file://`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import OpenMap, chromium_path, launch, open_map
from playwright.sync_api import Browser, sync_playwright
from public_war import ALDER, CELL, public_war

from isofront.publish import page as page_module
from isofront.publish.page import map_html

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
WAR = public_war()
Opener = Callable[..., OpenMap]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        pytest.skip("CHROMIUM ABSENT: the public page was not opened; install chromium")
    if not page_module.ASSET.is_file():
        pytest.skip("PAGE NOT BUILT: the public page was not opened; run `make page`")
    with sync_playwright() as playwright:
        running = launch(playwright, path)
        yield running
        running.close()


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Opener]:
    """Open a document's page; at the end nothing may have left the page and nothing been complained of."""
    opened: list[OpenMap] = []

    def opener(data: dict[str, Any] = WAR, **options: Any) -> OpenMap:
        path = tmp_path / f"map{len(opened)}.html"
        path.write_bytes(map_html(data))
        opened.append(open_map(browser, path, **options))
        return opened[-1]

    yield opener
    for one in opened:
        one.context.close()
        assert one.requests == []
        assert one.complaints == []


def test_an_edition_says_its_number_its_delay_and_what_it_is_not_for(show: Opener) -> None:
    opened = show(**PHONE)
    assert "Edition 3" in opened.text("#facts")
    assert "delayed by 72 hours and more" in opened.text("#asof")
    assert opened.text("#caution") == (
        "In such a time lines here moved up to 2.5 km (95 %); drones reach farther; "
        "not for navigation, evacuation or targeting."
    )
    assert opened.text("#stamp").split() == ["PUBLIC", "SIMULATED"]
    opened.page.click("#language")
    assert "за такий час лінії тут зсувалися до 2,5 км" in opened.text("#caution").lower()


def test_a_settlement_and_a_cell_say_why_in_words_and_link_only_to_the_web(show: Opener) -> None:
    opened = show(hash_="#layers=held.grey.edges.reports.settlements")
    opened.click(*ALDER)
    assert "speaks strongly for Southern Pact" in opened.text("#spot")
    assert "It rests on 2 reports" in opened.text("#fact-change")
    assert "the start of the map" in opened.text("#fact-since")
    assert opened.page.locator("#prior, #sum").count() == 0
    opened.click(*CELL)
    assert "speaks moderately for Southern Pact" in opened.text("#spot")
    assert "within 7 days" in opened.text("#fact-seen")
    assert "<img src=x>" in opened.text("#spot")
    links = opened.page.locator("#spot a")
    assert [links.nth(k).get_attribute("href") for k in range(links.count())] == ["https://example.org/seen"]
    assert "not shown before 1 July 2031" in str(opened.page.text_content("#means-interdicted"))


def test_a_corrected_edition_has_a_banner_with_the_way_to_the_new_one(show: Opener) -> None:
    notice = {
        "state": "corrected",
        "corrected_by": "0004-2031-06-19",
        "at": "2031-06-25T08:00:00Z",
        "reason": "A film set.",
    }
    opened = show(WAR | {"notice": notice}, hash_="#lang=uk")
    assert "Виправлено 25 червня 2031" in opened.text("#notice")
    assert opened.page.get_attribute("#notice a", "href") == "../0004-2031-06-19/index.html"
    head, banner = (opened.page.locator(one).bounding_box() for one in ("#masthead", "#notice"))
    assert head is not None
    assert banner is not None
    assert head["y"] >= banner["height"] - 1
