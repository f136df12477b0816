"""The map itself: the layers of a sheet drawn in their order, in kilometres, north up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import shapely
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Transform
from shapely.geometry.base import BaseGeometry

from isofront.front.shapes import Class, Role
from isofront.ground.grid import projected_box_km, to_km
from isofront.publish import palette, picture_style
from isofront.publish.palette import SideColours, side_colours
from isofront.publish.picture_style import Group, Points, lines_of, path_of
from isofront.publish.picture_text import Label, Place, placed, text_size
from isofront.publish.sheet import Sheet
from isofront.publish.stamp import SIMULATED, stamps
from isofront.publish.words import clean, word
from isofront.theatre.model import Lonlat, Settlement

MOST_PLACES, CITY = 150, 50_000
MIXED = "mixed_presence"
THIN_KM, LEAST_RAID_KM2 = 0.2, 0.4
"""Infiltration thinner than twice this, or smaller, is in the files but not in the picture."""
DOT_CLASSES = (
    (250_000, 7.0, 9.0),
    (50_000, 5.6, 8.0),
    (10_000, 4.5, 7.0),
    (2_000, 3.5, 6.2),
    (500, 2.7, 5.7),
    (0, 2.1, 5.3),
)
"""People from, diameter of the dot, size of the label: in points."""


@dataclass(frozen=True, slots=True)
class View:
    """The box of the flat map that is shown (km), and how many points a kilometre takes."""

    box_km: tuple[float, float, float, float]
    points_per_km: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        west, south, east, north = self.box_km
        return (east - west) * self.points_per_km, (north - south) * self.points_per_km

    @property
    def ground(self) -> BaseGeometry:
        """The box as a polygon, km."""
        return shapely.box(*self.box_km)

    def in_points(self, geometry: BaseGeometry) -> BaseGeometry:
        """Kilometres to points from the lower left corner."""
        corner = np.array(self.box_km[:2])
        return shapely.transform(geometry, lambda km: (km - corner) * self.points_per_km)


def view_of(sheet: Sheet, *, width_pt: float, height_pt: float = 0.0) -> View:
    """The theatre's bounds, so scaled that they are `width_pt` wide; taller, up to the grid, if `height_pt` asks."""
    west, south, east, north = projected_box_km(sheet.theatre.box, crs=sheet.field.grid.crs)
    scale = width_pt / (east - west)
    _, lowest, _, highest = sheet.field.grid.box_km
    more = max(0.0, height_pt / scale - (north - south)) / 2
    room = max(0.0, min(more, south - lowest, highest - north))
    return View((west, south - room, east, north + room), scale)


def draw_map(axes: Axes, sheet: Sheet, view: View, *, halo_as_text: bool) -> None:
    """Draw every layer into axes whose limits are the view's box; `halo_as_text` for SVG, which keeps text as text."""
    west, south, east, north = view.box_km
    axes.set(xlim=(west, east), ylim=(south, north), facecolor=palette.OUTSIDE)
    _ticks(axes, sheet, view)
    for zorder, (gid, artists) in enumerate(_layers(sheet, view), start=1):
        _add(axes, gid, artists, zorder=zorder)
    labels = placed(_places(sheet, view), view.size, view.in_points(_not_to_hide(sheet, view)))
    _add_labels(axes, sheet, view, labels, halo_as_text=halo_as_text)


def _layers(sheet: Sheet, view: View) -> list[tuple[str, list[Artist]]]:
    """Name and artists of every layer, lowest first."""
    drawers: Sequence[Callable[[Sheet, View], list[tuple[str, list[Artist]]]]] = (
        _ground,
        _overlays,
        _lines_of_the_land,
        _front,
        _outside,
    )
    return [layer for draw in drawers for layer in draw(sheet, view) if layer[1]]


def _ground(sheet: Sheet, view: View) -> list[tuple[str, list[Artist]]]:
    colours = _colours(sheet)
    held = [
        (f"held-{side}", _filled(areas, view, partial(picture_style.held, colours=colours[side])))
        for side in sheet.field.sides
        if (areas := [a.geometry for a in sheet.drawing.areas if a.cls is Class.HELD and a.side == side])
    ]
    grey = [area.geometry for area in sheet.drawing.areas if area.cls is Class.GREY]
    return [*held, ("grey-zone", _filled(grey, view, picture_style.grey))]


def _overlays(sheet: Sheet, view: View) -> list[tuple[str, list[Artist]]]:
    colours = _colours(sheet)
    raids = [
        (
            f"infiltration-{side}",
            _filled([geometry], view, partial(picture_style.infiltration, colours=colours[side])),
        )
        for side, geometry in shown_infiltration(sheet).items()
    ]
    return [("unobserved", _filled([sheet.drawing.unobserved], view, picture_style.unobserved)), *raids]


def shown_infiltration(sheet: Sheet) -> dict[str, BaseGeometry]:
    """Each side's infiltration as drawn: outside the mixed grey zone, which already says that both are there."""
    mixed = shapely.union_all(
        [area.geometry for area in sheet.drawing.areas if area.grey_reason == MIXED and not area.geometry.is_empty]
    )
    found = {
        side: _opened(
            shapely.difference(
                shapely.union_all([area.geometry for area in sheet.drawing.infiltration if area.side == side]), mixed
            )
        )
        for side in sheet.field.sides
    }
    return {side: geometry for side, geometry in found.items() if not geometry.is_empty}


def _opened(geometry: BaseGeometry) -> BaseGeometry:
    """Without the strips and spikes too thin to be hatched."""
    wide = [part for part in shapely.get_parts(geometry.buffer(-THIN_KM).buffer(THIN_KM)) if part.area > LEAST_RAID_KM2]
    return shapely.intersection(shapely.union_all(wide), geometry)


def _lines_of_the_land(sheet: Sheet, view: View) -> list[tuple[str, list[Artist]]]:
    barriers = [line for one in sheet.theatre.barriers for line in _ground_lines(sheet, view, one.line)]
    roads = [(road, line) for road in sheet.theatre.roads for line in _ground_lines(sheet, view, road.line)]
    minor = [line for road, line in roads if not _is_main(road.kind)]
    main = [line for road, line in roads if _is_main(road.kind)]
    drawn = [*_if_any(minor, lambda lines: picture_style.road(lines, main=False))]
    drawn += _if_any(main, lambda lines: picture_style.road(lines, main=True))
    return [("barriers", _if_any(barriers, picture_style.barrier)), ("roads", drawn)]


def _front(sheet: Sheet, view: View) -> list[tuple[str, list[Artist]]]:
    colours = _colours(sheet)
    layers: list[tuple[str, list[Artist]]] = []
    for side in sheet.field.sides:
        bands = [one.geometry for one in sheet.drawing.lines if one.role is Role.BAND and one.side == side]
        layers.append((f"band-{side}", _filled(bands, view, partial(picture_style.band, colours=colours[side]))))
    layers.append(("even-odds", _if_any(_shown(sheet, view, Role.EVEN_ODDS, None), picture_style.even_odds)))
    for side in sheet.field.sides:
        lines = _shown(sheet, view, Role.EDGE, side)
        layers.append((f"edge-{side}", _if_any(lines, partial(picture_style.edge, colours=colours[side]))))
    return layers


def _outside(sheet: Sheet, view: View) -> list[tuple[str, list[Artist]]]:
    if sheet.land is None:
        return []
    return [("outside", _filled([shapely.difference(view.ground.buffer(1), sheet.land)], view, picture_style.outside))]


def _shown(sheet: Sheet, view: View, role: Role, side: str | None) -> list[Points]:
    found = [one.geometry for one in sheet.drawing.lines if one.role is role and one.side == side]
    return [line for one in found for line in lines_of(shapely.intersection(one, view.ground))]


def _edges(sheet: Sheet, view: View) -> BaseGeometry:
    found = [one.geometry for one in sheet.drawing.lines if one.role is Role.EDGE]
    return shapely.intersection(shapely.union_all(found), view.ground)


def _not_to_hide(sheet: Sheet, view: View) -> BaseGeometry:
    """The edges and the outlines of infiltration: what a label should keep off."""
    raids = [shapely.intersection(one.boundary, view.ground) for one in shown_infiltration(sheet).values()]
    return shapely.union_all([_edges(sheet, view), *raids])


def _filled(areas: Sequence[BaseGeometry], view: View, style: Callable[[Path], list[Artist]]) -> list[Artist]:
    """Styled patches of the areas, cut a little outside the view so that no outline shows at the frame."""
    sight = view.ground.buffer(2)
    paths = [path_of(shapely.intersection(area, sight)) for area in areas]
    return [artist for path in paths if path is not None for artist in style(path)]


def _if_any(lines: list[Points], style: Callable[[list[Points]], list[Artist]]) -> list[Artist]:
    return style(lines) if lines else []


def _ground_lines(sheet: Sheet, view: View, line: tuple[Lonlat, ...]) -> list[Points]:
    if len(line) < 2:
        return []
    lon, lat = np.array(line, float).T
    points = np.column_stack(to_km(lon, lat, crs=sheet.field.grid.crs))
    return lines_of(shapely.intersection(shapely.LineString(points), view.ground.buffer(2)))


def _is_main(kind: str) -> bool:
    return kind.lower() in ("highway", "motorway", "main", "trunk", "primary")


def _colours(sheet: Sheet) -> dict[str, SideColours]:
    return {one.side: one for one in side_colours(sheet.theatre)}


def _add(axes: Axes, gid: str, artists: Sequence[Artist], *, zorder: int, transform: Transform | None = None) -> None:
    for artist in artists:
        artist.set_figure(axes.figure)
        if transform is not None or not artist.is_transform_set():
            artist.set_transform(transform or axes.transData)
        artist.axes = axes
        artist.set_clip_path(axes.patch)
    axes.add_artist(Group(gid, artists, zorder=zorder))


def _places(sheet: Sheet, view: View) -> list[Place]:
    """The settlements in view as dots in points: cities first, then by people and by nearness to the front."""
    west, south, east, north = view.box_km
    edges = _edges(sheet, view)
    spots = [(one.settlement, sheet.field.grid.to_km(*one.settlement.at)) for one in sheet.settlements]
    shown = [(one, km) for one, km in spots if west <= km[0] <= east and south <= km[1] <= north]
    ranked = sorted(shown, key=lambda pair: (*_rank(pair[0], shapely.Point(pair[1]), edges), pair[0].name))
    language = sheet.theatre.map.language
    return [_place(one, (km[0] - west, km[1] - south), view, language) for one, km in ranked[:MOST_PLACES]]


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
    return Place(name, x, y, size, font_size, bold=people >= CITY)


def _add_labels(axes: Axes, sheet: Sheet, view: View, labels: list[Label], *, halo_as_text: bool) -> None:
    points = _points(axes)
    if sheet.simulated:
        _add(axes, "watermark", [_watermark(sheet, view)], zorder=40, transform=None)
    sides = _side_names(sheet, view, labels)
    _add(axes, "side-names", sides, zorder=41, transform=None)
    _add(axes, "settlements", [_dot(label.place) for label in labels], zorder=42, transform=points)
    texts = [_label(label) for label in labels]
    if halo_as_text:
        _add(
            axes, "labels-halo", [_label(label, colour=palette.PAPER) for label in labels], zorder=43, transform=points
        )
    else:
        for text in texts:
            text.set_path_effects([withStroke(linewidth=1.9, foreground=palette.PAPER, alpha=0.92)])
    _add(axes, "labels", texts, zorder=44, transform=points)
    _add(axes, "stamp", [_corner_stamp(sheet, view)], zorder=45, transform=points)


def _points(axes: Axes) -> Transform:
    """Points from the axes' lower left corner to the screen."""
    box = axes.get_position()
    width, height = axes.figure.get_size_inches() * 72  # type: ignore[union-attr]
    return Affine2D().translate(box.x0 * width, box.y0 * height).scale(1 / 72) + axes.figure.dpi_scale_trans


def _dot(place: Place) -> Line2D:
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


def _label(label: Label, *, colour: str = palette.INK) -> Text:
    weight = "bold" if label.place.bold else "normal"
    return plain_text(label.x, label.y, label.place.name, size=label.place.font_size, color=colour, weight=weight)


def plain_text(x: float, y: float, text: str, *, size: float, **style: Any) -> Text:
    """A text whose letters are never read as markup."""
    return Text(x, y, text, fontsize=size, parse_math=False, **({"color": palette.INK} | style))


def _watermark(sheet: Sheet, view: View) -> Text:
    """SIMULATED across the map, as wide as it can be."""
    west, south, east, north = view.box_km
    width, height = view.size
    words = SIMULATED
    angle = float(np.degrees(np.arctan2(height, width)))
    at_ten, _, _ = text_size(words, 10.0, bold=True)
    size = 10 * 0.78 * float(np.hypot(width, height)) / at_ten
    style = {"rotation": angle, "ha": "center", "va": "center", "weight": "bold", "alpha": 0.05}
    return plain_text((west + east) / 2, (south + north) / 2, words, size=size, **style)


def _side_names(sheet: Sheet, view: View, labels: list[Label]) -> list[Text]:
    """Each side's name once, in the widest free part of its held ground; both in one size."""
    taken = _taken(sheet, view, labels)
    language = sheet.theatre.map.language
    spots = {side.id: _widest_spot(sheet, view, side.id, taken) for side in sheet.theatre.sides}
    words = {
        one.id: _spaced(word("held", language=language).format(side=clean(one.name(language))))
        for one in sheet.theatre.sides
    }
    sizes = [9.5 * 1.7 * spot[2] / text_size(words[side], 9.5, bold=True)[0] for side, spot in spots.items() if spot]
    size = max(5.5, min([9.5, *sizes]))
    return [
        _side_name(words[side], spot, view, size=size, colour=_colours(sheet)[side].line)
        for side, spot in spots.items()
        if spot and text_size(words[side], size, bold=True)[0] <= 2 * spot[2]
    ]


def _taken(sheet: Sheet, view: View, labels: list[Label]) -> BaseGeometry:
    """Where a side's name would cover something, in points."""
    lines = [shapely.LineString(line) for _, artists in _lines_of_the_land(sheet, view) for line in _segments(artists)]
    ways = [view.in_points(line).buffer(3) for line in lines]
    dots = [shapely.Point(one.place.x, one.place.y).buffer(one.place.size) for one in labels]
    overlays = [view.in_points(one) for one in (sheet.drawing.unobserved, *shown_infiltration(sheet).values())]
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


def _corner_stamp(sheet: Sheet, view: View) -> Text:
    """The stamps in the map's upper left, so that a cut-out map still says what it is."""
    box = {"boxstyle": "square,pad=0.35", "facecolor": palette.PAPER, "edgecolor": palette.STAMP, "linewidth": 0.8}
    words = " · ".join(stamps(sheet))
    return plain_text(7.0, view.size[1] - 7, words, size=6.5, color=palette.STAMP, weight="bold", va="top", bbox=box)


def _ticks(axes: Axes, sheet: Sheet, view: View) -> None:
    """Degrees along the lower and the left edge."""
    west, south, east, north = view.box_km
    bounds = sheet.theatre.bounds
    along, up = np.linspace(west, east, 200), np.linspace(south, north, 200)
    lons = np.array([sheet.field.grid.to_lonlat(x, south)[0] for x in along])
    lats = np.array([sheet.field.grid.to_lonlat(west, y)[1] for y in up])
    for axis, values, spots, span in (
        (axes.xaxis, lons, along, bounds[2] - bounds[0]),
        (axes.yaxis, lats, up, bounds[3] - bounds[1]),
    ):
        marks = _round_degrees(values[0], values[-1], span)
        axis.set_ticks(np.interp(marks, values, spots).tolist(), labels=[f"{mark:g}°" for mark in marks])
    axes.tick_params(length=2.2, width=0.5, labelsize=4.8, colors=palette.QUIET, pad=1.5)
    for spine in axes.spines.values():
        spine.set(linewidth=0.7, color=palette.INK, zorder=50)


def _round_degrees(first: float, last: float, span: float) -> list[float]:
    """Three to six round values between first and last."""
    step = next((one for one in (0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0) if span / one <= 6), 20.0)
    low, high = int(np.ceil(first / step)), int(np.floor(last / step))
    return [round(number * step, 4) for number in range(low, high + 1)]
