"""The Publish and Places panels by keyboard alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from desk_page import Mapper, sit_down
from desk_walk import walk
from desk_war import make_war
from publishing_war import NOW, approve, begun, row
from test_backgrounds import mbtiles

from isofront.desk import Desk, Opened

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning"),
]
POINT = {
    "type": "Feature",
    "properties": {"name": "Mill"},
    "geometry": {"type": "Point", "coordinates": [10.17, 50.09]},
}


@pytest.fixture(scope="module")
def approved(tmp_path_factory):
    told = [row(f"red{n}", 20.13 + 0.002 * n, 50.02 + 0.002 * n) for n in range(50)]
    told[1] |= {"release": "public", "url": "https://t.me/alder_watch_tv/7"}
    war = begun(tmp_path_factory.mktemp("walk"), reports=told)
    approve(war)
    return war


@pytest.fixture
def publisher(browser, approved, tmp_path) -> Iterator[Mapper]:
    with Opened(Desk(shutil.copytree(approved, tmp_path / "war"), editor="olena", now=lambda: NOW)) as opened:
        one = sit_down(
            browser, opened, hash_="#panel=release&day=2024-05-25&lang=en", viewport={"width": 1100, "height": 620}
        )
        one.page.wait_for_selector("[data-fate]")
        yield one
        one.context.close()


@pytest.fixture
def placer(browser, tmp_path) -> Iterator[Mapper]:
    now = datetime(2021, 5, 20, 12, tzinfo=UTC)
    with Opened(Desk(make_war(tmp_path / "war"), editor="olena", now=lambda: now)) as opened:
        one = sit_down(
            browser, opened, hash_="#panel=places&day=2021-05-16&lang=en", viewport={"width": 1100, "height": 620}
        )
        yield one
        one.context.close()


def focused(page) -> str:
    """What has the focus: its id, else its tag; nobody is to be thrown back to the page's top."""
    return page.evaluate("document.activeElement.id || document.activeElement.tagName.toLowerCase()")


def inside(page, root: str) -> bool:
    return page.evaluate("root => document.querySelector(root).contains(document.activeElement)", root)


def test_publishing_is_walked_with_tab_alone_and_each_stop_is_named_and_seen(publisher):
    page = publisher.page
    page.click(".release summary")
    walk(page, "#release")
    page.focus("[data-set=red1]")
    page.keyboard.press("Enter")
    assert focused(page) == "release-class"
    walk(page, "#release")
    page.focus("#release-class-reason")
    page.keyboard.type("the channel asked")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-set=red1]:text('private')")  # what the edition would hold is counted anew by then
    assert inside(page, "#release"), focused(page)
    page.focus("#release-more")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelectorAll('[data-fate]').length > 40")
    assert inside(page, "#release"), focused(page)


def test_places_are_walked_with_tab_alone_and_what_is_removed_does_not_take_the_focus_along(placer, tmp_path):
    page = placer.page
    layer = tmp_path / "own.geojson"
    layer.write_text(json.dumps({"type": "FeatureCollection", "features": [POINT]}), encoding="utf-8")
    page.focus("#places-file")
    page.set_input_files("#places-file", layer)
    page.wait_for_selector("#places-layers .places-line")
    assert inside(page, "#places-layers"), focused(page)
    page.fill("#places-address", str(mbtiles(tmp_path / "may.mbtiles", tiles=[(8, 135, 86, 90)])))
    page.keyboard.press("Enter")
    page.wait_for_selector("#places-imagery .places-line")
    page.wait_for_function("() => document.activeElement.type === 'radio'")
    page.keyboard.press("Space")
    page.wait_for_selector("#places-over")
    assert inside(page, "#places-imagery"), focused(page)
    page.fill("#places-query", "mill")
    page.wait_for_selector("#places-found button")
    walk(page, ".places")
    for part in ("#places-layers", "#places-imagery"):
        page.focus(f"{part} button.tool")
        page.keyboard.press("Enter")
        page.wait_for_selector(f"{part} .places-line", state="detached")
        assert inside(page, part), focused(page)
