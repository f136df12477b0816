"""Whether coordinates were written lat before lon: told by where they were to lie, never put right unasked."""

from __future__ import annotations

from collections.abc import Iterable

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


def axes_swapped(boxes: Iterable[Box], bounds: Box) -> bool:
    """Whether none of the boxes meets the bounds, but one would with its axes swapped."""
    found = tuple(boxes)
    if any(meets(box, bounds) for box in found):
        return False
    return any(meets((south, west, north, east), bounds) for west, south, east, north in found)


def meets(box: Box, other: Box) -> bool:
    """Whether two boxes share a spot."""
    return box[0] <= other[2] and box[2] >= other[0] and box[1] <= other[3] and box[3] >= other[1]
