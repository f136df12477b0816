"""Days and times as posts give them, and parts of a day in the theatre's zone; pure."""

from __future__ import annotations

import re
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from isofront.errors import UsageError

PARTS = {"night": (0, 6), "morning": (6, 12), "afternoon": (12, 18), "evening": (18, 24)}
"""Hours of the theatre's clock."""

_MONTHS = (
    ("jan", "січ", "янв"), ("feb", "лют", "фев"), ("mar", "бер", "мар"), ("apr", "кві", "апр"), ("may", "тра", "мая"),
    ("jun", "чер", "июн"), ("jul", "лип", "июл"), ("aug", "сер", "авг"), ("sep", "вер", "сен"), ("oct", "жов", "окт"),
    ("nov", "лис", "ноя"), ("dec", "гру", "дек"),
)  # fmt: skip
"""The first letters of the months in English, Ukrainian and Russian."""
_NUMBERS = {start: number for number, starts in enumerate(_MONTHS, start=1) for start in starts}

_ISO = re.compile(r"(?<!\d)(20\d\d|19\d\d)-(\d\d?)-(\d\d?)(?!\d)")
_DOTTED = re.compile(r"(?<![\d.,])(\d{1,2})[./](\d{1,2})[./](20\d\d|\d\d)(?![\d.,]\d)")
_SHORT = re.compile(r"(?<![\d.,])(\d{1,2})\.(\d{2})(?![.,]?\d)(?!\s?(?:km|км|%|°|N|E))")
_NAMED = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?\s+([^\W\d_]{3,10})\.?(?:,?\s+(20\d\d))?", re.IGNORECASE)
_ENGLISH = re.compile(r"(?<!\w)([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(20\d\d))?(?!\d)")
_CLOCK = re.compile(r"(?<![\d:.])([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?(Z)?(?![\d:])")


def day_in(text: str, *, today: date) -> date | None:
    """The first day that a text names, not after tomorrow; one without a year is the last such day."""
    latest = today + timedelta(days=1)
    found: list[tuple[int, date]] = []
    for pattern, order in ((_ISO, "ymd"), (_DOTTED, "dmy"), (_NAMED, "dmy"), (_ENGLISH, "mdy"), (_SHORT, "dm")):
        for match in pattern.finditer(text[:20_000]):
            day = _day(dict(zip(order, match.groups(), strict=False)), latest)
            if day is not None:
                found.append((match.start(), day))
    return min(found)[1] if found else None


def clock_in(text: str) -> str:
    """The first clock time of a text as `HH:MM`, with Z where it says UTC; or nothing."""
    found = _CLOCK.search(text[:20_000])
    return f"{int(found[1]):02d}:{found[2]}{found[3] or ''}" if found else ""


def _day(told: dict[str, str | None], latest: date) -> date | None:
    month_text, year_text = told["m"] or "", told.get("y")
    month = int(month_text) if month_text.isdigit() else _NUMBERS.get(month_text.casefold()[:3], 0)
    years = [int(year_text) + (2000 if len(year_text) == 2 else 0)] if year_text else [latest.year, latest.year - 1]
    for year in years:
        try:
            day = date(year, month, int(told["d"] or 0))
        except ValueError:
            continue
        if day <= latest:
            return day
    return None


def happened_text(day: str, part: str, *, zone: str) -> str:
    """`happened_at` of an evidence row: a day, a part of it or a clock time of the theatre's zone, written in UTC.

    Raises:
        UsageError: day or part is none.
    """
    try:
        when = date.fromisoformat(day)
        if not 1 < when.year < MAXYEAR:
            raise ValueError(f"year {when.year}")
    except ValueError as fault:
        raise UsageError(f"day: {day[:20]!r}, wanted YYYY-MM-DD") from fault
    if not part:
        return day
    if part in PARTS:
        first, last = PARTS[part]
        start = _utc(datetime.combine(when, time(first)), zone)
        end = _utc(datetime.combine(when, time(0)) + timedelta(hours=last), zone)
        return f"{_told(start)}/{_told(end)}"
    found = _CLOCK.fullmatch(part)
    if found is None:
        raise UsageError(f"part: {part[:20]!r}, wanted HH:MM, {', '.join(PARTS)} or nothing")
    moment = datetime.combine(when, time(int(found[1]), int(found[2])))
    return _told(moment.replace(tzinfo=UTC) if found[3] else _utc(moment, zone))


def part_of(start: datetime, end: datetime, *, zone: str) -> tuple[date, str]:
    """The day of an interval by the theatre's clock, and its part, `HH:MM`, or nothing for all other spans."""
    here, there = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    if start == end:
        return here.date(), f"{here:%H:%M}"
    hours = round((there - here).total_seconds() / 3600)
    for part, (first, last) in PARTS.items():
        if here.hour == first and here.minute == 0 and hours == last - first:
            return here.date(), part
    return start.date(), ""


def _utc(local: datetime, zone: str) -> datetime:
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _told(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
