"""Distances without compiled loops are those of the compiled ones."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from isofront.ground import distance_blocks
from isofront.ground.distance_field import distance_km, inside_cells, segments_km
from isofront.ground.grid import Grid

spots = st.tuples(st.floats(-3, 12, allow_nan=False), st.floats(-3, 9, allow_nan=False))


def grid(nx: int = 45, ny: int = 37) -> Grid:
    return Grid("EPSG:32637", 0.1, -0.3, 0.2, nx, ny)


@given(st.lists(spots, min_size=2, max_size=12, unique=True))
def test_distances_are_those_of_the_compiled_loops(line):
    drawn = shapely.LineString(line)
    expected = distance_km(grid(), segments_km(drawn))
    assert np.allclose(distance_blocks.distance_of(grid(), drawn), expected, rtol=0, atol=1e-12)


@given(st.lists(spots, min_size=3, max_size=12, unique=True))
def test_insides_are_those_of_the_compiled_loops(ring):
    shape = shapely.buffer(shapely.LineString(ring), 0.7)
    assert np.array_equal(distance_blocks.insides_of(grid(), shape), inside_cells(grid(), shape))


def test_a_crossing_on_a_cell_centre_counts_as_it_does_in_the_compiled_loops():
    square = shapely.box(grid().east_km[3], grid().north_km[4], grid().east_km[9], grid().north_km[11])
    assert np.array_equal(distance_blocks.insides_of(grid(), square), inside_cells(grid(), square))


def test_without_a_line_nothing_is_near_and_much_work_is_left_to_the_compiled_loops(monkeypatch):
    assert np.isinf(distance_blocks.distance_of(grid(), shapely.LineString())).all()
    assert not distance_blocks.insides_of(grid(), shapely.Polygon()).any()
    monkeypatch.setattr(distance_blocks, "MOST_PAIRS", 10)
    line = shapely.LineString([(0, 0), (5, 5.5)])
    assert not distance_blocks.few(grid(), line)
    assert distance_blocks.distance_of(grid(30, 20), line) == pytest.approx(
        distance_km(grid(30, 20), segments_km(line))
    )
