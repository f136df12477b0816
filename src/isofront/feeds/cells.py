"""Cells of feeds as numbers, spots and times; what cannot be one is a bad cell with its column and reason."""

from __future__ import annotations

import html
import math
import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from isofront.errors import BadInputError
from isofront.feeds.entry import BadCellError
from isofront.ground.degrees import M_PER_DEGREE
from isofront.ground.grid import Bounds
from isofront.makers.dates import moment

FUTURE = timedelta(days=1)
"""What lies further ahead than this has not happened."""
MAX_ERROR_M = 100_000.0
MAX_URL_CHARS = 2_000
MAX_URLS = 10
_SHOWN = 40
_WORDED = re.compile(r"\s*(\d{1,2})[ ./-]([A-Za-z]{3,9})[ ./-](\d{4})\s*")
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, start=1)}
_TAG = re.compile(r"<[^<>]{0,2000}>")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\s]+")
_URL = re.compile(r"https?://[^\s\"'<>|,;\\\x00-\x1f]+", re.IGNORECASE)


class Spot(NamedTuple):
    """Degrees, and the standard deviation (m) that the number of decimals alone leaves open."""

    lon: float
    lat: float
    rounding_m: float


def shown(text: str) -> str:
    """A cell as a message shows it: quoted, and short."""
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "...")


def number(column: str, text: str) -> float:
    """A finite number; a comma may stand for the point."""
    try:
        value = float(text)
    except ValueError:
        value = _with_comma(column, text)
    if not math.isfinite(value) or "_" in text:
        raise BadCellError(column, f"{shown(text)} is no finite number")
    return value


def _with_comma(column: str, text: str) -> float:
    try:
        return float(text.replace(",", ".", 1))
    except ValueError:
        raise BadCellError(column, f"{shown(text)} is no number" if text else "empty, wanted a number") from None


def spot(lon_text: str, lat_text: str, *, bounds: Bounds | None = None) -> Spot:
    """Where an entry lies; refused where it is nowhere, or where lon and lat are plainly the other way round."""
    lon, lat = number("longitude", lon_text), number("latitude", lat_text)
    if not (-90.0 <= lat <= 90.0 and -180.0 <= lon <= 180.0):
        raise _out_of_range(lon, lat)
    if lon == 0.0 and lat == 0.0:
        raise BadCellError("longitude", "0, 0 is where a missing place ends up")
    if bounds is not None and not bounds.holds(lon, lat) and bounds.holds(lat, lon):
        raise BadCellError(
            "longitude", f"lon {lon:g}, lat {lat:g} look swapped: the other way round they lie in the theatre"
        )
    return Spot(lon, lat, _ROUNDING_M[max(_decimals(lon_text), _decimals(lat_text))])


def _out_of_range(lon: float, lat: float) -> BadCellError:
    swapped = " (swapped with longitude?)" if abs(lat) > 90 and abs(lon) <= 90 and abs(lat) <= 180 else ""
    if abs(lat) > 90:
        return BadCellError("latitude", f"{lat:g} is no latitude, wanted -90 to 90 degrees{swapped}")
    return BadCellError("longitude", f"{lon:g} is no longitude, wanted -180 to 180 degrees")


def _decimals(text: str) -> int:
    """How many decimals a number is written with; a great many where it is written as a power."""
    if "e" in text or "E" in text:
        return _MOST_DECIMALS
    point = max(text.find("."), text.find(","))
    return 0 if point < 0 else min(len(text.rstrip()) - point - 1, _MOST_DECIMALS)


_MOST_DECIMALS = 7
# A number rounded at decimal n is spread evenly over 10^-n degrees: standard deviation width / sqrt(12).
_ROUNDING_M = tuple(min(M_PER_DEGREE * 10.0**-n / math.sqrt(12), MAX_ERROR_M) for n in range(_MOST_DECIMALS + 1))


@lru_cache(maxsize=20_000)
def when(text: str, *, now: datetime, month_first: bool = False) -> tuple[datetime, bool]:
    """A moment in UTC, and whether only its day is told; raises ValueError with the reason."""
    text = text.strip()
    if not text:
        raise ValueError("empty, wanted a date")
    try:
        found = moment(_iso(text, month_first=month_first))
    except BadInputError as fault:
        raise ValueError(str(fault)) from None
    if found is None:
        raise ValueError("empty, wanted a date")
    if found > now + FUTURE:
        raise ValueError(f"{found:%Y-%m-%d} lies in the future (now is {now:%Y-%m-%d})")
    midnight = not (found.hour or found.minute or found.second or found.microsecond)
    return found, midnight


def _iso(text: str, *, month_first: bool) -> str:
    """Days that name their month, and days whose order the feed fixes, as ISO 8601; all else as it is."""
    worded = _WORDED.fullmatch(text)
    if worded and (month := _MONTHS.get(worded[2][:3].casefold())):
        return f"{worded[3]}-{month:02}-{int(worded[1]):02}"
    if month_first and (turned := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)):
        return f"{turned[3]}-{int(turned[1]):02}-{int(turned[2]):02}"
    return text


def day_or_moment(column: str, text: str, *, now: datetime, month_first: bool = False) -> str:
    """`happened_at` of a time as a feed writes it: a bare day where no clock time is told."""
    try:
        found, only_day = when(text, now=now, month_first=month_first)
    except ValueError as fault:
        raise BadCellError(column, str(fault)) from None
    return day(found) if only_day else instant(found)


def start_of(column: str, text: str, *, now: datetime) -> datetime:
    """The moment or the start of the day."""
    try:
        return when(text, now=now)[0]
    except ValueError as fault:
        raise BadCellError(column, str(fault)) from None


def day(found: datetime) -> str:
    """The day of a moment, ISO 8601."""
    return found.date().isoformat()


def instant(found: datetime) -> str:
    """A moment, ISO 8601, UTC."""
    return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def span(first: datetime, last: datetime, *, now: datetime) -> str:
    """The days from one to another, the last not later than today."""
    last = max(first, min(last, now))
    return day(first) if first.date() == last.date() else f"{day(first)}/{day(last)}"


def links(*texts: str) -> str:
    """The addresses in some texts, each once, separated by spaces; nothing else survives."""
    found: dict[str, None] = {}
    for text in texts:
        if "://" in text:
            for url in _URL.findall(text[:20_000]):
                if len(url) <= MAX_URL_CHARS and len(found) < MAX_URLS:
                    found[url.rstrip(".)]}")] = None
    return " ".join(found)


def plain_text(text: str, *, most: int = 4_000) -> str:
    """A description without markup and control characters, on one line."""
    text = text[:most]
    if "<" in text or "&" in text:
        text = _TAG.sub(" ", html.unescape(_TAG.sub(" ", text)))
    return " ".join(_CONTROL.sub(" ", text).split())
