"""Degrees along the edges of a picture: plain where all lie north-east of Greenwich, else with their hemisphere."""

from __future__ import annotations

from isofront.ground.grid import Bounds

__all__ = ["degree_text", "lettered"]


def lettered(bounds: Bounds) -> bool:
    """Whether degrees need letters: a sign before them is no way to write a place on a map."""
    return bounds.west < 0 or bounds.south < 0


def degree_text(degrees: float, letters: str, *, lettered: bool) -> str:
    """`36.5°`; if lettered `3° W`, by `letters` such as "EW" or "NS". On the equator and at Greenwich `0°`."""
    if not lettered or degrees == 0:
        return f"{degrees:g}°"
    return f"{abs(degrees):g}° {letters[1] if degrees < 0 else letters[0]}"
