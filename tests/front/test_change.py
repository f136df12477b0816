"""What changed between two maps: sums that must hold whatever the shapes, and a raster that counts the same."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scrawls import scrawl
from shapely.affinity import rotate, translate
from shapely.geometry import MultiPolygon, box
from shapely.geometry.base import BaseGeometry

from isofront.errors import BadInputError
from isofront.front.change import Change, change, change_in, rate
from isofront.front.dated import Dated, layers_of

FRAME = box(-10, -10, 10, 10)
SEEDS = st.integers(0, 10_000)


def day(number: int) -> datetime:
    return datetime(2030, 1, number, tzinfo=UTC)


def some_map(rng: np.random.Generator, number: int = 1) -> Dated:
    return Dated(day(number), {"a": scrawl(rng), "b": scrawl(rng)}, scrawl(rng))


def two_maps(seed: int) -> tuple[Dated, Dated]:
    rng = np.random.default_rng(seed)
    return some_map(rng), some_map(rng, 8)


def changed(seed: int) -> Change:
    return change(*two_maps(seed), frame=FRAME)


def moved(one: Dated, by: object) -> Dated:
    return Dated(one.date, {side: by(shape) for side, shape in one.held.items()}, by(one.grey), known=one.known)


@given(SEEDS)
@settings(max_examples=10)
def test_transitions_sum_to_the_frame_and_differences_to_those_of_areas(seed):
    found = changed(seed)
    assert sum(found.transitions.values()) == pytest.approx(FRAME.area, rel=1e-9)
    for side, old, new in zip(found.sides, found.before, found.after, strict=False):
        one = found.of(side)
        assert one.gained_km2 - one.lost_km2 == pytest.approx(new.km2 - old.km2, abs=1e-6)
        assert one.before_km2 == pytest.approx(old.km2, abs=1e-6)
        assert one.after_km2 == pytest.approx(new.km2, abs=1e-6)


@given(SEEDS)
@settings(max_examples=10)
def test_swapping_the_maps_swaps_gains_and_losses(seed):
    before, after = two_maps(seed)
    there, back = change(before, after, frame=FRAME), change(after, before, frame=FRAME)
    for side in ("a", "b"):
        assert back.of(side).gained_km2 == pytest.approx(there.of(side).lost_km2, abs=1e-6)
        assert back.of(side).lost_km2 == pytest.approx(there.of(side).gained_km2, abs=1e-6)
    assert back.stood_km2 == pytest.approx(there.stood_km2, abs=1e-6)
    assert back.days == -(there.days or 0)


@given(SEEDS, st.floats(-180, 180))
@settings(max_examples=8)
def test_moving_and_turning_both_maps_changes_no_number(seed, angle):
    def by(shape: BaseGeometry) -> BaseGeometry:
        return translate(rotate(shape, angle, origin=(0, 0)), 300, -5)

    before, after = two_maps(seed)
    here = change(before, after, frame=FRAME)
    there = change(moved(before, by), moved(after, by), frame=by(FRAME))
    for move, km2 in here.transitions.items():
        assert there.transitions.get(move, 0.0) == pytest.approx(km2, abs=1e-4)


@given(SEEDS)
@settings(max_examples=6)
def test_a_raster_counts_the_same_ground(seed):
    before, after = two_maps(seed)
    found = change(before, after, frame=FRAME)
    step = 0.1
    axis = np.arange(-10 + step / 2, 10, step)
    east, north = (grid.ravel() for grid in np.meshgrid(axis, axis))
    old, new = (_classes(one, east, north) for one in (before, after))
    for (was, now), km2 in found.transitions.items():
        counted = float(np.count_nonzero((old == was) & (new == now))) * step**2
        assert counted == pytest.approx(km2, abs=1.2), (was, now)


def _classes(one: Dated, east: np.ndarray, north: np.ndarray) -> np.ndarray:
    found = np.full(len(east), "rest", dtype=object)
    for name, shape in (("grey", one.grey), ("b", one.held["b"]), ("a", one.held["a"])):
        found[shapely.contains_xy(shape, east, north)] = name
    return found


def test_a_map_against_itself_shows_no_change():
    before, _ = two_maps(3)
    found = change(before, before, frame=FRAME)
    assert found.changed_km2 == 0
    assert found.pieces == ()
    assert found.stood_km2 == pytest.approx(FRAME.area)


def test_ground_that_nobody_looked_at_is_not_said_to_have_stood():
    held = {"a": box(-10, -10, 0, 10)}
    before, after = Dated(day(1), held), Dated(day(2), {"a": box(-10, -10, 1, 10)}, unobserved=box(-1, -10, 3, 10))
    found = change(before, after, frame=FRAME)
    assert found.changed_km2 == pytest.approx(20)
    assert found.unseen_km2 == pytest.approx(60), "what changed is known to have changed"
    assert found.stood_km2 == pytest.approx(320)
    back = change(after, before, frame=FRAME)
    assert back.unseen_km2 == pytest.approx(60)


def test_ground_that_only_one_map_speaks_of_is_outside_and_in_no_sum():
    before = Dated(day(1), {"a": box(-10, -10, 0, 10)}, known=box(-10, -10, 10, 10))
    after = Dated(day(2), {"a": box(-10, -10, 1, 0)}, known=box(-10, -10, 10, 0))
    found = change(before, after)
    assert found.frame_km2 == pytest.approx(200)
    assert found.outside_km2 == pytest.approx(200)
    assert found.of("a").lost_km2 == 0
    assert found.of("a").gained_km2 == pytest.approx(10)


def test_maps_of_different_ground_are_refused():
    before = Dated(day(1), {"a": box(0, 0, 1, 1)}, known=box(0, 0, 1, 1))
    after = Dated(day(2), {"a": box(5, 5, 6, 6)}, known=box(5, 5, 6, 6))
    with pytest.raises(BadInputError, match="no ground in common"):
        change(before, after)


def test_maps_that_draw_nothing_have_no_ground_in_common():
    nothing = Dated(None, {"a": MultiPolygon()})
    with pytest.raises(BadInputError, match="no ground in common"):
        change(nothing, nothing)


def test_the_other_side_holds_what_no_polygon_covers():
    before, after = Dated(day(1), {"a": box(-10, -10, 0, 10)}), Dated(day(31), {"a": box(-10, -10, 3, 10)})
    found = change(before, after, frame=FRAME, other="b")
    assert found.transitions["b", "a"] == pytest.approx(60)
    assert found.of("b").lost_km2 == pytest.approx(60)
    assert found.of("b").after_km2 == pytest.approx(140)


def test_rates_are_per_day_week_and_month_and_none_without_dates():
    found = rate(60.0, 30.0)
    assert found is not None
    assert (found.per_day, found.per_week) == (2, 14)
    assert found.per_month == pytest.approx(60.874, abs=1e-3)
    assert rate(60.0, None) is None
    assert rate(60.0, 0.0) is None


def test_regions_share_the_change_out_and_leave_nothing():
    found = changed(5)
    halves = [("west", box(-20, -20, 0, 20)), ("east", box(0, -20, 20, 20)), ("afar", box(50, 50, 60, 60))]
    parts = change_in(found, halves)
    assert [one.name for one in parts] == ["west", "east"]
    for side in ("a", "b"):
        gained = sum(next(s for s in one.sides if s.side == side).gained_km2 for one in parts)
        assert gained == pytest.approx(found.of(side).gained_km2, abs=1e-6)
    assert sum(one.changed_km2 for one in parts) == pytest.approx(found.changed_km2, abs=1e-6)


def test_where_polygons_overlap_the_first_side_goes_first_and_held_before_grey():
    one = Dated(None, {"a": box(0, 0, 2, 2), "b": box(1, 0, 3, 2)}, box(0, 0, 4, 2))
    layers = {layer.name: layer.km2 for layer in layers_of(one, box(0, 0, 5, 2))}
    assert layers == pytest.approx({"a": 4, "b": 2, "grey": 2, "rest": 2})


def test_an_empty_map_is_a_map_on_which_nobody_holds_anything():
    found = change(Dated(None, {}), Dated(None, {"a": box(0, 0, 1, 1)}), frame=FRAME)
    assert found.of("a").gained_km2 == pytest.approx(1)
    assert found.days is None
    assert MultiPolygon().is_empty
