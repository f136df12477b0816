"""Which cell a spot lies in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from isofront.ground.grid import Bounds, Grid, bounds_of, counted_on, projected_box_km

GRID = Grid(west_km=400.0, south_km=5500.0, cell_km=0.5, nx=8, ny=5, crs="EPSG:32633")
spots = some.tuples(some.floats(395, 410), some.floats(5495, 5510))


@given(some.lists(spots, max_size=6))
def test_the_nearest_cell_is_that_of_a_spot_inside_and_one_at_the_rim_outside(some_spots):
    found = GRID.nearest_cells(np.array(some_spots, float).reshape(-1, 2))
    east, north = GRID.centres_km()
    for spot, (row, column) in zip(some_spots, found.tolist(), strict=True):
        inside = GRID.cell_of(*spot)
        away = np.hypot(east - spot[0], north - spot[1])
        assert inside in (None, (row, column))
        assert away[row, column] <= away.min() + 1e-6


@pytest.mark.parametrize(
    ("given", "crs"),
    [
        (Bounds(36.0, 48.0, 37.0, 49.0), "EPSG:32637"),
        (Bounds(-180.0, -17.0, -179.0, -16.0), "EPSG:32701"),
        (Bounds(179.0, 65.0, 180.0, 66.0), "EPSG:32660"),
    ],
)
def test_degrees_about_spots_hold_where_they_came_from_and_end_at_the_antimeridian(given, crs):
    west, south, east, north = projected_box_km(given, crs=crs)
    found = bounds_of(np.array([(west, south), (east, south), (west, north), (east, north)]), crs=crs)
    assert found.west <= given.west + 1e-9
    assert found.east >= given.east - 1e-9
    assert found.east - found.west < given.east - given.west + 0.1
    assert -180 <= found.west < found.east <= 180


def test_longitudes_are_counted_on_over_the_antimeridian_and_others_keep_every_bit():
    assert counted_on(np.array([179.9, -179.9]), about=179.5).tolist() == [179.9, 360 - 179.9]
    assert counted_on(np.array([179.75, -179.75]), about=-179.5).tolist() == [-180.25, -179.75]
    plain = np.array([-120.1, 36.7, 59.9])
    assert counted_on(plain, about=-20.0).tobytes() == plain.tobytes()
