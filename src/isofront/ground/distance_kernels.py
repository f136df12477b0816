"""The compiled loops behind `distance_field`: nearest segment for every cell, and which cells lie inside rings.

Cells are square; arrays are [row, column] with row 0 south; all lengths in km.
"""

from __future__ import annotations

from typing import Any, no_type_check

import numpy as np

from isofront.kept_code import njit

Array = np.ndarray[Any, Any]

LONGEST_RUN = 64
"""Segments in one run at most: bounds the work of finding runs."""

DEEPEST = 64
"""Levels of halving that the stack has room for; 2^60 cells need 60."""


@njit(cache=True, nogil=True)
@no_type_check
def _squared_km(x: float, y: float, segment: Array) -> float:
    """Squared distance from a spot to a segment given as (ax, ay, dx, dy, 1/length² or 0)."""
    px = x - segment[0]
    py = y - segment[1]
    along = (px * segment[2] + py * segment[3]) * segment[4]
    along = min(1.0, max(0.0, along))
    px -= along * segment[2]
    py -= along * segment[3]
    return px * px + py * py


@njit(cache=True, nogil=True)
@no_type_check
def _as_row(ax: float, ay: float, bx: float, by: float, row: Array) -> None:
    """Write a segment into `row` in the form `_squared_km` reads."""
    dx, dy = bx - ax, by - ay
    squared = dx * dx + dy * dy
    row[0], row[1], row[2], row[3] = ax, ay, dx, dy
    row[4] = 1.0 / squared if squared > 0.0 else 0.0


@njit(cache=True, nogil=True)
@no_type_check
def _chords(segments: Array, slack: float) -> tuple[Array, Array]:
    """Runs of joined segments, each within `slack` km of the chord from its first to its last spot.

    Returns the chords as rows for `_squared_km`, and where each run starts (plus the end of the last). Distance to a
    run and distance to its chord differ by at most `slack`: all of the run lies that near the chord, and the run,
    being joined, passes every spot of the chord that near.
    """
    n = len(segments)
    chords = np.empty((n, 5))
    starts = np.empty(n + 1, np.int64)
    trial = np.empty(5)
    count, i = 0, 0
    while i < n:
        starts[count] = i
        ax, ay, bx, by = segments[i]
        _as_row(ax, ay, bx, by, chords[count])
        j = i + 1
        while j < n and j - i < LONGEST_RUN and segments[j, 0] == bx and segments[j, 1] == by:
            bx, by = segments[j, 2], segments[j, 3]
            _as_row(ax, ay, bx, by, trial)
            worst = 0.0
            for k in range(i + 1, j + 1):
                worst = max(worst, _squared_km(segments[k, 0], segments[k, 1], trial))
            if worst > slack * slack:
                break
            chords[count] = trial
            j += 1
        i = j
        count += 1
    starts[count] = n
    return chords[:count].copy(), starts[: count + 1].copy()


@njit(cache=True, nogil=True)
@no_type_check
def _keep_candidates(  # noqa: PLR0917 (compiled code takes flat arguments)
    x: float, y: float, reach: float, chords: Array, scratch: Array, pool: Array, lo: int, hi: int
) -> int:
    """Copy behind `hi` the chords of `pool[lo:hi]` that lie within dmin + `reach` of (x, y); the new end."""
    least = np.inf
    for i in range(lo, hi):
        scratch[i - lo] = _squared_km(x, y, chords[pool[i]])
        least = min(least, scratch[i - lo])
    limit = (np.sqrt(least) + reach) ** 2
    end = hi
    for i in range(lo, hi):
        if scratch[i - lo] <= limit:
            pool[end] = pool[i]
            end += 1
    return end


@njit(cache=True, nogil=True)
@no_type_check
def _least_km(  # noqa: PLR0917
    x: float,
    y: float,
    slack: float,
    rows: Array,
    starts: Array,
    chords: Array,
    scratch: Array,
    pool: Array,
    lo: int,
    hi: int,
) -> float:
    """Exact distance from a spot to the nearest segment of the runs `pool[lo:hi]`."""
    end = _keep_candidates(x, y, 2.0 * slack + 1e-9, chords, scratch, pool, lo, hi)
    least = np.inf
    for i in range(hi, end):
        for k in range(starts[pool[i]], starts[pool[i] + 1]):
            least = min(least, _squared_km(x, y, rows[k]))
    return np.sqrt(least)


@njit(cache=True, nogil=True)
@no_type_check
def nearest_km(east: Array, north: Array, segments: Array, slack: float, limit: float) -> Array:
    """Exact distance (km) from every cell centre to the nearest of `segments` (rows ax, ay, bx, by).

    A quadtree over cells, pruning runs of segments by their chords: a block of half-diagonal R keeps only chords
    within dmin + 2R + 2·slack of its centre, dmin being the centre's own distance to the nearest chord; nothing
    else can be nearest to any cell of the block. `slack` (km) changes speed alone; past `limit` (km) the answer is
    `limit`.
    """
    chords, starts = _chords(segments, slack)
    n = len(chords)
    rows = np.empty((len(segments), 5))
    for i in range(len(segments)):
        _as_row(segments[i, 0], segments[i, 1], segments[i, 2], segments[i, 3], rows[i])
    out = np.empty((len(north), len(east)))
    scratch = np.empty(n)
    pool = np.empty(n * DEEPEST, np.int64)
    for i in range(n):
        pool[i] = i
    stack = np.empty((DEEPEST, 6), np.int64)
    stack[0] = (0, len(north), 0, len(east), 0, n)
    depth = 1
    while depth > 0:
        depth -= 1
        row0, row1, col0, col1, lo, hi = stack[depth]
        x = 0.5 * (east[col0] + east[col1 - 1])
        y = 0.5 * (north[row0] + north[row1 - 1])
        reach = 2.0 * np.hypot(east[col1 - 1] - x, north[row1 - 1] - y) + 2.0 * slack + 1e-9
        end = _keep_candidates(x, y, reach, chords, scratch, pool, lo, hi)
        least = np.inf
        for i in range(hi, end):
            least = min(least, _squared_km(x, y, chords[pool[i]]))
        if np.sqrt(least) - reach > limit:
            out[row0:row1, col0:col1] = limit
        elif (row1 - row0) * (col1 - col0) <= 6 or end - hi <= 2:
            for row in range(row0, row1):
                for col in range(col0, col1):
                    here = _least_km(east[col], north[row], slack, rows, starts, chords, scratch, pool, hi, end)
                    out[row, col] = min(limit, here)
        elif row1 - row0 >= col1 - col0:
            middle = (row0 + row1) // 2
            stack[depth] = (row0, middle, col0, col1, hi, end)
            stack[depth + 1] = (middle, row1, col0, col1, hi, end)
            depth += 2
        else:
            middle = (col0 + col1) // 2
            stack[depth] = (row0, row1, col0, middle, hi, end)
            stack[depth + 1] = (row0, row1, middle, col1, hi, end)
            depth += 2
    return out


@njit(cache=True, nogil=True)
@no_type_check
def inside_rings(east: Array, north: Array, edges: Array) -> Array:
    """Even-odds rule: which cell centres lie inside rings whose edges are rows (ax, ay, bx, by)."""
    ny, nx = len(north), len(east)
    cell = (east[nx - 1] - east[0]) / max(nx - 1, 1)
    step = (north[ny - 1] - north[0]) / max(ny - 1, 1)
    flips = np.zeros((ny, nx), np.bool_)
    for ax, ay, bx, by in edges:
        low, high = min(ay, by), max(ay, by)
        first = 0 if step == 0.0 else max(0, int(np.ceil((low - north[0]) / step)) - 1)
        for row in range(first, ny):
            y = north[row]
            if y >= high:
                break
            if y < low:
                continue
            x = ax + (y - ay) / (by - ay) * (bx - ax)
            col = 0 if cell == 0.0 else max(0, int(np.floor((x - east[0]) / cell)) - 1)
            while col < nx and east[col] < x:
                col += 1
            if col < nx:
                flips[row, col] = not flips[row, col]
    for row in range(ny):
        within = False
        for col in range(nx):
            within = within != flips[row, col]
            flips[row, col] = within
    return flips
