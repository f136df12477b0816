"""An invented war with a second mapper, published and looked at: the whole way from `theatre.toml` to the swipe."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from browser import OpenMap
from playwright.sync_api import expect
from world_second_mapper import second_geojson

from isofront import worlds
from isofront.cli import main
from isofront.worlds.scenario import midnight

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DAYS = ("2021-03-16", "2021-03-23")
HILL = """
[[mappers]]
id = "hill"
names = { en = "Hill maps", uk = "Мапи пагорба" }
path = "hill"
licence = "CC BY 4.0"
credit = "© Hill maps"
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of two editions; the second mapper drew a map on the day before each, and one too late."""
    war = tmp_path_factory.mktemp("war")
    world = worlds.invented("tame", seed=3, n_days=24, per_day_100km=12)
    world.write(war)
    (war / "hill").mkdir()
    for n in (7, 14, 21, 23):
        day = world.course.starts + timedelta(days=n)
        (war / "hill" / f"{day}.geojson").write_bytes(second_geojson(world.course, midnight(day), side="a"))
    file = war / "theatre.toml"
    file.write_text(re.sub(r"cell_m = \d+", "cell_m = 1000", file.read_text(encoding="utf-8")) + HILL, encoding="utf-8")
    assert main(["add", "--theatre", str(war), "--backfill", str(war / "evidence.csv")]) == 0
    for day in DAYS:
        told = ["--accept", "all", "--approve", "--by", "nadia", "--reason", "looked"]
        assert main(["review", str(war), "--as-of", day, *told]) == 0
        out = ["--out", str(war / "site"), "--second", "oleh"]
        assert main(["publish", "--theatre", str(war), "--on", day, *out]) == 0
    return war / "site"


def _head(site: Path, number: int) -> dict[str, Any]:
    home = site / f"editions/{number:04}-{DAYS[number - 1]}"
    (head,) = json.loads((home / "edition.json").read_text(encoding="utf-8"))["mappers"]
    return dict(head)


def test_what_publish_wrote_of_another_mapper_is_what_the_page_shows_of_each_day(
    visit: Callable[..., OpenMap], published: Path
) -> None:
    opened = visit((published / "offline.html").as_uri())
    page = opened.page
    page.select_option("#compare", "@hill")
    expect(page.locator("#curtain-label")).to_contain_text("left Hill maps, 22 Mar 2021 · right this map, 23 Mar 2021")
    for number in (2, 1):
        theirs = _head(published, number)["only_km2"]["a"][1]
        text = f"{theirs:,.0f}" if theirs >= 100 else f"{theirs:,.1f}"
        expect(page.locator("#only li").nth(1)).to_contain_text(f"on Hill maps alone{text} km²")
        page.check("#differences")
        page.focus("#date-slider")
        page.keyboard.press("Home")
    expect(page.locator("#curtain-label")).to_contain_text("left Hill maps, 15 Mar 2021 · right this map, 16 Mar 2021")
    opened.settle()


def test_an_editions_own_page_opens_from_its_folder_with_their_map_in_it(
    visit: Callable[..., OpenMap], published: Path
) -> None:
    own = published / f"editions/0001-{DAYS[0]}/index.html"
    page = visit(f"{own.as_uri()}#mapper=hill&differences=1&lang=uk").page
    expect(page.locator("#curtain-label")).to_contain_text("ліворуч Мапи пагорба, 15 бер. 2021")
    expect(page.locator("#curtain-credit")).to_have_text("© Hill maps · ліцензія: CC BY 4.0")
    assert page.locator("#only li").count() == 2
