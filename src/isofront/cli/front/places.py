"""Districts and settlements for `isofront front`: from the user's files, else the gazetteer of the installation."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from isofront.cli.front.flat import in_km
from isofront.errors import BadInputError, UsageError

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from isofront.ground.polygons import Feature

NAME_KEYS = (
    "name", "name_en", "name:en", "NAME", "Name", "shapeName", "ADM3_EN", "ADM2_EN", "ADM1_EN", "adm3_name",
    "adm2_name", "adm1_name", "NAME_3", "NAME_2", "NAME_1",
)  # fmt: skip
"""Where a district's name is looked for, in this order: plain files, Natural Earth, geoBoundaries, OCHA, GADM."""

LEAST_PEOPLE = 500
CIRCLE_STEPS = 16
"""Chords to a quarter of the disc that stands for a settlement: its area is right to 0.2 %."""

_log = logging.getLogger("isofront.cli")


@dataclass(frozen=True, slots=True)
class Town:
    """A settlement on the flat map, km; its footprint is a disc."""

    name: str
    lon: float
    lat: float
    east_km: float
    north_km: float
    radius_km: float
    population: int | None

    @property
    def footprint(self) -> BaseGeometry:
        """The disc that stands for its built-up ground."""
        import shapely

        return shapely.Point(self.east_km, self.north_km).buffer(self.radius_km, quad_segs=CIRCLE_STEPS)


def towns_in(
    ground: BaseGeometry, crs: str, *, places: Path | None = None, least_people: int = LEAST_PEOPLE
) -> tuple[Town, ...]:
    """The settlements with their centres on some ground (km): those of a file, else the gazetteer's; largest first."""
    import numpy as np
    import shapely

    from isofront.ground.grid import to_km

    rows = _file_rows(places) if places is not None else _gazetteer_rows(ground, crs, least_people)
    if not rows:
        return ()
    lon, lat = (np.array([row[k] for row in rows], float) for k in (1, 2))
    east, north = to_km(lon, lat, crs=crs)
    shapely.prepare(ground)
    inside = shapely.intersects_xy(ground, np.nan_to_num(east, posinf=1e9), np.nan_to_num(north, posinf=1e9))
    towns = [
        Town(name, x, y, float(east[k]), float(north[k]), radius, people)
        for k, (name, x, y, radius, people) in enumerate(rows)
        if inside[k]
    ]
    return tuple(sorted(towns, key=lambda town: (-(town.population or 0), town.name)))


_Row = tuple[str, float, float, float, int | None]


def _file_rows(path: Path) -> list[_Row]:
    from isofront.cli.front.ground import footprint_radius_m
    from isofront.theatre.settlements import read_settlements

    return [
        (one.name, *one.at, (one.radius_m or footprint_radius_m(one.population)) / 1000, one.population)
        for one in read_settlements(path)
    ]


def _gazetteer_rows(ground: BaseGeometry, crs: str, least_people: int) -> list[_Row]:
    import shapely

    from isofront.cli.front.ground import footprint_radius_m
    from isofront.ground.grid import bounds_of
    from isofront.ground.places import Places

    rim = shapely.get_coordinates(shapely.segmentize(shapely.box(*ground.bounds), 20.0))
    near = bounds_of(rim, crs=crs)
    return [
        (one.name, one.lon, one.lat, footprint_radius_m(one.population) / 1000, one.population)
        for one in Places.load(over=least_people - 1).within(near, least_people)
    ]


def read_regions(path: Path, crs: str, *, key: str | None = None) -> tuple[tuple[str, BaseGeometry], ...]:
    """The districts of a polygon file by name, km; polygons of one name are one district.

    Raises:
        BadInputError: a feature has no name, or the file lies somewhere else.
        UsageError: no feature has the key that was asked for.
    """
    from isofront.ground.polygons import read_polygons
    from isofront.ground.repair import merged

    found: dict[str, list[BaseGeometry]] = {}
    for feature in read_polygons(path):
        if feature.repair:
            _log.warning("%s feature %d: repaired (%s)", path.name, feature.number, feature.repair)
        found.setdefault(_name_of(feature, path, key), []).append(feature.geometry)
    return tuple((name, in_km(merged(some, where=path.name), crs, where=path.name)) for name, some in found.items())


def _name_of(feature: Feature, path: Path, key: str | None) -> str:
    for one in (key,) if key else NAME_KEYS:
        value = feature.properties.get(one)
        if value not in (None, ""):
            return str(value)
    where = f"{path.name} feature {feature.number}"
    listed = ", ".join(feature.properties) or "none"
    if key:
        raise UsageError(f"--region-key {key}: {where} has no such property, it has {listed}")
    raise BadInputError(f"{where}: has no name, wanted a property name (or --region-key); it has {listed}")


def rounded(value: float | None, digits: int) -> float | None:
    """Rounded; None and what is no number stay or become None."""
    return None if value is None or not math.isfinite(value) else round(value, digits)


def lonlat_of(spot: tuple[float, float] | None, crs: str) -> list[float] | None:
    """A spot on the flat map in degrees, to a decimetre."""
    import numpy as np

    from isofront.ground.grid import to_lonlat

    if spot is None:
        return None
    lon, lat = to_lonlat(np.array([spot[0]]), np.array([spot[1]]), crs=crs)
    return [round(float(lon[0]), 6), round(float(lat[0]), 6)]


def true_bearing(spot: tuple[float, float], way: tuple[float, float], crs: str) -> float:
    """The bearing, clockwise from true north, of a way on the flat map from a spot."""
    from pyproj import Geod

    (lon0, lat0), (lon1, lat1) = (lonlat_of(one, crs) or (0.0, 0.0) for one in (spot, _ahead(spot, way)))
    azimuth, _, _ = Geod(ellps="WGS84").inv(lon0, lat0, lon1, lat1)
    return float(azimuth) % 360


def _ahead(spot: tuple[float, float], way: tuple[float, float]) -> tuple[float, float]:
    """A spot one kilometre along a way."""
    length = math.hypot(*way)
    return spot[0] + way[0] / length, spot[1] + way[1] / length


def table(rows: Sequence[Sequence[str]], *, left: int = 1) -> list[str]:
    """Rows as aligned columns, the first `left` ones to the left."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(w) if k < left else cell.rjust(w) for k, (cell, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
