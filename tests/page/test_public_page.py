"""The page of a published edition in a real browser, from `file://`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import OpenMap, open_map
from PIL import Image
from playwright.sync_api import Browser, expect
from public_war import ALDER, CELL, public_war

from isofront.publish.page import map_html
from isofront.publish.site import with_banner

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
WAR = public_war()
Opener = Callable[..., OpenMap]


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Opener]:
    """Open a document's page; at the end nothing may have left the page and nothing been complained of."""
    opened: list[OpenMap] = []

    def opener(data: dict[str, Any] = WAR, *, banner: str = "", **options: Any) -> OpenMap:
        path = tmp_path / f"map{len(opened)}.html"
        path.write_bytes(with_banner(map_html(data), banner))
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
    hint, credit = (opened.page.locator(one).bounding_box() for one in ("#hint", "#credit"))
    assert hint is not None
    assert credit is not None
    assert hint["y"] + hint["height"] <= credit["y"]
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
    opened = show(WAR | {"notice": notice}, banner="Corrected: for readers without script.", hash_="#lang=uk")
    expect(opened.page.locator("dialog")).to_have_count(0)
    assert "Виправлено 25 червня 2031" in opened.text("#notice")
    assert opened.page.get_attribute("#notice a", "href") == "../0004-2031-06-19/index.html"
    head, banner = (opened.page.locator(one).bounding_box() for one in ("#masthead", "#notice"))
    assert head is not None
    assert banner is not None
    assert head["y"] >= banner["height"] - 1


def _greyscale(opened: OpenMap, lon: float, lat: float) -> list[float]:
    """Lightness of the pixels about a spot, colours dropped."""
    x, y = opened.pixel(lon, lat)
    box = opened.page.locator("#map").bounding_box()
    assert box is not None
    script = """([x, y]) => {
        const gl = document.querySelector('#map canvas'), flat = document.createElement('canvas');
        flat.width = gl.width; flat.height = gl.height;
        const brush = flat.getContext('2d'); brush.drawImage(gl, 0, 0);
        const data = brush.getImageData(x - 12, y - 12, 24, 24).data, grey = [];
        for (let i = 0; i < data.length; i += 4) grey.push(0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2]);
        return grey;
    }"""
    found: list[float] = opened.page.evaluate(script, [round(x - box["x"]), round(y - box["y"])])
    return found


def test_in_print_grey_the_sides_the_grey_zone_and_unobserved_ground_stay_apart_without_colour(show: Opener) -> None:
    spots = [(10.3, 50.1), (10.3, 50.7), (10.9, 50.1), (10.6, 50.1)]
    kinds: list[dict[str, Any]] = [{"class": "held", "side": "south"}, {"class": "held", "side": "north"}]
    grey: dict[str, Any] = {"class": "grey", "side": None, "grey_reason": "mixed_presence"}
    areas = [_about(*at, **kind) for at, kind in zip(spots, [*kinds, kinds[0], grey], strict=True)]
    date = WAR["dates"][0] | {
        "areas": _layer(*areas),
        "unobserved": _layer(_about(*spots[2])),
        "infiltration": _layer(),
    }
    opened = show(WAR | {"dates": [date]}, hash_="#palette=print&layers=held.grey.unobserved&view=10.6,50.4,8.5")
    south, north, unobserved, hatched = (_greyscale(opened, *at) for at in spots)
    assert max(south) - min(south) < 3
    assert max(north) - min(north) < 3
    assert abs(south[0] - north[0]) > 40
    assert max(unobserved) - min(unobserved) > 80
    assert abs(max(unobserved) - south[0]) < 12  # dashes on the holder's own tone
    assert max(hatched) > 215  # black strokes on white, on nobody's tone
    assert min(hatched) < 110
    assert "palette" in opened.hash
    opened.page.select_option("#palette", "nato")
    assert opened.hash["palette"] == "nato"
    opened.page.select_option("#palette", "own")
    assert "palette" not in opened.hash


def _about(lon: float, lat: float, **properties: Any) -> dict[str, Any]:
    ring = [[lon + dx * 0.14, lat + dy * 0.08] for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def _layer(*features: dict[str, Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def test_a_settlement_is_found_by_any_spelling_from_the_keyboard_and_its_place_copied(show: Opener) -> None:
    opened = show(**PHONE)
    opened.page.keyboard.press("/")
    opened.page.keyboard.type("вильхa")
    assert opened.page.locator("#found [role=option]").count() >= 1
    assert "Вільха" in opened.text("#found-0")
    opened.page.fill("#find", "mnbvmnbv")
    assert "No settlement sounds like it." in opened.text("#found")
    opened.page.fill("#find", "birhc fery")
    opened.page.keyboard.press("ArrowDown")
    opened.page.keyboard.press("ArrowUp")
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_selector("#spot:not([hidden])")
    assert opened.text("#spot h2") == "Birch Ferry"
    opened.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened.page.click("#copy")
    expect(opened.page.locator("#copy")).to_have_text("Copied: 50.45000, 10.86000")
    assert opened.page.evaluate("navigator.clipboard.readText()") == "50.45000, 10.86000"


def test_the_map_measures_length_in_km_and_miles_and_the_area_inside(show: Opener) -> None:
    opened = show(hash_="#layers=held&view=10.6,50.4,9")
    opened.page.click("#measure")
    for at in ((10.5, 50.4), (10.7, 50.4), (10.7, 50.5)):
        opened.page.mouse.click(*opened.pixel(*at))
        opened.settle()
    expect(opened.page.locator("#measured")).to_contain_text(re.compile("·.*·"))
    text = opened.text("#measured")
    km, miles = (float(part.split()[0]) for part in text.split(" · ")[:2])
    assert abs(km - (14.18 + 11.12)) < 0.4
    assert abs(km / miles - 1.609) < 0.01
    assert abs(float(text.split(" · ")[2].split()[0]) - 14.18 * 11.12 / 2) < 4
    assert opened.page.is_hidden("#spot")
    opened.page.keyboard.press("Escape")
    assert opened.page.is_hidden("#measured")


def test_the_view_is_saved_at_two_pixels_to_one_with_stamp_date_key_and_disclaimer_burnt_in(show: Opener) -> None:
    opened = show()
    box = opened.page.locator("#map").bounding_box()
    assert box is not None
    with opened.page.expect_download() as waiting:
        opened.page.click("#picture")
    assert waiting.value.suggested_filename == "alder-0003-2031-05-15-PUBLIC-SIMULATED.png"
    with Image.open(waiting.value.path()) as saved:
        assert saved.width == 2 * round(box["width"])
        assert saved.height > 2 * round(box["height"]) + 120
        stamp = saved.convert("RGB").crop((28, 28, 220, 80))
        words = saved.convert("L").crop((0, 2 * round(box["height"]) + 4, saved.width, saved.height))
    assert len(stamp.getcolors(100_000) or []) > 20
    assert min(words.tobytes()) < 60
    opened.settle()


def test_an_embed_has_no_panels_and_says_when_its_edition_is_out_of_date(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "embed.html"
    path.write_bytes(map_html(WAR))
    for day, stale in (("2031-05-25", False), ("2031-06-04", True)):
        context = browser.new_context(viewport={"width": 360, "height": 520}, locale="en-GB")
        page = context.new_page()
        page.clock.set_fixed_time(f"{day}T12:00:00Z")
        page.goto(f"{path.as_uri()}?embed#layers=held")
        page.wait_for_selector("html[data-ready]", timeout=60_000)
        assert page.is_visible("#caution")
        assert not page.is_visible("#timeline")
        assert not page.is_visible("#find")
        href = str(page.get_attribute("#open-whole", "href"))
        assert "?" not in href
        assert "embed" not in href.partition("#")[2]
        assert page.is_visible("#notice") == stale
        if stale:
            assert "Out of date: this map shows 15 May 2031, 20 days ago." in page.inner_text("#notice")
        context.close()


def test_two_dates_stand_side_by_side_under_a_curtain_and_what_changed_is_marked(show: Opener) -> None:
    kinds = [{"class": "held", "side": "south"}, {"class": "held", "side": "north"}]
    dates = [
        date | {"areas": _layer(_about(10.3, 50.4, **kind), _about(10.9, 50.4, **kinds[0])), "infiltration": _layer()}
        for date, kind in zip(WAR["dates"][:2], kinds, strict=True)
    ]
    bare = "layers=held&view=10.6,50.4,8.5"
    opened = show(WAR | {"dates": dates}, hash_=f"#{bare}")
    plain = {at: _greyscale(opened, *at) for at in ((10.3, 50.4), (10.9, 50.4))}
    opened.page.select_option("#compare", "0")
    opened.page.wait_for_selector("#curtain-map canvas")
    expect(opened.page.locator("#curtain-label")).to_contain_text("left 1 May 2031 · right 8 May 2031")
    assert opened.hash["compare"] == "2031-05-01"
    slider = opened.page.locator("#curtain-slider")
    slider.focus()
    slider.press("Home")
    assert "100%" in str(opened.page.locator("#curtain-map").get_attribute("style"))
    opened.page.check("#differences")
    opened.settle()
    assert opened.hash["differences"] == "1"
    assert max(_greyscale(opened, 10.3, 50.4)) - min(_greyscale(opened, 10.3, 50.4)) > 15
    assert _greyscale(opened, 10.9, 50.4) == plain[(10.9, 50.4)]
    opened.page.select_option("#compare", "")
    expect(opened.page.locator("#curtain")).to_have_count(0)
    opened.settle()
    assert _greyscale(opened, 10.3, 50.4) == plain[(10.3, 50.4)]


def test_a_dark_page_is_printed_as_ink_on_white_paper(show: Opener) -> None:
    opened = show(WAR, hash_="#theme=dark")
    of = "name => getComputedStyle(document.body)[name]"
    assert opened.page.evaluate(of, "backgroundColor") != "rgb(255, 255, 255)"
    opened.page.emulate_media(media="print")
    assert opened.page.evaluate(of, "backgroundColor") == "rgb(255, 255, 255)"
    assert opened.page.evaluate(of, "color") == "rgb(23, 25, 28)"
