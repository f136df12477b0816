"""Points in documents: GeoJSON features and KML placemarks as text, whatever else they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from isofront.feeds.entry import BadCellError, LeaveOutError
from isofront.makers.markup import child, local, text_of
from isofront.makers.opened import Opened

MAX_DEPTH_OF_TEXT = 3
NO_POINT = "lines and areas, no points"


@dataclass(frozen=True, slots=True)
class Mark:
    """A point with what is said of it: texts by name (case folded), coordinates as they are written."""

    texts: Mapping[str, str]
    lon: str
    lat: str
    id: str = ""

    def text(self, *names: str) -> str:
        """The first of some texts that is not empty."""
        return next((self.texts[name] for name in names if self.texts.get(name)), "")


def features(opened: Opened) -> list[Any]:
    """The features of a collection; none of anything else."""
    document = opened.document
    found = document.get("features") if isinstance(document, dict) else None
    return found if isinstance(found, list) else []


def mark_of_feature(feature: object) -> Mark:
    """A GeoJSON point; raises what this room raises where it is none."""
    if not isinstance(feature, Mapping):
        raise BadCellError("feature", f"{feature!s:.40}, wanted a GeoJSON feature")
    geometry, given = feature.get("geometry"), feature.get("properties")
    if not isinstance(geometry, Mapping):
        raise BadCellError("geometry", "has no geometry, wanted a Point")
    if geometry.get("type") != "Point":
        if isinstance(geometry.get("type"), str):
            raise LeaveOutError(NO_POINT)
        raise BadCellError("geometry", f"{geometry.get('type')!s:.40}, wanted a Point")
    at = geometry.get("coordinates")
    if not isinstance(at, list) or len(at) < 2:
        raise BadCellError("geometry", f"coordinates {at!s:.40}, wanted [lon, lat]")
    own = given if isinstance(given, Mapping) else {}
    texts = {str(name)[:100].casefold(): _text(value) for name, value in list(own.items())[:200]}
    return Mark(texts, _number(at[0]), _number(at[1]), _text(feature.get("id")))


def _number(value: object) -> str:
    return repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)[:40]


def _text(value: object, depth: int = 0) -> str:
    """A value as text: lists and tables as their values, one after the other."""
    if isinstance(value, str):
        return value[:20_000].strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)[:60]
    inside = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    if depth >= MAX_DEPTH_OF_TEXT:
        return ""
    return ", ".join(found for one in list(inside)[:50] if (found := _text(one, depth + 1)))


def placemarks(opened: Opened) -> Iterator[tuple[int, Element]]:
    """Every placemark of every document with its number."""
    found = (one for _, root in opened.document for one in root.iter() if local(one) == "Placemark")
    return enumerate(found, start=1)


def mark_of_placemark(element: Element) -> Mark:
    """A placemark that has one point."""
    point = child(element, "Point")
    if point is None:
        kinds = {local(one) for one in element}
        if kinds & {"Polygon", "LineString", "MultiGeometry", "LinearRing", "Track"}:
            raise LeaveOutError(NO_POINT)
        raise BadCellError("Point", "has no Point")
    parts = text_of(point, "coordinates").split(",")
    if len(parts) not in (2, 3):
        raise BadCellError("coordinates", f"{','.join(parts)[:40]!r}, wanted lon,lat[,height]")
    texts = {name.casefold(): text_of(element, name, most=20_000) for name in ("name", "description", "styleUrl")}
    return Mark(texts, parts[0].strip(), parts[1].strip(), element.get("id", ""))
