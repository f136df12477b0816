"""The posterior of the latent at the reports: variational Gaussian inference in data space.

With prior N(m0, K) and log-likelihoods from a `Table`, q = N(m, V) that minimises KL(q ‖ posterior) has
m = m0 + K alpha with alpha_i = E_q[d log P_i / d phi] and V = (K⁻¹ + W)⁻¹ with W_i = -E_q[d² log P_i / d phi²]
(Opper & Archambeau 2009). Expectations under q, unlike Laplace's point slopes, see past the kinks of the table.
The posterior mean anywhere is the prior mean plus Σ K(s, x_i) alpha_i: one term per report.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy import linalg

from isofront.control.weigh import Table

LEAST_VARIANCE_KM2 = 1e-4
LEAST_WEIGHT = 1e-3
"""Curvature below this (a report in a flat or hollow part of its table) is held up, so that V stays a variance."""
SETTLED_KM = 5e-3


@dataclass(frozen=True, slots=True)
class Items:
    """Reports as numbers: category, and how much each counts (reposts less)."""

    category: Int[np.ndarray, " n"]
    weight: Float[np.ndarray, " n"]


@dataclass(frozen=True, slots=True)
class Fit:
    """At the reports: pulls alpha (1/km), weights W (1/km²), mean, variance, and the Cholesky root of I + √W K √W."""

    alpha: Float[np.ndarray, " n"]
    weight: Float[np.ndarray, " n"]
    mean: Float[np.ndarray, " n"]
    variance: Float[np.ndarray, " n"]
    root: Float[np.ndarray, "n n"]

    def explained_variance(self, across: Float[np.ndarray, "m n"]) -> Float[np.ndarray, " m"]:
        """How much the reports take off the prior variance of spots whose covariance with them is `across`, km²."""
        if len(self.alpha) == 0:
            return np.zeros(len(across))
        half = linalg.solve_triangular(
            self.root, (across * np.sqrt(self.weight)).T, lower=True, check_finite=False, overwrite_b=True
        )
        return np.asarray((half**2).sum(axis=0))

    def without_each(self) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"]]:
        """Mean and variance at each report as if it alone had not come (its Gaussian site divided out)."""
        precision = 1 / self.variance
        left = np.maximum(precision - self.weight, 0.05 * precision)
        return self.mean - self.alpha / left, 1 / left


def fit(
    items: Items,
    prior_mean: Float[np.ndarray, " n"],
    prior: Float[np.ndarray, "n n"],
    table: Table,
    *,
    rounds: int,
    start: Fit | None = None,
) -> Fit:
    """The variational posterior at the reports; damped fixed-point rounds, warm-started if `start` is given."""
    if len(items.category) == 0:
        nothing = np.zeros(0)
        return Fit(nothing, nothing, nothing, nothing, np.zeros((0, 0)))
    own = np.diag(prior)
    alpha = np.zeros(len(own)) if start is None else start.alpha
    mean = prior_mean + prior @ alpha
    spread2 = own.copy() if start is None else start.variance
    weight = None if start is None else start.weight
    for number in range(rounds):
        say = table.expected(items.category, mean, np.sqrt(np.maximum(spread2, LEAST_VARIANCE_KM2)))
        fresh = np.maximum(say.bend, LEAST_WEIGHT) * items.weight
        weight = fresh if weight is None else 0.5 * weight + 0.5 * fresh
        root = _root(prior, weight)
        target = _pulls(prior, root, weight, weight * (mean - prior_mean) + items.weight * say.slope)
        alpha = alpha + (0.6 if number < 10 else 0.35) * (target - alpha)
        moved, mean = mean, prior_mean + prior @ alpha
        spread2 = np.clip(_spread2(root, weight), LEAST_VARIANCE_KM2, own)
        if np.abs(mean - moved).max() < SETTLED_KM:
            break
    assert weight is not None
    return Fit(alpha, weight, mean, spread2, root)


def _root(prior: Float[np.ndarray, "n n"], weight: Float[np.ndarray, " n"]) -> Float[np.ndarray, "n n"]:
    half = np.sqrt(weight)
    whole = half[:, None] * prior * half
    whole[np.diag_indices_from(whole)] += 1.0
    return np.asarray(linalg.cholesky(whole, lower=True, check_finite=False, overwrite_a=True))


def _pulls(
    prior: Float[np.ndarray, "n n"],
    root: Float[np.ndarray, "n n"],
    weight: Float[np.ndarray, " n"],
    sought: Float[np.ndarray, " n"],
) -> Float[np.ndarray, " n"]:
    """(I + W K)⁻¹ sought, by the symmetric form of Rasmussen & Williams (2006), algorithm 3.1."""
    half = np.sqrt(weight)
    return np.asarray(sought - half * linalg.cho_solve((root, True), half * (prior @ sought), check_finite=False))


def _spread2(root: Float[np.ndarray, "n n"], weight: Float[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    """The diagonal of (K⁻¹ + W)⁻¹ from √W V √W = I - (I + √W K √W)⁻¹."""
    inverse, _ = linalg.lapack.dpotri(root, lower=1)
    return np.asarray((1 - np.diag(inverse)) / weight)
