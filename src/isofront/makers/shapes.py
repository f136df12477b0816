"""Rings as a maker's file has them -> a valid area in lon/lat, part by part: one bad part does not void a map.

What the polygons of `ground` refuse file by file is here refused part by part, with the reason; nothing is dropped
without one. Before GEOS sees a shape its vertices are counted, finite and on the Earth.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float
from isofront.errors import BadInputError
from isofront.ground.repair import made_valid
from isofront.ground.rings import Budget, Ring, area_of, checked_ring
from isofront.makers.areas import Drawn

Box = tuple[float, float, float, float]
MAX_SAID = 3
"""Bad parts of one area that are told one by one; the others are counted."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What is left of a drawn area (None: nothing), what was mended, and what of it could not be used."""

    geometry: BaseGeometry | None
    repair: str | None = None
    faults: tuple[str, ...] = ()


def shape_of(drawn: Drawn, *, budget: Budget, bounds: Box | None = None) -> Shape:
    """The valid area of something drawn; parts that cannot be used are named in `faults`.

    Raises:
        BadInputError: the file holds more vertices than any map.
    """
    if drawn.point is not None:
        return _spot(drawn, bounds)
    parts: list[list[Ring]] = []
    faults = [drawn.left_out] if drawn.left_out else []
    mended: dict[str, None] = {}
    for number, rings in enumerate(drawn.polygons, start=1):
        where = f"part {number}" if len(drawn.polygons) > 1 else "its polygon"
        try:
            parts.append(_polygon(rings, where=where, budget=budget, metres=drawn.metres, mended=mended))
        except BadInputError as fault:
            if budget.left < 0:
                raise
            faults.append(str(fault))
    return _whole(parts, _few(faults), mended=mended, bounds=bounds)


def _whole(parts: list[list[Ring]], faults: tuple[str, ...], *, mended: Iterable[str], bounds: Box | None) -> Shape:
    if not parts:
        return Shape(None, None, faults or ("its polygon is empty, wanted at least one ring",))
    try:
        _refuse_swapped(parts, bounds)
        geometry, repair = made_valid(area_of(parts), where="its polygon")
    except BadInputError as fault:
        return Shape(None, None, (*faults, str(fault)))
    words = [word for word in (repair, *mended) if word]
    return Shape(geometry, ", ".join(words) or None, faults)


def _few(faults: list[str]) -> tuple[str, ...]:
    more = len(faults) - MAX_SAID
    return (*faults[:MAX_SAID], f"and {more:,} parts more") if more > 0 else tuple(faults)


def _spot(drawn: Drawn, bounds: Box | None) -> Shape:
    assert drawn.point is not None
    lon, lat = drawn.point
    if not (np.isfinite(lon) and np.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        return Shape(None, None, (f"({lon:g}, {lat:g}) is no spot in degrees, wanted lon, then lat",))
    if bounds and not _inside((lon, lat), bounds) and _inside((lat, lon), bounds):
        return Shape(None, None, (SWAPPED,))
    return Shape(shapely.Point(lon, lat))


def _inside(spot: tuple[float, float], bounds: Box) -> bool:
    return bounds[0] <= spot[0] <= bounds[2] and bounds[1] <= spot[1] <= bounds[3]


# Rings


def _polygon(rings: object, *, where: str, budget: Budget, metres: str | None, mended: dict[str, None]) -> list[Ring]:
    """Checked rings, shell first; holes of one or two points enclose nothing and are dropped, which `mended` says."""
    if isinstance(rings, list | tuple) and not rings:
        raise BadInputError(f"{where}: is empty, wanted at least one ring")
    if not isinstance(rings, list | tuple):
        raise BadInputError(f"{where}: holds {rings!s:.40}, wanted rings of positions")
    checked = []
    for number, ring in enumerate(rings):
        if number and isinstance(ring, list | np.ndarray) and len(ring) < 3:
            mended["a hole without ground left away"] = None
            continue
        lonlat = _ring(ring, where=where, budget=budget, metres=metres)
        if len(lonlat) > len(ring):
            mended["ring closed"] = None
        checked.append(lonlat)
    return checked


def _ring(ring: object, *, where: str, budget: Budget, metres: str | None) -> Ring:
    lonlat = positions(ring, where=where, budget=budget)
    if metres is not None:
        lonlat = _in_degrees(lonlat, metres, where=where)
    _say_what_else(lonlat, where=where)
    return checked_ring(lonlat, where=where)


def positions(ring: object, *, where: str, budget: Budget) -> Float[np.ndarray, "n 2"]:
    """The positions of a ring as lon, lat; heights are dropped, also where only some have one.

    Raises:
        BadInputError: it is no list of numbers.
    """
    if isinstance(ring, np.ndarray):
        budget.spend(len(ring))
        return ring
    if not isinstance(ring, list | tuple):
        raise BadInputError(f"{where}: a ring is {ring!s:.40}, wanted a list of [lon, lat]")
    budget.spend(len(ring))
    if not ring:
        raise BadInputError(f"{where}: a ring has 0 points, wanted at least 4")
    if not all(isinstance(point, list | tuple) and len(point) >= 2 for point in ring):
        raise BadInputError(f"{where}: a ring holds something other than [lon, lat]")
    flat = list(chain.from_iterable(point[:2] for point in ring))
    if not set(map(type, flat)) <= {int, float}:
        raise BadInputError(f"{where}: a coordinate is no number, wanted [lon, lat]")
    try:
        return np.array(flat, dtype=np.float64).reshape(-1, 2)
    except OverflowError as fault:
        raise BadInputError(f"{where}: a coordinate is not finite, wanted lon and lat in degrees") from fault


def _in_degrees(metres: Ring, crs: str, *, where: str) -> Ring:
    """Positions on a flat map as lon, lat."""
    if len(metres) and np.isfinite(metres).all() and (np.abs(metres) <= (180.0, 90.0)).all():
        raise BadInputError(f"{where}: numbers of degrees, but the file states {crs}; wanted one of the two")
    lon, lat = _degrees_from(crs).transform(metres[:, 0], metres[:, 1])
    return np.column_stack([lon, lat])


@lru_cache(maxsize=32)
def _degrees_from(crs: str) -> Transformer:
    return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)


def known_crs(stated: object) -> str | None:
    """A coordinate system as PROJ names it, None for lon/lat on WGS 84 (or where nothing is stated).

    Raises:
        BadInputError: PROJ does not know it.
    """
    if stated is None or stated == "":
        return None
    try:
        crs = CRS.from_user_input(stated)
    except CRSError as fault:
        raise BadInputError(f"coordinate system {stated!s:.60}: not one that PROJ knows, wanted lon/lat") from fault
    if crs.equals(CRS.from_epsg(4326), ignore_axis_order=True):
        return None
    return crs.to_string()


def _say_what_else(lonlat: Ring, *, where: str) -> None:
    """For numbers that are no degrees, say what they seem to be."""
    if not len(lonlat) or not np.isfinite(lonlat).all():
        return
    far = np.abs(lonlat).max(axis=0)
    if far[1] > 90 and far[1] <= 180 and far[0] <= 90:
        raise BadInputError(f"{where}: {SWAPPED}")
    if far.max() > 10_000:
        raise BadInputError(
            f"{where}: ({lonlat[0, 0]:.0f}, {lonlat[0, 1]:.0f}) are metres on some flat map, wanted lon/lat in degrees "
            f"(`ogr2ogr -t_srs EPSG:4326` converts)"
        )


SWAPPED = "lat before lon, it seems; wanted lon first (swap the axes, or export as GeoJSON)"


def _refuse_swapped(parts: list[list[Ring]], bounds: Box | None) -> None:
    """Refuse an area that lies where its maker's maps lie only once its axes are swapped."""
    if bounds is None:
        return
    west, south, east, north = bounds
    shells = np.vstack([shell for shell, *_ in parts])
    low, high = shells.min(axis=0), shells.max(axis=0)
    apart = low[0] > east or high[0] < west or low[1] > north or high[1] < south
    if apart and low[1] >= west and high[1] <= east and low[0] >= south and high[0] <= north:
        raise BadInputError(SWAPPED)


def clockwise(ring: Ring) -> bool:
    """Whether a ring runs with the clock (y up)."""
    moved = ring - ring[:1]
    twice = np.dot(moved[:-1, 0], moved[1:, 1]) - np.dot(moved[1:, 0], moved[:-1, 1])
    return bool(twice < 0)
