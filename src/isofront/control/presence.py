"""Who is there, apart from who holds: how far each side's presence reaches into ground it does not hold.

Among items at a spot, the share that shows side 1 has log-odds g(depth) + local(s): g comes from the learned table (how
that share falls with depth, overall), local is what items of the last weeks show beyond that, smoothed over a few
kilometres. Old reports fade: those seen on the move in the open soon, the dug-in and those in cover late.

Past the line of a side, at distance d, the log-odds of grey fall with log(1 + d / near) and rise with `reach` (how far
past the line that side was seen about here), with how much was seen of *both* sides about the spot, with how much
more was seen of that side than of the other, and, farther out, with the share of what was seen that is of that
side; to this comes the grey of the anchor while it is fresh. Most numbers were fitted on invented wars whose grey is
known (docs/decisions/0008-grey.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, no_type_check

import msgspec
import numpy as np
from scipy.special import expit

from isofront.arrays import Bool, Float, Float32, Int
from isofront.control.items import Batch
from isofront.control.kernel_sums import kernel_sums
from isofront.control.observing import Conditions
from isofront.control.quick import exp32, log32, tanh32
from isofront.control.setting import Setting
from isofront.control.weigh import KINDS, STEPS, Table, step_of
from isofront.evidence.report import Kind
from isofront.ground.lattice import at_cells
from isofront.kept_code import njit


class PresenceTuning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Scales of presence and of grey past the line; km, days, and log-odds."""

    memory_days: float = 21.0
    open_stays: float = 0.6
    cover_stays: float = 1.5
    rho_km: float = 3.0
    sharp_km: float = 1.5
    reach_km: float = 12.0
    local_spread: float = 1.5
    near_km: float = 20.0
    claim_weight: float = 0.3
    edge: float = 0.85
    near_line_km: float = 0.5
    slope: float = 2.09
    by_reach: float = 0.72
    by_both: float = 1.0
    by_share: float = 0.056
    by_seen: float = 0.6
    most_km: float = 8.0
    unseen: float = 0.2
    unseen_top: float = -0.3
    unseen_bend: float = 0.95
    pseudo_reach: float = 1.0
    usual_reach_km: float = 0.8
    usual_by: float = 0.75
    usual_pseudo: float = 8.0
    usual_power: float = 0.6
    lead: float = 0.3
    confirmed: float = 0.25
    old_edge: float = 0.75
    old_slope: float = 0.98
    old_pull: float = 3.2
    old_soft_km: float = 0.6
    old_memory_days: float = 200.0
    inside_drawn: float = 0.05


SQUARE_KM = 8.0
"""Sums of short reach are taken by small squares of nodes."""
NOTHING, HALF, ONE, FEW = np.float32(0), np.float32(0.5), np.float32(1), np.float32(0.3)
"""`FEW` items of either side are added before their share is taken."""


@dataclass(frozen=True, slots=True)
class Traces:
    """What recent items tell, as sums at lattice nodes for each bank, before it is carried to cells.

    The rows of `sums`: pull and bend of the log-odds, looks, items of the side opposite each, how much farther past its
    own line than usual each is, items of each side close by, statements that each holds, and that each left.
    `usual_km` is how far past its own line each side usually is, along the whole front.
    """

    setting: Setting
    tuning: PresenceTuning
    sums: Float32[np.ndarray, "13 banks ly lx"]
    usual_km: Float[np.ndarray, " 2"]


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def weighed(whole, presence):
    """In place: rows of `Traces.sums` in cells become what they tell there.

    The pull becomes what items add to the log-odds that one shows side 1, how far past its own line each side's were
    how far its presence reaches about here (km); looks, items close by, and statements stay counts.
    """
    for row in range(1, whole.shape[0]):
        one = whole[row]
        for i in range(one.shape[0]):
            one[i] = HALF * (one[i] + abs(one[i]))  # at least 0: `max` would store some cells alone, one by one
    pull, bend = whole[0], whole[1]
    for i in range(pull.shape[0]):
        pull[i] /= presence.pull_back + bend[i]
    for side in range(2):
        others, past, usual = whole[3 + side], whole[5 + side], presence.usual_km[side]
        for i in range(past.shape[0]):
            past[i] = min(usual + past[i] / (others[i] + presence.pseudo_reach), presence.most_km)


def traces(
    setting: Setting,
    table: Table,
    depth_km: Float[np.ndarray, "ny nx"],
    batch: Batch,
    *,
    today: float,
    tuning: PresenceTuning,
    given: Conditions | None = None,
) -> Traces:
    """Presence on a day (days since the anchor), from the items of the last weeks; cover makes them last longer."""
    recent = batch.where(_recent(batch, today, tuning))
    shown, usual = _seen(setting, table, depth_km, recent, today=today, tuning=tuning, given=given)
    near = _nodes_near(setting, depth_km, tuning.near_km)
    rho = (tuning.rho_km,) * 7 + (tuning.sharp_km,) * 2 + (tuning.rho_km,) * 4
    values = np.concatenate([shown, _statements(recent, today=today, tuning=tuning)])
    return Traces(setting, tuning, _summed(setting, near, recent, values, rho_km=rho, reach_km=tuning.reach_km), usual)


def _seen(
    setting: Setting,
    table: Table,
    depth_km: Float[np.ndarray, "ny nx"],
    recent: Batch,
    *,
    today: float,
    tuning: PresenceTuning,
    given: Conditions | None,
) -> tuple[Float[np.ndarray, "9 n"], Float[np.ndarray, " 2"]]:
    """What each item shows of who is there (the first nine rows of `Traces.sums`), and `usual_km`."""
    age = today - recent.happened_days
    memory = tuning.memory_days * recent.stays * _stays_in(setting, recent, given, tuning)
    shows = recent.category // 4 != KINDS.index(Kind.LEFT)
    weight = shows * recent.weight * np.exp(-np.maximum(age, 0.0) / memory) * _kind_weight(recent, tuning)
    depth = at_cells(setting.grid, depth_km, recent.at_km)
    chance = expit(share_at(_share_by_depth(table), depth))
    first = (recent.category % 4) < 2
    walks = weight * (recent.category // 4 != KINDS.index(Kind.FLAG))
    past = np.stack([np.where(first, -depth, 0.0), np.where(first, 0.0, depth)])
    others, past = np.stack([walks * ~first, walks * first]), np.clip(past, 0.0, tuning.most_km)
    usual = _usual_km((walks * past).sum(axis=1), others.sum(axis=1), tuning)
    far = walks * np.maximum(past - usual[:, None], 0.0)
    values = np.stack(
        [
            weight * (first - chance), weight * chance * (1 - chance), weight, *others, *far,
            walks * first, walks * ~first,
        ]
    )  # fmt: skip
    return values, usual


def _usual_km(
    past: Float[np.ndarray, " 2"], others: Float[np.ndarray, " 2"], tuning: PresenceTuning
) -> Float[np.ndarray, " 2"]:
    """How far past its line each side is seen along the front: kilometres past it for each item of the *other* side.

    So no item of a side makes its own reach less, as it would in a mean of its own distances. A power below 1 keeps it
    in bounds where one side is filmed much more than the other.
    """
    rate = (past + tuning.usual_pseudo) / (others + tuning.usual_pseudo)
    return np.asarray(tuning.usual_reach_km + tuning.usual_by * rate**tuning.usual_power)


def _statements(recent: Batch, *, today: float, tuning: PresenceTuning) -> Float[np.ndarray, "4 n"]:
    """What each item says about who holds: of each side, that it does (claims, flags), and that it left."""
    kind, first = recent.category // 4, (recent.category % 4) < 2
    told = np.isin(kind, [KINDS.index(one) for one in (Kind.CLAIM, Kind.FLAG, Kind.LEFT)])
    age, left = today - recent.happened_days, kind == KINDS.index(Kind.LEFT)
    weight = told * recent.weight * np.exp(-np.maximum(age, 0.0) / tuning.memory_days)
    return np.stack([weight * (of == first) * (went == left) for went in (False, True) for of in (True, False)])


def _stays_in(
    setting: Setting, batch: Batch, given: Conditions | None, tuning: PresenceTuning
) -> Float[np.ndarray, " n"]:
    """How much longer than usual people stay unseen where they were: in cover, shorter in ground known to be open."""
    if given is None or given.cover is None:
        return np.ones(len(batch))
    built, trees = (at_cells(setting.grid, one, batch.at_km) for one in given.cover)
    leafy = given.leaf_on(batch.happened_days)
    hidden = np.clip(built + trees * (0.3 + 0.7 * leafy), 0, 1)
    least = tuning.open_stays if given.cover_known else 1.0
    return np.asarray(least + (tuning.cover_stays - least) * hidden)


def share_at(share: Float[np.ndarray, " step"], depth_km: Float[np.ndarray, "*n"]) -> Float[np.ndarray, "*n"]:
    """Log-odds that an item at these depths shows side 1."""
    return np.asarray(np.interp(step_of(depth_km), STEPS, share))


def _share_by_depth(table: Table) -> Float[np.ndarray, " step"]:
    """Log-odds of side 1 among the items that show presence, made to grow with depth as presence must."""
    chance = np.exp(table.log).reshape(len(KINDS), 2, 2, len(STEPS))
    shows = chance[[number for number, kind in enumerate(KINDS) if kind is not Kind.LEFT]].sum(axis=(0, 2))
    odds = np.log(shows[0]) - np.log(shows[1])
    up, down = np.maximum.accumulate(odds), np.minimum.accumulate(odds[::-1])[::-1]
    return np.asarray((up + down) / 2)


def _recent(batch: Batch, today: float, tuning: PresenceTuning) -> Bool[np.ndarray, " n"]:
    """Items of a category that happened within four memories."""
    age = today - batch.happened_days
    return np.asarray((batch.category >= 0) & (age < 4 * tuning.memory_days) & (age > -1.5))


def _kind_weight(batch: Batch, tuning: PresenceTuning) -> Float[np.ndarray, " n"]:
    claim = batch.category // 4 == KINDS.index(Kind.CLAIM)
    return np.where(claim | (batch.error_km >= 1.0), tuning.claim_weight, 1.0)


def _nodes_near(setting: Setting, depth_km: Float[np.ndarray, "ny nx"], near_km: float) -> Int[np.ndarray, " m"]:
    """Lattice nodes near the line, as flat numbers."""
    depth = at_cells(setting.grid, depth_km, setting.fine.nodes_km())
    return np.flatnonzero(np.abs(depth) < near_km)


def _summed(
    setting: Setting,
    near: Int[np.ndarray, " m"],
    batch: Batch,
    values: Float[np.ndarray, "k n"],
    *,
    rho_km: tuple[float, ...],
    reach_km: float,
) -> Float32[np.ndarray, "k banks ly lx"]:
    """Kernel sums of items' values at some nodes, each bank's from its own side of the barriers; elsewhere 0."""
    nodes, places = setting.fine.nodes_km(), setting.distance.lift(batch.at_km)
    out = np.zeros((len(values), len(setting.banks), len(nodes)), np.float32)
    for number, bank in enumerate(setting.banks):
        spots = setting.distance.lift(nodes[near], bank=bank)
        out[:, number, near] = kernel_sums(spots, places, values, rho_km=rho_km, reach_km=reach_km, square_km=SQUARE_KM)
    return out.reshape(*out.shape[:2], *setting.fine.shape)


class PresenceNumbers(NamedTuple):
    """The tuning as compiled loops read it on a day; numbers about ground past a line are in single precision."""

    usual_km: Float[np.ndarray, " 2"]
    pseudo_reach: float
    pull_back: float
    past: tuple[np.float32, ...]
    unseen: tuple[np.float32, ...]
    anchored: tuple[np.float32, ...]
    most_km: float

    @classmethod
    def of(cls, t: PresenceTuning, usual_km: Float[np.ndarray, " 2"], age_days: float) -> PresenceNumbers:
        """The numbers so many days after the anchor."""
        return cls(
            usual_km,
            t.pseudo_reach,
            t.local_spread**-2,
            _singles(t.edge, t.slope, t.near_line_km, t.most_km, t.by_reach, t.by_both, t.by_share, t.by_seen),
            _singles(t.unseen, t.unseen_top, t.unseen_bend),
            _singles(t.old_edge, t.old_slope, t.old_pull, t.old_soft_km, np.exp(-age_days / t.old_memory_days)),
            t.most_km,
        )


def _singles(*numbers: float) -> tuple[np.float32, ...]:
    """In single precision, so that what they are reckoned with stays so."""
    return tuple(np.float32(one) for one in numbers)


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def seen_logs(seen, out):
    """How much was seen of each side, as logarithms."""
    for side in range(2):
        one, logs = seen[side], out[side]
        for i in range(one.shape[0]):
            logs[i] = log32(ONE + one[i])


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def heard_past(side, seen, logs, reach, presence, out):  # noqa: PLR0917 - numba takes no keywords
    """What was heard adds to the odds past a side's line: a part that depends on the distance past it, and two others.

    The rows: by reach and by what was seen of both; the share of the side, by each km; how much more was seen of it.
    """
    by_reach, by_both, by_seen = presence.past[4], presence.past[5], presence.past[7]
    both, share, more = out[0], out[1], out[2]
    own, other, own_log, other_log = seen[side], seen[1 - side], logs[side], logs[1 - side]
    for i in range(reach.shape[0]):
        share[i] = log32((own[i] + FEW) / (other[i] + FEW))
    for i in range(reach.shape[0]):
        both[i] = by_reach * reach[i] + by_both * min(own_log[i], other_log[i])
        more[i] = by_seen * (own_log[i] - other_log[i])


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def odds_past(heard, looks, past_km, old_grey, presence, out):  # noqa: PLR0917 - numba takes no keywords
    """Log-odds that ground past a side's line is grey, not held by the other, by what was `heard_past`.

    `past_km` is the distance past the line, `old_grey` the signed distance (km) into the anchor's grey: where there is
    one it has its say, the less the older. Some short loops: a processor works on several cells of one at once.
    """
    past, unseen = presence.past, presence.unseen
    falls, here = np.empty_like(out), np.empty_like(out)
    both, share, more = heard[0], heard[1], heard[2]
    for i in range(out.shape[0]):
        falls[i] = log32(ONE + max(past_km[i], NOTHING) / past[2])
    for i in range(out.shape[0]):
        here[i] = both[i] + past[6] * share[i] * min(max(past_km[i], NOTHING), past[3]) + more[i]
        out[i] = _held_back(past[0] - past[1] * falls[i] + here[i], looks[i], unseen)
    if old_grey.shape[0]:
        edge, slope, pull, soft_km, fade = presence.anchored
        for i in range(out.shape[0]):
            old = edge - slope * falls[i] + here[i] + pull * tanh32(old_grey[i] / soft_km)
            out[i] = fade * old + (ONE - fade) * out[i]


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
@no_type_check
def _held_back(odds, looks, unseen):
    """Where nobody looked, ground stays the class of the last map by a little, and keeps its order."""
    share, top, bend = unseen
    return odds - exp32(-looks) * (share + bend * max(odds - share - top, NOTHING))
