"""How correlation falls with distance: Matérn-3/2 times Wendland's C² function, for many distances at once.

    M(d; rho) = (1 + √3 d/rho) e^(-√3 d/rho) · (1 - d/R)⁴ (4 d/R + 1)   for d < R (the reach), else 0

Loops have no branches and work in single precision, so that the compiler lays eight distances side by side; the
exponential is a polynomial of x/32 to the 32nd power. True to 2·10⁻⁶, and the same wherever it is called:
shares sum to what they are shares of but for the rounding of sums.
"""

from __future__ import annotations

from typing import no_type_check

import numpy as np

from isofront.arrays import Float32
from isofront.kept_code import njit

FUSED = {"contract"}
"""A product and a sum may be worked out at one go; nothing else is bent."""
ONE, FOUR = np.float32(1), np.float32(4)
PART = np.float32(1 / 32)
C2, C3, C4, C5, C6 = (np.float32(1 / n) for n in (2, 6, 24, 120, 720))
"""Taylor's coefficients of the exponential."""


def steepness(rho_km: tuple[float, ...]) -> Float32[np.ndarray, " k"]:
    """√3 / rho for each scale, 1/km."""
    return np.asarray(np.sqrt(3.0) / np.array(rho_km), np.float32)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FUSED)
@no_type_check
def _exp_of_minus(x):
    """e to the -x; past x = 32, where it is nothing, it stays as it is there."""
    t = min(x * PART, ONE)
    p = ONE - t * (ONE - t * (C2 - t * (C3 - t * (C4 - t * (C5 - t * C6)))))
    p = p * p
    p = p * p
    p = p * p
    p = p * p
    return p * p


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FUSED)
@no_type_check
def add_square(along, place, out):
    """Add the squares of how far n spots lie from a place along one axis (km)."""
    for i in range(out.shape[0]):
        apart = np.float32(along[i] - place)
        out[i] += apart * apart


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FUSED)
@no_type_check
def fall(apart2, steep, reach, away, taper, out):  # noqa: PLR0917 - numba takes no keywords
    """Write M of n squared distances (km²) into `out` [scale, n]; `away` and `taper` are room to work in."""
    n, per_reach = apart2.shape[0], np.float32(1.0 / reach)
    for j in range(n):
        d = np.sqrt(np.float32(apart2[j]))
        u = min(d * per_reach, ONE)
        v = (ONE - u) * (ONE - u)
        away[j] = d
        taper[j] = v * v * (FOUR * u + ONE)
    for k in range(steep.shape[0]):
        rate = steep[k]
        for j in range(n):
            x = away[j] * rate
            out[k, j] = (ONE + x) * _exp_of_minus(x) * taper[j]
