"""GeoJSON and NDJSON to reports and refusals; whatever nests too deep or is too big is refused before it is built."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from functools import partial
from io import BufferedIOBase
from typing import Any

import msgspec

from isofront.errors import BadInputError
from isofront.sources.columns import meaning
from isofront.sources.row import NO_LINK, read_row
from isofront.sources.terms import Found, Refused, Terms
from isofront.sources.text import MAX_RECORD_BYTES

MAX_GEOJSON_BYTES = 256 << 20
"""A FeatureCollection is held in memory whole; larger evidence comes as NDJSON or CSV, which stream."""
MAX_DEPTH = 20

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


class _Collection(msgspec.Struct):
    """A FeatureCollection, its features still in their own bytes."""

    features: list[msgspec.Raw]
    type: str = ""


_OBJECTS = msgspec.json.Decoder(dict[str, Any])


def read_geojson(content: bytes, *, file: str, terms: Terms) -> Iterator[Callable[[], Found | Refused]]:
    """The features, their properties being the columns and their geometry the extent.

    Raises:
        BadInputError: it is no FeatureCollection, is too large, or nests too deep.
    """
    if len(content) > MAX_GEOJSON_BYTES:
        raise BadInputError(
            f"{file}: {len(content) >> 20} MB of GeoJSON, wanted at most {MAX_GEOJSON_BYTES >> 20}"
            " (CSV and NDJSON stream)"
        )
    if depth_of(content) > MAX_DEPTH:
        raise BadInputError(f"{file}: JSON nested deeper than {MAX_DEPTH}")
    try:
        collection = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=_Collection)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise BadInputError(f"{file}: cannot be read as a GeoJSON FeatureCollection ({fault})") from fault
    return (partial(_feature, bytes(raw), number, terms) for number, raw in enumerate(collection.features, start=1))


def read_ndjson(stream: BufferedIOBase, *, terms: Terms) -> Iterator[Callable[[], Found | Refused]]:
    """The lines, each an object of columns or a GeoJSON feature; blank lines are none."""
    number = 0
    while raw := stream.readline(MAX_RECORD_BYTES):
        number += 1
        if len(raw) >= MAX_RECORD_BYTES and not raw.endswith(b"\n"):
            _skip_line(stream)
            yield partial(Refused, number, None, f"line longer than {MAX_RECORD_BYTES:,} bytes", raw[:4096])
        elif raw.strip(b"\xef\xbb\xbf \t\r\n"):
            yield partial(_line, raw, number, terms)


def _skip_line(stream: BufferedIOBase) -> None:
    while (rest := stream.readline(MAX_RECORD_BYTES)) and not rest.endswith(b"\n"):
        pass


def depth_of(content: bytes) -> int:
    """How deep objects and arrays nest, found without building any."""
    depth = deepest = 0
    for token in _TOKEN.finditer(content):
        first = token[0][:1]
        if first in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif first in b"]}":
            depth -= 1
        if deepest > MAX_DEPTH:
            return deepest
    return deepest


def _line(raw: bytes, number: int, terms: Terms) -> Found | Refused:
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH and depth_of(raw) > MAX_DEPTH:
        return Refused(number, None, f"JSON nested deeper than {MAX_DEPTH}", raw[:4096])
    return _feature(raw.strip(b"\xef\xbb\xbf \t\r\n"), number, terms)


def _feature(raw: bytes, number: int, terms: Terms) -> Found | Refused:
    try:
        item = _OBJECTS.decode(raw)
        return read_row(_cells(item), number=number, raw=raw, terms=terms)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        return Refused(number, None, f"cannot be read as a JSON object ({fault})", raw)
    except _UnfitError as fault:
        return Refused(number, fault.column, fault.reason, raw)


class _UnfitError(Exception):
    """A property or geometry that is no cell; never leaves this module."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


def _cells(item: dict[str, Any]) -> dict[str, str]:
    if item.get("type") != "Feature":
        return _properties(item)
    properties = item.get("properties") or {}
    if not isinstance(properties, dict):
        raise _UnfitError("properties", "wanted an object")
    row = _properties(properties)
    if "id" not in row and isinstance(item.get("id"), str | int):
        row["id"] = str(item["id"])
    return row | _geometry(item.get("geometry"))


def _properties(item: dict[str, Any]) -> dict[str, str]:
    row: dict[str, str] = {}
    for name, value in item.items():
        column = meaning(name)
        if column is None:
            continue
        if column in row:
            raise _UnfitError(column, f"{name!r} says it a second time")
        row.update(_links(value) if name == "links" and isinstance(value, list) else {column: _text(column, value)})
    return row


def _links(value: list[Any]) -> dict[str, str]:
    links = [link if isinstance(link, dict) else {"url": link} for link in value]
    urls = [_text("url", link.get("url")) or NO_LINK for link in links]
    media = [_text("media_hash", link.get("media_hash")) for link in links]
    return {"url": " ".join(urls)} | ({"media_hash": " ".join(media)} if any(media) else {})


def _text(column: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(value)
    raise _UnfitError(column, f"{type(value).__name__}, wanted text or a number")


def _geometry(geometry: object) -> dict[str, str]:
    if geometry is None:
        return {}
    if not isinstance(geometry, dict):
        raise _UnfitError("geometry", "wanted an object")
    kind, coordinates = str(geometry.get("type")), geometry.get("coordinates")
    if kind == "Point":
        lon, lat = _pair(coordinates)
        return {"lon": repr(lon), "lat": repr(lat)}
    depth = _DEPTHS.get(kind)
    if depth is None:
        raise _UnfitError("geometry", f"{kind[:30]!r}, wanted {', '.join(('Point', *_DEPTHS))}")
    return {"wkt": f"{kind.upper()} {_written(coordinates, depth)}"}


_DEPTHS = {"MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}


def _written(coordinates: object, depth: int) -> str:
    if depth == 0:
        lon, lat = _pair(coordinates)
        return f"{lon!r} {lat!r}"
    if not isinstance(coordinates, list) or not coordinates:
        raise _UnfitError("geometry", "coordinates are missing")
    return f"({', '.join(_written(part, depth - 1) for part in coordinates)})"


def _pair(coordinates: object) -> tuple[float, float]:
    if isinstance(coordinates, list) and len(coordinates) >= 2:
        lon, lat = (_finite(value) for value in coordinates[:2])
        if lon is not None and lat is not None:
            return lon, lat
    raise _UnfitError("geometry", "a coordinate is no pair of finite numbers")


def _finite(value: object) -> float | None:
    """A number of JSON, which may have any number of digits."""
    if type(value) not in (int, float):
        return None
    try:
        found = float(value)  # type: ignore[arg-type]
    except OverflowError:
        return None
    return found if math.isfinite(found) else None
