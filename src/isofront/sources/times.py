"""Times as people write them, read as UTC; a date without time is that whole day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from isofront.evidence.report import Interval

MAX_SHOWN = 60
_DAY = timedelta(days=1)
_EXAMPLE = "2031-05-01T14:30Z"


def read_interval(text: str) -> Interval:
    """`a`, `a/b` or a date as an interval; raises ValueError where it is none, or ends before it starts."""
    first, slash, last = text.partition("/")
    start = _span(first, shown=text)
    if not slash:
        return start
    end = _span(last, shown=text)
    if end.start < start.start:
        raise ValueError(f"{text!r} ends before it starts")
    return Interval(start.start, end.end)


def read_moment(text: str) -> datetime:
    """A moment; for a date the day's last second, by which it had surely come to pass."""
    span = _span(text, shown=text)
    return span.end if span.start == span.end else span.end - timedelta(seconds=1)


def _span(text: str, *, shown: str) -> Interval:
    """One end of what the whole cell, `shown`, says."""
    text = text.strip()
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        told = repr(shown if len(shown) <= MAX_SHOWN else shown[: MAX_SHOWN - 3] + "...")
        raise ValueError(f"{told} is no ISO 8601 date or time, wanted such as 2031-05-01 or {_EXAMPLE}") from None
    if len(text) > 10 or "T" in text:
        return Interval(moment, moment)
    return Interval(moment, _day_after(moment))


def _day_after(moment: datetime) -> datetime:
    try:
        return moment + _DAY
    except OverflowError:
        raise ValueError(f"{moment.date().isoformat()!r} is past the calendar's end") from None
