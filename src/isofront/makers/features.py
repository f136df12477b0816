"""GeoJSON features one by one: polygons out of any nesting that people use, and what of them is no area."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from isofront.makers.areas import Fault

MAX_DEPTH = 8
_LONLAT_NAMES = ("CRS84", "4326", "WGS84", "WGS 84")


@dataclass(frozen=True, slots=True)
class RawFeature:
    """A feature as it stands: properties, polygons as rings of positions, and what of its geometry is no area."""

    number: int
    properties: Mapping[str, Any]
    polygons: list[Any]
    left_out: str | None = None
    id: str | None = None
    is_point: bool = False

    def text(self, *names: str) -> str:
        """The first of some properties that is a text or a number; empty if none is."""
        for name in names:
            value = self.properties.get(name)
            if isinstance(value, str | int | float) and not isinstance(value, bool) and value != "":
                return str(value)
        return ""


def features_of(document: object) -> list[Any]:
    """The features of a FeatureCollection; a bare feature or geometry is one."""
    if not isinstance(document, dict):
        return []
    if document.get("type") != "FeatureCollection":
        return [document] if isinstance(document.get("type"), str) else []
    features = document.get("features")
    return features if isinstance(features, list) else []


def stated_crs(document: object) -> str | None:
    """The coordinate system that GeoJSON of the old kind names, unless that is lon/lat."""
    crs = document.get("crs") if isinstance(document, dict) else None
    properties = crs.get("properties") if isinstance(crs, dict) else None
    stated = properties.get("name") if isinstance(properties, dict) else None
    return stated if isinstance(stated, str) and not stated.endswith(_LONLAT_NAMES) else None


def raw_features(document: object) -> Iterator[RawFeature | Fault]:
    """Every feature, in order; what is none becomes a fault."""
    for number, feature in enumerate(features_of(document), start=1):
        yield _raw(feature, number)


def _raw(feature: object, number: int) -> RawFeature | Fault:
    if not isinstance(feature, dict):
        return Fault(number, f"is {feature!s:.40}, wanted a GeoJSON feature")
    bare = feature.get("type") != "Feature"
    geometry = feature if bare else feature.get("geometry")
    properties = {} if bare else feature.get("properties")
    if geometry is None:
        return Fault(number, "has no geometry, wanted a Polygon or MultiPolygon")
    try:
        polygons, others = _parts(geometry)
    except ValueError as fault:
        return Fault(number, str(fault))
    own = properties if isinstance(properties, dict) else {}
    said = ", ".join(f"{n} {kind}" for kind, n in sorted(others.items()))
    left_out = f"its {said} are no areas, left out" if polygons and others else None
    if not polygons and not others:
        return Fault(number, "its geometry is empty, wanted a Polygon or MultiPolygon")
    only_points = not polygons and bool(others)
    return RawFeature(
        number, own, polygons, left_out or (f"{said}, no area" if only_points else None), _id(feature), only_points
    )


def _id(feature: Mapping[str, Any]) -> str | None:
    value = feature.get("id")
    return str(value)[:200] if isinstance(value, str | int) and not isinstance(value, bool) else None


def _parts(geometry: object) -> tuple[list[Any], Counter[str]]:
    """The polygons of a geometry, and how many parts of other kinds it has."""
    polygons: list[Any] = []
    others: Counter[str] = Counter()
    waiting = [(geometry, 0)]
    while waiting:
        part, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise ValueError(f"collections nested more than {MAX_DEPTH} deep, wanted polygons")
        kind = part.get("type") if isinstance(part, dict) else part
        if not isinstance(part, dict) or not isinstance(kind, str):
            raise ValueError(f"its geometry is {kind!s:.40}, wanted a Polygon or MultiPolygon")
        if kind == "GeometryCollection":
            waiting += [(inner, depth + 1) for inner in reversed(_list(part.get("geometries")))]
        elif kind == "Polygon":
            polygons.append(_list(part.get("coordinates")))
        elif kind == "MultiPolygon":
            polygons += _list(part.get("coordinates"))
        elif kind in ("Point", "MultiPoint", "LineString", "MultiLineString"):
            others[kind] += 1
        else:
            raise ValueError(f"its geometry is {kind:.40}, wanted a Polygon or MultiPolygon")
    return polygons, others


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"coordinates hold {value!s:.40}, wanted lists of [lon, lat]")
    return value
