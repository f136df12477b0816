"""Another mapper's map as the other half of the swipe: whose, on what terms, where it differs, who says what."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser import OpenMap
from playwright.sync_api import expect
from two_maps import HOSTILE

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
ACCESS = Path(__file__).with_name("page_access.js").read_text(encoding="utf-8")
PLAIN = "#layers=held.grey.edges.settlements&view=10.6,50.4,9"
Visitor = Callable[..., OpenMap]


def test_another_mappers_map_is_swiped_with_its_terms_in_sight_and_the_differences_are_marked_with_their_km2(
    visit: Visitor, two_site: Any
) -> None:
    opened = visit(f"{two_site.url}index.html{PLAIN}&spot=10.62,50.38")
    page = opened.page
    said = page.locator("#maps-say li")
    expect(said).to_have_count(2)
    expect(said.nth(0)).to_contain_text("This map: Grey zone")
    expect(said.nth(1)).to_contain_text("Hill maps: says nothing of this place")
    expect(said.nth(1)).to_contain_text("a day older than this map")
    expect(said.nth(1)).to_contain_text(f"© Hill maps {HOSTILE} · licence: CC BY 4.0")
    opened.click(10.86, 50.45)
    expect(said.nth(1)).to_contain_text("Hill maps: Held by Southern Pact")
    page.click("#tab-key")
    plain = opened.look()
    page.select_option("#compare", "@hill")
    expect(page.locator("#curtain-label")).to_contain_text("left Hill maps, 18 Jun 2031 · right this map, 19 Jun 2031")
    expect(page.locator("#curtain-credit")).to_have_text(f"© Hill maps {HOSTILE} · licence: CC BY 4.0")
    assert "Hill maps, 18 Jun 2031" in str(page.get_attribute("#curtain-slider", "aria-label"))
    assert opened.hash["mapper"] == "hill"
    page.focus("#curtain-slider")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#curtain-map")).to_have_attribute("style", re.compile(r"51%"))
    page.check("#differences")
    expect(page).to_have_url(re.compile("differences=1"))
    opened.settle()
    assert opened.look() != plain
    rows = page.locator("#only li")
    assert re.search(r"Southern Pact: on this map alone\s*\d+\skm²", rows.nth(0).inner_text())
    assert re.search(r"Southern Pact: on Hill maps alone\s*\d+\skm²", rows.nth(1).inner_text())
    assert page.locator("img").count() == 0
    assert page.get_attribute("#mapper a", "href") == "https://hill.example/"
    opened.click(10.7, 50.25)
    other = page.locator("#other-says")
    expect(other).to_contain_text("Hill maps: Held by Southern Pact. As of 18 Jun 2031, a day older than this map")
    expect(other).to_contain_text(f"© Hill maps {HOSTILE} · licence: CC BY 4.0")
    page.click("#tab-key")
    page.select_option("#compare", "")
    expect(page.locator("#curtain")).to_have_count(0)
    opened.click(10.7, 50.25)
    expect(page.locator("#spot .ground")).to_have_text("Held by Southern Pact")
    expect(other).to_have_count(0)


@pytest.mark.slow
def test_an_edition_without_their_map_says_so_and_the_next_with_one_shows_it_again(
    visit: Visitor, two_site: Any
) -> None:
    page = visit(f"{two_site.url}index.html{PLAIN}&date=2031-05-22&mapper=hill").page
    expect(page.locator("#curtain-label")).to_contain_text("left Hill maps, 21 May 2031")
    page.click("#earlier")
    expect(page.locator("#facts")).to_contain_text("Edition 91")
    expect(page.locator("#mapper")).to_have_text("This edition holds no map of theirs.")
    expect(page.locator("#curtain")).to_have_count(0)
    page.click("#earlier")
    expect(page.locator("#curtain-label")).to_contain_text("left Hill maps, 7 May 2031 · right this map, 8 May 2031")
    page.select_option("#compare", "0")
    expect(page.locator("#curtain-label")).to_have_text("left 1 May 2031 · right 8 May 2031")
    assert "mapper" not in page.url
    page.select_option("#compare", "")
    expect(page.locator("#curtain")).to_have_count(0)


@pytest.mark.slow
def test_while_the_next_days_map_is_fetched_the_one_before_is_paler_and_nothing_is_marked(
    visit: Visitor, two_site: Any
) -> None:
    page = visit(f"{two_site.url}index.html{PLAIN}&mapper=hill&differences=1").page
    expect(page.locator("#curtain-label")).to_contain_text("left Hill maps, 18 Jun 2031")
    held: list[Any] = []
    page.route("**/0007-*/mappers.json", lambda route: held.append(route))  # noqa: PLW0108
    page.click("#earlier")
    expect(page.locator("#curtain")).to_have_attribute("data-waits", "")
    expect(page.locator("#facts")).to_contain_text("Edition 7")
    expect(page.locator("#curtain-label")).to_contain_text("left Hill maps, 18 Jun 2031")
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator("#curtain-label")).to_contain_text("left Hill maps, 11 Jun 2031 · right this map, 12 Jun 2031")
    expect(page.locator("#curtain")).not_to_have_attribute("data-waits", "")


@pytest.mark.slow
def test_differences_are_drawn_anew_where_a_movement_ends_and_not_at_every_step_of_it(
    visit: Visitor, two_site: Any
) -> None:
    opened = visit(f"{two_site.url}index.html{PLAIN}&mapper=hill&differences=1")
    page = opened.page
    expect(page.locator("#curtain-label")).to_contain_text("left Hill maps")
    opened.settle()
    page.evaluate(
        "() => { window.drawn = 0; const was = CanvasRenderingContext2D.prototype.putImageData;"
        " CanvasRenderingContext2D.prototype.putImageData = function (...words) { window.drawn += 1;"
        " return was.apply(this, words); }; }"
    )
    page.mouse.move(1000, 560)
    page.mouse.down()
    for step in range(1, 41):
        page.mouse.move(1000 - 4 * step, 560 - 2 * step)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(done))")
    page.mouse.up()
    opened.settle()
    assert 2 <= page.evaluate("window.drawn") <= 6, "once a half, again where the hand let go with a swing"
    page.select_option("#compare", "")
    expect(page.locator("#curtain")).to_have_count(0)
    page.click("#zoom-in")
    opened.settle()


@pytest.mark.slow
def test_a_page_that_opens_from_a_file_holds_their_maps_and_one_that_cannot_names_it(
    visit: Visitor, two_site: Any
) -> None:
    whole = visit(f"{(two_site.folder / 'offline.html').as_uri()}{PLAIN}&mapper=hill&lang=uk")
    expect(whole.page.locator("#curtain-label")).to_contain_text("ліворуч Мапи пагорба, 18 черв. 2031")
    assert "ліцензія: CC BY 4.0" in whole.text("#curtain-credit")
    opened = visit(f"{(two_site.folder / 'index.html').as_uri()}{PLAIN}&mapper=hill")
    expect(opened.page.locator("#mapper-unread")).to_have_text("Their map could not be fetched.")
    expect(opened.page.locator("#curtain")).to_have_count(0)
    assert opened.page.get_attribute("#mapper a >> nth=-1", "href") == "offline.html"
    opened.complaints.clear()  # the browser itself complains that a file may not fetch its neighbour
    opened.requests.clear()


@pytest.mark.slow
def test_a_withdrawn_edition_and_one_whose_file_is_missing_show_no_map_of_theirs(visit: Visitor, two_site: Any) -> None:
    opened = visit(f"{two_site.url}index.html{PLAIN}")
    opened.page.route("**/mappers.json", lambda route: route.fulfill(json={"state": "pulled", "reason": "Gone."}))
    opened.page.select_option("#compare", "@hill")
    expect(opened.page.locator("#mapper-unread")).to_be_visible()
    expect(opened.page.locator("#curtain")).to_have_count(0)


@pytest.mark.slow
@pytest.mark.parametrize("palette", ["theme=light", "theme=dark&lang=uk", "palette=print"])
def test_the_swipe_has_names_contrast_and_targets_for_everybody(visit: Visitor, two_site: Any, palette: str) -> None:
    opened = visit(f"{two_site.url}index.html{PLAIN}&mapper=hill&differences=1&spot=10.62,50.38&{palette}")
    page = opened.page
    page.wait_for_selector("#curtain-credit")
    for tab in ("key", "spot"):
        page.click(f"#tab-{tab}")
        for rule in ("unnamed()", "contrast(4.5)", "broken()"):
            assert page.evaluate(f"{ACCESS}.{rule}") == [], rule
    assert page.get_attribute("#curtain-label", "role") == "status"
    assert page.get_attribute("#curtain-slider", "aria-describedby") == "curtain-label"


@pytest.mark.slow
def test_on_a_phone_the_swipe_its_terms_and_the_differences_fit_in_both_languages(
    visit: Visitor, two_site: Any
) -> None:
    for language in ("en", "uk"):
        page = visit(f"{two_site.url}index.html#lang={language}&mapper=hill&differences=1", **PHONE).page
        label = page.locator("#curtain-label")
        expect(label).to_contain_text("CC BY 4.0")
        boxes = [page.locator(one).bounding_box() for one in ("#curtain-label", "#controls", "#stamp")]
        assert all(boxes)
        around, controls, stamp = (box for box in boxes if box is not None)
        assert around["x"] >= 0
        assert around["x"] + around["width"] <= controls["x"] + 1
        assert around["y"] >= stamp["y"] + stamp["height"] - 1
        page.tap("#open-key")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.eval_on_selector("#sheet-body", "one => one.scrollWidth - one.clientWidth") <= 0
        assert page.locator("#only li").count() == 2


@pytest.mark.slow
def test_an_embed_shows_the_swipe_with_its_terms(visit: Visitor, two_site: Any) -> None:
    page = visit(f"{two_site.url}index.html?embed{PLAIN}&mapper=hill", viewport={"width": 480, "height": 420}).page
    expect(page.locator("#curtain-label")).to_contain_text("licence: CC BY 4.0")
    assert page.locator("#curtain-slider").is_visible()
    assert "mapper=hill" in str(page.get_attribute("#open-whole", "href"))


@pytest.mark.slow
def test_a_saved_picture_with_the_differences_names_their_terms_and_one_without_does_not(
    visit: Visitor, two_site: Any
) -> None:
    opened = visit(f"{two_site.url}index.html{PLAIN}&mapper=hill&differences=1")
    page = opened.page
    page.wait_for_selector("#curtain-credit")
    page.evaluate(
        "() => { window.said = []; const was = CanvasRenderingContext2D.prototype.fillText;"
        " CanvasRenderingContext2D.prototype.fillText = function (text, ...more) { window.said.push(text);"
        " return was.call(this, text, ...more); }; }"
    )
    for marked in (True, False):
        page.set_checked("#differences", marked)
        page.evaluate("window.said = []")
        with page.expect_download():
            page.click("#picture")
        said = " ".join(page.evaluate("window.said"))
        assert ("licence: CC BY 4.0" in said) == marked
        assert ("Broken strokes: held on Hill maps alone." in said) == marked


@pytest.mark.slow
def test_a_site_from_before_there_were_other_maps_offers_dates_alone_and_an_address_that_asks_for_one_says_so(
    visit: Visitor, war_site: Any
) -> None:
    opened = visit(f"{war_site.url}index.html{PLAIN}&mapper=hill&differences=1")
    expect(opened.page.locator("#mapper")).to_have_text("This edition holds no map of theirs.")
    assert opened.page.locator("#compare optgroup").count() == 0
    assert opened.page.locator("#curtain").count() == 0
    opened.page.select_option("#compare", "0")
    expect(opened.page.locator("#curtain-label")).to_have_text("left 1 May 2031 · right 19 Jun 2031")
