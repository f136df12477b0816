"""Whose feed a file is: the one place that knows all readers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from isofront.errors import BadInputError, UsageError
from isofront.feeds import acled, firms, geoconfirmed
from isofront.feeds.asked import Asked
from isofront.feeds.entry import Event
from isofront.feeds.tables import Cells, Table
from isofront.sources.columns import meaning


@dataclass(frozen=True, slots=True)
class TableFeed:
    """A feed that comes as a table: how it is told, and how a row is read. `source` is how its evidence is attributed."""

    name: str
    source: str
    claims: Callable[[frozenset[str]], str | None]
    event_of: Callable[[Cells, Asked], Event]


TABLES: tuple[TableFeed, ...] = (
    TableFeed("geoconfirmed", "GeoConfirmed", geoconfirmed.claims, geoconfirmed.event_of),
    TableFeed("acled", "ACLED", acled.claims, acled.event_of),
    TableFeed("firms", "FIRMS", firms.claims, firms.event_of),
)
FEED_NAMES = tuple(dict.fromkeys(feed.name for feed in TABLES))
WANTED = f"a feed of events: {', '.join(FEED_NAMES)}"
_OTHERS: Mapping[str, frozenset[str]] = {
    "VIINA's settlement control, a map: isofront read-map reads it": frozenset({"geonameid", "date", "status"}),
}


def table_feed(table: Table, *, file: str, asked_for: str | None) -> tuple[TableFeed, str]:
    """The feed of a table and why it was taken for it.

    Raises:
        UsageError: no feed of the name asked for.
        BadInputError: the table is no feed's, or another's than the user says.
    """
    if asked_for is not None and asked_for not in FEED_NAMES:
        raise UsageError(f"--feed {asked_for}: not known, wanted one of: {', '.join(FEED_NAMES)}")
    for feed in TABLES:
        if why := feed.claims(table.names):
            if asked_for not in (None, feed.name):
                raise BadInputError(
                    f"{file}: not a file of {asked_for} but of {feed.name} ({why}); leave --feed away to read it so"
                )
            return feed, why
    raise BadInputError(f"{file}: {_what(table)}, wanted {WANTED}")


def _what(table: Table) -> str:
    """What a table is that is no feed's."""
    if {"happened_at", "kind", "seen"} <= {meaning(column) for column in table.columns}:
        return "an evidence file already: isofront add takes it as it is"
    for what, columns in _OTHERS.items():
        if columns <= table.names:
            return what
    shown = ", ".join(column[:30] for column in table.columns[:8])
    return f"a table whose columns are no known feed's ({shown[:160]})"
