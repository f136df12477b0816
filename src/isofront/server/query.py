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
RECORD_PARAMETERS = ("from", "to", "limit", "offset", "f")
FORMATS = ("json", "geojson")

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_WHOLE = re.compile(r"\+?\d{1,18}", re.ASCII)
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class BadQueryError(ValueError):
    """A parameter that cannot be used: its text is for the client, and so is the name of the one at fault."""

    def __init__(self, text: str, parameter: str | None = None) -> None:
        super().__init__(text)
        self.parameter = parameter


@dataclass(frozen=True, slots=True)
class Query:
    """Which items: those that meet any of `boxes` (None: all), from `first` to `last`, so many, from the n-th on."""

    boxes: tuple[Box, ...] | None = None
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
    limit, offset = _paging(plain)
    boxes = _boxes(plain["bbox"]) if "bbox" in plain else None
    return Query(boxes, first, last, limit, offset)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records: of days from `first` to `last`, so many, from the n-th on; `words` are the other parameters."""

    first: datetime
    last: datetime
    limit: int
    offset: int
    spans: bool
    words: Mapping[str, str]


def wanted_of(parameters: Mapping[str, Sequence[str]], *words: str) -> Wanted:
    """What is asked of a list of records, with parameters of its own.

    Raises:
        BadQueryError: one is unknown, given twice, or has a value that cannot be used.
    """
    plain = checked(parameters, (*words, *RECORD_PARAMETERS))
    first = _span(plain["from"], name="from")[0] if "from" in plain else _FIRST
    last = _span(plain["to"], name="to")[1] if "to" in plain else _LAST
    if first > last:
        raise BadQueryError("from: lies after to", "from")
    limit, offset = _paging(plain)
    spans, own = "from" in plain or "to" in plain, {key: plain[key] for key in words if key in plain}
    return Wanted(first, last, limit, offset, spans, own)


def _paging(plain: Mapping[str, str]) -> tuple[int, int]:
    limit = _whole("limit", plain.get("limit", str(DEFAULT_LIMIT)), least=1)
    offset = _whole("offset", plain.get("offset", "0"), least=0)
    if offset > MOST_OFFSET:
        raise BadQueryError(f"offset: wanted at most {MOST_OFFSET}", "offset")
    return min(limit, MOST_LIMIT), offset


def checked(parameters: Mapping[str, Sequence[str]], known: Sequence[str] = ("f",)) -> dict[str, str]:
    """Parameters that are known, each once, in a format that is served.

    Raises:
        BadQueryError: one is not.
    """
    for name, values in parameters.items():
        if name not in known:
            raise BadQueryError(f"parameter {name[:40]!r} is not known here, wanted {', '.join(known)}", name[:40])
        if len(values) != 1:
            raise BadQueryError(f"parameter {name} is given {len(values)} times, wanted once", name)
    plain = {name: values[0] for name, values in parameters.items()}
    if plain.get("f", FORMATS[0]) not in FORMATS:
        raise BadQueryError(f"f: format {plain['f'][:40]!r} is not served, wanted {' or '.join(FORMATS)}", "f")
    return plain


def _whole(name: str, text: str, *, least: int) -> int:
    if not _WHOLE.fullmatch(text) or int(text) < least:
        raise BadQueryError(f"{name}: read {text[:40]!r}, wanted a whole number of at least {least}", name)
    return int(text)


def _boxes(text: str) -> tuple[Box, ...]:
    parts = text.split(",")
    if len(parts) not in (4, 6) or not all(_NUMBER.fullmatch(part) for part in parts):
        raise BadQueryError(f"bbox: read {text[:80]!r}, wanted west,south,east,north in degrees", "bbox")
    numbers = [float(part) for part in parts]
    west, south, east, north = numbers if len(numbers) == 4 else (*numbers[:2], *numbers[3:5])
    if not all(map(math.isfinite, (west, south, east, north))):
        raise BadQueryError("bbox: wanted finite numbers", "bbox")
    if south > north:
        raise BadQueryError(f"bbox: south {south:g} lies north of {north:g}, wanted west,south,east,north", "bbox")
    if west <= east:
        return ((west, south, east, north),)
    halves = ((west, south, 180.0, north), (-180.0, south, east, north))
    return tuple(half for half in halves if half[0] <= half[2])


def _interval(text: str) -> tuple[datetime, datetime]:
    parts = text.split("/")
    if len(parts) > 2:
        raise BadQueryError(f"datetime: read {text[:80]!r}, wanted a time, or two with a slash between", "datetime")
    if len(parts) == 1:
        return _span(parts[0])
    if all(part in ("", "..") for part in parts):
        raise BadQueryError("datetime: open at both ends, wanted a time at one at least", "datetime")
    first = _FIRST if parts[0] in ("", "..") else _span(parts[0])[0]
    last = _LAST if parts[1] in ("", "..") else _span(parts[1])[1]
    if first > last:
        raise BadQueryError(f"datetime: {text[:80]!r} ends before it begins", "datetime")
    return first, last


def _span(text: str, *, name: str = "datetime") -> tuple[datetime, datetime]:
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
    raise BadQueryError(f"{name}: read {text[:40]!r}, wanted a time like 2030-01-31T12:00:00Z, or a day", name)
