"""Necks on shapes whose answer is known without computing, and the laws that any shape must keep."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from isofront.errors import BadInputError
from isofront.front import Disc, Rung, corridor, corridors, necks, pincers, places_inside, surroundings_of

LAND = box(-150, -100, 150, 100)
PLACE = (0.0, -30.0)


def wall(gap_km: float, *, at_km: float = 0.0, thick_km: float = 1.0) -> BaseGeometry:
    """Two half-planes of enemy ground, a gap apart, between a small south and a large north."""
    south, north = -10.0 - thick_km, -10.0
    west, east = at_km - gap_km / 2, at_km + gap_km / 2
    return shapely.union_all([box(-160, south, west, north), box(east, south, 160, north), box(-160, -110, -15, south),
                              box(15, -110, 160, south)])  # fmt: skip


def at(east_km: float = PLACE[0], north_km: float = PLACE[1], radius_km: float = 1.5) -> Disc:
    return Disc(float(east_km), float(north_km), float(radius_km))


@settings(deadline=None, max_examples=40)
@given(st.floats(0.3, 12), st.floats(-10, 10), st.floats(0.6, 4))
def test_two_half_planes_with_a_gap_give_the_gap(gap, where, thick):
    found = corridor(wall(gap, at_km=where, thick_km=thick), LAND, at())
    assert found.neck_km == pytest.approx(gap, abs=5e-5)
    assert found.neck_min_km == found.neck_max_km == found.neck_km
    assert sorted(east for east, _ in found.neck.tips) == pytest.approx([where - gap / 2, where + gap / 2], abs=2e-5)
    assert found.neck.second_exit_km == 0.0
    south_km2 = 30 * (90 - thick)
    assert south_km2 - 0.01 <= found.neck.pocket_km2 <= south_km2 + gap * thick + 0.01
    assert found.neck.pocket.area == pytest.approx(found.neck.pocket_km2)


@settings(deadline=None, max_examples=25)
@given(st.floats(0.5, 9), st.floats(0, 360), st.floats(-900, 900), st.floats(-900, 900))
def test_turning_and_shifting_the_map_change_nothing(gap, degrees, east, north):
    def moved(shape: BaseGeometry) -> BaseGeometry:
        return affinity.translate(affinity.rotate(shape, degrees, origin=(0, 0)), east, north)

    spot = moved(shapely.Point(*PLACE))
    before = corridor(wall(gap), LAND, at())
    after = corridor(moved(wall(gap)), moved(LAND), at(spot.x, spot.y))
    assert after.neck_km == pytest.approx(before.neck_km, abs=1e-4)
    assert after.neck.pocket_km2 == pytest.approx(before.neck.pocket_km2, rel=0.01)
    assert after.footprint_free == pytest.approx(before.footprint_free)
    for one, other in zip(before.enclosure, after.enclosure, strict=True):
        assert other.blocked == pytest.approx(one.blocked, abs=8.5 / 360)


@settings(deadline=None, max_examples=25)
@given(st.floats(0.5, 9), st.floats(0.02, 30))
def test_more_vertices_on_the_same_outline_change_nothing(gap, step):
    before = corridor(wall(gap), LAND, at())
    after = corridor(shapely.segmentize(wall(gap), step), shapely.segmentize(LAND, max(step, 0.5)), at())
    assert after.neck_km == pytest.approx(before.neck_km, abs=2e-5)
    assert after.neck.pocket_km2 == pytest.approx(before.neck.pocket_km2, rel=0.01)
    assert after.enclosure == before.enclosure


@settings(deadline=None, max_examples=20)
@given(st.floats(0.2, 9), st.floats(0.2, 9))
def test_of_two_gaps_the_wider_is_the_neck_and_the_other_the_second_exit(one, other):
    both = wall(0.001).difference(box(-8 - one / 2, -12, -8 + one / 2, -9))
    both = shapely.union(both, box(-1, -12, 1, -10)).difference(box(8 - other / 2, -12, 8 + other / 2, -9))
    found = corridor(both, LAND, at())
    assert found.neck_km == pytest.approx(max(one, other), abs=5e-5)
    assert found.neck.second_exit_km == pytest.approx(min(one, other), abs=2e-3)


def test_closing_the_neck_makes_it_zero():
    closed = shapely.union(wall(3), box(-5, -11, 5, -10))
    found = corridor(closed, LAND, at())
    assert found.neck_km == 0.0
    assert found.rung is Rung.NO_GAP
    assert found.neck.tips == ()
    assert found.neck.pocket_km2 == pytest.approx(30 * 89)


@pytest.mark.parametrize(
    ("gap", "rung"),
    [(35, Rung.OPEN), (15, Rung.SEMI_ENCLOSED), (9.99, Rung.POCKET), (5, Rung.POCKET), (4.99, Rung.GAP_2_5),
     (2, Rung.GAP_2_5), (1.99, Rung.GAP_UNDER_2)],
)  # fmt: skip
def test_each_rung_begins_where_it_should(gap, rung):
    found = corridor(wall(gap), LAND, at())
    assert found.rung is rung
    assert (found.neck_km is None) == (gap > 30)


def test_a_finger_narrows_the_neck_but_not_the_robust_one():
    finger = shapely.union(wall(8), box(-4.5, -10.6, 1, -10.3))
    found = corridor(finger, LAND, at())
    assert found.neck_km == pytest.approx(3, abs=0.01)
    assert found.robust_neck_km == pytest.approx(8, abs=0.25)


def test_a_dent_is_no_pocket():
    dent = shapely.union_all([box(-160, -110, 160, -50), box(-5, -50, -2, -49), box(2, -50, 5, -49)])
    assert corridor(dent, LAND, at(0, -49.5, 0.3)).rung is Rung.OPEN
    deep = shapely.union_all([box(-160, -110, 160, -50), box(-5, -50, -2, -40), box(2, -50, 5, -40)])
    assert corridor(deep, LAND, at(0, -48.5, 0.3)).neck_km == pytest.approx(4, abs=1e-4)


def test_a_coast_bounds_the_land_but_is_no_tip():
    peninsula = LAND.difference(shapely.union(box(-160, -110, -15, 0), box(15, -110, 160, 0)))
    enemy = box(-20, -11, 10, -10)
    found = corridor(enemy, peninsula, at())
    assert found.neck_km == pytest.approx(5, abs=0.2)
    assert [round(east, 3) for east, _ in found.neck.tips] == [10]
    assert len(found.neck.chord) == 2
    assert pincers(enemy, peninsula) == ()


def test_a_taken_place_says_how_much_of_it_is_left():
    enemy = box(-160, -110, 0.5, 110)
    found = corridor(enemy, LAND, at(0, 0, 2))
    assert found.rung is Rung.TAKEN
    assert found.enclosure == ()
    chord = 4 * math.acos(0.25) - 0.5 * math.sqrt(4 - 0.25)
    assert found.footprint_free == pytest.approx(chord / (4 * math.pi), abs=1e-6)


def test_a_place_in_a_country_wholly_taken_has_no_width():
    found = corridor(box(-200, -200, 200, 200), LAND, at())
    assert (found.rung, found.neck_km, found.footprint_free) == (Rung.TAKEN, None, 0.0)


def test_a_place_off_the_land_is_refused():
    with pytest.raises(BadInputError, match="off the land"):
        corridor(wall(3), LAND, at(500, 500))


def test_enclosure_counts_bearings_with_enemy_ground_in_reach():
    east = box(4, -100, 150, 100)
    five, ten, twenty = corridor(east, LAND, at(0, 0)).enclosure
    for ring, reach in ((five, 5), (ten, 10), (twenty, 20)):
        assert ring.blocked == pytest.approx(2 * math.acos(4 / reach) / (2 * math.pi), abs=1.01 / 360)
        assert ring.blocked * 360 + ring.largest_free_arc_deg == pytest.approx(360)


@settings(deadline=None, max_examples=50)
@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(0.1, 4), st.integers(0, 2**32 - 1))
def test_footprint_is_the_exact_share_of_the_disc(east, north, radius, seed):
    rng = np.random.default_rng(seed)
    angle = np.sort(rng.uniform(0, 2 * np.pi, 12))
    reach = rng.uniform(0.5, 6, 12)
    enemy = shapely.make_valid(Polygon(np.column_stack([reach * np.cos(angle), reach * np.sin(angle)])))
    found = corridor(enemy, LAND, at(east, north, radius))
    disc = shapely.Point(east, north).buffer(radius, quad_segs=720)
    assert found.footprint_free == pytest.approx(1 - disc.intersection(enemy).area / disc.area, abs=1e-4)


def test_without_land_the_extent_is_open_at_its_edge():
    pair = shapely.union_all([box(0, 0, 20, 40), box(23, 0, 43, 40)])
    assert corridor(pair, None, at(21.5, 20)).neck_km == pytest.approx(3, abs=1e-3)
    horseshoe = box(0, 0, 30, 30).difference(box(5, 5, 25, 26)).difference(box(13, 20, 17, 31))
    found = corridor(horseshoe, None, at(15, 15))
    assert found.neck_km == pytest.approx(4, abs=1e-3)
    assert found.neck.pocket_km2 == pytest.approx(20 * 21 + 16, abs=1)


def test_the_field_is_open_zero_or_a_width_and_nan_on_enemy_ground():
    field = necks(shapely.union(wall(3), box(-5, 30, 5, 40).difference(box(-2, 33, 2, 37))), LAND)
    widths = field.widths_km(np.array([[0, -30.0], [0, 60], [0, 35], [50, -50], [1e6, 1e6]]))
    assert widths[0] == pytest.approx(3)
    assert widths[1] == math.inf
    assert widths[2] == 0
    assert np.isnan(widths[3:]).all()


def test_many_places_on_one_map_are_each_as_if_alone():
    around = surroundings_of(wall(4), LAND)
    places = [at(0, -30), at(5, -60), at(0, 40), at(-60, -60)]
    assert list(corridors(around, places)) == [corridor(wall(4), LAND, place) for place in places]


# Pincers


def pocket(width: float, depth: float, gap: float, *, east: float = 0.0) -> BaseGeometry:
    """Enemy walls, round on the outside, about a pocket of free ground that opens to the north; its foot is at 0."""
    outer = shapely.Point(east, depth / 2).buffer(math.hypot(width, depth) / 2 + 1)
    inner = box(east - width / 2, 0, east + width / 2, depth)
    return outer.difference(inner).difference(box(east - gap / 2, depth / 2, east + gap / 2, depth * 2))


def test_every_pocket_is_found_with_no_place_named():
    both = shapely.union_all([pocket(8, 10, 3), pocket(9, 6, 5, east=40), pocket(20, 20, 9, east=-40)])
    found = pincers(both, LAND)
    narrow = [one for one in found if one.pocket.covers(shapely.Point(0, 5)) or one.pocket.covers(shapely.Point(40, 3))]
    assert [round(one.neck_km, 3) for one in narrow] == [3, 5]
    assert [one.pocket_km2 for one in narrow] == pytest.approx([80, 54], abs=15)
    assert places_inside(narrow[0].pocket, [(0.0, 5.0), (40.0, 3.0), (0.0, -5.0)]) == [0]
    assert not any(one.pocket.covers(shapely.Point(-40, 10)) for one in found)


def test_a_pocket_in_a_pocket_is_its_own_and_a_corridor_is_one():
    outer, inner = pocket(30, 30, 6), affinity.translate(pocket(6, 6, 2), 0, 10)
    found = pincers(shapely.union(outer, inner), LAND)
    holds = [one for one in found if one.pocket.covers(shapely.Point(0, 13))]
    assert [round(one.neck_km, 3) for one in holds] == [6, 2]
    assert holds[0].pocket.covers(holds[1].pocket)
    long = box(-4, 0, 4, 34).difference(box(-2, 2, 2, 35))
    assert [round(one.neck_km, 3) for one in pincers(long, LAND)] == [4]


def test_a_gate_that_is_nobodys_neck_is_not_listed():
    bag = shapely.union(wall(3), shapely.union_all([box(-15, -50, -3.5, -49), box(3.5, -50, 15, -49)]))
    assert [round(one.neck_km, 3) for one in pincers(bag, LAND)] == [3]
    assert [round(one.neck_km, 3) for one in pincers(bag.difference(box(-2, -12, 2, -9)), LAND)] == [4]


def test_tips_near_a_border_are_left_out():
    assert len(pincers(pocket(8, 10, 3), LAND)) == 1
    near = LAND.difference(box(-150, 15, 150, 100))
    assert pincers(pocket(8, 10, 3), near) == ()
    assert len(pincers(pocket(8, 10, 3), None)) == 1


def test_small_pockets_and_wide_gates_are_left_out():
    assert pincers(pocket(3, 2, 2), LAND) == ()
    assert not any(one.neck_km > 8 for one in pincers(pocket(20, 20, 8.5), LAND))
