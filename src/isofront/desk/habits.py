"""What a source usually is: how good, how exact for each kind, how late, in which channels; from its reports. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import TypeVar
from urllib.parse import urlsplit

from isofront.evidence import Kind, Report
from isofront.theatre.model import Source

T = TypeVar("T")
LEAST = 3
"""Fewer reports than this make no habit."""
_HOSTS = {
    "twitter.com": "x.com",
    "mobile.twitter.com": "x.com",
    "m.facebook.com": "facebook.com",
    "telegram.me": "t.me",
}
_PATHS = {"s", "c", "status", "web", "reel", "p", "watch", "posts", "video", "videos", "i"}
"""First parts of an address that are no channel."""


@dataclass(frozen=True, slots=True)
class Habit:
    """One source's. `precision` and `error_m` are by kind; `lag_h` is from the end of what happened to publication."""

    n: int
    reliability: str
    credibility: int
    lag_h: float | None
    precision: Mapping[Kind, str]
    error_m: Mapping[Kind, float]


@dataclass(frozen=True, slots=True)
class Habits:
    """All sources' habits, and whose channels are whose."""

    sources: Mapping[str, Habit] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)


def habits_of(reports: Iterable[Report]) -> Habits:
    """The habits that a ledger's reports show."""
    by_source: dict[str, list[Report]] = defaultdict(list)
    channels: dict[str, Counter[str]] = defaultdict(Counter)
    for report in reports:
        by_source[report.source].append(report)
        for link in report.links:
            if channel := channel_of(link.url):
                channels[channel][report.source] += 1
    return Habits(
        {source: _habit(told) for source, told in by_source.items()},
        {channel: counts.most_common(1)[0][0] for channel, counts in channels.items()},
    )


def source_of(channel: str | None, habits: Habits, sources: Sequence[Source]) -> str | None:
    """Whose channel it is: the theatre's source of that name, else who posted there before, else the channel's name."""
    if not channel:
        return None
    handle = _plain(channel.partition("/")[2])
    own = next((one.id for one in sources if handle and _plain(one.id) == handle), None)
    return own or habits.channels.get(channel) or channel.partition("/")[2] or channel


def channel_of(url: str) -> str | None:
    """`t.me/name` of a post's address, in small letters; the host alone where the path names no channel."""
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    host = _HOSTS.get(host, host)
    names = [part.lstrip("@").lower() for part in parts.path.split("/") if part]
    if not host:
        return None
    if names and names[0] == "s" and len(names) > 1:  # t.me/s/name is the same channel, shown on the web
        names = names[1:]
    return f"{host}/{names[0]}" if names and names[0] not in _PATHS else host


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name.casefold())


def _habit(told: Sequence[Report]) -> Habit:
    # What is told of a whole day and posted on it ends later than it was posted: that is no delay, and none below zero.
    lags = [
        max((one.published_at - one.happened.end).total_seconds() / 3600, 0.0)
        for one in told
        if one.published_at is not None
    ]
    by_kind: dict[Kind, list[Report]] = defaultdict(list)
    for one in told:
        by_kind[one.kind].append(one)
    precise = {kind: [one.precision for one in some if one.precision] for kind, some in by_kind.items()}
    return Habit(
        n=len(told),
        reliability=_most(one.reliability for one in told),
        credibility=_most(one.credibility for one in told),
        lag_h=round(median(lags), 1) if len(lags) >= LEAST else None,
        precision={kind: _most(words) for kind, words in precise.items() if len(words) >= LEAST},
        error_m={kind: median(one.error_m for one in some) for kind, some in by_kind.items() if len(some) >= LEAST},
    )


def _most(values: Iterable[T]) -> T:
    return Counter(values).most_common(1)[0][0]
