"""Sums over reports with weights that fall with distance, at many spots, without a matrix of all pairs.

Spots are worked on by squares: what lies within reach of a square is read once for all its spots, side by side in the
registers of the machine. Each spot sums in the order of the places from south to north, whatever else there is, so
neither threads nor places out of reach change a bit.
"""

from __future__ import annotations

from typing import no_type_check

import numba as nb
import numpy as np
from jaxtyping import Float, Int

from isofront.control.falling import fall, steepness

SQUARE_KM = 10.0


def kernel_sums(
    spots: Float[np.ndarray, "m axes"],
    places: Float[np.ndarray, "n axes"],
    values: Float[np.ndarray, "k n"],
    *,
    rho_km: tuple[float, ...],
    reach_km: float,
) -> Float[np.ndarray, "k m"]:
    """Σ_i M(|s - x_i|; rho_k) · values_ki at every spot s, rows of values with a scale each; M: see `falling`."""
    scales = tuple(dict.fromkeys(rho_km))
    of = np.array([scales.index(one) for one in rho_km], np.int64)
    north = np.argsort(places[:, 1], kind="stable")
    order, starts, boxes = _squares(spots)
    out = np.zeros((len(values), len(spots)))
    _sums(
        np.ascontiguousarray(spots[order].T), np.ascontiguousarray(places[north]), starts, boxes,
        np.ascontiguousarray(values.T[north]), of, steepness(scales), reach_km, out,
    )  # fmt: skip
    back = np.empty_like(out)
    back[:, order] = out
    return back


def _squares(
    spots: Float[np.ndarray, "m axes"],
) -> tuple[Int[np.ndarray, " m"], Int[np.ndarray, " _"], Float[np.ndarray, "_ 4"]]:
    """The spots in the order of squares, where each square starts in it, and the box round its spots."""
    if len(spots) == 0:
        return np.zeros(0, np.int64), np.zeros(1, np.int64), np.zeros((0, 4))
    square = np.floor(spots[:, :2] / SQUARE_KM).astype(np.int64)
    square -= square.min(axis=0)
    key = square[:, 1] * (square[:, 0].max() + 1) + square[:, 0]
    order = np.argsort(key, kind="stable")
    begins = np.flatnonzero(np.diff(key[order], prepend=-1))
    flat = spots[order, :2]
    boxes = np.hstack([np.minimum.reduceat(flat, begins), np.maximum.reduceat(flat, begins)])
    return order, np.append(begins, len(spots)), boxes


@nb.njit(cache=True, nogil=True, parallel=True, error_model="numpy")
@no_type_check
def _sums(spots, places, starts, boxes, values, of, steep, reach, out):  # noqa: PLR0917 - numba takes no keywords
    north = places[:, 1].copy()
    for square in nb.prange(boxes.shape[0]):
        low, m = starts[square], starts[square + 1] - starts[square]
        west, south, east, top = boxes[square]
        part, share = np.empty(m), np.empty((4, steep.shape[0], m), np.float32)
        away, taper, four, n = np.empty(m, np.float32), np.empty(m, np.float32), np.zeros(4, np.int64), 0
        for j in range(np.searchsorted(north, south - reach), np.searchsorted(north, top + reach)):
            off = max(west - places[j, 0], places[j, 0] - east, 0.0)
            over = max(south - places[j, 1], places[j, 1] - top, 0.0)
            if off * off + over * over >= reach * reach:
                continue
            part[:] = 0.0
            for axis in range(places.shape[1]):
                _add_square(spots[axis, low : low + m], places[j, axis], part)
            fall(part, steep, reach, away, taper, share[n])
            four[n] = j
            n += 1
            if n == 4:
                for k in range(values.shape[1]):
                    _add_four(values[:, k], four, share[:, of[k]], out[k, low : low + m])
                n = 0
        for k in range(values.shape[1]):
            for rest in range(n):
                _add_one(values[four[rest], k], share[rest, of[k]], out[k, low : low + m])


@nb.njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _add_square(along, place, out):
    for i in range(out.shape[0]):
        apart = along[i] - place
        out[i] += apart * apart


@nb.njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _add_one(value, share, out):
    for i in range(out.shape[0]):
        out[i] += value * share[i]


@nb.njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _add_four(values, four, share, out):
    """Four places' shares, one after the other: sums stay in registers."""
    a, b, c, d = values[four[0]], values[four[1]], values[four[2]], values[four[3]]
    if a == 0.0 and b == 0.0 and c == 0.0 and d == 0.0:
        return
    one, two, three, last = share[0], share[1], share[2], share[3]
    for i in range(out.shape[0]):
        out[i] = (((out[i] + a * one[i]) + b * two[i]) + c * three[i]) + d * last[i]
