"""Sums over reports with a weight that falls with distance, at many spots, without a matrix of all pairs."""

from __future__ import annotations

from typing import no_type_check

import numba as nb
import numpy as np
from jaxtyping import Float


def kernel_sums(
    spots: Float[np.ndarray, "m axes"],
    places: Float[np.ndarray, "n axes"],
    values: Float[np.ndarray, "n k"],
    rho_km: float,
    *,
    reach_km: float,
) -> Float[np.ndarray, "m k"]:
    """Σ_i M(|s - x_i|) · values_i at every spot, M as in `motion.matern`; `places` must ascend in their second axis.

    Each spot sums in the order of the places, so threads change no bit.
    """
    values = np.ascontiguousarray(values, float)
    return np.asarray(_sums(np.ascontiguousarray(spots), np.ascontiguousarray(places), values, rho_km, reach_km))


@nb.njit(cache=True, parallel=True)
@no_type_check
def _sums(spots: np.ndarray, places: np.ndarray, values: np.ndarray, rho: float, reach: float) -> np.ndarray:
    out = np.zeros((spots.shape[0], values.shape[1]))
    north = places[:, 1].copy()
    for i in nb.prange(spots.shape[0]):
        first = np.searchsorted(north, spots[i, 1] - reach)
        last = np.searchsorted(north, spots[i, 1] + reach)
        for j in range(first, last):
            squared = 0.0
            for axis in range(spots.shape[1]):
                squared += (spots[i, axis] - places[j, axis]) ** 2
            if squared >= reach * reach:
                continue
            apart = np.sqrt(squared)
            x, part = apart * np.sqrt(3.0) / rho, apart / reach
            share = (1 + x) * np.exp(-x) * (1 - part) ** 4 * (4 * part + 1)
            for k in range(values.shape[1]):
                out[i, k] += share * values[j, k]
    return out
