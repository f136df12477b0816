"""Whatever an editor does to the line, the map stays one coverage, and what the ledger keeps draws it again."""

from __future__ import annotations

import pytest
import shapely
from coverages import FRAME, SIDES, coverage, inner_vertices, is_whole, made, of, worlds
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from isofront.desk import line
from isofront.errors import UsageError
from isofront.front.shapes import Area, Class
from isofront.review import overlaid

few = settings(max_examples=settings().max_examples // 2)
MILLIMETRES = 1e-5
"""km²: where lines cross, the crossing lies on a whole millimetre, so that an edge of 10 km may turn by so much."""
PLAIN = coverage([3.0] * 7, [4.0] * 7, (4.5, 7.0))
steps = st.integers(-400, 400).map(lambda n: n / 1000)


def tried(act):
    """An act, or None where it is refused in words."""
    try:
        return act()
    except UsageError:
        return None


def laws_hold(before, act):
    assert is_whole(act.after)
    assert is_whole(overlaid(before, act.changed, sides=SIDES))
    again = overlaid(before, act.changed, sides=SIDES)
    assert [(a.cls, a.side, a.grey_reason) for a in again] == [(a.cls, a.side, a.grey_reason) for a in act.after]
    assert all(a.geometry.equals(b.geometry) for a, b in zip(again, act.after, strict=True))
    quiet = shapely.difference(FRAME, shapely.buffer(shapely.union_all([c.geometry for c in act.changed]), 1e-3))
    for name in (*SIDES, "grey"):
        was, now = of(before, name).intersection(quiet), of(act.after, name).intersection(quiet)
        assert was.symmetric_difference(now).area < MILLIMETRES


@few
@given(worlds, st.integers(0, 999), steps, steps)
def test_a_vertex_moves_for_all_its_neighbours_and_nothing_else_does(world, which, east, north):
    areas = made(world)
    at = inner_vertices(areas)[which % len(inner_vertices(areas))]
    to = (at[0] + east, at[1] + north)
    act = tried(lambda: line.moved(areas, at, to, sides=SIDES))
    assume(act is not None)
    laws_hold(areas, act)
    goal = (round(to[0], 6), round(to[1], 6))
    before, after = set(inner_vertices(areas)), set(inner_vertices(act.after))
    assert goal in after
    assert at not in after or abs(east) + abs(north) < 2e-6
    assert before - {at} <= after, "every other vertex stays to the bit"


@few
@given(worlds, st.integers(0, 999), steps)
def test_a_vertex_that_goes_and_comes_back_leaves_the_map_as_it_was(world, which, north):
    areas = made(world)
    at = inner_vertices(areas)[which % len(inner_vertices(areas))]
    there = tried(lambda: line.moved(areas, at, (at[0], at[1] + north), sides=SIDES))
    assume(there is not None)
    back = line.moved(there.after, (at[0], round(at[1] + north, 6)), at, sides=SIDES)
    for name in (*SIDES, "grey"):
        assert of(back.after, name).symmetric_difference(of(areas, name)).area < 1e-6


@few
@given(worlds, st.integers(0, 999), steps)
def test_a_spot_on_an_edge_becomes_a_vertex(world, which, north):
    areas = made(world)
    at = inner_vertices(areas)[which % len(inner_vertices(areas))]
    other = min((p for p in line._neighbours(areas, at)), key=lambda p: (p[0] - at[0], p[1]))
    middle = ((at[0] + other[0]) / 2, (at[1] + other[1]) / 2)
    act = tried(lambda: line.moved(areas, middle, (middle[0], middle[1] + north), sides=SIDES))
    assume(act is not None)
    laws_hold(areas, act)
    assert set(inner_vertices(areas)) <= set(inner_vertices(act.after))


@few
@given(worlds, st.integers(0, 999))
def test_a_vertex_taken_out_leaves_a_straight_line(world, which):
    areas = made(world)
    at = inner_vertices(areas)[which % len(inner_vertices(areas))]
    act = tried(lambda: line.without_vertex(areas, at, sides=SIDES))
    assume(act is not None)
    laws_hold(areas, act)
    assert at not in inner_vertices(act.after)


@few
@given(worlds, st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=2, max_size=6, unique=True))
def test_whatever_path_is_drawn_a_reshaped_map_is_one_coverage(world, path):
    areas = made(world)
    drawn = shapely.LineString([(x / 10, y / 10) for x, y in path])
    act = tried(lambda: line.reshaped(areas, drawn, sides=SIDES))
    assume(act is not None)
    laws_hold(areas, act)


@few
@given(worlds, st.integers(0, 80), st.integers(0, 80), st.sampled_from([*SIDES, "grey"]))
def test_ground_given_a_class_has_it_and_all_else_keeps_its_own(world, x, y, name):
    areas = made(world)
    cls = Class.GREY if name == "grey" else Class.HELD
    ground = Area(cls, None if name == "grey" else name, None, shapely.box(x / 10, y / 10, x / 10 + 2, y / 10 + 2))
    act = tried(lambda: line.assigned(areas, ground, sides=SIDES))
    assume(act is not None)
    laws_hold(areas, act)
    assert of(act.after, name).buffer(1e-6).contains(ground.geometry)


def test_a_path_from_line_to_line_moves_the_line_onto_it():
    path = shapely.LineString([(2, 4.05), (3, 5), (6, 5), (7, 4.05)])
    act = line.reshaped(PLAIN, path, sides=SIDES)
    assert act.km2 == pytest.approx(4.0, abs=0.2)
    (area,) = act.changed
    assert area.cls is Class.GREY, "what the path cuts off the blue ground goes to the grey across the line"
    assert of(act.after, "grey").intersects(shapely.Point(4.5, 4.9))


def test_a_path_that_sways_across_the_line_takes_on_one_side_and_gives_on_the_other():
    low = coverage([3.0] * 7, [3.0] * 7, None)
    act = line.reshaped(low, shapely.LineString([(2, 3), (3, 4), (4, 3), (5, 2), (6, 3)]), sides=SIDES)
    assert {area.side for area in act.changed} == {"red", "blue"}
    assert of(act.after, "red").area == pytest.approx(of(low, "red").area, abs=1e-4)


def test_a_path_that_ends_in_the_open_changes_nothing_and_says_so():
    with pytest.raises(UsageError, match="begin and end on the line"):
        line.reshaped(PLAIN, shapely.LineString([(2, 4), (3, 5)]), sides=SIDES)


def test_a_cut_leaves_two_pieces_of_which_one_is_pointed_at():
    path = shapely.LineString([(5, 2.9), (5, 4.1)])
    piece = line.piece_at(PLAIN, (2, 3.5), sides=SIDES, path=path)
    assert piece.area == pytest.approx(5.0)
    act = line.assigned(PLAIN, Area(Class.HELD, "red", None, piece), sides=SIDES)
    assert is_whole(act.after)
    assert of(act.after, "red").area == pytest.approx(35.0)


def test_a_cut_that_does_not_go_through_is_refused():
    with pytest.raises(UsageError, match="go through"):
        line.piece_at(PLAIN, (2, 3.5), sides=SIDES, path=shapely.LineString([(5, 3.2), (5, 3.5)]))


def test_a_piece_is_the_connected_ground_round_a_spot():
    assert line.piece_at(PLAIN, (5, 7.4), sides=SIDES).area == pytest.approx(0.96)


def test_the_end_of_the_line_on_the_bounds_does_not_move():
    with pytest.raises(UsageError, match="bounds"):
        line.moved(PLAIN, (0, 3), (0.5, 3.5), sides=SIDES)


def test_a_vertex_does_not_leave_the_bounds():
    with pytest.raises(UsageError, match="bounds"):
        line.moved(PLAIN, (5, 4), (5, 11), sides=SIDES)


def test_a_line_is_not_laid_across_itself():
    with pytest.raises(UsageError, match="cross itself"):
        line.moved(PLAIN, (5, 4), (5, 2), sides=SIDES)


def test_where_there_is_no_line_nothing_moves():
    with pytest.raises(UsageError, match="no line within"):
        line.moved(PLAIN, (5, 5.5), (5, 6), sides=SIDES)


def test_ground_that_is_so_already_changes_nothing():
    with pytest.raises(UsageError, match="nothing changes"):
        line.assigned(PLAIN, Area(Class.HELD, "red", None, shapely.box(1, 1, 2, 2)), sides=SIDES)


def test_a_hold_speaks_for_what_each_part_of_its_ground_is():
    found = line.held_here(PLAIN, shapely.box(1, 2, 3, 5))
    assert [area.side for area in found] in (["red", "blue", None], ["red", None, "blue"], ["blue", "red", None])
    assert sum(area.geometry.area for area in found) == pytest.approx(6.0)


def test_ground_outside_the_bounds_is_refused():
    with pytest.raises(UsageError, match="outside"):
        line.held_here(PLAIN, shapely.box(20, 20, 21, 21))
    with pytest.raises(UsageError, match="outside"):
        line.assigned(PLAIN, Area(Class.HELD, "red", None, shapely.box(20, 20, 21, 21)), sides=SIDES)
