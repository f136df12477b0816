"""Where a theatre's ground ends: at its land, if its file names any. A coast is no front, and the sea is nobody's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from isofront.errors import BadInputError
from isofront.ground.axes import axes_swapped
from isofront.ground.grid import bounds_of
from isofront.ground.polygons import Feature, clip_to_box, read_polygons
from isofront.ground.repair import merged, polygonal
from isofront.theatre.model import Theatre

FRAME_KM = 50.0
"""Ground kept past the grid on every side; an anchor that reaches farther is cut there."""
SHORE_DEG = 0.01
"""Two drawings of one coast differ by this much, about a kilometre: what lies between them is not ground of its own."""
Box = tuple[float, float, float, float]


def frame_lonlat(theatre: Theatre) -> Box:
    """A lon/lat box that holds the grid and `FRAME_KM` round it."""
    west, south, east, north = theatre.grid.box_km
    frame = shapely.box(west - FRAME_KM, south - FRAME_KM, east + FRAME_KM, north + FRAME_KM)
    near = bounds_of(shapely.get_coordinates(shapely.segmentize(frame, FRAME_KM)), crs=theatre.crs)
    return near.west, near.south, near.east, near.north


def land_lonlat(theatre: Theatre, folder: Path) -> BaseGeometry | None:
    """The theatre's land near its grid; None if the theatre names no file.

    Raises:
        BadInputError: the file cannot be used.
    """
    if theatre.land is None:
        return None
    return land_near(theatre, read_polygons(folder / theatre.land), name=theatre.land)


def land_near(theatre: Theatre, features: tuple[Feature, ...], *, name: str) -> BaseGeometry:
    """Land polygons merged and cut to the theatre's surroundings, lon/lat.

    Raises:
        BadInputError: none of it lies near the bounds, or its polygons cross too often to be merged.
    """
    near = [clip_to_box(feature.geometry, frame_lonlat(theatre)) for feature in features]
    near = [part for part in near if not part.is_empty]
    if not near:
        boxes = [feature.geometry.bounds for feature in features]
        hint = "; lat before lon, it seems" if axes_swapped(boxes, theatre.bounds) else ""
        raise BadInputError(f"{name}: no land near the bounds {list(theatre.bounds)}, wanted land of that area{hint}")
    return merged(near, where=name)


def ground_within(known: BaseGeometry, land: BaseGeometry | None) -> BaseGeometry:
    """The land within a box; the box itself where no land is named, or none of it lies there."""
    if land is None:
        return known
    ground = polygonal(shapely.intersection(known, land))
    return known if ground.is_empty else ground


def up_to_coast(
    given: Mapping[str | None, BaseGeometry], ground: BaseGeometry, *, land: BaseGeometry
) -> dict[str | None, BaseGeometry]:
    """Each class cut at the coast, or carried on to it where the file ends it a little short of there.

    Strips between two drawings of one coast would else be ground of their own, with a front before them.
    """
    rest = polygonal(shapely.difference(ground, shapely.union_all(list(given.values()))))
    wide = shapely.buffer(shapely.buffer(rest, -SHORE_DEG / 2), SHORE_DEG / 2, join_style="mitre")
    shore = shapely.buffer(shapely.boundary(land), SHORE_DEG)
    strips = polygonal(shapely.intersection(polygonal(shapely.difference(rest, wide)), shore))
    found: dict[str | None, BaseGeometry] = {}
    for side, area in given.items():
        beside = polygonal(shapely.intersection(strips, shapely.buffer(area, SHORE_DEG)))
        strips = polygonal(shapely.difference(strips, beside))
        found[side] = polygonal(shapely.union(polygonal(shapely.intersection(area, ground)), beside))
    return found
