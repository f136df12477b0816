"""Sums over places at the nodes of a lattice about each: places are gone through one by one.

What lies about a place is found by counting along the lattice, so no pair beyond the reach is ever looked at, and no
nodes but those about some place. `kernel_sums` does the same for spots that lie anywhere.
"""

from __future__ import annotations

from typing import no_type_check

import numpy as np

from isofront.arrays import Float
from isofront.control.falling import FUSED, add_square, fall, steepness
from isofront.ground.lattice import Lattice
from isofront.kept_code import njit

BAND_KM = 8.0
"""Places are taken from south to north by bands so high, so that the nodes about one are at hand for the next."""
LANES = 8
"""So many nodes of a row are worked out side by side: rows are made so much longer, where weights are 0."""
ONE, TWO = np.float32(1), np.float32(2)


def sums_round(
    lattice: Lattice,
    places: Float[np.ndarray, "n axes"],
    values: Float[np.ndarray, "k n"],
    *,
    reach_km: float,
    rho_km: float | None = None,
    levels: Float[np.ndarray, "more ny nx"] | None = None,
) -> Float[np.ndarray, "k ny nx"]:
    """Σ_i w(|s - x_i|) · values_ki at every node s; places x_i and nodes may be lifted, nodes to `levels` (`Distance`).

    w is M of `falling` with the scale `rho_km`; without one it is 1 up to half the reach and falls to 0 from there.
    """
    band = np.floor(places[:, 1] / BAND_KM).astype(np.int32)
    order = np.argsort(band - band.min(initial=0), kind="stable")
    out = np.zeros((len(values), *lattice.shape))
    steep = np.zeros(0, np.float32) if rho_km is None else steepness((rho_km,))
    high = np.zeros((0, 1, 1)) if levels is None else np.array(levels)
    corner = float(lattice.west_km), float(lattice.south_km), float(lattice.step_km)
    _sum_up(corner, high, places[order], values.T[order].copy(), steep, float(reach_km), out)
    return out


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FUSED)
@no_type_check
def _sum_up(corner, levels, places, values, steep, reach, out):  # noqa: PLR0917 - numba takes no keywords
    """Row by row of nodes within reach of each place; the shares of all of them are then worked out at one go."""
    west, south, step = corner
    k, ny, nx = out.shape
    wide = np.int64(2 * reach / step) + 2
    n_all = wide * (wide + LANES)
    room = np.empty((3, n_all), np.float32)
    apart2, away, taper = room[0], room[1], room[2]
    across2 = np.empty(wide + LANES, np.float32)
    share, first, last = np.zeros((1, n_all), np.float32), np.empty(wide, np.int64), np.empty(wide, np.int64)
    for place in range(places.shape[0]):
        said = False
        for one in range(k):
            said = said or values[place, one] != 0.0
        if not said:
            continue
        east, north = places[place, 0], places[place, 1]
        low = max(np.int64(np.ceil((north - reach - south) / step)), 0)
        high = min(np.int64(np.floor((north + reach - south) / step)), ny - 1)
        n, begin = 0, max(np.int64(np.ceil((east - reach - west) / step)), 0)
        _square(east - west - begin * step, step, across2)
        for row in range(low, high + 1):
            up = north - south - row * step
            half = np.sqrt(max(reach * reach - up * up, 0.0))
            left = max(np.int64(np.ceil((east - half - west) / step)), 0)
            right = min(np.int64(np.floor((east + half - west) / step)), nx - 1)
            right = min(left + (right - left + LANES) // LANES * LANES, nx) - 1
            first[row - low], last[row - low] = left, right
            m = max(right - left + 1, 0)
            _away_from(np.float32(up), across2[left - begin : left - begin + m], apart2[n : n + m])
            for axis in range(levels.shape[0]):
                add_square(levels[axis, row, left : left + m], places[place, 2 + axis], apart2[n : n + m])
            n += m
        if steep.shape[0]:
            fall(apart2[:n], steep, reach, away, taper, share)
        else:
            _ramp(apart2[:n], np.float32(1 / reach), share[0, :n])
        for one in range(k):
            if values[place, one] != 0.0:
                _add(values[place, one], share[0], low, high, first, last, out[one])


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FUSED)
@no_type_check
def _ramp(apart2, per_reach, out):
    for j in range(out.shape[0]):
        out[j] = min(max(TWO - TWO * (np.sqrt(apart2[j]) * per_reach), np.float32(0)), ONE)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FUSED)
@no_type_check
def _square(east, step, out):
    """Squared distances along a row of nodes, whose first lies so far west of a place."""
    for i in range(out.shape[0]):
        across = np.float32(east - i * step)
        out[i] = across * across


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FUSED)
@no_type_check
def _away_from(north, across2, out):
    for i in range(out.shape[0]):
        out[i] = across2[i] + north * north


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FUSED)
@no_type_check
def _add(value, share, low, high, first, last, out):  # noqa: PLR0917 - numba takes no keywords
    n = 0
    for row in range(low, high + 1):
        m = max(last[row - low] - first[row - low] + 1, 0)
        line, part = out[row, first[row - low] : first[row - low] + m], share[n : n + m]
        for i in range(m):
            line[i] += value * part[i]
        n += m
