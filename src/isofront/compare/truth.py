"""A reference's polygons by day, from one file with dates in it or a folder of files named by date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from isofront.errors import BadInputError
from isofront.ground.polygons import Feature, read_polygons

_DATED = re.compile(r"(\d{4}-\d{2}-\d{2})")
_SUFFIXES = {".geojson", ".json", ".gpkg", ".parquet", ".shp", ".fgb"}


def read_truth(path: Path, *, side: str) -> dict[date, BaseGeometry]:
    """What a reference draws as held by a side, by day, in lon/lat.

    A file's features carry `date`; a folder's files have it in their names. Features of another side, or of class grey,
    are left out; features without `side` count as the side's. Names of sides are compared without regard to case.

    Raises:
        BadInputError: nothing there has a date, or nothing is held by the side.
    """
    dated = _in_folder(path) if path.is_dir() else _in_file(path)
    held: dict[date, list[BaseGeometry]] = {}
    for day, feature in dated:
        if _is_held_by(feature.properties, side):
            held.setdefault(day, []).append(feature.geometry)
    if not held:
        raise BadInputError(f"{path.name}: no polygon there is held by {side!r}")
    return {day: shapely.union_all(held[day]) if len(held[day]) > 1 else held[day][0] for day in sorted(held)}


def read_grey(path: Path) -> dict[date, BaseGeometry]:
    """What a reference draws as grey, by day, in lon/lat; only the days on which it draws any."""
    dated = read_dated(path)
    grey = {
        day: [one.geometry for one in features if one.properties.get("class") == "grey"]
        for day, features in dated.items()
    }
    return {day: shapely.union_all(parts) for day, parts in grey.items() if parts}


def read_dated(path: Path) -> dict[date, tuple[Feature, ...]]:
    """All polygons by day, in order of time: past maps with everything that they draw.

    Raises:
        BadInputError: nothing there has a date.
    """
    found: dict[date, list[Feature]] = {}
    for day, feature in _in_folder(path) if path.is_dir() else _in_file(path):
        found.setdefault(day, []).append(feature)
    return {day: tuple(found[day]) for day in sorted(found)}


def _in_file(path: Path) -> list[tuple[date, Feature]]:
    return [(_date(feature.properties.get("date"), path, feature.number), feature) for feature in read_polygons(path)]


def _in_folder(path: Path) -> list[tuple[date, Feature]]:
    files = {file: found[1] for file in sorted(path.iterdir()) if (found := _named_day(file))}
    if not files:
        raise BadInputError(f"{path}: no polygon file with a date like 2030-01-31 in its name, wanted one a day")
    return [(_date(day, file, 0), feature) for file, day in files.items() for feature in read_polygons(file)]


def _named_day(file: Path) -> re.Match[str] | None:
    return _DATED.search(file.stem) if file.suffix.lower() in _SUFFIXES else None


def _date(value: object, path: Path, number: int) -> date:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError as fault:
        raise BadInputError(f"{path.name} feature {number}: date {value!r:.40}, wanted one like 2030-01-31") from fault


def _is_held_by(properties: Mapping[str, object], side: str) -> bool:
    stated, cls = properties.get("side"), properties.get("class")
    return cls in (None, "", "held") and (stated in (None, "") or str(stated).casefold() == side.casefold())
