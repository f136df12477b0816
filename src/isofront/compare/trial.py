"""One area scored over many days: the map under test and the yardsticks, against the same reference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from isofront.arrays import Bool, Float
from isofront.compare.edge_lines import edge_line, near_line
from isofront.compare.grey import score_grey
from isofront.compare.ground import ScoredGround
from isofront.compare.score import BAND_KM, Scores, score_control
from isofront.compare.yardsticks import Kernel, Recalibration, fitted_recalibration, kernel_vote, persistence, votes
from isofront.evidence.report import Report

MAP, PERSISTENCE, VOTE = "map", "hard persistence", "kernel vote"
Raster = Float[np.ndarray, "ny nx"]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a map says: P(control) of the side scored, P(grey), and where neither side holds at 0.5."""

    control: Float[np.ndarray, "ny nx"]
    p_grey: Float[np.ndarray, "ny nx"]
    grey_drawn: Bool[np.ndarray, "ny nx"]


Drafter = Callable[[Sequence[date]], Iterator[tuple[date, Raster | Shown]]]
"""Days -> maps on the trial's grid, one a day, in order: all that they show, or P(control) of the side scored alone."""


@dataclass(frozen=True, slots=True)
class Trial:
    """An area to score for one side: where, from which anchor, against which reference, with which reports.

    `anchor` and `truth` are the cells the side holds at the anchor and on each day of the reference; `grey` those that
    the reference draws grey, on the days that have any.
    """

    area: str
    side: str
    ground: ScoredGround
    anchor: Bool[np.ndarray, "ny nx"]
    anchor_at: datetime
    truth: Mapping[date, Bool[np.ndarray, "ny nx"]]
    reports: Sequence[Report] = ()
    grey: Mapping[date, Bool[np.ndarray, "ny nx"]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DayScore:
    """The scores of one method on one day of one area, `horizon_days` after the anchor."""

    area: str
    method: str
    day: date
    horizon_days: int
    scores: Scores


@dataclass(frozen=True, slots=True)
class Sample:
    """What recalibration learns from: the vote and the truth in the band of one area's days."""

    p: Float[np.ndarray, " n"]
    held: Bool[np.ndarray, " n"]


def scored_drafts(
    trial: Trial, drafts: Iterator[tuple[date, Raster | Shown]], *, method: str = MAP
) -> Iterator[DayScore]:
    """Scores of maps, day by day, as they arrive; of their grey too, where it is given and the reference has any."""
    for day, shown in drafts:
        if isinstance(shown, Shown):
            yield _with_grey(trial, shown, _scored(trial, method, day, shown.control))
        else:
            yield _scored(trial, method, day, shown)


def scored_persistence(trial: Trial, days: Sequence[date]) -> Iterator[DayScore]:
    """Scores of the anchor kept as it was."""
    return scored_drafts(trial, ((day, persistence(trial.anchor)) for day in days), method=PERSISTENCE)


def scored_vote(
    trial: Trial, days: Sequence[date], change: Recalibration, kernel: Kernel | None = None
) -> Iterator[DayScore]:
    """Scores of the kernel vote after a change of scale."""
    drafts = ((day, change.apply(_vote(trial, day, kernel))) for day in days)
    return scored_drafts(trial, drafts, method=VOTE)


def vote_sample(trial: Trial, days: Sequence[date], kernel: Kernel | None = None) -> Sample:
    """The vote and the truth in the band of every day."""
    pieces = [_in_band(trial, day, _vote(trial, day, kernel)) for day in days]
    return Sample(np.concatenate([p for p, _ in pieces]), np.concatenate([held for _, held in pieces]))


def recalibrations(samples: Sequence[Sample]) -> list[Recalibration]:
    """For each area, the change of scale learned on the *other* areas; with one area alone, on its own days.

    The latter is hindsight: it flatters the yardstick, so that skill against it is never overstated.
    """
    changes = []
    for k in range(len(samples)):
        others = [sample for j, sample in enumerate(samples) if j != k] or samples
        p, held = (np.concatenate([getattr(sample, name) for sample in others]) for name in ("p", "held"))
        changes.append(fitted_recalibration(p, held) if held.any() and not held.all() else Recalibration(0.0, 1.0))
    return changes


def midnight(day: date) -> datetime:
    """00:00 UTC at the start of a day: what a file dated so shows."""
    return datetime.combine(day, time(), UTC)


def _scored(trial: Trial, method: str, day: date, p: Raster) -> DayScore:
    horizon = (midnight(day) - trial.anchor_at).days
    return DayScore(trial.area, method, day, horizon, score_control(p, trial.truth[day], trial.anchor, trial.ground))


def _with_grey(trial: Trial, shown: Shown, found: DayScore) -> DayScore:
    if found.day not in trial.grey:
        return found
    line = edge_line(trial.truth[found.day], trial.ground)
    grey = score_grey(
        shown.p_grey, shown.grey_drawn, trial.grey[found.day], true_line=line, anchor=trial.anchor, ground=trial.ground
    )
    return replace(found, scores=replace(found.scores, grey=grey))


def _vote(trial: Trial, day: date, kernel: Kernel | None) -> Raster:
    as_of = midnight(day)
    cast = votes(
        trial.reports,
        grid=trial.ground.grid,
        side=trial.side,
        since=trial.anchor_at,
        as_of=as_of,
        known_by=as_of + timedelta(days=1),
    )
    return kernel_vote(trial.anchor, cast, trial.ground.grid, kernel)


def _in_band(trial: Trial, day: date, p: Raster) -> tuple[Float[np.ndarray, " n"], Bool[np.ndarray, " n"]]:
    truth = trial.truth[day]
    band = near_line(edge_line(truth, trial.ground), trial.ground, BAND_KM)
    return p[band], truth[band]
