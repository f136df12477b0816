"""The whole way of a feed's file: opened, recognised, and every entry read; each becomes an event, a fault or a left-out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import BufferedIOBase

from isofront.feeds.asked import Asked
from isofront.feeds.entry import BadCellError, Event, Fault, LeaveOutError, LeftOut
from isofront.feeds.recognise import FEED_NAMES, TableFeed, table_feed
from isofront.feeds.repeats import Repeats
from isofront.feeds.sides import Sides
from isofront.feeds.tables import Table, open_table
from isofront.ground.grid import Bounds

__all__ = ["FEED_NAMES", "Feeding", "Wish", "open_feed"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user adds: sides, the moment of reading (UTC), whose feed it is, how its source is called, the bounds."""

    sides: Sides
    now: datetime
    feed: str | None = None
    source: str | None = None
    bounds: Bounds | None = None


@dataclass(frozen=True, slots=True)
class Feeding:
    """A file being read: which feed and why, what it is attributed to, and its entries one by one, in bounded memory.

    `unmapped` counts actors that stand for no side and fills while the entries are read.
    """

    feed: str
    why: str
    source: str
    entries: Iterator[Event | LeftOut | Fault]
    notes: list[str] = field(default_factory=list)
    unmapped: Mapping[str, int] = field(default_factory=Counter)


def open_feed(stream: BufferedIOBase, *, file: str, wish: Wish) -> Feeding:
    """Open a feed's file; `stream` must be seekable and at its start.

    Raises:
        BadInputError: nothing of it can be used, or it is something else (said what).
        UsageError: no such feed.
    """
    asked = Asked(wish.sides, wish.now, wish.bounds)
    table = open_table(stream, file=file)
    feed, why = table_feed(table, file=file, asked_for=wish.feed)
    entries = _entries(table, feed, asked)
    return Feeding(feed.name, why, wish.source or feed.source, entries, list(table.notes), asked.unmapped)


def _entries(table: Table, feed: TableFeed, asked: Asked) -> Iterator[Event | LeftOut | Fault]:
    repeats, event_of = Repeats(feed.name), feed.event_of
    for number, row in table.rows:
        if isinstance(row, Fault):
            yield Fault(number, row.column, row.reason)
            continue
        try:
            yield repeats.checked(number, event_of(row, asked))
        except BadCellError as bad:
            yield Fault(number, bad.column, bad.reason)
        except LeaveOutError as why:
            yield LeftOut(str(why))
