"""One interval out of rival numbers, where somebody asks for it: never instead of the list it was made from.

Method (docs/maths/claims.md). Speaker i of interest g says a number; on the log scale

    log yᵢ = μ + b_g + eᵢ,   b_g ~ N(0, τ²),   eᵢ ~ N(0, σᵢ²),   τ ~ half-N(0, 0.5²),   μ flat,

so that those who serve one side share a bias, pulled towards none (partial pooling). "At least 200" is not 200: it says
log y ≥ log 200, "at most" the reverse, a range that y lies in it, each through the same error; nought bounds nothing
from below. What an interest's claims say of its own level μ + b is smoothed by N(0, τ²) on a grid, and summed over τ:
no chance, the same answer each time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr

from isofront.arrays import Bool, Float
from isofront.errors import UsageError
from isofront.evidence.claim import SUBJECTS, Bound, Claim

METHOD = "hierarchical log-normal, a bias per interest, one-sided statements as bounds"
LEAST = 3
"""Fewer numbers than this are not pooled."""
SPREAD = {"A": 0.10, "B": 0.15, "C": 0.25, "D": 0.40, "E": 0.60, "F": 0.40}
"""σ on the log scale by the speaker's reliability; F cannot be judged and counts as D."""
VAGUER = 0.15
"""Added in squares for "about"."""
BIAS = 0.5
_AROUND, _BEYOND = 2.5, 5.0
"""μ is looked for so far around what was said, and levels so far beyond that, on the log scale."""
_POINTS, _TAUS = 2048, 80


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
    above, under = (any(one.bound is not bound for one in some) for bound in (Bound.AT_LEAST, Bound.AT_MOST))
    if not above or not under or not any(one.low for one in some if one.bound is not Bound.AT_MOST):
        raise UsageError("all of these numbers bound it from one side: nothing to pool")
    level, inside = _levels(some)
    weight = _weight(some, level)[inside]
    below = (np.cumsum(weight) - weight / 2) / weight.sum()
    low, median, high = np.interp((0.05, 0.5, 0.95), below, level[inside])
    interests = {one.interest for one in some}
    return Pooled(float(np.exp(low)), float(np.exp(median)), float(np.exp(high)), len(some), len(interests))


def _levels(some: Sequence[Claim]) -> tuple[Float[np.ndarray, " n"], Bool[np.ndarray, " n"]]:
    """The log scale about what was said, and where on it μ can be: no number is more than its subject can have."""
    ends = np.log([float(value) for one in some for value in (one.low, one.high) if value])
    far = _AROUND + _BEYOND
    level = np.linspace(ends.min() - far, ends.max() + far, _POINTS)
    most = min(ends.max() + _AROUND, float(np.log(SUBJECTS[some[0].about].most)))
    return level, (level >= ends.min() - _AROUND) & (level <= most)


def _weight(some: Sequence[Claim], level: Float[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    """P(μ | claims) up to a factor: over τ, the product over interests of what each leaves possible, smoothed by τ."""
    groups: dict[str | None, list[Claim]] = defaultdict(list)
    for one in some:
        groups[one.interest].append(one)
    spectra = [np.fft.rfft(_likelihood(members, level)) for members in groups.values()]
    turns = 2 * np.pi * np.fft.rfftfreq(len(level), level[1] - level[0])
    total = np.zeros(len(level))
    for tau in 4 * BIAS * (np.arange(_TAUS) + 0.5) / _TAUS:
        smooth = np.exp(-0.5 * (tau * turns) ** 2)
        left = [np.maximum(np.fft.irfft(one * smooth, len(level)), 0.0) for one in spectra]
        total += np.prod(left, axis=0) * np.exp(-0.5 * (tau / BIAS) ** 2)
    return total


def _likelihood(members: Sequence[Claim], level: Float[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    """P(claims of one interest | the log of the number as it would put it), the largest 1."""
    said = np.sum([_said(one, level) for one in members], axis=0)
    return np.asarray(np.exp(said - said.max()))


def _said(one: Claim, level: Float[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    """log P(one claim | the log of the number as its interest would put it), up to a constant."""
    assert one.low is not None
    assert one.high is not None
    sigma = float(np.hypot(SPREAD[one.reliability], VAGUER if one.bound is Bound.ABOUT else 0.0))
    high = (float(np.log(one.high)) - level) / sigma
    low = (level - float(np.log(one.low))) / sigma if one.low > 0 else np.full(len(level), np.inf)
    if one.bound is Bound.AT_LEAST:
        return np.asarray(log_ndtr(low))
    if one.bound is Bound.AT_MOST:
        return np.asarray(log_ndtr(high))
    if one.bound is Bound.RANGE:
        return np.asarray(log_ndtr(low) + log_ndtr(high))
    return np.asarray(-0.5 * low**2)
