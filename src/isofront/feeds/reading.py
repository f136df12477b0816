"""The whole way of a feed's file: opened, recognised, and every entry read; each is an event, a fault or left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import BufferedIOBase
from typing import Any

from isofront.errors import BadInputError
from isofront.feeds import viina, weather
from isofront.feeds.asked import Asked
from isofront.feeds.entry import BadCellError, Event, Fault, LeaveOutError, LeftOut
from isofront.feeds.opening import open_any
from isofront.feeds.recognise import WEATHER, TableFeed, check_name, document_feed, table_feed
from isofront.feeds.repeats import Repeats
from isofront.feeds.sides import Sides
from isofront.feeds.tables import Table, open_table
from isofront.ground.grid import Bounds
from isofront.makers.opened import Opened

Entry = Event | LeftOut | Fault | weather.Day


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user adds: sides, the moment of reading (UTC), whose feed, how its source is called, the bounds.

    `labels` are what VIINA's second file says of each event.
    """

    sides: Sides
    now: datetime
    feed: str | None = None
    source: str | None = None
    bounds: Bounds | None = None
    labels: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Feeding:
    """A file being read: which feed and why, what it is attributed to, and its entries, in bounded memory.

    `unmapped` counts actors that stand for no side and fills while the entries are read.
    """

    feed: str
    why: str
    source: str
    entries: Iterator[Entry]
    notes: list[str] = field(default_factory=list)
    unmapped: Mapping[str, int] = field(default_factory=Counter)


Own = Event | LeftOut | Fault
"""What an entry is by itself, before it is held against those before it."""
Rows = Callable[[Table, TableFeed, Asked], Iterator[tuple[int, Own]]]
"""How the rows of a table are read, each by itself: numbers of lines with what the rows are."""


def read_rows(table: Table, feed: TableFeed, asked: Asked) -> Iterator[tuple[int, Own]]:
    """The rows, read here and now."""
    return ((number, own_of(number, cells, feed.event_of, asked)) for number, cells in table.rows)


def open_feed(stream: BufferedIOBase, *, file: str, wish: Wish, rows: Rows = read_rows) -> Feeding:
    """Open a feed's file; `stream` must be seekable and at its start. `rows` reads those of a table.

    Raises:
        BadInputError: nothing of it can be used, or it is something else (said what).
        UsageError: no such feed.
    """
    check_name(wish.feed)
    asked = Asked(wish.sides, wish.now, wish.bounds, labels=wish.labels)
    found = open_any(stream, file=file)
    if isinstance(found, Table):
        return _of_table(found, asked, wish, rows, file=file)
    return _of_document(found, asked, wish)


def labels_of(stream: BufferedIOBase, *, file: str) -> dict[str, frozenset[str]]:
    """VIINA's labels by event, from its second file.

    Raises:
        BadInputError: it is another file.
    """
    found = open_table(stream, file=file, is_known=lambda columns: columns >= viina.LABELS)
    if not found.names >= viina.LABELS:
        raise BadInputError(f"{file}: no columns event_id and t_mil_b, wanted VIINA's labels")
    return viina.labels_of(found)


def _of_table(table: Table, asked: Asked, wish: Wish, rows: Rows, *, file: str) -> Feeding:
    feed, why = table_feed(table, file=file, asked_for=wish.feed)
    notes = list(table.notes)
    if feed is None:
        return Feeding(WEATHER, why, wish.source or WEATHER, weather.days(table, now=asked.now), notes)
    if feed.name == "viina" and not asked.labels and "t_mil_b" not in table.names and "type" not in table.names:
        notes.append("tells no kinds of events: --labels with VIINA's second file adds them")
    entries = _once(rows(table, feed, asked), feed.name)
    return Feeding(feed.name, why, wish.source or feed.source, entries, notes, asked.unmapped)


def _of_document(opened: Opened, asked: Asked, wish: Wish) -> Feeding:
    feed, why = document_feed(opened, asked_for=wish.feed)
    own = ((number, own_of(number, thing, feed.event_of, asked)) for number, thing in feed.entries(opened))
    entries = _with_faults(opened, _once(own, feed.name))
    return Feeding(feed.name, why, wish.source or feed.source, entries, list(opened.notes), asked.unmapped)


def _with_faults(opened: Opened, entries: Iterator[Entry]) -> Iterator[Entry]:
    """The faults of the file itself, such as where it breaks off, stand behind what was whole."""
    yield from entries
    yield from (Fault(one.number, None, one.reason) for one in opened.faults)


def own_of(number: int, thing: object, event_of: Callable[[Any, Asked], Event], asked: Asked) -> Own:
    """What one entry is: an event, left out on purpose, or a fault with its column and reason."""
    if isinstance(thing, Fault):
        return Fault(number, thing.column, thing.reason)
    try:
        return event_of(thing, asked)
    except BadCellError as bad:
        return Fault(number, bad.column, bad.reason)
    except LeaveOutError as why:
        return LeftOut(str(why))


def _once(entries: Iterable[tuple[int, Own]], name: str) -> Iterator[Entry]:
    """The entries, each event once: repeats are left out, or faults."""
    checked = Repeats(name).checked
    for number, own in entries:
        if not isinstance(own, Event):
            yield own
            continue
        try:
            yield checked(own)
        except BadCellError as bad:
            yield Fault(number, bad.column, bad.reason)
        except LeaveOutError as why:
            yield LeftOut(str(why))
