"""Plain records of what a map and the reports say of a place: the engine makes them, the findings read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

MOST = 0.5
"""A side is said to hold a place, and a place to be grey, from this share of its footprint on."""


class MapState(Enum):
    """Which map it is: one that an editor approved, a day's draft, the map a theatre began from, or somebody else's."""

    APPROVED = "approved"
    DRAFT = "draft"
    START = "start"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of a place's footprint: held, by side, and grey; what is missing to 1 is drawn as neither."""

    held: dict[str, float]
    grey: float = 0.0

    def of(self, side: str | None) -> float:
        """The share that a side holds."""
        return self.held.get(side, 0.0) if side is not None else 0.0

    @property
    def others(self) -> dict[str, float]:
        """What is held, the largest share first."""
        return dict(sorted(self.held.items(), key=lambda item: (-item[1], item[0])))

    @property
    def status(self) -> str:
        """`held_<side>` from half the footprint on, else `grey`."""
        most = next(iter(self.others.items()), ("", 0.0))
        return f"held_{most[0]}" if most[1] >= MOST else "grey"


@dataclass(frozen=True, slots=True)
class Seen:
    """Reports of one side's presence at a place, copies counted once and claims not at all: how many, on how many days.

    `ids` names them, `last` is the day of the last.
    """

    side: str
    reports: int = 0
    days: int = 0
    last: date | None = None
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OnMap:
    """A place on one map, and who was seen there from `since` up to `until` (excluded). `status` is the
    map's word for it, `p` its mean chance in a draft; None for a map as drawn."""

    place: str
    lon: float
    lat: float
    state: MapState
    as_of: datetime
    shares: Shares
    since: datetime
    until: datetime
    seen: tuple[Seen, ...]
    radius_km: float
    status: str
    p: float | None = None

    def seen_of(self, side: str | None) -> Seen:
        """The reports of one side's presence."""
        return next((one for one in self.seen if one.side == side), Seen(side or ""))
