"""The plane cut into square tiles, so that work grows with the length of a front and not with its cube.

A tile answers for what lies in its square (its core), and reads the reports that lie in the square or within
`HALO_KM` of it. Squares are counted from the grid's corner. Tiles are worked on by a few threads; each one's answer is
its own, and answers are put together in the order of the tiles, so that the number of threads changes no bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from jaxtyping import Float, Int

CORE_KM = 20.0
HALO_KM = 20.0

Key = tuple[int, int]
Task = TypeVar("Task")
Answer = TypeVar("Answer")


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
    keys, which = np.unique(squares, axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(which.ravel()))[:-1])
    return tuple(Tile((int(key[0]), int(key[1])), part) for key, part in zip(keys, parts, strict=True))


def around(
    key: Key, spots_km: Float[np.ndarray, "n 2"], origin_km: tuple[float, float], *, reach_km: float
) -> Int[np.ndarray, " m"]:
    """Which spots lie in a tile's square or within reach of it, in increasing order."""
    low = np.array(origin_km) + np.array(key) * CORE_KM
    apart = np.maximum(np.maximum(low - spots_km, spots_km - (low + CORE_KM)), 0.0)
    return np.flatnonzero((apart**2).sum(axis=1) < reach_km**2)


def each(work: Callable[[Task], Answer], tasks: Iterable[Task]) -> Iterator[Answer]:
    """The answers to tasks in their order, worked on by as many threads as numba may use."""
    import numba as nb

    todo, threads = list(tasks), nb.get_num_threads()
    if threads < 2 or len(todo) < 2:
        yield from map(work, todo)
        return
    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(work, todo)
