"""The public brief's pictures: the map of an edition, and one stretch of it before and after a change.

Every picture carries stamp, day, delay, caution and credit in itself: pictures are passed on without the words beside
them. Sizes of the second are those of posts; the same bytes every time.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.path import Path
from shapely.geometry.base import BaseGeometry

from isofront.publish import palette
from isofront.publish.brief_draw import LEAD, Entry, Pen, draw_ground, scale_bar
from isofront.publish.brief_ground import Ground, Spot
from isofront.publish.picture_style import settings
from isofront.publish.picture_text import text_size, wrapped
from isofront.publish.picture_view import View

SIZES = ((1200, 675), (1080, 1080), (1080, 1350))
"""Pixels across and up: for a feed with a link, a square, an upright post."""
DPI, MAP_DPI = 100, 150
MARGIN, GAP, LABEL = 15.0, 10.0, 21.0
"""Points round everything, between panels, above each for its label."""
NOTE, CREDIT = 0.86, 0.74
"""Size of the caution and of the credit beside the legend's."""
MUCH = 1.15
MAP_WIDE, MAP_TALL = 560.0, 620.0
LEAST_KM, MOST_KM = 5.0, 12.0
"""A picture of a change looks so far from its middle at least; what lies farther from its spot need not fit."""
SQUEEZED = 0.8
"""A title is set so much smaller at most, so that it stays on one line."""
ROOM = 1.25
"""How much more than the change itself is shown."""


@dataclass(frozen=True)
class Words:
    """What stands on a picture beside names: stamp, caution with day and delay, credit, unit, north, and words by key.

    Keys of `legend`: `held:<side>`, `grey`, `unobserved`, `infiltration:<side>`, `pocket`, `neck`, `out_of_range`,
    `changed_ground`.
    """

    stamp: str
    note: str
    credit: str
    unit: str
    north: str
    names: Mapping[str, str]
    legend: Mapping[str, str]


def map_picture(ground: Ground, words: Words, *, title: str) -> bytes:
    """The whole theatre as the edition shows it."""
    west, south, east, north = ground.bounds_km.bounds
    scale = min(MAP_WIDE / (east - west), MAP_TALL / (north - south))
    view = View((west, south, east, north), scale)
    wide, high = view.size
    page = wide + 2 * MARGIN
    with settings():
        figure = Figure(facecolor=palette.PAPER)
        FigureCanvasAgg(figure)
        low = _foot_height(figure, words, _Set(wide, 7.0))
        tall = high + low + 42 + MARGIN
        figure.set_size_inches(page / 72, tall / 72)
        pen = Pen(figure)
        _head(pen, tall - MARGIN + 4, words, title, _Set(wide, 11.0))
        axes = figure.add_axes((MARGIN / page, low / tall, wide / page, high / tall))
        drawn = draw_ground(axes, ground, view, words.names)
        scale_bar(axes, view, unit=words.unit, north=words.north, size=1.0)
        _foot(pen, low - 6, words, drawn, _Set(wide, 7.0))
        return _saved(figure, MAP_DPI, words, title)


@dataclass(frozen=True)
class Change:
    """One change to be shown: its words, where, what ground, which settlements are named first, days as words."""

    title: str
    before: str
    after: str
    spot: Spot
    ground: BaseGeometry
    first: tuple[str, ...] = ()


def change_picture(before: Ground, after: Ground, one: Change, words: Words, *, size: tuple[int, int]) -> bytes:
    """Before and after, both on the same stretch of ground: beside each other, or above where that shows it larger."""
    page, tall = (pixels * 72 / DPI for pixels in size)
    put = _Set(page - 2 * MARGIN, 9.0)
    with settings():
        figure = Figure(figsize=(page / 72, tall / 72), facecolor=palette.PAPER)
        FigureCanvasAgg(figure)
        pen = Pen(figure)
        top = _head(pen, tall - MARGIN + 2, words, one.title, _Set(put.wide, 17.0))
        low = _foot_height(figure, words, put) + 2
        panels = _panels(one, after, put.wide, top - low)
        drawn: dict[str, Entry] = {}
        for ground, label, (x, y) in zip((before, after), (one.before, one.after), panels.corners, strict=True):
            left, base, (across, high) = MARGIN + x, low + y, panels.view.size
            pen.text(left, base + high + 6, label, 12.5, weight="bold")
            axes = figure.add_axes((left / page, base / tall, across / page, high / tall))
            entries = draw_ground(axes, ground, panels.view, words.names, marked=one.ground, first=one.first, size=1.5)
            scale_bar(axes, panels.view, unit=words.unit, north=words.north, size=1.4)
            drawn |= {entry.key: entry for entry in entries}
        _foot(pen, low - 6, words, [drawn[key] for key in words.legend if key in drawn], put)
        return _saved(figure, DPI, words, one.title)


@dataclass(frozen=True)
class _Panels:
    """What both panels show, and their lower left corners in points above the foot; before, after."""

    view: View
    corners: tuple[Spot, Spot]


def _panels(one: Change, ground: Ground, wide: float, high: float) -> _Panels:
    """Beside each other, or above each other where that shows the change a good deal larger."""
    beside = _view(one, ground, (wide - GAP) / 2, high - LABEL)
    above = _view(one, ground, wide, (high - GAP) / 2 - LABEL)
    if above.points_per_km > MUCH * beside.points_per_km:
        return _Panels(above, ((0.0, above.size[1] + LABEL + GAP), (0.0, 0.0)))
    return _Panels(beside, ((0.0, 0.0), (beside.size[0] + GAP, 0.0)))


def _view(one: Change, ground: Ground, wide: float, high: float) -> View:
    """About the change, so that what lies near its spot fits; inside the theatre if it can."""
    middle, across, up = one.spot, LEAST_KM, LEAST_KM
    near = shapely.intersection(one.ground, shapely.Point(one.spot).buffer(MOST_KM))
    if not near.is_empty:
        west, south, east, north = near.bounds
        across, up = max(across, ROOM * (east - west) / 2), max(up, ROOM * (north - south) / 2)
        middle = ((west + east) / 2, (south + north) / 2)
    scale = min(wide / 2 / across, high / 2 / up)
    half = (wide / scale / 2, high / scale / 2)
    x, y = _inside(middle, half, ground.bounds_km.bounds)
    return View((x - half[0], y - half[1], x + half[0], y + half[1]), scale)


def _inside(middle: Spot, half: Spot, box: tuple[float, ...]) -> Spot:
    """A middle moved so that the view lies in a box; where it cannot, the box's own."""
    found = []
    for at, room, low, high in zip(middle, half, box[:2], box[2:], strict=True):
        found.append((low + high) / 2 if high - low < 2 * room else min(max(at, low + room), high - room))
    return found[0], found[1]


@dataclass(frozen=True, slots=True)
class _Set:
    """How wide words are set, and their size; points."""

    wide: float
    size: float


def _head(pen: Pen, top: float, words: Words, title: str, put: _Set) -> float:
    """Stamp and title; the y below them."""
    wide, size = put.wide, put.size
    across = pen.stamp(MARGIN, top, words.stamp, 0.62 * size)
    long = text_size(title, size, bold=True)[0]
    if long <= wide - across - 10:
        pen.text(MARGIN + across + 10, top - 0.95 * size, title, size, weight="bold")
        return top - 1.5 * size
    fitting = size * min(1.0, max(SQUEEZED, 0.995 * wide / long))
    return pen.paragraph(MARGIN, top - 1.3 * size, wide, title, fitting, weight="bold") - 2


def _foot_height(figure: Figure, words: Words, put: _Set) -> float:
    """Room for the legend with everything in it, the caution and the credit."""
    size, entries = put.size, [(name, _nothing) for name in words.legend.values()]
    legend = -Pen(figure).legend(0.0, 0.0, put.wide, entries, size, dry=True)
    small = [(words.note, NOTE * size), (words.credit, CREDIT * size)]
    return MARGIN * 0.7 + legend + 8 + sum(LEAD * at * len(wrapped(text, at, put.wide)) for text, at in small)


def _nothing(_: Path) -> list[Artist]:
    return []


def _foot(pen: Pen, top: float, words: Words, drawn: Sequence[Entry], put: _Set) -> None:
    entries = [(words.legend[one.key], one.style) for one in drawn if one.key in words.legend]
    y = pen.legend(MARGIN, top, put.wide, entries, put.size) - 3
    y = pen.paragraph(MARGIN, y, put.wide, words.note, NOTE * put.size, color=palette.STAMP)
    pen.paragraph(MARGIN, y - 2, put.wide, words.credit, CREDIT * put.size, color=palette.QUIET)


def _saved(figure: Figure, dpi: int, words: Words, title: str) -> bytes:
    content = io.BytesIO()
    about = {"Software": "Isofront", "Title": title, "Description": words.note, "Copyright": words.credit}
    figure.savefig(content, format="png", dpi=dpi, metadata=about | {"Stamp": words.stamp})
    return content.getvalue()
