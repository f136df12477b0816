"""A published site in a real browser: days on demand, knowledge time, changes that fly the map there."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PLAIN = "#layers=held.grey.edges.settlements"


def test_a_day_is_fetched_when_it_is_asked_for_and_the_map_as_we_knew_it_then_is_shown(
    visit: Any, war_site: Any
) -> None:
    opened = visit(f"{war_site.url}index.html{PLAIN}.infiltration&view=10.6,50.4,9")
    page = opened.page
    page.focus("#date-slider")
    page.keyboard.press("Home")
    expect(page.locator("#facts")).to_contain_text("Edition 1")
    expect(page.locator("html")).not_to_have_attribute("data-fetching", "")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#facts")).to_contain_text("Edition 91")
    page.select_option("#known", "2031-05-15")
    expect(page.locator("#facts")).to_contain_text("Edition 90")
    assert opened.hash["known"] == "2031-05-15"
    said = opened.text("#known-as")
    assert "As we knew it on 15 May 2031: edition 0090-first." in said
    assert "A newer edition of this day is 0003-2031-05-15." in said
    page.keyboard.press("Escape")
    page.click("#later")
    expect(page.locator("#known-as")).to_contain_text("No edition of this day had been published by then.")
    expect(page.locator(".readout li")).to_have_count(0)
    page.click("#known-as button")
    expect(page.locator("#known-as")).to_be_hidden()
    expect(page.locator("#facts")).to_contain_text("Edition 4")


@pytest.mark.slow
def test_each_change_flies_the_map_there_and_names_its_evidence(visit: Any, war_site: Any) -> None:
    opened = visit(f"{war_site.url}index.html{PLAIN}&view=10.2,50.7,8", reduced_motion="reduce")
    opened.page.click("#tab-changes")
    lines = opened.page.locator("#changes .flight")
    assert "Alder Held by Northern League → Grey zone" in lines.nth(0).inner_text()
    assert "Southern Pact advanced 8.4 km², up to 1.6 km" in lines.nth(1).inner_text().replace("\u00a0", " ")
    evidence = opened.page.locator("#changes .evidence").first.inner_text()
    assert "position · 2 May 2031 · saw Southern Pact" in evidence
    assert "No report is named" in opened.text("#changes")
    lines.nth(2).click()
    expect(opened.page).to_have_url(re.compile(r"view=10\.9500,50\.5000,10\.50"))


@pytest.mark.slow
def test_a_settlement_tells_its_story_and_who_says_what(visit: Any, war_site: Any) -> None:
    opened = visit(f"{war_site.url}index.html{PLAIN}&spot=10.62,50.38")
    page = opened.page
    expect(page.locator("#history")).to_be_visible()
    facts = opened.text("#place-facts")
    for words in (
        "2 km · 11 km on 20 Apr 2031",
        "fewer than a month before",
        "7 km · in a pocket",
        "35 % within 10 km",
    ):
        assert words in facts
    remain = opened.text("#fact-civilians")
    for words in ("about 1,000", "9 days old", "Town council", "speaks for Northern League", "said on 10 May 2031"):
        assert words in remain
    claims = page.locator("#claims li").all_inner_texts()
    assert claims[0].startswith("attackers inside (Southern Pact): about 200")
    assert claims[1].startswith("attackers inside (Southern Pact): at least 300")
    assert "source not named here" in claims[1]
    assert "General <b>staff</b>" in claims[2]
    assert page.locator("#claims a").count() == 1
    assert page.locator("#history li").count() >= 2
    for graph in ("#graph-front", "#graph-neck", "#graph-enclosure"):
        assert page.locator(f"{graph} path").get_attribute("d")
    assert str(page.locator("#graph-neck path").get_attribute("d")).count("M") == 2  # a day without a width is a break
    assert opened.text("#fact-seen") == "12 May 2031"
    page.click("#language")
    expect(page.locator("#spot h2")).to_have_text("Вільха")
    assert "близько 1" in opened.text("#fact-civilians")


@pytest.mark.slow
def test_gaps_between_editions_are_left_open_and_changes_stand_as_bars(visit: Any, war_site: Any) -> None:
    opened = visit(f"{war_site.url}index.html{PLAIN}")
    assert opened.page.locator(".chart .gap").count() == 1
    assert opened.page.locator(".chart .fill-grey").count() == 2
    assert opened.page.locator(".chart .change").count() == 14


@pytest.mark.slow
def test_opened_from_a_file_the_page_names_the_one_that_holds_every_day(visit: Any, war_site: Any) -> None:
    opened = visit(f"{(war_site.folder / 'index.html').as_uri()}{PLAIN}")
    opened.page.focus("#date-slider")
    opened.page.keyboard.press("Home")
    link = opened.page.locator("#known-as a")
    expect(link).to_have_text("Open the page that holds every day")
    link.click()
    opened.page.wait_for_selector("html[data-ready]")
    opened.page.keyboard.press("Home")
    expect(opened.page.locator("#facts")).to_contain_text("Edition 1")
    opened.complaints.clear()  # the browser itself complains that a file may not fetch its neighbour
    opened.requests.clear()


@pytest.mark.slow
def test_a_withdrawn_edition_shows_its_reason_and_no_map(visit: Any, war_site: Any) -> None:
    def gone(route: Any) -> None:
        route.fulfill(json={"state": "pulled", "reason": "It gave a house away."})

    opened = visit(f"{war_site.url}index.html{PLAIN}")
    opened.page.route("**/0001-*/page.json", gone)
    opened.page.focus("#date-slider")
    opened.page.keyboard.press("Home")
    expect(opened.page.locator("#known-as")).to_contain_text("withdrawn. It gave a house away.")


@pytest.mark.slow
def test_the_view_is_saved_as_a_drawing_in_layers_with_text_as_text(visit: Any, war_site: Any) -> None:
    opened = visit(f"{war_site.url}index.html")
    with opened.page.expect_download() as waiting:
        opened.page.click("#drawing")
    assert waiting.value.suggested_filename == "alder-0008-2031-06-19-PUBLIC-SIMULATED.svg"
    text = waiting.value.path().read_text(encoding="utf-8")
    for layer in (
        "held Southern Pact",
        "grey zone",
        "edge Northern League",
        "pockets and necks",
        "watermark",
        "stamps",
    ):
        assert f'inkscape:label="{layer}"' in text
    for words in (">Birch Ferry<", ">PUBLIC<", "not for navigation, evacuation or targeting"):
        assert words in text
    assert 'inkscape:label="even-odds line"' not in text
    names = [one.tag.rpartition("}")[2] for one in ElementTree.fromstring(text).iter()]
    assert names.count("path") > 30
    assert "script" not in names
