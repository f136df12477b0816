"""The compiled loops behind `mesh`: Delaunay triangulation by insertion and flips, and recovery of drawn edges.

Coordinates are whole numbers no larger than 10^9 / 2 either way, so that the side of a line on which a spot lies is
exact in 64 bits: the walk and the splits cannot go wrong. Whether a spot lies in a circle is asked in floating point,
and an edge is flipped only where the answer is beyond rounding: each flip then truly lowers the lifted surface, so
flipping ends. Triangles are counterclockwise; `beside[t, k]` is the triangle across the edge opposite corner k.
"""

from __future__ import annotations

from typing import Any, NamedTuple, no_type_check

import numpy as np

from isofront.kept_code import njit

Array = np.ndarray[Any, Any]

N_CORNERS = 4
"""The first vertices are the corners of a square far outside of all others."""

IN_CIRCLE_ERROR = 1.2e-15
"""Relative to the sum of the absolute terms: (10 + 96 ε) ε, the bound for the determinant as it is written here."""


class Net(NamedTuple):
    """A triangulation under construction: vertices, triangles, and room to work in.

    `counts` holds the number of triangles and the triangle from which to walk; `at` a triangle of each vertex.
    """

    xy: Array
    corners: Array
    beside: Array
    at: Array
    counts: Array
    stack: Array


@njit(cache=True)
@no_type_check
def _turn(xy: Array, a: int, b: int, c: int) -> int:
    """Twice the signed area of a, b, c: positive if c lies left of a → b. Exact."""
    return (xy[b, 0] - xy[a, 0]) * (xy[c, 1] - xy[a, 1]) - (xy[b, 1] - xy[a, 1]) * (xy[c, 0] - xy[a, 0])


@njit(cache=True)
@no_type_check
def _inside_circle(xy: Array, a: int, b: int, c: int, d: int) -> bool:
    """Whether d lies inside the circle through a, b, c (counterclockwise), beyond doubt of rounding."""
    ax, ay = float(xy[a, 0] - xy[d, 0]), float(xy[a, 1] - xy[d, 1])
    bx, by = float(xy[b, 0] - xy[d, 0]), float(xy[b, 1] - xy[d, 1])
    cx, cy = float(xy[c, 0] - xy[d, 0]), float(xy[c, 1] - xy[d, 1])
    a2, b2, c2 = ax * ax + ay * ay, bx * bx + by * by, cx * cx + cy * cy
    det = a2 * (bx * cy - cx * by) + b2 * (cx * ay - ax * cy) + c2 * (ax * by - bx * ay)
    size = a2 * (abs(bx * cy) + abs(cx * by)) + b2 * (abs(cx * ay) + abs(ax * cy)) + c2 * (abs(ax * by) + abs(bx * ay))
    return det > IN_CIRCLE_ERROR * size


@njit(cache=True)
@no_type_check
def locate(xy: Array, corners: Array, beside: Array, p: int, start: int) -> int:
    """A triangle that holds vertex p (edges included), by walking toward it from another one.

    Each step looks at the three edges in another order, so that no walk can go round in a circle for long.
    """
    t, came = start, -1
    for step in range(4 * len(corners)):
        onward = -1
        for i in range(3):
            k = (i + step) % 3
            over = beside[t, k]
            if over >= 0 and over != came and _turn(xy, corners[t, (k + 1) % 3], corners[t, (k + 2) % 3], p) < 0:
                onward = over
                break
        if onward < 0:
            return t
        came, t = t, onward
    return start


@njit(cache=True)
@no_type_check
def _rejoin(beside: Array, t: int, old: int, new: int) -> None:
    """Triangle t, if there is one, has `new` beside it where it had `old`."""
    if t >= 0:
        for k in range(3):
            if beside[t, k] == old:
                beside[t, k] = new


@njit(cache=True)
@no_type_check
def _flip(net: Net, t: int) -> int:
    """Turn the edge opposite corner 0 of t; p stays corner 0 of both triangles. Returns the other one."""
    corners, beside, at = net.corners, net.beside, net.at
    u = beside[t, 0]
    j = 0
    while beside[u, j] != t:
        j += 1
    p, b, c, d = corners[t, 0], corners[t, 1], corners[t, 2], corners[u, j]
    across_bd, across_dc = beside[u, (j + 1) % 3], beside[u, (j + 2) % 3]
    across_cp, across_pb = beside[t, 1], beside[t, 2]
    corners[t, 0], corners[t, 1], corners[t, 2] = p, b, d
    beside[t, 0], beside[t, 1], beside[t, 2] = across_bd, u, across_pb
    corners[u, 0], corners[u, 1], corners[u, 2] = p, d, c
    beside[u, 0], beside[u, 1], beside[u, 2] = across_dc, across_cp, t
    _rejoin(beside, across_bd, u, t)
    _rejoin(beside, across_cp, t, u)
    at[p], at[b], at[d], at[c] = t, t, t, u
    return u


@njit(cache=True)
@no_type_check
def _split(net: Net, t: int, p: int) -> None:
    """Cut triangle t into three round p, which stays corner 0 of each; they are put on the stack."""
    corners, beside, at, counts, stack = net.corners, net.beside, net.at, net.counts, net.stack
    a, b, c = corners[t, 0], corners[t, 1], corners[t, 2]
    across_a, across_b, across_c = beside[t, 0], beside[t, 1], beside[t, 2]
    t1, t2 = counts[0], counts[0] + 1
    counts[0] += 2
    corners[t, 0], corners[t, 1], corners[t, 2] = p, b, c
    beside[t, 0], beside[t, 1], beside[t, 2] = across_a, t1, t2
    corners[t1, 0], corners[t1, 1], corners[t1, 2] = p, c, a
    beside[t1, 0], beside[t1, 1], beside[t1, 2] = across_b, t2, t
    corners[t2, 0], corners[t2, 1], corners[t2, 2] = p, a, b
    beside[t2, 0], beside[t2, 1], beside[t2, 2] = across_c, t, t1
    _rejoin(beside, across_b, t, t1)
    _rejoin(beside, across_c, t, t2)
    at[p], at[b], at[c], at[a] = t, t, t, t1
    stack[0], stack[1], stack[2] = t, t1, t2


@njit(cache=True)
@no_type_check
def _make_delaunay(net: Net, p: int, n: int) -> None:
    """Flip the edges opposite p of the first n triangles on the stack, and of those that come of it, till all are."""
    xy, corners, beside, stack = net.xy, net.corners, net.beside, net.stack
    while n > 0:
        n -= 1
        t = stack[n]
        u = beside[t, 0]
        if u < 0:
            continue
        j = 0
        while beside[u, j] != t:
            j += 1
        if _inside_circle(xy, p, corners[t, 1], corners[t, 2], corners[u, j]):
            other = _flip(net, t)
            stack[n], stack[n + 1] = t, other
            n += 2


@njit(cache=True)
@no_type_check
def insert(net: Net, p: int) -> int:
    """Put vertex p into the triangulation; returns p, or the vertex that lies on the same spot already."""
    xy, corners, counts, stack = net.xy, net.corners, net.counts, net.stack
    t = locate(xy, corners, net.beside, p, counts[1])
    on_edge = -1
    for k in range(3):
        v = corners[t, k]
        if xy[v, 0] == xy[p, 0] and xy[v, 1] == xy[p, 1]:
            counts[1] = t
            return v
        if _turn(xy, corners[t, (k + 1) % 3], corners[t, (k + 2) % 3], p) == 0:
            on_edge = k
    _split(net, t, p)
    n = 3
    if on_edge >= 0:
        stack[3] = _flip(net, stack[on_edge])
        n = 4
    _make_delaunay(net, p, n)
    counts[1] = net.at[p]
    return p


@njit(cache=True)
@no_type_check
def started(points: Array, n: int) -> Net:
    """Room for n vertices, with the square of the first four in two triangles."""
    xy = np.empty((n, 2), np.int64)
    xy[: len(points)] = points
    corners, beside = np.empty((2 * n + 2, 3), np.int64), np.full((2 * n + 2, 3), -1, np.int64)
    at, counts = np.zeros(n, np.int64), np.zeros(2, np.int64)
    corners[0, 0], corners[0, 1], corners[0, 2] = 0, 1, 2
    corners[1, 0], corners[1, 1], corners[1, 2] = 0, 2, 3
    beside[0, 1], beside[1, 2] = 1, 0
    at[1], at[3] = 0, 1
    counts[0] = 2
    return Net(xy, corners, beside, at, counts, np.empty(n + 64, np.int64))


@njit(cache=True)
@no_type_check
def edge_from(corners: Array, beside: Array, at: Array, a: int, b: int) -> tuple[int, int]:
    """The triangle left of edge a → b and the corner opposite it, or (-1, -1) where there is no such edge."""
    first = at[a]
    t = first
    while True:
        k = 0
        while corners[t, k] != a:
            k += 1
        if corners[t, (k + 1) % 3] == b:
            return t, (k + 2) % 3
        t = beside[t, (k + 1) % 3]
        if t == first or t < 0:
            return -1, -1


@njit(cache=True)
@no_type_check
def _vertex_on(net: Net, a: int, b: int) -> int:
    """A neighbour of a that lies on the way from a to b, or -1."""
    xy, corners, beside = net.xy, net.corners, net.beside
    first = net.at[a]
    t = first
    dx, dy = xy[b, 0] - xy[a, 0], xy[b, 1] - xy[a, 1]
    while True:
        k = 0
        while corners[t, k] != a:
            k += 1
        v = corners[t, (k + 1) % 3]
        if _turn(xy, a, b, v) == 0 and (xy[v, 0] - xy[a, 0]) * dx + (xy[v, 1] - xy[a, 1]) * dy > 0:
            return v
        t = beside[t, (k + 1) % 3]
        if t == first or t < 0:
            return -1


@njit(cache=True)
@no_type_check
def _recovered(net: Net, edges: Array, n_xy: int, least: int) -> tuple[Array, int]:
    """The edges as pieces that are edges of the triangulation, halved where missing; and how many vertices now."""
    xy, at, room = net.xy, net.at, len(net.xy)
    pieces = np.empty((len(edges) + 3 * (room - n_xy) + 64, 3), np.int64)
    todo = np.empty((256, 2), np.int64)
    n_pieces = 0
    for i in range(len(edges)):
        todo[0, 0], todo[0, 1] = edges[i, 0], edges[i, 1]
        n = 1
        while n > 0:
            n -= 1
            a, b = todo[n]
            if a == b or n_pieces == len(pieces):
                continue
            t, _ = edge_from(net.corners, net.beside, at, a, b)
            if t < 0:
                middle = _vertex_on(net, a, b)
                far = max(abs(xy[a, 0] - xy[b, 0]), abs(xy[a, 1] - xy[b, 1])) > least
                if middle < 0 and far and n_xy < room:
                    xy[n_xy, 0] = (xy[a, 0] + xy[b, 0]) // 2
                    xy[n_xy, 1] = (xy[a, 1] + xy[b, 1]) // 2
                    net.counts[1] = at[a]
                    middle = insert(net, n_xy)
                    n_xy += middle == n_xy
                if middle >= 0 and middle not in (a, b) and n + 2 < len(todo):
                    todo[n, 0], todo[n, 1] = middle, b
                    todo[n + 1, 0], todo[n + 1, 1] = a, middle
                    n += 2
                    continue
            pieces[n_pieces, 0], pieces[n_pieces, 1], pieces[n_pieces, 2] = a, b, edges[i, 2]
            n_pieces += 1
    return pieces[:n_pieces], n_xy


@njit(cache=True, nogil=True)
@no_type_check
def triangulate(
    points: Array, order: Array, edges: Array, room: int, least: int
) -> tuple[Array, Array, Array, Array, Array]:
    """Delaunay triangles of points (the first four the outer square) in which each edge is an edge, or a row of such.

    An edge (a, b, kind) that is missing is halved until its pieces are there, down to `least`, and while there is
    room; as a new vertex can undo an edge elsewhere, that is repeated until all are there. Returns the vertices,
    corners, neighbours, one triangle of each vertex, and the pieces as (a, b, kind).
    """
    net = started(points, room)
    name = np.arange(len(points))
    for p in order:
        name[p] = insert(net, p)
    pieces = edges.copy()
    for i in range(len(edges)):
        pieces[i, 0], pieces[i, 1] = name[edges[i, 0]], name[edges[i, 1]]
    n_xy, before = len(points), -1
    while n_xy != before:
        before = n_xy
        pieces, n_xy = _recovered(net, pieces, n_xy, least)
    m = net.counts[0]
    return net.xy[:n_xy], net.corners[:m], net.beside[:m], net.at[:n_xy], pieces


@njit(cache=True)
@no_type_check
def walls_of(corners: Array, beside: Array, at: Array, pieces: Array) -> tuple[Array, Array]:
    """For each triangle's edges the kind of piece on it (0 none), and votes: drawn edges that have it left − right.

    `votes` is [triangle, (left, right)].
    """
    walls = np.zeros((len(corners), 3), np.uint8)
    votes = np.zeros((len(corners), 2), np.int64)
    for i in range(len(pieces)):
        t, k = edge_from(corners, beside, at, pieces[i, 0], pieces[i, 1])
        if t < 0:
            continue
        walls[t, k] = pieces[i, 2]
        votes[t, 0] += 1
        u = beside[t, k]
        if u >= 0:
            for j in range(3):
                if beside[u, j] == t:
                    walls[u, j] = pieces[i, 2]
            votes[u, 1] += 1
    return walls, votes


@njit(cache=True)
@no_type_check
def rooms_of(beside: Array, walls: Array) -> tuple[Array, int]:
    """A number for each triangle: the same for those that no wall parts. And how many there are."""
    room = np.full(len(beside), -1, np.int64)
    stack = np.empty(len(beside), np.int64)
    count = 0
    for first in range(len(beside)):
        if room[first] >= 0:
            continue
        room[first], stack[0], n = count, first, 1
        while n > 0:
            n -= 1
            t = stack[n]
            for k in range(3):
                u = beside[t, k]
                if u >= 0 and walls[t, k] == 0 and room[u] < 0:
                    room[u] = count
                    stack[n] = u
                    n += 1
        count += 1
    return room, count


@njit(cache=True)
@no_type_check
def told_by_edges(room: Array, n_rooms: int, votes: Array) -> tuple[Array, Array]:
    """Whether each triangle is free land, told by the drawn edges round its room; and where those disagree."""
    told = np.zeros((n_rooms, 2), np.bool_)
    for t in range(len(room)):
        for side in range(2):
            if votes[t, side] > 0:
                told[room[t], side] = True
    free, doubtful = np.empty(len(room), np.bool_), np.empty(len(room), np.int64)
    n = 0
    for t in range(len(room)):
        free[t] = told[room[t], 0]
        if told[room[t], 0] and told[room[t], 1]:
            doubtful[n] = t
            n += 1
    return free, doubtful[:n]


@njit(cache=True)
@no_type_check
def hilbert_order(points: Array, bits: int) -> Array:
    """Where each point lies along a space-filling curve: neighbours on it are neighbours on the ground."""
    key = np.empty(len(points), np.int64)
    west, south = points[:, 0].min(), points[:, 1].min()
    span = max(points[:, 0].max() - west, points[:, 1].max() - south, 1)
    side = 1 << bits
    for i in range(len(points)):
        x = int(float(points[i, 0] - west) / span * (side - 1))
        y = int(float(points[i, 1] - south) / span * (side - 1))
        d = 0
        s = side >> 1
        while s > 0:
            rx, ry = int((x & s) > 0), int((y & s) > 0)
            d += s * s * ((3 * rx) ^ ry)
            if ry == 0:
                if rx == 1:
                    x, y = side - 1 - x, side - 1 - y
                x, y = y, x
            s >>= 1
        key[i] = d
    return key


@njit(cache=True)
@no_type_check
def triangles_at(xy: Array, corners: Array, beside: Array, start: int) -> Array:
    """The triangle that holds each spot, walking from one to the next; a spot must lie inside the outer square.

    `xy` ends with the spots: they are the rows from `start` on.
    """
    found = np.empty(len(xy) - start, np.int64)
    t = 0
    for i in range(start, len(xy)):
        t = locate(xy, corners, beside, i, t)
        found[i - start] = t
    return found
