"""Two maps side by side: laws that hold whatever is drawn, and a count of cells and spots that agrees."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scrawls import scrawl
from shapely.affinity import translate
from shapely.geometry import box

from isofront.compare.between import Band, Between, Mapped, between
from isofront.front.apart import apart, line_in, weighted_quantiles
from isofront.front.offset import best_offset

CRS = "EPSG:32637"
FRAME = box(-8, -8, 8, 8)
SEEDS = st.integers(0, 10_000)


def two(seed: int) -> tuple[Mapped, Mapped]:
    rng = np.random.default_rng(seed)
    return Mapped(scrawl(rng)), Mapped(scrawl(rng))


def compared(a: Mapped, b: Mapped, frame: shapely.Geometry = FRAME, **wish: object) -> Between:
    return between(a, b, frame, crs=CRS, **({"band_km": 4.0} | wish))


@given(SEEDS)
@settings(max_examples=8)
def test_swapping_the_maps_swaps_only_a_and_only_b_and_keeps_the_distance_between_lines(seed):
    a, b = two(seed)
    there, back = compared(a, b), compared(b, a)
    assert there.difference.only_a_km2 == pytest.approx(back.difference.only_b_km2, abs=1e-9)
    assert there.difference.both_km2 == pytest.approx(back.difference.both_km2, abs=1e-9)
    assert (there.line is None) == (back.line is None)
    if there.line and back.line:
        assert there.line.mean_km == pytest.approx(back.line.mean_km, abs=1e-12)
        assert there.line.a_to_b == back.line.b_to_a


@given(SEEDS, st.integers(-40, 40), st.integers(-40, 40))
@settings(max_examples=6)
def test_moving_both_maps_and_the_frame_by_whole_cells_moves_nothing_else(seed, east, north):
    a, b = two(seed)
    by = {"xoff": east / 10, "yoff": north / 10}
    moved = compared(*(Mapped(translate(one.held, **by)) for one in (a, b)), translate(FRAME, **by))
    still = compared(a, b)
    assert moved.difference.symmetric_km2 == pytest.approx(still.difference.symmetric_km2, abs=1e-8)
    assert (moved.line is None) == (still.line is None)
    if moved.line and still.line:
        assert moved.line.p95_km == pytest.approx(still.line.p95_km, abs=2e-3)
    if moved.band and still.band:
        assert moved.band.n_cells == pytest.approx(still.band.n_cells, rel=0.01)


def test_a_map_beside_itself_agrees_in_everything():
    a, _ = two(3)
    found = compared(a, a)
    assert found.difference.symmetric_km2 == 0
    assert (found.band.accuracy, found.band.iou, found.band.kappa) == (1, 1, 1)
    assert found.line.p95_km == pytest.approx(0, abs=1e-12)
    assert (found.offset.km, found.offset.explained) == (0, None)


def test_a_line_shifted_by_two_km_lies_two_km_away_and_is_one_offset():
    a, b = Mapped(box(-20, -20, 0, 20)), Mapped(box(-20, -20, 2, 20))
    found = compared(a, b, band_km=10.0)
    assert found.difference.only_b_km2 == pytest.approx(32)
    assert found.difference.only_a_km2 == 0
    assert found.line.median_km == pytest.approx(2)
    assert found.offset.km == pytest.approx(2, abs=0.1)
    assert found.offset.explained == pytest.approx(1)
    assert found.band.n_cells == 100 * 160
    assert found.band.accuracy == pytest.approx(0.8)
    assert found.band.iou == pytest.approx(5 / 7)


def test_the_edge_of_the_frame_is_no_line_and_no_line_is_null():
    everything = Mapped(box(-50, -50, 50, 50))
    half = Mapped(box(-50, -50, 0, 50))
    found = compared(everything, half)
    assert (found.band, found.line, found.offset) == (None, None, None)
    assert found.difference.only_a_km2 == pytest.approx(128)
    assert compared(half, everything).line is None


def test_the_border_of_the_land_is_no_line_and_nothing_beyond_it_counts():
    land = box(-50, -50, 4, 50)
    a, b = Mapped(box(-50, -50, 4.3, 2)), Mapped(box(-50, -50, 3.9, 3))
    found = compared(a, b, land=land)
    line = line_in(
        shapely.intersection(b.held, shapely.intersection(FRAME, land)), shapely.intersection(FRAME, land), land=land
    )
    assert shapely.get_coordinates(line)[:, 1] == pytest.approx(3)
    assert found.line.p95_km == pytest.approx(1)
    assert found.difference.only_a_km2 == pytest.approx(10 * 0.1)


def test_a_map_that_ends_at_the_border_everywhere_has_no_line():
    land = box(-50, -50, 4, 50)
    found = compared(Mapped(box(-50, -50, 4.3, 50)), Mapped(box(-50, -50, 3.5, 50)), land=land)
    assert (found.band, found.line, found.offset) == (None, None, None)


@given(SEEDS)
@settings(max_examples=6)
def test_the_band_equals_a_count_cell_by_cell(seed):
    a, b = (one.within(FRAME) for one in two(seed))
    line = line_in(a.held, FRAME)
    axis = np.arange(-7.95, 8, 0.1)
    x, y = (one.ravel() for one in np.meshgrid(axis, axis))
    found = compared(a, b)
    if line.is_empty:
        assert found.band is None
        return
    near = shapely.dwithin(line, shapely.points(x, y), 2.0)
    held_a, held_b = (shapely.intersects_xy(one.held, x, y)[near] for one in (a, b))
    wanted = [near.sum(), (held_a == held_b).sum(), held_a.sum(), held_b.sum(), (held_a & held_b).sum()]
    got = [found.band.n_cells, found.band.n_equal, found.band.n_a, found.band.n_b, found.band.n_both]
    assert np.abs(np.subtract(got, wanted)).max() <= 3


def test_grey_is_a_class_of_its_own_where_both_draw_it():
    a = Mapped(box(-20, -20, 0, 20), box(0, -20, 1, 20))
    b = Mapped(box(-20, -20, 0, 20), box(0, -20, 2, 20))
    assert compared(a, b, band_km=8.0).band.accuracy == pytest.approx(7 / 8)
    assert compared(a, b, band_km=8.0).band.classes == ("held", "grey", "rest")
    assert compared(a, Mapped(b.held), band_km=8.0).band.accuracy == 1
    assert compared(a, Mapped(b.held), band_km=8.0).band.classes == ("held", "rest")


@given(st.lists(st.tuples(st.integers(-9, 9), st.booleans()), min_size=1, max_size=14))
def test_the_best_offset_is_as_good_as_any_that_is_tried(cells):
    phi = np.array([way + 0.5 for way, _ in cells], float)
    in_b = np.array([held for _, held in cells])
    found = best_offset(phi, in_b, cell_km=1.0)
    tried = [np.count_nonzero((phi > -d) != in_b) for d in np.arange(-11, 11.01, 0.25)]
    assert found.after_km2 == min(tried)
    assert found.after_km2 == np.count_nonzero((phi > -found.km) != in_b)
    assert found.before_km2 == np.count_nonzero((phi > 0) != in_b)


@given(SEEDS)
@settings(max_examples=6)
def test_distances_between_lines_equal_those_of_spots_laid_out_by_hand(seed):
    a, b = (line_in(one.within(FRAME).held, FRAME) for one in two(seed))
    found = apart(a, b, FRAME)
    if a.is_empty or b.is_empty:
        assert found is None
        return
    spots = shapely.line_interpolate_point(a, np.linspace(0, a.length, 4000)) if a.geom_type == "LineString" else None
    if spots is None:
        parts = shapely.get_parts(a)
        spots = np.concatenate([shapely.line_interpolate_point(p, np.arange(0.01, p.length, 0.02)) for p in parts])
    away = shapely.distance(b, spots)
    assert found.a_to_b.mean_km == pytest.approx(away.mean(), abs=0.03)
    assert found.a_to_b.median_km == pytest.approx(np.median(away), abs=0.06)


def test_weighted_quantiles_of_equal_weights_are_the_plain_ones():
    values = np.array([3.0, 1.0, 2.0, 5.0, 4.0])
    assert weighted_quantiles(values, np.ones(5), (0.5,)) == (3.0,)


def test_kappa_is_null_where_chance_alone_agrees():
    assert Band(10, 10, 10, 10, 10).kappa is None
    assert Band(0, 0, 0, 0, 0).accuracy is None
    assert Band(4, 4, 2, 2, 2).kappa == 1
    assert Band(4, 2, 2, 2, 1).kappa == 0
