"""How the line moved from one past map to the next, and the motion under which that is likeliest.

On the line of a map the depth in a later map *is* the displacement. Displacements of a patch of front over the maps of
about a month are one draw from the covariance of `motion`, times how lively the patch is: with a gamma law for that,
they follow a multivariate t (`NU` degrees of freedom). A patch that stood still, or ran, does not set the scale of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from scipy import linalg
from scipy.special import gammaln

from isofront.arrays import Bool, Float
from isofront.control.motion import Motion, Spots, covariance
from isofront.control.posterior import Anchored
from isofront.ground.distance import Distance
from isofront.ground.distance_field import contour_segments
from isofront.ground.grid import Grid
from isofront.ground.lattice import at_cells

SPACING_KM = 2.0
"""About how far apart the spots of a patch lie along the line."""
PATCH_KM = 14.0
GROUP_DAYS = 36.0
"""Maps this long after the first of a group are compared with it: about what one window of the engine bridges."""
MOST_LATER = 4
DRAWN_KM = 0.1
"""What drawing the same line again differs by, and cells add, one standard deviation."""
MOST_KM = 10.0
"""Displacements are not told apart beyond this: a pocket that vanished did not travel its own depth."""
NU = 5.0
LOOSE = 1.5
"""How far, in logarithms, a scale may lie from the shipped one: one standard deviation of its prior."""
COEFFICIENT = 0.5
"""Standard deviation of a covariate's coefficient before anything is seen, per standard deviation of the covariate."""


@dataclass(frozen=True)
class Chart:
    """A past map: its day (days since some first moment) and what it shows, as depth on the grid."""

    day: float
    anchored: Anchored


@dataclass(frozen=True, slots=True)
class Patch:
    """Displacements (km) of some spots of one line in later maps, spots fastest; `factors`: standardised covariates."""

    spots: Spots
    moved_km: Float[np.ndarray, " n"]
    factors: Float[np.ndarray, "n m"]


def groups(charts: Sequence[Chart]) -> list[Sequence[Chart]]:
    """Maps in order of time, cut into runs that share only their ends: a map, and those of the following month."""
    found, first = [], 0
    while first < len(charts) - 1:
        last = first + 1
        while last + 1 < len(charts) and charts[last + 1].day - charts[first].day <= GROUP_DAYS:
            last += 1
        found.append(charts[first : last + 1])
        first = last
    return found


def patches(
    run: Sequence[Chart],
    *,
    grid: Grid,
    inside: Bool[np.ndarray, "ny nx"],
    distance: Distance,
    factors: Float[np.ndarray, "m ny nx"],
) -> list[Patch]:
    """The line of a run's first map, patch by patch, and how far it had moved in a few of the later ones."""
    start, later = run[0], _spread(run[1:], MOST_LATER)
    spots = line_spots_km(grid, start.anchored.depth_km, inside)
    began = at_cells(grid, start.anchored.depth_km, spots)
    moved = np.stack([at_cells(grid, one.anchored.depth_km, spots) - began for one in later])
    days = np.array([one.day - start.day for one in later])
    values = np.array([at_cells(grid, one, spots) for one in factors]).reshape(len(factors), len(spots)).T
    where = np.floor(spots / PATCH_KM).astype(np.int64)
    return [
        _patch(distance.lift(spots[here]), days, np.clip(moved[:, here], -MOST_KM, MOST_KM), values[here])
        for here in (np.flatnonzero((where == one).all(axis=1)) for one in np.unique(where, axis=0))
        if len(here) >= 2
    ]


def line_spots_km(
    grid: Grid, depth_km: Float[np.ndarray, "ny nx"], inside: Bool[np.ndarray, "ny nx"]
) -> Float[np.ndarray, "n 2"]:
    """Spots on the zero line of a depth, about `SPACING_KM` apart, in the cells that count."""
    segments = contour_segments(grid, depth_km)
    middles = (segments[:, :2] + segments[:, 2:]) / 2
    _, chosen = np.unique(np.floor(middles / SPACING_KM).astype(np.int64), axis=0, return_index=True)
    spots = middles[np.sort(chosen)]
    return np.asarray(spots[at_cells(grid, inside.astype(float), spots) > 0.99])


def pace_km2_day(found: Sequence[Patch]) -> float:
    """Mean squared displacement per day, km²/day."""
    moved = np.concatenate([patch.moved_km**2 / patch.spots.days for patch in found]) if found else np.zeros(0)
    return float(moved.mean()) if len(moved) else 0.0


def likelihood(found: Sequence[Patch], motion: Motion, coefficients: Float[np.ndarray, " m"] | None = None) -> float:
    """Log density of all displacements, nats."""
    return float(sum(_log_density(patch, motion, coefficients) for patch in found))


def likeliest_motion(found: Sequence[Patch], start: Motion) -> Motion:
    """The most probable jitter, pace and length scales, each a priori near the shipped ones (`LOOSE`).

    The other scales stay; `rho_pace_km` keeps its ratio to `rho_km`. Penalised maximum likelihood by L-BFGS.
    """

    from scipy import optimize  # a tenth of a second that only learning needs

    def unlikely(logs: Float[np.ndarray, " 3"]) -> float:
        return 0.5 * float((logs**2).sum()) / LOOSE**2 - likelihood(found, scaled(start, logs))

    best = optimize.minimize(unlikely, np.zeros(3), method="L-BFGS-B", bounds=[(-4, 4), (-3, 3), (-1.5, 1.5)],
                             options={"maxiter": 25, "ftol": 1e-5, "eps": 1e-3})  # fmt: skip
    return scaled(start, best.x)


def scaled(motion: Motion, logs: Float[np.ndarray, " 3"]) -> Motion:
    """The motion with jitter, pace and length scales multiplied by e to these powers; four digits are kept."""
    jitter, pace, length = np.exp(logs)
    return msgspec.structs.replace(
        motion,
        jitter_km2_day=four_digits(motion.jitter_km2_day * jitter),
        pace_km_day=four_digits(motion.pace_km_day * pace),
        rho_km=four_digits(motion.rho_km * length),
        rho_pace_km=four_digits(motion.rho_pace_km * length),
    )


def likeliest_coefficients(found: Sequence[Patch], motion: Motion) -> Float[np.ndarray, " m"]:
    """Log activity per standard deviation of each covariate, a priori small (`COEFFICIENT`)."""
    size = found[0].factors.shape[1] if found else 0
    if size == 0:
        return np.zeros(0)

    from scipy import optimize

    def unlikely(some: Float[np.ndarray, " m"]) -> float:
        return 0.5 * float((some**2).sum()) / COEFFICIENT**2 - likelihood(found, motion, some)

    best = optimize.minimize(unlikely, np.zeros(size), method="L-BFGS-B", options={"maxiter": 25, "eps": 1e-3})
    return np.asarray(best.x)


def _spread(later: Sequence[Chart], most: int) -> Sequence[Chart]:
    """At most so many, evenly through the run, its last among them."""
    chosen = np.unique(np.linspace(len(later) / most - 1, len(later) - 1, most).round().clip(0).astype(int))
    return [later[k] for k in chosen]


def _patch(
    at: Float[np.ndarray, "n axes"],
    days: Float[np.ndarray, " t"],
    moved_km: Float[np.ndarray, "t n"],
    factors: Float[np.ndarray, "n m"],
) -> Patch:
    times, n = len(days), len(at)
    spots = Spots(np.tile(at, (times, 1)), np.repeat(days, n), np.zeros(times * n), np.ones(times * n))
    return Patch(spots, moved_km.ravel(), np.tile(factors, (times, 1)))


def _log_density(patch: Patch, motion: Motion, coefficients: Float[np.ndarray, " m"] | None) -> float:
    spots = patch.spots
    if coefficients is not None:
        spots = Spots(spots.at, spots.days, spots.doubt_km, np.exp(np.clip(patch.factors @ coefficients, -2, 2)))
    spread = covariance(spots, spots, motion)
    spread[np.diag_indices_from(spread)] += DRAWN_KM**2
    root = linalg.cholesky(spread, lower=True, check_finite=False)
    white = linalg.solve_triangular(root, patch.moved_km, lower=True, check_finite=False)
    n, size = len(spots), float(white @ white)
    return float(
        gammaln((NU + n) / 2) - gammaln(NU / 2) - 0.5 * n * np.log(NU * np.pi) - np.log(np.diag(root)).sum()
        - 0.5 * (NU + n) * np.log1p(size / NU)
    )  # fmt: skip


def four_digits(value: float) -> float:
    """What is kept of a learned number."""
    return float(f"{value:.4g}")
