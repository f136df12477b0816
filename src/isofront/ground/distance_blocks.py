"""Distances and insides of a few cells without compiled loops: one map of one day is done before a compiler is loaded.

The answers are those of `distance_field`, to the last digits of a float. Cells are square; arrays are [row, column],
row 0 south; lengths in km.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Bool, Float
from isofront.ground.distance_field import distance_km, inside_cells, segments_km
from isofront.ground.grid import Grid

BLOCK = 32
"""Side of a block in cells: each block looks only at segments that can be nearest to one of its cells."""
MOST_PAIRS = 200_000_000
"""For more cells times segments than this the compiled loops are quicker, their loading included."""


def few(grid: Grid, lines: BaseGeometry) -> bool:
    """Whether there is so little to do that loading compiled loops would take longer."""
    return grid.nx * grid.ny * max(1, int(shapely.get_num_coordinates(lines))) <= MOST_PAIRS


@lru_cache(maxsize=2)
def distance_of(grid: Grid, line: BaseGeometry) -> Float[np.ndarray, "ny nx"]:
    """Exact distance (km) of every cell centre to a line; read-only, cached because a band and an offset both ask."""
    segments = segments_km(line)
    if not (len(segments) and few(grid, line)):
        return distance_km(grid, segments)
    out = np.empty(grid.shape)
    for rows in _runs(grid.ny):
        north = grid.north_km[rows]
        for columns in _runs(grid.nx):
            east = grid.east_km[columns]
            out[rows, columns] = np.sqrt(_squared_km(east, north, _can_be_nearest(east, north, segments)).min(axis=0))
    out.flags.writeable = False
    return out


def _runs(n: int) -> list[slice]:
    return [slice(first, first + BLOCK) for first in range(0, n, BLOCK)]


def _can_be_nearest(
    east: Float[np.ndarray, " nx"], north: Float[np.ndarray, " ny"], segments: Float[np.ndarray, "n 4"]
) -> Float[np.ndarray, "m 4"]:
    """Without those farther from the block's middle than the nearest one and twice the half-diagonal."""
    x, y = (east[:1] + east[-1:]) / 2, (north[:1] + north[-1:]) / 2
    reach = 2 * np.hypot(east[-1] - x[0], north[-1] - y[0]) + 1e-9
    away = np.sqrt(_squared_km(x, y, segments)[:, 0, 0])
    return np.asarray(segments[away <= away.min() + reach])


def _squared_km(
    east: Float[np.ndarray, " nx"], north: Float[np.ndarray, " ny"], segments: Float[np.ndarray, "n 4"]
) -> Float[np.ndarray, "n ny nx"]:
    """Squared distance of a block's cells to segments (ax, ay, bx, by)."""
    ax, ay, bx, by = segments.T[:, :, None, None]
    dx, dy = bx - ax, by - ay
    squared = dx * dx + dy * dy
    squared[squared == 0] = 1.0
    px, py = east - ax, north[:, None] - ay
    along = px * (dx / squared) + py * (dy / squared)
    np.clip(along, 0.0, 1.0, out=along)
    away_x, away_y = px - along * dx, py - along * dy
    away_x *= away_x
    away_y *= away_y
    return np.asarray(np.add(away_x, away_y, out=away_x))


def insides_of(grid: Grid, polygons: BaseGeometry) -> Bool[np.ndarray, "ny nx"]:
    """Which cell centres lie inside valid polygons, by the even-odds rule.

    A ring that crosses a row flips all cells of it from the first one at or east of the crossing.
    """
    ax, ay, bx, by = segments_km(polygons).T
    if len(ax) == 0 or not few(grid, polygons):
        return inside_cells(grid, polygons)
    first, last = (np.searchsorted(grid.north_km, edge) for edge in (np.minimum(ay, by), np.maximum(ay, by)))
    n = last - first
    edge = np.repeat(np.arange(len(n)), n)
    row = np.arange(len(edge)) - np.repeat(np.cumsum(n) - n, n) + first[edge]
    crossing = ax[edge] + (grid.north_km[row] - ay[edge]) / (by - ay)[edge] * (bx - ax)[edge]
    column = np.searchsorted(grid.east_km, crossing)
    flips = np.bincount(row * (grid.nx + 1) + column, minlength=grid.ny * (grid.nx + 1))
    return np.asarray(np.cumsum(flips.reshape(grid.ny, -1), axis=1)[:, :-1] % 2 == 1)
