"""The compiled loops behind `neck_field`: the widest way of every free triangle to the rear, in one sweep.

Triangles and gates are numbered; gate g lies between triangles `sides[g, 0]` and `sides[g, 1]`.
Lengths are in km, areas in km².
"""

from __future__ import annotations

from typing import Any, no_type_check

import numpy as np

from isofront.kept_code import njit

Array = np.ndarray[Any, Any]


@njit(cache=True)
@no_type_check
def gates_between(corners: Array, beside: Array, free: Array) -> tuple[Array, Array]:
    """The edges that two free triangles share: the triangles, and the vertices at the gate's ends."""
    sides = np.empty((len(corners) * 3 // 2 + 1, 2), np.int64)
    ends = np.empty((len(corners) * 3 // 2 + 1, 2), np.int64)
    n = 0
    for t in range(len(corners)):
        for k in range(3):
            u = beside[t, k]
            if u > t and free[t] and free[u]:
                sides[n, 0], sides[n, 1] = t, u
                ends[n, 0], ends[n, 1] = corners[t, (k + 1) % 3], corners[t, (k + 2) % 3]
                n += 1
    return sides[:n], ends[:n]


@njit(cache=True)
@no_type_check
def _root(leader: Array, t: int) -> int:
    while leader[t] != t:
        leader[t] = leader[leader[t]]
        t = leader[t]
    return t


@njit(cache=True)
@no_type_check
def lands_of(n: int, sides: Array) -> Array:
    """For each triangle the lowest number in its land: those that any gates join."""
    leader = np.arange(n)
    for g in range(len(sides)):
        a, b = _root(leader, sides[g, 0]), _root(leader, sides[g, 1])
        if a != b:
            leader[max(a, b)] = min(a, b)
    for t in range(n):
        leader[t] = _root(leader, t)
    return leader


@njit(cache=True)
@no_type_check
def widest_tree(n: int, sides: Array, by_width: Array, rear: Array) -> Array:
    """The gates of a maximum spanning tree, the rear's triangles taken for one; `by_width` lists the widest first."""
    leader = np.arange(n)
    first = -1
    for t in range(n):
        if rear[t]:
            first = t if first < 0 else first
            leader[t] = first
    kept = np.empty(len(by_width), np.int64)
    m = 0
    for g in by_width:
        a, b = _root(leader, sides[g, 0]), _root(leader, sides[g, 1])
        if a != b:
            leader[a] = b
            kept[m] = g
            m += 1
    return kept[:m]


@njit(cache=True)
@no_type_check
def rooted(n: int, sides: Array, tree: Array, rear: Array) -> tuple[Array, Array, Array]:
    """The tree rooted in the rear: its triangles outward, and the gate and the triangle before each (-1 none)."""
    degree = np.zeros(n + 1, np.int64)
    for g in tree:
        degree[sides[g, 0] + 1] += 1
        degree[sides[g, 1] + 1] += 1
    start = np.cumsum(degree)
    fill = start.copy()
    by = np.empty(2 * len(tree), np.int64)
    for g in tree:
        for side in range(2):
            t = sides[g, side]
            by[fill[t]] = g
            fill[t] += 1
    gate, before = np.full(n, -1, np.int64), np.full(n, -1, np.int64)
    order = np.empty(n, np.int64)
    reached = np.zeros(n, np.bool_)
    m = 0
    for t in range(n):
        if rear[t]:
            order[m] = t
            reached[t] = True
            m += 1
    i = 0
    while i < m:
        t = order[i]
        for j in range(start[t], start[t + 1]):
            g = by[j]
            u = sides[g, 0] + sides[g, 1] - t
            if not reached[u]:
                reached[u] = True
                gate[u], before[u] = g, t
                order[m] = u
                m += 1
        i += 1
    return order[:m], gate, before


@njit(cache=True)
@no_type_check
def swept(
    tree: tuple[Array, Array, Array], area: Array, width: Array, least_km2: float, per_width: float
) -> tuple[Array, Array, Array, Array, Array]:
    """Inward once, outward once, over what `rooted` gave.

    Returns for each triangle: the area from it outward (km²); the narrowest gate that counts on its way to the rear
    (-1 none) and that gate's width (inf none); where it comes in a walk round the tree, and how many follow in it.
    """
    order, gate, before = tree
    n = len(area)
    behind = np.zeros(n)
    size = np.zeros(n, np.int64)
    for t in order:
        behind[t], size[t] = area[t], 1
    for i in range(len(order) - 1, -1, -1):
        t = order[i]
        if before[t] >= 0:
            behind[before[t]] += behind[t]
            size[before[t]] += size[t]
    neck, narrowest = np.full(n, -1, np.int64), np.zeros(n)
    rank, following = np.full(n, -1, np.int64), np.zeros(n, np.int64)
    last = 0
    for t in order:
        b = before[t]
        if b < 0:
            rank[t] = last
            last += size[t]
            narrowest[t] = np.inf
        else:
            rank[t] = following[b]
            following[b] += size[t]
            w = width[gate[t]]
            neck[t], narrowest[t] = neck[b], narrowest[b]
            if w < narrowest[b] and behind[t] >= max(least_km2, per_width * w * w):
                neck[t], narrowest[t] = gate[t], w
        following[t] = rank[t] + 1
    return behind, neck, narrowest, rank, size


@njit(cache=True)
@no_type_check
def widest_other(gates: tuple[Array, Array], rank: Array, pocket: tuple[int, int], walled: int, onward: Array) -> float:
    """The widest way out of the triangles ranked in `pocket` but through the gate `walled`; 0 if there is none.

    A way is as wide as its gate, and as the neck (`onward`) of the triangle to which that gate leads.
    """
    sides, width = gates
    low, high = pocket
    widest = 0.0
    for g in range(len(sides)):
        if width[g] <= widest or g == walled:
            continue
        a, b = sides[g, 0], sides[g, 1]
        a_in = low <= rank[a] < high
        b_in = low <= rank[b] < high
        if a_in != b_in:
            out = b if a_in else a
            if rank[out] >= 0:
                widest = max(widest, min(width[g], onward[out]))
    return widest


@njit(cache=True)
@no_type_check
def measured(spots: Array, corners: Array) -> tuple[Array, Array, Array]:
    """Each triangle's area, the radius of the circle round it, and whether all its angles are acute."""
    n = len(corners)
    area, radius, acute = np.empty(n), np.empty(n), np.empty(n, np.bool_)
    for t in range(n):
        a, b, c = spots[corners[t, 0]], spots[corners[t, 1]], spots[corners[t, 2]]
        aa = (b[0] - c[0]) ** 2 + (b[1] - c[1]) ** 2
        bb = (c[0] - a[0]) ** 2 + (c[1] - a[1]) ** 2
        cc = (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2
        area[t] = abs((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])) / 2
        radius[t] = np.sqrt(aa * bb * cc) / max(4 * area[t], 1e-30)
        acute[t] = 2 * max(aa, bb, cc) < aa + bb + cc
    return area, radius, acute


@njit(cache=True)
@no_type_check
def outlined(corners: Array, beside: Array, inside: Array) -> tuple[Array, Array]:
    """The outline of some triangles as rings, the triangles on their left: vertices, and where each ring begins.

    At a vertex the outline turns round the triangles that share edges there.
    """
    done = np.zeros((len(corners), 3), np.bool_)
    vertices = np.empty(3 * inside.sum() + 1, np.int64)
    starts = np.empty(3 * inside.sum() + 2, np.int64)
    n, n_rings = 0, 0
    for first in range(len(corners)):
        for side in range(3):
            if not inside[first] or done[first, side] or (beside[first, side] >= 0 and inside[beside[first, side]]):
                continue
            starts[n_rings] = n
            n_rings += 1
            t, k = first, side
            while not done[t, k]:
                done[t, k] = True
                vertices[n] = corners[t, (k + 1) % 3]
                n += 1
                pivot = corners[t, (k + 2) % 3]
                k = (k + 1) % 3
                while beside[t, k] >= 0 and inside[beside[t, k]]:
                    t = beside[t, k]
                    k = 0
                    while corners[t, (k + 1) % 3] != pivot:
                        k += 1
    starts[n_rings] = n
    return vertices[:n], starts[: n_rings + 1]


@njit(cache=True)
@no_type_check
def distinct(rank: Array, size: Array, behind: Array, share: float) -> Array:
    """Which pockets, best first, are not nearly the same as a better one: nested, and that share of its area."""
    kept = np.zeros(len(rank), np.bool_)
    for i in range(len(rank)):
        kept[i] = True
        for j in range(i):
            if not kept[j]:
                continue
            within = rank[j] <= rank[i] < rank[j] + size[j]
            holds = rank[i] <= rank[j] < rank[i] + size[i]
            if (within or holds) and min(behind[i], behind[j]) >= share * max(behind[i], behind[j]):
                kept[i] = False
                break
    return kept
