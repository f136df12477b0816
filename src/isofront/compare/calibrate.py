"""Whether probabilities mean what they say: of cells given 70 %, how many does the reference draw as held?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

import numpy as np

from isofront.arrays import Bool, Float, Int

N_BINS = 15
P_LEAST = 1e-3
"""Probabilities are clipped to [P_LEAST, 1 - P_LEAST] before they are scored."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """Per bin of equal width: how many cells, the sum of their probabilities, how many the reference holds."""

    n: Int[np.ndarray, " bins"]
    sum_p: Float[np.ndarray, " bins"]
    n_held: Int[np.ndarray, " bins"]

    @property
    def ece(self) -> float | None:
        """Expected calibration error: Σ_bins |Σp − n held| / Σ n; None without cells."""
        total = int(self.n.sum())
        return float(np.abs(self.sum_p - self.n_held).sum() / total) if total else None

    def rows(self) -> list[tuple[float, float, int, float, float]]:
        """(from, to, n, mean p, share held) of every bin that has cells."""
        edges = np.linspace(0, 1, len(self.n) + 1)
        return [
            (float(edges[k]), float(edges[k + 1]), int(n), float(self.sum_p[k] / n), float(self.n_held[k] / n))
            for k, n in enumerate(self.n)
            if n
        ]


def clipped(p: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Probabilities kept off 0 and 1, as float64."""
    return np.clip(np.asarray(p, np.float64), P_LEAST, 1 - P_LEAST)


def reliability(p: Float[np.ndarray, " n"], held: Bool[np.ndarray, " n"], n_bins: int = N_BINS) -> Reliability:
    """Probabilities beside what the reference draws, in bins of equal width; the last bin includes 1."""
    which = np.minimum((np.asarray(p, float) * n_bins).astype(np.int64), n_bins - 1)
    return Reliability(
        np.bincount(which, minlength=n_bins),
        np.bincount(which, weights=p, minlength=n_bins).astype(np.float64),  # without cells it would count in integers
        np.bincount(which[held], minlength=n_bins),
    )


def pooled(tables: Iterable[Reliability]) -> Reliability:
    """Several tables as one."""
    return reduce(lambda a, b: Reliability(a.n + b.n, a.sum_p + b.sum_p, a.n_held + b.n_held), tables)


def brier(p: Float[np.ndarray, " n"], held: Bool[np.ndarray, " n"]) -> float:
    """Mean of (p − held)²."""
    return float(np.mean((p - held) ** 2))


def log_loss(p: Float[np.ndarray, " n"], held: Bool[np.ndarray, " n"]) -> float:
    """Mean of −ln(the probability given to what is so), nats."""
    return float(-np.mean(np.log(np.where(held, p, 1 - p))))
