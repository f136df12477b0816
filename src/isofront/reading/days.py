"""The days that a text speaks of: "on Tuesday", "yesterday", "Nov. 3", resolved against the day it was published."""

from __future__ import annotations

import re
from datetime import date, timedelta

from isofront.reading.words import Words

LONG_AGO_DAYS = 120
"""A year that ended so long before the publication is history."""
_SINCE_MONTH = re.compile(r"since (?:early |late |mid-)?[A-Z][a-z]+,? (?=\d{4})")
"""What has gone on since a month is as little past as what has gone on since a year."""
NEAR = 45
"""A day counts as that of a saying if it stands within so many letters after the verb."""


def said_on(sentence: str, start: int, end: int, words: Words, *, published: date | None) -> date | None:
    """The day on which the words of a verb were said that stands from `start` to `end`, where the sentence tells.

    It stands after the verb ("said on Sunday"), before what is said begins; else right before the verb, or at the
    head of the sentence ("On Tuesday, officials said").
    """
    after = re.split(r"(?<!\b[A-Z][a-z]{2})(?<!\bSept)[.;:\"“”«»](?:\s|$)", sentence[end : end + NEAR])[0]
    after = words.part("days", "begins").split(after, maxsplit=1)[0]
    head = re.match(
        rf"(?:{words.source('days', 'lead')}\s+)?(?:\d{{1,2}}\s+\S+?|\S+(?:\s+\d{{1,2}})?)(?=,?\s)",
        sentence[:start],
        re.IGNORECASE,
    )
    beside = "" if sentence[:start].rstrip().endswith(",") else " ".join(sentence[:start].split()[-2:])
    medium = words.said_in.match(sentence[:start])
    for text in (after, beside, head.group() if head else "", medium.group() if medium else ""):
        if day := day_in(text, words, published=published):
            return day
    return None


def is_past(text: str, *, published: date | None) -> bool:
    """Whether a text tells of an earlier year: "was taken in May 2014"; "since 2014" goes on."""
    born = r"(?! року народження|\s?р\. ?н)"
    year = rf"(?<!since )(?<!з )(?<!born in )(?<![\d.,-])((?:19|20)\d\d)(?![\d-]){born}"
    years = [int(one) for one in re.findall(year, _SINCE_MONTH.sub("since ", text))]
    newest = published and date(published.year, published.month, 1) - timedelta(days=LONG_AGO_DAYS)
    return newest is not None and any(year < newest.year for year in years)


def day_in(text: str, words: Words, *, published: date | None) -> date | None:
    """The first day a text names; what is relative needs the day of publication."""
    if found := re.search(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)", text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    return _dated(text, words, published) or (_relative(text, words, published) if published else None)


def _dated(text: str, words: Words, published: date | None) -> date | None:
    if not re.search(r"\d", text):
        return None
    for month, pattern in enumerate(words.tables["days"]["months"], start=1):
        before = rf"(?<!\d)(?P<d1>\d{{1,2}})\s+{pattern}(?!\w)(?:,?\s+(?P<y1>\d{{4}}))?"
        after = rf"(?<!\w){pattern}\s+(?P<d2>\d{{1,2}})(?!\d)(?:,?\s+(?P<y2>\d{{4}}))?"
        found = re.search(f"{before}|{after}", text)
        if not found or words.part("days", "not_said").search(text[: found.start()]):
            continue
        day, year = int(found["d1"] or found["d2"]), found["y1"] or found["y2"]
        if year:
            return _day(int(year), month, day)
        if published:
            this = _day(published.year, month, day)
            return this if this and this <= published else _day(published.year - 1, month, day)
    return None


def _relative(text: str, words: Words, published: date) -> date | None:
    if words.part("days", "today").search(text):
        return published
    if words.part("days", "yesterday").search(text):
        return published - timedelta(days=1)
    if not words.part("days", "weekdays").search(text):
        return None
    for k, name in enumerate(words.tables["days"]["weekdays"]):
        found = re.search(rf"(?<!\w)(?P<last>{words.tables['days']['last']}\s+)?{name}(?!\w)", text, re.IGNORECASE)
        if found and not words.part("days", "not_said").search(text[: found.start()]):
            back = (published.weekday() - k) % 7
            return published - timedelta(days=back or (7 if found["last"] else 0))
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
