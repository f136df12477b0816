"""Reports of the last weeks as the test of `limits` reads them: who shows, how deep past the line, and from whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
import numpy as np
from scipy.spatial import cKDTree

from isofront.arrays import Bool, Float, Int
from isofront.control.items import Batch
from isofront.control.posterior import Posterior
from isofront.control.redistancing import LIMIT_KM
from isofront.control.weigh import KINDS
from isofront.evidence.report import Kind
from isofront.ground.lattice import at_cells

MARCH_KM = 1.0
"""Ground this near the line, on its own side of it, is where a side sets out from across a barrier."""


class LimitTuning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The test and what follows from it; km, days, natural logarithms."""

    recent_days: float = 5.0
    sudden_days: float = 2.0
    habit_days: float = 60.0
    reach_km: float = 12.0
    past_km: tuple[float, ...] = (2.5, 4.0, 6.0, 9.0, 14.0, 25.0, 41.0)
    depths_km: tuple[float, ...] = (0.0, 1.0, 3.0)
    beyond_km: float = 2.5
    own_doubts: float = 2.0
    threshold: float = 8.0
    least_reports: int = 3
    least_sources: int = 3
    least_across: int = 2
    astray: float = 1.5
    one_group_km: float = 0.7
    claim_weight: float = 0.3
    temper: float = 0.85
    mark_km: float = 4.0
    detached_km: float = 6.0
    near_km: float = 5.0
    local_reports: float = 4.0
    most_new: float = 0.65
    open_km: float = 1.5
    most_stated: float = 0.9
    most: float = 0.95
    local_depths_km: tuple[float, ...] = (-12.0, -8.0, -5.0, -3.0, -1.5, -0.5, 0.5, 1.5, 3.0, 5.0, 8.0, 12.0)


@dataclass(frozen=True, slots=True)
class Recent:
    """Reports of some days: who shows (+1 side 1, -1 side 2), the field's depth and doubt there, weight, and source.

    `across` is true of those from past a barrier that their side has not crossed.
    """

    batch: Batch
    sign: Float[np.ndarray, " n"]
    depth_km: Float[np.ndarray, " n"]
    doubt_km: Float[np.ndarray, " n"]
    counts: Float[np.ndarray, " n"]
    across: Bool[np.ndarray, " n"]
    source: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.batch)

    def since(self, day: float, tuning: LimitTuning) -> Recent:
        """What happened since a day; crowds of one group count as little more than one."""
        keep = self.batch.happened_days > max(day, 0.0)
        batch, sign = self.batch.where(keep), self.sign[keep]
        counts = self.counts[keep] / np.sqrt(_crowd(batch, sign, tuning))
        source = tuple(name for name, kept in zip(self.source, keep.tolist(), strict=True) if kept)
        return Recent(batch, sign, self.depth_km[keep], self.doubt_km[keep], counts, self.across[keep], source)

    def least(self, reports: Int[np.ndarray, " m"], tuning: LimitTuning) -> int:
        """How many separate reports make a cluster: fewer where all come from past a barrier that nobody crosses."""
        return tuning.least_across if self.across[reports].all() else tuning.least_reports

    def beyond(self, depth_km: Float[np.ndarray, " n"], tuning: LimitTuning) -> Bool[np.ndarray, " n"]:
        """Where another depth lies outside the field's own doubt."""
        return np.asarray(np.abs(depth_km - self.depth_km) > tuning.beyond_km + tuning.own_doubts * self.doubt_km)


def told_lately(posterior: Posterior, sources: Mapping[str, str] | None, tuning: LimitTuning) -> Recent:
    """Reports of the last weeks that show somebody; near-duplicates and claims count less."""
    batch, grid, today = posterior.batch, posterior.model.grid, posterior.as_of
    shows = batch.in_table & (batch.category // 4 != KINDS.index(Kind.LEFT))
    shows &= (batch.happened_days > today - tuning.habit_days) & (batch.happened_days < today + 1.0)
    few = batch.where(shows)
    sign = np.where(few.category % 4 < 2, 1.0, -1.0)
    counts = few.weight * np.where(few.category // 4 == KINDS.index(Kind.CLAIM), tuning.claim_weight, 1.0)
    straight = at_cells(grid, posterior.end.depth_km, few.at_km)
    depth = past_barriers(posterior, few.at_km, sign, straight, tuning.astray * few.error_km)
    doubt = np.sqrt(np.maximum(at_cells(grid, posterior.end.variance_km2, few.at_km), 0.0))
    named = few.ids if sources is None else tuple(sources.get(name, name) for name in few.ids)
    across = (np.abs(depth) >= LIMIT_KM) & (np.abs(straight) < LIMIT_KM)
    return Recent(few, sign, depth, doubt, counts, across, named)


def _crowd(batch: Batch, sign: Float[np.ndarray, " n"], tuning: LimitTuning) -> Float[np.ndarray, " n"]:
    """How many reports show the same side at the same spot: one group, filmed again and again."""
    if len(batch) == 0:
        return np.zeros(0)
    spots = np.column_stack([batch.at_km, 1000 * sign])
    tree = cKDTree(spots)
    return np.asarray(tree.query_ball_point(spots, tuning.one_group_km, return_length=True), float)


def past_barriers(
    posterior: Posterior,
    at_km: Float[np.ndarray, "n 2"],
    sign: Float[np.ndarray, " n"],
    depth_km: Float[np.ndarray, " n"],
    astray_km: Float[np.ndarray, " n"],
) -> Float[np.ndarray, " n"]:
    """Depth by the way ground forces must go: past a barrier that its side has not crossed nobody strays by habit.

    A spot no more than `astray_km` past the line, as the crow flies, may as well be on this bank.
    """
    distance, grid = posterior.model.distance, posterior.model.grid
    if not distance.walls or len(at_km) == 0:
        return depth_km
    out, field = depth_km.copy(), posterior.end.depth_km
    for side in (1.0, -1.0):
        own = np.argwhere((side * field > 0) & (side * field < MARCH_KM))
        past = (sign == side) & (side * depth_km < -astray_km)
        if len(own) and past.any():
            way = cKDTree(distance.lift(grid.centres_of(own))).query(distance.lift(at_km[past]))[0]
            out[past] = -side * np.maximum(np.minimum(way, LIMIT_KM), np.abs(depth_km[past]))
    return out
