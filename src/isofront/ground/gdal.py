"""What GDAL reads of other people's polygon files, so that it is led to no other file and makes no rows up.

The first bytes of a file decide its format, whatever its name; drivers that follow links are switched off before GDAL
starts.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from isofront.errors import BadInputError
from isofront.ground.gpkg import made_up, whole_tables

_MAGIC = {b"SQLite format 3\0": "GPKG", b"fgb\x03": "FlatGeobuf", b"\x00\x00\x27\x0a": "ESRI Shapefile"}
_FAULTS = (ValueError, RuntimeError, OSError, IndexError)

Layer = tuple[Any, dict[str, Any], object]
"""Geometries as well-known binary (None: a row has none), properties by column, the coordinate system as stated."""


def driver_of(start: bytes) -> str | None:
    """The driver that reads a file with such first bytes (16 are enough), if one does."""
    return next((driver for magic, driver in _MAGIC.items() if start.startswith(magic)), None)


def list_layers(path: Path, *, driver: str, name: str) -> list[tuple[str, str | None]]:
    """Each layer's name and kind of geometry, None for a table without one; at least one layer.

    Raises:
        BadInputError: the file cannot be read as the driver's, or holds no layer.
    """
    if driver == "GPKG":
        whole_tables(path, name=name)
    try:
        layers = safe_pyogrio().list_layers(path)
    except _FAULTS as fault:
        raise _unreadable(name, driver, fault) from fault
    if len(layers) == 0:
        raise _unreadable(name, driver, "no layers")
    return [(str(layer), None if kind is None else str(kind)) for layer, kind in layers]


def read_layer(path: Path, layer: str, *, driver: str, name: str) -> Layer:
    """A layer with all that the file says of it, heights left out.

    Raises:
        BadInputError: it cannot be read as the driver's, or its rows are not in the file.
    """
    if driver == "GPKG" and layer.lower() not in whole_tables(path, name=name):
        raise BadInputError(made_up(name, layer))
    pyogrio = safe_pyogrio()
    try:
        opened_as = pyogrio.read_info(path, layer=layer)["driver"]
        if opened_as != driver:
            raise BadInputError(f"{name}: begins as {driver} but opens as {opened_as}")
        meta, _, wkb, columns = pyogrio.raw.read(path, layer=layer, force_2d=True, datetime_as_string=True)
    except _FAULTS as fault:
        raise _unreadable(name, driver, fault) from fault
    fields = {str(field): column for field, column in zip(meta["fields"], columns, strict=True)}
    return wkb if wkb is not None else (), fields, meta["crs"]


def _unreadable(name: str, driver: str, fault: object) -> BadInputError:
    return BadInputError(f"{name}: cannot be read as {driver} ({fault}), wanted a whole file")


def safe_pyogrio() -> Any:
    """pyogrio with every driver off that could follow a link or reach the network; it leaves nothing beside a file.

    It ignores lists of allowed drivers, and GDAL reads this variable only when it starts.
    """
    before = os.environ.get("OGR_SKIP")
    os.environ["OGR_SKIP"] = ",".join(_UNWANTED_DRIVERS)
    try:
        import pyogrio
        import pyogrio.raw
    finally:
        if before is None:
            del os.environ["OGR_SKIP"]
        else:
            os.environ["OGR_SKIP"] = before
    pyogrio.set_gdal_config_options({"GDAL_PAM_ENABLED": "NO"})
    return pyogrio


_UNWANTED_DRIVERS = (
    "CSV", "CSW", "Carto", "Elasticsearch", "ESRIJSON", "GDALG", "GML", "GeoRSS", "GPX", "KML", "LIBKML",
    "MapInfo File", "MBTiles", "MVT", "NGW", "OAPIF", "OGR_GMT", "OGR_VRT", "PDF", "PGDUMP", "PLSCENES",
    "PMTiles", "SQLite", "TopoJSON", "WFS", "XLSX",
)  # fmt: skip
