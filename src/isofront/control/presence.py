"""Who is there, apart from who holds: how far each side's presence reaches into ground it does not hold.

Among items at a spot, the share that shows side 1 has log-odds g(depth) + local(s): g comes from the learned table (how
that share falls with depth, overall), local is a Gaussian field that reports of the last weeks bend where they show a
side more, or less, than its depth would lead one to expect. Old reports fade. Past the drawn line the ground is grey
with log-odds `edge - slope d + local (pull + deep min(d, 5))`, d the distance past the line in km, plus the grey of the
anchor while it is fresh. The numbers were fitted on invented wars whose grey is known.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np
from jaxtyping import Bool, Float
from scipy import linalg
from scipy.special import expit

from isofront.control.items import Batch
from isofront.control.motion import matern
from isofront.control.weigh import KINDS, STEPS, Table, step_of
from isofront.control.window import Setting
from isofront.evidence.report import Kind
from isofront.ground.lattice import at_cells

CHUNK = 4000


class PresenceTuning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Scales of presence and of grey past the line; km, days, and log-odds."""

    memory_days: float = 21.0
    rho_km: float = 3.0
    reach_km: float = 12.0
    local_spread: float = 1.5
    near_km: float = 20.0
    claim_weight: float = 0.3
    edge: float = 0.35
    unseen_edge: float = -0.2
    slope: float = 0.32
    pull: float = 0.6
    deep: float = 0.22
    lead: float = 0.7
    old_edge: float = 1.0
    old_slope: float = 0.24
    old_pull: float = 4.5
    old_soft_km: float = 0.6
    old_memory_days: float = 45.0
    inside_drawn: float = 0.05


@dataclass(frozen=True, slots=True)
class Presence:
    """What recent items add to the log-odds that an item shows side 1, in cells; `looks` counts recent items nearby."""

    local: Float[np.ndarray, "ny nx"]
    looks: Float[np.ndarray, "ny nx"]


def presence(
    setting: Setting,
    table: Table,
    depth_km: Float[np.ndarray, "ny nx"],
    batch: Batch,
    *,
    today: float,
    tuning: PresenceTuning,
) -> Presence:
    """Presence on a day (days since the anchor), from the items of the last weeks."""
    recent = batch.where(_recent(batch, today, tuning))
    age = today - recent.happened_days
    weight = recent.weight * np.exp(-np.maximum(age, 0.0) / tuning.memory_days) * _kind_weight(recent, tuning)
    share = _share_by_depth(table)
    own = share_at(share, at_cells(setting.grid, depth_km, recent.at_km))
    pull = _pulls(setting, recent, own, weight, tuning)
    local, looks = _on_lattice(setting, recent, pull=pull, weight=weight, depth_km=depth_km, tuning=tuning)
    return Presence(local, looks)


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


def _pulls(
    setting: Setting,
    batch: Batch,
    prior: Float[np.ndarray, " n"],
    weight: Float[np.ndarray, " n"],
    tuning: PresenceTuning,
) -> Float[np.ndarray, " n"]:
    """Gaussian-process logistic regression with mean g(depth), Laplace; one pull per item."""
    if len(batch) == 0:
        return np.zeros(0)
    first = (batch.category % 4) < 2
    places = setting.distance.lift(batch.at_km)
    kernel = tuning.local_spread**2 * matern(places, places, tuning.rho_km, reach_km=tuning.reach_km)
    pull = np.zeros(len(batch))
    for _ in range(12):
        chance = expit(prior + kernel @ pull)
        bend = np.maximum(weight * chance * (1 - chance), 1e-6)
        half = np.sqrt(bend)
        sought = bend * (kernel @ pull) + weight * (first - chance)
        whole = half[:, None] * kernel * half
        whole[np.diag_indices_from(whole)] += 1.0
        root = linalg.cho_factor(whole, lower=True, check_finite=False)
        fresh = sought - half * linalg.cho_solve(root, half * (kernel @ sought), check_finite=False)
        step, pull = np.abs(fresh - pull).max(), pull + 0.8 * (fresh - pull)
        if step < 1e-4:
            break
    return pull


def _on_lattice(
    setting: Setting,
    batch: Batch,
    *,
    pull: Float[np.ndarray, " n"],
    weight: Float[np.ndarray, " n"],
    depth_km: Float[np.ndarray, "ny nx"],
    tuning: PresenceTuning,
) -> tuple[Float[np.ndarray, "ny nx"], Float[np.ndarray, "ny nx"]]:
    """The local field and the number of recent looks, in cells; nothing far from the line."""
    nodes = setting.lattice.nodes_km()
    near = np.flatnonzero(np.abs(at_cells(setting.grid, depth_km, nodes)) < tuning.near_km)
    local, looks = np.zeros(len(nodes)), np.zeros(len(nodes))
    places = setting.distance.lift(batch.at_km)
    for first in range(0, len(near), CHUNK):
        some = near[first : first + CHUNK]
        alike = matern(setting.distance.lift(nodes[some]), places, tuning.rho_km, reach_km=tuning.reach_km)
        local[some] = tuning.local_spread**2 * (alike @ pull)
        looks[some] = alike @ weight
    cells = [setting.lattice.to_cells(one.reshape(setting.lattice.shape), setting.grid) for one in (local, looks)]
    return cells[0], np.maximum(cells[1], 0.0)


def grey_odds(
    there: Presence,
    past_km: Float[np.ndarray, "ny nx"],
    *,
    sign: float,
    old_grey_km: Float[np.ndarray, "ny nx"] | None,
    age_days: float,
    tuning: PresenceTuning,
) -> Float[np.ndarray, "ny nx"]:
    """Log-odds that ground past a side's line is grey, not held by the other: side 1 with sign +1, side 2 with -1.

    `past_km` is the distance past the line; `old_grey_km` the signed distance into the anchor's grey, which is
    `age_days` old.
    """
    d, local = np.maximum(past_km, 0.0), sign * there.local
    heard = local * (tuning.pull + tuning.deep * np.minimum(d, 5.0))
    edge = tuning.edge + (tuning.unseen_edge - tuning.edge) * np.exp(-there.looks)
    fresh = edge - tuning.slope * d + heard
    if old_grey_km is None:
        return np.asarray(fresh)
    fade = np.exp(-age_days / tuning.old_memory_days)
    anchored = tuning.old_edge - tuning.old_slope * d + heard
    anchored = anchored + tuning.old_pull * np.tanh(old_grey_km / tuning.old_soft_km)
    return np.asarray(fade * anchored + (1 - fade) * fresh)
