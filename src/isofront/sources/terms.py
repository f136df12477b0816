"""What a row is read against: the theatre's sides, sources, bounds and dates, and the moment of reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import NamedTuple

from isofront.evidence.report import Report
from isofront.ground.grid import Bounds, Grid
from isofront.sources.pseudonyms import NO_PSEUDONYMS, Pseudonyms
from isofront.theatre.model import Theatre


class Doubt(Enum):
    """What is odd about a row that is kept all the same; each is counted and shown."""

    OUTSIDE = "outside the theatre and its margin"
    BEFORE_START = "before the theatre's start"
    PUBLISHED_EARLY = "published before it happened (by a day at most)"
    KNOWN_LATE = (
        "over a week old and known only from now: maps of earlier days leave them out (old evidence: --backfill)"
    )
    UNKNOWN_SOURCE = "from a source the theatre does not list"
    WORD = "with a word that was not understood"
    SWAPPED = "with lon and lat swapped, it seems"


class Found(NamedTuple):
    """A row that became a report: what it states (hashed), its input bytes, and what is odd about it."""

    row: int
    report: Report
    content: bytes
    raw: bytes
    doubts: tuple[Doubt, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that did not: where, why, and its input bytes for the private store."""

    row: int
    column: str | None
    reason: str
    raw: bytes = b""
    doubts: tuple[Doubt, ...] = ()
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """The theatre as a reader of rows needs it. `now` is the moment of recording, UTC.

    `source` is who reports where a row does not say.
    """

    sides: dict[str, str]
    grades: dict[str, str]
    lags: dict[str, timedelta]
    usual_lag: timedelta
    bounds: Bounds
    grid: Grid
    starts: datetime
    now: datetime
    backfill: bool
    source: str | None = None
    pseudonyms: Pseudonyms = NO_PSEUDONYMS

    @classmethod
    def of(
        cls,
        theatre: Theatre,
        *,
        now: datetime,
        backfill: bool = False,
        source: str | None = None,
        pseudonyms: Pseudonyms = NO_PSEUDONYMS,
    ) -> Terms:
        """The terms of a theatre; names that its `pseudonyms` know are replaced before anything is read."""
        return cls(
            sides=theatre.side_words,
            grades={source.id: source.reliability for source in theatre.sources},
            lags={source.id: timedelta(hours=source.lag_h) for source in theatre.sources if source.lag_h is not None},
            usual_lag=timedelta(hours=theatre.backfill_lag_h),
            bounds=theatre.box,
            grid=theatre.grid,
            starts=_start(theatre),
            now=now.astimezone(UTC),
            backfill=backfill,
            source=None if source is None else pseudonyms.text(source),
            pseudonyms=pseudonyms,
        )

    def lies_outside(self, lon: float, lat: float) -> bool:
        """Whether a spot lies beyond the bounds and the grid's margin."""
        if self.bounds.holds(lon, lat):
            return False
        east, north = self.grid.to_km(lon, lat)
        return not (abs(east) < 1e6 and abs(north) < 1e6) or self.grid.cell_of(east, north) is None

    def known_at(self, source: str, *, published: datetime | None, happened_end: datetime) -> tuple[datetime, bool]:
        """When we knew it, and whether that is inferred."""
        if not self.backfill:
            return self.now, False
        if published is not None:
            return published, False
        return happened_end + self.lags.get(source, self.usual_lag), True


def _start(theatre: Theatre) -> datetime:
    start: date = theatre.starts or theatre.anchor.date
    if isinstance(start, datetime):
        return start.astimezone(UTC) if start.tzinfo else start.replace(tzinfo=UTC)
    return datetime(start.year, start.month, start.day, tzinfo=UTC)
