"""Names on the map: which places are shown, as what, and where each side's own name stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.text import Text
from shapely.geometry.base import BaseGeometry

from isofront.front.shapes import Class
from isofront.publish import palette
from isofront.publish.picture_layers import (
    colours_by_side,
    edges_in,
    lines_of_the_land,
    raids_of,
)
from isofront.publish.picture_style import Points
from isofront.publish.picture_text import Box, Label, Place, text_size
from isofront.publish.picture_view import View
from isofront.publish.pockets_shown import shown_pockets
from isofront.publish.sheet import Sheet
from isofront.publish.words import clean, number_text, read_from_left, word
from isofront.theatre.model import Settlement

if TYPE_CHECKING:
    from isofront.front.rules import Pocket

MOST_PLACES, CITY = 150, 50_000
DOT_CLASSES = (
    (250_000, 7.0, 9.0),
    (50_000, 5.6, 8.0),
    (10_000, 4.5, 7.0),
    (2_000, 3.5, 6.2),
    (500, 2.7, 5.7),
    (0, 2.1, 5.3),
)
"""People from, diameter of the dot, size of the label: in points."""


def places_in(sheet: Sheet, view: View) -> list[Place]:
    """The settlements in view as dots in points: cities first, then by people and by nearness to the front."""
    west, south, east, north = view.box_km
    edges = edges_in(sheet, view)
    spots = [(one.settlement, sheet.field.grid.to_km(*one.settlement.at)) for one in sheet.settlements]
    shown = [(one, km) for one, km in spots if west <= km[0] <= east and south <= km[1] <= north]
    ranked = sorted(shown, key=lambda pair: (*_rank(pair[0], shapely.Point(pair[1]), edges), pair[0].name))
    language = sheet.theatre.map.language
    return [_place(one, (km[0] - west, km[1] - south), view, language) for one, km in ranked[:MOST_PLACES]]


def necks_in(sheet: Sheet, view: View) -> list[Place]:
    """The span of each neck shown, by rule, at the middle of its chord; no dot goes with it."""
    west, south, east, north = view.box_km
    found = []
    for one in shown_pockets(sheet):
        x, y = np.mean(one.chord, axis=0)
        if west <= x <= east and south <= y <= north:
            at = (float(x - west) * view.points_per_km, float(y - south) * view.points_per_km)
            found.append(Place(_span_text(sheet, one), *at, size=0.0, font_size=6.2, bold=True))
    return found


def _span_text(sheet: Sheet, one: Pocket) -> str:
    """ "0–8.6 km, by rule": the narrowest and the widest of the rules."""
    language = sheet.theatre.map.language
    narrow = min([one.neck_km, *(c.neck_km for c in one.place.corridors.values() if c.neck_km is not None)])
    words = list(dict.fromkeys(number_text(width, language=language) for width in (narrow, one.neck_km)))
    by_rule = f", {word('by_rule', language=language)}" if len(words) > 1 else ""
    return f"{'–'.join(words)} {word('km', language=language)}{by_rule}"


def _rank(settlement: Settlement, spot: BaseGeometry, edges: BaseGeometry) -> tuple[bool, float]:
    """Least is most important: ten times the people count as much as 30 km nearer to an edge."""
    people = settlement.population or 0
    away_km = 0.0 if edges.is_empty else float(spot.distance(edges))
    return people < CITY, away_km / 30 - float(np.log10(people + 30))


def _place(settlement: Settlement, km: tuple[float, float], view: View, language: str) -> Place:
    people = settlement.population or 0
    _, size, font_size = next(row for row in DOT_CLASSES if people >= row[0])
    name = clean(settlement.names.get(language) or settlement.name)
    x, y = (part * view.points_per_km for part in km)
    return Place(name, x, y, size, font_size, bold=people >= CITY, people=people)


def dot_of(place: Place) -> Line2D:
    """A place's dot: white, ringed in ink, sized by people."""
    return Line2D(
        [place.x],
        [place.y],
        marker="o",
        markersize=place.size,
        markerfacecolor=palette.PAPER,
        markeredgecolor=palette.INK,
        markeredgewidth=0.55 if place.size < 4 else 0.9,
        linestyle="none",
    )


def label_text(label: Label, *, colour: str = palette.INK) -> Text:
    """A placed label as text."""
    weight = "bold" if label.place.bold else "normal"
    return plain_text(label.x, label.y, label.place.name, size=label.place.font_size, color=colour, weight=weight)


def plain_text(x: float, y: float, text: str, *, size: float, **style: Any) -> Text:
    """A text whose letters are never read as markup."""
    return Text(x, y, read_from_left(text), fontsize=size, parse_math=False, **({"color": palette.INK} | style))


def side_names(sheet: Sheet, view: View, labels: list[Label], *, blocked: Sequence[Box] = ()) -> list[Text]:
    """Each side's name once, in the widest free part of its held ground; both in one size."""
    taken = shapely.union_all([_taken(sheet, view, labels), *(shapely.box(*box) for box in blocked)])
    language = sheet.theatre.map.language
    spots = {side.id: _widest_spot(sheet, view, side.id, taken) for side in sheet.theatre.sides}
    words = {
        one.id: _spaced(word("held", language=language).format(side=clean(one.name(language))))
        for one in sheet.theatre.sides
    }
    sizes = [9.5 * 1.7 * spot[2] / text_size(words[side], 9.5, bold=True)[0] for side, spot in spots.items() if spot]
    size = max(5.5, min([9.5, *sizes]))
    return [
        _side_name(words[side], spot, view, size=size, colour=colours_by_side(sheet)[side].line)
        for side, spot in spots.items()
        if spot and text_size(words[side], size, bold=True)[0] <= 2 * spot[2]
    ]


def _taken(sheet: Sheet, view: View, labels: list[Label]) -> BaseGeometry:
    """Where a side's name would cover something, in points."""
    lines = [shapely.LineString(line) for _, artists in lines_of_the_land(sheet, view) for line in _segments(artists)]
    ways = [view.in_points(line).buffer(3) for line in lines]
    dots = [shapely.Point(one.place.x, one.place.y).buffer(one.place.size) for one in labels]
    overlays = [view.in_points(one) for one in (sheet.drawing.unobserved, *raids_of(sheet).values())]
    return shapely.union_all([*ways, *dots, *overlays, *(shapely.box(*label.box).buffer(4) for label in labels)])


def _segments(artists: Sequence[Artist]) -> list[Points]:
    return [line for one in artists if isinstance(one, LineCollection) for line in one.get_segments()]


def _spaced(text: str) -> str:
    return "\u2009".join(text.upper())


def _widest_spot(sheet: Sheet, view: View, side: str, taken: BaseGeometry) -> tuple[float, float, float] | None:
    """Middle and radius of the widest free circle in a side's held ground, in points; None if it has none."""
    areas = [a.geometry for a in sheet.drawing.areas if a.cls is Class.HELD and a.side == side]
    inner = view.ground.buffer(-12 / view.points_per_km)
    free = shapely.difference(view.in_points(shapely.intersection(shapely.union_all(areas), inner)), taken)
    parts = [part for part in shapely.get_parts(free) if part.geom_type == "Polygon" and part.area > 100]
    circles = [shapely.maximum_inscribed_circle(part, tolerance=1.0) for part in parts]
    widest = max(circles, key=lambda circle: circle.length, default=None)
    return None if widest is None else (*widest.coords[0], widest.length)


def _side_name(text: str, spot: tuple[float, float, float], view: View, *, size: float, colour: str) -> Text:
    x, y = (corner + at / view.points_per_km for corner, at in zip(view.box_km[:2], spot[:2], strict=True))
    return plain_text(x, y, text, size=size, color=colour, ha="center", va="center", weight="bold", alpha=0.75)
