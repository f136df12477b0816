"""What changed between two drafts, with the doubt of it and the reports behind each advance.

`engine` gives the drafts, `front.change` what changed between their drawings. Here the two posteriors say how sure that
is, and their shares which reports moved the ground of each advance.

**The interval.** Maps are drawn n times on both days, so that each cell is held by a side in as many as the day's
own map says: where probit(p_held) + e > 0  with a standard normal surface e that hangs together as the posterior does.
The two days share e as far as the line is still the same one: with v the variance of the line on the earlier day and m
that of the way that it was expected to go in between, e on the later day is  r a + sqrt(1 - r²) b, where a is that of
the earlier day, b is drawn afresh, and  r² = s + (1 - s) v / (v + m)  with s the probability that the line here never
moved at all. Ground gained is what a side holds on the second map of a pair and not on the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import shapely

from isofront.arrays import Bool, Float, Int
from isofront.control import Reasons
from isofront.counts import counted
from isofront.engine.drafting import LEAST_PUSH_KM, WHY_PUSHES, Draft, drafts
from isofront.front.advances import Advance, Advances, advances
from isofront.front.change import Change, change
from isofront.front.contours import probit
from isofront.front.dated import Dated
from isofront.front.shapes import Class
from isofront.publish import Push

N_SAMPLES = 200
MOST_CELLS = 40
"""So many cells of an advance are asked which reports moved them, spread evenly over it."""

CERTAIN = 3.0
"""Probabilities more standard deviations out than this are taken for certain: no specks far from the line."""

LOW, HIGH = 5.0, 95.0
"""The ends of the interval, in per cent."""


WIDEN = 2.5
"""So many times as wide, the interval of the net held the truth of 15 invented wars nine times in ten; as drawn, two
times in three (docs/maths/change.md, bench/bench_change.py)."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Median and 90 % interval, km²."""

    median: float
    p05: float
    p95: float

    def widened(self, by: float = WIDEN) -> Interval:
        """The same, so many times as wide about its median: as far as the model was off where the truth is known."""
        low, high = self.median - by * (self.median - self.p05), self.median + by * (self.p95 - self.median)
        return Interval(self.median, low, high)


@dataclass(frozen=True, slots=True)
class SideInterval:
    """How much one side gained and lost, and the difference, with the doubt of the posterior."""

    gained_km2: Interval
    lost_km2: Interval
    net_km2: Interval


@dataclass(frozen=True, slots=True)
class Moved:
    """What moved the ground of one advance: the reports that act on the later day only, the largest share first.

    A share is the mean over the ground of what the report adds to the depth, km toward the side named (negative: away
    from it). `others_km` is all else: smaller shares, and what the new reports made of the old ones. The sum is how far
    the line moved there in the mean.
    """

    pushes: tuple[Push, ...]
    others_km: float


@dataclass(frozen=True, slots=True)
class DraftChange:
    """What changed between two drafts; `reports[i]` says what moved advance i."""

    before: Draft
    after: Draft
    change: Change
    advances: Advances
    intervals: dict[str, SideInterval]
    reports: tuple[Moved, ...]


def draft_change(
    folder: Path,
    days: tuple[datetime, datetime],
    *,
    known_by: datetime | None = None,
    n: int = N_SAMPLES,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> DraftChange:
    """What changed in a theatre from one day to another, each as known at its own time unless `known_by` is given."""
    known = None if known_by is None else [known_by, known_by]
    before, after = drafts(folder, days, known, progress=progress)
    if progress is not None:
        progress("what changed")
    found = change(dated_of(before), dated_of(after), frame=before.ground.frame)
    moved = advances(found)
    if progress is not None:
        progress(f"{counted(n, 'draw')} of both days")
    intervals = change_intervals(before, after, n=n, seed=seed)
    return DraftChange(before, after, found, moved, intervals, _pushes(before, after, moved.found))


def dated_of(draft: Draft) -> Dated:
    """A draft's drawing as one map of one day."""
    areas, sides = draft.drawing.areas, draft.ground.theatre.side_ids
    held = {
        side: shapely.union_all([area.geometry for area in areas if area.cls is Class.HELD and area.side == side])
        for side in sides
    }
    grey = shapely.union_all([area.geometry for area in areas if area.cls is Class.GREY])
    return Dated(draft.as_of, held, grey, draft.drawing.unobserved, draft.ground.frame)


def change_intervals(before: Draft, after: Draft, *, n: int = N_SAMPLES, seed: int = 0) -> dict[str, SideInterval]:
    """Per side km² gained and lost between two drafts of one theatre: median and 90 % interval over n pairs of maps."""
    inside, km2 = _frame_cells(before), before.ground.grid.cell_km**2
    levels = [_levels(draft, inside) for draft in (before, after)]
    moved = np.zeros((n, 2, 2))
    for row, (first, second) in zip(moved, _noise(before, after, inside, n=n, seed=seed), strict=True):
        then, now = _holds(levels[0], first), _holds(levels[1], second)
        row[:] = [[(new & ~old).sum() * km2, (old & ~new).sum() * km2] for old, new in zip(then, now, strict=True)]
    return {side: _side_interval(moved[:, k]) for k, side in enumerate(before.ground.theatre.side_ids)}


def _levels(draft: Draft, inside: Bool[np.ndarray, "ny nx"]) -> Float[np.ndarray, "2 cells"]:
    """How many standard deviations each cell of the frame lies inside either side's held ground."""
    level = np.asarray(probit(draft.field.p_held[:, inside]), float)
    return np.where(np.abs(level) >= CERTAIN, 100 * np.sign(level), level)


def _holds(level: Float[np.ndarray, "2 cells"], noise: Float[np.ndarray, " cells"]) -> Bool[np.ndarray, "2 cells"]:
    """Which cells either side holds on one drawn map; what pushes the line for one side pushes it against the other."""
    return np.stack([level[0] + noise > 0, level[1] - noise > 0])


def _noise(
    before: Draft, after: Draft, inside: Bool[np.ndarray, "ny nx"], *, n: int, seed: int
) -> Iterator[tuple[Float[np.ndarray, " cells"], Float[np.ndarray, " cells"]]]:
    """Standard normal surfaces of both days over the cells of the frame, shared as far as the line is the same."""
    setting, grid = after.posterior.model.setting, after.ground.grid
    nodes = setting.lattice.nodes_km()
    near = after.posterior.near(nodes)
    same = _still_same(before, after)[inside]
    fresh = np.sqrt(1 - same**2)
    drawn = np.zeros((2, n, len(nodes)))
    drawn[:, :, near] = after.posterior.sample_at(nodes[near], 2 * n, np.random.default_rng(seed)).reshape(2, n, -1)
    for pair in drawn.reshape(2, n, *setting.lattice.shape).swapaxes(0, 1):
        shared, own = (setting.lattice.to_cells(one, grid)[inside] for one in pair)
        yield shared, same * shared + fresh * own


def _still_same(before: Draft, after: Draft) -> Float[np.ndarray, "ny nx"]:
    """r, how far the two days share their noise, in each cell: all of it where no report ever came."""
    ways = [draft.posterior.roamed_km2() for draft in (before, after)]
    way = np.maximum(ways[1] - ways[0], 0.0)
    variance = np.maximum(before.posterior.variance(), 1e-6)
    stands = np.where(after.field.touched, after.posterior.stands(), 1.0)
    return np.asarray(np.sqrt(np.clip(stands + (1 - stands) * variance / (variance + way), 0, 1)))


def _side_interval(moved: Float[np.ndarray, "n 2"]) -> SideInterval:
    gained, lost = moved.T
    return SideInterval(_interval(gained), _interval(lost), _interval(gained - lost))


def _interval(km2: Float[np.ndarray, " n"]) -> Interval:
    median, low, high = (float(value) for value in np.percentile(km2, [50.0, LOW, HIGH]))
    return Interval(median, low, high)


def _frame_cells(draft: Draft) -> Bool[np.ndarray, "ny nx"]:
    """Cells with their centres inside the bounds."""
    east, north = draft.ground.grid.centres_km()
    shapely.prepare(draft.ground.frame)
    return np.asarray(shapely.contains_xy(draft.ground.frame, east, north))


def _pushes(before: Draft, after: Draft, found: Sequence[Advance]) -> tuple[Moved, ...]:
    """The reports that moved the ground of each advance between the two days."""
    cells = [_cells_in(after, one) for one in found]
    where = np.concatenate([*cells, np.empty((0, 2), np.int64)])
    if not len(where):
        return tuple(Moved((), 0.0) for _ in found)
    now, then = after.posterior.explain(where), before.posterior.explain(where)
    known = set(before.posterior.used)
    fresh = np.array([name not in known for name in now.ids], bool)
    rows = np.split(np.arange(len(where)), np.cumsum([len(some) for some in cells])[:-1])
    first = after.ground.theatre.side_ids[0]
    return tuple(
        _moved(now, then, row, fresh, toward=1.0 if one.side == first else -1.0)
        for one, row in zip(found, rows, strict=True)
    )


def _moved(
    now: Reasons, then: Reasons, rows: Int[np.ndarray, " k"], fresh: Bool[np.ndarray, " n"], *, toward: float
) -> Moved:
    if not len(rows):
        return Moved((), 0.0)
    shares = toward * now.shares_km[rows].mean(axis=0)
    total = toward * float((now.depth_km[rows] - then.depth_km[rows]).mean())
    ranked = sorted(np.flatnonzero(fresh).tolist(), key=lambda k: (-abs(shares[k]), now.ids[k]))[:WHY_PUSHES]
    pushes = tuple(Push(now.ids[k], float(shares[k])) for k in ranked if abs(shares[k]) >= LEAST_PUSH_KM)
    return Moved(pushes, total - sum(push.km for push in pushes))


def _cells_in(draft: Draft, one: Advance) -> Int[np.ndarray, "cells 2"]:
    """Cells of an advance's ground, at most `MOST_CELLS`, spread evenly."""
    east, north = draft.ground.grid.centres_km()
    shapely.prepare(one.ground)
    cells = np.argwhere(shapely.contains_xy(one.ground, east, north))
    return cells[:: max(1, -(-len(cells) // MOST_CELLS))]
