"""Anybody's layers: GeoJSON, GeoPackage, GeoParquet, Shapefile, FlatGeobuf; a crosswalk says what their classes mean.

Every property may be looked at by a rule, under its name in small letters. A user's own layer with many dates and
classes is read the same way: where it says `class` and `side` in Isofront's words, it needs no crosswalk.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from isofront.errors import BadInputError
from isofront.ground.gdal import driver_of, list_layers, read_layer
from isofront.ground.geoparquet import read_geoparquet
from isofront.ground.rings import Budget, Ring
from isofront.ground.wkb import polygons_in_wkb
from isofront.makers.areas import Drawn, Fault, MapClass, Note
from isofront.makers.crosswalk import Crosswalk
from isofront.makers.dates import moment_in_name
from isofront.makers.features import RawFeature, features_of, raw_features, stated_crs
from isofront.makers.opened import Opened
from isofront.makers.shapes import known_crs

MAX_PROPERTIES = 60
MAX_LAYERS = 50
OWN_DATES = ("date", "map_date", "as_of")
"""Where layers in Isofront's words have their date; `as_of` is that of the files that `map` and `export` write."""
_POINTS = ("Point", "LineString", "MultiPoint", "MultiLineString", "Point Z", "LineString Z")
_CLASSES = {one.value for one in MapClass}


def claims(opened: Opened) -> str | None:
    """Why a file is a layer; any GeoJSON and all that GDAL reads are."""
    if opened.kind == "layer":
        return "a layer"
    features = features_of(opened.document)
    if not features:
        return None
    return "features with `class`" if any(_class(one) in _CLASSES for one in features) else "GeoJSON"


def read(opened: Opened, crosswalk: Crosswalk) -> Iterator[Drawn | Fault | Note]:
    """The areas with all their properties as texts."""
    if opened.kind == "json":
        yield from _from_geojson(opened, crosswalk)
    else:
        assert opened.path is not None
        yield from _from_file(opened.path, opened.name, crosswalk)


def _from_geojson(opened: Opened, crosswalk: Crosswalk) -> Iterator[Drawn | Fault]:
    day = moment_in_name(opened.name)
    crs = known_crs(stated_crs(opened.document))
    for one in raw_features(opened.document):
        if isinstance(one, Fault):
            yield one
        else:
            yield _drawn(one, crosswalk, day, crs)


def _drawn(one: RawFeature, crosswalk: Crosswalk, day: object, crs: str | None, layer: str = "") -> Drawn:
    texts = _texts(one.properties)
    texts.setdefault("layer", (layer,))
    stated = _stated_day(one.properties, crosswalk)
    own_id = one.properties.get(crosswalk.id)
    return Drawn(
        one.number,
        texts,
        one.polygons,
        day=_day(stated) if stated not in (None, "") else day,
        id=one.id if own_id is None else str(own_id)[:200],
        left_out=one.left_out,
        metres=crs,
    )


def _stated_day(properties: Mapping[str, Any], crosswalk: Crosswalk) -> Any:
    """The property that the crosswalk names; where it names none of its own also those of Isofront's own maps."""
    names = (crosswalk.date, *OWN_DATES) if crosswalk.date == OWN_DATES[0] else (crosswalk.date,)
    return next((found for name in names if (found := properties.get(name)) not in (None, "")), None)


def _texts(properties: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, value in list(properties.items())[:MAX_PROPERTIES]:
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            found[str(name).casefold()] = (str(value)[:2_000],)
    return found


def _day(stated: object) -> object:
    """A date as Python has it; numpy's and pandas' are read by their text."""
    if isinstance(stated, str | int | float | date | datetime):
        return stated
    if isinstance(stated, np.datetime64):
        return None if np.isnat(stated) else str(stated)[:19]
    return stated.item() if isinstance(stated, np.generic) else str(stated)


def _class(feature: object) -> object:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    found = properties.get("class") if isinstance(properties, dict) else None
    return found.casefold() if isinstance(found, str) else None


# Files that GDAL or Arrow reads


def _from_file(path: Path, name: str, crosswalk: Crosswalk) -> Iterator[Drawn | Fault | Note]:
    with path.open("rb") as file:
        start = file.read(16)
    if start.startswith(b"PAR1"):
        yield from _rows(*_parquet(path, name), name=name, crosswalk=crosswalk, layer="", first=0)
        return
    driver = driver_of(start)
    if driver is None:
        raise BadInputError(f"{name}: what is packed in it is no Shapefile, wanted a whole one")
    n_read = 0
    with _without_warnings():
        layers = list_layers(path, driver=driver, name=name)[:MAX_LAYERS]
    for layer, kind in layers:
        if kind is None or kind in _POINTS:
            yield Note(f"layer {layer[:60]}: {'a table' if kind is None else f'of {kind}'}, no areas, not read")
            continue
        with _without_warnings():
            geometries, fields, crs = read_layer(path, layer, driver=driver, name=name)
        yield from _rows(geometries, fields, _crs(crs, name), name=name, crosswalk=crosswalk, layer=layer, first=n_read)
        n_read += len(geometries)


def _rows(
    geometries: Any,
    fields: Mapping[str, Any],
    crs: str | None,
    *,
    name: str,
    crosswalk: Crosswalk,
    layer: str,
    first: int,
) -> Iterator[Drawn | Fault]:
    day = moment_in_name(f"{layer}.x") or moment_in_name(name)
    budget = Budget(name)
    for row, wkb in enumerate(geometries):
        number = first + row + 1
        properties = {field: _plain(column[row]) for field, column in fields.items()}
        if not wkb:
            yield Fault(number, "has no geometry, wanted a Polygon or MultiPolygon")
            continue
        try:
            polygons = polygons_in_wkb(wkb, where="", budget=budget, check=_unchecked)
        except BadInputError as fault:
            if budget.left < 0:
                raise
            yield Fault(number, str(fault).removeprefix(": "))
            continue
        yield _drawn(RawFeature(number, properties, polygons), crosswalk, day, crs, layer)


def _unchecked(ring: Ring, *, where: str) -> Ring:
    return ring


def _plain(value: object) -> Any:
    return value.item() if isinstance(value, np.generic) and not isinstance(value, np.datetime64) else value


@contextlib.contextmanager
def _without_warnings() -> Iterator[None]:
    """GDAL warns of all that is odd in a file; what matters becomes an error or a feature that is refused."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _parquet(path: Path, name: str) -> tuple[Any, dict[str, Any], str | None]:
    wkb, fields, crs = read_geoparquet(path, name=name)
    return wkb, fields, _crs(crs, name)


def _crs(stated: object, name: str) -> str | None:
    try:
        return known_crs(stated)
    except BadInputError as fault:
        raise BadInputError(f"{name}: {fault}") from fault
