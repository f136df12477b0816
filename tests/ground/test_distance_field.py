"""The distance field against shapely, spot by spot."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Polygon, box

from isofront.ground.distance_field import (
    distance_km,
    inner_border_km,
    inside_cells,
    redistance,
    segments_km,
    signed_distance_km,
)
from isofront.ground.grid import Grid

GRID = Grid("EPSG:32637", west_km=100.0, south_km=200.0, cell_km=0.5, nx=47, ny=38)


def blob(seed: int, *, n: int, centre: tuple[float, float] = (112.0, 209.0)) -> Polygon:
    """A wavy ring of `n` vertices, partly outside the grid."""
    rng = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    waves = sum(rng.normal() / k * np.cos(k * angle + rng.uniform(0, 6)) for k in range(1, 12))
    radius = 8.0 * np.exp(0.3 * waves)
    return Polygon(np.column_stack([centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle)]))


def brute(grid: Grid, inside: shapely.Geometry, border: shapely.Geometry) -> np.ndarray:
    spots = shapely.points(*grid.centres_km())
    return np.where(shapely.contains(inside, spots), 1.0, -1.0) * shapely.distance(spots, border)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 400))
def test_distance_equals_brute_force_for_any_polygon(seed, n):
    polygon = blob(seed, n=n)
    found = signed_distance_km(GRID, polygon, polygon.boundary)
    np.testing.assert_allclose(found, brute(GRID, polygon, polygon.boundary), atol=1e-9)


def test_holes_and_several_parts_are_seen():
    shape = shapely.union_all([blob(1, n=60).difference(box(110, 207, 113, 210)), box(101, 214, 104, 218)])
    np.testing.assert_allclose(signed_distance_km(GRID, shape, shape.boundary), brute(GRID, shape, shape.boundary))


def test_no_border_gives_infinite_distance_with_the_sign_of_the_class():
    empty = LineString()
    assert (signed_distance_km(GRID, box(0, 0, 900, 900), empty) == np.inf).all()
    assert (signed_distance_km(GRID, Polygon(), empty) == -np.inf).all()


def test_turned_inside_out_the_sign_flips():
    polygon = blob(5, n=80)
    outer = box(0, 0, 500, 500).difference(polygon)
    one = signed_distance_km(GRID, polygon, polygon.boundary)
    np.testing.assert_array_equal(one, -signed_distance_km(GRID, outer, polygon.boundary))


def test_an_edge_on_the_frame_is_no_border_and_the_class_runs_on_outward():
    frame = box(103, 203, 120, 216)
    west = box(103, 203, 111.25, 216)
    border = inner_border_km(west, frame)
    assert border.equals(LineString([(111.25, 203), (111.25, 216)]))
    found = signed_distance_km(GRID, west, border, frame=frame)
    np.testing.assert_allclose(found, np.broadcast_to(111.25 - GRID.east_km, GRID.shape), atol=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_redistancing_gives_slope_one_and_keeps_the_zero_line(seed):
    polygon = blob(seed, n=200)
    exact = signed_distance_km(GRID, polygon, polygon.boundary)
    squashed = np.tanh(exact / 3) * 2
    again = redistance(GRID, squashed)
    assert (np.sign(again) == np.sign(squashed)).all()
    near = np.abs(exact) < 1.0
    assert np.median(np.abs(again - exact)[near]) < 0.05 * GRID.cell_km
    steep = np.hypot(*np.gradient(again, GRID.cell_km))
    assert np.quantile(np.abs(steep - 1), 0.8) < 0.05


def test_redistancing_a_field_without_a_zero_leaves_it():
    phi = np.full(GRID.shape, 3.5)
    np.testing.assert_array_equal(redistance(GRID, phi), phi)


def test_cells_inside_match_shapely():
    shape = blob(9, n=150).difference(blob(3, n=50, centre=(110.0, 208.0)))
    np.testing.assert_array_equal(inside_cells(GRID, shape), shapely.contains_xy(shape, *GRID.centres_km()))


def test_segments_come_from_polygons_lines_and_nested_collections():
    nested = shapely.GeometryCollection(
        [box(0, 0, 1, 1), shapely.MultiLineString([[(0, 0), (2, 0)], [(5, 5), (6, 6)]])]
    )
    assert len(segments_km(nested)) == 6
    assert segments_km(shapely.GeometryCollection()).shape == (0, 4)
    assert segments_km(shapely.Point(0, 0)).shape == (0, 4)


def test_twenty_thousand_vertices_do_not_change_the_answer():
    polygon = blob(2, n=20_000)
    np.testing.assert_allclose(
        distance_km(GRID, segments_km(polygon)), np.abs(brute(GRID, polygon, polygon.boundary)), atol=1e-9
    )


def test_a_limit_caps_the_distance_and_changes_nothing_below_it():
    polygon = blob(4, n=300)
    full = signed_distance_km(GRID, polygon, polygon.boundary)
    capped = signed_distance_km(GRID, polygon, polygon.boundary, limit_km=1.5)
    np.testing.assert_allclose(capped, np.clip(full, -1.5, 1.5), atol=1e-12)


def test_a_border_carried_on_into_a_bay_ends_in_its_middle() -> None:
    """A horseshoe of land open to the east, its border on the south arm's inner shore: the north arm is not cut."""
    grid = Grid("EPSG:32634", west_km=0.0, south_km=0.0, cell_km=0.5, nx=40, ny=40)
    land = box(0, 0, 20, 20) - box(8, 6, 20, 14)
    west = land & box(0, 0, 14, 6)
    depth = signed_distance_km(grid, west, inner_border_km(west, land), frame=land)
    assert (depth[28:] < -4).all()
    assert depth[6, 26] == pytest.approx(0.75)


@pytest.mark.parametrize(("nx", "ny"), [(1, 9), (9, 1), (1, 1)])
def test_one_row_or_column_of_cells_has_no_contour_and_stays_as_it_is(nx, ny):
    phi = np.linspace(-2.0, 3.0, nx * ny).reshape(ny, nx)
    assert np.array_equal(redistance(Grid("EPSG:32637", 0.0, 0.0, 0.5, nx, ny), phi), phi)
