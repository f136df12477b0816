"""Plain records that a situation brief is written from: the engine makes them, `brief` reads them. Km, km², UTC.

Every record names what it rests on: `id` where it is one thing that stands or falls whole (a map, a claim, a file),
`ids` where it is the sum of many (reports).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from isofront.evidence.assessment import Judged
from isofront.findings.control_table import Stated
from isofront.findings.rivals import Rivals

Ids = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """A spot in words: the nearest place, and from a kilometre on how far off and in which direction (degrees)."""

    place: str
    km: float
    bearing_deg: float


@dataclass(frozen=True, slots=True)
class MapFact:
    """The day's map and the one it is held against; `approved_by` is empty where the theatre's first map is meant.

    `own_id` and `own_by` name the approval of the day's own map, if there is one.
    """

    id: str
    as_of: datetime
    known_by: datetime
    previous_id: str
    previous_as_of: datetime
    approved_by: str
    reports: int
    used: int
    last_seen: datetime | None
    simulated: bool
    own_id: str = ""
    own_by: str = ""


@dataclass(frozen=True, slots=True)
class SideMoved:
    """Ground that a side gained and lost since, and holds now."""

    side: str
    gained_km2: float
    lost_km2: float
    now_km2: float


@dataclass(frozen=True, slots=True)
class TownTurned:
    """A settlement drawn otherwise than before (`held_<side>` or `grey`), and the reports that moved it."""

    place: str
    before: str
    after: str
    ids: Ids


@dataclass(frozen=True, slots=True)
class Axis:
    """One place where a side's edge came or went; `p` is how sure the draft is of the new class, on average there."""

    side: str
    came: bool
    km2: float
    max_km: float | None
    bearing_deg: float | None
    where: Where | None
    p: float
    ids: Ids


@dataclass(frozen=True, slots=True)
class OutOfRange:
    """Ground where reports disagree with the map beyond the model's test: which side they show, since when (editions
    made before they told it do not say); `detached` if all of it lies far behind the line."""

    side: str
    detached: bool
    since: date | None
    km2: float
    where: Where | None
    ids: Ids


@dataclass(frozen=True, slots=True)
class Fought:
    """Reports of the last days nearest to one place: by kind, on how many days, how many of each side's people seen."""

    place: str
    days: int
    by_kind: Mapping[str, int]
    by_side: Mapping[str, int]
    ids: Ids


@dataclass(frozen=True, slots=True)
class Width:
    """A neck: None is open (or `taken`), 0 cut off; with its 90 % interval where maps were drawn for it."""

    km: float | None
    low_km: float | None = None
    high_km: float | None = None
    sampled: bool = False
    taken: bool = False


@dataclass(frozen=True, slots=True)
class PocketFact:
    """Ground of a side behind a neck: places inside, by rule how wide the neck is, the reports that moved its ends."""

    side: str
    enemy: str
    places: tuple[str, ...]
    where: Where | None
    km2: float
    neck_km: float
    measured_at: str
    by_rule: Mapping[str, Width]
    p_cut_off: float | None
    ids: Ids


@dataclass(frozen=True, slots=True)
class RoadFact:
    """A named road on one side's ground (or nobody's: ""): km within so many km of the other's held ground."""

    name: str
    kind: str
    holder: str
    near_km: Mapping[float, float]


@dataclass(frozen=True, slots=True)
class Struck:
    """Reports of the last days in which movement of a side was struck, nearest to one place."""

    place: str
    side: str
    days: int
    ids: Ids


@dataclass(frozen=True, slots=True)
class GreyTown:
    """A settlement that is grey: why, and the reports of each side's presence there."""

    place: str
    reason: str
    seen: Mapping[str, Ids]

    @property
    def ids(self) -> Ids:
        """All of them."""
        return tuple(sorted({name for some in self.seen.values() for name in some}))


@dataclass(frozen=True, slots=True)
class Sky:
    """The weather of one day, as its file has it (None: not known); `clear` is the share of sight that it left."""

    id: str
    day: date
    sees: float | None
    cloud_percent: float | None
    wind_kmh: float | None
    rain_mm: float | None
    clear: float


@dataclass(frozen=True, slots=True)
class Overdue:
    """A settlement at the front that nobody looked at for long: days since, None if nobody ever did."""

    place: str
    days: float | None


@dataclass(frozen=True, slots=True)
class OtherFront:
    """Another theatre in a line: its last approved map and the reports since; `titles` by language, if it has any."""

    id: str
    title: str
    as_of: datetime
    approved: bool
    held_km2: Mapping[str, float]
    names: Mapping[str, Mapping[str, str]]
    reports: int
    reports_days: int
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OtherMap:
    """How another mapper's map of a day differs from ours; `side` is whose held ground is compared."""

    id: str
    mapper: str
    day: date | None
    side: str
    only_ours_km2: float
    only_theirs_km2: float
    both_km2: float
    median_km: float | None
    p95_km: float | None


@dataclass(frozen=True, slots=True)
class Correction:
    """An entry that put an earlier one right or took it back, known since the map before."""

    id: str
    of: str
    kind: str
    known_at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a brief is written from. `grey_km2` and `unseen_km2` are of the day's map, grey by its reason."""

    map: MapFact
    window_days: int = 7
    sides: tuple[SideMoved, ...] = ()
    towns: tuple[TownTurned, ...] = ()
    axes: tuple[Axis, ...] = ()
    beyond: tuple[OutOfRange, ...] = ()
    fought: tuple[Fought, ...] = ()
    pockets: tuple[PocketFact, ...] = ()
    roads: tuple[RoadFact, ...] = ()
    has_roads: bool = False
    struck: tuple[Struck, ...] = ()
    grey_km2: Mapping[str, float] = field(default_factory=dict)
    grey_towns: tuple[GreyTown, ...] = ()
    unseen_km2: float = 0.0
    sky: tuple[Sky, ...] = ()
    overdue: tuple[Overdue, ...] = ()
    rivals: tuple[Rivals, ...] = ()
    control: tuple[Stated, ...] = ()
    assessments: tuple[Judged, ...] = ()
    evidence_names: Mapping[str, str] = field(default_factory=dict)
    elsewhere: tuple[Rivals, ...] = ()
    fronts: tuple[OtherFront, ...] = ()
    civilians: tuple[Rivals, ...] = ()
    others: tuple[OtherMap, ...] = ()
    corrections: tuple[Correction, ...] = ()
