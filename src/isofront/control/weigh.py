"""What a report says about the line: log P(what was seen | how deep the spot lies), as smooth tables.

The latent depth phi (km) is positive inside side 1's held ground. For each category k (kind, side seen, coarse
location) the table gives log P(k | phi, some item is here). Conditioning on an item being there removes where cameras
are; the geolocation error, wrong sides and infiltration are inside the table, because it is learned at *reported*
places.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import no_type_check

import msgspec
import numpy as np
from scipy.special import ndtr

from isofront.arrays import Bool, Float, Int
from isofront.evidence.report import Kind, Report
from isofront.kept_code import njit
from isofront.threads import each

COARSE_M = 1000.0
"""From this location error on a report counts as coarse."""
BEND_KM = 0.5
"""Depth is measured on asinh-like steps: fine near the line, coarse far from it."""
STEPS = np.linspace(-3.6, 3.6, 73)
LOW, PER_STEP = float(STEPS[0]), float(1 / (STEPS[1] - STEPS[0]))
DEPTHS_KM = np.sign(STEPS) * np.expm1(np.abs(STEPS)) * BEND_KM
KINDS = tuple(kind for kind in Kind if kind is not Kind.ACTIVITY)
N_CATEGORIES = len(KINDS) * 4
STATED, STATED_GREY = (N_CATEGORIES, N_CATEGORIES + 2), (N_CATEGORIES + 1, N_CATEGORIES + 3)
"""Categories past those of the table: ground stated to be held by side 1 or 2; to be grey, where that side is drawn."""
STATED_KM = 0.3
"""How exactly a statement places the line."""
STATED_WRONG = 0.02
"""How often an editor errs: far on the wrong side a statement stops pulling, or it would drag ground it never named."""
SOME = 1024
"""So many reports are weighed at one go."""
NEVER = -30.0
"""log P of what is not heard at all."""
NODES, NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
NODE_WEIGHTS = NODE_WEIGHTS / NODE_WEIGHTS.sum()

Log = Float[np.ndarray, "category step"]


def category(report: Report, *, sides: tuple[str, str]) -> int | None:
    """The row of the table for a report; None if it says nothing about who is where."""
    if report.kind not in KINDS or report.seen not in sides:
        return None
    if not report.shows_presence and report.kind is not Kind.LEFT:
        return None
    coarse = report.error_m >= COARSE_M
    return KINDS.index(report.kind) * 4 + sides.index(report.seen) * 2 + int(coarse)


def step_of(depth_km: Float[np.ndarray, "*n"]) -> Float[np.ndarray, "*n"]:
    """Where a depth lies on the axis of the table, clipped to its ends."""
    return np.asarray(np.clip(np.sign(depth_km) * np.log1p(np.abs(depth_km) / BEND_KM), STEPS[0], STEPS[-1]))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What each report says at its spot, when the latent is Gaussian there: expected slope and curvature."""

    slope: Float[np.ndarray, " n"]
    bend: Float[np.ndarray, " n"]


@dataclass(frozen=True)
class Table:
    """log P(category | depth) on `STEPS`; every column is a distribution over categories."""

    log: Log

    def expected(
        self, category: Int[np.ndarray, " n"], mean: Float[np.ndarray, " n"], spread: Float[np.ndarray, " n"]
    ) -> Evidence:
        """E[d log P / d phi] and -E[d2 log P / d phi2] for phi ~ N(mean, spread²), by Stein's identity."""
        slope, bend = np.empty(len(mean)), np.empty(len(mean))

        def expect(first: int) -> None:
            some = slice(first, first + SOME)
            _expect(self.log, category[some], mean[some], spread[some], slope[some], bend[some])

        for _ in each(expect, range(0, len(mean), SOME)):
            pass
        return Evidence(slope, bend)

    def at(self, category: Int[np.ndarray, "*n"], depth_km: Float[np.ndarray, "*m"]) -> Float[np.ndarray, "*m"]:
        """log P at depths, linear between steps: its expectations are smooth all the same."""
        place = (step_of(depth_km) - STEPS[0]) / (STEPS[1] - STEPS[0])
        low = np.minimum(place.astype(np.int64), len(STEPS) - 2)
        part = place - low
        return np.asarray(self.log[category, low] * (1 - part) + self.log[category, low + 1] * part)

    def with_statements(self) -> Table:
        """The table with a row for each kind of statement, footage or not.

        log(w + (1 - 2w) Phi(± depth / `STATED_KM`)), w = `STATED_WRONG`.
        """
        right = [ndtr(sign * DEPTHS_KM / STATED_KM) for sign in (1.0, -1.0, -1.0, 1.0)]
        return Table(np.vstack([self.log, *(np.log(STATED_WRONG + (1 - 2 * STATED_WRONG) * p) for p in right)]))

    def without(self, sides: Set[int]) -> Table:
        """The table given that reports which show some side (0, 1) are never heard: P(k | depth, k is of the others).

        Taken for all there are, reports of one side alone would say that it is everywhere.
        """
        log = self.log.copy()
        log[[row for row in range(len(log)) if row // 2 % 2 in sides]] = NEVER
        return Table(normalised(log))

    def mirrored(self) -> Table:
        """The table with the sides swapped: depth changes its sign."""
        return Table(self.log.reshape(-1, 2, 2, len(STEPS))[:, ::-1, :, ::-1].reshape(self.log.shape))


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def read_at(row, depth):
    """A row of the table at a depth (km), linear between its steps, as `Table.at` has it."""
    last = row.shape[0] - 1
    step = np.log1p(abs(depth) / BEND_KM)
    place = min(max(((step if depth >= 0 else -step) - LOW) * PER_STEP, 0.0), float(last))
    k = min(np.int64(place), last - 1)
    return row[k] * (1 - (place - k)) + row[k + 1] * (place - k)


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _expect(log, category, mean, spread, slope, bend):  # noqa: PLR0917 - numba takes no keywords
    """Gauss-Hermite sums over the table."""
    for i in range(mean.shape[0]):
        row, first, second = log[category[i]], 0.0, 0.0
        for node in range(NODES.shape[0]):
            say = NODE_WEIGHTS[node] * read_at(row, mean[i] + spread[i] * NODES[node])
            first += say * NODES[node]
            second += say * (1 - NODES[node] * NODES[node])
        slope[i], bend[i] = first / spread[i], second / (spread[i] * spread[i])


def normalised(log: Log) -> Log:
    """Each column scaled to sum to one."""
    top = log.max(axis=0)
    return np.asarray(log - top - np.log(np.exp(log - top).sum(axis=0)))


@dataclass(frozen=True, slots=True)
class Seen:
    """Items of known or estimated depth, to learn a table from."""

    category: Int[np.ndarray, " n"]
    mean_km: Float[np.ndarray, " n"]
    spread_km: Float[np.ndarray, " n"]
    weight: Float[np.ndarray, " n"]

    def where(self, chosen: Bool[np.ndarray, " n"]) -> Seen:
        """The items chosen."""
        return Seen(self.category[chosen], self.mean_km[chosen], self.spread_km[chosen], self.weight[chosen])

    def fingerprint(self) -> bytes:
        """Equal for equal items: what a table learned from them is kept under."""
        return b"".join(one.tobytes() for one in (self.category, self.mean_km, self.spread_km, self.weight))

    def and_(self, other: Seen) -> Seen:
        """Both together."""
        return Seen(
            np.concatenate([self.category, other.category]),
            np.concatenate([self.mean_km, other.mean_km]),
            np.concatenate([self.spread_km, other.spread_km]),
            np.concatenate([self.weight, other.weight]),
        )


def learn(start: Table, seen: Seen, *, freedom: float, reach: float = 1.0) -> Table:
    """The most probable table given the items, under a Gaussian-process prior round `start`.

    The logits move from `start` by functions with standard deviation `freedom` and correlation length `reach` (in
    steps of the axis, asinh-like). Penalised multinomial likelihood, damped Newton, one category at a time.
    """
    counts = _counts(seen)
    total = counts.sum(axis=0)
    prior = _prior_precision(freedom, reach)
    shift, each_step = np.zeros_like(start.log), np.arange(len(STEPS))
    for _ in range(40):
        share = np.exp(normalised(start.log + shift))
        slope = counts - total * share - shift @ prior
        bend = total * share * (1 - 0.5 * share) + 1e-3
        system = np.repeat(prior[None], len(bend), axis=0)
        system[:, each_step, each_step] += bend
        move = np.linalg.solve(system, slope[:, :, None])[:, :, 0]
        shift += 0.7 * np.clip(move, -2, 2)
        if np.abs(move).max() < 0.01:
            break
    return Table(normalised(start.log + shift))


def _counts(seen: Seen) -> Float[np.ndarray, "category step"]:
    """Expected items per category and step, each spread over the steps its depth may lie on."""
    counts = np.zeros((N_CATEGORIES, len(STEPS)))
    for node, share in zip(NODES, NODE_WEIGHTS, strict=True):
        place = (step_of(seen.mean_km + seen.spread_km * node) - STEPS[0]) / (STEPS[1] - STEPS[0])
        low = np.minimum(place.astype(np.int64), len(STEPS) - 2)
        part = place - low
        np.add.at(counts, (seen.category, low), share * seen.weight * (1 - part))
        np.add.at(counts, (seen.category, low + 1), share * seen.weight * part)
    return counts


@lru_cache(maxsize=8)
def _prior_precision(freedom: float, reach: float) -> Float[np.ndarray, "step step"]:
    apart = np.sqrt(3) * np.abs(STEPS[:, None] - STEPS[None, :]) / reach
    covariance = freedom**2 * ((1 + apart) * np.exp(-apart) + 0.25) + 1e-3 * np.eye(len(STEPS))
    return np.asarray(np.linalg.inv(covariance))


@dataclass(frozen=True, slots=True)
class Habit:
    """How a kind of report lies about the edge of the ground of the side it shows.

    P(this side | depth d on its own side) is a logistic in (d + past_km) / soft_km between `wrong` and 1 - `wrong`;
    `near_km` > 0 makes the kind fade away from the line on that scale.
    """

    share: float
    past_km: float
    soft_km: float
    near_km: float = 0.0
    centre_km: float = 0.0
    away: bool = False


HABITS = {
    Kind.POSITION: Habit(0.20, past_km=0.6, soft_km=1.0),
    Kind.STRIKE: Habit(0.40, past_km=0.8, soft_km=1.0),
    Kind.ASSAULT: Habit(0.08, past_km=0.3, soft_km=0.8, near_km=2.0),
    Kind.INFILTRATION: Habit(0.04, past_km=1.6, soft_km=1.0, near_km=2.0, centre_km=-0.8),
    Kind.FLAG: Habit(0.06, past_km=0.5, soft_km=1.0),
    Kind.LEFT: Habit(0.02, past_km=0.0, soft_km=1.5, away=True),
    Kind.CLAIM: Habit(0.10, past_km=0.0, soft_km=1.2),
}
WRONG = 0.06
COARSE_SHARE, COARSE_SOFTER = 0.2, 1.3


def plain_table() -> Table:
    """What we expect of reports before any was seen: the same for both sides, mirrored."""
    log = np.zeros((N_CATEGORIES, len(STEPS)))
    for number, kind in enumerate(KINDS):
        habit = HABITS[kind]
        for side, sign in enumerate((1.0, -1.0)):
            depth = sign * DEPTHS_KM
            for coarse in (0, 1):
                share = habit.share * (COARSE_SHARE if coarse else 1 - COARSE_SHARE)
                log[number * 4 + side * 2 + coarse] = np.log(share * _presence(habit, depth, coarse=bool(coarse)))
    return Table(normalised(log))


def _presence(habit: Habit, depth: Float[np.ndarray, " step"], *, coarse: bool) -> Float[np.ndarray, " step"]:
    soft = habit.soft_km * (COARSE_SOFTER if coarse else 1.0)
    share = WRONG + (1 - 2 * WRONG) / (1 + np.exp(-(depth + habit.past_km) / soft))
    if habit.away:
        share = 1 - share
    if habit.near_km:
        share = share * (np.exp(-np.abs(depth - habit.centre_km) / habit.near_km) + 0.05)
    return np.asarray(share)


def categories(reports: Sequence[Report], *, sides: tuple[str, str]) -> Int[np.ndarray, " n"]:
    """The category of every report; -1 where it says nothing about the line."""
    found = (category(report, sides=sides) for report in reports)
    return np.fromiter((-1 if one is None else one for one in found), np.int64, count=len(reports))


def blend(components: Sequence[Table], seen: Seen, *, pseudo: float) -> Table:
    """The mixture of tables that fits items of known depth best, with `pseudo` items' worth of an even mixture.

    A few shares adapt to a handful of items where a free table could not; expectation maximisation, a fixed 30 rounds.
    """
    likely = np.exp(np.stack([one.at(seen.category, seen.mean_km) for one in components]))
    shares = np.full(len(components), 1 / len(components))
    for _ in range(30):
        part = shares[:, None] * likely
        credit = (part / part.sum(axis=0) * seen.weight).sum(axis=1) + pseudo / len(components)
        shares = credit / credit.sum()
    return Table(normalised(np.log(np.einsum("c,ckd->kd", shares, np.exp([one.log for one in components])))))


class _Shipped(msgspec.Struct, frozen=True):
    version: int
    learned_from: str
    components: dict[str, list[list[float]]]


@lru_cache(maxsize=2)
def shipped_tables(drawn: int) -> tuple[Table, ...]:
    """The tables that ship, learned from invented wars; mirrored if side 2's edge is the one that was drawn."""
    raw = files("isofront.control").joinpath("tables/default.json").read_bytes()
    tables = [Table(normalised(np.array(rows))) for rows in msgspec.json.decode(raw, type=_Shipped).components.values()]
    return tuple(table if drawn == 0 else table.mirrored() for table in tables)
