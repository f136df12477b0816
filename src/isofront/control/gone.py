"""How much of a side's ground about each node is gone over, learned by expectation maximisation at wider nodes.

One compiled pass: ground near the line is laid out at wide nodes by how much reports say of it, averaged over the
ground about each, row by row, and the likeliest share of what is gone is found at once. Nothing is worked out where no
ground near the line has a part.
"""

from __future__ import annotations

from typing import NamedTuple, no_type_check

import numpy as np

from isofront.arrays import Bool, Float
from isofront.ground.grid import Grid
from isofront.ground.lattice import Lattice, between_cells
from isofront.kept_code import njit

LOG_ODDS = np.linspace(-10.0, 10.0, 41)
"""What reports say of ground, in steps."""
N, LOWEST, PER_STEP = len(LOG_ODDS), float(LOG_ODDS[0]), float(1 / (LOG_ODDS[1] - LOG_ODDS[0]))
AGAINST = np.exp(-LOG_ODDS)
SOME = 8
"""Nodes are first looked at one for every so many each way."""
SUMMED = {"contract", "reassoc"}
"""Sums may be taken in any order, four by four."""


class Learning(NamedTuple):
    """Scales of learning, as floats in the order that compiled loops read them; km, patches, shares."""

    usual: float
    least: float
    most: float
    pseudo: float
    rounds: int
    near_km: float
    far_km: float
    runs_km: float
    patches: float


class Reach(NamedTuple):
    """Weights of the average at nodes of the wide lattice, from the middle outward."""

    lattice: Lattice
    weights: Float[np.ndarray, " reach"]

    @classmethod
    def of(cls, lattice: Lattice, wide_km: float, *, ends: float) -> Reach:
        """Gaussian weights of a scale, which sum to 1 and end at so many times it."""
        steps = wide_km / lattice.step_km
        off = np.arange(int(ends * steps + 0.5) + 1)
        weights = np.exp(-0.5 * (off / steps) ** 2)
        return cls(lattice, weights / (2 * weights.sum() - weights[0]))


def learned_odds(
    told: Float[np.ndarray, "2 ly lx"],
    depth_km: Float[np.ndarray, "ny nx"],
    *,
    grid: Grid,
    nodes: Lattice,
    about: Reach,
    learning: Learning,
    own: Bool[np.ndarray, "ly lx"] | None,
) -> Float[np.ndarray, "2 ly lx"]:
    """Log-odds next to the line that ground has gone over: of the share that is gone, and what is `told` of each node.

    `own` are the nodes that count (all): those of the bank. Far from the line it is the usual share alone.
    """
    out, shape = np.empty(told.shape), about.lattice.shape
    counts = np.ones((0, 0), np.bool_) if own is None else own
    corners = float(grid.west_km), float(grid.south_km), float(grid.cell_km)
    _learned(
        told, depth_km, corners, _corner(nodes), _corner(about.lattice), shape, about.weights, learning, counts, out
    )
    return out


def _corner(lattice: Lattice) -> tuple[float, float, float]:
    return float(lattice.west_km), float(lattice.south_km), float(lattice.step_km)


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _learned(told, depth, cells, nodes, wide, shape, weights, learning, own, out):  # noqa: PLR0917 - numba
    usual, least, most, pseudo, rounds, _, far, _, _ = learning
    deep = _node_depths(depth, cells, nodes, out.shape[1:], far)
    columns, across = _between(out.shape[2], nodes[0], nodes[2], wide[0], wide[2], shape[1])
    rows, along = _between(out.shape[1], nodes[1], nodes[2], wide[1], wide[2], shape[0])
    number, n = _numbered(deep, far, rows, columns, shape)
    ground, ends = np.zeros((n, 2, N)), np.empty((n, 2, 2), np.int64)
    ends[:, :, 0], ends[:, :, 1] = N, 0
    _lay(told, deep, learning, own, (rows, along, columns, across), number, ground, ends)
    share = np.full((n, 2), usual)
    _learn(ground, ends, number, weights, usual, least, most, pseudo, rounds, share)
    _read(told, deep, far, (rows, along, columns, across), number, share, usual, out)


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _node_depths(depth, cells, nodes, shape, far):
    """Depth at nodes, between cells as `at_cells` has it; infinite where a part of the lattice is far from the line."""
    out, to_go = np.full(shape, np.inf), far + 2 * SOME * nodes[2]
    for row in range(0, shape[0], SOME):
        for column in range(0, shape[1], SOME):
            middle = _at_node(depth, cells, nodes, row + SOME // 2, column + SOME // 2)
            if abs(middle) < to_go:
                for y in range(row, min(row + SOME, shape[0])):
                    for x in range(column, min(column + SOME, shape[1])):
                        out[y, x] = _at_node(depth, cells, nodes, y, x)
    return out


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _at_node(field, cells, nodes, y, x):
    return between_cells(field, cells, nodes[0] + x * nodes[2], nodes[1] + y * nodes[2])


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _between(n, first, step, wide_first, wide_step, wide_n):  # noqa: PLR0917 - numba takes no keywords
    """For each node along an axis, the wide node before it and how far it is past that one."""
    low, part = np.empty(n, np.int64), np.empty(n)
    for k in range(n):
        place = (first + k * step - wide_first) / wide_step
        low[k] = min(max(np.int64(np.floor(place)), 0), wide_n - 2)
        part[k] = min(max(place - low[k], 0.0), 1.0)
    return low, part


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _numbered(deep, far, rows, columns, shape):
    """The wide nodes that have a part in ground near the line, counted from 0; -1 elsewhere."""
    out, n = np.full(shape, -1), 0
    for y in range(deep.shape[0]):
        for x in range(deep.shape[1]):
            if abs(deep[y, x]) < far:
                for corner in range(4):
                    row, column = rows[y] + corner // 2, columns[x] + corner % 2
                    if out[row, column] < 0:
                        out[row, column] = n
                        n += 1
    return out, n


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _lay(told, deep, learning, own, places, number, ground, ends):  # noqa: PLR0917 - numba takes no keywords
    """Patches of each side's own ground, at the wide nodes about them, by what is said of them."""
    _, _, _, _, _, near, far, runs, patches = learning
    rows, along, columns, across = places
    for y in range(deep.shape[0]):
        for x in range(deep.shape[1]):
            d = deep[y, x]
            if not abs(d) < far or d == 0.0 or (own.size > 0 and not own[y, x]):
                continue
            side = 0 if d < 0 else 1
            patch = patches * min((far - abs(d)) / (far - near), 1.0) * np.exp(-abs(d) / runs)
            place = min(max((told[side, y, x] - LOWEST) * PER_STEP, 0.0), N - 1.0)
            low = min(np.int64(place), N - 2)
            for corner in range(4):
                at = number[rows[y] + corner // 2, columns[x] + corner % 2]
                part = (
                    patch * (along[y] if corner // 2 else 1 - along[y]) * (across[x] if corner % 2 else 1 - across[x])
                )
                ground[at, side, low] += part * (1 - (place - low))
                ground[at, side, low + 1] += part * (place - low)
                ends[at, side, 0] = min(ends[at, side, 0], low)
                ends[at, side, 1] = max(ends[at, side, 1], low + 2)


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _learn(ground, ends, number, weights, usual, least, most, pseudo, rounds, share):  # noqa: PLR0917 - numba
    """Averages first along columns of wide nodes, into one row, then along that row; the share of each node at once."""
    ny, nx = number.shape
    reach = weights.shape[0] - 1
    row, spans, said = np.empty((nx, 2, N)), np.empty((nx, 2, 2), np.int64), np.empty(N)
    for y in range(ny):
        _along_columns(ground, ends, number, weights, y, row, spans)
        for x in range(nx):
            for side in range(2):
                if number[y, x] < 0:
                    continue
                first, last, low, high = max(x - reach, 0), min(x + reach, nx - 1), N, 0
                for other in range(first, last + 1):
                    low, high = min(low, spans[other, side, 0]), max(high, spans[other, side, 1])
                for k in range(low, high):
                    said[k] = 0.0
                for other in range(first, last + 1):
                    _add(weights[abs(other - x)], row[other, side], spans[other, side, 0], spans[other, side, 1], said)
                share[number[y, x], side] = _likeliest(
                    said[low:high], AGAINST[low:high], usual, least, most, pseudo, rounds
                )


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _along_columns(ground, ends, number, weights, y, row, spans):  # noqa: PLR0917 - numba takes no keywords
    """One row's averages along columns, as far as the row along has a use for them; and which steps are not 0."""
    ny, nx = number.shape
    reach, west, east = weights.shape[0] - 1, nx, -nx
    for x in range(nx):
        if number[y, x] >= 0:
            west, east = min(west, x), x
    first, last = max(y - reach, 0), min(y + reach, ny - 1)
    for x in range(max(west - reach, 0), min(east + reach, nx - 1) + 1):
        for side in range(2):
            low, high = N, 0
            for north in range(first, last + 1):
                at = number[north, x]
                if at >= 0:
                    low, high = min(low, ends[at, side, 0]), max(high, ends[at, side, 1])
            spans[x, side, 0], spans[x, side, 1] = low, high
            for k in range(low, high):
                row[x, side, k] = 0.0
            for north in range(first, last + 1):
                at = number[north, x]
                if at >= 0:
                    _add(weights[abs(north - y)], ground[at, side], ends[at, side, 0], ends[at, side, 1], row[x, side])


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _add(weight, values, low, high, out):
    here, more = out[low:high], values[low:high]
    for k in range(more.shape[0]):
        here[k] += weight * more[k]


@njit(cache=True, nogil=True, error_model="numpy", fastmath=SUMMED)
@no_type_check
def _likeliest(said, against, usual, least, most, pseudo, rounds):  # noqa: PLR0917 - numba takes no keywords
    """The share of ground that is gone, of how much ground says how much: expectation maximisation."""
    at, seen = usual, said.sum()
    if seen == 0.0:
        return usual
    for _ in range(rounds):
        gone, odds = 0.0, (1.0 - at) / at
        for k in range(said.shape[0]):
            gone += said[k] / (1.0 + odds * against[k])
        before, at = at, min(max((gone + usual * pseudo) / (seen + pseudo), least), most)
        if at == before:
            break
    return at


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _read(told, deep, far, places, number, share, usual, out):  # noqa: PLR0917 - numba takes no keywords
    """The share between wide nodes, as log-odds, and what is told."""
    rows, along, columns, across = places
    out[:] = np.log(usual / (1 - usual))
    for y in range(deep.shape[0]):
        for x in range(deep.shape[1]):
            if abs(deep[y, x]) < far:
                for side in range(2):
                    found = 0.0
                    for corner in range(4):
                        at = number[rows[y] + corner // 2, columns[x] + corner % 2]
                        part = (along[y] if corner // 2 else 1 - along[y]) * (
                            across[x] if corner % 2 else 1 - across[x]
                        )
                        found += part * share[at, side]
                    out[side, y, x] = np.log(found / (1 - found)) + told[side, y, x]
