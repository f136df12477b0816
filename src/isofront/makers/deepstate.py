"""DeepState: the history API (the list, one map with its id, a bare collection) and the daily mirror of held ground.

A feature's key is what stands behind the last `///` of its name; old snapshots have only a fill colour. A map's id is
its moment in Unix seconds; the `datetime` that the API writes has no year and is not used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from isofront.errors import BadInputError
from isofront.makers.areas import Drawn, Fault
from isofront.makers.crosswalk import shipped
from isofront.makers.dates import moment, moment_in_name, written
from isofront.makers.features import RawFeature, features_of, raw_features
from isofront.makers.opened import Opened

_COLOUR = re.compile(r"(?:poly|line|icon)-(?:\d+-)?([0-9A-Fa-f]{6})(?![0-9A-Fa-f])")
_KEY = re.compile(r"geoJSON\.([\w.-]{1,80})")


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of the list of maps: its id, the moment it was published, and whether it is shown."""

    id: int
    date: datetime
    shown: bool


def claims(opened: Opened) -> str | None:
    """Why a document is DeepState's, or None."""
    document = opened.document
    if _is_list(document):
        return "a list of maps with id and updatedAt"
    if isinstance(document, dict) and isinstance(document.get("map"), dict) and "id" in document:
        return "one map with its id"
    if any("geoJSON." in name or name.count("///") == 2 for name in _names(document)):
        return "keys behind ///"
    return "fills of its old snapshots, with no keys" if _is_old(document) else None


def _is_old(document: object) -> bool:
    """Whether every polygon has a fill of DeepState's palette, and so a colour is all that tells."""
    known = {rule.when["fill"] for rule in shipped()["deepstate"].rules if "fill" in rule.when}
    shapes = [one for one in features_of(document)[:500] if isinstance(one, dict)]
    areas = [one.get("properties") for one in shapes if str(_kind(one)).endswith("Polygon")]
    fills = [_fill_of(one) for one in areas if isinstance(one, dict)]
    return bool(fills) and len(fills) == len(areas) and known.issuperset(fills)


def _kind(feature: Mapping[str, Any]) -> object:
    geometry = feature.get("geometry")
    return geometry.get("type") if isinstance(geometry, dict) else None


def claims_daily(opened: Opened) -> str | None:
    """Why a document is the daily mirror, or None."""
    if opened.name.casefold().startswith("deepstatemap_data"):
        return "named deepstatemap_data"
    features = features_of(opened.document)
    alone = len(features) == 1 and isinstance(features[0], dict) and features[0].get("properties") in ({}, None)
    if not alone or "crs" not in opened.document or moment_in_name(opened.name) is None:
        return None
    geometry = features[0].get("geometry")
    whole = isinstance(geometry, dict) and geometry.get("type") == "MultiPolygon"
    return "one MultiPolygon without properties, an old-style crs, the date in the file's name" if whole else None


def read(opened: Opened) -> Iterator[Drawn | Fault]:
    """The areas of a map of the history API; the points with them, so that they can be counted.

    Raises:
        BadInputError: it is the list of maps alone.
    """
    if not _is_list(opened.document):
        yield from _one_map(opened.document, _date_of(opened))
        return
    entries = [entry for entry in opened.document if isinstance(entry, dict)]
    maps = [entry for entry in entries if isinstance(entry.get("map") or entry.get("geojson"), dict)]
    if not maps:
        raise BadInputError(f"{opened.name}: {_index_of(entries)}, no areas in it; wanted /api/history/ID/geojson")
    number = 0
    for entry in maps:
        if entry.get("status") is False:
            number += 1
            yield Fault(number, f"map {entry.get('id')!s:.20}: not shown by its maker (status false)")
            continue
        for one in _one_map(entry.get("map") or entry.get("geojson"), entry.get("id")):
            number += 1
            yield _renumbered(one, number)


def read_daily(opened: Opened) -> Iterator[Drawn | Fault]:
    """The held ground of one day."""
    day = moment_in_name(opened.name)
    for one in raw_features(opened.document):
        yield (
            one
            if isinstance(one, Fault)
            else Drawn(one.number, {"kind": ("area",)}, one.polygons, day=day, id=one.id, left_out=one.left_out)
        )


def history(document: object) -> tuple[HistoryEntry, ...]:
    """The list of maps; entries without a usable id are left out."""
    found = []
    for entry in document if isinstance(document, list) else ():
        stamp = entry.get("id") if isinstance(entry, Mapping) else None
        if isinstance(stamp, int) and not isinstance(stamp, bool) and 10**9 <= stamp < 4 * 10**9:
            date = moment(stamp)
            assert date is not None
            found.append(HistoryEntry(stamp, date, entry.get("status") is not False))
    return tuple(found)


def _index_of(entries: list[Any]) -> str:
    known = history(entries)
    if not known:
        return "a list of maps"
    hidden = sum(not entry.shown for entry in known)
    first, last = min(entry.date for entry in known), max(entry.date for entry in known)
    return f"the list of {len(known):,} maps from {written(first)} to {written(last)} ({hidden} not shown)"


def _one_map(document: object, day: object) -> Iterator[Drawn | Fault]:
    inner = document.get("map") if isinstance(document, dict) and isinstance(document.get("map"), dict) else document
    for one in raw_features(inner):
        yield one if isinstance(one, Fault) else _drawn(one, day)


def _drawn(one: RawFeature, day: object) -> Drawn:
    texts = {
        "key": (_key(one.text("name")),),
        "fill": (_fill_of(one.properties),),
        "kind": ("point" if one.is_point else "area",),
    }
    return Drawn(one.number, texts, one.polygons, day=day, id=one.id, left_out=one.left_out)


def _key(name: str) -> str:
    """`status.occupied` of "... /// ... /// geoJSON.status.occupied", whatever spaces and line ends stand there."""
    found = _KEY.findall(name[-400:])
    return found[-1] if found else ""


def _fill_of(properties: Mapping[str, Any]) -> str:
    """The fill as #rrggbb: stated, or in the name of the style."""
    stated = properties.get("fill")
    if isinstance(stated, str) and re.fullmatch(r"#[0-9a-f]{6}", stated.casefold().strip()):
        return stated.casefold().strip()
    url = properties.get("styleUrl")
    found = _COLOUR.search(url[:200]) if isinstance(url, str) else None
    return f"#{found[1].casefold()}" if found else ""


def _date_of(opened: Opened) -> object:
    """The id of the map if the file has it, else what the file's name tells."""
    stamp = opened.document.get("id") if isinstance(opened.document, dict) else None
    return stamp if isinstance(stamp, int) and stamp > 10**8 else moment_in_name(opened.name)


def _is_list(document: object) -> bool:
    some = document[:5] if isinstance(document, list) else []
    return bool(some) and all(
        isinstance(entry, dict) and "id" in entry and ({"updatedAt", "descriptionEn", "map"} & entry.keys())
        for entry in some
    )


def _properties(document: object) -> list[Mapping[str, Any]]:
    some = (feature.get("properties") for feature in features_of(document)[:200] if isinstance(feature, dict))
    return [properties for properties in some if isinstance(properties, dict)]


def _names(document: object) -> list[str]:
    return [str(one.get("name", ""))[-400:] for one in _properties(document)]


def _renumbered(one: Drawn | Fault, number: int) -> Drawn | Fault:
    if isinstance(one, Fault):
        return Fault(number, one.reason)
    return Drawn(number, one.texts, one.polygons, one.point, one.day, None, one.left_out, one.metres)
