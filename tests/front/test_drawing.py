"""Laws of a drawing: one coverage, still where nothing came in, smooth where the line moved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds_of_noise import (
    FRAME,
    GRID,
    SIDES,
    anchor_of,
    bump,
    distance_to,
    field_of,
    smooth_km,
    swapped,
)

from isofront.control.field import GreyReason
from isofront.front import Class, Drawing, Role, anchor_areas, changed_km2, draw
from isofront.front.contours import region_between
from isofront.ground.distance_field import inner_border_km

seeds = st.integers(0, 10_000)
MINIMUM_KM2 = 0.5


def drawn(field, approved, *, frame=FRAME, least=MINIMUM_KM2) -> Drawing:
    return draw(field, frame=frame, approved=approved, minimum_part_km2=least)


def shapes(areas) -> list:
    return [area.geometry for area in areas]


def vertices(areas) -> set[tuple[float, float]]:
    return set(map(tuple, shapely.get_coordinates(shapes(areas))))


def held(areas, side):
    return shapely.union_all([area.geometry for area in areas if area.side == side])


def assert_one_coverage(areas, frame=FRAME) -> None:
    assert all(shape.is_valid and not shape.is_empty for shape in shapes(areas))
    assert shapely.coverage_is_valid(shapes(areas))
    assert sum(shape.area for shape in shapes(areas)) == pytest.approx(frame.area, abs=1e-6)
    assert shapely.symmetric_difference(shapely.coverage_union_all(shapes(areas)), frame).area < 1e-6


@settings(max_examples=25, deadline=None)
@given(seeds, seeds, st.sampled_from([0.0, 0.1, 0.5, 2.0]), st.sampled_from([6.0, 15.0]))
def test_areas_are_one_coverage_of_the_frame_whatever_moved(old, new, half, cells):
    approved = anchor_of(smooth_km(old))
    result = drawn(field_of(smooth_km(new, cells=cells), half_km=half), approved)
    assert_one_coverage(result.areas)
    rounded = shapely.transform(np.array(shapes(result.areas)), lambda xy: np.round(xy, 4))
    assert shapely.coverage_is_valid(rounded)


@settings(max_examples=15, deadline=None)
@given(seeds, seeds)
def test_partly_touched_ground_still_gives_one_coverage(old, where):
    approved = anchor_of(smooth_km(old))
    push = bump(305 + where % 20, 5305 + where % 15, km=3.0 if where % 2 else -3.0, width_km=2.0)
    field = field_of(distance_to(approved) + push, half_km=np.abs(push) / 4, touched=push != 0)
    result = drawn(field, approved)
    assert_one_coverage(result.areas)
    again = drawn(field_of(distance_to(approved) - push, half_km=0.5, touched=push != 0), result.areas)
    assert_one_coverage(again.areas)


@settings(max_examples=10, deadline=None)
@given(seeds, seeds)
def test_where_nothing_was_touched_the_approved_areas_stand_to_the_vertex(old, new):
    approved = anchor_of(smooth_km(old))
    untouched = np.zeros(GRID.shape, bool)
    result = drawn(field_of(smooth_km(new), half_km=1.0, touched=untouched), approved)
    assert result.areas == approved
    assert (result.n_merged, result.merged_km2) == (0, 0.0)


@settings(max_examples=15, deadline=None)
@given(seeds, st.floats(305, 325), st.floats(5305, 5320), st.sampled_from([-2.5, 2.5]))
def test_far_from_a_touched_blob_every_vertex_stays_and_none_is_added(old, east, north, km):
    approved = anchor_of(smooth_km(old))
    push = bump(east, north, km=km, width_km=1.5)
    result = drawn(field_of(distance_to(approved) + push, half_km=np.abs(push) / 3, touched=push != 0), approved)

    def outside(areas):
        cells = {xy: GRID.cell_of(*xy) for xy in vertices(areas)}
        return {xy for xy, cell in cells.items() if cell is not None and push[cell] == 0}

    assert outside(result.areas) == outside(approved)
    assert_one_coverage(result.areas)


@settings(max_examples=10, deadline=None)
@given(seeds)
def test_touched_ground_where_nothing_moved_keeps_its_vertices(old):
    approved = anchor_of(smooth_km(old))
    phi = distance_to(approved)
    assert vertices(drawn(field_of(phi), approved).areas) == vertices(approved)


@pytest.mark.parametrize("km", [-0.06, 0.03, 0.06])
def test_a_move_that_the_grid_cannot_show_leaves_the_vertices(km):
    x, y = GRID.centres_km()
    approved = anchor_of(315.0 - x + np.sin(y / 4))
    slight = field_of(distance_to(approved) + km)
    assert vertices(drawn(slight, approved).areas) == vertices(approved)


def test_where_the_line_moved_it_is_the_contour_of_the_field():
    approved = anchor_of(smooth_km(3))
    phi = smooth_km(3) + 1.5
    result = drawn(field_of(phi, half_km=0.4), approved, least=0.0)
    want = shapely.intersection(region_between(GRID, phi - 0.4), FRAME)
    assert shapely.symmetric_difference(held(result.areas, "red"), want).area < 0.01 * want.area
    edge = inner_border_km(want, FRAME)
    got = inner_border_km(held(result.areas, "red"), FRAME)
    assert shapely.hausdorff_distance(edge, got) < 2 * GRID.cell_km


@settings(max_examples=10, deadline=None)
@given(seeds, seeds)
def test_swapping_the_sides_swaps_the_drawing(old, new):
    approved = anchor_of(smooth_km(old))
    field = field_of(smooth_km(new), half_km=0.6)
    one, other = drawn(field, approved), drawn(swapped(field), approved)
    for side in SIDES:
        assert shapely.symmetric_difference(held(one.areas, side), held(other.areas, side)).area < 1e-3
    assert one.n_merged == other.n_merged


@settings(max_examples=8, deadline=None)
@given(seeds, seeds, st.integers(-40, 40), st.integers(-40, 40))
def test_shifting_the_grid_shifts_the_shapes(old, new, right, up):
    def there(shape):
        return shapely.transform(shape, lambda xy: xy + np.array([float(right), float(up)]))

    approved = anchor_of(smooth_km(old))
    field = field_of(smooth_km(new), half_km=0.6)
    grid = replace(GRID, west_km=GRID.west_km + right, south_km=GRID.south_km + up)
    moved = tuple(replace(area, geometry=there(area.geometry)) for area in approved)
    one, other = drawn(field, approved), drawn(replace(field, grid=grid), moved, frame=there(FRAME))
    for side in SIDES:
        assert shapely.symmetric_difference(there(held(one.areas, side)), held(other.areas, side)).area < 1e-3


@settings(max_examples=8, deadline=None)
@given(seeds, seeds)
def test_areas_agree_with_counting_cells(old, new):
    field = field_of(smooth_km(new), half_km=0.8)
    result = drawn(field, anchor_of(smooth_km(old)), least=0.0)
    inside = shapely.contains_xy(FRAME, *GRID.centres_km())
    for k, side in enumerate(SIDES):
        cells = float((inside & (field.p_held[k] >= 0.5)).sum()) * GRID.cell_km**2
        outline = held(result.areas, side).length
        assert held(result.areas, side).area == pytest.approx(cells, abs=0.3 * GRID.cell_km * outline + 0.5)


@settings(max_examples=8, deadline=None)
@given(seeds, seeds)
def test_new_lines_have_no_stair_steps(old, new):
    field = field_of(smooth_km(new, cells=15), half_km=0.7)
    result = drawn(field, anchor_of(smooth_km(old)))
    turns = [turn for line in result.lines if line.role is Role.EDGE for turn in _turns_deg(line.geometry)]
    assert len(turns) > 20
    assert np.mean(np.array(turns) > 60) < 0.02
    assert np.median(turns) < 15


def _turns_deg(lines) -> list[float]:
    out: list[float] = []
    for line in shapely.get_parts(lines):
        step = np.diff(shapely.get_coordinates(line), axis=0)
        step = step[np.hypot(*step.T) > 0.02]
        angle = np.degrees(np.arctan2(step[:, 1], step[:, 0]))
        out += list(np.abs((np.diff(angle) + 180) % 360 - 180))
    return out


def test_small_parts_are_merged_into_a_neighbour_and_counted():
    x, y = GRID.centres_km()
    approved = anchor_of(315.0 - x)
    red_isle, blue_isle = 0.6 - np.hypot(x - 321, y - 5315), 0.6 - np.hypot(x - 307, y - 5310)
    field = field_of(np.minimum(np.maximum(313.0 - x, red_isle), -blue_isle))
    with_isles = drawn(field, approved, least=0.0)
    without = drawn(field, approved, least=3.0)
    assert [len(shapely.get_parts(held(with_isles.areas, side))) for side in SIDES] == [2, 2]
    assert [len(shapely.get_parts(held(without.areas, side))) for side in SIDES] == [1, 1]
    assert (with_isles.n_merged, without.n_merged) == (0, 2)
    assert without.merged_km2 == pytest.approx(2 * np.pi * 0.6**2, rel=0.1)
    assert_one_coverage(without.areas)


def test_approved_parts_that_nobody_touched_are_kept_however_small():
    x, _ = GRID.centres_km()
    isle = shapely.Point(320.0, 5310.0).buffer(0.1)
    approved = anchor_of(315.0 - x)
    approved = anchor_areas({"red": held(approved, "red").union(isle)}, None, sides=SIDES, frame=FRAME, holder="red")
    push = bump(315, 5318, km=2, width_km=1)
    result = drawn(field_of(distance_to(approved) + push, touched=push != 0), approved)
    assert vertices(approved) & set(map(tuple, isle.exterior.coords)) <= vertices(result.areas)
    assert result.n_merged == 0


def test_grey_ground_is_split_by_its_reasons_without_stair_steps():
    x, y = GRID.centres_km()
    field = field_of(315.0 - x, half_km=2.0)
    reason = np.where(y > 5312 + (x - 315) / 2, GreyReason.DISPUTED_EVIDENCE, GreyReason.NEITHER_PRESENT)
    field = replace(field, grey_reason=np.where(field.grey_reason > 0, reason, 0).astype(np.uint8))
    result = drawn(field, anchor_of(310.0 - x))
    grey = {area.grey_reason: area.geometry for area in result.areas if area.cls is Class.GREY}
    assert set(grey) == {"disputed_evidence", "neither_present"}
    shared = grey["disputed_evidence"].intersection(grey["neither_present"])
    assert shared.length == pytest.approx(4.0 * np.hypot(1, 0.5), abs=0.3)
    assert_one_coverage(result.areas)


def test_edges_bands_and_even_odds_line_leave_the_frame_alone():
    x, _ = GRID.centres_km()
    result = drawn(field_of(315.0 - x, half_km=1.0), anchor_of(310.0 - x))
    by_role = {(line.role, line.side): line.geometry for line in result.lines}
    height = FRAME.bounds[3] - FRAME.bounds[1]
    assert by_role[Role.EDGE, "red"].length == pytest.approx(height, rel=1e-3)
    assert by_role[Role.EDGE, "red"].centroid.x == pytest.approx(314.0, abs=0.02)
    assert by_role[Role.EDGE, "blue"].centroid.x == pytest.approx(316.0, abs=0.02)
    assert by_role[Role.EVEN_ODDS, None].centroid.x == pytest.approx(315.0, abs=0.02)
    assert by_role[Role.BAND, "red"].area == pytest.approx(height * 2 * 1.645, rel=0.01)


def test_infiltration_lies_outside_held_ground_and_carries_its_side():
    x, _ = GRID.centres_km()
    result = drawn(field_of(315.0 - x, half_km=1.5), anchor_of(310.0 - x))
    assert {area.side for area in result.infiltration} == set(SIDES)
    for area in result.infiltration:
        assert area.cls is Class.PRESENT
        assert area.geometry.intersection(held(result.areas, area.side)).area < 1e-6
        assert area.geometry.area > MINIMUM_KM2


def test_ground_that_an_anchor_says_nothing_of_shows_nobodys_infiltration():
    x, _ = GRID.centres_km()
    red, blue = FRAME & shapely.box(0, 0, 308, 9999), FRAME & shapely.box(316, 0, 9999, 9999)
    before = anchor_areas({"red": red, "blue": blue}, None, sides=SIDES, frame=FRAME, holder=None)
    untouched = replace(field_of(312.0 - x, half_km=4.0), touched=np.zeros(GRID.shape, bool))
    result = drawn(untouched, before)
    empty = shapely.union_all([area.geometry for area in result.areas if area.grey_reason == "neither_present"])
    assert empty.area > 100
    assert all(area.geometry.intersection(empty).area < 1e-6 for area in result.infiltration)


def test_unobserved_ground_is_where_its_degree_is_at_least_half():
    x, _ = GRID.centres_km()
    result = drawn(field_of(315.0 - x), anchor_of(310.0 - x))
    assert result.unobserved.bounds[2] == pytest.approx(310.0, abs=0.01)


def test_a_side_that_held_nothing_can_take_ground_and_lose_all_of_it():
    x, _ = GRID.centres_km()
    everything = anchor_of(np.full(GRID.shape, -1.0) + 0 * x)
    assert [area.side for area in everything] == ["blue"]
    taken = drawn(field_of(315.0 - x), everything)
    assert held(taken.areas, "red").area == pytest.approx((315.0 - FRAME.bounds[0]) * 20.8, rel=0.01)
    lost = drawn(field_of(np.full(GRID.shape, -5.0)), taken.areas)
    assert [area.side for area in lost.areas] == ["blue"]
    assert lost.areas[0].geometry.area == pytest.approx(FRAME.area)
    assert changed_km2(taken.areas, lost.areas)["red->blue"] == pytest.approx(held(taken.areas, "red").area)
