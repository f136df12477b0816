"""Where public cells lie in degrees, as a few numbers in place of the corners of thousands.

Corners lie on whole multiples of a cell's side on the theatre's flat map; over a theatre, degrees are a smooth function
of them, so that a polynomial of the fourth degree in both says where each corner is to well under a metre.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from isofront.arrays import Float
from isofront.ground.grid import to_lonlat
from isofront.publish.coarse import Cell

DEGREE = 4
FITTED = 9
"""So many corners each way are fitted: over the whole extent, edges among them."""
DIGITS = 9
"""Decimal places of the coefficients: a tenth of a millimetre each."""


@dataclass(frozen=True, slots=True)
class CellGrid:
    """Corner (column, row) -> degrees: sums over u^i v^j, u and v from -1 to 1 over the extent."""

    km: float
    column0: float
    row0: float
    scale: float
    lon: tuple[float, ...]
    lat: tuple[float, ...]

    @property
    def record(self) -> dict[str, Any]:
        """As the page reads it."""
        return {
            "km": self.km, "column0": self.column0, "row0": self.row0, "scale": self.scale,
            "lon": list(self.lon), "lat": list(self.lat),
        }  # fmt: skip

    def corner(self, column: float | int, row: float | int) -> tuple[float, float]:
        """A corner in degrees."""
        terms = _terms(np.array([(column - self.column0) / self.scale]), np.array([(row - self.row0) / self.scale]))[0]
        return float(terms @ np.array(self.lon)), float(terms @ np.array(self.lat))


def cell_grid(cells: Sequence[Cell], *, crs: str, km: float) -> CellGrid:
    """The grid on which some cells lie, fitted over their extent."""
    spots = np.array(cells or [(0, 0)], float).reshape(-1, 2)
    low, high = spots.min(axis=0), spots.max(axis=0) + 1
    middle, scale = (low + high) / 2, float(max((high - low).max() / 2, 1))
    along = np.linspace(-1, 1, FITTED)
    u, v = (one.ravel() for one in np.meshgrid(along, along))
    lon, lat = to_lonlat((middle[0] + u * scale) * km, (middle[1] + v * scale) * km, crs=crs)
    terms = _terms(u, v)
    fitted = (np.linalg.lstsq(terms, degrees, rcond=None)[0] for degrees in (lon, lat))
    first, second = (tuple(round(float(one), DIGITS) + 0.0 for one in found) for found in fitted)
    return CellGrid(km, float(middle[0]), float(middle[1]), scale, first, second)


def _terms(u: Float[np.ndarray, " n"], v: Float[np.ndarray, " n"]) -> Float[np.ndarray, "n k"]:
    """u^i v^j in the order (0,0) (1,0) (0,1) (2,0) (1,1) (0,2) …"""
    return np.column_stack([u ** (total - j) * v**j for total in range(DEGREE + 1) for j in range(total + 1)])
