"""The compiled loops behind `enclosure`: how far one sees, how much of a disc an area holds, what is near edges.

Lengths are in km; rows of edges are (ax, ay, bx, by), spots (east, north).
"""

from __future__ import annotations

from math import atan2, ceil, cos, floor, hypot, pi, sin, sqrt
from typing import Any, no_type_check

import numpy as np

from isofront.kept_code import njit

Array = np.ndarray[Any, Any]


@njit(cache=True)
@no_type_check
def seen_km(edges: Array, east: float, north: float, n_rays: int, reach: float) -> Array:
    """For each ray (evenly spread, the first to the north, then clockwise) the distance to the nearest edge, or inf.

    `edges` are rows (ax, ay, bx, by); those farther away than `reach` are passed over.
    """
    far = np.full(n_rays, np.inf)
    step = 2 * pi / n_rays
    for i in range(len(edges)):
        ax, ay, bx, by = edges[i, 0] - east, edges[i, 1] - north, edges[i, 2] - east, edges[i, 3] - north
        if min(ax, bx) > reach or max(ax, bx) < -reach or min(ay, by) > reach or max(ay, by) < -reach:
            continue
        first = atan2(ax, ay)
        turn = atan2(bx, by) - first
        if turn > pi:
            turn -= 2 * pi
        elif turn < -pi:
            turn += 2 * pi
        low, high = min(first, first + turn), max(first, first + turn)
        for k in range(floor(low / step), ceil(high / step) + 1):
            dx, dy = sin(k * step), cos(k * step)
            across = (bx - ax) * dy - (by - ay) * dx
            if across == 0.0:
                continue
            along = (ay * dx - ax * dy) / across
            away = (ay * (bx - ax) - ax * (by - ay)) / across
            if -1e-12 <= along <= 1 + 1e-12 and away >= 0.0:
                far[k % n_rays] = min(far[k % n_rays], away)
    return far


@njit(cache=True)
@no_type_check
def disc_area_km2(edges: Array, east: float, north: float, radius: float) -> float:
    """How much of a disc lies left of directed rings: a sum over edges of sectors and triangles at its centre."""
    total = 0.0
    square = radius * radius
    for i in range(len(edges)):
        ax, ay, bx, by = edges[i, 0] - east, edges[i, 1] - north, edges[i, 2] - east, edges[i, 3] - north
        dx, dy = bx - ax, by - ay
        length2 = dx * dx + dy * dy
        if length2 == 0.0:
            continue
        middle = -(ax * dx + ay * dy) / length2
        nearest2 = hypot(ax + middle * dx, ay + middle * dy) ** 2
        if nearest2 >= square:
            total += 0.5 * square * atan2(ax * by - ay * bx, ax * bx + ay * by)
            continue
        half = sqrt((square - nearest2) / length2)
        t0, t1 = min(max(middle - half, 0.0), 1.0), min(max(middle + half, 0.0), 1.0)
        px, py, qx, qy = ax + t0 * dx, ay + t0 * dy, ax + t1 * dx, ay + t1 * dy
        total += 0.5 * (px * qy - py * qx)
        total += 0.5 * square * atan2(ax * py - ay * px, ax * px + ay * py)
        total += 0.5 * square * atan2(qx * by - qy * bx, qx * bx + qy * by)
    return total


@njit(cache=True)
@no_type_check
def near_edges(spots: Array, edges: Array, reach: float) -> Array:
    """Which spots lie within `reach` of any edge; spots are sorted from west to east, so few pairs are looked at."""
    order = np.argsort(spots[:, 0])
    east = spots[order, 0]
    near = np.zeros(len(spots), np.bool_)
    for i in range(len(edges)):
        ax, ay, bx, by = edges[i]
        dx, dy = bx - ax, by - ay
        length2 = dx * dx + dy * dy
        low, high = min(ay, by) - reach, max(ay, by) + reach
        for j in range(np.searchsorted(east, min(ax, bx) - reach), len(east)):
            if east[j] > max(ax, bx) + reach:
                break
            px, py = east[j], spots[order[j], 1]
            if py < low or py > high:
                continue
            along = min(max(((px - ax) * dx + (py - ay) * dy) / length2, 0.0), 1.0) if length2 > 0.0 else 0.0
            if hypot(px - ax - along * dx, py - ay - along * dy) <= reach:
                near[order[j]] = True
    return near
