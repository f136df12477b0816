"""The embedded scenario: what it must show, and what it must never be taken for."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import shapely
from shapely.geometry import Point

from isofront import theatre, worlds
from isofront.evidence.report import Report
from isofront.worlds.story import held_areas_km, key_dates

POKROVSK, MYRNOHRAD, RODYNSKE = (37.177, 48.281), (37.262, 48.305), (37.206, 48.354)
NOVEMBER = datetime(2025, 11, 4, tzinfo=UTC)


def _at(course: worlds.Course, spot: tuple[float, float]) -> Point:
    return Point(*course.grid.to_km(*spot))


def _holder(course: worlds.Course, spot: tuple[float, float], at: datetime) -> str:
    for side in course.sides:
        if course.held(side, at).contains(_at(course, spot)):
            return side
    return "grey"


def test_each_key_date_has_two_lines_of_at_most_sixty_vertices() -> None:
    keys = key_dates()
    assert len(keys) >= 8
    for key in keys:
        assert 10 <= len(key["edge_ru"]) <= 60
        assert 10 <= len(key["edge_ua"]) <= 60


def test_typed_areas_are_valid_and_do_not_overlap() -> None:
    for key in key_dates():
        ru, ua = held_areas_km(key, "EPSG:32637")
        assert ru.is_valid
        assert ua.is_valid
        assert ru.intersection(ua).area < 1e-6


def test_on_4_november_pokrovsk_is_grey_and_myrnohrad_held_in_a_pocket() -> None:
    course = worlds.pokrovsk_course()
    assert _holder(course, POKROVSK, NOVEMBER) == "grey"
    assert _holder(course, MYRNOHRAD, NOVEMBER) == "ua"
    town = course.grid.to_km(*POKROVSK)
    city = Point(*town).buffer(3.2)
    assert course.grey(NOVEMBER).intersection(city).area > 0.5 * city.area


def test_on_4_november_the_tips_of_the_pincers_are_a_few_kilometres_apart() -> None:
    course = worlds.pokrovsk_course()
    ru, ua = (course.held(side, NOVEMBER) for side in course.sides)
    south = ru.intersection(Point(*course.grid.to_km(37.19, 48.27)).buffer(3.0))
    north = ru.intersection(Point(*course.grid.to_km(37.235, 48.345)).buffer(1.6))
    assert 4.0 < south.distance(north) < 7.9
    neck = shapely.LineString([course.grid.to_km(37.200, 48.300), course.grid.to_km(37.212, 48.350)])
    assert 1.5 < neck.intersection(ua).length < 5.0


def test_the_pocket_hangs_on_its_neck() -> None:
    course = worlds.pokrovsk_course()
    ua = course.held("ua", NOVEMBER)
    cut = shapely.LineString([course.grid.to_km(37.200, 48.290), course.grid.to_km(37.214, 48.352)]).buffer(0.2)
    parts = [part for part in shapely.get_parts(ua.difference(cut)) if part.contains(_at(course, MYRNOHRAD))]
    assert len(parts) == 1
    assert 5 < parts[0].area < 80


HANDS = [
    (POKROVSK, "2025-08-01", "ua"),
    (MYRNOHRAD, "2025-08-01", "ua"),
    ((37.262, 48.487), "2025-08-13", "ru"),
    ((37.262, 48.487), "2025-11-04", "ua"),
    (RODYNSKE, "2025-10-01", "ua"),
    (RODYNSKE, "2025-11-04", "grey"),
    (POKROVSK, "2025-12-31", "ru"),
    (MYRNOHRAD, "2025-12-31", "ru"),
    ((37.086, 48.467), "2025-12-31", "ua"),
]


@pytest.mark.parametrize(("spot", "day", "holder"), HANDS)
def test_places_change_hands_as_was_publicly_known(spot: tuple[float, float], day: str, holder: str) -> None:
    assert _holder(worlds.pokrovsk_course(), spot, datetime.fromisoformat(day).replace(tzinfo=UTC)) == holder


def test_everything_is_marked_simulated(story: worlds.Scenario) -> None:
    assert story.theatre.simulated
    assert "SIMULATED" in story.theatre.title
    assert all(report.simulated and "SIMULATED" in report.note for report in story.reports)
    assert all(b"SIMULATED" in line for line in story.evidence_csv.splitlines()[1:])
    anchor = json.loads(story.anchor_geojson)
    assert all(feature["properties"]["simulated"] for feature in anchor["features"])


def test_the_written_theatre_and_anchor_read_back_without_repairs(story: worlds.Scenario, tmp_path: Path) -> None:
    story.write(tmp_path)
    loaded = theatre.load(tmp_path)
    assert loaded == story.theatre
    anchor = theatre.read_anchor(loaded, tmp_path)
    assert anchor.repairs == ()
    assert anchor.held["ru"].area > 3000
    assert anchor.grey.area > 100


def test_anchor_covers_bounds_and_margin_without_gap_or_overlap(story: worlds.Scenario) -> None:
    features = json.loads(story.anchor_geojson)["features"]
    areas = [shapely.geometry.shape(feature["geometry"]) for feature in features]
    assert all(area.is_valid for area in areas)
    together = shapely.union_all(areas)
    assert together.covers(shapely.box(*story.theatre.bounds).buffer(0.04))
    assert sum(area.area for area in areas) == pytest.approx(together.area, rel=1e-6)


def test_reports_come_at_the_stated_rate(story: worlds.Scenario) -> None:
    per_day = len(story.reports) / story.course.n_days
    assert 8 <= per_day / 2.2 <= 14


@pytest.mark.slow
def test_another_seed_gives_other_reports_and_the_same_seed_the_same(story: worlds.Scenario) -> None:
    one, again, other = (worlds.pokrovsk(seed=seed, per_day_100km=0.5) for seed in (3, 3, 7))
    assert again.evidence_csv == one.evidence_csv
    assert other.evidence_csv != one.evidence_csv
    assert other.anchor_geojson == story.anchor_geojson


def test_no_report_gives_away_that_it_is_wrong_or_a_repost(story: worlds.Scenario) -> None:
    def said(report: Report) -> str:
        return f"{report.note} {report.target} {report.precision} {report.links[0].url}"

    assert not any(word in said(report) for report in story.reports for word in ("wrong", "repost", "stale", "lie"))


def test_settlements_have_ukrainian_names_and_lie_in_the_bounds(story: worlds.Scenario) -> None:
    places = story.theatre.settlements
    assert len(places) >= 60
    assert all(story.theatre.box.holds(*place.at) and place.names["uk"] for place in places)
    assert len({place.name for place in places}) == len(places)
