"""A map folder as one KML for Google Earth and its like: a folder per class, each feature styled in the map's colours.

KML's colours are `aabbggrr`, two hexadecimal digits each for alpha, blue, green and red (OGC 12-007r2, 16.9).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import shapely
from shapely.geometry.base import BaseGeometry

from isofront.publish import palette
from isofront.publish.export_folder import MapFolder
from isofront.publish.feature import Feature
from isofront.publish.words import clean

NAMESPACE = "http://www.opengis.net/kml/2.2"


@dataclass(frozen=True, slots=True)
class Look:
    """A class's folder: its id, its name, and its colours (#rrggbb) with an alpha from 0 to 1."""

    id: str
    name: str
    line: str
    fill: str | None = None
    alpha: float = 0.55
    width: float = 1.5


def kml_bytes(folder: MapFolder, colours: Mapping[str, str]) -> bytes:
    """The whole map as KML; `colours` per side, #rrggbb."""
    root = Element("kml", xmlns=NAMESPACE)
    document = SubElement(root, "Document")
    _text(document, "name", f"{folder.facts['stamp']} {folder.facts['as_of'][:10]}")
    _text(document, "description", folder.title)
    groups = list(_groups(folder, colours))
    for look, _ in groups:
        _style(document, look)
    for look, features in groups:
        _folder(document, look, features, folder)
    indent(root, space=" ")
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _groups(folder: MapFolder, colours: Mapping[str, str]) -> Iterator[tuple[Look, list[Feature]]]:
    """Every class that has features, the lowest first."""
    for look, layer, wanted in _looks(folder.sides, colours):
        features = folder.layers[layer].features if layer in folder.layers else ()
        fitting = [one for one in features if all(one.properties.get(key) == value for key, value in wanted.items())]
        if fitting:
            yield look, fitting


def _looks(sides: Sequence[str], colours: Mapping[str, str]) -> Iterator[tuple[Look, str, dict[str, str]]]:
    """How each class looks, in which layer it stands, and what its features' properties say."""
    grey = Look("grey", "Grey zone: held by neither", palette.GREY_LINE, palette.GREY_FILL)
    for side in sides:
        colour = colours[side]
        look = Look(f"held-{side}", f"Held by {side}", colour, palette.mix(colour, palette.PAPER, 0.35))
        yield look, "areas", {"class": "held", "side": side}
    yield grey, "areas", {"class": "grey"}
    for side in sides:
        look = Look(f"infiltration-{side}", f"Infiltration by {side}", colours[side], colours[side], 0.25)
        yield look, "infiltration", {"side": side}
    yield Look("unobserved", "Unobserved", palette.UNOBSERVED_LINE, palette.UNOBSERVED_LINE, 0.15), "unobserved", {}
    yield Look("out_of_range", "Model out of range", palette.INK, palette.INK, 0.15), "out_of_range", {}
    for side in sides:
        look = Look(f"band-{side}", f"90 % band of {side}'s edge", colours[side], colours[side], 0.2, 0.5)
        yield look, "front_bands", {"side": side}
    for side in sides:
        yield Look(f"edge-{side}", f"Edge of ground held by {side}", colours[side], width=3.0), "front", {"side": side}
    yield Look("even_odds", "Even odds (p = 0.5), no front", palette.INK, width=1.0), "front", {"role": "even_odds"}
    yield Look("pockets", "Pockets", palette.INK, palette.INK, 0.1), "pockets", {}
    yield Look("necks", "Necks", palette.INK, width=4.0), "necks", {}
    yield Look("settlements", "Settlements", palette.INK), "settlements", {}


def kml_colour(colour: str, alpha: float = 1.0) -> str:
    """#rrggbb as aabbggrr."""
    red, green, blue = colour[1:3], colour[3:5], colour[5:7]
    return f"{round(alpha * 255):02x}{blue}{green}{red}"


def _style(document: Element, look: Look) -> None:
    style = SubElement(document, "Style", id=look.id)
    line = SubElement(style, "LineStyle")
    _text(line, "color", kml_colour(look.line))
    _text(line, "width", f"{look.width:g}")
    if look.fill is not None:
        fill = SubElement(style, "PolyStyle")
        _text(fill, "color", kml_colour(look.fill, look.alpha))


def _folder(document: Element, look: Look, features: Sequence[Feature], folder: MapFolder) -> None:
    group = SubElement(document, "Folder", id=f"folder-{look.id}")
    _text(group, "name", look.name)
    for one in features:
        mark = SubElement(group, "Placemark")
        _text(mark, "name", clean(str(one.properties.get("name") or look.name), longest=200))
        stamp = SubElement(mark, "TimeStamp")
        _text(stamp, "when", folder.facts["as_of"])
        _text(mark, "styleUrl", f"#{look.id}")
        _data(mark, {**one.properties, "notice": folder.facts["notice"]})
        _geometry(mark, one.geometry)


def _data(mark: Element, properties: Mapping[str, object]) -> None:
    data = SubElement(mark, "ExtendedData")
    for name, value in properties.items():
        if value is not None:
            word = str(value).lower() if isinstance(value, bool) else str(value)
            _text(SubElement(data, "Data", name=name), "value", clean(word, longest=2000))


def _geometry(parent: Element, geometry: BaseGeometry) -> None:
    parts = shapely.get_parts(geometry)
    if len(parts) != 1:
        parent = SubElement(parent, "MultiGeometry")
    for part in parts:
        if part.geom_type == "Polygon":
            polygon = SubElement(parent, "Polygon")
            _coordinates(_ring(polygon, "outerBoundaryIs"), part.exterior)
            for hole in part.interiors:
                _coordinates(_ring(polygon, "innerBoundaryIs"), hole)
        elif part.geom_type in ("LineString", "Point"):
            _coordinates(SubElement(parent, part.geom_type), part)


def _ring(polygon: Element, kind: str) -> Element:
    return SubElement(SubElement(polygon, kind), "LinearRing")


def _coordinates(parent: Element, geometry: BaseGeometry) -> None:
    _text(parent, "coordinates", " ".join(f"{lon:.10g},{lat:.10g}" for lon, lat in shapely.get_coordinates(geometry)))


def _text(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = text
