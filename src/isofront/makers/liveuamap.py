"""Liveuamap: fields with a name, a free text and points; the points as {lat, lng}, or as flat rows of lat, lng."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from isofront.errors import BadInputError
from isofront.makers.areas import Drawn, Fault
from isofront.makers.dates import moment_in_name
from isofront.makers.opened import Opened

_MARKUP = re.compile(r"<[^>]{0,2000}>")


def claims(opened: Opened) -> str | None:
    """Why a document is Liveuamap's, or None."""
    fields = opened.document.get("fields") if isinstance(opened.document, dict) else None
    some = list(fields.values())[:20] if isinstance(fields, dict) else []
    if any(isinstance(one, dict) and "points" in one for one in some):
        return "fields with points"
    return None


def read(opened: Opened) -> Iterator[Drawn | Fault]:
    """The areas; each row of points is a part of its own."""
    document = opened.document
    if claims(opened) is None:
        raise BadInputError(f"{opened.name}: no fields with points in it, as Liveuamap's files have them")
    day = next((document[key] for key in ("date", "time", "timestamp") if document.get(key)), None)
    in_name = moment_in_name(opened.name)
    for number, (id_, field) in enumerate(document["fields"].items(), start=1):
        if not isinstance(field, dict):
            yield Fault(number, f"field {id_!s:.40} is {field!s:.40}, wanted name, description and points")
            continue
        try:
            polygons = [[ring] for ring in _rings(field.get("points"))]
        except ValueError as fault:
            yield Fault(number, f"field {id_!s:.40}: {fault}")
            continue
        name, told = _bare(field.get("name")), _bare(field.get("description"))
        texts = {"name": (name,), "text": (f"{name} {told}",)}
        yield Drawn(number, texts, polygons, day=in_name if day is None else day, id=str(id_)[:200])


def _rings(points: object) -> list[list[list[float]]]:
    if not isinstance(points, list) or not points:
        raise ValueError(f"points are {points!s:.40}, wanted a list of them")
    if all(isinstance(point, dict) for point in points):
        return [[_from_pair(point) for point in points]]
    if all(isinstance(row, list) for row in points):
        pairs = all(len(row) == 2 for row in points) and not any(isinstance(one, dict) for row in points for one in row)
        rows = [[value for row in points for value in row]] if pairs and len(points) > 1 else points
        return [_row(row) for row in rows]
    return [_row(points)]


def _row(row: list[Any]) -> list[list[float]]:
    """A part: pairs, or lat, lng, lat, lng."""
    if row and all(isinstance(point, dict) for point in row):
        return [_from_pair(point) for point in row]
    if row and all(isinstance(point, list) and len(point) == 2 for point in row):
        row = [value for point in row for value in point]
    if len(row) % 2:
        raise ValueError(f"a row of {len(row)} numbers, wanted lat, lng in turn")
    numbers = [_number(value) for value in row]
    return [[lng, lat] for lat, lng in zip(numbers[::2], numbers[1::2], strict=True)]


def _from_pair(point: dict[str, Any]) -> list[float]:
    return [_number(point.get("lng", point.get("lon"))), _number(point.get("lat"))]


def _number(value: object) -> float:
    if isinstance(value, str):
        return float(value[:40])
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"a coordinate is {value!s:.40}, wanted a number")
    try:
        return float(value)
    except OverflowError as fault:
        raise ValueError("a coordinate is not finite, wanted lon and lat in degrees") from fault


def _bare(text: object) -> str:
    return " ".join(_MARKUP.sub(" ", text[:4000]).split()) if isinstance(text, str) else ""
