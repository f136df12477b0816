"""Which reports are the same event told twice; pure, and the same whatever order they come in.

Two reports are near-duplicates when one of these holds:

    media   they carry the same media hash
    link    they carry the same link, and lie near each other in place and time
    moment  same kind, same side, same instant, and as near as their errors allow
    day     same kind, same side, same day, from different sources, both exact in place and within 300 m

`moment` is what reposts of one geolocated item look like: the same timestamp, a place worked out anew.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from isofront.evidence.report import Kind, Link, Report
from isofront.evidence.traits import Traits, media_of, plain_url, traits_of, urls_of
from isofront.ground.degrees import M_PER_DEGREE, apart_m

NEAR_M = 300.0
"""Two exact places nearer than this can be one place worked out twice."""
SAME_MOMENT_ERRORS = 3.0
"""How many combined standard deviations apart two places of one instant may lie."""
LINK_NEAR_M = 2000.0
LINK_NEAR = timedelta(days=3)
SAME_DAY_APART = timedelta(hours=1)
"""Two clock times on one day further apart than this are two events."""

_CELL_DEG = 0.02
_NORTH_CELLS = NEAR_M / M_PER_DEGREE * 1.01 / _CELL_DEG
_MICROSECOND = timedelta(microseconds=1)
_DAY_US, _LINK_NEAR_US = timedelta(days=1) // _MICROSECOND, LINK_NEAR // _MICROSECOND
_SAME_DAY_APART_US = SAME_DAY_APART // _MICROSECOND
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MEDIA, _LINK, _MOMENT, _DAY = range(1, 5)


@dataclass(frozen=True, slots=True)
class Keys:
    """Where a report is filed, and where its near-duplicates could have been filed (a superset)."""

    filed: list[int]
    searched: list[int]


def keys_of(report: Report) -> Keys:
    """The report's keys; two near-duplicates share one, or lie in neighbouring cells of one day."""
    since, what = report.happened.start - _EPOCH, _what_code(report.kind, report.seen)
    exact = _link_keys(report.links)
    if is_instant(report):
        exact.append(_key(since.days, _MOMENT, _mixed(since.seconds, since.microseconds, what)))
    if report.error_m > NEAR_M:
        return Keys(exact, exact)
    own, around = _day_keys(report, since.days, what)
    filed = [*exact, own]
    return Keys(filed, filed if len(around) == 1 else [*exact, *around])


def likeness(one: Report, other: Report) -> str | None:
    """The first rule above that makes the two near-duplicates of each other, or None. Symmetric."""
    return why_alike(traits_of(one), traits_of(other))


def why_alike(one: Traits, other: Traits) -> str | None:
    """`likeness` of two reports by their traits. Most that are compared lie far apart, which is tested first."""
    north_m = abs(one.lat - other.lat) * M_PER_DEGREE
    is_far = north_m > NEAR_M and north_m > SAME_MOMENT_ERRORS * (one.error_m + other.error_m)
    if is_far and one.urls.isdisjoint(other.urls) and one.media.isdisjoint(other.media):
        return None
    if not one.media.isdisjoint(other.media):
        return "media"
    away_m = apart_m(one.lon, one.lat, other.lon, other.lat)
    if not one.urls.isdisjoint(other.urls) and _near_by_link(one, other, away_m):
        return "link"
    if one.kind is not other.kind or one.seen != other.seen:
        return None
    if _same_moment(one, other) and away_m <= max(NEAR_M, _errors_m(one, other)):
        return "moment"
    return "day" if away_m <= NEAR_M and _same_day(one, other) else None


def reach_deg(one: Traits, error_m: float) -> float:
    """Degrees of latitude within which a report's near-duplicates by `moment` or `day` of no larger error must lie."""
    # A sum of errors is no less than the root of their squares; a hundredth more for what rounding takes.
    return 1.01 * max(NEAR_M, SAME_MOMENT_ERRORS * (one.error_m + error_m)) / M_PER_DEGREE


def is_placed(key: int) -> bool:
    """Whether reports meet under this key by time and place, not by what they link to."""
    return key >> 32 & 0xF in (_MOMENT, _DAY)


def _errors_m(one: Traits, other: Traits) -> float:
    return SAME_MOMENT_ERRORS * math.hypot(one.error_m, other.error_m)


def _near_by_link(one: Traits, other: Traits, away_m: float) -> bool:
    # One post may list many places, and a bare channel address says nothing at all.
    near = away_m <= max(LINK_NEAR_M, _errors_m(one, other))
    return near and abs(one.start_us - other.start_us) <= _LINK_NEAR_US


def _same_moment(one: Traits, other: Traits) -> bool:
    return one.start_us == one.end_us == other.start_us == other.end_us


def _same_day(one: Traits, other: Traits) -> bool:
    if one.source == other.source or max(one.error_m, other.error_m) > NEAR_M:
        return False
    if one.by and other.by and one.by != other.by:
        return False
    if one.is_instant and other.is_instant and abs(one.start_us - other.start_us) > _SAME_DAY_APART_US:
        return False
    return one.start_us // _DAY_US == other.start_us // _DAY_US


def is_instant(report: Report) -> bool:
    """Whether the time is given to the clock, not as a day or a span."""
    return report.happened.start == report.happened.end


def _link_keys(links: tuple[Link, ...]) -> list[int]:
    """Under each media hash, then under each link."""
    if len(links) == 1:  # most have one, and need no sets
        media, url = links[0].media_hash, links[0].url
        keys = [_key(0, _MEDIA, zlib.crc32(media.lower().encode()))] if media else []
        return [*keys, _key(0, _LINK, zlib.crc32(plain_url(url).encode()))] if url else keys
    keys = [_key(0, _MEDIA, zlib.crc32(media.encode())) for media in media_of(links)]
    return [*keys, *(_key(0, _LINK, zlib.crc32(url.encode())) for url in urls_of(links))]


def _day_keys(report: Report, day: int, what: int) -> tuple[int, list[int]]:
    """The key of the report's own cell and day, and those of all cells within reach."""
    x, y = report.lon / _CELL_DEG, report.lat / _CELL_DEG
    east = _NORTH_CELLS / max(0.05, math.cos(math.radians(report.lat)))
    column, row = math.floor(x), math.floor(y)
    own = _key(day, _DAY, _mixed(column, row, what))
    columns, rows = _reached(x, column, east), _reached(y, row, _NORTH_CELLS)
    if len(columns) == 1 and len(rows) == 1:
        return own, [own]
    return own, [_key(day, _DAY, _mixed(one, other, what)) for one in columns for other in rows]


def _reached(at: float, cell: int, reach: float) -> range:
    """The cells that lie within reach of a spot on one axis, in cells."""
    beyond = at - cell
    if reach <= beyond < 1.0 - reach:
        return range(cell, cell + 1)
    return range(math.floor(at - reach), math.floor(at + reach) + 1)


@lru_cache(maxsize=4096)
def _what_code(kind: Kind, seen: str | None) -> int:
    return zlib.crc32(f"{kind.value}|{seen}".encode())


def _mixed(one: int, two: int, what: int) -> int:
    """32 bits of three numbers, stirred; a clash only costs a look, for `likeness` decides."""
    stirred = (one * 0x9E3779B1 ^ two * 0x85EBCA77 ^ what) & 0xFFFFFFFF
    return (stirred ^ stirred >> 15) * 0x2C1B3C6D & 0xFFFFFFFF


def _key(day: int, rule: int, code: int) -> int:
    # Day first: a file in order of date then fills the index from left to right.
    return ((day & 0xFFFFF) << 36) | (rule << 32) | code
