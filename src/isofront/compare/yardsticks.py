"""What a map must beat: the old map kept as it was, and the simplest use of the reports that works at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from isofront.arrays import Bool, Float
from isofront.compare.calibrate import clipped
from isofront.evidence.report import Report
from isofront.ground.grid import Grid, to_km

P_INSIDE = 0.98
"""Hard persistence: this inside the anchor's held ground, the rest of 1 outside it."""


@dataclass(frozen=True, slots=True)
class Votes:
    """Reports as votes: where (km), for the side scored or the other, and how old in days. Reposts vote once."""

    east_km: Float[np.ndarray, " n"]
    north_km: Float[np.ndarray, " n"]
    for_side: Bool[np.ndarray, " n"]
    age_days: Float[np.ndarray, " n"]


@dataclass(frozen=True, slots=True)
class Kernel:
    """How far and how long a vote is heard, and how many votes the anchor is worth.

    Chosen among seventeen settings on the development areas, because it made the strongest rival there.
    """

    width_km: float = 3.0
    memory_days: float = 20.0
    prior_votes: float = 3.0


@dataclass(frozen=True, slots=True)
class Recalibration:
    """logit p' = offset + slope · logit p."""

    offset: float
    slope: float

    def apply(self, p: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
        """Probabilities after the change."""
        return np.asarray(_expit(self.offset + self.slope * _logit(p)))


def persistence(anchor: Bool[np.ndarray, "ny nx"]) -> Float[np.ndarray, "ny nx"]:
    """The anchor kept as it was, as if it were almost sure."""
    return np.where(anchor, P_INSIDE, 1 - P_INSIDE)


def votes(
    reports: Iterable[Report], *, grid: Grid, side: str, since: datetime, as_of: datetime, known_by: datetime
) -> Votes:
    """Reports that show presence, from the anchor to the day of the map, so far as they were known by then."""
    heard: dict[str, Report] = {}
    for report in reports:
        fresh = since <= report.happened.end and report.happened.start < known_by and report.known_at < known_by
        if fresh and report.shows_presence:
            heard.setdefault(report.group or report.id, report)
    kept = list(heard.values())
    lonlat = np.array([(report.lon, report.lat) for report in kept], float).reshape(-1, 2)
    east, north = to_km(lonlat[:, 0], lonlat[:, 1], crs=grid.crs)
    age = np.array([(as_of - report.happened.end).total_seconds() / 86400 for report in kept], float)
    return Votes(east, north, np.array([report.seen == side for report in kept], bool), np.maximum(age, 0.0))


def kernel_vote(
    anchor: Bool[np.ndarray, "ny nx"], cast: Votes, grid: Grid, kernel: Kernel | None = None
) -> Float[np.ndarray, "ny nx"]:
    """Share of the votes near each cell, the anchor's own among them.

    p = (k·p₀ + Σ_for w) / (k + Σ w),  w = exp(−d²/2h²)·exp(−age/τ),  p₀ = hard persistence, k its votes.
    """
    chosen = kernel or Kernel()
    sums = [_summed(cast, grid, chosen, chosen_votes) for chosen_votes in (cast.for_side, ~cast.for_side)]
    prior = chosen.prior_votes * persistence(anchor)
    return np.asarray((prior + sums[0]) / (chosen.prior_votes + sums[0] + sums[1]))


def _summed(cast: Votes, grid: Grid, kernel: Kernel, chosen: Bool[np.ndarray, " n"]) -> Float[np.ndarray, "ny nx"]:
    """Σ w over the chosen votes, each counted from the cell it lies in."""
    from scipy.ndimage import gaussian_filter

    column = np.floor((cast.east_km - grid.west_km) / grid.cell_km)
    row = np.floor((cast.north_km - grid.south_km) / grid.cell_km)
    kept = chosen & (column >= 0) & (column < grid.nx) & (row >= 0) & (row < grid.ny)
    weight = np.zeros(grid.shape)
    spot = row[kept].astype(int), column[kept].astype(int)
    np.add.at(weight, spot, np.exp(-cast.age_days[kept] / kernel.memory_days))
    width_cells = kernel.width_km / grid.cell_km
    spread = gaussian_filter(weight, width_cells, mode="constant", truncate=4.0)
    return np.asarray(spread * 2 * np.pi * width_cells**2)


def fitted_recalibration(p: Float[np.ndarray, " n"], held: Bool[np.ndarray, " n"]) -> Recalibration:
    """The offset and slope with the least log loss (logistic regression, by Newton's method; a trace of ridge)."""
    design = np.column_stack([np.ones(len(p)), _logit(p)])
    beta = np.array([0.0, 1.0])
    for _ in range(50):
        q = _expit(design @ beta)
        information = (design * (q * (1 - q))[:, None]).T @ design + 1e-6 * np.eye(2)
        step = np.linalg.solve(information, design.T @ (held - q))
        beta = beta + np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-9:
            break
    return Recalibration(float(beta[0]), float(beta[1]))


def _logit(p: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    q = clipped(p)
    return np.asarray(np.log(q / (1 - q)))


def _expit(x: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    return np.asarray(1 / (1 + np.exp(-x)))
