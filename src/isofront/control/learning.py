"""What a theatre's own past teaches: the observation table, the motion, and what kind of war it is.

In: past maps as `Chart`s and reports as a `Batch`, both in days since the first map. Each report's depth is read from
the maps before and after it. Nothing here sees the days that a score is taken on: who calls says which spans count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np

from isofront.arrays import Bool, Float, Int
from isofront.control.items import Batch
from isofront.control.motion import Motion
from isofront.control.moved import (
    MOST_KM,
    Chart,
    Patch,
    four_digits,
    groups,
    likeliest_coefficients,
    likeliest_motion,
    likelihood,
    line_spots_km,
    pace_km2_day,
    patches,
)
from isofront.control.posterior import Config, Posterior
from isofront.control.weigh import KINDS, Seen, Table, blend, learn, plain_table, shipped_tables
from isofront.errors import BadInputError
from isofront.evidence.report import Kind
from isofront.ground.distance import Distance
from isofront.ground.distance_field import contour_segments
from isofront.ground.grid import Grid
from isofront.ground.lattice import at_cells

N_BLOCKS = 3
"""Blocks of time that are held out in turn."""
LEAST_MAPS = 9
LEAST_REPORTS = 150
LEAST_DAYS = 42.0
"""Fewer maps, fewer reports that say something, or a shorter time teach nothing that would outlast its own noise."""
NEAR_KM = 25.0
DRAWN_KM2 = 0.05
"""Variance of a depth read from a map on its own day, km²: the pen and the cells."""


class Kindred(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The kind of war: what its reports are like, how many there are, how far it moves.

    `mix` and `coarse` are shares of the reports that say something; `past_line` is, by side, the share of what shows
    it that lies past its line; `per_day_100km` counts per day and 100 km of front; `pace_km2_day` is the mean squared
    displacement of the line per day, in its quietest and in its liveliest month.
    """

    mix: dict[str, float]
    coarse: float
    past_line: dict[str, float]
    per_day_100km: float
    pace_km2_day: tuple[float, float]


@dataclass(frozen=True)
class Past:
    """A theatre's past: its maps in order of time, its reports, and the cells that count (inside the bounds)."""

    grid: Grid
    inside: Bool[np.ndarray, "ny nx"]
    distance: Distance
    charts: tuple[Chart, ...]
    batch: Batch
    factors: Float[np.ndarray, "m ny nx"]

    @property
    def drawn(self) -> int:
        """Whose held ground the maps draw."""
        return self.charts[0].anchored.drawn

    @property
    def speaking(self) -> Batch:
        """Reports that say something about the line, of the time of the maps, near the line."""
        batch, days = self.batch, self.batch.happened_days
        kept = batch.in_table & (days >= self.charts[0].day) & (days <= self.charts[-1].day)
        near = batch.where(kept)
        return near.where(np.abs(depths_km(self.charts, near, self.grid)) < NEAR_KM)


def check(past: Past) -> None:
    """Refuse a past that is too short to learn from.

    Raises:
        BadInputError: too few maps, too short a time, or too few reports.
    """
    charts = past.charts
    if len(charts) < LEAST_MAPS:
        raise BadInputError(f"{len(charts)} past maps, wanted {LEAST_MAPS} or more, of different days")
    if (days := charts[-1].day - charts[0].day) < LEAST_DAYS:
        raise BadInputError(f"the maps span {days:.0f} days, wanted {LEAST_DAYS:.0f} or more")
    if (n := len(past.speaking)) < LEAST_REPORTS:
        raise BadInputError(
            f"{n} reports of that time say who was where near the line, wanted {LEAST_REPORTS} or more to learn from"
        )


def without(past: Past, span: tuple[float, float] | None) -> Batch:
    """The speaking reports that did not happen in a span of days; all of them without one."""
    batch = past.speaking
    days = batch.happened_days
    return batch if span is None else batch.where((days < span[0]) | (days > span[1]))


def seen_items(past: Past, batch: Batch, motion: Motion, *, temper: float) -> Seen:
    """Reports at the depth that the maps give them, with its doubt: the line moves between two maps as a bridge."""
    depth = depths_km(past.charts, batch, past.grid)
    before, after = _gaps(past.charts, batch)
    whole = np.maximum(before + after, 1e-9)
    spread = np.sqrt(DRAWN_KM2 + motion.jitter_km2_day * before * after / whole)
    return Seen(batch.category, depth, spread, batch.weight * temper)


def likeliest_table(past: Past, seen: Seen, config: Config) -> Table:
    """The most probable observation table: the best mixture of those that ship, then penalised freedom round it."""
    start = blend((plain_table(), *shipped_tables(past.drawn)), seen, pseudo=config.tuning.pseudo_items)
    return learn(start, seen, freedom=config.tuning.freedom)


def moved_patches(past: Past, span: tuple[float, float] | None) -> list[Patch]:
    """Displacements from map to map, of runs of maps that do not touch the inside of a span."""
    return [patch for piece in _pieces(past.charts, span) for patch in _patches_of(past, piece)]


def _patches_of(past: Past, charts: Sequence[Chart]) -> list[Patch]:
    return [
        patch
        for run in groups(charts)
        for patch in patches(run, grid=past.grid, inside=past.inside, distance=past.distance, factors=past.factors)
    ]


def learned_motion(past: Past, span: tuple[float, float] | None, config: Config) -> Motion:
    """The most probable motion from the maps outside a span."""
    return likeliest_motion(moved_patches(past, span), config.motion)


def standard(layer: Float[np.ndarray, "ny nx"], inside: Bool[np.ndarray, "ny nx"]) -> tuple[Any, float, float]:
    """A covariate with mean 0 and standard deviation 1 inside the bounds; the mean and deviation it had."""
    mean, spread = float(layer[inside].mean()), float(layer[inside].std())
    return (layer - mean) / max(spread, 1e-9), mean, spread


def judged_factors(past: Past, motion: Motion) -> list[tuple[float, float]]:
    """(coefficient, held-out gain) of every covariate: log activity per standard deviation, nats per displacement.

    Each is judged alone, on blocks of time it was not fitted on. Those that gain are fitted together; others get 0.
    """
    gains = [_held_out_gain(past, motion, number) for number in range(len(past.factors))]
    kept = [number for number, gain in enumerate(gains) if gain > 0]
    fitted = likeliest_coefficients(_only(moved_patches(past, None), kept), motion) if kept else np.zeros(0)
    found = dict(zip(kept, fitted.tolist(), strict=True))
    return [(four_digits(found.get(number, 0.0)), four_digits(gain)) for number, gain in enumerate(gains)]


def _held_out_gain(past: Past, motion: Motion, number: int) -> float:
    total, n = 0.0, 0
    for block in blocks(past.charts):
        span = (block[0].day, block[-1].day)
        fitted = likeliest_coefficients(_only(moved_patches(past, span), [number]), motion)
        here = _only(_patches_of(past, block), [number])
        total += likelihood(here, motion, fitted) - likelihood(here, motion)
        n += sum(len(patch.moved_km) for patch in here)
    return total / max(n, 1)


def _only(found: Sequence[Patch], kept: list[int]) -> list[Patch]:
    """Patches with some of their covariates."""
    return [replace(patch, factors=patch.factors[:, kept]) for patch in found]


def blocks(charts: Sequence[Chart], n_blocks: int = N_BLOCKS) -> list[Sequence[Chart]]:
    """The maps in order of time, cut into blocks that share their ends."""
    ends = np.linspace(0, len(charts) - 1, n_blocks + 1).round().astype(int)
    return [charts[first : last + 1] for first, last in pairwise(ends.tolist())]


def kindred(past: Past, sides: tuple[str, str]) -> Kindred:
    """What kind of war this past is."""
    batch = past.speaking
    months = [pace_km2_day(_patches_of(past, run)) for run in groups(past.charts)]
    days = past.charts[-1].day - past.charts[0].day
    front_km = float(np.mean([_front_km(past.grid, chart.anchored.depth_km) for chart in past.charts]))
    depth = depths_km(past.charts, batch, past.grid)
    pace = four_digits(min(months)), four_digits(max(months))
    return Kindred(*shares(batch, depth, sides), _per_day_100km(len(batch), days, front_km), pace)


def shares(
    batch: Batch, depth_km: Float[np.ndarray, " n"], sides: tuple[str, str]
) -> tuple[dict[str, float], float, dict[str, float]]:
    """Shares of kinds and of coarse places, and of each side's presence past its line."""
    kind, side = batch.category // 4, batch.category % 4 // 2
    shows = kind != KINDS.index(Kind.LEFT)
    past_line = {
        name: _share(sign * depth_km[shows & (side == number)] < 0)
        for number, (name, sign) in enumerate(zip(sides, (1.0, -1.0), strict=True))
    }
    counts = np.bincount(kind, minlength=len(KINDS)) / max(len(kind), 1)
    mix = {one.value: four_digits(float(share)) for one, share in zip(KINDS, counts, strict=True)}
    return mix, _share(batch.category % 2 == 1), past_line


def _share(which: Bool[np.ndarray, " n"]) -> float:
    return four_digits(float(np.mean(which))) if len(which) else 0.0


def depths_km(charts: Sequence[Chart], batch: Batch, grid: Grid) -> Float[np.ndarray, " n"]:
    """Depth of each report's spot on its day, linear in time between the maps before and after."""
    at = np.stack([at_cells(grid, chart.anchored.depth_km, batch.at_km) for chart in charts])
    low = _before(charts, batch)
    before, after = _gaps(charts, batch)
    part = before / np.maximum(before + after, 1e-9)
    row = np.arange(len(batch))
    return np.asarray(at[low, row] * (1 - part) + at[low + 1, row] * part)


def _before(charts: Sequence[Chart], batch: Batch) -> Int[np.ndarray, " n"]:
    days = np.array([chart.day for chart in charts])
    return np.clip(np.searchsorted(days, batch.happened_days, side="right") - 1, 0, len(days) - 2)


def _gaps(charts: Sequence[Chart], batch: Batch) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"]]:
    """Days since the map before and until the map after."""
    days, low = np.array([chart.day for chart in charts]), _before(charts, batch)
    when = np.clip(batch.happened_days, days[0], days[-1])
    return when - days[low], days[low + 1] - when


def _pieces(charts: Sequence[Chart], span: tuple[float, float] | None) -> list[Sequence[Chart]]:
    if span is None:
        return [charts]
    return [
        [chart for chart in charts if chart.day <= span[0]],
        [chart for chart in charts if chart.day >= span[1]],
    ]


def _per_day_100km(n: int, days: float, front_km: float) -> float:
    """So many reports, a day and 100 km of front; a day and ten kilometres at the least."""
    return four_digits(100 * n / max(days, 1.0) / max(front_km, 10.0))


def _front_km(grid: Grid, depth_km: Float[np.ndarray, "ny nx"]) -> float:
    segments = contour_segments(grid, depth_km)
    return float(np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1]).sum())


def since(batch: Batch, day: float) -> Batch:
    """The same reports, with time counted from another day."""
    return replace(batch, happened_days=batch.happened_days - day, known_days=batch.known_days - day)


RECENT_DAYS = 60.0
FEWEST = 50
"""Fewer recent reports do not tell how a war is reported."""
SETTLED_DAYS = 21.0
"""Sooner after the anchor the pace cannot be told."""


def kindred_now(posterior: Posterior, sides: tuple[str, str]) -> Kindred | None:
    """What kind of war a draft sees: its reports of the last two months, and how far the line came since the anchor.

    None with too few reports; pace 0 where it cannot be told yet. The pace counts the posterior's doubt as movement:
    where nothing is known it is what the model expects, and no reason to warn.
    """
    batch, model = posterior.batch, posterior.model
    age = posterior.as_of - batch.happened_days
    recent = batch.where(batch.in_table & (age >= 0) & (age < RECENT_DAYS))
    depth = at_cells(model.grid, posterior.mean(), recent.at_km)
    near = np.abs(depth) < NEAR_KM
    recent, depth = recent.where(near), depth[near]
    if len(recent) < FEWEST:
        return None
    days = posterior.as_of - float(recent.happened_days.min())
    rate = _per_day_100km(len(recent), days, _front_km(model.grid, model.anchored.depth_km))
    pace = four_digits(_pace_now(posterior))
    return Kindred(*shares(recent, depth, sides), rate, (pace, pace))


def _pace_now(posterior: Posterior) -> float:
    if posterior.as_of < SETTLED_DAYS:
        return 0.0
    grid, start = posterior.model.grid, posterior.model.anchored.depth_km
    spots = line_spots_km(grid, start, np.ones(grid.shape, bool))
    moved = at_cells(grid, posterior.mean() - start, spots).clip(-MOST_KM, MOST_KM)
    doubt = at_cells(grid, posterior.variance(), spots)
    return float(np.mean(moved**2 + doubt) / posterior.as_of) if len(spots) else 0.0
