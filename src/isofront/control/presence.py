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

import msgspec
import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.special import expit

from isofront.control.items import Batch
from isofront.control.kernel_sums import kernel_sums
from isofront.control.observing import Conditions
from isofront.control.weigh import KINDS, STEPS, Table, step_of
from isofront.control.window import Setting
from isofront.evidence.report import Kind
from isofront.ground.lattice import at_cells


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
    usual_pseudo: float = 3.0
    lead: float = 0.7
    confirmed: float = 0.25
    old_edge: float = 0.75
    old_slope: float = 0.98
    old_pull: float = 3.2
    old_soft_km: float = 0.6
    old_memory_days: float = 200.0
    inside_drawn: float = 0.05


@dataclass(frozen=True, slots=True)
class Presence:
    """What recent items tell, in cells.

    `local` is what they add to the log-odds that an item shows side 1, `looks` counts them; `seen` counts those of each
    side close by, and `reach_km` is how far past its own line each was seen about here. `said` counts statements that a
    side holds the ground (claims, flags), `left` that it went.
    """

    local: Float[np.ndarray, "ny nx"]
    looks: Float[np.ndarray, "ny nx"]
    seen: Float[np.ndarray, "2 ny nx"]
    reach_km: Float[np.ndarray, "2 ny nx"]
    said: Float[np.ndarray, "2 ny nx"]
    left: Float[np.ndarray, "2 ny nx"]


@dataclass(frozen=True, slots=True)
class Traces:
    """What recent items tell, as sums at lattice nodes for each bank, before it is carried to cells.

    The rows of `sums`: pull and bend of the log-odds, looks, items of the side opposite each, how much farther past its
    own line than usual each is, items of each side close by, statements that each holds, and that each left.
    `usual_km` is how far past its own line each side usually is, along the whole front.
    """

    setting: Setting
    tuning: PresenceTuning
    sums: Float[np.ndarray, "13 banks ly lx"]
    usual_km: Float[np.ndarray, " 2"]

    def cells(self, within: tuple[slice, slice] = (slice(None), slice(None))) -> Presence:
        """The same in cells (of some rows and columns)."""
        tuning = self.tuning
        whole = self.setting.cells_of_banks(self.sums, within=within)
        pull, bend, looks = whole[:3]
        many = np.maximum(whole[2:], 0.0, out=whole[2:])
        farther = many[3:5] / (many[1:3] + tuning.pseudo_reach)
        reach = np.minimum(self.usual_km[:, None, None] + farther, tuning.most_km)
        local = pull / (tuning.local_spread**-2 + np.maximum(bend, 0.0))
        return Presence(local, looks, many[5:7], reach, many[7:9], many[9:11])


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
    age = today - recent.happened_days
    memory = tuning.memory_days * recent.stays * _stays_in(setting, recent, given, tuning)
    weight = recent.weight * np.exp(-np.maximum(age, 0.0) / memory) * _kind_weight(recent, tuning)
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
    near = _nodes_near(setting, depth_km, tuning.near_km)
    rho = (tuning.rho_km,) * 7 + (tuning.sharp_km,) * 2
    seen = _summed(setting, near, recent, values, rho_km=rho, reach_km=tuning.reach_km)
    told = _statements(setting, near, batch, today=today, tuning=tuning)
    return Traces(setting, tuning, np.concatenate([seen, told]), usual)


def _usual_km(
    past: Float[np.ndarray, " 2"], others: Float[np.ndarray, " 2"], tuning: PresenceTuning
) -> Float[np.ndarray, " 2"]:
    """How far past its line each side is seen along the front: kilometres past it for each item of the *other* side.

    So no item of a side makes its own reach less, as it would in a mean of its own distances.
    """
    pseudo = tuning.usual_pseudo
    return np.asarray(tuning.usual_reach_km + tuning.usual_by * (past + pseudo) / (others + pseudo))


def _statements(
    setting: Setting, near: Int[np.ndarray, " m"], batch: Batch, *, today: float, tuning: PresenceTuning
) -> Float[np.ndarray, "4 banks ly lx"]:
    """What was said of late about who holds: of each side, that it does (claims, flags), and that it left."""
    age = today - batch.happened_days
    kind, first = batch.category // 4, (batch.category % 4) < 2
    told = np.isin(kind, [KINDS.index(one) for one in (Kind.CLAIM, Kind.FLAG, Kind.LEFT)]) & (batch.category >= 0)
    recent = told & (age < 4 * tuning.memory_days) & (age > -1.5)
    weight = batch.weight * np.exp(-np.maximum(age, 0.0) / tuning.memory_days)
    left = kind == KINDS.index(Kind.LEFT)
    values = np.stack([weight * (of == first) * (went == left) for went in (False, True) for of in (True, False)])
    rho = (tuning.rho_km,) * 4
    return _summed(setting, near, batch.where(recent), values[:, recent], rho_km=rho, reach_km=tuning.reach_km)


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
    age = today - batch.happened_days
    shows = (batch.category >= 0) & (batch.category // 4 != KINDS.index(Kind.LEFT))
    return np.asarray(shows & (age < 4 * tuning.memory_days) & (age > -1.5))


def _kind_weight(batch: Batch, tuning: PresenceTuning) -> Float[np.ndarray, " n"]:
    claim = batch.category // 4 == KINDS.index(Kind.CLAIM)
    return np.where(claim | (batch.error_km >= 1.0), tuning.claim_weight, 1.0)


def _nodes_near(setting: Setting, depth_km: Float[np.ndarray, "ny nx"], near_km: float) -> Int[np.ndarray, " m"]:
    """Lattice nodes near the line, as flat numbers."""
    depth = at_cells(setting.grid, depth_km, setting.lattice.nodes_km())
    return np.flatnonzero(np.abs(depth) < near_km)


def _summed(
    setting: Setting,
    near: Int[np.ndarray, " m"],
    batch: Batch,
    values: Float[np.ndarray, "k n"],
    *,
    rho_km: tuple[float, ...],
    reach_km: float,
) -> Float[np.ndarray, "k banks ly lx"]:
    """Kernel sums of items' values at some nodes, each bank's from its own side of the barriers; elsewhere 0."""
    nodes, places = setting.lattice.nodes_km(), setting.distance.lift(batch.at_km)
    out = np.zeros((len(values), len(setting.banks), len(nodes)))
    for number, bank in enumerate(setting.banks):
        spots = setting.distance.lift(nodes[near], bank=bank)
        out[:, number, near] = kernel_sums(spots, places, values, rho_km=rho_km, reach_km=reach_km)
    return out.reshape(*out.shape[:2], *setting.lattice.shape)


def grey_odds(
    there: Presence,
    past_km: Float[np.ndarray, "ny nx"],
    *,
    side: int,
    old_grey_km: Float[np.ndarray, "ny nx"] | None,
    age_days: float,
    tuning: PresenceTuning,
) -> Float[np.ndarray, "ny nx"]:
    """Log-odds that ground past a side's line (side 0 or 1) is grey, not held by the other.

    `past_km` is the distance past the line; `old_grey_km` the signed distance into the anchor's grey, which is
    `age_days` old.
    """
    d = np.maximum(past_km, 0.0)
    own, other = there.seen[side], there.seen[1 - side]
    falls = np.log(1 + d / tuning.near_line_km)
    share = np.log((own + 0.3) / (other + 0.3)) * np.minimum(d, tuning.most_km)
    heard = (
        tuning.by_reach * there.reach_km[side]
        + tuning.by_both * np.log(1 + np.minimum(own, other))
        + tuning.by_share * share
        + tuning.by_seen * (np.log(1 + own) - np.log(1 + other))
    )
    fresh = _held_back(tuning.edge - tuning.slope * falls + heard, there.looks, tuning)
    if old_grey_km is None:
        return np.asarray(fresh)
    fade = np.exp(-age_days / tuning.old_memory_days)
    anchored = tuning.old_edge - tuning.old_slope * falls + heard
    anchored = anchored + tuning.old_pull * np.tanh(old_grey_km / tuning.old_soft_km)
    return np.asarray(fade * anchored + (1 - fade) * fresh)


def _held_back(
    odds: Float[np.ndarray, "ny nx"], looks: Float[np.ndarray, "ny nx"], tuning: PresenceTuning
) -> Float[np.ndarray, "ny nx"]:
    """Where nobody looked, ground stays the class of the last map by a little, and keeps its order."""
    over = np.maximum(odds - tuning.unseen - tuning.unseen_top, 0.0)
    return np.asarray(odds - np.exp(-looks) * (tuning.unseen + tuning.unseen_bend * over))
