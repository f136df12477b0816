"""One item of evidence: what was seen, who was there, where and when, and how good it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Kind(Enum):
    """What a report shows; `seen` is always whose presence it speaks of."""

    POSITION = "position"
    STRIKE = "strike"
    ASSAULT = "assault"
    INFILTRATION = "infiltration"
    FLAG = "flag"
    LEFT = "left"
    CLAIM = "claim"
    ACTIVITY = "activity"


class Means(Enum):
    """What a strike was made with."""

    FPV = "fpv"
    BOMBER_DRONE = "bomber drone"
    ARTILLERY = "artillery"
    GLIDE_BOMB = "glide bomb"
    SMALL_ARMS = "small arms"
    ARMOUR = "armour"
    MINE = "mine"
    UNKNOWN = "unknown"


class Posture(Enum):
    """What those seen were doing. Wrecks and prisoners are never presence."""

    MOVING = "moving"
    HOLDING = "holding"
    DUG_IN = "dug in"
    CAPTURED = "captured"
    WRECK = "wreck"


class LocationOf(Enum):
    """Whose spot the coordinates give."""

    TARGET = "target"
    CAMERA = "camera"


@dataclass(frozen=True, slots=True)
class Interval:
    """When it happened: start and end, both UTC; an instant has them equal."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """Where a report was published, and the hash of its media if that was given."""

    url: str
    media_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One report as the engine reads it. Both grades are kept apart: reliability A-F, credibility 1-6.

    `group` names the first of the near-duplicates it belongs to (its own id if it stands alone), so that
    reposts do not count as independent. `known_at` is when we knew it; `known_inferred` says it was guessed. `release`
    is what may become public of it (`withheld`, `private`, `public`); empty is the theatre's.
    """

    id: str
    source: str
    kind: Kind
    seen: str | None
    by: str | None
    lon: float
    lat: float
    error_m: float
    happened: Interval
    published_at: datetime | None
    known_at: datetime
    known_inferred: bool = False
    reliability: str = "F"
    credibility: int = 6
    means: Means | None = None
    target: str | None = None
    posture: Posture | None = None
    location_of: LocationOf | None = None
    precision: str | None = None
    wkt: str | None = None
    links: tuple[Link, ...] = ()
    note: str = ""
    simulated: bool = False
    group: str = ""
    release: str = ""

    @property
    def shows_presence(self) -> bool:
        """Whether it says that `seen` was there: not for wrecks, prisoners, drones in flight or the camera's spot."""
        if self.seen is None or self.kind is Kind.ACTIVITY:
            return False
        if self.posture in (Posture.CAPTURED, Posture.WRECK) or self.location_of is LocationOf.CAMERA:
            return False
        return not (self.target or "").endswith("in flight")


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that could not be used: where, and why."""

    file: str
    row: int
    column: str | None
    reason: str
