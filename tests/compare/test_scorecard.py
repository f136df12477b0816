"""Means over days and areas, skill, and reading references."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
import shapely

from isofront.compare import (
    Scorecard,
    Trial,
    as_document,
    held_cells_lonlat,
    persistence,
    read_truth,
    recalibrations,
    scorecard_svg,
    scored_drafts,
    scored_ground,
    scored_persistence,
    scored_vote,
    table_rows,
    vote_sample,
)
from isofront.errors import BadInputError
from isofront.ground.grid import Bounds, Grid

BOUNDS = Bounds(10.0, 50.0, 10.4, 50.25)
GROUND = scored_ground(BOUNDS, Grid.covering(BOUNDS, crs="EPSG:32632", cell_m=1000.0, margin_km=1.0))
START = date(2030, 5, 1)


def east_of(lon: float) -> np.ndarray:
    return held_cells_lonlat(shapely.box(lon, 49.0, 12.0, 51.0), GROUND)


def trial(area: str, step: float) -> Trial:
    """The line goes west by `step` degrees a week from 10.25 E."""
    days = [START + timedelta(weeks=k) for k in range(1, 7)]
    truth = {day: east_of(10.25 - step * k) for k, day in enumerate(days, start=1)}
    return Trial(area, "a", GROUND, east_of(10.25), datetime(2030, 5, 1, tzinfo=UTC), truth)


def card(*trials: Trial) -> Scorecard:
    found = []
    for one in trials:
        days = sorted(one.truth)
        perfect = ((day, one.truth[day].astype(float)) for day in days)
        found += [*scored_drafts(one, perfect), *scored_persistence(one, days)]
    for one, change in zip(trials, recalibrations([vote_sample(t, sorted(t.truth)) for t in trials]), strict=True):
        found += scored_vote(one, sorted(one.truth), change)
    return Scorecard(tuple(found))


def test_means_are_taken_in_each_area_and_then_over_areas():
    fast, slow = trial("fast", 0.01), trial("slow", 0.0)
    both, days = card(fast, slow), sorted(fast.truth)
    alone = [np.mean([d.scores.brier for d in scored_persistence(t, days)]) for t in (fast, slow)]
    assert both.means("hard persistence")["brier"] == pytest.approx(np.mean(alone))
    two_more = Scorecard((*both.days, *scored_persistence(fast, days)))
    assert two_more.means("hard persistence")["brier"] == pytest.approx(np.mean(alone)), "days do not weigh areas"


def test_a_perfect_map_has_full_skill_and_the_yardstick_itself_none():
    perfect = card(trial("fast", 0.01))
    assert perfect.skill("hard persistence") == pytest.approx(1, abs=0.02)
    same = Scorecard(
        tuple(
            day
            for method in ("map", "hard persistence")
            for day in scored_drafts(
                trial("fast", 0.01),
                ((d, persistence(east_of(10.25))) for d in trial("fast", 0.01).truth),
                method=method,
            )
        )
    )
    assert same.skill("hard persistence") == 0


def test_horizons_part_the_days_without_loss():
    scored = card(trial("fast", 0.01))
    document = as_document(scored, recalibrated="in hindsight")
    assert set(document["methods"]["map"]["by_days_since_anchor"]) == {"0-30 d", "31-60 d"}
    assert len(document["days"]) == 3 * 6
    assert [row[0] for row in table_rows(scored)][:3] == ["map", "hard persistence", "kernel vote"]


def test_the_document_is_strict_json_even_where_nothing_can_be_measured():
    still = card(trial("still", 0.0))
    text = json.dumps(as_document(still, recalibrated="-"), allow_nan=False)
    assert json.loads(text)["methods"]["map"]["means"]["changed_f1"] is None


def test_the_worst_day_of_a_fading_map_is_the_last():
    worst = card(trial("fast", 0.01)).worst_day("hard persistence")
    assert worst is not None
    assert worst.day == START + timedelta(weeks=6)


def test_the_picture_is_the_same_bytes_twice():
    scored = card(trial("fast", 0.01), trial("slow", 0.002))
    picture = scorecard_svg(scored, title="fast and slow")
    assert picture == scorecard_svg(scored, title="fast and slow")
    assert b"reliability" in picture


def geojson(*features: tuple[float, dict[str, str]]) -> str:
    shapes = [{"type": "Feature", "properties": p, "geometry": shapely.geometry.mapping(shapely.box(lon, 50, 11, 51))}
              for lon, p in features]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": shapes})


def test_a_reference_is_read_from_one_file_with_dates(tmp_path):
    rows = ((10.1, {"date": "2030-05-08", "side": "A"}), (10.2, {"date": "2030-05-15", "side": "A"}))
    others = ((10.0, {"date": "2030-05-08", "side": "B"}), (9.9, {"date": "2030-05-08", "side": "A", "class": "grey"}))
    (tmp_path / "all.geojson").write_text(geojson(*rows, *others), encoding="utf-8")
    truth = read_truth(tmp_path / "all.geojson", side="a")
    assert {day.isoformat(): shape.bounds[0] for day, shape in truth.items()} == {
        "2030-05-08": 10.1,
        "2030-05-15": 10.2,
    }


def test_a_reference_is_read_from_a_folder_of_dated_files(tmp_path):
    (tmp_path / "map_2030-05-08.geojson").write_text(geojson((10.1, {}), (10.6, {})), encoding="utf-8")
    (tmp_path / "notes.txt").write_text("2030", encoding="utf-8")
    assert list(read_truth(tmp_path, side="a")) == [date(2030, 5, 8)]


@pytest.mark.parametrize(
    ("properties", "words"),
    [({"date": "8 May"}, "wanted one like"), ({"date": "2030-05-08", "side": "b"}, "held by 'a'")],
)
def test_a_reference_without_dates_or_without_the_side_is_refused(tmp_path, properties, words):
    (tmp_path / "all.geojson").write_text(geojson((10.1, properties)), encoding="utf-8")
    with pytest.raises(BadInputError, match=words):
        read_truth(tmp_path / "all.geojson", side="a")


def test_a_folder_without_dated_files_is_refused(tmp_path):
    with pytest.raises(BadInputError, match="no polygon file"):
        read_truth(tmp_path, side="a")
