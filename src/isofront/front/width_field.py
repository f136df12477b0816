"""The corridor-width field on a grid: the neck of every cell of one side's land, read off the free triangles."""

from __future__ import annotations

import math
from typing import Any, no_type_check

import numpy as np

from isofront.arrays import Float32
from isofront.front.ladder import Ladder
from isofront.front.neck_field import Necks
from isofront.ground.grid import Grid
from isofront.kept_code import njit

CELL_KM = 0.25
MARGIN_KM = 30.0
"""The field reaches this far past the polygons: no neck is wider."""

MOST_CELLS = 16_000_000
"""A grid of more cells than this is made coarser."""

Array = np.ndarray[Any, Any]


def widths_on(
    field: Necks | None, grid: Grid, *, open_km: float | int = Ladder().open_km
) -> Float32[np.ndarray, "ny nx"]:
    """The neck of each cell's centre, km; all NaN where the enemy holds all of the land."""
    km = np.full(grid.shape, np.nan, np.float32)
    if field is not None:
        narrow = np.flatnonzero(field.mesh.free & (field.neck_km <= open_km))
        corners = field.mesh.spots_km[field.mesh.corners[narrow]]
        cells = (corners - (grid.west_km, grid.south_km)) / grid.cell_km - 0.5
        _fill(km, cells, field.neck_km[narrow].astype(np.float32))
    return km


def grid_about(
    box_km: tuple[float, float, float, float], within_km: tuple[float, float, float, float], crs: str
) -> Grid:
    """The grid for the field of some polygons: their box and 30 km more, as far as the land reaches."""
    west, south = (max(box_km[k] - MARGIN_KM, within_km[k]) for k in (0, 1))
    east, north = (min(box_km[k] + MARGIN_KM, within_km[k]) for k in (2, 3))
    cell = CELL_KM * max(1, math.ceil(math.sqrt((east - west) * (north - south) / MOST_CELLS) / CELL_KM))
    return Grid.over((west, south, max(east, west + cell), max(north, south + cell)), crs=crs, cell_km=cell)


@njit(cache=True)
@no_type_check
def _fill(km: Array, corners: Array, widths: Array) -> None:
    """Write each triangle's width into the cells whose centres it holds; corners in cells, (0, 0) the first centre."""
    ny, nx = km.shape
    for t in range(len(corners)):
        low, high = corners[t, :, 1].min(), corners[t, :, 1].max()
        for row in range(max(0, int(np.ceil(low))), min(ny - 1, int(np.floor(high))) + 1):
            left, right = np.inf, -np.inf
            for k in range(3):
                ax, ay = corners[t, k]
                bx, by = corners[t, (k + 1) % 3]
                if min(ay, by) <= row <= max(ay, by):
                    if ay == by:
                        left, right = min(left, ax, bx), max(right, ax, bx)
                    else:
                        at = ax + (row - ay) / (by - ay) * (bx - ax)
                        left, right = min(left, at), max(right, at)
            for column in range(max(0, int(np.ceil(left))), min(nx - 1, int(np.floor(right))) + 1):
                km[row, column] = widths[t]
