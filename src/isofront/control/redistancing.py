"""A depth made a distance again by a positive factor in each cell, so that every report's share in it stays known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import no_type_check

import numpy as np

from isofront.arrays import Float, Float32, Int
from isofront.ground.distance_field import redistance
from isofront.ground.grid import Grid
from isofront.kept_code import njit
from isofront.threads import each

LIMIT_KM = 40.0
"""Depths are not told apart beyond this distance from the line."""
STRIP = 64
"""Rows of cells that are worked out at once."""
SQUARE = 32
"""Cells along each side of the squares in which a factor is kept."""
LATENT_STEP_KM = 1e-8
"""The latent is rounded to this when a window closes, so that the last bits of a machine's sums do not add up."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A factor in every cell; kept are the squares of cells in which it is not 1, for a long war has many windows.

    `place` is where among `squares` each square is, -1 where the factor is 1 throughout.
    """

    shape: tuple[int, int]
    place: Int[np.ndarray, "rows columns"]
    squares: Float32[np.ndarray, "n size size"]

    @classmethod
    def of(cls, cells: Float32[np.ndarray, "ny nx"]) -> Scale:
        """The factors given."""
        (ny, nx), size = cells.shape, SQUARE
        whole = np.ones((-(-ny // size) * size, -(-nx // size) * size), np.float32)
        whole[:ny, :nx] = cells
        squares = whole.reshape(-1, size, whole.shape[1] // size, size).swapaxes(1, 2)
        kept = (squares != 1).any(axis=(2, 3))
        place = np.where(kept, np.cumsum(kept).reshape(kept.shape) - 1, -1)
        return cls((ny, nx), place, squares[kept])

    def cells(self) -> Float32[np.ndarray, "ny nx"]:
        """The factor in every cell."""
        size, squares = SQUARE, np.ones((*self.place.shape, SQUARE, SQUARE), np.float32)
        squares[self.place >= 0] = self.squares
        whole = squares.swapaxes(1, 2).reshape(len(self.place) * size, -1)
        return np.ascontiguousarray(whole[: self.shape[0], : self.shape[1]])

    def at(self, grid: Grid, spots_km: Float[np.ndarray, "n 2"]) -> Float[np.ndarray, " n"]:
        """The factor at spots, bilinear between cell centres."""
        where = self.shape, grid.west_km, grid.south_km, grid.cell_km
        return np.asarray(_at(self.place, self.squares, where, np.asarray(spots_km, float)))


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _at(place, squares, where, spots):
    (ny, nx), west, south, cell = where
    out = np.empty(spots.shape[0])
    for k in range(spots.shape[0]):
        x = min(max((spots[k, 0] - west) / cell - 0.5, 0.0), nx - 1.0)
        y = min(max((spots[k, 1] - south) / cell - 0.5, 0.0), ny - 1.0)
        column, row = min(np.int64(x), max(nx - 2, 0)), min(np.int64(y), max(ny - 2, 0))
        right, up = min(column + 1, nx - 1), min(row + 1, ny - 1)
        low = _between(place, squares, row, column, right, x - column)
        high = _between(place, squares, up, column, right, x - column)
        out[k] = low + (high - low) * (y - row)
    return out


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _between(place, squares, row, column, right, part):  # noqa: PLR0917 - numba takes no keywords
    one, other = _factor(place, squares, row, column), _factor(place, squares, row, right)
    return one + (other - one) * part


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _factor(place, squares, row, column):
    n = place[row // SQUARE, column // SQUARE]
    return 1.0 if n < 0 else np.float64(squares[n, row % SQUARE, column % SQUARE])


def redistanced(
    grid: Grid, depth_km: Float[np.ndarray, "ny nx"], untouched_km: Float[np.ndarray, "ny nx"]
) -> tuple[Scale, Float[np.ndarray, "ny nx"], Float32[np.ndarray, "ny nx"]]:
    """The factor, the depth times it, and what the depth would be without reports times it, km."""
    made = redistance(grid, depth_km, limit_km=LIMIT_KM)
    scale, was = np.empty(grid.shape, np.float32), np.empty(grid.shape, np.float32)

    def fill(rows: slice) -> None:
        scale[rows] = _factors(depth_km[rows], made[rows])
        np.multiply(untouched_km[rows], scale[rows], out=was[rows], casting="same_kind")
        made[rows] = np.round(depth_km[rows] * scale[rows] / LATENT_STEP_KM) * LATENT_STEP_KM

    for _ in each(fill, strips(grid)):
        pass
    return Scale.of(scale), made, was


def _factors(depth_km: Float[np.ndarray, "ny nx"], away_km: Float[np.ndarray, "ny nx"]) -> Float[np.ndarray, "ny nx"]:
    """Distance over depth, within bounds: one over the slope near the line; where both are nothing, 1."""
    small = np.abs(depth_km) < 1e-3
    ratio = np.where(small, 1.0, away_km / np.where(small, 1.0, depth_km))
    return np.clip(ratio, 0.2, 5.0)


def strips(grid: Grid) -> list[slice]:
    """Rows of cells, strip after strip."""
    return [slice(row, row + STRIP) for row in range(0, grid.ny, STRIP)]
