"""Advances: where the line moved, how far, and on which bearing."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import rotate
from shapely.geometry import Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from isofront.front.advances import Advances, Kind, _corners, _Edge, advances, compass_point, nearest_of
from isofront.front.change import change
from isofront.front.dated import Dated

FRAME = box(-50, -50, 50, 50)
WEST = box(-50, -50, 0, 50)


def found(
    before: BaseGeometry, after: BaseGeometry, frame: BaseGeometry = FRAME, *, other: str | None = None
) -> Advances:
    return advances(change(Dated(None, {"a": before}), Dated(None, {"a": after}), frame=frame, other=other))


@given(st.floats(0.2, 8), st.floats(-180, 180))
@settings(max_examples=10)
def test_a_line_pushed_forward_moved_by_that_much_on_that_bearing(far, angle):
    def by(shape: BaseGeometry) -> BaseGeometry:
        return rotate(shape, angle, origin=(0, 0))

    one = found(by(WEST), by(box(-50, -50, far, 50)), by(FRAME)).found[0]
    assert one.kind is Kind.ADVANCE
    assert one.km2 == pytest.approx(100 * far, rel=1e-6)
    assert one.max_km == pytest.approx(far, abs=1e-4)
    assert one.mean_km == pytest.approx(far, abs=1e-4)
    assert np.cos(np.radians(one.bearing_deg - (90 - angle))) == pytest.approx(1, abs=1e-6)


def test_a_finger_points_along_its_axis_and_its_tip_is_the_farthest():
    finger = shapely.union(WEST, Polygon([(0, -1), (6, 2.8), (6, 3.2), (0, 1)]))
    one = found(WEST, finger).found[0]
    assert one.reached[0] == pytest.approx(6)
    assert 2.8 <= one.reached[1] <= 3.2
    assert one.max_km == pytest.approx(6)
    assert one.began[0] == pytest.approx(0, abs=1e-6)
    assert one.bearing_deg == pytest.approx(90, abs=1)
    assert 1 < one.mean_km < 4


def test_ground_lost_to_nobody_is_a_withdrawal_that_points_backward():
    one = found(WEST, box(-50, -50, -2, 50)).found[0]
    assert one.kind is Kind.WITHDRAWAL
    assert one.bearing_deg == pytest.approx(270, abs=0.1)
    assert one.max_km == pytest.approx(2)


def test_ground_that_went_from_side_to_side_is_the_takers_advance_alone():
    told = found(WEST, box(-50, -50, 3, 50), other="b").found
    assert [(one.side, one.kind) for one in told] == [("a", Kind.ADVANCE)]
    back = found(WEST, box(-50, -50, -3, 50), other="b").found
    assert [(one.side, one.kind) for one in back] == [("b", Kind.ADVANCE)]


def test_parts_within_a_kilometre_are_one_advance_and_others_apart():
    near = shapely.union_all([WEST, box(0, 0, 2, 5), box(0, 5.8, 2, 9)])
    far = shapely.union_all([WEST, box(0, 0, 2, 5), box(0, 6.2, 2, 9)])
    assert [one.n_parts for one in found(WEST, near).found] == [2]
    assert len(found(WEST, far).found) == 2


def test_crumbs_are_summed_and_nothing_is_lost():
    after = shapely.union_all([WEST, box(0, 0, 2, 5), box(0, 20, 0.01, 40), Point(10, -20).buffer(0.1)])
    told = found(WEST, after)
    assert len(told.found) == 1
    assert sum(one.km2 for one in told.found) + told.crumbs_km2["a"] == pytest.approx(after.area - WEST.area)


def test_a_swallowed_pocket_was_closed_in_on_from_all_round():
    ring = box(-5, -5, 5, 5).difference(Point(0, 0).buffer(2, quad_segs=64))
    one = found(ring, box(-5, -5, 5, 5)).found[0]
    assert one.max_km == pytest.approx(2, abs=0.02)
    assert one.reached == pytest.approx((0, 0), abs=0.05)
    assert one.bearing_deg is None


def test_a_side_that_held_nothing_has_no_way_behind_it():
    one = found(Polygon(), box(0, 0, 3, 3)).found[0]
    assert (one.began, one.max_km, one.mean_km, one.bearing_deg) == (None, None, None, None)
    assert one.km2 == pytest.approx(9)


def test_the_rim_of_the_frame_is_no_edge():
    one = found(box(-50, -50, 0, 10), box(-50, -50, 0, 50)).found[0]
    assert one.max_km == pytest.approx(40, abs=0.1)
    assert one.bearing_deg == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize(("bearing", "word"), [(0, "N"), (11, "N"), (12, "NNE"), (135, "SE"), (349, "N"), (300, "WNW")])
def test_bearings_have_a_word(bearing, word):
    assert compass_point(float(bearing)) == word


def test_the_nearest_place_is_the_one_nearest_to_the_ground_that_moved():
    assert nearest_of(box(0, 0, 2, 2), [(10.0, 0.0), (3.0, 1.0), (-4.0, 0.0)]) == (1, 1.0)
    assert nearest_of(box(0, 0, 2, 2), []) is None


def test_ground_that_came_in_over_the_rim_of_the_frame_has_no_way_because_its_edge_was_not_seen():
    apart = box(48, 20, 50, 24)
    rows = {one.km2: one for one in found(WEST, shapely.union_all([WEST, apart, box(10, 0, 12, 1)])).found}
    assert rows[8.0].max_km is None
    assert rows[8.0].mean_km is None
    assert rows[8.0].bearing_deg is None
    assert rows[2.0].max_km == pytest.approx(12)


def test_ground_at_the_rim_that_hangs_on_to_the_old_edge_keeps_its_way():
    one = found(WEST, shapely.union(WEST, box(0, -50, 3, -20))).found[0]
    assert one.max_km == pytest.approx(3)


spots = st.lists(st.tuples(st.floats(-60, 60), st.floats(-60, 60)), min_size=1, max_size=6)


@given(spots, st.lists(st.floats(-40, 40), min_size=3, max_size=3))
def test_the_nearest_spot_of_an_edge_is_as_near_as_any(asked, bends):
    held = Polygon([(-50, -50), (bends[0], -50), (bends[1], 0), (bends[2], 50), (-50, 50)]).buffer(0)
    edge = _Edge.of(held, FRAME)
    for found, spot in zip(edge.nearest(np.array(asked)), asked, strict=True):
        away = shapely.distance(shapely.union_all(edge.segments), Point(spot))
        assert np.hypot(*(found - spot)) == pytest.approx(away, abs=1e-9)


def test_a_corner_where_two_segments_meet_is_kept_once():
    ends = np.array([[0, 0], [1, 0], [1, 0], [1, 1], [5, 5], [6, 5]], float)
    assert _corners(ends).tolist() == [[0, 0], [1, 0], [1, 1], [5, 5], [6, 5]]
    assert _corners(ends[:2]).tolist() == ends[:2].tolist()
    assert _corners(ends[:0]).shape == (0, 2)
