"""Text in the picture: made safe, measured, wrapped, and placed so that no label covers another."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import shapely
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath
from shapely.geometry.base import BaseGeometry

HINTING = 1.03
"""Drawn letters stand on whole pixels and so run a little wider than their outlines."""

LONGEST = 36
"""Letters of a name that are drawn before it is cut off."""


@dataclass(frozen=True, slots=True)
class Place:
    """A dot to be labelled, in points from the map's lower left; `size` is the dot's diameter."""

    name: str
    x: float
    y: float
    size: float
    font_size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class Label:
    """A placed label: its text's left baseline and its box, in points."""

    place: Place
    x: float
    y: float
    box: tuple[float, float, float, float]


def clean(text: str, *, longest: int = LONGEST) -> str:
    """The text on one line without control or direction-turning characters, cut at `longest` letters."""
    kept = "".join(letter if unicodedata.category(letter)[0] != "C" else " " for letter in text)
    line = " ".join(kept.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


@lru_cache(maxsize=4096)
def text_size(text: str, size: float, *, bold: bool = False) -> tuple[float, float, float]:
    """Width, height and descent of a line of text, in points."""
    font = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
    width, height, descent = TextToPath().get_text_width_height_descent(text or " ", font, False)
    return float(width) * HINTING, float(height), float(descent)


def wrapped(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """The text in lines no wider than `width` points, broken at spaces; a longer word stands alone."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_size(longer, size, bold=bold)[0] <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def placed(
    places: Sequence[Place], frame: tuple[float, float], obstacles: BaseGeometry, *, most: int = 60
) -> list[Label]:
    """Labels for the places that have room, most important first; each in its best free spot of eight.

    A spot is free if it stays in the frame and off other labels and dots. Among free spots the one that hides
    least of the obstacles (the edges, in points) wins; ties go to the right of the dot, as readers expect.
    """
    dots = [_dot_box(place) for place in places]
    taken: list[tuple[float, float, float, float]] = []
    labels: list[Label] = []
    for number, place in enumerate(places):
        others = dots[:number] + dots[number + 1 :]
        label = _best(place, frame, taken + others, obstacles)
        if label is not None and len(labels) < most:
            labels.append(label)
            taken.append(label.box)
    return labels


def _best(
    place: Place,
    frame: tuple[float, float],
    taken: Sequence[tuple[float, float, float, float]],
    obstacles: BaseGeometry,
) -> Label | None:
    free = [label for label in _spots(place) if _fits(label.box, frame) and not any(_meet(label.box, t) for t in taken)]
    if not free:
        return None
    hidden = [shapely.intersection(obstacles, shapely.box(*label.box)).length for label in free]
    return min(enumerate(free), key=lambda pair: (hidden[pair[0]] + 3.0 * pair[0], pair[0]))[1]


def _spots(place: Place) -> list[Label]:
    """Right, left, above, below and the four corners."""
    width, height, descent = text_size(place.name, place.font_size, bold=place.bold)
    rise = place.font_size * 0.74
    gap = place.size / 2 + 1.8
    right, left, mid = place.x + gap, place.x - gap - width, place.x - width / 2
    level, above, below = place.y - rise / 2, place.y + gap, place.y - gap - rise
    corner = gap * 0.6
    spots = (
        (right, level),
        (left, level),
        (right - 1, place.y + corner),
        (right - 1, place.y - corner - rise),
        (mid, above),
        (mid, below),
        (left + 1, place.y + corner),
        (left + 1, place.y - corner - rise),
    )
    return [Label(place, x, y, (x - 1, y - descent - 0.6, x + width + 1, y + height - descent + 0.6)) for x, y in spots]


def _dot_box(place: Place) -> tuple[float, float, float, float]:
    half = place.size / 2 + 0.4
    return place.x - half, place.y - half, place.x + half, place.y + half


def _fits(box: tuple[float, float, float, float], frame: tuple[float, float]) -> bool:
    return box[0] >= 2 and box[1] >= 2 and box[2] <= frame[0] - 2 and box[3] <= frame[1] - 2


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
