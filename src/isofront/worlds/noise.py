"""Smooth chance: random fields that vary by place and change slowly from day to day."""

from __future__ import annotations

import numpy as np

from isofront.arrays import Float32
from isofront.ground.grid import Grid


class DriftingField:
    """A Gaussian field of unit spread over a grid, correlated over `length_km` and `memory_days`.

    z(t+1) = a z(t) + sqrt(1 - a²) e(t), a = exp(-1/memory); e is white noise on nodes `length_km` apart,
    interpolated bilinearly to the cells.
    """

    def __init__(self, grid: Grid, *, length_km: float, memory_days: float, rng: np.random.Generator) -> None:
        """Start from the field's own long-run spread."""
        self._rng = rng
        self._keep = float(np.exp(-1 / memory_days))
        self._nodes = rng.standard_normal(_node_shape(grid, length_km))
        self._rows = _positions(grid.ny, grid.cell_km / length_km)
        self._columns = _positions(grid.nx, grid.cell_km / length_km)

    def step(self) -> None:
        """One day on."""
        fresh = self._rng.standard_normal(self._nodes.shape)
        self._nodes = self._keep * self._nodes + np.sqrt(1 - self._keep**2) * fresh

    def values(self) -> Float32[np.ndarray, "ny nx"]:
        """The field of today at every cell."""
        down = _between(self._nodes, self._rows)
        return _between(down.T, self._columns).T.astype(np.float32)


def _node_shape(grid: Grid, length_km: float) -> tuple[int, int]:
    return tuple(int(np.ceil(n * grid.cell_km / length_km)) + 2 for n in grid.shape)  # type: ignore[return-value]


def _positions(n: int, step: float) -> np.ndarray:
    return np.arange(n) * step


def _between(rows: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Linear interpolation down the first axis, scaled so that its spread stays 1 between the nodes."""
    low = at.astype(int)
    share = (at - low)[:, None]
    mixed = (1 - share) * rows[low] + share * rows[low + 1]
    return np.asarray(mixed / np.sqrt((1 - share) ** 2 + share**2))
