"""Whether learning helped: each block of a theatre's past is mapped with what the rest of it taught, and without.

A block's first map is the anchor, the later ones are the truth; what is learned sees no report and no movement of the
block. All scores are of P(control) of side 1 in the band round the true line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import optimize
from scipy.special import expit, logit

from isofront.arrays import Bool, Float
from isofront.compare.calibrate import brier, clipped, log_loss, reliability
from isofront.compare.score import BAND_KM
from isofront.control import Config, Model, show
from isofront.control.learned import Scored, with_motion
from isofront.control.learning import (
    N_BLOCKS,
    Past,
    blocks,
    learned_motion,
    likeliest_table,
    seen_items,
    since,
    without,
)
from isofront.control.motion import Motion
from isofront.control.moved import Chart
from isofront.control.weigh import Table

MOST_DAYS = 5
"""Days scored in a block, spread evenly."""
SLOPE_LOOSE = 0.25
"""How far, in logarithms, the slope may lie from 1: one standard deviation of its prior."""
SLOPE_WORTH = 40.0
"""Cells of a map are not independent trials: against the prior a day counts as this many of them."""
DEFAULT, TABLE, MOTION, LINK = "default", "table", "motion", "link"
Span = tuple[float, float]
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Lesson:
    """What one span's absence taught: the table and the motion learned from all the rest."""

    table: Table
    motion: Motion


@dataclass(frozen=True, slots=True)
class Sample:
    """One day's map and truth in the band, in block number `block`."""

    block: int
    p: Float[np.ndarray, " n"]
    held: Bool[np.ndarray, " n"]


@dataclass(frozen=True)
class Holdout:
    """Scores by what was used, the parts that won, and the slope of the link that they want."""

    scores: dict[str, Scored]
    used: tuple[str, ...]
    slope: float
    n_days: int
    samples: dict[str, list[Sample]] = field(default_factory=dict)


def lesson(past: Past, span: Span | None, config: Config) -> Lesson:
    """What the past teaches outside a span of days."""
    motion = learned_motion(past, span, config)
    seen = seen_items(past, without(past, span), motion, temper=config.tuning.temper)
    return Lesson(likeliest_table(past, seen, config), motion)


def held_out(past: Past, config: Config, progress: Progress) -> Holdout:
    """Default, table alone, table with motion; then the link of the best: each scored on blocks it has not seen."""
    samples: dict[str, list[Sample]] = {DEFAULT: [], TABLE: [], MOTION: []}
    for number, block in enumerate(blocks(past.charts)):
        progress(f"held-out block {number + 1} of {N_BLOCKS}: learning from the rest")
        taught = lesson(past, (block[0].day, block[-1].day), config)
        ways = {DEFAULT: ((), config), TABLE: ((taught.table,), config),
                MOTION: ((taught.table,), with_motion(config, taught.motion))}  # fmt: skip
        for way, (tables, settings) in ways.items():
            progress(f"held-out block {number + 1} of {N_BLOCKS}: mapping with {_WORDS[way]}")
            samples[way] += _mapped(past, number, block, tables, settings)
    return _judged(samples)


_WORDS = {DEFAULT: "what ships", TABLE: "the learned table", MOTION: "the learned table and motion"}


def _judged(samples: dict[str, list[Sample]]) -> Holdout:
    scores = {way: scored(some) for way, some in samples.items()}
    best = min(scores, key=lambda way: scores[way].log_loss)
    used = {DEFAULT: (), TABLE: (TABLE,), MOTION: (TABLE, MOTION)}[best]
    crossed = [one for block in range(N_BLOCKS) for one in _recalibrated(samples[best], block)]
    scores["recalibrated"] = scored(crossed)
    before, after = scores[best], scores["recalibrated"]
    better = after.log_loss < before.log_loss and after.ece <= before.ece
    slope = best_slope(samples[best]) if better else 1.0
    scores["learned"] = scores["recalibrated"] if better else scores[best]
    return Holdout(scores, (*used, LINK) if better else used, slope, len(samples[best]), samples)


def _recalibrated(samples: Sequence[Sample], block: int) -> Iterator[Sample]:
    """A block's days with the slope that the other blocks want."""
    slope = best_slope([one for one in samples if one.block != block])
    for one in samples:
        if one.block == block:
            yield Sample(block, np.asarray(expit(slope * logit(clipped(one.p)))), one.held)


def best_slope(samples: Sequence[Sample]) -> float:
    """The factor on the log-odds with the least log loss over days, a priori near 1; three digits are kept."""

    def cost(log_slope: float) -> float:
        loss = np.mean(
            [log_loss(clipped(expit(np.exp(log_slope) * logit(clipped(one.p)))), one.held) for one in samples]
        )
        return float(SLOPE_WORTH * len(samples) * loss + 0.5 * (log_slope / SLOPE_LOOSE) ** 2)

    best = optimize.minimize_scalar(cost, bounds=(np.log(0.4), np.log(2.5)), method="bounded", options={"xatol": 1e-3})
    return float(f"{np.exp(best.x):.3g}")


def scored(samples: Sequence[Sample]) -> Scored:
    """Means over the days of each block, then over blocks."""
    rows = {
        block: np.mean([_day_scores(one) for one in samples if one.block == block], axis=0)
        for block in sorted({one.block for one in samples})
    }
    means = np.mean(list(rows.values()), axis=0)
    return Scored(*(float(f"{value:.5g}") for value in means))


def _day_scores(one: Sample) -> tuple[float, float, float, float]:
    p = clipped(one.p)
    table = reliability(p, one.held)
    return log_loss(p, one.held), brier(p, one.held), table.ece or 0.0, float(np.mean((p >= 0.5) == one.held))


def _mapped(
    past: Past, number: int, block: Sequence[Chart], tables: tuple[Table, ...], config: Config
) -> Iterator[Sample]:
    start, sides = block[0], ("1", "2")
    model = Model(past.grid, start.anchored, config, past.distance, tables=tables)
    batch = since(past.batch, start.day)
    for chart in _some(block[1:]):
        day = chart.day - start.day
        shown = show(model.posterior(batch, as_of=day, known_by=day + 1), sides)
        band = past.inside & (np.abs(chart.anchored.depth_km) <= BAND_KM)
        yield Sample(number, shown.control[0][band].astype(np.float64), chart.anchored.depth_km[band] > 0)


def _some(charts: Sequence[Chart]) -> list[Chart]:
    chosen = np.unique(np.linspace(0, len(charts) - 1, min(MOST_DAYS, len(charts))).round().astype(int))
    return [charts[k] for k in chosen]
