"""Stretches of a ring that lie on a circle: marks of positions that were melted into ground, buffers round lines.

Nobody draws seven corners of one circle by hand, and no ground has them; their middle is a spot to the metre.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import numpy as np

from isofront.arrays import Bool, Float

LEAST_CORNERS = 7
LEAST_REGULAR = 5
"""So few corners are enough where they are the whole ring: a pentagon, a hexagon."""
ARC_DEG = 120.0
"""A stretch that turns less is a bend."""
MOST_RADIUS_DEG = 0.05
OFF = 0.01
"""So far, of the radius, corners of a circle may lie off it."""
OFF_DEG = 4e-5
"""What rounding may add: about four metres."""
MOST_TURN_DEG = 75.0

Corners = Float[np.ndarray, "n 2"]


def arcs_of(corners: Corners) -> tuple[Bool[np.ndarray, " n"], float]:
    """Which corners (degrees, open ring) lie on arcs, and how far the outline turns along them, degrees.

    A circle on the ground is an ellipse in degrees, one that was drawn in degrees an ellipse on the ground: both count.
    """
    flat = corners * np.array([np.cos(np.radians(corners[:, 1].mean())), 1.0]) if len(corners) else corners
    found = [_arcs(one) for one in (corners, flat)]
    return max(found, key=lambda told: told[1])


def _arcs(corners: Corners) -> tuple[Bool[np.ndarray, " n"], float]:
    n, marked = len(corners), np.zeros(len(corners), bool)
    if n < LEAST_REGULAR:
        return marked, 0.0
    turns = _turns_deg(corners)
    if _on_circle(corners) and n < LEAST_CORNERS + 2:
        return ~marked, 360.0
    start = _break(turns)
    order = (np.arange(n) + start) % n
    total = 0.0
    for first, last in _runs(turns[order]):
        for low, high in _stretches(corners[order], first, last):
            turned = float(np.abs(turns[order][low + 1 : high - 1]).sum())
            if turned >= ARC_DEG or high - low == n:
                marked[order[low:high]] = True
                total += 360.0 if high - low == n else turned
    return marked, total


def _turns_deg(corners: Corners) -> Float[np.ndarray, " n"]:
    """By how much the outline turns at each corner; to the left is positive."""
    into = corners - np.roll(corners, 1, axis=0)
    out = np.roll(into, -1, axis=0)
    cross = into[:, 0] * out[:, 1] - into[:, 1] * out[:, 0]
    return np.asarray(np.degrees(np.arctan2(cross, (into * out).sum(axis=1))))


def _break(turns: Float[np.ndarray, " n"]) -> int:
    """A corner at which no arc goes on, to begin from; 0 where there is none."""
    ends = np.flatnonzero((np.sign(turns) != np.sign(np.roll(turns, 1))) | (np.abs(turns) > MOST_TURN_DEG))
    return int(ends[0]) if len(ends) else 0


def _runs(turns: Float[np.ndarray, " n"]) -> Iterator[tuple[int, int]]:
    """Stretches of corners that turn the same way, none sharply, with a corner more at either end."""
    kinds = np.where(np.abs(turns) > MOST_TURN_DEG, 0.0, np.sign(turns))
    at = 0
    for kind, some in groupby(kinds.tolist()):
        long = len(list(some))
        if kind != 0 and long >= LEAST_CORNERS - 2:
            yield max(0, at - 1), min(len(turns), at + long + 1)
        at += long


def _stretches(corners: Corners, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The longest stretches of a run that lie on one circle each."""
    low = first
    while low + LEAST_CORNERS <= last:
        high = low + LEAST_CORNERS
        if not _on_circle(corners[low:high]):
            low += 1
            continue
        while high < last and _on_circle(corners[low : high + 1]):
            high += 1
        yield low, high
        low = high


def _on_circle(corners: Corners) -> bool:
    """Whether corners lie on one small circle: x² + y² = 2ax + 2by + c by least squares (Kåsa, 1976)."""
    middle = corners.mean(axis=0)
    x, y = (corners - middle).T
    terms = np.column_stack([2 * x, 2 * y, np.ones(len(x))])
    (a, b, c), _, rank, _ = np.linalg.lstsq(terms, x**2 + y**2, rcond=None)
    radius = float(np.sqrt(max(c + a**2 + b**2, 0.0)))
    if rank < 3 or not 0 < radius <= MOST_RADIUS_DEG:
        return False
    off = np.abs(np.hypot(x - a, y - b) - radius).max()
    return bool(off <= max(OFF * radius, min(OFF_DEG, 0.1 * radius)))


__all__ = ["arcs_of"]
