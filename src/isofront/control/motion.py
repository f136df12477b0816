"""How the line may move: the covariance of its displacement in space and time.

Displacement u(s, t), km, t days after the last trusted map. Between (s, t) and (s', t')

    K = f f' M(d; rho_start) + a a' [ q min(t, t') M(d; rho) + v² I(t, t') M(d; rho_pace) ]

with M the Matérn-3/2 correlation of how far s is from s' (`ground.distance`), tapered to exactly 0 at `reach_km`
(Wendland 1995), so that far reports have no say; f(s) the doubt of the trusted map, a(s) the local activity, q jitter
(km²/day) and I the covariance of a position whose velocity is an Ornstein-Uhlenbeck process of standard deviation v
(km/day) and memory tau (days): an advance tends to go on, and to tire.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar, no_type_check

import msgspec
import numpy as np

from isofront.arrays import Float, Float32, Int
from isofront.control.falling import FUSED, fall, steepness
from isofront.control.kernel_sums import kernel_sums
from isofront.kept_code import njit

Days = TypeVar("Days", float, np.ndarray)
"""One number of days, or many."""


class Motion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Scales of the line's movement; km and days."""

    rho_km: float = 4.0
    rho_pace_km: float = 15.0
    rho_start_km: float = 4.0
    jitter_km2_day: float = 0.007
    pace_km_day: float = 0.036
    memory_days: float = 30.0
    reach_km: float = 45.0

    def moved_km2(self, days: Days) -> Days:
        """Variance of the displacement after so many days where activity is 1, km²."""
        tau = self.memory_days
        drift = 2 * tau**2 * (days / tau - 1 + np.exp(-days / tau))
        moved: Days = self.jitter_km2_day * days + self.pace_km_day**2 * drift
        return moved

    def coasting_days(self, days: Days) -> Days:
        """How many days' worth of the starting velocity are travelled after so many days."""
        coasted: Days = self.memory_days * (1 - np.exp(-days / self.memory_days))
        return coasted


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

    def and_(self, other: Spots) -> Spots:
        """Both, one after the other."""
        return Spots(
            np.concatenate([self.at, other.at]),
            np.concatenate([self.days, other.days]),
            np.concatenate([self.doubt_km, other.doubt_km]),
            np.concatenate([self.activity, other.activity]),
        )


Numbers = tuple[Float32[np.ndarray, " k"], tuple[int, int, int], float, float, float, float]


@lru_cache(maxsize=8)
def _numbers(motion: Motion) -> Numbers:
    """Motion as compiled loops read it: the different scales of correlation, and which of them movement, pace and
    start follow; reach, jitter, pace squared, memory.
    """
    three = (motion.rho_km, motion.rho_pace_km, motion.rho_start_km)
    different = tuple(dict.fromkeys(three))
    near, wide, first = (different.index(one) for one in three)
    scales = steepness(different), (near, wide, first)
    return *scales, float(motion.reach_km), motion.jitter_km2_day, motion.pace_km_day**2, float(motion.memory_days)


def covariance(one: Spots, other: Spots, motion: Motion) -> Float[np.ndarray, "n m"]:
    """K between all pairs, km²."""
    return _between(one, other, motion, np.empty((len(one), len(other))))


def covariance32(one: Spots, other: Spots, motion: Motion) -> Float32[np.ndarray, "n m"]:
    """K between all pairs, km², in single precision: it is far finer than what rounds and pivots leave."""
    return _between(one, other, motion, np.empty((len(one), len(other)), np.float32))


def _between(one: Spots, other: Spots, motion: Motion, out: Float[np.ndarray, "n m"]) -> Float[np.ndarray, "n m"]:
    _covariance(
        one.at, one.days, one.doubt_km, one.activity, other.at, other.days, other.doubt_km, other.activity,
        _numbers(motion), out,
    )  # fmt: skip
    return out


def variance(spots: Spots, motion: Motion) -> Float[np.ndarray, " n"]:
    """K of each spot with itself, km²; each at its own moment."""
    return np.asarray(spots.doubt_km**2 + spots.activity**2 * motion.moved_km2(spots.days))


def pivoted(
    spots: Spots, motion: Motion, *, rest_km2: float, rest_share: float = 0.0
) -> tuple[Float[np.ndarray, "r n"], Int[np.ndarray, " r"], Float[np.ndarray, " n"]]:
    """K ≈ Fᵀ F by Cholesky with pivots: F, pivots, and the diagonal of K - Fᵀ F.

    Pivots are added until no such diagonal exceeds `rest_km2` and a share of the spot's own variance.
    """
    own = variance(spots, motion)
    f, pivots, rest = _pivoted(
        spots.at, spots.days, spots.doubt_km, spots.activity, _numbers(motion), own, rest_km2 + rest_share * own
    )
    return f, pivots, rest


def pace_covariance(one: Spots, other: Spots, motion: Motion) -> Float[np.ndarray, "n m"]:
    """Covariance of the velocity at `one` (at one moment, not before any of `other`) with displacements, km²/day."""
    tau, end = motion.memory_days, (float(one.days[0]) if len(one) else 0.0)
    lag = tau * (np.exp(-(end - other.days) / tau) - np.exp(-end / tau))
    return np.asarray(
        matern(one.at, other.at, motion.rho_pace_km, reach_km=motion.reach_km)
        * one.activity[:, None]
        * (other.activity * motion.pace_km_day**2 * lag)
    )


def displacement(
    spots: Spots, reports: Spots, pull: Float[np.ndarray, "*k n"], motion: Motion
) -> tuple[Float[np.ndarray, "*k m"], Float[np.ndarray, "*k m"]]:
    """Σ K(s, x_i) pull_i, and the same for the velocity there, at spots of one moment; km and km/day."""
    tau, end = motion.memory_days, (float(spots.days[0]) if len(spots) else 0.0)
    days = reports.days
    both, apart, gone = np.minimum(days, end), np.exp(-np.abs(end - days) / tau), float(np.exp(-end / tau))
    drift = 2 * tau * both - tau**2 * (1 - gone - np.exp(-days / tau) + apart)
    speed = tau * (np.exp(-(end - days) / tau) - gone)
    lively, pace2 = reports.activity * pull, motion.pace_km_day**2
    pulls = [lively * motion.jitter_km2_day * both, reports.doubt_km * pull, lively * pace2 * drift]
    values = np.stack([*pulls, lively * pace2 * speed])
    scales = (motion.rho_km, motion.rho_start_km, motion.rho_pace_km, motion.rho_pace_km)
    each = math.prod(pull.shape[:-1])
    rows = values.reshape(len(scales) * each, len(days))
    rho_km = tuple(one for one in scales for _ in range(each))
    found = kernel_sums(spots.at, reports.at, rows, rho_km=rho_km, reach_km=motion.reach_km)
    near, first, wide, fast = found.reshape(*values.shape[:-1], len(spots))
    return spots.doubt_km * first + spots.activity * (near + wide), spots.activity * fast


def matern(
    one: Float[np.ndarray, "n axes"], other: Float[np.ndarray, "m axes"], rho_km: float, *, reach_km: float
) -> Float[np.ndarray, "n m"]:
    """Matérn-3/2 correlation of lifted spots, tapered to 0 at the reach."""
    return np.asarray(_matern(one, other, steepness((rho_km,)), reach_km))


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FUSED)
@no_type_check
def _apart2(at, across, out):
    """Squared distance (km²) from one spot to others, which are given axis by axis."""
    n = out.shape[0]
    for j in range(n):
        east, north = np.float32(at[0] - across[0, j]), np.float32(at[1] - across[1, j])
        out[j] = east * east + north * north
    for axis in range(2, at.shape[0]):
        for j in range(n):
            off = np.float32(at[axis] - across[axis, j])
            out[j] += off * off


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _matern(one, other, steep, reach):
    n, across = other.shape[0], other.T.copy()
    out, part, row = np.empty((one.shape[0], n)), np.empty(n, np.float32), np.empty((1, n), np.float32)
    away, taper = np.empty(n, np.float32), np.empty(n, np.float32)
    for i in range(one.shape[0]):
        _apart2(one[i], across, part)
        fall(part, steep, reach, away, taper, row)
        out[i] = row[0]
    return out


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FUSED)
@no_type_check
def _covariance(at, days, doubt, active, at2, days2, doubt2, active2, motion, out):  # noqa: PLR0917 - numba takes none
    others = _told(at2, days2, doubt2, active2, motion[5], out)
    one = _told(at, days, doubt, active, motion[5], out)[1]
    part, room = np.empty(out.shape[1], np.float32), np.empty((motion[0].shape[0] + 2, out.shape[1]), np.float32)
    for i in range(at.shape[0]):
        _row(i, one, at[i], others, motion, part, room, out[i])


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FUSED)
@no_type_check
def _told(at, days, doubt, active, tau, out):  # noqa: PLR0917 - numba takes no keywords
    """Spots as a row of the covariance reads them: axis by axis, and the rest as precise as what comes out."""
    kind, fade, rise = out.dtype, np.exp(-days / tau), np.exp(days / tau)
    five = days.astype(kind), doubt.astype(kind), active.astype(kind), fade.astype(kind), rise.astype(kind)
    return at.T.copy(), five


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FUSED)
@no_type_check
def _row(i, one, at, others, motion, part, room, out):  # noqa: PLR0917 - numba takes no keywords
    """One spot's covariance with all others; loops without branches, which the compiler lays side by side."""
    across, (days2, doubt2, active2, fade2, rise2) = others
    days, doubt, active, fade, rise = one[0][i], one[1][i], one[2][i], one[3][i], one[4][i]
    steep, which, reach, jitter, pace2, tau = motion
    _apart2(at, across, part)
    fall(part, steep, reach, room[0], room[1], room[2:])
    near, wide, first = room[2 + which[0]], room[2 + which[1]], room[2 + which[2]]
    kind = out.dtype.type
    slow, steps, jumps, whole = kind(2 * tau * pace2), kind(tau * tau * pace2), kind(jitter), kind(1)
    for j in range(out.shape[0]):
        both = min(days, days2[j])
        lag = min(fade * rise2[j], fade2[j] * rise)
        drift = slow * both - steps * (whole - (fade + fade2[j]) + lag)
        out[j] = doubt * doubt2[j] * first[j] + active * active2[j] * (near[j] * jumps * both + wide[j] * drift)


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _pivoted(at, days, doubt, active, motion, own, least):  # noqa: PLR0917 - numba takes no keywords
    n = at.shape[0]
    part, row, line = np.empty(n, np.float32), np.empty(n), np.empty(n, np.float32)
    others, room = _told(at, days, doubt, active, motion[5], line), np.empty((motion[0].shape[0] + 2, n), np.float32)
    rest, found, pivots = own.copy(), np.zeros((64, n)), np.empty(n, np.int64)
    r = 0
    while r < n:
        p = np.argmax(rest / least)
        if r > 0 and rest[p] < least[p]:
            break
        if r == found.shape[0]:
            longer = np.zeros((2 * r, n))
            longer[:r] = found
            found = longer
        _row(p, others[1], at[p], others, motion, part, room, line)
        row[:] = line
        for k in range(r):
            share = found[k, p]
            if share != 0.0:
                for j in range(n):
                    row[j] -= share * found[k, j]
        root = np.sqrt(max(rest[p], 1e-12))
        for j in range(n):
            row[j] /= root
        for k in range(r):
            row[pivots[k]] = 0.0
        row[p] = root
        for j in range(n):
            rest[j] = max(rest[j] - row[j] * row[j], 0.0)
        rest[p] = 0.0
        found[r] = row
        pivots[r] = p
        r += 1
    return found[:r].copy(), pivots[:r].copy(), rest
