"""The desk without a mouse, with a screen reader, in the dark, in Ukrainian, and with very many reports."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator

import pytest
from browser import rest
from desk_access import AUDIT
from desk_page import Mapper, sit_down
from desk_war import NOW, make_war

from isofront.desk import Desk, Opened

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def opened(tmp_path_factory) -> Iterator[Opened]:
    with Opened(Desk(make_war(tmp_path_factory.mktemp("access") / "war"), now=lambda: NOW)) as one:
        yield one


@pytest.fixture(scope="module")
def mapper(browser, opened) -> Iterator[Mapper]:
    one = sit_down(browser, opened)
    yield one
    one.context.close()


def in_language(mapper: Mapper, language: str) -> None:
    if mapper.page.evaluate("document.documentElement.lang") != language:
        mapper.page.click("#language")


def panels(mapper: Mapper) -> list[str]:
    found: list[str] = mapper.page.eval_on_selector_all("[role=tab]", "tabs => tabs.map((tab) => tab.id)")
    return found


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("uk", "dark")])
def test_names_roles_relations_and_contrast_are_sound_on_the_entry_panel(mapper, language, scheme):
    page = mapper.page
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    in_language(mapper, language)
    page.click("#tab-entry")
    page.keyboard.press("Delete")
    assert page.evaluate(AUDIT) == []
    mapper.paste("https://t.me/alder_watch_tv/100 37.1, 999 50.0200, 10.1700 02.05.2021 https://maps.app.goo.gl/x")
    page.keyboard.press("2")
    page.wait_for_selector("#entry-like")
    assert page.evaluate(AUDIT) == []
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")
    assert page.evaluate(AUDIT) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Backslash")
    page.fill("#entry-bulk", "18.05.2021\teast\t50.11, 10.2\tposition\n19.05.2021\tnorth\t50.12, 10.2\tposition")
    page.wait_for_selector("#entry-rejects, .fault")
    assert page.evaluate(AUDIT) == []
    page.keyboard.press("Escape")


def test_all_is_reached_by_keyboard_alone_and_the_focus_is_seen(mapper):
    page = mapper.page
    page.click("#tab-entry")
    page.keyboard.press("Delete")
    reached, bare = set(), []
    for _ in range(90):
        page.keyboard.press("Tab")
        told = page.evaluate(
            "() => { const el = document.activeElement, style = getComputedStyle(el);"
            " const name = el.id || el.getAttribute('data-value') || el.className;"
            " return [name, style.outlineStyle !== 'none', el === document.body]; }"
        )
        reached.add(told[0])
        if not (told[1] or told[2]):
            bare.append(told[0])
    assert {"entry-box", "entry-source", "entry-note", "as-of", "editor", "help", "tab-entry"} <= reached
    assert bare == []


def test_keys_stay_out_of_text_fields_and_arrows_move_within_a_row(mapper):
    page = mapper.page
    in_language(mapper, "en")
    page.click("#tab-entry")
    page.keyboard.press("Delete")
    page.keyboard.press("Minus")
    page.keyboard.type("qa2")
    assert page.input_value("#entry-note") == "qa2"
    assert mapper.chosen()["kind"] is None
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    page.focus("[data-value=strike]")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.value") == "assault"
    page.keyboard.press("Space")
    assert mapper.chosen()["kind"] == "assault"
    page.keyboard.press("Delete")


def test_panels_are_changed_by_their_keys_and_the_day_by_its(mapper):
    page = mapper.page
    for i, tab in enumerate(panels(mapper), start=1):
        page.keyboard.press(f"Alt+{i}")
        assert page.get_attribute(f"#{tab}", "aria-selected") == "true"
    page.keyboard.press("Alt+1")
    page.keyboard.press("Alt+,")
    assert page.input_value("#as-of") == "2021-05-19"
    page.keyboard.press("Alt+.")


def test_the_draft_of_the_day_is_drawn_on_demand_and_says_how_far_it_is(mapper):
    page = mapper.page
    page.keyboard.press("Alt+d")
    page.wait_for_function("() => document.querySelector('#show-draft').getAttribute('aria-checked') === 'true'")
    page.wait_for_function("() => document.querySelector('#busy').hidden", timeout=60_000)
    assert page.get_attribute("#said", "class") != "fault"
    page.keyboard.press("Alt+d")


LOOK = "document.querySelector('#map canvas').toDataURL()"
RECORD = """() => {
    const times = window.frameTimes = [];
    let last = performance.now();
    const step = (now) => { times.push(now - last); last = now; if (times.length < 4000) requestAnimationFrame(step); };
    requestAnimationFrame(step);
}"""


def panned(page) -> list[float]:
    """How long each frame took, in ms, while a mouse drags the map about."""
    box = page.locator("#map canvas").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(RECORD)
    for step in range(60):
        page.mouse.move(x + 60 * math.sin(step / 13), y + step)
    times = page.evaluate("window.frameTimes.slice(2)")
    page.mouse.up()
    return sorted(times)


@pytest.mark.slow
def test_two_hundred_thousand_reports_pan_smoothly(browser, opened, capsys):
    rng, n = random.Random(4), 200_000
    columns = {
        "id": [f"r{i}" for i in range(n)], "lon": [round(10 + 0.4 * rng.random(), 6) for _ in range(n)],
        "lat": [round(50 + 0.2 * rng.random(), 6) for _ in range(n)], "kind": ["strike"] * n, "seen": ["east"] * n,
        "day": ["2021-05-01"] * n, "last": "2021-05-01", "simulated": True,
    }  # fmt: skip
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    page = context.new_page()
    page.route(
        "**/api/reports*", lambda route: route.fulfill(content_type="application/json", body=json.dumps(columns))
    )
    with page.expect_response("**/api/reports*") as told:
        page.goto(opened.url)
    told.value.finished()
    page.wait_for_selector("html[data-ready]", timeout=60_000)
    rest(page)
    before = page.evaluate(LOOK)
    times = panned(page)
    assert page.evaluate(LOOK) != before, "the map did not move"
    median = times[len(times) // 2]
    with capsys.disabled():
        print(f"\n200,000 reports: {1000 / median:.0f} frames a second (median), slowest frame {times[-1]:.0f} ms")
    context.close()
    assert median < 1000, "a drag that stands still is none, even on a machine that does much else"
