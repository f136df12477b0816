"""What an entry of a feed becomes: a row of evidence, something left out on purpose, or a fault."""

from __future__ import annotations

from dataclasses import dataclass

COLUMNS = (
    "id", "happened_at", "published_at", "lon", "lat", "error_m", "kind", "seen", "by", "source", "reliability",
    "credibility", "url", "note", "means", "target", "posture", "location_of",
)  # fmt: skip
"""The columns of `spec/evidence-csv.md` that are written, in that order."""


@dataclass(slots=True)
class Event:
    """A row of evidence as text, but for the spot (degrees) and its error (metres, one standard deviation).

    `id` is the producer's. `also` is a second side seen in the same place by the same entry, if any.
    """

    id: str
    happened_at: str
    lon: float
    lat: float
    error_m: float
    kind: str = "activity"
    seen: str = ""
    by: str = ""
    published_at: str = ""
    reliability: str = ""
    credibility: str = ""
    url: str = ""
    note: str = ""
    means: str = ""
    target: str = ""
    posture: str = ""
    location_of: str = ""
    also: Event | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An entry that is no evidence here, on purpose; entries of one reason are counted together."""

    reason: str


@dataclass(frozen=True, slots=True)
class Fault:
    """An entry that could not be used: its place in the file (line, or number of the feature), column and reason."""

    number: int
    column: str | None
    reason: str


class BadCellError(Exception):
    """Why an entry cannot be used; never leaves this room."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


class LeaveOutError(Exception):
    """Why an entry is left out; never leaves this room."""
