"""Text in the picture: made safe, measured, wrapped, and placed so that no label covers another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath
from shapely.geometry.base import BaseGeometry

HINTING = 1.03
"""Drawn letters stand on whole pixels and so run a little wider than their outlines."""

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""


@dataclass(frozen=True, slots=True)
class Place:
    """A dot to be labelled, in points from the map's lower left; `size` is the dot's diameter."""

    name: str
    x: float
    y: float
    size: float
    font_size: float
    bold: bool
    people: int = 0


@dataclass(frozen=True, slots=True)
class Label:
    """A placed label: its text's left baseline and its box, in points."""

    place: Place
    x: float
    y: float
    box: Box


@lru_cache(maxsize=4096)
def text_size(text: str, size: float, *, bold: bool = False) -> tuple[float, float, float]:
    """Width, height and descent of a line of text, in points."""
    font = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
    width, height, descent = TextToPath().get_text_width_height_descent(text or " ", font, False)
    return float(width) * HINTING, float(height), float(descent)


def wrapped(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """The text in lines no wider than `width` points, broken at spaces, or inside a word that is wider itself."""
    lines: list[str] = []
    for word in _short_words(text, size, width, bold=bold):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_size(longer, size, bold=bold)[0] <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _short_words(text: str, size: float, width: float, *, bold: bool) -> list[str]:
    return [piece for word in text.split() for piece in _pieces(word, size, width, bold=bold)]


def _pieces(word: str, size: float, width: float, *, bold: bool) -> list[str]:
    if text_size(word, size, bold=bold)[0] <= width or len(word) < 2:
        return [word]
    half = len(word) // 2
    return _pieces(word[:half], size, width, bold=bold) + _pieces(word[half:], size, width, bold=bold)


def placed(
    places: Sequence[Place],
    frame: tuple[float, float],
    obstacles: BaseGeometry,
    *,
    most: int = 60,
    blocked: Sequence[Box] = (),
) -> list[Label]:
    """Labels for the places that have room, most important first; each in its best free spot of eight.

    A spot is free if it stays in the frame and off the labels and dots of places before it. Among free spots the one
    that hides least wins: edges (obstacles, in points) and lesser dots; ties go to the right of the dot, as readers
    expect. A place that lies under an earlier label, or has no free spot, is left out with its dot; `blocked` boxes are
    left alone altogether.
    """
    labels: list[Label] = []
    edges = _Edges.of(obstacles)
    for number, place in enumerate(places):
        taken = [*blocked, *(box for label in labels for box in (label.box, _dot_box(label.place)))]
        if len(labels) < most and not any(meet(_dot_box(place), box) for box in taken):
            lesser = [_dot_box(other) for other in places[number + 1 :]]
            label = _best([spot for spot in _spots(place) if _is_free(spot.box, frame, taken)], edges, lesser)
            labels += [label] if label is not None else []
    return labels


@dataclass(frozen=True, slots=True)
class _Edges:
    """The single segments of the edges, to be found by where they lie: most labels are near few of them."""

    segments: np.ndarray
    tree: shapely.STRtree

    @classmethod
    def of(cls, edges: BaseGeometry) -> _Edges:
        """Edges of any kind as segments."""
        points, line = shapely.get_coordinates(shapely.get_parts(edges), return_index=True)
        ends = np.stack([points[:-1], points[1:]], axis=1)[line[1:] == line[:-1]]
        segments = shapely.linestrings(ends)
        return cls(segments, shapely.STRtree(segments))

    def within(self, box: Box) -> float:
        """How much of them lies in a box, points."""
        near = np.sort(self.tree.query(shapely.box(*box)))
        return float(shapely.length(shapely.clip_by_rect(self.segments[near], *box)).sum())


def _best(free: Sequence[Label], edges: _Edges, lesser: Sequence[Box]) -> Label | None:
    """The spot that hides least; None if there is none."""
    if not free:
        return None
    costs = [_hidden(label.box, edges, lesser) + 3.0 * rank for rank, label in enumerate(free)]
    return free[costs.index(min(costs))]


def _hidden(box: Box, edges: _Edges, lesser: Sequence[Box]) -> float:
    """Points of line under the box, and ten for every lesser dot."""
    return edges.within(box) + 10.0 * sum(meet(box, dot) for dot in lesser)


def _is_free(box: Box, frame: tuple[float, float], taken: Sequence[Box]) -> bool:
    return _fits(box, frame) and not any(meet(box, other) for other in taken)


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


def _dot_box(place: Place) -> Box:
    half = place.size / 2 + 0.4
    return place.x - half, place.y - half, place.x + half, place.y + half


def _fits(box: Box, frame: tuple[float, float]) -> bool:
    return box[0] >= 2 and box[1] >= 2 and box[2] <= frame[0] - 2 and box[3] <= frame[1] - 2


def meet(one: Box, other: Box) -> bool:
    """Whether two boxes (left, bottom, right, top) share ground."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
