"""Whether what a page shows still stands, heard while it is open; what readers take away; views in other forms."""

from __future__ import annotations

import json
from typing import Any

import pytest
from browser import rest
from playwright.sync_api import Route, expect
from public_war import ALDER

pytestmark = pytest.mark.browser
PLAIN = "#layers=held.grey.edges.settlements"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def _listing(*editions: dict[str, Any]) -> Any:
    def answer(route: Route) -> None:
        route.fulfill(json={"editions": list(editions)})

    return answer


def test_an_open_embed_goes_blank_once_its_edition_is_withdrawn_and_says_so_once_it_is_corrected(
    visit: Any, war_site: Any
) -> None:
    opened = visit(f"{war_site.url}index.html?embed{PLAIN}&lang=uk", **PHONE)
    page, own = opened.page, json.loads((war_site.folder / "editions.json").read_text(encoding="utf-8"))["editions"][7]
    ask = "document.dispatchEvent(new Event('visibilitychange'))"
    made = {"id": "0092-new", "state": "published", "made_at": "2031-06-25T00:00:00Z", "reason": "A film set."}
    page.route("**/editions.json", _listing(own | {"state": "corrected", "corrected_by": "0092-new"}, made))
    page.evaluate(ask)
    expect(page.locator("#notice")).to_contain_text("Виправлено 25 червня 2031")
    assert page.get_attribute("#notice a", "href") == "editions/0092-new/index.html"
    page.unroute("**/editions.json")
    page.route("**/editions.json", _listing(own | {"state": "pulled", "reason": "<b>A place</b>"}))
    page.evaluate(ask)
    expect(page.locator("#withdrawn")).to_contain_text("відкликано. <b>A place</b>")
    for one in ("#map", "#masthead", "#sheet", "#timeline", "#notice"):
        expect(page.locator(one)).to_be_hidden()


@pytest.mark.slow
def test_on_a_phone_a_settlement_that_was_searched_for_lies_above_the_sheet(visit: Any, war_site: Any) -> None:
    opened = visit(f"{war_site.url}index.html{PLAIN}&view=10.2,50.7,8", reduced_motion="reduce", **PHONE)
    opened.page.fill("#find", "Alder")
    opened.page.keyboard.press("Enter")
    expect(opened.page.locator("#spot h2")).to_have_text("Alder")
    opened.page.wait_for_function("!location.hash.includes('view=10.2000')")
    rest(opened.page)
    sheet = opened.page.locator("#sheet").bounding_box()
    assert sheet is not None
    assert opened.pixel(*ALDER)[1] < sheet["y"]


@pytest.mark.slow
def test_a_view_as_other_maps_write_it_opens_and_the_key_ends_with_files_and_feeds(visit: Any, war_site: Any) -> None:
    opened = visit(f"{war_site.url}index.html#9.5/50.4/10.6&lang=uk")
    assert opened.page.get_attribute("html", "lang") == "uk"
    links = opened.page.locator("#take a").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    assert "feed.atom" in links
    assert any(link.startswith("editions/0008-") and link.endswith("/areas.geojson") for link in links)
    opened.page.focus("#date-slider")
    opened.page.keyboard.press("Home")
    expect(opened.page.locator("#take a").first).to_have_attribute("href", "editions/0001-2031-05-01/areas.geojson")
    opened.page.wait_for_function("location.hash.includes('date=2031-05-01')")
    assert opened.hash["view"] == "10.6000,50.4000,9.50"


@pytest.mark.slow
def test_what_a_correction_shows_otherwise_is_no_advance(visit: Any, war_site: Any) -> None:
    opened = visit(f"{war_site.url}index.html{PLAIN}&date=2031-05-15")
    expect(opened.page.locator("#facts")).to_contain_text("Edition 91")
    opened.page.click("#tab-changes")
    told = opened.text("#changes")
    assert "Against edition 0090-first, which this one corrects" in told
    assert "Southern Pact: more ground" in told
    assert "advanced" not in told


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "uk"])
def test_at_320_pixels_the_sheet_can_be_closed(visit: Any, war_site: Any, language: str) -> None:
    opened = visit(
        f"{war_site.url}index.html{PLAIN}&spot=10.62,50.38&lang={language}",
        **PHONE | {"viewport": {"width": 320, "height": 640}},
    )
    close = opened.page.locator("#close").bounding_box()
    assert close is not None
    assert close["x"] + close["width"] <= 320
    assert close["width"] >= 24
