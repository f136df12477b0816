"""Which ground some chosen reports touched: where their shares in the depth, or their looks, are worth a word.

A report's share in a cell is K(s, x_i) alpha_i, carried through closed windows as `explain` does (all factors are
positive), so the sum of absolute shares bounds what the chosen reports did there, even where they disagree.
"""

from __future__ import annotations

from collections.abc import Set

import numpy as np

from isofront.arrays import Bool, Float
from isofront.control.chain import Chain
from isofront.control.motion import covariance, matern, pace_covariance
from isofront.control.posterior import Posterior
from isofront.control.window import Window
from isofront.threads import one_blas_thread


def touched_by(posterior: Posterior, ids: Set[str]) -> Bool[np.ndarray, "ny nx"]:
    """Cells that the reports with these ids touched; none for no ids."""
    link = posterior.model.config.link
    with one_blas_thread():
        if not ids & set(posterior.used):
            return np.zeros(posterior.model.grid.shape, bool)
        return (_pushed_km(posterior, ids) > link.touched_km) | (_looks(posterior, ids) > link.touched_looks)


def _pushed_km(posterior: Posterior, ids: Set[str]) -> Float[np.ndarray, "ny nx"]:
    """The sum of absolute shares of the chosen reports in the depth, km."""
    quick = _pushed_in(posterior.quick, ids)
    if posterior.slow is None:
        return quick
    return np.asarray(quick + posterior.slow.in_cells * (_pushed_in(posterior.slow.chain, ids) - quick))


def _pushed_in(chain: Chain, ids: Set[str]) -> Float[np.ndarray, "ny nx"]:
    """The same in the depth of one chain of windows."""
    setting = chain.setting
    pushed, pace = np.zeros(setting.grid.shape), np.zeros(setting.lattice.shape)
    for window in chain.windows:
        pushed += setting.lattice.to_cells(pace, setting.grid) * setting.motion.coasting_days(window.days)
        moved, own_pace = _pushes(window, ids)
        pushed += setting.lattice.to_cells(moved, setting.grid)
        pace = pace * np.exp(-window.days / setting.motion.memory_days) + own_pace
        if window.scale is not None:
            pushed *= window.scale.cells()
    return pushed


def _pushes(window: Window, ids: Set[str]) -> tuple[Float[np.ndarray, "ly lx"], Float[np.ndarray, "ly lx"]]:
    """Absolute displacement (km) and pace (km/day) by the chosen reports at lattice nodes."""
    setting, motion = window.setting, window.setting.motion
    nodes = setting.lattice.nodes_km()
    moved, pace = np.zeros(len(nodes)), np.zeros(len(nodes))
    chosen = np.flatnonzero([name in ids for name in window.batch.ids])
    near = np.flatnonzero(window.near(nodes))
    if len(chosen) and len(near):
        spots, pull = window.spots_at(nodes[near]), np.abs(window.fit.alpha[chosen])
        some = window.spots.part(chosen)
        moved[near] = covariance(spots, some, motion) @ pull
        pace[near] = pace_covariance(spots, some, motion) @ pull
    return moved.reshape(setting.lattice.shape), pace.reshape(setting.lattice.shape)


def _looks(posterior: Posterior, ids: Set[str]) -> Float[np.ndarray, "ny nx"]:
    """How many recent looks the chosen reports were, faded with age and distance as presence counts them."""
    setting, tuning = posterior.model.setting, posterior.model.config.presence
    batch = posterior.batch
    age = posterior.as_of - batch.happened_days
    recent = np.array([name in ids for name in batch.ids]) & (age < 4 * tuning.memory_days) & (batch.category >= 0)
    nodes, found = setting.lattice.nodes_km(), batch.where(recent)
    if len(found) == 0:
        return np.zeros(setting.grid.shape)
    alike = matern(
        setting.distance.lift(nodes), setting.distance.lift(found.at_km), tuning.rho_km, reach_km=tuning.reach_km
    )
    weight = found.weight * np.exp(-np.maximum(age[recent], 0.0) / tuning.memory_days)
    return setting.lattice.to_cells((alike @ weight).reshape(setting.lattice.shape), setting.grid)
