"""What changed between two drafts: the drawing's change, its doubt, and the reports that moved the ground."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from engine_war import add, polygon, ring, rows, start

from isofront.cli import main
from isofront.engine.change import DraftChange, draft_change

EARLY, LATE = datetime(2024, 5, 9, tzinfo=UTC), datetime(2024, 5, 25, tzinfo=UTC)


@pytest.fixture(scope="module")
def pushed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A quiet theatre until the tenth, then red is seen well past the line in one place."""
    war = start(tmp_path_factory.mktemp("pushed"), polygon(ring()))
    add(war, rows(20, lon=20.15, lat=50.03))
    return war


@pytest.fixture(scope="module")
def found(pushed: Path) -> DraftChange:
    return draft_change(pushed, (EARLY, LATE), n=60)


def test_the_advance_lies_where_the_reports_do_and_is_laid_to_them(found):
    first = found.advances.found[0]
    assert (first.side, first.kind.value) == ("red", "advance")
    assert found.change.of("red").gained_km2 > 1
    moved = found.reports[0]
    assert len(moved.pushes) >= 3
    assert all(push.report_id.startswith("red") for push in moved.pushes)
    assert sum(push.km for push in moved.pushes) > 0.5
    assert moved.others_km > 0, "the other twelve pull the same way"


def test_the_interval_is_about_the_drawings_own_number(found):
    gained = found.intervals["red"].gained_km2
    assert 0 <= gained.p05 <= gained.median <= gained.p95
    assert gained.p05 * 0.3 < found.change.of("red").gained_km2 < gained.p95 * 2
    assert found.intervals["red"].net_km2.median > 0
    assert found.intervals["red"].lost_km2.median < gained.median


def test_a_day_against_itself_shows_no_change_in_any_draw(pushed):
    same = draft_change(pushed, (LATE, LATE), n=20)
    assert same.change.changed_km2 == 0
    assert same.advances.found == ()
    for side in ("red", "blue"):
        assert same.intervals[side].gained_km2.p95 == 0
        assert same.intervals[side].lost_km2.p95 == 0


def test_the_command_tells_interval_and_reports(pushed, capsys):
    words = [
        "front",
        "change",
        "--theatre",
        str(pushed),
        "--from",
        "2024-05-09",
        "--to",
        "2024-05-25",
        "--samples",
        "20",
    ]
    capsys.readouterr()
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told["sides"]["red"]["interval"]) == {
        "gained_km2", "lost_km2", "net_km2", "rate_km2", "net_widened_km2", "rate_widened_km2",
    }  # fmt: skip
    band, wide = (told["sides"]["red"]["interval"][key] for key in ("net_km2", "net_widened_km2"))
    assert wide["median"] == band["median"]
    assert wide["p95"] - wide["p05"] == pytest.approx(2.5 * (band["p95"] - band["p05"]), abs=0.01)
    rates = told["sides"]["red"]["interval"]["rate_widened_km2"]
    assert rates["p05"]["per_week"] == pytest.approx(7 * rates["p05"]["per_day"], abs=0.01)
    assert told["advances"][0]["moved_by"]["reports"][0]["id"].startswith("red")
    assert told["days"] == 16
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "by its misses" in said
    assert "1. moved by red" in said
