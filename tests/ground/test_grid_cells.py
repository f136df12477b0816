"""Which cell a spot lies in."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from isofront.ground.grid import Grid

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
