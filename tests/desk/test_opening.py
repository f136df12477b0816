"""The day that a desk opens on."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta

import pytest
from contested import DAY
from desk_war import NOW, make_war

APPROVED = datetime.fromisoformat(DAY).replace(tzinfo=UTC)
NEWEST = "2021-05-13"


@pytest.fixture(scope="module")
def war(tmp_path_factory):
    """To be read from only."""
    return make_war(tmp_path_factory.mktemp("war") / "war")


@pytest.mark.parametrize(("later", "opens"), [(0, "2021-05-20"), (7, "2021-05-27"), (8, NEWEST), (365 * 20, NEWEST)])
def test_a_desk_opens_on_today_and_long_after_a_war_on_the_newest_day_with_reports(war, read_desk_at, later, opens):
    about = read_desk_at(war, now=NOW + timedelta(days=later)).get("/api/desk")
    assert (about["today"], about["opens_on"]) == (f"{NOW + timedelta(days=later):%Y-%m-%d}", opens)


def test_a_theatre_that_is_over_opens_on_its_last_day(tmp_path, desk_at):
    folder = make_war(tmp_path / "war")
    file = folder / "theatre.toml"
    file.write_text(file.read_text("utf-8").replace("starts =", "ends = 2021-05-22\nstarts ="), encoding="utf-8")
    assert desk_at(folder, now=NOW + timedelta(days=900)).get("/api/desk")["opens_on"] == "2021-05-22"


def test_a_theatre_without_reports_opens_on_today(tmp_path, desk_at):
    folder = make_war(tmp_path / "war", n_reports=0)
    assert desk_at(folder, now=NOW + timedelta(days=900)).get("/api/desk")["opens_on"] == "2023-11-06"


@pytest.mark.parametrize(("later", "opens"), [(14, "2024-06-08"), (15, DAY)])
def test_a_map_that_was_approved_after_the_newest_report_counts_as_one(contested, tmp_path, desk_at, later, opens):
    desk = desk_at(shutil.copytree(contested, tmp_path / "war"), now=APPROVED + timedelta(days=later))
    desk.post("/api/editor", {"name": "nadia"}, method="PUT")
    desk.post("/api/queue/approve", {"as_of": DAY, "reason": "looked at the clips"})
    assert desk.get("/api/desk")["opens_on"] == opens
