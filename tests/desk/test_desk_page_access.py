"""The desk without a mouse, with a screen reader, in the dark and in Ukrainian."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
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
    page.wait_for_function("() => document.querySelector('#show-draft').getAttribute('aria-pressed') === 'true'")
    page.wait_for_function("() => document.querySelector('#busy').hidden", timeout=60_000)
    assert page.get_attribute("#said", "class") != "fault"
    page.keyboard.press("Alt+d")
