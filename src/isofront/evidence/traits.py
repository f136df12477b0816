"""What of a report tells whether it repeats another, worked out once and compared often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from isofront.evidence.report import Interval, Kind, Link, Report

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NONE: frozenset[str] = frozenset()


class Traits(msgspec.Struct, frozen=True, gc=False):
    """A report's traits; times are microseconds since 1970."""

    source: str
    kind: Kind
    seen: str | None
    by: str | None
    lon: float
    lat: float
    error_m: float
    start_us: int
    end_us: int
    media: frozenset[str]
    urls: frozenset[str]

    @property
    def is_instant(self) -> bool:
        """Whether the time is given to the clock, not as a day or a span."""
        return self.start_us == self.end_us


Told = tuple[int, Traits]
"""The line that a line is about, and the traits of what it tells."""


class _Columns(msgspec.Struct, gc=False):
    """The columns of a report that its traits are made from."""

    source: str
    kind: Kind
    seen: str | None
    by: str | None
    lon: float
    lat: float
    error_m: float
    happened: Interval
    links: tuple[Link, ...] = ()


_COLUMNS = msgspec.json.Decoder(_Columns)


def traits_of(report: Report | _Columns) -> Traits:
    """A report's traits."""
    start, end = report.happened.start, report.happened.end
    start_us = (start - _EPOCH) // _MICROSECOND
    return Traits(
        report.source, report.kind, report.seen, report.by, report.lon, report.lat, report.error_m, start_us,
        start_us if start == end else (end - _EPOCH) // _MICROSECOND, media_of(report.links), urls_of(report.links),
    )  # fmt: skip


def read_traits(body: bytes) -> Traits:
    """The traits of the report in these bytes; the rest of it is not decoded."""
    return traits_of(_COLUMNS.decode(body))


def media_of(links: tuple[Link, ...]) -> frozenset[str]:
    """The media hashes, in small letters."""
    return frozenset(link.media_hash.lower() for link in links if link.media_hash) or _NONE if links else _NONE


def urls_of(links: tuple[Link, ...]) -> frozenset[str]:
    """The links, each without what does not change the page."""
    return frozenset(plain_url(link.url) for link in links if link.url) or _NONE if links else _NONE


def plain_url(url: str) -> str:
    """A link without what does not change the page: scheme, www, fragment, closing slash, case of the host."""
    host, slash, path = url.split("://", 1)[-1].partition("/")
    return host.lower().removeprefix("www.") + (slash + path.split("#", 1)[0]).rstrip("/")
