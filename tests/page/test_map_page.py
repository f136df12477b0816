"""The built page in a real browser, from `file://`."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import OpenMap, open_map
from invented_war import invented_war
from playwright.sync_api import Browser, expect

from isofront.publish.page import map_html

pytestmark = pytest.mark.browser

LAYERS = [
    "held",
    "grey",
    "infiltration",
    "unobserved",
    "out_of_range",
    "bands",
    "edges",
    "even_odds",
    "pockets",
    "reports",
    "settlements",
    "interdicted",
    "routes",
    "roads",
    "barriers",
]
OFF_AT_FIRST = {"even_odds", "interdicted", "routes"}
EMPTY = {"pockets"}
"""Layers of which the invented document has nothing to show."""

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
WAR = invented_war()
NO_REPORTS = "#layers=held.grey.edges.settlements"


Opener = Callable[..., OpenMap]


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


def _moved_spot(date: int) -> list[Any]:
    """The worked-out spot that most reports moved."""
    points = WAR["dates"][date]["why"]["points"]
    inside = [row for row in points if 10.3 < row[0] < 10.9 and 50.3 < row[1] < 50.6]
    return max(inside, key=lambda row: len(row[6]))


def test_it_draws_the_map_and_says_when_and_what_it_is(show: Opener) -> None:
    opened = show()
    assert opened.n_colours() > 100
    assert opened.text("#title") == WAR["title"]
    assert opened.page.title() == WAR["title"]
    assert "19 June 2031" in opened.text("#asof")
    assert "20 June 2031" in opened.text("#asof")
    assert opened.text("#stamp").split() == ["PRIVATE", "SIMULATED"]
    assert opened.page.locator("#watermark text").count() > 0
    assert "km" in opened.text("#scale")


def test_the_key_defines_every_class_in_a_sentence(show: Opener) -> None:
    opened = show()
    for layer in ("held", "grey", "infiltration", "unobserved", "bands", "edges", "even_odds", "interdicted", "routes"):
        assert opened.text(f"#means-{layer}").rstrip().endswith((".", ":"))


def test_interdicted_ground_is_no_warning_and_makes_nothing_safe(show: Opener) -> None:
    means = show().text("#means-interdicted")
    for words in ("last 28 days", "not a warning", "not safe", "nothing of who holds"):
        assert words in means


def test_the_slider_the_keys_and_the_chart_change_the_date(show: Opener) -> None:
    opened = show()
    last = opened.look()
    opened.page.focus("#date-slider")
    opened.page.keyboard.press("ArrowLeft")
    assert opened.text("#date-label") == "12 June 2031"
    assert "12 June 2031" in opened.text("#asof")
    assert opened.hash["date"] == "2031-06-12"
    opened.settle()
    assert opened.look() != last
    opened.page.keyboard.press("Home")
    assert opened.text("#date-label") == "1 May 2031"
    opened.page.evaluate("document.activeElement.blur()")
    opened.page.keyboard.press("ArrowRight")
    assert opened.text("#date-label") == "8 May 2031"
    box = opened.page.locator(".chart").bounding_box()
    assert box is not None
    opened.page.mouse.click(box["x"] + box["width"] - 2, box["y"] + 5)
    assert opened.text("#date-label") == "19 June 2031"


def test_play_runs_to_the_last_date_and_stops(show: Opener) -> None:
    opened = show(invented_war(3))
    opened.page.click("#play")
    for date in ("1 May 2031", "8 May 2031", "15 May 2031"):
        expect(opened.page.locator("#date-label")).to_have_text(date, timeout=20_000)
    expect(opened.page.locator("#play")).to_have_attribute("title", "Play through the dates")


def test_a_click_names_the_reports_that_moved_the_spot_and_they_add_up(show: Opener) -> None:
    opened = show(hash_=NO_REPORTS)
    row = _moved_spot(-1)
    lon, lat, prior, latent, others, _, pushes = row
    opened.click(lon, lat)
    shown = opened.page.eval_on_selector_all(".push[data-report]", "rows => rows.map(row => row.dataset.report)")
    expected = sorted(pushes, key=lambda push: -abs(push[1]))
    assert shown == [WAR["report_index"][index] for index, _ in expected]
    sizes = opened.page.locator(".push .size").all_inner_texts()
    for text, (_, km) in zip(sizes, expected, strict=False):
        assert ("Northern League" in text) == (km > 0)
        assert text.startswith("+" if km > 0 else "−")
    assert math.isclose(prior + others + sum(km for _, km in pushes), latent, abs_tol=1e-3)
    side = "Northern League" if latent > 0 else "Southern Pact"
    assert opened.text("#latent") == f"{abs(latent):.1f} km on the {side} side"
    assert opened.text("#sum").endswith(f"= {'+' if latent > 0 else '−'}{abs(latent):.1f} km")
    assert "smaller reports" in opened.text(".push.others")


def test_an_unmoved_spot_says_so_plainly(show: Opener) -> None:
    opened = show(hash_=NO_REPORTS)
    opened.click(10.62, 50.18)
    assert opened.text("#unmoved") == "No report moved this spot: it stands as on the last approved map."
    assert "Held by Southern Pact" in opened.text("#spot")
    opened.page.focus("#date-slider")
    opened.page.keyboard.press("Home")
    expect(opened.page.locator("#unmoved")).to_contain_text("it stands as on the map that this one began from")


def test_a_settlement_tells_its_status_and_probability(show: Opener) -> None:
    opened = show(hash_=NO_REPORTS)
    opened.click(10.43, 50.2)
    assert opened.text("#spot h2") == "Hazel"
    assert "Held by Southern Pact" in opened.text("#settlement-status")
    assert "probability" in opened.text("#settlement-status")


def test_the_keyboard_alone_can_ask_why(show: Opener) -> None:
    opened = show(hash_=NO_REPORTS)
    opened.page.focus("#map canvas")
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_selector("#spot:not([hidden])")
    assert opened.page.locator("#spot h3").first.inner_text() == "Why is it so?"
    opened.page.keyboard.press("Escape")
    assert opened.page.is_visible("#key")


@pytest.mark.slow
def test_every_layer_can_be_turned_off_and_on(show: Opener) -> None:
    opened = show()
    for layer in LAYERS:
        box = opened.page.locator(f"#layer-{layer}")
        assert box.is_checked() == (layer not in OFF_AT_FIRST)
        before = opened.look()
        box.click()
        opened.settle()
        assert (opened.look() != before) == (layer not in EMPTY), layer
        assert (layer in opened.hash["layers"].split(".")) == (layer in OFF_AT_FIRST)


def test_the_address_brings_back_date_layers_view_spot_language_and_colours(show: Opener) -> None:
    address = "#date=2031-05-08&layers=grey.edges&view=10.6,50.4,10&spot=10.43,50.2&lang=uk&theme=dark"
    opened = show(hash_=address)
    assert opened.text("#date-label").startswith("8 травня 2031")
    assert opened.page.is_checked("#layer-grey")
    assert not opened.page.is_checked("#layer-held")
    assert opened.text("#spot h2") == "Ліщина"
    assert opened.page.get_attribute("html", "data-tone") == "dark"
    assert opened.page.get_attribute("html", "lang") == "uk"
    assert opened.text("#title") == opened.page.title() == "Вигадана війна Вільхи"
    assert opened.text("#stamp").split() == ["НЕПУБЛІЧНО", "СИМУЛЯЦІЯ"]
    assert set(opened.page.locator("#watermark text").all_text_contents()) == {"SIMULATED · СИМУЛЯЦІЯ"}
    assert opened.text("#credit").startswith("Isofront, вигаданий світ · Не для навігації")
    opened.page.click("#language")
    assert opened.text("#spot h2") == "Hazel"
    assert set(opened.page.locator("#watermark text").all_text_contents()) == {"SIMULATED"}
    assert opened.hash["view"].startswith("10.6000,50.4000,10")


def test_colours_follow_the_device_until_told_otherwise(show: Opener) -> None:
    opened = show(color_scheme="dark")
    assert opened.page.get_attribute("html", "data-tone") == "dark"
    dark = opened.look()
    opened.page.click("#theme")
    opened.settle()
    assert opened.page.get_attribute("html", "data-tone") == "light"
    assert opened.look() != dark


def test_hostile_content_is_text(show: Opener) -> None:
    hostile = "</script><img src=x onerror=window.pwned=1><script>window.pwned=1</script>"
    war = json.loads(json.dumps(WAR))
    war |= {"title": hostile, "name": hostile, "credit": hostile, "stamp": [hostile]}
    war["sides"][0] |= {"names": {"en": hostile}, "colour": "red;} body { display: none"}
    war["settlements"][7] |= {"name": hostile, "names": {"en": hostile}}
    war["report_index"] = [hostile + name for name in war["report_index"]]
    for sheet in war["dates"]:
        for report in sheet["reports"]["features"]:
            report["properties"] |= {"id": hostile + report["properties"]["id"], "source": hostile, "kind": hostile}
            report["properties"] |= {"url": "javascript:window.pwned=1", "happened": hostile}
    opened = show(war, hash_=f"{NO_REPORTS}&spot=10.43,50.2")
    assert opened.text("#title") == hostile
    assert opened.text("#spot h2") == hostile
    assert hostile in opened.text("#credit")
    opened.page.evaluate("location.hash = 'spot={:.5f},{:.5f}'".format(*_moved_spot(-1)[:2]))
    opened.page.wait_for_selector(".push")
    assert hostile in opened.text("#spot")
    assert opened.page.evaluate("window.pwned") is None
    assert opened.page.locator("img").count() == 0
    assert opened.page.locator("#spot a").count() == 0


def test_it_is_usable_on_a_phone(show: Opener) -> None:
    opened = show(hash_=NO_REPORTS, **PHONE)
    page = opened.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for selector in (
        "#title",
        "#asof",
        "#stamp",
        "#controls",
        "#scale",
        "#date-slider",
        "#play",
        "#open-key",
        "#language",
    ):
        box = page.locator(selector).bounding_box()
        assert box is not None
        assert box["x"] >= 0, selector
        assert box["x"] + box["width"] <= 360, selector
        assert box["y"] + box["height"] <= 740, selector
    for button in page.locator("button:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 40
    assert not page.is_visible("#sheet")
    page.touchscreen.tap(*opened.pixel(10.62, 50.38))
    page.wait_for_selector("#spot:visible")
    assert opened.text("#spot h2") == "Alder"
    page.tap("#close")
    assert not page.is_visible("#sheet")
    page.tap("#open-key")
    page.tap("#layer-grey")
    assert "grey" not in opened.hash["layers"].split(".")


def test_one_date_needs_no_slider(show: Opener) -> None:
    opened = show(invented_war(1, simulated=False))
    assert opened.page.locator("#date-slider").count() == 0
    assert opened.text("#date-label") == "1 May 2031"
    assert opened.page.locator("#watermark text").count() == 0
    assert opened.text("#stamp") == "PRIVATE"


def test_a_sparse_document_still_opens(show: Opener) -> None:
    empty: dict[str, Any] = {"type": "FeatureCollection", "features": []}
    bare = {
        name: WAR[name] for name in ("title", "name", "languages", "simulated", "stamp", "sides", "bounds", "credit")
    }
    sheet = {"as_of": "2031-05-01T00:00:00Z", "known_by": None, "state": "draft", "areas": empty, "status": []}
    opened = show(bare | {"land": None, "dates": [sheet], "settlements": [], "report_index": []})
    opened.click(10.6, 50.4)
    assert "Outside the mapped area" in opened.text("#spot")
