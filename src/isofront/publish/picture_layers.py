"""The layers of the map in their order: ground, overlays, roads and rivers, the front, what lies outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import shapely
from matplotlib.artist import Artist
from matplotlib.path import Path
from shapely.geometry.base import BaseGeometry

from isofront.front.shapes import Area, Class, Role
from isofront.ground.grid import to_km
from isofront.publish import picture_style
from isofront.publish.out_of_range import marked_whole_km
from isofront.publish.palette import SideColours, side_colours
from isofront.publish.picture_style import Points, lines_of, path_of
from isofront.publish.picture_view import View
from isofront.publish.pockets_shown import shown_pockets
from isofront.publish.sheet import Sheet
from isofront.theatre.model import Lonlat

MIXED = "mixed_presence"
THIN_KM, LEAST_RAID_KM2 = 0.2, 0.4
"""Infiltration thinner than twice this, or smaller, is in the files but not in the picture."""
SMALL_ROADS, SMALL_ROADS_FROM = ("tertiary", "unclassified"), 8.0
"""Roads that are drawn only where a km is so many points wide."""


def map_layers(sheet: Sheet, view: View) -> list[tuple[str, list[Artist]]]:
    """Name and artists of every layer, lowest first."""
    drawers: Sequence[Callable[[Sheet, View], list[tuple[str, list[Artist]]]]] = (
        _ground,
        _overlays,
        lines_of_the_land,
        _front,
        _beyond,
        _pockets,
        _outside,
    )
    return [layer for draw in drawers for layer in draw(sheet, view) if layer[1]]


def _ground(sheet: Sheet, view: View) -> list[tuple[str, list[Artist]]]:
    colours = colours_by_side(sheet)
    held = [
        (f"held-{side}", _filled(areas, view, partial(picture_style.held, colours=colours[side])))
        for side in sheet.field.sides
        if (areas := [a.geometry for a in sheet.drawing.areas if a.cls is Class.HELD and a.side == side])
    ]
    grey = [area.geometry for area in sheet.drawing.areas if area.cls is Class.GREY]
    return [*held, ("grey-zone", _filled(grey, view, picture_style.grey))]


def _overlays(sheet: Sheet, view: View) -> list[tuple[str, list[Artist]]]:
    colours = colours_by_side(sheet)
    raids = [
        (
            f"infiltration-{side}",
            _filled([geometry], view, partial(picture_style.infiltration, colours=colours[side])),
        )
        for side, geometry in raids_of(sheet).items()
    ]
    return [("unobserved", _filled([sheet.drawing.unobserved], view, picture_style.unobserved)), *raids]


def ready_to_draw(sheet: Sheet) -> Sheet:
    """The sheet with its infiltration as it is drawn, which map, inset, labels and legend all ask for."""
    raids = tuple(Area(Class.PRESENT, side, None, shape) for side, shape in shown_infiltration(sheet).items())
    return replace(sheet, drawing=replace(sheet.drawing, infiltration=raids))


def raids_of(sheet: Sheet) -> dict[str, BaseGeometry]:
    """Each side's infiltration, of a sheet that is ready to draw."""
    return {area.side: area.geometry for area in sheet.drawing.infiltration if area.side is not None}


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


def lines_of_the_land(sheet: Sheet, view: View) -> list[tuple[str, list[Artist]]]:
    """Barriers, and over them the roads."""
    barriers = [line for one in sheet.theatre.barriers for line in _ground_lines(sheet, view, one.line)]
    roads = [(road.kind, line) for road in sheet.theatre.roads for line in _ground_lines(sheet, view, road.line)]
    roads += [] if roads else _far_roads(sheet, view)
    minor = [line for kind, line in roads if not _is_main(kind)]
    main = [line for kind, line in roads if _is_main(kind)]
    drawn = [*_if_any(minor, lambda lines: picture_style.road(lines, main=False))]
    drawn += _if_any(main, lambda lines: picture_style.road(lines, main=True))
    return [("barriers", _if_any(barriers, picture_style.barrier)), ("roads", drawn), *_exposed(sheet, view)]


def _exposed(sheet: Sheet, view: View) -> list[tuple[str, list[Artist]]]:
    """Roads near the other side's held ground, the farther ones first; small roads only where the map is large."""
    stretches = () if sheet.exposed is None else sheet.exposed.stretches
    layers = []
    for low, limit in ((5.0, 15.0), (3.0, 5.0), (0.0, 3.0)):
        shapes = [
            one.geometry
            for one in stretches
            if one.within_km is not None and low < one.within_km <= limit and _is_drawn(one.kind, view)
        ]
        lines = [line for shape in shapes for line in lines_of(shapely.intersection(shape, view.ground.buffer(2)))]
        layers.append((f"exposed-{limit:g}", _if_any(lines, partial(picture_style.exposed_road, within_km=limit))))
    return layers


def _far_roads(sheet: Sheet, view: View) -> list[tuple[str, Points]]:
    """The roads of the theatre's file that are not near the front, with their kind."""
    found = [] if sheet.exposed is None else [one for one in sheet.exposed.stretches if one.within_km is None]
    sight = view.ground.buffer(2)
    shown = [one for one in found if _is_drawn(one.kind, view)]
    return [(one.kind, line) for one in shown for line in lines_of(shapely.intersection(one.geometry, sight))]


def _is_drawn(kind: str, view: View) -> bool:
    """Whether there is room for a road of this kind."""
    return kind not in SMALL_ROADS or view.points_per_km >= SMALL_ROADS_FROM


def _front(sheet: Sheet, view: View) -> list[tuple[str, list[Artist]]]:
    colours = colours_by_side(sheet)
    layers: list[tuple[str, list[Artist]]] = []
    for side in sheet.field.sides:
        bands = [one.geometry for one in sheet.drawing.lines if one.role is Role.BAND and one.side == side]
        layers.append((f"band-{side}", _filled(bands, view, partial(picture_style.band, colours=colours[side]))))
    layers.append(("even-odds", _if_any(_shown(sheet, view, Role.EVEN_ODDS, None), picture_style.even_odds)))
    for side in sheet.field.sides:
        lines = _shown(sheet, view, Role.EDGE, side)
        layers.append((f"edge-{side}", _if_any(lines, partial(picture_style.edge, colours=colours[side]))))
    return layers


def _pockets(sheet: Sheet, view: View) -> list[tuple[str, list[Artist]]]:
    """The outline of every pocket shown, the chord of its neck, and the tips."""
    shown = shown_pockets(sheet)
    outer = [one.geometry for one in shown]
    chords = [np.array(one.chord) for one in shown if len(one.chord) == 2]
    tips = [np.array(spot) for one in shown for spot in one.tips]
    return [
        ("pockets", _filled(outer, view, picture_style.pocket)),
        ("necks", _if_any(chords, picture_style.neck)),
        ("tips", picture_style.tips(tips)),
    ]


def _beyond(sheet: Sheet, view: View) -> list[tuple[str, list[Artist]]]:
    """Over everything: here the lines beneath are not to be trusted."""
    marked = [marked_whole_km(sheet)] if sheet.field.stretches else []
    return [("out-of-range", _filled(marked, view, picture_style.out_of_range))]


def _outside(sheet: Sheet, view: View) -> list[tuple[str, list[Artist]]]:
    if sheet.land is None:
        return []
    return [("outside", _filled([shapely.difference(view.ground.buffer(1), sheet.land)], view, picture_style.outside))]


def _shown(sheet: Sheet, view: View, role: Role, side: str | None) -> list[Points]:
    found = [one.geometry for one in sheet.drawing.lines if one.role is role and one.side == side]
    return [line for one in found for line in lines_of(shapely.intersection(one, view.ground))]


def edges_in(sheet: Sheet, view: View) -> BaseGeometry:
    """Both sides' edges inside the view, km."""
    found = [one.geometry for one in sheet.drawing.lines if one.role is Role.EDGE]
    return shapely.intersection(shapely.union_all(found), view.ground)


def not_to_hide(sheet: Sheet, view: View) -> BaseGeometry:
    """The edges and the outlines of infiltration: what a label should keep off."""
    raids = [shapely.intersection(one.boundary, view.ground) for one in raids_of(sheet).values()]
    return shapely.union_all([edges_in(sheet, view), *raids])


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


def colours_by_side(sheet: Sheet) -> dict[str, SideColours]:
    """Side id to its colours."""
    return {one.side: one for one in side_colours(sheet.theatre)}
