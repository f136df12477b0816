"""How many reports come about each place, and how much the setting for few reports has to say there.

The rate at s is counted with the correlation M of `falling`, which ends at `rate_reach_km`, so far ground has no say in
it, and each bank of a barrier is counted by itself. With N the reports since the anchor, weighed by M and by
e^(-age / memory), L the length of the anchor's line weighed by M (km), and D = memory · (1 - e^(-time / memory)) days,

    rate = 100 · (N + c · usual / 100) / (L · D + c)        reports a day and 100 km; c = `rate_pseudo`, km · days

which far from the line, and before anybody could look, is that of many: few must be shown by silence. The say falls
from `few_most` to 0 between `few_rate` and `busy_rate`, smoothly in the logarithm of the rate: one report more or less
is a small step anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np

from isofront.arrays import Float, Int
from isofront.control.items import Batch
from isofront.control.kernel_sums import kernel_sums
from isofront.control.setting import Setting, Tuning
from isofront.control.tiles import CORE_KM
from isofront.ground.lattice import Lattice

STEP_KM = 8.0
"""Rates are worked out at nodes this far apart,"""
SQUARE_KM = 64.0
"""which are summed at by squares of this size."""
BEFORE_DAYS, FEW = 20.0, 3.0
"""Reports of so many days before the anchor tell the rate too, where there are more than a few about."""

WEEK_DAYS = 7.0
"""Reports are counted by when they became known, week by week: a week's count is the same on all days after it."""
KEPT_WEEKS = 400
"""So many counts are kept before all are let go of."""

Nodes = Float[np.ndarray, "banks ly lx"]
Sums = Float[np.ndarray, "k banks ry rx"]


@dataclass(frozen=True, slots=True)
class Weeks:
    """Counts of weeks of reports, filed under what was counted: those a day after another has are not made again.

    All fade alike, so a count as of a week's end tells that of any later day.
    """

    _kept: dict[bytes, Sums] = field(default_factory=dict)

    def count(self, setting: Setting, at_km: Float[np.ndarray, "n 2"], values: Float[np.ndarray, "k n"]) -> Sums:
        """Values summed about each node, row by row of values."""
        found = sha256(at_km.tobytes())
        found.update(values.tobytes())
        key = found.digest()
        if key not in self._kept:
            if len(self._kept) >= KEPT_WEEKS:
                self._kept.clear()
            self._kept[key] = _about(setting, at_km, values)
        return self._kept[key]


def line_about_km(setting: Setting, segments_km: Float[np.ndarray, "n 4"]) -> Float[np.ndarray, "banks ry rx"]:
    """L: how much of the anchor's line (segments: east, north of both ends, km) lies about each node, km."""
    middles = (segments_km[:, :2] + segments_km[:, 2:]) / 2
    lengths = np.hypot(*(segments_km[:, 2:] - segments_km[:, :2]).T)
    return np.asarray(_about(setting, middles, lengths[None])[0])


def few_say(
    setting: Setting,
    batch: Batch,
    line_km: Float[np.ndarray, "banks ry rx"],
    *,
    as_of: float,
    weeks: Weeks | None = None,
) -> Nodes:
    """How much the setting for few reports has to say at the nodes of the setting's lattice, 0 to `few_most`."""
    tuning, lattice = setting.tuning, setting.lattice
    rate = local_rate(setting, batch, line_km, as_of=as_of, weeks=weeks or Weeks())
    wide = _nodes(setting).on_axes(_say_of(rate, tuning), lattice.east_km, lattice.north_km)
    return np.asarray(np.clip(wide, 0.0, tuning.few_most))


def local_rate(
    setting: Setting, batch: Batch, line_km: Float[np.ndarray, "banks ry rx"], *, as_of: float, weeks: Weeks
) -> Float[np.ndarray, "banks ry rx"]:
    """Reports per day and 100 km of line about each node."""
    tuning, memory = setting.tuning, setting.tuning.rate_memory_days
    count, n_before = np.zeros(line_km.shape), np.zeros(line_km.shape)
    for until, at_km, values in _by_week(batch, memory, as_of):
        found = weeks.count(setting, at_km, values)
        count += found[0] * np.exp((until - as_of) / memory)
        n_before += found[1]
    open_days = memory * (1 - np.exp(-as_of / memory))
    old_days = BEFORE_DAYS * np.exp(-as_of / memory) * n_before / (n_before + FEW)
    exposed = line_km * (open_days + old_days)
    pseudo = tuning.rate_pseudo
    return np.asarray((100 * count + pseudo * tuning.usual_rate) / (exposed + pseudo))


def _by_week(
    batch: Batch, memory: float, as_of: float
) -> Iterator[tuple[float, Float[np.ndarray, "n 2"], Float[np.ndarray, "2 n"]]]:
    """Reports that tell the rate on a day, by the week in which they became known: its end, where, and their counts.

    Counted are weights as they have faded by the end of the week, and those of reports from before the anchor.
    """
    days = batch.happened_days
    told = batch.in_table & (days > -BEFORE_DAYS) & (days < as_of)
    ends = np.ceil(batch.known_days / WEEK_DAYS) * WEEK_DAYS
    starts = np.flatnonzero(np.diff(ends, prepend=np.nan) != 0)
    for week in np.split(np.arange(len(batch)), starts[1:]):
        rows = week[told[week]]
        if len(rows):
            until, weight = float(ends[rows[0]]), batch.weight[rows]
            yield (
                until,
                batch.at_km[rows],
                np.stack([weight * np.exp((days[rows] - until) / memory), weight * (days[rows] < 0)]),
            )


def about_few(setting: Setting, batch: Batch, say: Nodes) -> Batch:
    """The reports that the setting for few reports needs: those in squares within reach of where it has a say.

    Squares, so that the choice seldom changes from day to day; what is left out has no share where the say is not 0.
    """
    nodes = setting.lattice.nodes_km()[(say > 0).any(axis=0).ravel()]
    wide = int(np.ceil(setting.motion.reach_km / CORE_KM))
    steps = range(-wide, wide + 1)
    here = np.unique(_square(nodes, setting), axis=0)
    found = {(int(x) + i, int(y) + j) for x, y in here for i in steps for j in steps}
    squares = _square(batch.at_km, setting).tolist()
    return batch.where(np.array([(x, y) in found for x, y in squares], bool))


def _square(at_km: Float[np.ndarray, "n 2"], setting: Setting) -> Int[np.ndarray, "n 2"]:
    return np.asarray(np.floor((at_km - setting.origin_km) / CORE_KM).astype(np.int64))


def _say_of(rate: Float[np.ndarray, "*n"], tuning: Tuning) -> Float[np.ndarray, "*n"]:
    """`few_most` under `few_rate`, 0 over `busy_rate`, and a smooth step in log(rate) between."""
    if tuning.few_most == 0.0:
        return np.zeros_like(rate)
    part = np.log(np.maximum(rate, 1e-9) / tuning.few_rate) / np.log(tuning.busy_rate / tuning.few_rate)
    part = np.clip(part, 0.0, 1.0)
    return np.asarray(tuning.few_most * (1 - part * part * (3 - 2 * part)))


def _nodes(setting: Setting) -> Lattice:
    return Lattice.over(setting.grid, step_km=max(STEP_KM, setting.grid.cell_km))


def _about(setting: Setting, at_km: Float[np.ndarray, "n 2"], values: Float[np.ndarray, "k n"]) -> Sums:
    """Rows of values summed about each node with M; each bank from its own side of the barriers."""
    tuning, lattice = setting.tuning, _nodes(setting)
    places, nodes = setting.distance.lift(at_km), lattice.nodes_km()
    found = [
        kernel_sums(
            setting.distance.lift(nodes, bank=bank), places, values,
            rho_km=(tuning.rate_km,) * len(values), reach_km=tuning.rate_reach_km, square_km=SQUARE_KM,
        )
        for bank in setting.banks
    ]  # fmt: skip
    whole = np.stack(found, axis=1).reshape(len(values), -1, *lattice.shape)
    return np.asarray(np.maximum(whole, 0.0))
