"""The desk's map under a real mouse: a drag moves the ground by as much, however many reports lie on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desk_pan import columns, dragged, map_of, passes, still
from desk_war import NOW, make_war
from playwright.sync_api import Page

from isofront.desk import Desk, Opened

pytestmark = pytest.mark.browser

SLID = "() => document.querySelector('#map canvas').style.transform"
VIEW = "() => document.querySelector('#map').dataset.view.split(',').map(Number)"


@pytest.fixture(scope="module")
def opened(tmp_path_factory) -> Iterator[Opened]:
    with Opened(Desk(make_war(tmp_path_factory.mktemp("pan") / "war"), now=lambda: NOW)) as one:
        yield one


def spot_at(page: Page, x: float, y: float) -> tuple[float, float]:
    """What the entry panel takes a click on the map for."""
    page.click("#tab-entry")
    page.keyboard.press("Delete")
    page.mouse.click(x, y)
    lat, lon = map(float, page.inner_text("#entry-spot .mono").split(","))
    return lon, lat


def test_a_drag_takes_the_ground_along_and_clicks_mean_the_spot_below_them(browser, opened):
    with map_of(browser, opened, None) as page:
        box = page.locator("#map").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        before, view = spot_at(page, x, y), page.evaluate(VIEW)
        page.mouse.down()
        for step in range(1, 6):
            page.mouse.move(x + 24 * step, y - 16 * step)
        assert page.evaluate(VIEW) != view, "the map follows the mouse before it is let go"
        page.keyboard.down("Shift")  # nothing to do with it: a key in the middle of a drag does no harm
        page.keyboard.up("Shift")
        page.wait_for_timeout(400)  # a hand that rests leaves no speed to glide on with
        page.mouse.up()
        still(page)
        assert page.evaluate(SLID) == "", "at rest the map is drawn where it is"
        assert spot_at(page, x + 120, y - 80) == pytest.approx(before, abs=3e-5)
        assert page.evaluate(VIEW)[:2] != pytest.approx(view[:2], abs=1e-3)


def test_what_is_empty_is_not_drawn(browser, opened):
    """A layer costs a pass over every tile, empty or not; the desk has sixty, ten with something in them."""
    with map_of(browser, opened, None) as page:
        assert passes(page) < 150


@pytest.mark.slow
def test_two_hundred_thousand_reports_pan_as_an_empty_map_does(browser, opened, capsys):
    """Both in the same minute on the same machine, by processor time for each frame that moved the picture."""
    found = {}
    for name, n, bare in (("empty", 0, True), ("200,000 reports", 200_000, False)):
        with map_of(browser, opened, columns(n), bare=bare) as page:
            dragged(page)
            still(page)
            found[name] = one = dragged(page)
            assert one.n_views > 20, "the map did not move"
            assert one.n_moved > 20, "the picture did not move"
            with capsys.disabled():
                print(f"\n{name:>16}: {one}")
    assert found["200,000 reports"].cpu_per_move_ms < 2.5 * found["empty"].cpu_per_move_ms
