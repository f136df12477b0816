"""From kilometres to degrees: rounding keeps a coverage, long edges bend with the earth, rings turn by RFC 7946."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from isofront.publish.lonlat import LONGEST_KM, coverage_in_lonlat, in_lonlat

CRS = "EPSG:32636"
CORNER = np.array([400.0, 5320.0])


def cells_about(points: np.ndarray) -> list[shapely.Polygon]:
    """A coverage: the Voronoi cells of the points inside a box."""
    box = shapely.box(0, 0, 10, 10)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=box))
    cut = shapely.coverage_simplify([shapely.intersection(cell, box) for cell in cells], 0.0)
    return [shapely.transform(cell, lambda km: km + CORNER) for cell in cut]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.1, 9.9), st.floats(0.1, 9.9)), min_size=4, max_size=30, unique=True),
    st.sampled_from([6, 3, 2]),
)
def test_a_coverage_is_still_one_after_rounding_however_coarse(points, digits):
    areas = cells_about(np.round(np.array(points), 3))
    if not shapely.coverage_is_valid(areas):
        return
    made = coverage_in_lonlat(areas, crs=CRS, digits=digits)
    filled = [area for area in made if not area.is_empty]
    assert len(made) == len(areas)
    assert all(area.is_valid for area in filled)
    assert shapely.coverage_is_valid(filled)
    coordinates = np.vstack([shapely.get_coordinates(area) for area in filled])
    np.testing.assert_array_equal(coordinates, np.round(coordinates, digits))


def test_a_sliver_thinner_than_the_step_is_given_away_without_a_gap():
    thin = 1e-6
    strips = [shapely.box(0, 0, 5, 10), shapely.box(5, 0, 5 + thin, 10), shapely.box(5 + thin, 0, 10, 10)]
    areas = [shapely.transform(strip, lambda km: km + CORNER) for strip in strips]
    made = coverage_in_lonlat(areas, crs=CRS, digits=4)
    whole = shapely.union_all(made)
    assert made[1].is_empty
    assert whole.geom_type == "Polygon"
    assert not whole.interiors


def test_a_fold_made_by_rounding_is_mended():
    zigzag = [(0, 0), (4, 0), (4, 3), (3.999, 2.0), (3.9995, 3.0), (0, 3)]
    area = shapely.transform(shapely.Polygon(zigzag), lambda km: km + CORNER)
    assert in_lonlat(area, crs=CRS, digits=2).is_valid


def test_long_edges_bend_with_the_earth_and_short_ones_keep_their_vertices():
    long = in_lonlat(shapely.LineString([CORNER, CORNER + np.array([90, 0])]), crs=CRS)
    short = in_lonlat(shapely.LineString([CORNER, CORNER + np.array([LONGEST_KM - 1, 0])]), crs=CRS)
    assert shapely.get_num_coordinates(long) == 6
    assert shapely.get_num_coordinates(short) == 2


@given(st.floats(-80, 80), st.floats(-80, 80))
@settings(max_examples=30, deadline=None)
def test_a_long_edge_gets_the_same_vertices_whichever_way_it_is_walked(east, north):
    there = shapely.LineString([CORNER, CORNER + np.array([east + 100, north])])
    forth = shapely.get_coordinates(in_lonlat(there, crs=CRS))
    back = shapely.get_coordinates(in_lonlat(there.reverse(), crs=CRS))
    np.testing.assert_array_equal(forth, back[::-1])


@pytest.mark.parametrize("turn", [False, True])
def test_outer_rings_run_anticlockwise_and_holes_clockwise(turn):
    ring = shapely.box(0, 0, 10, 10).difference(shapely.box(2, 2, 4, 4))
    area = shapely.transform(ring.reverse() if turn else ring, lambda km: km + CORNER)
    made = in_lonlat(area, crs=CRS)
    assert made.exterior.is_ccw
    assert not made.interiors[0].is_ccw


@pytest.mark.parametrize("empty", [shapely.Polygon(), shapely.MultiPolygon(), shapely.GeometryCollection()])
def test_nothing_stays_nothing(empty):
    assert in_lonlat(empty, crs=CRS).is_empty
    assert coverage_in_lonlat([empty], crs=CRS)[0].is_empty


def test_rings_that_rounding_turns_into_a_line_or_a_spot_go_and_the_rest_stays():
    tiny = shapely.box(500.0, 5400.0, 500.00001, 5400.00001)
    thin = shapely.box(500.0, 5400.0, 500.00001, 5404.0)
    whole = shapely.box(500.0, 5400.0, 510.0, 5410.0).difference(shapely.box(505.0, 5405.0, 505.00001, 5405.00001))
    assert in_lonlat(tiny, crs="EPSG:32637", digits=4).is_empty
    assert in_lonlat(thin, crs="EPSG:32637", digits=4).is_empty
    kept = in_lonlat(whole, crs="EPSG:32637", digits=4)
    assert kept.geom_type == "Polygon"
    assert not kept.interiors
    both = in_lonlat(
        shapely.MultiPolygon([whole, shapely.box(520.0, 5400.0, 520.00001, 5400.00001)]), crs="EPSG:32637", digits=4
    )
    assert len(both.geoms) == 1
