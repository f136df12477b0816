"""Polygon files of other people, read safely: each is taken for hostile until it has been counted and measured.

What bites is met before a shape is built: collections nested so deep that GEOS overruns its stack, vertex counts that
fill the memory, NaN, metres where degrees were wanted, scribbles whose repair takes minutes (`repair.py`), and files
that lead to others or unpack without end (`gdal.py`, `geoparquet.py`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float
from isofront.errors import BadInputError
from isofront.ground.gdal import driver_of, list_layers, read_layer
from isofront.ground.geoparquet import read_geoparquet
from isofront.ground.grid import to_km
from isofront.ground.repair import made_valid, polygonal
from isofront.ground.rings import MAX_DEPTH, Budget, Ring, area_of, checked_ring
from isofront.ground.wkb import polygons_in_wkb

_log = logging.getLogger("isofront.ground")
MAX_FILE_BYTES = 1_000_000_000
FORMATS = "GeoJSON, GeoPackage, GeoParquet, Shapefile (.shp) or FlatGeobuf"
_LONLAT_NAMES = ("CRS84", "4326", "WGS84", "WGS 84")
Properties = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Feature:
    """A valid (multi)polygon in lon/lat, its place in the file (from 1) and its properties.

    Every vertex is as the file has it, unless `repair` says what was wrong with the polygon and was mended.
    """

    number: int
    geometry: BaseGeometry
    properties: Properties
    repair: str | None = None


def read_polygons(path: Path) -> tuple[Feature, ...]:
    """The polygons of a GeoJSON, GeoPackage, GeoParquet, Shapefile or FlatGeobuf file, in lon/lat, all valid.

    Raises:
        BadInputError: the file cannot be used; nothing of it was.
    """
    found = tuple(_feature(n, *one, name=path.name) for n, one in enumerate(_areas(path), start=1))
    if not found:
        raise BadInputError(f"{path.name}: holds no features, wanted polygons")
    return found


def project_km(geometry: BaseGeometry, *, crs: str) -> BaseGeometry:
    """A lon/lat geometry on the flat map in kilometres, vertex for vertex."""

    def projected(lonlat: Float[np.ndarray, "n 2"]) -> Float[np.ndarray, "n 2"]:
        return np.column_stack(to_km(lonlat[:, 0], lonlat[:, 1], crs=crs))

    return shapely.transform(geometry, projected)


def clip_to_box(geometry: BaseGeometry, box: tuple[float, float, float, float]) -> BaseGeometry:
    """The areas of a valid geometry inside west, south, east, north; vertices inside stay exactly."""
    frame = shapely.box(*box)
    return geometry if frame.contains(geometry) else polygonal(shapely.intersection(geometry, frame))


def _feature(number: int, polygons: list[list[Ring]], properties: Properties, *, name: str) -> Feature:
    where = f"{name} feature {number}"
    if not polygons:
        raise BadInputError(f"{where}: its polygon is empty, wanted at least one ring")
    geometry, repair = made_valid(area_of(polygons), where=where)
    return Feature(number, geometry, properties, repair)


def _areas(path: Path) -> Iterator[tuple[list[list[Ring]], Properties]]:
    """Rings and properties of each feature, the format told by the first bytes."""
    start = _first_bytes(path)
    if (driver := driver_of(start)) is not None:
        return _gdal_areas(path, driver=driver)
    if start.startswith(b"PAR1"):
        return _parquet_areas(path)
    return _geojson_areas(path.read_bytes(), name=path.name)


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            start = file.read(16)
        size = path.stat().st_size
    except OSError as fault:
        raise BadInputError(f"{path}: cannot be read ({fault.strerror or fault}), wanted {FORMATS}") from fault
    if size > MAX_FILE_BYTES:
        raise BadInputError(f"{path.name}: {size:,} bytes, wanted at most {MAX_FILE_BYTES:,}")
    return start


# GeoJSON


def _geojson_areas(content: bytes, *, name: str) -> Iterator[tuple[list[list[Ring]], Properties]]:
    budget = Budget(name)
    for number, feature in enumerate(geojson_features(_document(content, name=name), name=name), start=1):
        where = f"{name} feature {number}"
        geometry, properties = _parts_of(feature, where=where)
        yield list(_geojson_polygons(geometry, where=where, budget=budget)), properties


def _document(content: bytes, *, name: str) -> dict[str, Any]:
    if not content.strip():
        raise BadInputError(f"{name}: is empty, wanted {FORMATS}")
    try:
        document = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"))
    except RecursionError as fault:
        raise BadInputError(f"{name}: nested too deeply for a map, wanted GeoJSON polygons") from fault
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise BadInputError(f"{name}: not GeoJSON ({fault}), wanted {FORMATS}{_elsewhere(content)}") from fault
    if not isinstance(document, dict) or not isinstance(document.get("type"), str):
        raise BadInputError(f"{name}: JSON without a GeoJSON type, wanted a FeatureCollection of polygons")
    return document


def _elsewhere(content: bytes) -> str:
    """Where to go with what looks like KML or an archive."""
    is_other = content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"<?xml", b"<kml", b"PK\x03\x04"))
    return "; KML, KMZ and zipped layers: `isofront read-map FILE --out MAP.geojson` first" if is_other else ""


def _check_stated_crs(crs: object, *, name: str) -> None:
    """GeoJSON of the old kind may name its coordinate system; any but lon/lat is refused by that name."""
    properties = crs.get("properties") if isinstance(crs, dict) else None
    stated = properties.get("name") if isinstance(properties, dict) else None
    if isinstance(stated, str) and not stated.endswith(_LONLAT_NAMES):
        raise BadInputError(_wrong_crs(name, stated[:60]))


def _wrong_crs(name: str, stated: str) -> str:
    return f"{name}: coordinates in {stated}, wanted lon/lat in degrees (`ogr2ogr -t_srs EPSG:4326` converts)"


def geojson_features(document: dict[str, Any], *, name: str) -> list[Any]:
    """The features of a decoded document; a bare feature or geometry is one.

    Raises:
        BadInputError: it states coordinates other than lon/lat, or has no list of features.
    """
    _check_stated_crs(document.get("crs"), name=name)
    if document.get("type") != "FeatureCollection":
        return [document]
    features = document.get("features")
    if not isinstance(features, list):
        raise BadInputError(f"{name}: a FeatureCollection without a list of features")
    return features


def _parts_of(feature: object, *, where: str) -> tuple[object, Properties]:
    if not isinstance(feature, dict):
        raise BadInputError(f"{where}: is {feature!s:.40}, wanted a GeoJSON feature")
    if feature.get("type") != "Feature":
        return feature, {}
    properties = feature.get("properties")
    return feature.get("geometry"), properties if isinstance(properties, dict) else {}


def _geojson_polygons(geometry: object, *, where: str, budget: Budget, depth: int = 0) -> Iterator[list[Ring]]:
    """The rings of each polygon in a decoded geometry."""
    if depth > MAX_DEPTH:
        raise BadInputError(f"{where}: collections nested more than {MAX_DEPTH} deep, wanted polygons")
    if not isinstance(geometry, dict) or geometry.get("type") not in list(_CONTENTS):  # its type may be no text
        kind = geometry.get("type") if isinstance(geometry, dict) else geometry
        raise BadInputError(f"{where}: its geometry is {kind!s:.40}, wanted a Polygon or MultiPolygon")
    contents = _list(geometry.get(_CONTENTS[geometry["type"]]), where=where)
    if geometry["type"] == "GeometryCollection":
        for part in contents:
            yield from _geojson_polygons(part, where=where, budget=budget, depth=depth + 1)
        return
    for rings in [contents] if geometry["type"] == "Polygon" else contents:
        if _list(rings, where=where):
            yield [_geojson_ring(ring, where=where, budget=budget) for ring in rings]


_CONTENTS = {"Polygon": "coordinates", "MultiPolygon": "coordinates", "GeometryCollection": "geometries"}


def _list(value: object, *, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise BadInputError(f"{where}: coordinates hold {value!s:.40}, wanted lists of [lon, lat]")
    return value


def _geojson_ring(ring: object, *, where: str, budget: Budget) -> Ring:
    points = _list(ring, where=where)
    budget.spend(len(points))
    if not all(_is_point(point) for point in points):
        raise BadInputError(f"{where}: a ring holds something other than [lon, lat] numbers")
    return checked_ring(np.array([point[:2] for point in points], dtype=np.float64).reshape(-1, 2), where=where)


def _is_point(point: object) -> bool:
    return isinstance(point, list) and len(point) >= 2 and all(type(number) in (int, float) for number in point[:2])


# Binary formats, all as well-known binary


def _gdal_areas(path: Path, *, driver: str) -> Iterator[tuple[list[list[Ring]], Properties]]:
    wkb, fields, crs = read_layer(path, _layer_of(path, driver=driver), driver=driver, name=path.name)
    _check_crs(crs, name=path.name)
    return _wkb_areas(wkb, fields, name=path.name)


def _layer_of(path: Path, *, driver: str) -> str:
    """The layer that is read: the first that holds polygons, else the first; where others are left out that is said."""
    layers = list_layers(path, driver=driver, name=path.name)
    areas = [name for name, kind in layers if "Polygon" in (kind or "")]
    if len(areas) > 1:
        others = ", ".join(name[:40] for name in areas[1:6]) + (", …" if len(areas) > 6 else "")
        _log.warning("%s: layer %s is read, not %s (polygons too)", path.name, areas[0], others)
    return areas[0] if areas else layers[0][0]


def _parquet_areas(path: Path) -> Iterator[tuple[list[list[Ring]], Properties]]:
    wkb, fields, crs = read_geoparquet(path, name=path.name)
    _check_crs(crs, name=path.name)
    return _wkb_areas(wkb, fields, name=path.name)


def _wkb_areas(
    geometries: Iterable[bytes | None], fields: Mapping[str, Any], *, name: str
) -> Iterator[tuple[list[list[Ring]], Properties]]:
    budget = Budget(name)
    for row, wkb in enumerate(geometries):
        rings = polygons_in_wkb(wkb, where=f"{name} feature {row + 1}", budget=budget) if wkb else []
        yield rings, {field: column[row] for field, column in fields.items()}


def _check_crs(stated: object, *, name: str) -> None:
    """Lon/lat on WGS 84; a file that states nothing is taken for that, and its ranges tell."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    if stated is None:
        return
    try:
        crs = CRS.from_user_input(stated)
    except CRSError as fault:
        raise BadInputError(f"{name}: its coordinate system is not one that PROJ knows") from fault
    if not any(
        crs.equals(CRS.from_user_input(lonlat), ignore_axis_order=True) for lonlat in ("EPSG:4326", "OGC:CRS84")
    ):
        raise BadInputError(_wrong_crs(name, crs.name))
