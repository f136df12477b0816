"""A user's file of named places (GeoJSON, GeoPackage, KML, CSV) as features in degrees. Bytes in, nothing else read.

Each format is read by its own bytes, without a library that follows links to other files; nesting, vertices and lengths
are counted before shapes are built.
"""

from __future__ import annotations

import csv
import io
import math
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

import msgspec
import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from isofront.desk.gis_in import geometry_in
from isofront.errors import BadInputError
from isofront.makers.markup import every, local, root_of, text_of
from isofront.sources.json_rows import depth_of

MAX_BYTES = 48_000_000
MAX_DEPTH = 20
MAX_VERTICES = 2_000_000
MAX_FEATURES = 200_000
MAX_NAME = 120
FORMATS = "GeoJSON, GeoPackage, KML or CSV"
_NAMES = (
    "name",
    "назва",
    "название",
    "title",
    "label",
    "name_en",
    "name:en",
    "name_uk",
    "name:uk",
    "name_ru",
    "name:ru",
)
_KINDS = ("kind", "type", "тип", "category", "highway", "natural", "place", "landuse", "man_made")


@dataclass(frozen=True, slots=True)
class Named:
    """A feature with a name, other spellings and a kind."""

    name: str
    kind: str
    shape: BaseGeometry
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """What a file holds: named features, and how many could not be used and why."""

    named: tuple[Named, ...]
    without_name: int
    faults: Mapping[str, int]


Raw = tuple[dict[str, Any], BaseGeometry | None]


def read_layer(content: bytes, *, name: str) -> Layer:
    """The named places of a file.

    Raises:
        BadInputError: nothing in it can be used, or it is too large or of another kind.
    """
    if len(content) > MAX_BYTES:
        raise BadInputError(f"{name}: {len(content) >> 20} MB, wanted at most {MAX_BYTES >> 20}")
    layer = _sorted_out(_raw(content, name=name), name=name)
    if not layer.named:
        why = ", ".join(f"{reason} ({n})" for reason, n in layer.faults.items()) or "no feature has a name"
        raise BadInputError(f"{name}: no named place in it: {why}")
    return layer


def _raw(content: bytes, *, name: str) -> Iterator[Raw]:
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:200]
    if content.startswith(b"SQLite format 3\x00"):
        return _geopackage(content, name=name)
    if start.startswith(b"{"):
        return _geojson(content, name=name)
    if start.startswith(b"<"):
        return _kml(content, name=name)
    if start[:2] == b"PK":
        raise BadInputError(f"{name}: a packed file (KMZ?); unpack it, wanted {FORMATS}")
    return _csv(content, name=name)


def _sorted_out(raw: Iterable[Raw], *, name: str) -> Layer:
    named: list[Named] = []
    faults: dict[str, int] = {}
    without = vertices = 0
    for number, (words, shape) in enumerate(raw, start=1):
        if number > MAX_FEATURES:
            raise BadInputError(f"{name}: more than {MAX_FEATURES:,} features, wanted a layer of places")
        vertices += 0 if shape is None else int(shapely.get_num_coordinates(shape))
        if vertices > MAX_VERTICES:
            raise BadInputError(f"{name}: more than {MAX_VERTICES:,} vertices, wanted a layer of places")
        names, fault = _names(words), _fault(shape)
        if fault is not None or shape is None:
            faults[str(fault)] = faults.get(str(fault), 0) + 1
        elif not names:
            without += 1
        else:
            named.append(Named(names[0], _kind(words), shapely.force_2d(shape), tuple(names[1:])))
    return Layer(tuple(named), without, faults)


def _fault(shape: BaseGeometry | None) -> str | None:
    if shape is None or shape.is_empty:
        return "no geometry"
    points = shapely.get_coordinates(shape)
    if not np.isfinite(points).all() or (np.abs(points) > [180.0, 90.0]).any():
        return "no place on Earth in degrees"
    return None if shape.geom_type != "GeometryCollection" else "a collection of geometries"


def _names(words: Mapping[str, Any]) -> list[str]:
    """The name first, then every other spelling there is."""
    plain = {str(key).casefold().strip(): value for key, value in words.items()}
    keys = [key for key in _NAMES if key in plain]
    keys += sorted(
        key for key in plain if key.startswith(("name", "alt_name", "old_name", "int_name")) and key not in keys
    )
    found = [part for key in keys for part in _texts(plain[key])]
    return list(dict.fromkeys(found))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str | int):
        for part in str(value).split(";"):
            if text := " ".join(part.split())[:MAX_NAME]:
                yield text
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _kind(words: Mapping[str, Any]) -> str:
    plain = {str(key).casefold(): value for key, value in words.items()}
    return next((" ".join(str(plain[key]).split())[:40] for key in _KINDS if plain.get(key)), "")


# Formats


def _geojson(content: bytes, *, name: str) -> Iterator[Raw]:
    if depth_of(content) > MAX_DEPTH:
        raise BadInputError(f"{name}: JSON nested deeper than {MAX_DEPTH}")
    try:
        document = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"))
        features = document["features"] if document.get("type") == "FeatureCollection" else [document]
        assert isinstance(features, list)
    except (msgspec.MsgspecError, KeyError, AttributeError, AssertionError, RecursionError) as fault:
        raise BadInputError(f"{name}: no GeoJSON FeatureCollection ({type(fault).__name__})") from fault
    for feature in features:
        words = feature.get("properties") if isinstance(feature, dict) else None
        yield (words if isinstance(words, dict) else {}), _shape_in(feature)


def _shape_in(feature: object) -> BaseGeometry | None:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(geometry, dict) or geometry.get("type") == "GeometryCollection":
        return None
    try:
        return shapely.geometry.shape(geometry)
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        return None


def _geopackage(content: bytes, *, name: str) -> Iterator[Raw]:
    try:
        with closing(sqlite3.connect(":memory:")) as file:
            file.deserialize(content)
            tables = file.execute("SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns").fetchall()
            for table, column, srs in tables:
                yield from _table(file, str(table), str(column), _to_degrees(file, int(srs), name=name))
    except (sqlite3.Error, TypeError, ValueError) as fault:
        raise BadInputError(f"{name}: cannot be read as a GeoPackage ({fault})") from fault


def _table(file: sqlite3.Connection, table: str, column: str, degrees: Transformer | None) -> Iterator[Raw]:
    quoted = table.replace('"', '""')
    cursor = file.execute(f'SELECT * FROM "{quoted}"')
    heads = [told[0] for told in cursor.description]
    for cells in cursor:
        words = dict(zip(heads, cells, strict=True))
        blob = words.pop(column, None)
        try:
            yield words, _moved(geometry_in(blob), degrees)
        except ValueError:
            yield words, None


def _to_degrees(file: sqlite3.Connection, srs: int, *, name: str) -> Transformer | None:
    if srs == 4326:
        return None
    told = file.execute(
        "SELECT organization, organization_coordsys_id FROM gpkg_spatial_ref_sys WHERE srs_id = ?", (srs,)
    ).fetchone()
    try:
        crs = CRS.from_authority(str(told[0]).upper(), int(told[1]))
    except (CRSError, TypeError, ValueError):
        raise BadInputError(f"{name}: its coordinate system ({told or srs}) is not known, wanted degrees") from None
    return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)


def _moved(shape: BaseGeometry, degrees: Transformer | None) -> BaseGeometry:
    if degrees is None:
        return shape
    return shapely.transform(shape, lambda at: np.column_stack(degrees.transform(at[:, 0], at[:, 1])))


def _kml(content: bytes, *, name: str) -> Iterator[Raw]:
    root, _ = root_of(content, name=name)
    for mark in every(root, "Placemark"):
        yield {"name": text_of(mark, "name", most=MAX_NAME), "kind": ""}, _kml_shape(mark)


def _kml_shape(mark: Element) -> BaseGeometry | None:
    """The geometry of a Placemark: its points, lines and polygons' outlines, as one."""
    shapes: list[BaseGeometry] = []
    for part in mark.iter():
        kind = local(part)
        if kind not in ("Point", "LineString", "LinearRing"):
            continue
        points = _kml_points(text_of(part, "coordinates", most=4_000_000))
        if kind == "Point" and len(points) == 1:
            shapes.append(shapely.Point(points[0]))
        elif kind == "LineString" and len(points) > 1:
            shapes.append(shapely.LineString(points))
        elif kind == "LinearRing" and len(points) > 3:
            shapes.append(shapely.Polygon(points))
    kinds = {one.geom_type for one in shapes}
    if len(kinds) != 1:
        return None
    return shapes[0] if len(shapes) == 1 else shapely.union_all(shapes)


def _kml_points(text: str) -> list[tuple[float, float]]:
    found = []
    for triple in text.split():
        parts = triple.split(",")
        try:
            spot = float(parts[0]), float(parts[1])
        except (ValueError, IndexError):
            return []
        if not all(math.isfinite(one) for one in spot):
            return []
        found.append(spot)
    return found


def _csv(content: bytes, *, name: str) -> Iterator[Raw]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadInputError(f"{name}: neither {FORMATS} (byte {fault.start + 1} is not UTF-8)") from None
    first = text.split("\n", 1)[0]
    mark = max(",;\t|", key=first.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=mark)
    heads = {str(head).casefold().strip(): head for head in rows.fieldnames or ()}
    lon, lat = (next((heads[one] for one in some if one in heads), None) for some in (_LON, _LAT))
    if lon is None or lat is None:
        raise BadInputError(f"{name}: neither {FORMATS}; of a CSV wanted columns name, lon and lat")
    try:
        for row in rows:
            yield {key: value for key, value in row.items() if key}, _point(row.get(lon), row.get(lat))
    except csv.Error as fault:
        raise BadInputError(f"{name}: line {rows.line_num}: cannot be split into cells ({fault})") from fault


_LON, _LAT = ("lon", "lng", "long", "longitude", "x"), ("lat", "latitude", "y")


def _point(lon: str | None, lat: str | None) -> BaseGeometry | None:
    try:
        spot = float(str(lon).replace(",", ".")), float(str(lat).replace(",", "."))
    except ValueError:
        return None
    return shapely.Point(spot) if all(math.isfinite(one) for one in spot) else None
