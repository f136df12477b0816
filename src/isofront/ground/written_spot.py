"""A spot that somebody wrote down, and what could not be read; pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WrittenSpot:
    """A spot as written: the form it has, its text, half its last digit in metres, and what had to be assumed.

    `pin` is False where a link only tells what its map showed in the middle.
    """

    lon: float
    lat: float
    form: str
    text: str
    half_m: float
    note: str = ""
    pin: bool = True


@dataclass(frozen=True, slots=True)
class UnreadSpot:
    """Text that means a spot and cannot be read, and why."""

    text: str
    reason: str


Written = WrittenSpot | UnreadSpot
