"""Dates as makers write them -> a moment in UTC: the state that a map shows. A day is its start, 00:00 UTC."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import PurePath

from isofront.errors import BadInputError

FIRST_YEAR, LAST_YEAR = 1900, 2100
_WANTED = f"wanted a date from {FIRST_YEAR} to {LAST_YEAR} such as 2030-01-31"
_DAY = re.compile(r"(\d{4})([-/.]?)(\d{2})\2(\d{2})")
_OTHER_WAY = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_IN_NAME = re.compile(r"(?<!\d)(\d{4})([-_.]?)(\d{2})\2(\d{2})(?!\d)")
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORD = f"({'|'.join(_NAMES)})[a-z]*"
_WORDED = re.compile(rf"(?<!\d)(\d{{1,2}})[ _-]?{_WORD}[ _-]?(\d{{4}})(?!\d)")
_WORDED_US = re.compile(rf"{_WORD}[ _-]?(\d{{1,2}}),?[ _-]*(\d{{4}})(?!\d)")
_UNIX = re.compile(r"(?<!\d)(\d{10})(?!\d)")
_MONTHS = {name: number for number, name in enumerate(_NAMES, start=1)}


def moment(stated: object) -> datetime | None:
    """What a file states as a date; None where it states nothing.

    Days (2030-01-31, 20300131, 31.01.2030), ISO times, seconds or milliseconds since 1970. A time without a zone is
    UTC. 1/2/2030 is the second of January or the first of February: refused unless only one of them is a date.

    Raises:
        BadInputError: it is no date, or none that a map of a war in living memory could have.
    """
    if stated is None or stated == "":
        return None
    if isinstance(stated, datetime):
        return _plausible(stated if stated.tzinfo else stated.replace(tzinfo=UTC), stated)
    if isinstance(stated, date):
        return _plausible(datetime(stated.year, stated.month, stated.day, tzinfo=UTC), stated)
    if isinstance(stated, bool) or not isinstance(stated, int | float | str):
        raise BadInputError(f"date {stated!s:.40}: {_WANTED}")
    if isinstance(stated, str):
        return _from_text(stated)
    return _from_number(stated)


def _from_text(stated: str) -> datetime | None:
    text = stated[:64].strip()
    if not text:
        return None
    if whole := _DAY.fullmatch(text):
        return _day(int(whole[1]), int(whole[3]), int(whole[4]), text)
    if turned := _OTHER_WAY.fullmatch(text):
        return _turned(int(turned[1]), int(turned[3]), int(turned[4]), text, dotted=turned[2] == ".")
    if text.isascii() and text.isdigit():
        return _from_number(int(text))
    try:
        return _plausible(_utc(datetime.fromisoformat(text)), text)
    except (ValueError, OverflowError) as fault:
        raise BadInputError(f"date {text[:40]!r}: {_WANTED}") from fault


def _utc(when: datetime) -> datetime:
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)


def _turned(first: int, second: int, year: int, text: str, *, dotted: bool) -> datetime:
    """Day and month in either order; dots put the day first wherever they are used."""
    if dotted or first > 12:
        return _day(year, second, first, text)
    if second > 12 or first == second:
        return _day(year, first, second, text)
    raise BadInputError(f"date {text!r} can be read in two ways, {_WANTED}")


def _day(year: int, month: int, day: int, text: str) -> datetime:
    try:
        return _plausible(datetime(year, month, day, tzinfo=UTC), text)
    except ValueError as fault:
        raise BadInputError(f"date {text[:40]!r}: {_WANTED}") from fault


def _from_number(stated: float | int) -> datetime:
    """Seconds or milliseconds since 1970; numbers of eight digits are days."""
    if isinstance(stated, int) and 10_000_000 <= stated < 100_000_000:
        return _day(stated // 10_000, stated // 100 % 100, stated % 100, str(stated))
    try:
        seconds = stated / 1000 if abs(stated) >= 1e11 else stated
        when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except (OverflowError, ValueError) as fault:
        raise BadInputError(f"date {stated!s:.40}: {_WANTED}") from fault
    if abs(stated) < 1e8:
        raise BadInputError(f"date {stated!s:.40}: {_WANTED}")
    return _plausible(when, stated)


def _plausible(when: datetime, stated: object) -> datetime:
    if not FIRST_YEAR <= when.year <= LAST_YEAR:
        raise BadInputError(f"date {stated!s:.40}: {_WANTED}")
    return when.astimezone(UTC)


def moment_in_name(name: str) -> datetime | None:
    """The date that a file's or folder's name tells, if it tells one: a day in any usual writing, or a Unix time."""
    stem = PurePath(name).stem.casefold()[:200]
    for text in _written(stem):
        try:
            return text if isinstance(text, datetime) else moment(text)
        except BadInputError:
            continue
    return None


def _written(stem: str) -> list[str | datetime]:
    found: list[str | datetime] = [f"{m[1]}-{m[3]}-{m[4]}" for m in _IN_NAME.finditer(stem)]
    found += [f"{m[3]}-{_MONTHS[m[2]]:02}-{int(m[1]):02}" for m in _WORDED.finditer(stem)]
    found += [f"{m[3]}-{_MONTHS[m[1]]:02}-{int(m[2]):02}" for m in _WORDED_US.finditer(stem)]
    found += [datetime.fromtimestamp(int(m[1]), UTC) for m in _UNIX.finditer(stem)]
    return found


def written(when: datetime) -> str:
    """A moment as feature properties have it: a bare day where it is the start of one."""
    whole = when.replace(hour=0, minute=0, second=0, microsecond=0) == when
    return f"{when:%Y-%m-%d}" if whole else f"{when:%Y-%m-%dT%H:%M:%S}Z"
