"""Where spots lie beside a line: how far along it and how far off, left positive; its ends are prolonged.

A spot is judged by the segment nearest to it. Two are equally near past their common corner: there the one decides that
the spot lies farther off to the side of, as past a sharp bend only that one tells left from right (Bærentzen & Aanæs
2005 ask the same of meshes).
"""

from __future__ import annotations

from typing import NamedTuple, no_type_check

import numpy as np

from isofront.arrays import Float, Int
from isofront.kept_code import njit

FEWEST, MOST = 4, 64
"""Segments that are passed over together."""
ALIKE, ALIKE_KM2 = 1e-9, 1e-14
"""Squared distances that differ by less than this share and so much (km²) are equal but for rounding."""
ROUNDED, ROUNDED_KM2 = 1e-6, 1e-12
"""A box counts as nearer by this share and so much (km²): it is never left out because its distance was rounded."""


class Segments(NamedTuple):
    """A line's segments: start (km), direction, from where to where along it a spot may be told of, and the line's
    length before it; and runs of them with the boxes (west, south, east, north) they lie in.
    """

    rows: Float[np.ndarray, "k 7"]
    runs: Int[np.ndarray, " r_and_one"]
    boxes: Float[np.ndarray, "r 4"]


def segments_of(line_km: Float[np.ndarray, "n 2"]) -> Segments:
    """The segments of a line, in runs; the first and the last have no end."""
    steps = np.diff(line_km, axis=0)
    lengths = np.hypot(*steps.T)
    real = lengths > 0
    if not real.any():
        return Segments(np.zeros((0, 7)), np.zeros(1, np.int64), np.zeros((0, 4)))
    begin, end, ahead = line_km[:-1][real], line_km[1:][real], steps[real] / lengths[real, None]
    before = np.concatenate([[0.0], np.cumsum(lengths)[:-1]])[real]
    low, high = np.zeros(len(begin)), lengths[real]
    low[:1], high[-1:] = -np.inf, np.inf
    runs = _runs(len(begin))
    boxes = np.column_stack([
        np.minimum.reduceat(np.minimum(begin, end), runs[:-1]), np.maximum.reduceat(np.maximum(begin, end), runs[:-1])
    ])  # fmt: skip
    boxes[[0, -1]] = -np.inf, -np.inf, np.inf, np.inf
    return Segments(np.column_stack([begin, ahead, low, high, before]), runs, boxes)


def _runs(n: int) -> Int[np.ndarray, " r_and_one"]:
    """Where runs start, and the end of the last; the endless first and last segments are runs of their own."""
    size = int(np.clip(np.sqrt(n), FEWEST, MOST))
    return np.unique(np.concatenate([[0], np.arange(1, n - 1, size), [n - 1, n]]).clip(0, n))


def beside(
    line: Segments, spots_km: Float[np.ndarray, "m 2"]
) -> tuple[Float[np.ndarray, " m"], Float[np.ndarray, " m"]]:
    """Distance along the line and signed distance off it, left positive, km."""
    along, off = np.zeros(len(spots_km)), np.zeros(len(spots_km))
    if len(line.rows) == 0:
        return along, off
    _beside(*line, np.ascontiguousarray(spots_km, float), along, off)
    return along, off


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _beside(rows, runs, boxes, spots, along, off):  # noqa: PLR0917 - numba takes no keywords
    last = 0
    for spot in range(spots.shape[0]):
        x, y, nearest = spots[spot, 0], spots[spot, 1], np.inf
        for turn in range(boxes.shape[0] + 1):
            run = last if turn == 0 else turn - 1
            if _to_box(x, y, boxes[run]) < nearest:
                for k in range(runs[run], runs[run + 1]):
                    _, _, away = _seen_from(x, y, rows[k])
                    if away < nearest:
                        nearest, last = away, run
        farthest, equal = -1.0, nearest * (1 + ALIKE) + ALIKE_KM2
        for run in range(boxes.shape[0]):
            if _to_box(x, y, boxes[run]) <= equal:
                for k in range(runs[run], runs[run + 1]):
                    t, side, away = _seen_from(x, y, rows[k])
                    if away <= equal and abs(side) > farthest:
                        farthest, off[spot] = abs(side), side
                        along[spot] = rows[k, 6] + min(max(t, rows[k, 4]), rows[k, 5])


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _to_box(x, y, box):
    """Squared distance to a box, at the least."""
    across, up = max(box[0] - x, x - box[2], 0.0), max(box[1] - y, y - box[3], 0.0)
    return (across * across + up * up) * (1 - ROUNDED) - ROUNDED_KM2


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _seen_from(x, y, row):
    """Of a segment: how far ahead of its start a spot lies, how far to its left, and the squared distance to it."""
    east, north = x - row[0], y - row[1]
    ahead, side = east * row[2] + north * row[3], north * row[2] - east * row[3]
    missed = max(row[4] - ahead, ahead - row[5], 0.0)
    return ahead, side, side * side + missed * missed
