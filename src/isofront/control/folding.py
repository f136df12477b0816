"""A new report folded into a posterior that stands: only what lies within its reach is worked out again.

The reports within `reach_km` of the new ones are fitted with them, from where they stood, with what all others
contribute held fast; activity and table stay. Depth changes by Σ K(s, x_i) Δalpha_i, so prior and shares still sum to
it; variance is worked out again in the squares whose tiles read the new reports. A map made from scratch differs by
what the new reports would do to activity, and to reports beyond reach.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from isofront.arrays import Float, Int
from isofront.control.infer import LEAST_WEIGHT, Fit, Items, Prior, Solved, fit
from isofront.control.items import Batch
from isofront.control.motion import Spots, covariance, displacement
from isofront.control.tiles import HALO_KM, around
from isofront.control.weigh import N_CATEGORIES
from isofront.control.window import Surface, Window, prior_means, report_spots, useful, with_activity
from isofront.ground.grid import Grid, Within

ROUNDS = 6
SAME = 1e-6
"""A pull (1/km) that changes by less is left as it was."""


def fold(window: Window, end: Surface, told: Batch, *, opened: float) -> tuple[Window, Surface]:
    """The open window and its surface with new reports, which come last in its batch."""
    told = told.where(useful(window.setting, window.start, told))
    if len(told) == 0:
        return window, end
    wider, near = _fitted(window, told, opened)
    return wider, _surface(window, wider, end, near)


def _fitted(window: Window, told: Batch, opened: float) -> tuple[Window, Int[np.ndarray, " m"]]:
    """The window with the new reports, and which reports were fitted again."""
    setting, old, n = window.setting, window.fit, len(window.batch)
    fresh = with_activity(setting, report_spots(setting, window.start, told, opened=opened), window.activity, told)
    spots, batch = window.spots.and_(fresh), window.batch.and_(told)
    extra = np.zeros(len(told))
    alpha, weight = np.append(old.alpha, extra), np.append(old.weight, extra + LEAST_WEIGHT)
    near = np.append(_within(window.spots, fresh, setting.motion.reach_km), n + np.arange(len(told)))
    prior = Prior.of(spots.part(near), setting.motion, setting.origin_km)
    here = prior_means(setting, window.start, told, fresh)
    among = prior.times(alpha[near])
    mean = np.append(old.mean, here + _displaced_at(window, fresh))
    variance = np.append(old.variance, prior.own[-len(told) :])
    items = Items(batch.category[near], batch.weight[near] * setting.tuning.temper)
    table = window.table.with_statements() if (items.category >= N_CATEGORIES).any() else window.table
    start = Fit(alpha[near], weight[near], mean[near], variance[near], prior, ())
    found = fit(items, mean[near] - among, prior, table, rounds=ROUNDS, start=start)
    moved = np.abs(found.alpha - alpha[near]) > SAME
    for all_of, some in ((alpha, found.alpha), (weight, found.weight), (mean, found.mean), (variance, found.variance)):
        all_of[near[moved]] = some[moved]
    whole = Fit(alpha, weight, mean, variance, *_untouched(old, spots, fresh))
    return replace(window, batch=batch, spots=spots, fit=whole), near


def _displaced_at(window: Window, spots: Spots) -> Float[np.ndarray, " n"]:
    """How far the window's reports moved the line at spots of any moment, km."""
    near = _within(window.spots, spots, window.setting.motion.reach_km)
    return np.asarray(covariance(spots, window.spots.part(near), window.setting.motion) @ window.fit.alpha[near])


def _within(spots: Spots, of: Spots, reach_km: float) -> Int[np.ndarray, " m"]:
    """Which spots lie within reach of any of others, straight on the map."""
    apart2 = ((spots.at[:, None, :2] - of.at[None, :, :2]) ** 2).sum(axis=2)
    return np.flatnonzero((apart2 < reach_km**2).any(axis=1))


def _untouched(old: Fit, spots: Spots, fresh: Spots) -> tuple[Prior, tuple[Solved, ...]]:
    """The prior with those tiles alone that read none of the new reports; others are made when asked for."""
    prior = old.prior
    kept = [
        k for k, tile in enumerate(prior.tiles)
        if len(around(tile.key, fresh.at[:, :2], prior.origin_km, reach_km=HALO_KM)) == 0
    ]  # fmt: skip
    untouched = replace(
        prior,
        spots=spots,
        own=np.append(prior.own, np.zeros(len(fresh))),
        tiles=tuple(prior.tiles[k] for k in kept),
        near=(),
        beside=(),
        later=(),
        blocks=(),
        shares=tuple(prior.shares[k] for k in kept),
        place=tuple(prior.place[k] for k in kept),
    )
    return untouched, tuple(old.solvers[k] for k in kept)


def _surface(window: Window, wider: Window, end: Surface, near: Int[np.ndarray, " m"]) -> Surface:
    """The surface with the changes of pulls and of doubt."""
    setting, n = window.setting, len(window.batch)
    change = wider.fit.alpha.copy()
    change[:n] -= window.fit.alpha
    near = near[change[near] != 0]
    reach, step = setting.motion.reach_km, setting.lattice.step_km
    some = _nodes_near(window, wider.spots.at[near, :2], reach)
    close = _nodes_near(window, wider.spots.at[n:, :2], 2 * HALO_KM)
    nodes, shape = setting.lattice.nodes_km(), (len(setting.banks), setting.lattice.ny * setting.lattice.nx)
    moved, pace, spread = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for number, bank in enumerate(setting.banks):
        spots = window.spots_at(nodes[some], bank=bank)
        moved[number, some], pace[number, some] = displacement(
            spots, wider.spots.part(near), change[near], setting.motion
        )
        spots = window.spots_at(nodes[close], bank=bank)
        spread[number, close] = window.fit.explained_variance(spots) - wider.fit.explained_variance(spots)
    surfaces = [one.reshape(-1, *setting.lattice.shape) for one in (moved, pace, spread)]
    box = _box(setting.grid, wider.spots.at[near, :2], reach + 3 * step)
    depth, variance = end.depth_km.copy(), end.variance_km2.copy()
    depth[box] += setting.cells_of_banks(surfaces[0], within=box)
    variance[box] = np.maximum(variance[box] + setting.cells_of_banks(surfaces[2], within=box), 1e-4)
    return Surface(depth, variance, end.pace + surfaces[1], end.spared)


def _nodes_near(window: Window, spots_km: Float[np.ndarray, "n 2"], reach_km: float) -> Int[np.ndarray, " m"]:
    """Lattice nodes near the line in the box round spots, widened."""
    nodes = window.setting.lattice.nodes_km()
    low, high = spots_km.min(axis=0) - reach_km, spots_km.max(axis=0) + reach_km
    some = np.flatnonzero(((nodes > low) & (nodes < high)).all(axis=1))
    return np.asarray(some[window.near(nodes[some])])


def _box(grid: Grid, spots_km: Float[np.ndarray, "n 2"], wider_km: float) -> Within:
    """Rows and columns of the box round spots, widened."""
    corner = np.array([grid.west_km, grid.south_km])
    low = np.floor((spots_km.min(axis=0) - wider_km - corner) / grid.cell_km).astype(int).clip(0)
    high = np.ceil((spots_km.max(axis=0) + wider_km - corner) / grid.cell_km).astype(int).clip(0)
    return slice(int(low[1]), int(high[1])), slice(int(low[0]), int(high[0]))
