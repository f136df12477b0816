"""Where reports acted, filed by squares: what is near a spot is found without asking all of a long war's reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import no_type_check

import numpy as np

from isofront.arrays import Bool, Float, Int
from isofront.ground.grid import Grid
from isofront.kept_code import njit

SQUARE_KM = 4.0
FARTHER_KM = 4.0
"""So far past the reach is looked, so that spots beside one that was asked in vain need not be asked."""


@dataclass(frozen=True, slots=True)
class Acted:
    """Places (lifted, km) by squares of the map, row by row of squares; a square's places lie between two `starts`."""

    west_km: float
    south_km: float
    starts: Int[np.ndarray, "rows columns_and_one"]
    places: Float[np.ndarray, "n axes"]

    @classmethod
    def of(cls, places: Float[np.ndarray, "n axes"]) -> Acted:
        """The places in the order of squares."""
        if len(places) == 0:
            return cls(0.0, 0.0, np.zeros((0, 1), np.int64), places)
        west, south = places[:, :2].min(axis=0)
        column, row = np.floor((places[:, :2] - (west, south)) / SQUARE_KM).astype(np.int64).T
        rows, columns = int(row.max()) + 1, int(column.max()) + 1
        square = row * columns + column
        ends = np.cumsum(np.bincount(square, minlength=rows * columns)).reshape(rows, columns)
        starts = np.column_stack([np.concatenate([[0], ends[:-1, -1]]), ends])
        return cls(float(west), float(south), starts, places[np.argsort(square, kind="stable")])

    def about(self, grid: Grid, reach_km: float) -> bool:
        """Whether any place may lie within reach of a grid's box (to the next square)."""
        west, south, east, north = grid.box_km
        return bool(_any_about(self.starts, west - self.west_km, south - self.south_km, east - self.west_km,
                               north - self.south_km, reach_km))  # fmt: skip

    def near(self, spots: Float[np.ndarray, "m axes"], reach_km: float) -> Bool[np.ndarray, " m"]:
        """Which spots (lifted, km) lie within reach of a place."""
        return np.asarray(_near(spots, self.places, self.starts, self.west_km, self.south_km, reach_km))


@njit(cache=True, nogil=True)
@no_type_check
def _span(low, high, n):
    """The squares along an axis between two places, as first and one past the last."""
    return max(np.int64(np.floor(low / SQUARE_KM)), 0), min(np.int64(np.floor(high / SQUARE_KM)) + 1, n)


@njit(cache=True, nogil=True)
@no_type_check
def _any_about(starts, west, south, east, north, reach):  # noqa: PLR0917 - numba takes no keywords
    rows, columns = starts.shape[0], starts.shape[1] - 1
    bottom, top = _span(south - reach, north + reach, rows)
    left, right = _span(west - reach, east + reach, columns)
    found = False
    for row in range(bottom, top):
        found = found or (left < right and starts[row, right] > starts[row, left])
    return found


@njit(cache=True, nogil=True)
@no_type_check
def _near(spots, places, starts, west, south, reach):  # noqa: PLR0917 - numba takes no keywords
    """The place that was near the last spot is asked first; round a spot that was asked in vain, none need be."""
    out, last, vain, free = np.zeros(spots.shape[0], np.bool_), 0, 0, 0.0
    if places.shape[0] == 0:
        return out
    for i in range(spots.shape[0]):
        if _apart2(spots[i], spots[vain]) < free * free:
            continue
        if _apart2(spots[i], places[last]) < reach * reach:
            out[i] = True
            continue
        nearest2, last = _nearest2(spots[i], places, starts, spots[i, 0] - west, spots[i, 1] - south, reach, last)
        out[i] = nearest2 < reach * reach
        if not out[i]:
            vain, free = i, np.sqrt(nearest2) - reach - 1e-9
    return out


@njit(cache=True, nogil=True)
@no_type_check
def _nearest2(spot, places, starts, east, north, reach, last):  # noqa: PLR0917 - numba takes no keywords
    """The squared distance to a place in reach, else to the nearest, at most somewhat past the reach; and the place."""
    wider = reach + FARTHER_KM
    bottom, top = _span(north - wider, north + wider, starts.shape[0])
    left, right = _span(east - wider, east + wider, starts.shape[1] - 1)
    nearest2 = wider * wider
    for row in range(bottom, top):
        for j in range(starts[row, left], starts[row, max(left, right)]):
            apart2 = _apart2(spot, places[j])
            if apart2 < nearest2:
                nearest2, last = apart2, j
                if apart2 < reach * reach:
                    return nearest2, last
    return nearest2, last


@njit(cache=True, nogil=True)
@no_type_check
def _apart2(one, other):
    total = 0.0
    for axis in range(one.shape[0]):
        total += (one[axis] - other[axis]) ** 2
    return total
