"""A coarse lattice over a grid, and the smooth linear way from its nodes to cells and spots."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import no_type_check

import numpy as np

from isofront.arrays import Float, Int, Shaped
from isofront.ground.grid import Grid
from isofront.kept_code import njit

TOGETHER = 8
"""So many surfaces are carried to cells side by side."""


@dataclass(frozen=True, slots=True)
class Lattice:
    """Nodes every `step_km` over a grid's box, two steps past it on all sides; node (0, 0) is south-west.

    Between nodes a surface is Catmull-Rom: through the nodes, smooth, and linear in them, so that sums over
    contributions at nodes stay sums at any spot.
    """

    west_km: float
    south_km: float
    step_km: float
    nx: int
    ny: int

    @classmethod
    def over(cls, grid: Grid, *, step_km: float) -> Lattice:
        """The lattice of a grid."""
        west, south, east, north = grid.box_km
        nx, ny = (int(np.ceil((high - low) / step_km)) + 5 for low, high in ((west, east), (south, north)))
        return cls(west - 2 * step_km, south - 2 * step_km, step_km, nx, ny)

    @property
    def shape(self) -> tuple[int, int]:
        """(ny, nx)."""
        return self.ny, self.nx

    @property
    def east_km(self) -> Float[np.ndarray, " nx"]:
        """East of each column of nodes, km."""
        return self.west_km + np.arange(self.nx) * self.step_km

    @property
    def north_km(self) -> Float[np.ndarray, " ny"]:
        """North of each row of nodes, km."""
        return self.south_km + np.arange(self.ny) * self.step_km

    @property
    def axes_km(self) -> tuple[Float[np.ndarray, " nx"], Float[np.ndarray, " ny"]]:
        """East of the columns and north of the rows of nodes, km."""
        return self.east_km, self.north_km

    def nodes_km(self) -> Float[np.ndarray, "n 2"]:
        """East and north of every node, row by row, km; kept, and not to be written to."""
        return _nodes_km(self)

    def to_cells(self, surface: Float[np.ndarray, "*n ly lx"], grid: Grid) -> Float[np.ndarray, "*n ny nx"]:
        """One or many surfaces at every cell centre of the grid."""
        return self.on_axes(surface, grid.east_km, grid.north_km)

    def on_axes(
        self,
        surface: Float[np.ndarray, "*n ly lx"],
        east_km: Float[np.ndarray, " nx"],
        north_km: Float[np.ndarray, " ny"],
    ) -> Float[np.ndarray, "*n ny nx"]:
        """One or many surfaces wherever two axes cross, km; past the lattice they stay as at its rim.

        Surfaces in single precision stay so.
        """
        kind = np.float32 if surface.dtype == np.float32 else np.float64
        rows, by_row = self.taps(north_km, self.south_km, self.ny)
        columns, by_column = self.taps(east_km, self.west_km, self.nx)
        many = np.ascontiguousarray(surface, kind).reshape(-1, self.ny, self.nx)
        cells = np.empty((len(many), len(rows), len(columns)), kind)
        if cells.size:
            _to_cells(many, rows, by_row.astype(kind), columns, by_column.astype(kind), cells)
        return cells.reshape(*surface.shape[:-2], *cells.shape[1:])

    def at(self, surface: Float[np.ndarray, "ly lx"], spots_km: Float[np.ndarray, "n 2"]) -> Float[np.ndarray, " n"]:
        """The surface at spots, km; past the lattice it stays as at its rim."""
        rows = self.taps(spots_km[:, 1], self.south_km, self.ny)
        columns = self.taps(spots_km[:, 0], self.west_km, self.nx)
        return np.asarray(_at(np.asarray(surface, float), *rows, *columns))

    def taps(
        self, at_km: Float[np.ndarray, " n"], origin_km: float, size: int
    ) -> tuple[Int[np.ndarray, " n"], Float[np.ndarray, "4 n"]]:
        """The first of the four nodes round each place along an axis of so many nodes, and the weights of all four."""
        first, weights = _taps((at_km - origin_km) / self.step_km, size)
        return first, weights


@lru_cache(maxsize=4)
def _nodes_km(lattice: Lattice) -> Float[np.ndarray, "n 2"]:
    nodes = np.empty((lattice.ny, lattice.nx, 2))
    nodes[..., 0], nodes[..., 1] = lattice.east_km, lattice.north_km[:, None]
    nodes.setflags(write=False)
    return nodes.reshape(-1, 2)


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _taps(places, size):
    """Catmull-Rom weights, which sum to 1."""
    nodes, weights = np.empty(places.shape[0], np.int64), np.empty((4, places.shape[0]))
    for k in range(places.shape[0]):
        inside = min(max(places[k], 1.0), size - 2.0)
        first = min(np.int64(np.floor(inside)), size - 3)
        t = inside - first
        nodes[k] = first - 1
        weights[0, k] = 0.5 * (-t + 2 * t * t - t * t * t)
        weights[1, k] = 0.5 * (2 - 5 * t * t + 3 * t * t * t)
        weights[2, k] = 0.5 * (t + 4 * t * t - 3 * t * t * t)
        weights[3, k] = 0.5 * (t * t * t - t * t)
    return nodes, weights


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _at(surface, rows, by_row, columns, by_column):
    out = np.zeros(rows.shape[0])
    for k in range(rows.shape[0]):
        for i in range(4):
            along = 0.0
            for j in range(4):
                along += by_column[j, k] * surface[rows[k] + i, columns[k] + j]
            out[k] += by_row[i, k] * along
    return out


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _to_cells(many, rows, by_row, columns, by_column, cells):  # noqa: PLR0917 - numba takes no keywords
    low = rows.min()
    across_nodes(along_nodes(many, low, rows.max() + 4, columns, by_column), low, rows, by_row, cells)


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def along_nodes(many, low, high, columns, by_column):
    """Surfaces along some rows of nodes, at columns of cells; rows of nodes that are all 0 cost little."""
    west = columns.min()
    out = np.empty((many.shape[0], high - low, columns.shape[0]), by_column.dtype)
    nodes = np.zeros((columns.max() + 4 - west, TOGETHER), by_column.dtype)
    for one in range(0, many.shape[0], TOGETHER):
        for row in range(high - low):
            some = many[one : one + TOGETHER]
            is_any = _gather(some, low + row, west, nodes)
            _along(nodes, is_any, columns, west, by_column, out[one : one + TOGETHER, row])
    return out


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def across_nodes(along, low, rows, by_row, cells):
    """From rows of nodes, from the row `low` on, to rows of cells; of each four the first is told."""
    for one in range(along.shape[0]):
        for row in range(rows.shape[0]):
            _across(along[one, rows[row] - low : rows[row] - low + 4], by_row[:, row], cells[one, row])


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _gather(some, row, west, out):
    """A row of nodes of some surfaces, node by node; whether any is not 0."""
    is_any = False
    for k in range(some.shape[0]):
        is_any |= speaks(some[k, row], west, west + out.shape[0])
        for column in range(out.shape[0]):
            out[column, k] = some[k, row, west + column]
    return is_any


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def speaks(nodes, west, east):
    """Whether any node of some along a row is not 0."""
    found = False
    for column in range(west, east):
        found |= nodes[column] != 0
    return found


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _along(nodes, is_any, columns, west, by_column, out):  # noqa: PLR0917 - numba takes no keywords
    """Surfaces side by side, so that a processor works on `TOGETHER` of them at once."""
    if not is_any:
        for k in range(out.shape[0]):
            for c in range(out.shape[1]):
                out[k, c] = 0
        return
    sums = np.empty((columns.shape[0], TOGETHER), out.dtype)
    one, two, three, four = by_column[0], by_column[1], by_column[2], by_column[3]
    for c in range(columns.shape[0]):
        i, a, b, c_, d = columns[c] - west, one[c], two[c], three[c], four[c]
        for k in range(TOGETHER):
            sums[c, k] = a * nodes[i, k] + b * nodes[i + 1, k] + c_ * nodes[i + 2, k] + d * nodes[i + 3, k]
    for k in range(out.shape[0]):
        for c in range(columns.shape[0]):
            out[k, c] = sums[c, k]


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _across(along, share, out):
    one, two, three, four = along[0], along[1], along[2], along[3]
    a, b, c, d = share[0], share[1], share[2], share[3]
    for k in range(out.shape[0]):
        out[k] = a * one[k] + b * two[k] + c * three[k] + d * four[k]


def at_cells(
    grid: Grid, field: Shaped[np.ndarray, "ny nx"], spots_km: Float[np.ndarray, "n 2"]
) -> Float[np.ndarray, " n"]:
    """A gridded field at spots (km), bilinear between cell centres; past the grid as at its rim."""
    return np.asarray(_at_cells(field, np.asarray(spots_km, float), grid.west_km, grid.south_km, grid.cell_km))


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _at_cells(field, spots, west, south, cell):
    out = np.empty(spots.shape[0])
    for k in range(spots.shape[0]):
        out[k] = between_cells(field, (west, south, cell), spots[k, 0], spots[k, 1])
    return out


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def between_cells(field, cells, east, north):
    """A gridded field at one spot, as `at_cells`; `cells` are the west and south of the grid and its cell, km."""
    ny, nx = field.shape
    x = min(max((east - cells[0]) / cells[2] - 0.5, 0.0), nx - 1.0)
    y = min(max((north - cells[1]) / cells[2] - 0.5, 0.0), ny - 1.0)
    column, row = min(np.int64(x), max(nx - 2, 0)), min(np.int64(y), max(ny - 2, 0))
    fx, fy = x - column, y - row
    right, up = min(column + 1, nx - 1), min(row + 1, ny - 1)
    low = field[row, column] * (1 - fx) + field[row, right] * fx
    high = field[up, column] * (1 - fx) + field[up, right] * fx
    return low * (1 - fy) + high * fy
