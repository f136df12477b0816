"""The plane cut into square tiles, so that work grows with the length of a front and not with its cube.

A tile answers for what lies in its square (its core), and reads the reports that lie in the square or within
`HALO_KM` of it. Squares are counted from the grid's corner. Tiles are worked on by a few threads (`threads.each`), and
answers are put together in the order of the tiles, so that the number of threads changes no bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import no_type_check

import numpy as np

from isofront.arrays import Float, Int
from isofront.kept_code import njit

CORE_KM = 24.0
HALO_KM = 10.0

Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Tile:
    """A square by its place (column, row) and which of some spots lie in it, in increasing order."""

    key: Key
    core: Int[np.ndarray, " n"]


def tiles_of(spots_km: Float[np.ndarray, "n 2"], origin_km: tuple[float, float]) -> tuple[Tile, ...]:
    """The squares in which there are spots, in a fixed order."""
    if len(spots_km) == 0:
        return ()
    squares = np.floor((spots_km - np.array(origin_km)) / CORE_KM).astype(np.int64)
    low = squares.min(axis=0)
    place = (squares[:, 0] - low[0]) * (squares[:, 1].max() - low[1] + 1) + squares[:, 1] - low[1]
    order = np.argsort(place, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(place[order])) + 1)
    return tuple(Tile((int(squares[part[0], 0]), int(squares[part[0], 1])), part) for part in parts)


def around(
    key: Key, spots_km: Float[np.ndarray, "n 2"], origin_km: tuple[float, float], *, reach_km: float
) -> Int[np.ndarray, " m"]:
    """Which spots lie in a tile's square or within reach of it, in increasing order."""
    west, south = origin_km[0] + key[0] * CORE_KM, origin_km[1] + key[1] * CORE_KM
    return np.asarray(_around(spots_km, west, south, CORE_KM, reach_km))


@njit(cache=True, nogil=True)
@no_type_check
def _around(spots, west, south, size, reach):
    found, n = np.empty(spots.shape[0], np.int64), 0
    for i in range(spots.shape[0]):
        east = max(west - spots[i, 0], spots[i, 0] - west - size, 0.0)
        north = max(south - spots[i, 1], spots[i, 1] - south - size, 0.0)
        if east * east + north * north < reach * reach:
            found[n] = i
            n += 1
    return found[:n].copy()
