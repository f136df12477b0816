"""Plain records that a public brief is written from: what an edition's own files say, km and km² as coarse as there.

Ids: `edition:<id>:<hash>` for what is true of a whole edition, `<edition>#<number>` for a report as the edition shows
it (a cell and a day), `claim:<hash>` for a claim as published, `edition:<id>` for one that was put right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from isofront.evidence.claim import Claim
from isofront.findings.brief_facts import Fought, GreyTown, Ids, OutOfRange, SideMoved, TownTurned, Where, Width
from isofront.findings.rivals import Rivals


@dataclass(frozen=True, slots=True)
class EditionFact:
    """The day's edition and the one it is held against ("": the start).

    `withdrawn`: that one must not be told of; `put_right`: it was wrong, and was corrected, by this one or another.
    """

    id: str
    number: int
    as_of: datetime
    made_at: datetime
    previous_id: str
    previous_as_of: datetime
    delay_hours: float
    moved_km: float | None
    cell_km: float
    reports: int | None = None
    protected: tuple[str, ...] = ()
    corrects: str = ""
    reason: str = ""
    one_name: str = ""
    simulated: bool = False
    withdrawn: bool = False
    put_right: bool = False

    @property
    def both(self) -> Ids:
        """What a sentence on a change rests on."""
        return (self.id, self.previous_id) if self.previous_id else (self.id,)

    @property
    def previous_name(self) -> str:
        """The edition before as readers know it; "" where there is none."""
        return self.previous_id.split(":")[1] if self.previous_id else ""


@dataclass(frozen=True, slots=True)
class EdgeMoved:
    """One place where a side's edge came or went, and the reports that say most there."""

    side: str
    came: bool
    km2: float
    max_km: float | None
    where: Where | None
    ids: Ids


@dataclass(frozen=True, slots=True)
class PublicPocket:
    """Ground of a side behind a neck, in whole km by rule; `enemy` is whose ground it is measured between."""

    side: str
    enemy: str
    places: tuple[str, ...]
    km2: float
    by_rule: Mapping[str, Width]


@dataclass(frozen=True, slots=True)
class Way:
    """A settlement whose way to its rear is narrow, whole km; the share of the horizon that the other has, if known."""

    place: str
    neck_km: float
    enclosed: float | None


@dataclass(frozen=True, slots=True)
class RoutesFact:
    """How many roads of the data lead a settlement to its rear ("0", "1", "2+"), against about a month before."""

    place: str
    routes: str
    change: str


@dataclass(frozen=True, slots=True)
class StruckGround:
    """Cells in which movement of a side was seen to be struck in four weeks, km² by level (1 seldom to 3 often)."""

    side: str
    by_level: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class LastSeen:
    """A settlement near the other's ground and the day of the newest report shown from there, None if there is none."""

    place: str
    front_km: float
    day: date | None


@dataclass(frozen=True, slots=True)
class Remain:
    """A number of civilians as it was said, and how many people the gazetteer has there."""

    claim: Claim
    population: float | None


@dataclass(frozen=True, slots=True)
class Stated:
    """A claim of who holds a place, and what the edition has there."""

    claim: Claim
    map_status: str


@dataclass(frozen=True, slots=True)
class Righted:
    """An edition that was corrected (`by` names the new one) or withdrawn since the edition before."""

    id: str
    of: str
    by: str
    on: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class PublicFacts:
    """All that a public brief is written from; `fought` pairs a place's reports with the number of their cells."""

    edition: EditionFact
    not_before: Mapping[str, datetime] = field(default_factory=dict)
    window_days: int = 7
    sides: tuple[SideMoved, ...] = ()
    towns: tuple[TownTurned, ...] = ()
    edges: tuple[EdgeMoved, ...] = ()
    beyond: tuple[OutOfRange, ...] = ()
    fought: tuple[tuple[Fought, int], ...] = ()
    pockets: tuple[PublicPocket, ...] = ()
    ways: tuple[Way, ...] = ()
    has_roads: bool = False
    routes: tuple[RoutesFact, ...] = ()
    near_roads: Mapping[float, float] = field(default_factory=dict)
    struck: tuple[StruckGround, ...] = ()
    unlooked_km2: float = 0.0
    grey_km2: Mapping[str, float] = field(default_factory=dict)
    grey_towns: tuple[GreyTown, ...] = ()
    unseen_km2: float = 0.0
    overdue: tuple[LastSeen, ...] = ()
    rivals: tuple[Rivals, ...] = ()
    revised: tuple[Claim, ...] = ()
    control: tuple[Stated, ...] = ()
    civilians: tuple[Remain, ...] = ()
    righted: tuple[Righted, ...] = ()
