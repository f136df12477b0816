"""What changed between two drafts, with the doubt of it and the reports behind each advance.

`engine` gives the drafts, `front.change` what changed between their drawings. Here the two posteriors say how sure that
is, and their shares which reports moved the ground of each advance.

**The interval.** The latent is drawn n times on both days. The draws share their noise as far as the line of the later
day is still that of the earlier: with v the variance of the depth on the earlier day and m that of the way the line was
expected to go in between, the noise of the later day is  r a + sqrt(1 - r²) b,  r = sqrt(v / (v + m)),  where a is
drawn as on the earlier day and b afresh. Where the line still stands at the anchor's (with the probability that the
map shows) it stands in that share of the draws, on both days alike. Ground gained is what crossed over, cell by cell.
It is the ground inside the line *as the anchor's maker draws it*: grey is on the other side.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import shapely
from jaxtyping import Bool, Float, Int
from scipy.special import ndtr

from isofront.control import Reasons
from isofront.engine import LEAST_PUSH_KM, WHY_PUSHES, Draft, drafts
from isofront.front.advances import Advance, Advances, advances
from isofront.front.change import Change, change
from isofront.front.dated import Dated
from isofront.front.shapes import Class
from isofront.publish import Push

N_SAMPLES = 200
MOST_CELLS = 40
"""So many cells of an advance are asked which reports moved them, spread evenly over it."""

LOW, HIGH = 5.0, 95.0
"""The ends of the interval, in per cent."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Median and 90 % interval, km²."""

    median: float
    p05: float
    p95: float


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
        progress(f"{n} draws of both days")
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
    """Per side km² gained and lost between two drafts of one theatre: median and 90 % interval over n draws."""
    inside = _frame_cells(before)
    first, second = _draws(before, after, n=n, seed=seed)
    gained, lost = _crossed(first, second, inside, cell_km=before.ground.grid.cell_km)
    one, other = before.ground.theatre.side_ids
    return {
        one: SideInterval(_interval(gained), _interval(lost), _interval(gained - lost)),
        other: SideInterval(_interval(lost), _interval(gained), _interval(lost - gained)),
    }


def _draws(
    before: Draft, after: Draft, *, n: int, seed: int
) -> tuple[Float[np.ndarray, "n ny nx"], Float[np.ndarray, "n ny nx"]]:
    """Depth fields (km) of both days, their noise shared as far as the line is still the same."""
    same, fresh, spike = np.random.SeedSequence(seed).spawn(3)
    first = before.posterior.sample(n, np.random.default_rng(same))
    shared = after.posterior.sample(n, np.random.default_rng(same)) - after.posterior.mean()
    alone = after.posterior.sample(n, np.random.default_rng(fresh)) - after.posterior.mean()
    still = _still_same(before, after)
    second = after.posterior.mean() + still * shared + np.sqrt(1 - still**2) * alone
    rank = _ranks(after, n, np.random.default_rng(spike))
    return _standing(before, first, rank), _standing(after, second, rank)


def _still_same(before: Draft, after: Draft) -> Float[np.ndarray, "ny nx"]:
    """r, how far the two days share their noise, in each cell."""
    setting, grid = before.posterior.model.setting, before.ground.grid
    ways = [draft.posterior.windows[-1].roamed_km2() for draft in (before, after)]
    way = np.maximum(setting.lattice.to_cells(ways[1] - ways[0], grid), 0.0)
    variance = np.maximum(before.posterior.variance(), 1e-6)
    return np.asarray(np.sqrt(variance / (variance + way)))


def _ranks(draft: Draft, n: int, rng: np.random.Generator) -> Float[np.ndarray, "n ny nx"]:
    """Numbers uniform in (0, 1), neighbours alike as the posterior's own noise is."""
    noise = draft.posterior.sample(n, rng) - draft.posterior.mean()
    spread = noise.std(axis=0)
    return np.asarray(ndtr(noise / np.maximum(spread, 1e-9)))


def _standing(
    draft: Draft, depth: Float[np.ndarray, "n ny nx"], rank: Float[np.ndarray, "n ny nx"]
) -> Float[np.ndarray, "n ny nx"]:
    """The draws with the anchor's own line where it stands: where no report came, else as often as is likely."""
    stands = np.where(draft.field.touched, draft.posterior.stands(), 1.0)
    return np.asarray(np.where(rank < stands, draft.posterior.prior_km(), depth))


def _crossed(
    first: Float[np.ndarray, "n ny nx"],
    second: Float[np.ndarray, "n ny nx"],
    inside: Bool[np.ndarray, "ny nx"],
    *,
    cell_km: float,
) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"]]:
    """Ground that came to side 1 and that it lost in each draw, km²: the share of each cell that the line crossed."""
    more = np.clip(second / cell_km + 0.5, 0, 1) - np.clip(first / cell_km + 0.5, 0, 1)
    more = np.where(inside, more, 0.0) * cell_km**2
    return np.maximum(more, 0).sum(axis=(1, 2)), np.maximum(-more, 0).sum(axis=(1, 2))


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
    fresh = np.array([name not in set(before.posterior.used) for name in now.ids], bool)
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
