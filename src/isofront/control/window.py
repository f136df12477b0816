"""One window of time: from a trusted map and the reports since, the latent now; closed, it is the next trusted map."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from isofront.arrays import Bool, Float, Int
from isofront.control.infer import SETTLED_KM, Fit, Items, Prior, fit
from isofront.control.items import Batch
from isofront.control.motion import Spots, displacement, variance
from isofront.control.neighbourhood import Neighbourhood
from isofront.control.redistancing import Scale, redistanced, strips
from isofront.control.setting import Setting
from isofront.control.spared import NEAR_KM, Spared, pulls_spared
from isofront.control.weigh import N_CATEGORIES, Seen, Table, learn
from isofront.ground.lattice import at_cells
from isofront.threads import each

ABOUT_SETTLED_KM = 0.02
"""How still means must be for a round of activity, which asks for their squares over kilometres."""


@dataclass(frozen=True)
class Trusted:
    """The map a window starts from: depth (km) in cells; doubt (km) and, per bank, pace (km/day) at nodes.

    `untouched_km` is what the depth would be if every report's share were taken out; `roamed_km2` how far, squared, the
    line was expected to have come from the anchor by then, at nodes.
    """

    depth_km: Float[np.ndarray, "ny nx"]
    untouched_km: Float[np.ndarray, "ny nx"]
    doubt_km: Float[np.ndarray, "ly lx"]
    pace: Float[np.ndarray, "banks ly lx"]
    activity: Float[np.ndarray, "ly lx"]
    table: Table
    roamed_km2: Float[np.ndarray, "ly lx"]
    spared: Spared

    def at_rest(self) -> Trusted:
        """The same without what only its own window needs while it is open: what a closed one keeps."""
        own = ("depth_km", "untouched_km", "pace", "roamed_km2")
        none: dict[str, Any] = {name: np.broadcast_to(0.0, getattr(self, name).shape) for name in own}
        return replace(self, **none, spared=Spared(*(np.broadcast_to(0.0, self.spared.km.shape),) * 2))


@dataclass(frozen=True)
class Window:
    """A fitted window: its start, its reports, their pulls, and how long it is (days).

    `scale` is what the depth was multiplied by in each cell when the window closed (none while it is open). Of the
    depth it started from a closed window keeps no more than `start_km`, at nodes; the first keeps the anchor's.
    """

    setting: Setting
    start: Trusted
    batch: Batch
    spots: Spots
    fit: Fit
    days: float
    activity: Float[np.ndarray, "ly lx"]
    table: Table
    scale: Scale | None = None
    start_km: Float[np.ndarray, "ly lx"] | None = None

    def spots_at(self, nodes_km: Float[np.ndarray, "n 2"], *, bank: int | None = None) -> Spots:
        """Places at the end of the window, with what the covariance needs there."""
        setting = self.setting
        return Spots(
            setting.distance.lift(nodes_km, bank=bank),
            np.full(len(nodes_km), self.days),
            setting.lattice.at(self.start.doubt_km, nodes_km),
            setting.lattice.at(self.activity, nodes_km),
        )

    def near(self, nodes_km: Float[np.ndarray, "n 2"]) -> Bool[np.ndarray, " n"]:
        """Which spots lie near enough to the line for reports to act there."""
        if self.start_km is None:
            depth = at_cells(self.setting.grid, self.start.depth_km, nodes_km)
        else:
            depth = self.setting.lattice.at(self.start_km, nodes_km)
        return np.asarray(np.abs(depth) < self.setting.tuning.near_km)

    def roamed_km2(self) -> Float[np.ndarray, "ly lx"]:
        """How far, squared, the line was expected to have come from the anchor by the end of the window, at nodes."""
        return self.start.roamed_km2 + self.activity**2 * self.setting.motion.moved_km2(self.days)

    def prior_variance_km2(self) -> Float[np.ndarray, "ly lx"]:
        """The variance of the depth at the end of the window without its reports, at nodes, km²."""
        return self.start.doubt_km**2 + self.activity**2 * self.setting.motion.moved_km2(self.days)

    def coasted_km(self) -> Float[np.ndarray, "banks ly lx"]:
        """How far the line went on of itself, by the pace it had at the start, at nodes."""
        return self.start.pace * self.setting.motion.coasting_days(self.days)


@dataclass(frozen=True)
class Surface:
    """The latent at the end of a window: mean depth (km) and its variance (km²) in cells, and the pace at nodes.

    `spared` is what presence is told from besides: how much deeper each side's ground would be without own pulls.
    """

    depth_km: Float[np.ndarray, "ny nx"]
    variance_km2: Float[np.ndarray, "ny nx"]
    pace: Float[np.ndarray, "banks ly lx"]
    spared: Spared


def open_window(
    setting: Setting, start: Trusted, batch: Batch, *, opened: float, days: float, taught: Seen, first: Table
) -> Window:
    """Fit a window that opened `opened` days after the anchor and lasts `days`.

    `taught` are items of known depth and `first` the table they refine; the window's own items refine it further.
    """
    batch = batch.where(useful(setting, start, batch))
    spots = report_spots(setting, start, batch, opened=opened)
    prior_mean = prior_means(setting, start, batch, spots)
    items = Items(batch.category, batch.weight * setting.tuning.temper)
    table, activity, found = start.table, start.activity, None
    about = _about_the_line(setting, start)
    tuning, rounds = setting.tuning, setting.tuning.activity_rounds
    for number in range(rounds + 1):
        spots = with_activity(setting, spots, activity, batch)
        last = number == rounds
        prior = (
            Prior.of(spots, setting.motion, setting.origin_km)
            if found is None
            else found.prior.with_activity(spots.activity)
        )
        inner = tuning.last_rounds if last else tuning.first_rounds
        heard = table.with_statements() if (batch.category >= N_CATEGORIES).any() else table
        settled_km = SETTLED_KM if last else ABOUT_SETTLED_KM
        found = fit(items, prior_mean, prior, heard, rounds=inner, start=found, settled_km=settled_km)
        window = Window(setting, start, batch, spots, found, days, activity, table)
        if last or len(batch) == 0:
            break
        if number < setting.tuning.table_rounds:
            mean, variance_km2 = found.without_each()
            own = Seen(
                items.category, mean, np.sqrt(np.minimum(variance_km2, 9.0)), items.weight * setting.tuning.own_items
            )
            own = own.where(items.category < N_CATEGORIES)
            table = learn(first, taught.and_(own), freedom=setting.tuning.freedom)
        activity = _learn_activity(window, about)
    return window


def prior_means(setting: Setting, start: Trusted, batch: Batch, spots: Spots) -> Float[np.ndarray, " n"]:
    """Depth at reports as it would be without any: the trusted map's, and what its pace adds by their day, km."""
    depth = at_cells(setting.grid, start.depth_km, batch.at_km)
    coasts = setting.motion.coasting_days(spots.days)
    return np.asarray(depth + setting.spots_of_banks(start.pace, batch.at_km) * coasts)


def useful(setting: Setting, start: Trusted, batch: Batch) -> Bool[np.ndarray, " n"]:
    """Which reports speak of who is where, near enough to the line to act."""
    depth = at_cells(setting.grid, start.depth_km, batch.at_km)
    return np.asarray((batch.category >= 0) & (np.abs(depth) < setting.tuning.near_km))


def report_spots(setting: Setting, start: Trusted, batch: Batch, *, opened: float) -> Spots:
    """A report of what happened before the window opened speaks of its opening."""
    return Spots(
        setting.distance.lift(batch.at_km),
        np.maximum(batch.happened_days - opened, 0.0),
        setting.lattice.at(start.doubt_km, batch.at_km),
        np.ones(len(batch)),
    )


def with_activity(setting: Setting, spots: Spots, activity: Float[np.ndarray, "ly lx"], batch: Batch) -> Spots:
    """The same spots with the activity that is held for them."""
    return Spots(spots.at, spots.days, spots.doubt_km, setting.lattice.at(activity, batch.at_km))


def _about_the_line(setting: Setting, start: Trusted) -> Neighbourhood:
    """Nodes near the line that the window starts from."""
    tuning, lattice = setting.tuning, setting.lattice
    near = np.abs(at_cells(setting.grid, start.depth_km, lattice.nodes_km())) < tuning.activity_near_km
    steps = tuning.activity_local_km / lattice.step_km, tuning.activity_wide_km / lattice.step_km
    return Neighbourhood.of(near.reshape(lattice.shape), steps)


def _learn_activity(window: Window, about: Neighbourhood) -> Float[np.ndarray, "ly lx"]:
    """One EM step for the local activity: how far the line moved against how far it was expected to, smoothed.

    a² = E[u²] / Var_1[u] averaged over the neighbourhood, shrunk toward the average of a wider one and, where the
    front is short, toward 1. Where no report speaks E[u²] is its prior value, and the activity stays as it is. The step
    is taken `activity_stride` times as far, in log a (Salakhutdinov & Roweis 2003): so fewer are needed.
    """
    setting, tuning = window.setting, window.setting.tuning
    spots = window.spots_at(setting.lattice.nodes_km()[about.near.ravel()])
    spots = Spots(spots.at, spots.days, np.zeros(len(spots)), spots.activity)
    away, _ = displacement(spots, window.spots, window.fit.alpha, setting.motion)
    doubt = np.maximum(variance(spots, setting.motion) - window.fit.explained_variance(spots), 1e-6)
    local, wide = about.averaged((away**2 + doubt) / max(setting.motion.moved_km2(window.days), 1e-6))
    patches = (tuning.activity_local_km / setting.motion.rho_km) ** 2
    squared = (patches * local + tuning.activity_pull * wide) / (patches + tuning.activity_pull)
    learned = window.activity * (np.sqrt(squared) / window.activity) ** tuning.activity_stride
    return np.asarray(np.clip(learned, tuning.least_activity, tuning.most_activity))


def surface(window: Window) -> Surface:
    """The latent at the end of the window, in every cell."""
    setting = window.setting
    nodes = setting.lattice.nodes_km()
    near = np.flatnonzero(window.near(nodes))
    pulls = np.vstack([window.fit.alpha, pulls_spared(window)])
    found = zip(*(_at_nodes(window, nodes, near, pulls, bank=bank) for bank in setting.banks), strict=True)
    moved, spread, paces = (np.stack(one, axis=axis) for axis, one in zip((1, 0, 1), found, strict=True))
    away, pace = moved[0], paces[0]
    depth, variance_km2, coasted = np.empty(setting.grid.shape), np.empty(setting.grid.shape), window.coasted_km()

    def fill(rows: slice) -> None:
        within = rows, slice(None)
        by = setting.cells_of_banks(coasted, within=within) + setting.cells_of_banks(away, within=within)
        np.add(window.start.depth_km[rows], by, out=depth[rows])
        np.maximum(setting.cells_of_banks(spread, within=within), 1e-4, out=variance_km2[rows])

    for _ in each(fill, strips(setting.grid)):
        pass
    end_pace = window.start.pace * np.exp(-window.days / setting.motion.memory_days) + pace
    spared = window.start.spared.after(window.days, setting.motion).with_moves(moved[1:], paces[1:])
    return Surface(depth, variance_km2, end_pace, spared)


def _at_nodes(
    window: Window,
    nodes: Float[np.ndarray, "n 2"],
    near: Int[np.ndarray, " m"],
    pulls: Float[np.ndarray, "k reports"],
    *,
    bank: int | None,
) -> tuple[Float[np.ndarray, "k ly lx"], Float[np.ndarray, "ly lx"], Float[np.ndarray, "k ly lx"]]:
    """Displacement by pulls, variance and new pace at lattice nodes, as from one bank; far off only the prior.

    What the line moves by is the first row of pulls; others are asked for about the line alone.
    """
    setting, motion, part = window.setting, window.setting.motion, window.spots_at(nodes[near], bank=bank)
    both, spread = np.zeros((2, len(pulls), len(nodes))), window.prior_variance_km2().ravel()
    close = np.abs(at_cells(setting.grid, window.start.depth_km, nodes[near])) < NEAR_KM
    rows = np.flatnonzero(pulls.any(axis=1) | (np.arange(len(pulls)) == 0))
    for some, which in ((np.flatnonzero(close), rows), (np.flatnonzero(~close), rows[:1])):
        both[:, which[:, None], near[some]] = displacement(part.part(some), window.spots, pulls[which], motion)
    spread[near] -= window.fit.explained_variance(part)
    away, pace = both.reshape(2, len(pulls), *setting.lattice.shape)
    return away, spread.reshape(setting.lattice.shape), pace


def close_window(window: Window, end: Surface, *, opened: float) -> tuple[Window, Trusted]:
    """The window with its re-distancing, and the trusted map that the next one starts from.

    The mean depth is made a distance again by a positive factor in each cell, so that every report's share in it stays
    known; its doubt, activity and pace are carried, somewhat faded.
    """
    setting, tuning = window.setting, window.setting.tuning
    scale, depth, untouched = redistanced(setting.grid, end.depth_km, window.start.untouched_km)
    nodes = setting.lattice.nodes_km()
    variance_km2 = at_cells(setting.grid, end.variance_km2, nodes).reshape(setting.lattice.shape)
    doubt = np.clip(np.sqrt(variance_km2 * tuning.keep_variance), tuning.least_doubt_km, tuning.most_doubt_km)
    activity = 1 + (window.activity - 1) * tuning.activity_keep
    start_km = at_cells(setting.grid, window.start.depth_km, nodes).reshape(setting.lattice.shape)
    start = window.start if opened == 0 else window.start.at_rest()
    closed = replace(window, start=start, fit=window.fit.at_rest(), scale=scale, start_km=start_km)
    roamed = np.round(window.roamed_km2(), 8)
    spared = end.spared.closed(scale.at(setting.grid, nodes).reshape(setting.lattice.shape))
    return closed, Trusted(
        depth,
        untouched,
        np.round(doubt, 8),
        np.round(end.pace, 10),
        np.round(activity, 8),
        window.table,
        roamed,
        spared,
    )
