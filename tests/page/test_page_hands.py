"""What hands do to an open page: keys on a narrow screen, a turned phone, another address, a network that fails."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser import OpenMap
from PIL import Image
from playwright.sync_api import Page, expect
from told_war import told_war

from isofront.publish.page import map_html

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PLAIN = "#layers=held.grey.edges.settlements"
NARROW = {"viewport": {"width": 360, "height": 740}}
LONG = "and the Very Long Named Coalition of the Willing Provinces"
Visitor = Callable[..., OpenMap]


def _focus(page: Page) -> str:
    focus: str = page.evaluate("document.activeElement.id || document.activeElement.className")
    return focus


def _opened(visit: Visitor, folder: Path, war: dict[str, Any], hash_: str, **options: Any) -> OpenMap:
    path = folder / "map.html"
    path.write_bytes(map_html(war))
    return visit(f"{path.as_uri()}{hash_}", **options)


def test_on_a_narrow_screen_the_focus_goes_into_the_sheet_and_back_to_where_it_was_opened(
    visit: Visitor, war_site: Any
) -> None:
    page = visit(f"{war_site.url}offline.html{PLAIN}", **NARROW).page
    for leave in ("Enter", "Escape"):
        page.focus("#open-key")
        page.keyboard.press("Enter")
        assert _focus(page) == "tab-key"
        if leave == "Enter":
            page.focus("#close")
        page.keyboard.press(leave)
        expect(page.locator("#sheet")).to_be_hidden()
        assert _focus(page) == "open-key"
    page.fill("#find", "alder")
    page.keyboard.press("Enter")
    assert _focus(page) == "tab-spot"
    page.focus("#close")
    page.keyboard.press("Enter")
    assert _focus(page) == "maplibregl-canvas"


def test_an_address_typed_into_an_open_page_shows_what_it_shows_in_a_new_one(visit: Visitor, war_site: Any) -> None:
    opened = visit(f"{war_site.url}offline.html{PLAIN}&view=10.2,50.7,8")
    for spot in ("10.62,50.38", "10.9,50.5"):
        opened.page.evaluate(f"location.hash = '{PLAIN}&spot={spot}'")
        lon, lat = (f"{float(one):.4f}" for one in spot.split(","))
        expect(opened.page).to_have_url(re.compile(f"view={lon},{lat},10.50"))


def test_the_page_begins_below_the_banner_however_the_phone_is_turned(visit: Visitor, tmp_path: Path) -> None:
    notice = {
        "state": "corrected",
        "corrected_by": "0009-x",
        "at": "2031-05-20",
        "reason": "A film set was taken for a position. " * 3,
    }
    page = _opened(visit, tmp_path, told_war(3) | {"notice": notice}, PLAIN, **NARROW).page
    below = "() => Math.abs(parseFloat(getComputedStyle(document.body).paddingTop) - notice.offsetHeight) < 1"
    heights = []
    for width, height in ((360, 740), (900, 500), (360, 740)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(f"innerWidth === {width}")
        page.wait_for_function(below)
        heights.append(page.evaluate("notice.offsetHeight"))
    assert heights[0] == heights[2] > heights[1]


def test_a_day_that_was_not_yet_published_has_no_areas_whether_it_plays_or_rests(visit: Visitor, war_site: Any) -> None:
    page = visit(f"{war_site.url}index.html{PLAIN}&date=2031-05-22&known=2031-05-15").page
    expect(page.locator("#known-as")).to_contain_text("No edition of this day")
    for _ in range(2):
        page.click("#play")
        expect(page.locator(".readout li")).to_have_count(0)


def test_a_day_that_could_not_be_fetched_is_tried_again(visit: Visitor, war_site: Any) -> None:
    opened = visit(f"{war_site.url}index.html{PLAIN}")
    page, days = opened.page, "**/page.json"
    again = {
        "Home": lambda: page.click("#try-again"),
        "PageUp": lambda: page.evaluate("window.dispatchEvent(new Event('online'))"),
    }
    for key, retry in again.items():
        page.route(days, lambda route: route.abort())
        page.focus("#date-slider")
        page.keyboard.press(key)
        expect(page.locator("#known-as")).to_contain_text("The map of this day could not be fetched.")
        page.unroute(days)
        retry()
        expect(page.locator("#known-as")).to_be_hidden()
        expect(page.locator("#facts")).to_contain_text("Edition 1" if key == "Home" else "Edition 5")
    opened.complaints[:] = [one for one in opened.complaints if "ERR_FAILED" not in one]


def test_days_between_which_nothing_is_told_are_dots_in_a_settlements_graph(visit: Visitor, tmp_path: Path) -> None:
    war = told_war()
    war["places"]["places"][0]["front_km"] = [None, 5, None, 3, 2, None, None, 4]
    page = _opened(visit, tmp_path, war, f"{PLAIN}&spot=10.62,50.38").page
    d = page.locator("#graph-front .curve").get_attribute("d") or ""
    assert (d.count("M"), d.count("L"), d.count("h")) == (3, 1, 2)
    expect(page.locator("#graph-front .curve")).to_have_css("stroke-linecap", "round")


def test_a_picture_has_room_for_its_whole_key_and_all_its_sentences(visit: Visitor, tmp_path: Path) -> None:
    war = told_war(3)
    sides = [one | {"names": {"en": f"{one['names']['en']} {LONG}"}} for one in war["sides"]]
    page = _opened(visit, tmp_path, json.loads(json.dumps(war)) | {"sides": sides}, PLAIN).page
    with page.expect_download() as waiting:
        page.click("#picture")
    with Image.open(waiting.value.path()) as saved:
        grey = saved.convert("L")
        free = [
            grey.crop((0, grey.height - 16, grey.width, grey.height)),
            grey.crop((grey.width - 16, grey.height - 200, *grey.size)),
        ]
    assert [one.getextrema()[0] > 200 for one in free] == [True, True]


@pytest.mark.parametrize("language", ["en", "uk"])
def test_in_a_small_embed_the_map_is_seen_and_no_button_lies_under_the_credit(
    visit: Visitor, war_site: Any, language: str
) -> None:
    page = visit(
        f"{war_site.url}offline.html{PLAIN}&lang={language}&embed", viewport={"width": 340, "height": 420}
    ).page
    boxes = [page.locator(one).bounding_box() for one in ("#controls", "#credit", "#stage")]
    controls, credit, stage = (box for box in boxes if box is not None)
    assert controls["y"] + controls["height"] <= credit["y"]
    assert stage["height"] > 190


def test_under_forced_colours_chips_switches_and_the_open_tab_are_told_apart(visit: Visitor, war_site: Any) -> None:
    page = visit(f"{war_site.url}offline.html{PLAIN}", forced_colors="active").page
    look = "(one, what) => getComputedStyle(one)[what]"
    for what, ones in {
        "backgroundColor": (".readout .back-side-0", ".readout .back-side-1"),
        "background-color": ("#layer-held", "#layer-bands"),
        "borderBottomColor": ("#tab-key", "#tab-spot"),
    }.items():
        first, second = (page.eval_on_selector(one, look, what) for one in ones)
        assert first != second, ones


def test_on_a_phone_held_sideways_no_word_of_the_title_is_broken(visit: Visitor, war_site: Any) -> None:
    page = visit(f"{war_site.url}offline.html{PLAIN}&lang=uk", viewport={"width": 800, "height": 420}).page
    title, menu = page.locator("#title").bounding_box(), page.locator("#menu").bounding_box()
    assert title is not None
    assert menu is not None
    assert title["y"] >= menu["y"] + menu["height"]
