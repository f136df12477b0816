"""Regions: shares, what remains along the axis, and distances to the front."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import rotate
from shapely.geometry import box

from isofront.front.dated import Dated
from isofront.front.regions import front_km, holder_at, longest_chord_km, regions_of

REGION = ("north", box(0, 0, 20, 10))


def one(held: shapely.Geometry, **more: object):
    return regions_of(Dated(None, {"a": held}, **more), [REGION], other="b")[0]


@given(st.floats(1, 18), st.floats(-180, 180))
@settings(max_examples=10)
def test_what_remains_runs_from_the_front_to_the_far_border(front, angle):
    def by(shape):
        return rotate(shape, angle, origin=(0, 0))

    dated = Dated(None, {"a": by(box(-30, -30, front, 40))})
    found = regions_of(dated, [("north", by(REGION[1]))], other="b")[0]
    left = found.remaining[0]
    assert found.shares["a"] == pytest.approx(front / 20)
    assert sum(found.shares.values()) == pytest.approx(1)
    assert left.km2 == pytest.approx((20 - front) * 10)
    assert left.along_axis_km == pytest.approx(20 - front, abs=1e-6)
    assert left.farthest_km == pytest.approx(20 - front, abs=1e-6)
    assert left.axis_km == pytest.approx((np.cos(np.radians(angle)), np.sin(np.radians(angle))), abs=1e-6)
    assert left.front_in_region


def test_a_front_still_outside_points_at_the_middle_of_what_is_left():
    left = one(box(-30, 0, -5, 10)).remaining[0]
    assert not left.front_in_region
    assert left.axis_km == pytest.approx((1, 0), abs=1e-9)
    assert left.along_axis_km == pytest.approx(20)
    assert left.farthest_km == pytest.approx(25)


def test_a_region_wholly_held_has_nothing_left_and_an_empty_map_no_axis():
    full = one(box(-30, -30, 40, 40)).remaining[0]
    assert (full.km2, full.along_axis_km, full.axis_km) == (0, None, None)
    none = one(shapely.MultiPolygon()).remaining[0]
    assert none.km2 == pytest.approx(200)
    assert none.along_axis_km is None


def test_ground_that_the_map_does_not_speak_of_is_no_share():
    found = one(box(-30, -30, 5, 40), known=box(-30, -30, 10, 40))
    assert found.reviewed == pytest.approx(0.5)
    assert found.shares["a"] == pytest.approx(0.5)
    off = regions_of(Dated(None, {"a": box(0, 0, 1, 1)}, known=box(50, 50, 60, 60)), [REGION])[0]
    assert (off.reviewed, off.shares) == (0, {})


def test_the_longest_chord_is_that_of_a_fine_brute_force():
    rng = np.random.default_rng(4)
    shape = shapely.convex_hull(shapely.multipoints(rng.uniform(-5, 5, (12, 2))))
    corners = shapely.get_coordinates(shapely.segmentize(shape.exterior, 0.05))
    ways = corners[:, None] - corners[None]
    along = np.abs(ways @ np.array([0.6, 0.8]))
    across = np.abs(ways @ np.array([-0.8, 0.6]))
    assert longest_chord_km(shape, (0.6, 0.8)) == pytest.approx(along[across < 0.03].max(), abs=0.2)


def test_distances_to_the_front_are_negative_behind_it_and_the_rim_is_no_front():
    dated = Dated(None, {"a": box(-50, -50, 0, 50)}, known=box(-50, -50, 50, 50))
    assert front_km(dated, "a", [(3.0, 0.0), (-4.0, 48.0)]) == pytest.approx([3, -4])
    assert front_km(dated, "b", [(3.0, 0.0)]) == [None]
    whole = Dated(None, {"a": box(0, 0, 1, 1)}, known=box(0, 0, 1, 1))
    assert front_km(whole, "a", [(0.5, 0.5)]) == [None]


def test_whose_ground_a_spot_is():
    dated = Dated(None, {"a": box(0, 0, 1, 1)}, box(1, 0, 2, 1), known=box(0, 0, 5, 5))
    spots = [(0.5, 0.5), (1.5, 0.5), (3.0, 3.0), (9.0, 9.0)]
    assert [holder_at(dated, spot) for spot in spots] == ["a", "grey", "rest", None]
    assert holder_at(dated, (3.0, 3.0), other="b") == "b"
