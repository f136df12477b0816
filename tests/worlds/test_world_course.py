"""Courses: disjoint held ground at every time, exact at the key days."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from world_second_mapper import second_geojson, second_ground

from isofront import worlds
from isofront.ground.grid import Grid
from isofront.worlds.course import Frames, frames_of, signed_distance_km
from isofront.worlds.scenario import midnight

GRID = Grid("EPSG:32631", 480.0, 20.0, 0.5, 60, 50)


def _two_days(width_km: float) -> Frames:
    days = [
        (date(2031, 1, 1), shapely.box(500, 0, 600, 100), shapely.box(400, 0, 500 - width_km, 100)),
        (date(2031, 1, 11), shapely.box(495, 0, 600, 100), shapely.box(400, 0, 495 - width_km, 100)),
    ]
    return frames_of(days, grid=GRID, sides=("a", "b"), round_km=0.0)


def test_signed_distance_matches_brute_force() -> None:
    area = shapely.Polygon([(485, 25), (500, 27), (495, 40)])
    field = signed_distance_km(area, GRID)
    for row, column in ((0, 0), (20, 30), (25, 25), (49, 59), (15, 22)):
        spot = shapely.Point(GRID.east_km[column], GRID.north_km[row])
        wanted = spot.distance(area.boundary) * (1 if area.contains(spot) else -1)
        assert abs(field[row, column] - wanted) < 1e-3


def test_half_way_between_two_straight_lines_the_line_is_half_way() -> None:
    course = _two_days(1.0)
    held = course.held("a", datetime(2031, 1, 6, tzinfo=UTC))
    assert abs(held.bounds[0] - 497.5) < 0.01


@given(day=st.floats(0, 10), width=st.floats(0, 4))
@settings(max_examples=20, deadline=None)
def test_the_two_sides_never_hold_the_same_ground(day: float, width: float) -> None:
    distance = _two_days(width).distance_km(day)
    assert (distance.sum(axis=0) <= 1e-3).all()


def test_held_and_grey_make_up_the_frame() -> None:
    course = worlds.pokrovsk_course()
    at = datetime(2025, 10, 9, 12, tzinfo=UTC)
    areas = [area for _, _, area in worlds.coverage(course, at)]
    frame = shapely.union_all(areas)
    assert abs(sum(area.area for area in areas) - frame.area) < 1e-3
    assert max(a.intersection(b).area for i, a in enumerate(areas) for b in areas[:i]) < 1e-6


def test_before_the_first_and_after_the_last_key_day_the_course_stands_still() -> None:
    course = _two_days(2.0)
    assert np.array_equal(course.distance_km(-5), course.distance_km(0))
    assert np.array_equal(course.distance_km(99), course.distance_km(10))


def test_a_second_mapper_shows_the_truth_of_some_days_before_and_a_rim(story: worlds.Scenario) -> None:
    at = story.course.starts + timedelta(days=30)
    before = story.course.held(story.course.sides[0], midnight(at - timedelta(days=2)))
    words = {"side": story.course.sides[0], "late_days": 2.0}
    wide = second_ground(story.course, midnight(at), farther_km=1.5, **words)
    same = second_ground(story.course, midnight(at), farther_km=0.0, **words)
    assert shapely.area(before.difference(wide)) < 0.01 * before.area
    assert shapely.area(before.symmetric_difference(same)) < 0.02 * before.area
    assert wide.area > before.area
    told = json.loads(second_geojson(story.course, midnight(at), side=story.course.sides[0]))
    assert told["note"] == "SIMULATED"
    assert [one["properties"]["side"] for one in told["features"]] == [story.course.sides[0]]
