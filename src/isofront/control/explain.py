"""Why a cell is what it is: the prior and each report's share in the latent, km, traced through every window.

In an open window a report's share in cell s is K(s, x_i) alpha_i. When the window closes, the depth is scaled by a
known factor in each cell, and its pace carries on: both are linear in the shares, so the shares are scaled and carried
alike and prior + shares = depth still holds, to the rounding of the latent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from isofront.control.motion import covariance, pace_covariance
from isofront.control.window import Window
from isofront.ground.grid import Grid

Shares = Float[np.ndarray, "cells n"]


@dataclass(frozen=True, slots=True)
class Reasons:
    """For each cell: prior (km), the shares of reports (km) in the order of `ids`, and their sum, the latent (km)."""

    ids: tuple[str, ...]
    prior_km: Float[np.ndarray, " cells"]
    shares_km: Shares
    depth_km: Float[np.ndarray, " cells"]


def explain(windows: Sequence[Window], cells: Int[np.ndarray, "cells 2"]) -> Reasons:
    """Trace the depth of cells (row, column) through the windows, oldest first."""
    setting = windows[0].setting
    spots = centres_km(setting.grid, cells)
    prior, shares = np.zeros(len(cells)), np.zeros((len(cells), sum(len(window.batch) for window in windows)))
    for bank in setting.banks:
        here = setting.on_bank(spots, bank)
        prior[here], shares[here] = _traced(windows, cells[here], bank)
    return _summed([name for window in windows for name in window.batch.ids], prior, shares)


def _traced(
    windows: Sequence[Window], cells: Int[np.ndarray, "cells 2"], bank: int | None
) -> tuple[Float[np.ndarray, " cells"], Shares]:
    """Prior and shares in cells that lie on one bank."""
    setting, rows, columns = windows[0].setting, cells[:, 0], cells[:, 1]
    nodes, weights = setting.lattice.stencil(centres_km(setting.grid, cells))
    needed, place = np.unique(nodes, return_inverse=True)
    place = place.reshape(nodes.shape)
    prior = windows[0].start.depth_km[rows, columns]
    shares, paces = np.zeros((len(cells), 0)), np.zeros((len(needed), 0))
    for window in windows:
        carried = shares + setting.motion.coasting_days(window.days) * _stencilled(paces, place, weights)
        own, own_pace = _node_shares(window, needed, bank=bank)
        shares = np.hstack([carried, _stencilled(own, place, weights)])
        paces = np.hstack([paces * np.exp(-window.days / setting.motion.memory_days), own_pace])
        if window.scale is not None:
            scale = window.scale[rows, columns]
            prior, shares = prior * scale, shares * scale[:, None]
    return prior, shares


def _summed(names: list[str], prior: Float[np.ndarray, " cells"], shares: Shares) -> Reasons:
    """A report that acted in two windows (it was late) is named once, with the sum of its shares."""
    ids, which = np.unique(np.array(names, dtype=object).astype(str), return_inverse=True)
    total = np.zeros((len(prior), len(ids)))
    np.add.at(total.T, which, shares.T)
    return Reasons(tuple(ids.tolist()), prior, total, prior + total.sum(axis=1))


def _stencilled(
    at_nodes: Float[np.ndarray, "nodes n"], place: Int[np.ndarray, "cells 16"], weights: Float[np.ndarray, "cells 16"]
) -> Shares:
    out = np.zeros((len(place), at_nodes.shape[1]))
    for tap in range(place.shape[1]):
        out += at_nodes[place[:, tap]] * weights[:, tap, None]
    return out


def _node_shares(
    window: Window, needed: Int[np.ndarray, " nodes"], *, bank: int | None
) -> tuple[Float[np.ndarray, "nodes n"], Float[np.ndarray, "nodes n"]]:
    """Each report's share in the displacement (km) and in the pace (km/day) at lattice nodes."""
    nodes = window.setting.lattice.nodes_km()[needed]
    spots, motion = window.spots_at(nodes, bank=bank), window.setting.motion
    pull = window.fit.alpha * window.near(nodes)[:, None]
    moved = covariance(spots, window.spots, motion) * pull
    if window.scale is None:
        return moved, np.zeros_like(moved)
    return moved, pace_covariance(spots, window.spots, motion) * pull


def centres_km(grid: Grid, cells: Int[np.ndarray, "cells 2"]) -> Float[np.ndarray, "cells 2"]:
    """East and north of the centres of cells (row, column), km."""
    return np.column_stack([grid.east_km[cells[:, 1]], grid.north_km[cells[:, 0]]])
