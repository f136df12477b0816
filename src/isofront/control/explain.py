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
    rows, columns = cells[:, 0], cells[:, 1]
    spots = centres_km(setting.grid, cells)
    nodes, weights = setting.lattice.stencil(spots)
    needed, place = np.unique(nodes, return_inverse=True)
    place = place.reshape(nodes.shape)
    banks = setting.distance.banks(spots) if setting.distance.walls else None
    prior = windows[0].start.depth_km[rows, columns]
    shares, paces = np.zeros((len(cells), 0)), np.zeros((len(needed), 0))
    for window in windows:
        coasting = setting.motion.coasting_days(window.days)
        carried = shares + coasting * _stencilled(paces, place, weights)
        shares = np.hstack([carried, _own_shares(window, needed, place, weights, banks)])
        paces = np.hstack([paces * np.exp(-window.days / setting.motion.memory_days), _own_paces(window, needed)])
        if window.scale is not None:
            scale = window.scale[rows, columns]
            prior, shares = prior * scale, shares * scale[:, None]
    names = [name for window in windows for name in window.batch.ids]
    return _summed(names, prior, shares)


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


def _own_shares(
    window: Window,
    needed: Int[np.ndarray, " nodes"],
    place: Int[np.ndarray, "cells 16"],
    weights: Float[np.ndarray, "cells 16"],
    banks: Int[np.ndarray, " cells"] | None,
) -> Shares:
    if banks is None:
        return _stencilled(_node_shares(window, needed, bank=None), place, weights)
    out = np.zeros((len(place), len(window.batch)))
    for bank in np.unique(banks):
        here = banks == bank
        out[here] = _stencilled(_node_shares(window, needed, bank=int(bank)), place[here], weights[here])
    return out


def _node_shares(
    window: Window, needed: Int[np.ndarray, " nodes"], *, bank: int | None
) -> Float[np.ndarray, "nodes n"]:
    nodes = window.setting.lattice.nodes_km()[needed]
    across = covariance(window.spots_at(nodes, bank=bank), window.spots, window.setting.motion)
    return np.asarray(across * window.fit.alpha * window.near(nodes)[:, None])


def _own_paces(window: Window, needed: Int[np.ndarray, " nodes"]) -> Float[np.ndarray, "nodes n"]:
    if window.scale is None:
        return np.zeros((len(needed), len(window.batch)))
    nodes = window.setting.lattice.nodes_km()[needed]
    across = pace_covariance(window.spots_at(nodes), window.spots, window.setting.motion)
    return np.asarray(across * window.fit.alpha * window.near(nodes)[:, None])


def centres_km(grid: Grid, cells: Int[np.ndarray, "cells 2"]) -> Float[np.ndarray, "cells 2"]:
    """East and north of the centres of cells (row, column), km."""
    return np.column_stack([grid.east_km[cells[:, 1]], grid.north_km[cells[:, 0]]])
