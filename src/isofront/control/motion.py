"""How the line may move: the covariance of its displacement in space and time.

Displacement u(s, t), km, t days after the last trusted map. Between (s, t) and (s', t')

    K = f f' M(d; rho_start) + a a' [ q min(t, t') M(d; rho) + v² I(t, t') M(d; rho_pace) ]

with M the Matérn-3/2 correlation of how far s is from s' (`ground.distance`), tapered to exactly 0 at `reach_km`
(Wendland 1995), so that far reports have no say; f(s) the doubt of the trusted map, a(s) the local activity, q jitter
(km²/day) and I the covariance of a position whose velocity is an Ornstein-Uhlenbeck process of standard deviation v
(km/day) and memory tau (days): an advance tends to go on, and to tire.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import no_type_check

import msgspec
import numba as nb
import numpy as np
from jaxtyping import Float, Int


class Motion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Scales of the line's movement; km and days."""

    rho_km: float = 4.0
    rho_pace_km: float = 15.0
    rho_start_km: float = 4.0
    jitter_km2_day: float = 0.007
    pace_km_day: float = 0.036
    memory_days: float = 30.0
    reach_km: float = 45.0

    def moved_km2(self, days: float) -> float:
        """Variance of the displacement after so many days where activity is 1, km²."""
        tau = self.memory_days
        drift = 2 * tau**2 * (days / tau - 1 + np.exp(-days / tau))
        return float(self.jitter_km2_day * days + self.pace_km_day**2 * drift)

    def coasting_days(self, days: float) -> float:
        """How many days' worth of the starting velocity are travelled after so many days."""
        return float(self.memory_days * (1 - np.exp(-days / self.memory_days)))


@dataclass(frozen=True, slots=True)
class Spots:
    """Where and when, with what the covariance needs there: lifted places (km), days, doubt f (km), activity a."""

    at: Float[np.ndarray, "n axes"]
    days: Float[np.ndarray, " n"]
    doubt_km: Float[np.ndarray, " n"]
    activity: Float[np.ndarray, " n"]

    def __len__(self) -> int:
        return len(self.days)

    def part(self, chosen: slice | Int[np.ndarray, " m"]) -> Spots:
        """Some of the spots."""
        return Spots(self.at[chosen], self.days[chosen], self.doubt_km[chosen], self.activity[chosen])


def covariance(one: Spots, other: Spots, motion: Motion) -> Float[np.ndarray, "n m"]:
    """K between all pairs, km²."""
    return np.asarray(
        _covariance(
            one.at, one.days, one.doubt_km, one.activity, other.at, other.days, other.doubt_km, other.activity,
            motion.rho_km, motion.rho_pace_km, motion.rho_start_km, motion.jitter_km2_day, motion.pace_km_day**2,
            motion.memory_days, motion.reach_km,
        )
    )  # fmt: skip


def variance(spots: Spots, motion: Motion) -> Float[np.ndarray, " n"]:
    """K of each spot with itself, km²; all spots at one moment."""
    days = float(spots.days[0]) if len(spots) else 0.0
    return np.asarray(spots.doubt_km**2 + spots.activity**2 * motion.moved_km2(days))


def pace_covariance(one: Spots, other: Spots, motion: Motion) -> Float[np.ndarray, "n m"]:
    """Covariance of the velocity at `one` (at one moment, not before any of `other`) with displacements, km²/day."""
    tau, end = motion.memory_days, (float(one.days[0]) if len(one) else 0.0)
    lag = tau * (np.exp(-(end - other.days) / tau) - np.exp(-end / tau))
    return np.asarray(
        _matern(one.at, other.at, motion.rho_pace_km, motion.reach_km)
        * one.activity[:, None]
        * (other.activity * motion.pace_km_day**2 * lag)
    )


def matern(
    one: Float[np.ndarray, "n axes"], other: Float[np.ndarray, "m axes"], rho_km: float, *, reach_km: float
) -> Float[np.ndarray, "n m"]:
    """Matérn-3/2 correlation of lifted spots, tapered to 0 at the reach."""
    return np.asarray(_matern(one, other, rho_km, reach_km))


@nb.njit(cache=True)
@no_type_check
def _apart(a: np.ndarray, b: np.ndarray) -> float:
    total = 0.0
    for axis in range(a.shape[0]):
        total += (a[axis] - b[axis]) ** 2
    return np.sqrt(total)


@nb.njit(cache=True)
@no_type_check
def _fall(apart: float, rho: float, reach: float) -> float:
    """Matérn-3/2 times Wendland's C² function: a covariance in up to three axes, and exactly 0 from `reach` on."""
    if apart >= reach:
        return 0.0
    x = apart * np.sqrt(3.0) / rho
    part = apart / reach
    return (1 + x) * np.exp(-x) * (1 - part) ** 4 * (4 * part + 1)


@nb.njit(cache=True, parallel=True)
@no_type_check
def _matern(one: np.ndarray, other: np.ndarray, rho: float, reach: float) -> np.ndarray:
    out = np.empty((one.shape[0], other.shape[0]))
    for i in nb.prange(one.shape[0]):
        for j in range(other.shape[0]):
            out[i, j] = _fall(_apart(one[i], other[j]), rho, reach)
    return out


@nb.njit(cache=True, parallel=True)
@no_type_check
def _covariance(  # noqa: PLR0917 - numba takes no keywords
    at, days, doubt, active, at2, days2, doubt2, active2, rho, rho_pace, rho_start, jitter, pace2, tau, reach
):
    out = np.zeros((at.shape[0], at2.shape[0]))
    fade, fade2 = np.exp(-days / tau), np.exp(-days2 / tau)
    for i in nb.prange(at.shape[0]):
        for j in range(at2.shape[0]):
            apart = _apart(at[i], at2[j])
            if apart >= reach:
                continue
            both = min(days[i], days2[j])
            lag = np.exp(-abs(days[i] - days2[j]) / tau)
            drift = 2 * tau * both - tau * tau * (1 - fade[i] - fade2[j] + lag)
            k = _fall(apart, rho, reach) * jitter * both + _fall(apart, rho_pace, reach) * pace2 * drift
            k *= active[i] * active2[j]
            f = doubt[i] * doubt2[j]
            if f > 0:
                k += f * _fall(apart, rho_start, reach)
            out[i, j] = k
    return out
