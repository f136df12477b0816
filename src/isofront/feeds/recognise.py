"""Whose feed a file is: the one place that knows all readers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from isofront.errors import BadInputError, IsofrontError, UsageError
from isofront.feeds import acled, atlos, eyes_on_russia, firms, geoconfirmed, points, timemap, ucdp, viina, weather
from isofront.feeds.asked import Asked
from isofront.feeds.entry import Event
from isofront.feeds.tables import Cells, Table
from isofront.makers.opened import Opened
from isofront.makers.recognise import recognise as map_of
from isofront.sources.columns import meaning


@dataclass(frozen=True, slots=True)
class TableFeed:
    """A feed that comes as a table: how it is told, and how a row is read. `source`: to whom evidence is attributed."""

    name: str
    source: str
    claims: Callable[[frozenset[str]], str | None]
    event_of: Callable[[Cells, Asked], Event]


@dataclass(frozen=True, slots=True)
class DocumentFeed:
    """A feed that comes as JSON or XML: of which kind, how it is told, its entries, and how one is read."""

    name: str
    source: str
    kind: str
    claims: Callable[[Opened], str | None]
    entries: Callable[[Opened], Iterator[tuple[int, Any]]]
    event_of: Callable[[Any, Asked], Event]


TABLES: tuple[TableFeed, ...] = (
    TableFeed("geoconfirmed", "GeoConfirmed", geoconfirmed.claims, geoconfirmed.event_of),
    TableFeed("acled", "ACLED", acled.claims, acled.event_of),
    TableFeed("ucdp", "UCDP", ucdp.claims, ucdp.event_of),
    TableFeed("viina", "VIINA", viina.claims, viina.event_of),
    TableFeed("atlos", "Atlos", atlos.claims, atlos.event_of),
    TableFeed("firms", "FIRMS", firms.claims, firms.event_of),
)
DOCUMENTS: tuple[DocumentFeed, ...] = (
    DocumentFeed(
        "eyes-on-russia", "Eyes on Russia", "json", eyes_on_russia.claims, eyes_on_russia.entries,
        eyes_on_russia.event_of,
    ),
    DocumentFeed(
        "geoconfirmed", "GeoConfirmed", "json", geoconfirmed.claims_document, geoconfirmed.entries,
        geoconfirmed.event_of_feature,
    ),
    DocumentFeed(
        "geoconfirmed", "GeoConfirmed", "xml", geoconfirmed.claims_kml, points.placemarks,
        geoconfirmed.event_of_placemark,
    ),
    DocumentFeed("timemap", "Bellingcat", "json", timemap.claims, timemap.entries, timemap.event_of),
)  # fmt: skip
WEATHER = "weather"
FEED_NAMES = tuple(dict.fromkeys((*(feed.name for feed in TABLES), *(feed.name for feed in DOCUMENTS), WEATHER)))
WANTED = f"a feed of events: {', '.join(FEED_NAMES)}"
MOST_LACKING = 2
"""A table that lacks so few of a feed's columns is perhaps one of its."""
_COLUMNS = {
    "geoconfirmed": geoconfirmed.COLUMNS,
    "acled": acled.COLUMNS,
    "ucdp": ucdp.COLUMNS,
    "atlos": atlos.COLUMNS,
    "firms": firms.COLUMNS,
}
"""What a table of each of these feeds has at least."""
_OTHERS: Mapping[str, frozenset[str]] = {
    "VIINA's control of settlements, a map (isofront read-map reads it)": frozenset({"geonameid", "date", "status"}),
    "VIINA's labels, which have no places: read its events with --labels and this file": viina.LABELS,
}


def is_known(columns: frozenset[str]) -> bool:
    """Whether a line of names is that of a known table."""
    return any(feed.claims(columns) for feed in TABLES) or weather.claims(columns) is not None


def check_name(asked_for: str | None) -> None:
    """Raises UsageError where no feed has the name."""
    if asked_for is not None and asked_for not in FEED_NAMES:
        raise UsageError(f"--feed {asked_for}: not known, wanted one of: {', '.join(FEED_NAMES)}")


def table_feed(table: Table, *, file: str, asked_for: str | None) -> tuple[TableFeed | None, str]:
    """The feed of a table (None for weather) and why it was taken for it.

    Raises:
        BadInputError: the table is no feed's, or another's than the user says.
    """
    for feed in TABLES:
        if why := feed.claims(table.names):
            _refuse_other(file, asked_for, feed.name, why)
            return feed, why
    if why := weather.claims(table.names):
        _refuse_other(file, asked_for, WEATHER, why)
        return None, why
    lacking = _lacking(table.names, asked_for)
    raise BadInputError(f"{file}: {_what_table(table)}{lacking}, wanted {asked_for or WANTED}")


def _lacking(names: frozenset[str], asked_for: str | None) -> str:
    """Which columns are missing for the feed asked for, or for one of which nearly all are there."""
    gaps = {feed: sorted(columns - names) for feed, columns in _COLUMNS.items()}
    near = [feed for feed, gap in gaps.items() if feed == asked_for or (asked_for is None and len(gap) <= MOST_LACKING)]
    if not near:
        return ""
    feed = min(near, key=lambda one: len(gaps[one]))
    return f"; of {feed}'s it lacks {', '.join(gaps[feed])}"


def document_feed(opened: Opened, *, asked_for: str | None) -> tuple[DocumentFeed, str]:
    """The feed of a document and why it was taken for it; raises as `table_feed` does."""
    for feed in DOCUMENTS:
        if feed.kind == opened.kind and (why := _claim(feed, opened)):
            _refuse_other(opened.name, asked_for, feed.name, why)
            return feed, why
    raise BadInputError(f"{opened.name}: {_what_document(opened)}, wanted {asked_for or WANTED}")


def _claim(feed: DocumentFeed, opened: Opened) -> str | None:
    """Why a file is a feed's; what makes a reader stumble is not its file."""
    try:
        return feed.claims(opened)
    except (TypeError, AttributeError, KeyError, ValueError, IndexError):
        return None


def _refuse_other(file: str, asked_for: str | None, found: str, why: str) -> None:
    if asked_for not in (None, found):
        raise BadInputError(
            f"{file}: not a file of {asked_for} but of {found} ({why}); leave --feed away to read it so"
        )


def _what_table(table: Table) -> str:
    """What a table is that is no feed's."""
    if {"happened_at", "kind", "seen"} <= {meaning(column) for column in table.columns}:
        return "an evidence file already (isofront add takes it as it is)"
    for what, columns in _OTHERS.items():
        if columns <= table.names:
            return what
    shown = ", ".join(column[:30] for column in table.columns[:8])
    return f"a table whose columns are no known feed's ({shown[:160]})"


def _what_document(opened: Opened) -> str:
    """What a document is that is no feed's: perhaps a map."""
    if opened.kind == "json" and not opened.document:
        return "an empty document"
    try:
        maker = map_of(opened).crosswalk.maker
    except IsofrontError:
        return f"{'XML' if opened.kind == 'xml' else 'JSON'} that is no known feed's"
    return f"a map ({maker}; isofront read-map reads it)"
