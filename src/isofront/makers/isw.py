"""ISW and CTP: ArcGIS feature layers as GeoJSON or Esri JSON, whole or in pages.

What a layer shows stands in no feature: it is the layer's name, which an export has as the file's name or its own. So
a feature's own properties are asked first, then the collection's name, then the file's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from isofront.errors import BadInputError
from isofront.makers.areas import Drawn, Fault, Note
from isofront.makers.dates import moment, moment_in_name
from isofront.makers.esri import crs_of, polygons_of
from isofront.makers.features import features_of, raw_features, stated_crs
from isofront.makers.opened import Opened
from isofront.makers.shapes import known_crs

_IDS = ("OBJECTID", "OBJECTID_1", "objectid", "FID", "ObjectId")
_MARKS = {"editdate", "creationdate", "globalid", "globalid_2", "shape__area", "shape_area", "pub_date"}
_SAYING = ("layer", "Layer", "layerName", "layer_name", "status", "Status", "type", "Type", "category", "name", "Name")
_DATED = ("date", "Date", "pub_date", "map_date", "MapDate")
_EDITED = ("EditDate", "editdate", "CreationDate", "created_date", "last_edited_date")
_LAYER = re.compile(
    r"russiacot|assessed ?russian|claimed ?russian|claimed ?ukrainian|ukraine ?control ?map|infiltration ?area"
)


def claims(opened: Opened) -> str | None:
    """Why a document is an ArcGIS layer, or None."""
    document = opened.document
    if not isinstance(document, dict):
        return None
    some = [one for one in _list(document.get("features"))[:20] if isinstance(one, dict)]
    if str(document.get("geometryType", "")).startswith("esri") or any("attributes" in one for one in some):
        return "Esri JSON"
    named = [one.get("properties") for one in some]
    if any(isinstance(one, dict) and not _MARKS.isdisjoint(key.casefold() for key in one) for one in named):
        return "properties of an ArcGIS layer"
    if features_of(document) and _LAYER.search(_stem(opened.name)):
        return "named as its layers are"
    return None


def read(opened: Opened) -> Iterator[Drawn | Fault | Note]:
    """The areas, with what tells their layer."""
    document = opened.document
    if not isinstance(document, dict):
        raise BadInputError(f"{opened.name}: a JSON list, wanted a layer of features as ArcGIS writes it")
    named = (*_texts(document, ("name", "layerName", "title")), _stem(opened.name))
    day, how = _day(opened)
    if how:
        yield Note(how)
    if _goes_on(document):
        yield Note("the server cut it off here (exceededTransferLimit): fetch the next page too, with resultOffset")
    esri = any(isinstance(one, dict) and "attributes" in one for one in _list(document.get("features"))[:20])
    yield from _esri(document, named, day) if esri else _geojson(document, named, day)


def _esri(document: Any, named: tuple[str, ...], day: object) -> Iterator[Drawn | Fault]:
    for number, feature in enumerate(_list(document.get("features")), start=1):
        if not isinstance(feature, dict):
            yield Fault(number, f"is {feature!s:.40}, wanted an Esri feature")
            continue
        given = feature.get("attributes")
        attributes = given if isinstance(given, dict) else {}
        geometry = feature.get("geometry")
        try:
            rings, crs = polygons_of(geometry), crs_of(document, geometry)
        except BadInputError as fault:
            yield Fault(number, str(fault))
            continue
        yield _drawn(number, attributes, rings, named, day, metres=crs)


def _geojson(document: object, named: tuple[str, ...], day: object) -> Iterator[Drawn | Fault]:
    crs = known_crs(stated_crs(document))
    for one in raw_features(document):
        if isinstance(one, Fault):
            yield one
        else:
            yield _drawn(one.number, one.properties, one.polygons, named, day, left_out=one.left_out, metres=crs)


def _drawn(
    number: int, own: Mapping[str, Any], polygons: Any, named: tuple[str, ...], day: object, **more: Any
) -> Drawn:
    stated = next((own[key] for key in _DATED if own.get(key) not in (None, "")), None)
    id_ = next((str(own[key])[:200] for key in _IDS if own.get(key) is not None), None)
    texts = {"layer": (*_texts(own, _SAYING), *named)}
    return Drawn(number, texts, polygons, day=stated if stated is not None else day, id=id_, **more)


def _day(opened: Opened) -> tuple[object, str]:
    """The map's moment: its file's name tells it, else the latest edit of any feature; and how, if by that."""
    in_name = moment_in_name(opened.name)
    if in_name is not None:
        return in_name, ""
    edits = []
    for feature in _list(opened.document.get("features")):
        own = feature.get("attributes", feature.get("properties")) if isinstance(feature, dict) else None
        if isinstance(own, dict):
            edits += [own[key] for key in _EDITED if isinstance(own.get(key), int | str)]
    times = [when for when in map(_moment, edits) if when is not None]
    return (max(times), "dated by its latest edit; --date tells better") if times else (None, "")


def _moment(stated: object) -> Any:
    try:
        return moment(stated)
    except BadInputError:
        return None


def _goes_on(document: Any) -> bool:
    properties = document.get("properties")
    inner = properties if isinstance(properties, dict) else {}
    return document.get("exceededTransferLimit") is True or inner.get("exceededTransferLimit") is True


def _texts(holder: object, names: tuple[str, ...]) -> tuple[str, ...]:
    values = (holder.get(name) for name in names) if isinstance(holder, dict) else ()
    return tuple(value for value in values if isinstance(value, str) and value.strip())


def _stem(name: str) -> str:
    return PurePath(name).stem.replace("_", " ").casefold()


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
