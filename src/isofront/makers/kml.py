"""KML and KMZ of mappers: status by folder, by colour or by a table of their own; rules per source, by crosswalk.

Colours are `aabbggrr`; a StyleMap counts by its `normal` style. Descriptions are not read, network links not followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import numpy as np

from isofront.makers.areas import Drawn, Fault, Note
from isofront.makers.dates import moment_in_name
from isofront.makers.markup import child, every, local, text_of
from isofront.makers.opened import Opened

MAX_PARTS_DEPTH = 8
MAX_TABLE = 40
_COLOUR = re.compile(r"#?[0-9a-fA-F]{8}")
_IN_STYLE_ID = re.compile(r"(?:poly|line|icon)-(?:\d+-)?([0-9A-Fa-f]{6})(?![0-9A-Fa-f])")
_AREAS = ("Polygon",)
_OTHERS = ("Point", "LineString", "LinearRing", "Track", "MultiTrack", "Model")
_OWN = frozenset({"folder", "heading", "colour", "document", "kind"})
"""Texts that the document itself gives; a table's column of such a name does not take their place."""
_HOLDERS = ("Document", "Folder")
_LINKS = ("NetworkLink", "GroundOverlay", "PhotoOverlay", "ScreenOverlay")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the document something stands: names of folders, the innermost first, and the date told there."""

    folders: tuple[str, ...] = ()
    document: str = ""
    day: object = None


def claims(opened: Opened) -> str | None:
    """Why a document is KML, or None."""
    return "KML" if any(local(root) in ("kml", *_HOLDERS, "Placemark") for _, root in opened.document) else None


def title(opened: Opened) -> str:
    """The name of the (first) document."""
    for _, root in opened.document:
        found = root if local(root) == "Document" else child(root, "Document")
        if found is not None and text_of(found, "name"):
            return text_of(found, "name")
    return ""


def read(opened: Opened) -> Iterator[Drawn | Fault | Note]:
    """The areas of every document in the file."""
    number = 0
    for name, root in opened.document:
        colours = _colours(root)
        start = _Place(day=moment_in_name(name) or moment_in_name(opened.name))
        for element, place in _placemarks(root, start):
            if local(element) in _LINKS:
                yield Note(f"a {local(element)} is not followed: what it shows is not in this file")
                continue
            number += 1
            yield _read_one(element, place, number, colours)


def _placemarks(root: Element, start: _Place) -> Iterator[tuple[Element, _Place]]:
    """Every Placemark with its place, in the order of the document."""
    waiting = [(root, start)]
    while waiting:
        element, place = waiting.pop()
        kind = local(element)
        if kind == "Placemark" or kind in _LINKS:
            yield element, place
            continue
        inner = _inside(element, kind, place)
        waiting += [(one, inner) for one in reversed(element)]


def _inside(element: Element, kind: str, place: _Place) -> _Place:
    if kind not in _HOLDERS:
        return place
    name = text_of(element, "name")
    day = _stated(element) or moment_in_name(f"{name}.kml") or place.day
    if kind == "Document":
        return _Place(place.folders, name, day)
    return _Place((name, *place.folders) if name else place.folders, place.document, day)


def _read_one(element: Element, place: _Place, number: int, colours: dict[str, str]) -> Drawn | Fault:
    polygons: list[Sequence[np.ndarray]] = []
    others: dict[str, int] = {}
    try:
        for part in _parts(element):
            if local(part) in _AREAS:
                polygons.append(_rings(part))
            else:
                others[local(part)] = others.get(local(part), 0) + 1
    except ValueError as fault:
        return Fault(number, str(fault))
    said = ", ".join(f"{n} {kind}" for kind, n in sorted(others.items()))
    table = _table(element)
    texts = {
        "folder": place.folders,
        "heading": place.folders or (text_of(element, "name"),),
        "colour": (_colour(element, colours),),
        "document": (place.document,),
        "name": (text_of(element, "name"),),
        "kind": ("area" if polygons else "other",),
        **{key: (value,) for key, value in table.items() if key not in _OWN},
    }
    day = _stated(element) or table.get("date") or place.day
    left_out = (f"its {said} are no areas, left out" if polygons else f"{said}, no area") if said else None
    return Drawn(number, texts, polygons, day=day, id=element.get("id"), left_out=left_out)


# Geometry


def _parts(element: Element) -> Iterator[Element]:
    """The simple geometries in a Placemark."""
    waiting = [(one, 0) for one in reversed(element)]
    while waiting:
        part, depth = waiting.pop()
        kind = local(part)
        if kind == "MultiGeometry":
            if depth > MAX_PARTS_DEPTH:
                raise ValueError(f"geometry nested more than {MAX_PARTS_DEPTH} deep, wanted polygons")
            waiting += [(one, depth + 1) for one in reversed(part)]
        elif kind in _AREAS or kind in _OTHERS:
            yield part


def _rings(polygon: Element) -> list[np.ndarray]:
    outer = [one for one in polygon if local(one) == "outerBoundaryIs"]
    inner = [one for one in polygon if local(one) == "innerBoundaryIs"]
    if len(outer) != 1:
        raise ValueError(f"a polygon with {len(outer)} outer boundaries, wanted one")
    return [_coordinates(ring) for boundary in (*outer, *inner) for ring in boundary if local(ring) == "LinearRing"]


def _coordinates(ring: Element) -> np.ndarray:
    """Positions of `lon,lat,height lon,lat,height ...`, height or none."""
    found = child(ring, "coordinates")
    text = (found.text or "") if found is not None else ""
    tuples = re.sub(r"\s*,\s*", ",", text).split()
    cells = [one.split(",", 2)[:2] for one in tuples]
    if any(len(one) != 2 for one in cells):
        raise ValueError("coordinates are not lon,lat[,height] separated by spaces")
    try:
        return np.array([float(value) for one in cells for value in one]).reshape(-1, 2)
    except ValueError as fault:
        raise ValueError(f"a coordinate is no number ({fault!s:.60})") from fault


# What tells a class, and when


def _colours(root: Element) -> dict[str, str]:
    """The fill of every shared style, by its id; of a StyleMap that of its normal style."""
    found = {one.get("id", ""): _poly_colour(one) for one in every(root, "Style") if one.get("id")}
    for one in every(root, "StyleMap"):
        for pair in (inner for inner in one if local(inner) == "Pair" and text_of(inner, "key") == "normal"):
            inline = child(pair, "Style")
            colour = (
                _poly_colour(inline) if inline is not None else found.get(text_of(pair, "styleUrl").lstrip("#"), "")
            )
            found[one.get("id", "")] = colour
    return found


def _colour(element: Element, colours: dict[str, str]) -> str:
    """#rrggbb of the fill: the Placemark's own, else its style's, else what the style's name tells."""
    inline = child(element, "Style")
    own = _poly_colour(inline) if inline is not None else ""
    if own:
        return own
    url = text_of(element, "styleUrl").rpartition("#")[2]
    named = _IN_STYLE_ID.search(url[:200])
    return colours.get(url) or (f"#{named[1].casefold()}" if named else "")


def _poly_colour(style: Element) -> str:
    """aabbggrr as #rrggbb; empty where the style has none."""
    for holder in ("PolyStyle", "LineStyle"):
        value = text_of(style, holder, "color")
        if _COLOUR.fullmatch(value):
            blue, green, red = value[-6:-4], value[-4:-2], value[-2:]
            return f"#{red}{green}{blue}".casefold()
    return ""


def _table(element: Element) -> dict[str, str]:
    """ExtendedData as names and values."""
    data = child(element, "ExtendedData")
    found: dict[str, str] = {}
    for one in data.iter() if data is not None else ():
        name = (one.get("name") or "").casefold().strip()
        if local(one) == "Data" and name:
            found[name] = text_of(one, "value")
        elif local(one) == "SimpleData" and name:
            found[name] = (one.text or "")[:2_000].strip()
        if len(found) >= MAX_TABLE:
            break
    return found


def _stated(element: Element) -> str:
    """The moment or the beginning of the span that an element states."""
    return text_of(element, "TimeStamp", "when") or text_of(element, "TimeSpan", "begin")
