"""Fields drawn from the posterior, tile after tile: each given what was drawn of its neighbours (Vecchia 1988).

A tile's spots are drawn given the spots already drawn within `NEIGHBOURS_KM` of its square: what lies farther off adds
next to nothing once those are known. So work and memory grow with the length of the front.
"""

from __future__ import annotations

import numpy as np
from scipy import linalg

from isofront.arrays import Float
from isofront.control.infer import Fit
from isofront.control.motion import Spots, covariance
from isofront.control.tiles import around, tiles_of

NEIGHBOURS_KM = 14.0
LEAST_KM2 = 1e-5
"""Variance that each spot has of its own: three metres, above the rounding of covariances."""


def drawn(fit: Fit, spots: Spots, n: int, rng: np.random.Generator) -> Float[np.ndarray, "n m"]:
    """Displacements (km) less their mean, n draws at spots of one moment."""
    out, done, origin = np.zeros((len(spots), n)), np.zeros(len(spots), bool), fit.prior.origin_km
    flat = spots.at[:, :2]
    for tile in tiles_of(flat, origin):
        near = around(tile.key, flat, origin, reach_km=NEIGHBOURS_KM)
        known = near[done[near]]
        root = _root(fit, tile.key, spots.part(np.concatenate([known, tile.core])))
        k = len(known)
        fresh = root[k:, k:] @ rng.standard_normal((len(tile.core), n))
        if k:
            fresh += root[k:, :k] @ linalg.solve_triangular(root[:k, :k], out[known], lower=True, check_finite=False)
        out[tile.core], done[tile.core] = fresh, True
    return out.T


def _root(fit: Fit, key: tuple[int, int], spots: Spots) -> Float[np.ndarray, "m m"]:
    """Cholesky root of the posterior covariance at spots, as from one tile."""
    whole = covariance(spots, spots, fit.prior.motion)
    solver = fit.solver(key)
    if solver is not None:
        across = covariance(fit.pivots(solver), spots, fit.prior.motion)
        f = linalg.solve_triangular(solver.share.root, across, lower=True, check_finite=False)
        left = solver.inverse.astype(float) @ f
        whole -= f.T @ f - left.T @ left
    whole[np.diag_indices_from(whole)] += LEAST_KM2 * (1 + float(np.abs(np.diag(whole)).max(initial=0.0)))
    return np.asarray(linalg.cholesky(whole, lower=True, check_finite=False))
