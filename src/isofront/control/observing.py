"""Unobserved: how likely something to be seen would have been missed, and when somebody last looked.

A look lasts `look_days`; where none came, silence speaks as far as reports were to be expected: at the footage rate
that the reports themselves show, times how well could be seen on each day (weather, daylight, leaf and cover). So
ground is unobserved because nobody could see, or because too little is filmed there for silence to mean anything. The
formulas are in docs/maths/observing.md. Seeing crosses rivers, so distances here are plain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import no_type_check

import msgspec
import numpy as np
from scipy.ndimage import gaussian_filter

from isofront.arrays import Bool, Float, Int
from isofront.control.items import Batch
from isofront.control.quick import exp32
from isofront.ground.grid import Grid
from isofront.ground.lattice import Lattice, at_cells
from isofront.kept_code import njit
from isofront.theatre.weather import SkyDay


class ObservingTuning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Scales of the observation model; km, days, and shares of what is seen by day in clear weather."""

    look_km: float = 2.5
    enough_looks: float = 0.3
    silence: float = 0.5
    rate_km: float = 10.0
    rate_days: float = 45.0
    rate_pseudo: float = 2.0
    coarse_say: float = 0.3
    watched_km: float = 12.0
    bad_day: float = 0.25
    night: float = 0.35
    cloud_hides: float = 0.4
    wind_half_kmh: float = 45.0
    wind_soft_kmh: float = 6.0
    rain_half_mm: float = 6.0
    built_up_hides: float = 0.5
    bare_trees_hide: float = 0.2
    leafy_trees_hide: float = 0.6


@dataclass(frozen=True, slots=True)
class Conditions:
    """What decides whether anything could be seen, day by day from `first_day` on (days since the anchor).

    `seeing` is the share that weather and daylight leave, `leaf` how far trees are in leaf; `cover` the share of each
    cell that is built up, and under trees (None: not known; `cover_known`: what is neither is known to be open).
    `look_days` is how long a look lasts, `review_days` after how long without one ground needs another.
    """

    first_day: int = 0
    seeing: Float[np.ndarray, " days"] | None = None
    leaf: Float[np.ndarray, " days"] | None = None
    cover: Float[np.ndarray, "2 ny nx"] | None = None
    cover_known: bool = False
    look_days: float | int = 7.0
    review_days: float | int = 21.0

    def leaf_on(self, days: Float[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
        """How far trees were in leaf on some days (since the anchor); half where it is not known."""
        return _by_day(self.leaf, self, days, unknown=0.5)


def day_length_hours(latitude: float | int, day: date) -> float:
    """Hours from sunrise to sunset, with refraction and the sun's size, to a few minutes (Forsythe and others 1995)."""
    number = day.timetuple().tm_yday
    turn = 0.2163108 + 2 * np.arctan(0.9671396 * np.tan(0.00860 * (number - 186)))
    declination = np.arcsin(0.39795 * np.cos(turn))
    slope = np.radians(latitude)
    rise = (np.sin(np.radians(0.8333)) + np.sin(slope) * np.sin(declination)) / (np.cos(slope) * np.cos(declination))
    return float(24 - 24 / np.pi * np.arccos(np.clip(rise, -1, 1)))


def leaf(latitude: float | int, day: date) -> float:
    """How far trees are in leaf, 0-1: always between the tropics, else a summer about 208 days into the year."""
    if abs(latitude) < TROPIC_DEG:
        return 1.0
    middle = 208 if latitude > 0 else 208 - 365.25 / 2
    season = np.cos(2 * np.pi * (day.timetuple().tm_yday - middle) / 365.25)
    return float(np.clip(0.5 + season / 0.6, 0, 1))


TROPIC_DEG = 23.5


def clearness(sky: SkyDay, tuning: ObservingTuning) -> float | None:
    """The share of what could be seen that a day's weather leaves; None if nothing is known of it."""
    if sky.sees is not None:
        return tuning.bad_day + (1 - tuning.bad_day) * sky.sees
    parts = []
    if sky.cloud_percent is not None:
        parts.append(1 - tuning.cloud_hides * max(0.0, sky.cloud_percent - 50) / 50)
    if sky.wind_kmh is not None:
        parts.append(1 / (1 + np.exp((sky.wind_kmh - tuning.wind_half_kmh) / tuning.wind_soft_kmh)))
    if sky.rain_mm is not None:
        parts.append(2 ** (-sky.rain_mm / tuning.rain_half_mm))
    return max(float(np.prod(parts)), 0.05) if parts else None


def conditions(
    sky: Mapping[date, SkyDay],
    *,
    latitude: float | int,
    anchored: date,
    days: tuple[int, int],
    cover: Float[np.ndarray, "2 ny nx"] | None = None,
    cover_known: bool = False,
    look_days: float | int = 7.0,
    review_days: float | int = 21.0,
    tuning: ObservingTuning | None = None,
) -> Conditions:
    """Seeing on each of the days (from, to; since the anchor). Weather that is not known is as the known days' mean."""
    tuning = tuning or ObservingTuning()
    dates = [anchored + timedelta(days=number) for number in range(days[0], days[1] + 1)]
    told = {day: clear for day, one in sky.items() if (clear := clearness(one, tuning)) is not None}
    usual = float(np.mean(list(told.values()))) if told else 1.0
    light = [tuning.night + (1 - tuning.night) * day_length_hours(latitude, day) / 24 for day in dates]
    seeing = np.array([told.get(day, usual) for day in dates]) * np.array(light)
    leaves = np.array([leaf(latitude, day) for day in dates])
    return Conditions(days[0], seeing, leaves, cover, cover_known, look_days, review_days)


@dataclass(frozen=True, slots=True)
class Watching:
    """The observation model at lattice nodes: how likely what was there would have been missed, days since a look.

    `last_look_days` is inf where nobody looked.
    """

    lattice: Lattice
    watched_km: float
    missed: Float[np.ndarray, "ly lx"]
    last_look_days: Float[np.ndarray, "ly lx"]

    def nodes_of(self, grid: Grid) -> tuple[Int[np.ndarray, " ny"], Int[np.ndarray, " nx"]]:
        """The row of nodes nearest to each row of cells, and the same of columns."""
        return _row_of(self.lattice, grid.north_km), _column_of(self.lattice, grid.east_km)


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def watched(depth, watched_km, missed):
    """In place: missed more likely the nearer to the line (depth, km); the degree of unobserved."""
    for i in range(missed.shape[0]):
        away = depth[i] / watched_km
        missed[i] = exp32(-0.5 * away * away) * min(max(missed[i], 0.0), 1.0)


def watching(
    grid: Grid,
    lattice: Lattice,
    batch: Batch,
    depth_km: Float[np.ndarray, "ny nx"],
    *,
    as_of: float,
    given: Conditions,
    tuning: ObservingTuning,
) -> Watching:
    """The observation model on a day (days since the anchor), at lattice nodes."""
    past = batch.where(_told(batch, as_of))
    looks = _looks(lattice, past, as_of, given.look_days, tuning)
    expected = _expected(grid, lattice, past, depth_km, as_of=as_of, given=given, tuning=tuning)
    missed = np.exp(-looks / tuning.enough_looks - tuning.silence * expected)
    ages = last_look_days(lattice, past, as_of=as_of, reach_km=tuning.look_km)
    return Watching(lattice, tuning.watched_km, missed, ages)


def _told(batch: Batch, as_of: float) -> Bool[np.ndarray, " n"]:
    return np.asarray(batch.happened_days <= as_of + 1.0)


def _say(batch: Batch, tuning: ObservingTuning) -> Float[np.ndarray, " n"]:
    """How much of a look each report is: reposts and coarse ones less."""
    return batch.weight * np.where(batch.error_km >= 1.0, tuning.coarse_say, 1.0)


def _age(batch: Batch, as_of: float) -> Float[np.ndarray, " n"]:
    return np.maximum(as_of - batch.happened_days, 0.0)


def _spread(
    lattice: Lattice, at_km: Float[np.ndarray, "n 2"], weight: Float[np.ndarray, " n"], km: float
) -> Float[np.ndarray, "ly lx"]:
    """Σ weight · exp(-d² / 2 km²) at every node."""
    counts = np.zeros(lattice.shape)
    np.add.at(counts, _nodes_of(lattice, at_km), weight)
    return _blurred(lattice, counts, km)


def _blurred(lattice: Lattice, counts: Float[np.ndarray, "ly lx"], km: float) -> Float[np.ndarray, "ly lx"]:
    """Σ counts · exp(-d² / 2 km²) at every node, over as far as four times the scale; beyond the lattice is nothing."""
    steps = km / lattice.step_km
    weights = np.exp(-0.5 / steps**2 * np.arange(int(4.0 * steps + 0.5) + 1) ** 2)
    weights /= weights[0] + 2 * weights[1:].sum()
    out: Float[np.ndarray, "ly lx"] = _blur(counts, weights[0], np.pad(weights[1:], (0, -(len(weights) - 1) % 4)))
    out *= 2 * np.pi * steps**2
    return out


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _blur(values, own, weights):
    """Weighted sums over neighbours on both sides, first from row to row, then along each; distances four by four."""
    reach, (ny, nx) = weights.shape[0], values.shape
    rows, line, out = np.zeros((ny + 2 * reach, nx)), np.zeros(nx + 2 * reach), np.empty((ny, nx))
    for row in range(ny):
        _times(values[row], 1.0, rows[reach + row])
    for row in range(ny):
        across = line[reach : reach + nx]
        _times(rows[reach + row], own, across)
        for away in range(0, reach, 4):
            low, high = rows[reach + row - away - 4 :], rows[reach + row + away + 1 :]
            _add_four(low[3], high[0], low[2], high[1], low[1], high[2], low[0], high[3], weights[away:], across)
        _times(across, own, out[row])
        for away in range(0, reach, 4):
            low, high = line[reach - away - 4 :], line[reach + away + 1 :]
            _add_four(low[3:], high, low[2:], high[1:], low[1:], high[2:], low, high[3:], weights[away:], out[row])
    return out


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _times(one, weight, out):
    for k in range(out.shape[0]):
        out[k] = one[k] * weight


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _add_four(a, b, c, d, e, f, g, h, weights, out):  # noqa: PLR0917 - numba takes no keywords
    one, two, three, four = weights[0], weights[1], weights[2], weights[3]
    for k in range(out.shape[0]):
        out[k] += (a[k] + b[k]) * one + (c[k] + d[k]) * two + (e[k] + f[k]) * three + (g[k] + h[k]) * four


def _looks(
    lattice: Lattice, batch: Batch, as_of: float, look_days: float | int, tuning: ObservingTuning
) -> Float[np.ndarray, "ly lx"]:
    """Recent looks at every node, each fading over `look_days` and `look_km`."""
    weight = _say(batch, tuning) * np.exp(-_age(batch, as_of) / look_days)
    return _spread(lattice, batch.at_km, weight, tuning.look_km)


def _expected(
    grid: Grid,
    lattice: Lattice,
    batch: Batch,
    depth_km: Float[np.ndarray, "ny nx"],
    *,
    as_of: float,
    given: Conditions,
    tuning: ObservingTuning,
) -> Float[np.ndarray, "ly lx"]:
    """Reports to be expected within `look_km` of every node over the last `look_days`, at what is usual there.

    Usual: along the whole front by distance from the line, and locally as many times more or less as were reported.
    """
    if len(batch) == 0:
        return np.zeros(lattice.shape)
    nodes = lattice.nodes_km()
    away = np.abs(at_cells(grid, depth_km, nodes)).reshape(lattice.shape)
    seeing = _seeing(grid, lattice, batch, as_of=as_of, given=given, tuning=tuning)
    long = seeing.over(np.exp(-seeing.ages / tuning.rate_days))
    lately = seeing.over(np.asarray(seeing.ages < given.look_days, float))
    weight = _say(batch, tuning) * np.exp(-_age(batch, as_of) / tuning.rate_days)
    reach = np.clip(np.average(np.abs(at_cells(grid, depth_km, batch.at_km)), weights=weight + 1e-12), 1.0, 15.0)
    usual = np.exp(-away / reach) * long
    usual *= weight.sum() / max(float(usual.sum()), 1e-12)
    seen = _spread(lattice, batch.at_km, weight, tuning.rate_km)
    local = (seen + tuning.rate_pseudo) / (_blurred(lattice, usual, tuning.rate_km) + tuning.rate_pseudo)
    return np.asarray(
        usual * local * lately / np.maximum(long, 1e-12) * 2 * np.pi * (tuning.look_km / lattice.step_km) ** 2
    )


@dataclass(frozen=True, slots=True)
class _Seeing:
    """Ages of the days that count, what weather and light left on each; at nodes, what cover hides bare, or in leaf."""

    ages: Float[np.ndarray, " days"]
    clear: Float[np.ndarray, " days"]
    leaves: Float[np.ndarray, " days"]
    hidden: Float[np.ndarray, "ly lx"]
    leafy: Float[np.ndarray, "ly lx"]

    def over(self, weight: Float[np.ndarray, " days"]) -> Float[np.ndarray, "ly lx"]:
        """Days of seeing at every node, each day by its weight."""
        clear, leafed = float(weight @ self.clear), float(weight @ (self.clear * self.leaves))
        return np.maximum(clear * (1 - self.hidden) - leafed * self.leafy, 0.02 * clear)


def _seeing(
    grid: Grid, lattice: Lattice, batch: Batch, *, as_of: float, given: Conditions, tuning: ObservingTuning
) -> _Seeing:
    """From the first report on, at most four memories back."""
    oldest = max(float(batch.happened_days.min()), as_of - 4 * tuning.rate_days)
    days = np.arange(np.floor(oldest), np.floor(as_of) + 1)
    built, trees = _cover_at(grid, lattice, given)
    return _Seeing(
        np.maximum(as_of - days - 0.5, 0.0),
        _by_day(given.seeing, given, days, unknown=1.0),
        _by_day(given.leaf, given, days, unknown=0.5),
        tuning.built_up_hides * built + tuning.bare_trees_hide * trees,
        (tuning.leafy_trees_hide - tuning.bare_trees_hide) * trees,
    )


def _by_day(
    values: Float[np.ndarray, " known"] | None, given: Conditions, days: Float[np.ndarray, " days"], *, unknown: float
) -> Float[np.ndarray, " days"]:
    """Values on some days; the nearest known day's beyond the ends."""
    if values is None or len(values) == 0:
        return np.full(len(days), unknown)
    return np.asarray(values[np.clip(days.astype(int) - given.first_day, 0, len(values) - 1)])


def _cover_at(
    grid: Grid, lattice: Lattice, given: Conditions
) -> tuple[Float[np.ndarray, "ly lx"], Float[np.ndarray, "ly lx"]]:
    if given.cover is None:
        return np.zeros(lattice.shape), np.zeros(lattice.shape)
    nodes = lattice.nodes_km()
    smooth = [gaussian_filter(one, max(0.5 * lattice.step_km / grid.cell_km, 0.1)) for one in given.cover]
    built, trees = (at_cells(grid, one, nodes).reshape(lattice.shape) for one in smooth)
    return built, np.minimum(trees, 1 - built)


def last_look_days(lattice: Lattice, batch: Batch, *, as_of: float, reach_km: float) -> Float[np.ndarray, "ly lx"]:
    """Days since the last report of what happened within `reach_km` of each node; inf where there is none.

    Coarse reports say of no spot that somebody looked there.
    """
    sharp = batch.where(batch.error_km < 1.0)
    age = np.full(lattice.shape, np.inf)
    np.minimum.at(age, _nodes_of(lattice, sharp.at_km), _age(sharp, as_of))
    rows, columns = np.nonzero(np.isfinite(age))
    looked, out = age[rows, columns], age.copy()
    for south, west in _within(reach_km / lattice.step_km):
        row, column = rows + south, columns + west
        here = (row >= 0) & (row < lattice.ny) & (column >= 0) & (column < lattice.nx)
        at = row[here], column[here]
        out[at] = np.minimum(out[at], looked[here])
    return out


def _within(reach: float) -> Iterator[tuple[int, int]]:
    """How many rows and columns of nodes away those lie that are no farther than a reach (steps)."""
    steps = range(-int(np.ceil(reach)), int(np.ceil(reach)) + 1)
    return ((row, column) for row in steps for column in steps if np.hypot(row, column) <= reach)


def _nodes_of(lattice: Lattice, at_km: Float[np.ndarray, "n 2"]) -> tuple[Int[np.ndarray, " n"], Int[np.ndarray, " n"]]:
    """Row and column of the node nearest to each spot."""
    return _row_of(lattice, at_km[:, 1]), _column_of(lattice, at_km[:, 0])


def _row_of(lattice: Lattice, north_km: Float[np.ndarray, " n"]) -> Int[np.ndarray, " n"]:
    row = np.rint((north_km - lattice.south_km) / lattice.step_km).astype(np.int64)
    return np.clip(row, 0, lattice.ny - 1)


def _column_of(lattice: Lattice, east_km: Float[np.ndarray, " n"]) -> Int[np.ndarray, " n"]:
    column = np.rint((east_km - lattice.west_km) / lattice.step_km).astype(np.int64)
    return np.clip(column, 0, lattice.nx - 1)
