"""One row of evidence, from its cells' text to a report or a reason why not; pure."""

from __future__ import annotations

import difflib
import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum
from typing import TypeVar

import msgspec

from isofront.evidence.report import Interval, Link, Report
from isofront.sources.extent import Extent, read_wkt
from isofront.sources.terms import Doubt, Found, Refused, Terms
from isofront.sources.times import read_interval, read_moment
from isofront.sources.words import (
    DRAWN_ERROR_M,
    KINDS,
    LOCATIONS,
    MEANS,
    POSTURES,
    PRECISION_M,
    UNSTATED_ERROR_M,
    plain,
    posture_of_target,
    target_of,
)
from isofront.theatre.model import RELEASE_CLASSES

Row = Mapping[str, str]
"""A row's cells by column name, stripped; a missing column reads as an empty cell."""

NO_SOURCE = "unknown"
NO_LINK = "-"
"""Stands in a list of links for one that is not given, where its media hash is."""
MAX_ERROR_M = 100_000.0
MAX_ID_CHARS = 200
FUTURE = timedelta(days=1)
LONG_BEFORE = timedelta(days=3653)
"""Ten years before the theatre's start: a date that early is a slip of the pen."""
PUBLISHED_EARLY = timedelta(days=1)
KNOWN_LATE = timedelta(days=7)
"""Live work that is older was hardly meant as such."""

_E = TypeVar("_E", bound=Enum)
_LINK_BREAK = re.compile(r"[\s|]+")
_LEAST_ERROR_M = 1.0


class _BadCellError(Exception):
    """Why a row cannot be used; never leaves this module."""

    def __init__(self, column: str, reason: str, *doubts: Doubt) -> None:
        super().__init__(reason)
        self.column, self.reason, self.doubts = column, reason, doubts


class _Notes:
    """What is odd about the row at hand."""

    __slots__ = ("doubts", "words")

    def __init__(self) -> None:
        self.doubts: list[Doubt] = []
        self.words: list[str] = []


def read_row(row: Row, *, number: int, raw: bytes, terms: Terms) -> Found | Refused:
    """The row as a report, or why it cannot be one."""
    notes = _Notes()
    try:
        report, stated = _report(row, terms, notes)
    except _BadCellError as bad:
        return Refused(number, bad.column, bad.reason, raw, bad.doubts, row.get("id") or None)
    content = _content(report, stated)
    if not report.id:
        own = f"c-{content.hex()[:24]}"
        report = replace(report, id=own, group=own)
    return Found(number, report, content, raw, tuple(notes.doubts), tuple(notes.words))


def _report(row: Row, terms: Terms, notes: _Notes) -> tuple[Report, str]:
    get = row.get
    source = get("source") or terms.source or NO_SOURCE
    if source not in terms.grades:
        notes.doubts.append(Doubt.UNKNOWN_SOURCE)
    kind = _word("kind", get("kind", ""), KINDS)
    stated = _reliability(get("reliability", ""))
    happened, published = _times(row, terms, notes)
    extent = _spot(row, terms, notes)
    known_at, inferred = _known_at(terms, source, published, happened)
    if not terms.backfill and terms.now - happened.end > KNOWN_LATE:
        notes.doubts.append(Doubt.KNOWN_LATE)
    target = target_of(row["target"]) if get("target") else None
    posture = _optional("posture", get("posture", ""), POSTURES, notes)
    note = get("note", "")
    stated_id = _id(get("id", ""))
    report = Report(
        id=stated_id,
        source=source,
        kind=kind,
        seen=_side("seen", get("seen", ""), terms),
        by=_side("by", get("by", ""), terms),
        lon=extent.lon,
        lat=extent.lat,
        error_m=_error_m(get("error_m", ""), get("precision", ""), extent),
        happened=happened,
        published_at=published,
        known_at=known_at,
        known_inferred=inferred,
        reliability=stated or terms.grades.get(source, "F"),
        credibility=_credibility(get("credibility", "")),
        means=_optional("means", get("means", ""), MEANS, notes),
        target=target,
        posture=posture or (posture_of_target(target) if target else None),
        location_of=_optional("location_of", get("location_of", ""), LOCATIONS, notes),
        precision=plain(get("precision", "")) or None,
        wkt=extent.wkt,
        links=_links(get("url", ""), get("media_hash", "")),
        note=note,
        simulated="SIMULATED" in note,
        group=stated_id,
        release=_release(get("release", "")),
    )
    return report, stated


def _content(report: Report, stated: str) -> bytes:
    """SHA-256 of what the row states, without what the theatre or the moment of reading added."""
    said = (
        report.source, report.kind, report.seen, report.by, report.lon, report.lat, report.error_m, report.happened,
        report.published_at, stated, report.credibility, report.means, report.target, report.posture,
        report.location_of, report.precision, report.wkt, report.links, report.note,
    )  # fmt: skip
    more = (report.release,) if report.release else ()  # rows without it keep the hash they had
    return hashlib.sha256(msgspec.json.encode((*said, *more))).digest()


def _id(text: str) -> str:
    if len(text) > MAX_ID_CHARS:
        raise _BadCellError("id", f"{len(text)} characters, wanted at most {MAX_ID_CHARS}")
    return text


def _word(column: str, text: str, words: Mapping[str, _E]) -> _E:
    found = words.get(text) or words.get(plain(text))
    if found is None:
        raise _BadCellError(column, f"{_shown(text)}, wanted one of {', '.join(words)}{nearest(text, words)}")
    return found


def _optional(column: str, text: str, words: Mapping[str, _E], notes: _Notes) -> _E | None:
    if not text:
        return None
    found = words.get(plain(text))
    if found is None:
        notes.doubts.append(Doubt.WORD)
        notes.words.append(f"{column} {text[:40]!r}")
    return found


def nearest(text: str, words: Mapping[str, object]) -> str:
    """` (did you mean 'x'?)`, or nothing where no word is like it."""
    near = difflib.get_close_matches(plain(text), words, n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _side(column: str, text: str, terms: Terms) -> str | None:
    if not text:
        return None
    side = terms.sides.get(text.casefold())
    if side is None:
        sides = ", ".join(sorted(set(terms.sides.values())))
        raise _BadCellError(column, f"{_shown(text)} is no side of this theatre, wanted {sides} or nothing")
    return side


def _release(text: str) -> str:
    """The release class; one that was not understood costs the row, for a guess could publish what must not be."""
    name = text.casefold()
    if name and name not in RELEASE_CLASSES:
        raise _BadCellError("release", f"{_shown(text)}, wanted {', '.join(RELEASE_CLASSES)} or nothing")
    return name


def _reliability(text: str) -> str:
    grade = _untagged("source-reliability", text).upper()
    if grade and grade not in ("A", "B", "C", "D", "E", "F"):
        raise _BadCellError("reliability", f"{_shown(text)}, wanted A-F or nothing")
    return grade


def _untagged(scale: str, text: str) -> str:
    """The grade in a MISP tag such as `admiralty-scale:source-reliability="b"`; any other text as it is."""
    name, equals, value = text.partition("=")
    return value.strip("\"' ") if equals and name.strip().casefold() == f"admiralty-scale:{scale}" else text


def _credibility(text: str) -> int:
    if not text:
        return 6
    text = _untagged("information-credibility", text)
    if text in ("1", "2", "3", "4", "5", "6"):
        return int(text)
    value = _number("credibility", text)
    if value not in range(1, 7):
        raise _BadCellError("credibility", f"{_shown(text)}, wanted 1-6 or nothing")
    return int(value)


def _times(row: Row, terms: Terms, notes: _Notes) -> tuple[Interval, datetime | None]:
    happened = _happened(row.get("happened_at", ""), terms, notes)
    text = row.get("published_at", "")
    if not text:
        return happened, None
    try:
        published = read_moment(text)
    except ValueError as fault:
        raise _BadCellError("published_at", str(fault)) from None
    _refuse_future("published_at", published, terms)
    if published < happened.start:
        if happened.start - published > PUBLISHED_EARLY:
            raise _BadCellError(
                "published_at", f"{_shown(text)} lies more than a day before it happened ({happened.start:%Y-%m-%d})"
            )
        notes.doubts.append(Doubt.PUBLISHED_EARLY)
    return happened, published


def _happened(text: str, terms: Terms, notes: _Notes) -> Interval:
    if not text:
        raise _BadCellError("happened_at", "empty, wanted an ISO 8601 date or time")
    try:
        happened = read_interval(text)
    except ValueError as fault:
        raise _BadCellError("happened_at", str(fault)) from None
    _refuse_future("happened_at", happened.start, terms)
    _refuse_future("happened_at", happened.end - FUTURE, terms)
    if happened.start < terms.starts:
        if _long_before(happened.start, terms):
            raise _BadCellError("happened_at", f"{_shown(text)} lies more than ten years before the theatre's start")
        notes.doubts.append(Doubt.BEFORE_START)
    return happened


def _long_before(moment: datetime, terms: Terms) -> bool:
    return terms.starts - moment > LONG_BEFORE


def _refuse_future(column: str, moment: datetime, terms: Terms) -> None:
    if moment > terms.now + FUTURE:
        raise _BadCellError(column, f"{moment:%Y-%m-%d} lies in the future (now is {terms.now:%Y-%m-%d})")


def _known_at(terms: Terms, source: str, published: datetime | None, happened: Interval) -> tuple[datetime, bool]:
    try:
        return terms.known_at(source, published=published, happened_end=happened.end)
    except OverflowError:
        raise _BadCellError("happened_at", "ends past the calendar's end") from None


def _spot(row: Row, terms: Terms, notes: _Notes) -> Extent:
    extent = _extent(row.get("wkt", ""))
    if row.get("lon") or row.get("lat") or extent is None:
        lon, lat = _degrees("lon", row.get("lon", "")), _degrees("lat", row.get("lat", ""))
        extent = Extent(extent.wkt, lon, lat, extent.half_m) if extent else Extent(None, lon, lat, 0.0)
    _check_range(extent, terms)
    if terms.lies_outside(extent.lon, extent.lat):
        if extent.lon == 0 == extent.lat:
            raise _BadCellError("lon", "lon 0, lat 0 is what programs write where no place is known; wanted the place")
        _refuse_swapped(extent, terms)
        notes.doubts.append(Doubt.OUTSIDE)
    return extent


def _extent(text: str) -> Extent | None:
    if not text:
        return None
    try:
        return read_wkt(text)
    except ValueError as fault:
        raise _BadCellError("wkt", str(fault)) from None


def _degrees(column: str, text: str) -> float:
    if not text:
        raise _BadCellError(column, "empty, wanted degrees")
    try:
        return _number(column, text)
    except _BadCellError as bad:
        raise _BadCellError(column, f"{bad.reason}, wanted decimal degrees such as 45.3125") from None


def _check_range(extent: Extent, terms: Terms) -> None:
    if abs(extent.lat) > 90:
        _refuse_swapped(extent, terms)
        raise _BadCellError("lat", f"{extent.lat:g} is no latitude, wanted -90 to 90 degrees")
    if abs(extent.lon) > 180:
        raise _BadCellError("lon", f"{extent.lon:g} is no longitude, wanted -180 to 180 degrees")


def _refuse_swapped(extent: Extent, terms: Terms) -> None:
    if terms.bounds.holds(extent.lat, extent.lon):
        reason = f"lon {extent.lon:g}, lat {extent.lat:g} look swapped: the other way round they lie in the theatre"
        raise _BadCellError("lon", reason, Doubt.SWAPPED)


def _number(column: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise _BadCellError(column, f"{_shown(text)} is no number") from None
    if not math.isfinite(value) or "_" in text:
        raise _BadCellError(column, f"{_shown(text)} is no finite number")
    return value


def _error_m(text: str, precision: str, extent: Extent) -> float:
    if not text:
        unstated = DRAWN_ERROR_M if extent.half_m else UNSTATED_ERROR_M
        return max(PRECISION_M.get(plain(precision), unstated), extent.half_m)
    value = _number("error_m", text)
    if not 0 <= value <= MAX_ERROR_M:
        raise _BadCellError("error_m", f"{_shown(text)}, wanted metres from 0 to {MAX_ERROR_M:,.0f}")
    # Nothing on a map is known better than to a metre, and a zero would give a report endless weight.
    return max(value, _LEAST_ERROR_M)


def _links(urls: str, hashes: str) -> tuple[Link, ...]:
    if not hashes and not _LINK_BREAK.search(urls):
        return (Link(urls),) if urls else ()
    places = ["" if part == NO_LINK else part for part in _LINK_BREAK.split(urls) if part]
    media: list[str | None] = [part for part in _LINK_BREAK.split(hashes) if part]
    length = max(len(places), len(media))
    media += [None] * (length - len(media))
    places += [places[-1] if places else ""] * (length - len(places))
    return tuple(Link(url, hashed) for url, hashed in zip(places, media, strict=True))


def _shown(text: str) -> str:
    """A cell as a message shows it: quoted, and short."""
    return repr(text if len(text) <= 40 else text[:37] + "...")
