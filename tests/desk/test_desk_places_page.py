"""Places and imagery at the desk, in Chromium: nothing is asked of another machine until the user turns it on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from browser import rest
from desk_access import AUDIT
from desk_page import Mapper, sit_down
from desk_war import make_war
from test_backgrounds import OSM, mbtiles, picture

from isofront.desk import Desk, Opened

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning"),
]
NOW = datetime(2021, 5, 20, 12, tzinfo=UTC)
STREET = {
    "type": "Feature", "properties": {"name": "вулиця Шахтарська", "name:en": "Shakhtarska Street"},
    "geometry": {"type": "LineString", "coordinates": [[10.17, 50.09], [10.19, 50.11]]},
}  # fmt: skip


@pytest.fixture
def mapper(browser, tmp_path) -> Iterator[Mapper]:
    """Somebody at the places panel; what other machines are asked is noted, and answered here."""
    with Opened(Desk(make_war(tmp_path / "war"), editor="nadia", now=lambda: NOW)) as opened:
        one = sit_down(browser, opened, hash_="#panel=places&day=2021-05-16&lang=en")
        yield one
        one.context.close()


def test_places_imagery_and_own_layers_by_hand(mapper, tmp_path):
    page, war = mapper.page, tmp_path / "war"
    page.fill("#places-query", "shahtarska")
    page.wait_for_selector("#places-found li.quiet")
    (tmp_path / "streets.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [STREET]}), encoding="utf-8"
    )
    page.set_input_files("#places-file", tmp_path / "streets.geojson")
    page.wait_for_selector("#places-layers .places-line")
    page.fill("#places-query", "shahtarskaya")
    page.wait_for_selector("#places-found button")
    assert "вулиця Шахтарська" in page.inner_text("#places-found")
    page.press("#places-query", "Enter")
    assert (war / "desk" / "layers" / "streets.geojson").exists()
    page.fill("#places-address", str(mbtiles(tmp_path / "may.mbtiles", tiles=[(8, 135, 86, 90)])))
    page.click("#places-imagery form button")
    with page.expect_response(lambda answer: "/background/" in answer.url) as answered:
        page.click("#places-imagery label:has-text('Flown in May')")
    assert answered.value.status == 200
    page.fill("#places-address", "http://tiles.example/{z}/{x}/{y}")
    page.click("#places-imagery form button")
    page.wait_for_selector("#said.fault")
    assert "wanted https" in page.inner_text("#said")
    assert mapper.requests == [], "no other machine was asked"
    page.keyboard.press("Escape")
    assert page.evaluate(AUDIT) == []


def test_a_tile_server_is_asked_only_while_it_is_on(mapper):
    page, asked = mapper.page, list[str]()

    def answer(route):
        asked.append(route.request.url)
        route.fulfill(
            status=200, content_type="image/png", body=picture(90), headers={"Access-Control-Allow-Origin": "*"}
        )

    mapper.context.route("https://tiles.example/**", answer)
    page.fill("#places-address", OSM)
    page.click("#places-imagery form button")
    page.wait_for_selector("#places-imagery label:has-text('tiles.example')")
    rest(page)
    assert asked == []
    with page.expect_request("https://tiles.example/**"):
        page.click("#places-imagery label:has-text('it sees where you look')")
    page.wait_for_function("() => document.querySelector('#places-over') !== null")
    page.wait_for_selector("html[data-ready]")
    rest(page)
    assert asked
    assert all(url.startswith("https://tiles.example/") for url in asked)
    outcome = page.evaluate("() => fetch('https://other.example/x.png').then(() => 'asked', () => 'refused')")
    assert outcome == "refused"
    page.click("#places-imagery label:has-text('Off')")
    page.wait_for_function("() => document.querySelector('#places-over') === null")
    rest(page)
    asked.clear()
    page.keyboard.press("Alt+m")
    page.keyboard.press("Equal")
    rest(page)
    assert asked == []
