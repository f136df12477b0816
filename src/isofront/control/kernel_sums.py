"""Sums over reports with weights that fall with distance, at many spots, without a matrix of all pairs.

Spots are worked on by squares: what lies within reach of a square is read once for all its spots, side by side in the
registers of the machine. Each spot sums in the order of the places from south to north, four by four of those within
reach of its square, so neither threads nor what lies farther off change a bit.
"""

from __future__ import annotations

from typing import no_type_check

import numpy as np

from isofront.arrays import Float, Int
from isofront.control.falling import FUSED, add_square, fall, steepness
from isofront.kept_code import njit
from isofront.threads import each

SQUARE_KM = 16.0
"""Large enough that a square's spots fill the registers, small enough that most pairs are within reach."""
SOME_SQUARES = 8
"""So many squares are worked on at one go."""


def kernel_sums(
    spots: Float[np.ndarray, "m axes"],
    places: Float[np.ndarray, "n axes"],
    values: Float[np.ndarray, "k n"],
    *,
    rho_km: tuple[float, ...],
    reach_km: float,
    square_km: float = SQUARE_KM,
) -> Float[np.ndarray, "k m"]:
    """Σ_i M(|s - x_i|; rho_k) · values_ki at every spot s, rows of values with a scale each; M: see `falling`."""
    scales = tuple(dict.fromkeys(rho_km))
    of = np.array([scales.index(one) for one in rho_km], np.int64)
    north = np.argsort(places[:, 1], kind="stable")
    order, starts, boxes = _squares(spots, square_km)
    out = np.zeros((len(values), len(spots)))
    told = np.ascontiguousarray(places[north]), np.ascontiguousarray(values.T[north]), of, steepness(scales), reach_km
    across = np.ascontiguousarray(spots[order].T)

    def sum_up(first: int) -> None:
        some = slice(first, first + SOME_SQUARES)
        _sums(across, starts[first : first + SOME_SQUARES + 1], boxes[some], *told, out)

    for _ in each(sum_up, range(0, len(boxes), SOME_SQUARES)):
        pass
    back = np.empty_like(out)
    back[:, order] = out
    return back


def _squares(
    spots: Float[np.ndarray, "m axes"], square_km: float
) -> tuple[Int[np.ndarray, " m"], Int[np.ndarray, " _"], Float[np.ndarray, "_ 4"]]:
    """The spots in the order of squares, where each square starts in it, and the box round its spots."""
    if len(spots) == 0:
        return np.zeros(0, np.int64), np.zeros(1, np.int64), np.zeros((0, 4))
    square = np.floor(spots[:, :2] / square_km).astype(np.int64)
    square -= square.min(axis=0)
    key = square[:, 1] * (square[:, 0].max() + 1) + square[:, 0]
    order = np.argsort(key, kind="stable")
    begins = np.flatnonzero(np.diff(key[order], prepend=-1))
    flat = spots[order, :2]
    boxes = np.hstack([np.minimum.reduceat(flat, begins), np.maximum.reduceat(flat, begins)])
    return order, np.append(begins, len(spots)), boxes


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FUSED)
@no_type_check
def _sums(spots, starts, boxes, places, values, of, steep, reach, out):  # noqa: PLR0917 - numba takes no keywords
    """Sums at squares of spots, four places at a time."""
    north, n_values, n_axes = places[:, 1].copy(), values.shape[1], places.shape[1]
    for square in range(boxes.shape[0]):
        low, m = starts[square], starts[square + 1] - starts[square]
        west, south, east, top = boxes[square]
        part, share = np.empty(m, np.float32), np.zeros((4, steep.shape[0], m), np.float32)
        away, taper, weight = np.empty(m, np.float32), np.empty(m, np.float32), np.zeros((n_values, 4), np.float32)
        first, last, n = np.searchsorted(north, south - reach), np.searchsorted(north, top + reach), 0
        for j in range(first, last):
            off = max(west - places[j, 0], places[j, 0] - east, 0.0)
            over = max(south - places[j, 1], places[j, 1] - top, 0.0)
            if off * off + over * over < reach * reach:
                part[:] = 0.0
                for axis in range(n_axes):
                    add_square(spots[axis, low : low + m], places[j, axis], part)
                fall(part, steep, reach, away, taper, share[n])
                for k in range(n_values):
                    weight[k, n] = values[j, k]
                n += 1
            if n == 4 or (n > 0 and j == last - 1):
                for k in range(n_values):
                    _add_four(weight[k], share[:, of[k]], out[k, low : low + m])
                weight[:], n = 0.0, 0


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FUSED)
@no_type_check
def _add_four(weight, share, out):
    """Four places' shares at one go: summed in single precision, and added up in double."""
    a, b, c, d = weight[0], weight[1], weight[2], weight[3]
    if a == 0.0 and b == 0.0 and c == 0.0 and d == 0.0:
        return
    one, two, three, last = share[0], share[1], share[2], share[3]
    for i in range(out.shape[0]):
        out[i] += (a * one[i] + b * two[i]) + (c * three[i] + d * last[i])
