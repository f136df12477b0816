"""What a client asks of items: `bbox`, `datetime`, `limit`, `offset`; wrong values are told, never guessed.

After OGC API – Features Part 1 (17-069r4), 7.15: a parameter that is not known is an error, a `limit` over the most is
not; `bbox` has four numbers, or six whose heights are read and not used; west may lie east of east, across the
antimeridian; `datetime` is a moment, or two with a slash between, open where `..` or nothing stands.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from isofront.server.shelf import Box

DEFAULT_LIMIT, MOST_LIMIT = 100, 1000
MOST_OFFSET = 2**31
PARAMETERS = ("bbox", "datetime", "limit", "offset", "f")
FORMATS = ("json", "geojson")

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_WHOLE = re.compile(r"\+?\d{1,18}", re.ASCII)
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class BadQueryError(ValueError):
    """A parameter that cannot be used; its text is for the client."""


@dataclass(frozen=True, slots=True)
class Query:
    """Which items: those that meet any of `boxes` (none: all), from `first` to `last`, so many, from the n-th on."""

    boxes: tuple[Box, ...] = ()
    first: datetime = _FIRST
    last: datetime = _LAST
    limit: int = DEFAULT_LIMIT
    offset: int = 0


def query_of(parameters: Mapping[str, Sequence[str]]) -> Query:
    """The query in a URL's parameters.

    Raises:
        BadQueryError: one is unknown, given twice, or has a value that cannot be used.
    """
    plain = checked(parameters, PARAMETERS)
    first, last = _interval(plain["datetime"]) if "datetime" in plain else (_FIRST, _LAST)
    limit = _whole("limit", plain.get("limit", str(DEFAULT_LIMIT)), least=1)
    offset = _whole("offset", plain.get("offset", "0"), least=0)
    if offset > MOST_OFFSET:
        raise BadQueryError(f"offset: wanted at most {MOST_OFFSET}")
    boxes = _boxes(plain["bbox"]) if "bbox" in plain else ()
    return Query(boxes, first, last, min(limit, MOST_LIMIT), offset)


def checked(parameters: Mapping[str, Sequence[str]], known: Sequence[str] = ("f",)) -> dict[str, str]:
    """Parameters that are known, each once, in a format that is served.

    Raises:
        BadQueryError: one is not.
    """
    for name, values in parameters.items():
        if name not in known:
            raise BadQueryError(f"parameter {name[:40]!r} is not known here, wanted {', '.join(known)}")
        if len(values) != 1:
            raise BadQueryError(f"parameter {name} is given {len(values)} times, wanted once")
    plain = {name: values[0] for name, values in parameters.items()}
    if plain.get("f", FORMATS[0]) not in FORMATS:
        raise BadQueryError(f"f: format {plain['f'][:40]!r} is not served, wanted {' or '.join(FORMATS)}")
    return plain


def _whole(name: str, text: str, *, least: int) -> int:
    if not _WHOLE.fullmatch(text) or int(text) < least:
        raise BadQueryError(f"{name}: read {text[:40]!r}, wanted a whole number of at least {least}")
    return int(text)


def _boxes(text: str) -> tuple[Box, ...]:
    parts = text.split(",")
    if len(parts) not in (4, 6) or not all(_NUMBER.fullmatch(part) for part in parts):
        raise BadQueryError(f"bbox: read {text[:80]!r}, wanted west,south,east,north in degrees")
    numbers = [float(part) for part in parts]
    west, south, east, north = numbers if len(numbers) == 4 else (*numbers[:2], *numbers[3:5])
    if not all(map(math.isfinite, (west, south, east, north))):
        raise BadQueryError("bbox: wanted finite numbers")
    if south > north:
        raise BadQueryError(f"bbox: south {south:g} lies north of {north:g}, wanted west,south,east,north")
    if west <= east:
        return ((west, south, east, north),)
    return ((west, south, 180.0, north), (-180.0, south, east, north)) if west <= 180 and east >= -180 else ()


def _interval(text: str) -> tuple[datetime, datetime]:
    parts = text.split("/")
    if len(parts) > 2:
        raise BadQueryError(f"datetime: read {text[:80]!r}, wanted a time, or two with a slash between")
    if len(parts) == 1:
        return _span(parts[0])
    if all(part in ("", "..") for part in parts):
        raise BadQueryError("datetime: open at both ends, wanted a time at one at least")
    first = _FIRST if parts[0] in ("", "..") else _span(parts[0])[0]
    last = _LAST if parts[1] in ("", "..") else _span(parts[1])[1]
    if first > last:
        raise BadQueryError(f"datetime: {text[:80]!r} ends before it begins")
    return first, last


def _span(text: str) -> tuple[datetime, datetime]:
    """A time's moment, twice; of a day its first moment and its last."""
    try:
        if _DAY.fullmatch(text):
            start = datetime.fromisoformat(text).replace(tzinfo=UTC)
            return start, start + (timedelta(days=1) - timedelta(microseconds=1))
        if _TIME.fullmatch(text):
            moment = datetime.fromisoformat(text.upper()).astimezone(UTC)
            return moment, moment
    except (ValueError, OverflowError):
        pass
    raise BadQueryError(f"datetime: read {text[:40]!r}, wanted a time like 2030-01-31T12:00:00Z, or a day")
