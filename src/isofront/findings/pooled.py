"""One interval out of rival numbers, where somebody asks for it: never instead of the list it was made from.

Method (docs/maths/claims.md). Speaker i of interest g says a number; on the log scale

    log yᵢ = μ + b_g + eᵢ,   b_g ~ N(0, τ²),   eᵢ ~ N(0, σᵢ²),   τ ~ half-N(0, 0.5²),   μ flat,

so that those who serve one side share a bias, pulled towards none (partial pooling). "At least 200" is not 200: it says
log y ≥ log 200, "at most" the reverse, a range that y lies in it, each through the same error. The integrals over b are
nine-point Gauss-Hermite sums, those over μ and τ sums on a grid: no chance, the same answer each time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr, logsumexp

from isofront.errors import UsageError
from isofront.evidence.claim import Bound, Claim

METHOD = "hierarchical log-normal, a bias per interest, one-sided statements as bounds"
LEAST = 3
"""Fewer numbers than this are not pooled."""
SPREAD = {"A": 0.10, "B": 0.15, "C": 0.25, "D": 0.40, "E": 0.60, "F": 0.40}
"""σ on the log scale by the speaker's reliability; F cannot be judged and counts as D."""
VAGUER = 0.15
"""Added in squares for "about"."""
BIAS = 0.5
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
_LOG_WEIGHTS = np.log(_WEIGHTS / _WEIGHTS.sum())


@dataclass(frozen=True, slots=True)
class Pooled:
    """A pooled number: its median, the 5 and 95 % points, how many claims and interests went in."""

    low: float
    median: float
    high: float
    n_claims: int
    n_interests: int
    method: str = METHOD


def pooled(claims: Sequence[Claim]) -> Pooled:
    """The interval that rival numbers about one thing leave.

    Raises:
        UsageError: there are fewer than three numbers, none that bounds it from both sides, or they differ in subject.
    """
    some = [one for one in claims if one.low is not None and one.high is not None and one.high > 0]
    if len(some) < LEAST:
        raise UsageError(f"wanted {LEAST} numbers or more to pool, found {len(some)}; the list stands for itself")
    if len({one.about for one in some}) > 1:
        raise UsageError("numbers about different things are not pooled")
    if all(one.bound is Bound.AT_LEAST for one in some) or all(one.bound is Bound.AT_MOST for one in some):
        raise UsageError("all of these numbers bound it from one side: nothing to pool")
    mu, tau = _grid(some)
    posterior = _log_likelihood(some, mu, tau) - 0.5 * (tau[None, :] / BIAS) ** 2
    weight = np.exp(posterior - posterior.max()).sum(axis=1)
    low, median, high = np.interp((0.05, 0.5, 0.95), np.cumsum(weight) / weight.sum(), mu)
    interests = {one.interest for one in some}
    return Pooled(float(np.exp(low)), float(np.exp(median)), float(np.exp(high)), len(some), len(interests))


def _grid(some: Sequence[Claim]) -> tuple[np.ndarray, np.ndarray]:
    ends = np.log([max(float(value), 0.5) for one in some for value in (one.low, one.high) if value is not None])
    return np.linspace(ends.min() - 2.5, ends.max() + 2.5, 801), np.linspace(0.02, 4 * BIAS, 41)


def _log_likelihood(some: Sequence[Claim], mu: np.ndarray, tau: np.ndarray) -> np.ndarray:
    """log P(claims | μ, τ), rows by μ and columns by τ, the biases integrated out."""
    groups: dict[str | None, list[Claim]] = defaultdict(list)
    for one in some:
        groups[one.interest].append(one)
    truth = mu[:, None, None] + tau[None, :, None] * _NODES
    total = np.zeros((len(mu), len(tau)))
    for members in groups.values():
        terms = np.sum([_said(one, truth) for one in members], axis=0)
        total += logsumexp(terms + _LOG_WEIGHTS, axis=2)
    return total


def _said(one: Claim, truth: np.ndarray) -> np.ndarray:
    """log P(one claim | the log of the number as its interest would put it)."""
    assert one.low is not None
    assert one.high is not None
    sigma = float(np.hypot(SPREAD[one.reliability], VAGUER if one.bound is Bound.ABOUT else 0.0))
    low, high = (np.log(max(float(value), 0.5)) for value in (one.low, one.high))
    if one.bound is Bound.AT_LEAST:
        return np.asarray(log_ndtr((truth - low) / sigma))
    if one.bound is Bound.AT_MOST:
        return np.asarray(log_ndtr((high - truth) / sigma))
    if one.bound is Bound.RANGE:
        return np.asarray(log_ndtr((truth - low) / sigma) + log_ndtr((high - truth) / sigma))
    return np.asarray(-0.5 * ((truth - low) / sigma) ** 2 - np.log(sigma))
