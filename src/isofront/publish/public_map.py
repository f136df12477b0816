"""What one edition shows, complete and already coarse; the writers of an edition read nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float32
from isofront.ground.grid import Grid
from isofront.publish.coarse import Cell
from isofront.publish.mappers import PublicMapper
from isofront.publish.sheet import Sheet

NOT_FOR = "not for navigation, evacuation or targeting"


@dataclass(frozen=True, slots=True)
class PublicReport:
    """A cleared report as the public sees it: a cell and a day, what was seen of whom, both grades; perhaps a link."""

    number: int
    cell: Cell
    day: str
    kind: str
    seen: str | None
    reliability: str
    credibility: int
    link: str | None = None


@dataclass(frozen=True, slots=True)
class PublicReason:
    """A report that has a say at a place: toward which side, and how strongly in a word; never how many km."""

    report: int
    toward: str
    strength: str


@dataclass(frozen=True, slots=True)
class PublicWhy:
    """Why a settlement (`name`) or a cell is what it is. `rests_on` is how few reports it would turn without.

    `since` is the day of the first edition that shows the class without a break, None if that was the start;
    `seen_within_days` a step, None if nobody looked for longer than the last one; `last_seen` the day of the newest
    report that is shown from there or hardly two km away.
    """

    name: str | None
    cell: Cell
    status: str
    p: float | None
    since: str | None
    seen_within_days: int | None
    reasons: tuple[PublicReason, ...]
    rests_on: int | None
    last_seen: str | None = None


@dataclass(frozen=True, slots=True)
class PublicClaim:
    """A cleared claim: a number or a statement about a settlement, whose, of which day; perhaps who said it, and where.

    `by` and `link` are None unless the release class is `public`. `revised`: the same speaker has said otherwise since.
    `namesake`: which of the settlements of its name it is about, in the order in which they are shown.
    """

    place: str
    about: str
    unit: str
    low: float | int | None
    high: float | int | None
    bound: str
    status: str | None
    side: str | None
    against: str | None
    said: str
    for_day: str | None
    by: str | None
    interest: str | None
    reliability: str
    credibility: int
    link: str | None
    revised: bool
    namesake: int = 0


@dataclass(frozen=True, slots=True)
class PublicPlace:
    """What an edition says of a settlement beside its class: km and days rounded, people to two figures.

    Kilometres are whole; None is not known or not to be told yet (for a neck: open, where `rung` says so).
    `enclosure` is by radius in km, in steps of a twentieth; `before` the day that `front_km_before` is of.
    """

    name: str
    front_km: int | None
    front_km_before: int | None = None
    before: str | None = None
    routes: str | None = None
    routes_change: str | None = None
    neck_km: int | None = None
    rung: str | None = None
    enclosure: Mapping[str, float] = dataclass_field(default_factory=dict)
    population: int | None = None


@dataclass(frozen=True, slots=True)
class Coarse:
    """The bands of `control.tif` on public cells, in steps of a twentieth; the three classes sum to one."""

    grid: Grid
    names: tuple[str, ...]
    bands: Float32[np.ndarray, "5 ny nx"]


@dataclass(frozen=True)
class PublicMap:
    """One edition before it is written. `sheet` holds no report and no reason; layers that may not show yet are None.

    `not_yet` says from when on a layer may show. `moved_km` is how far lines here moved in such a time, nineteen in
    twenty, from `moved_n` such spans of our own editions or, while there are too few, of drafts (`moved_from`); None
    where neither are enough. `unlooked` is ground (km) where no cleared report tells that anybody looked for strikes.
    """

    id: str
    number: int
    sheet: Sheet
    made_at: datetime
    delay: timedelta
    cell_km: float
    coarse: Coarse
    reports: tuple[PublicReport, ...] | None
    whys: tuple[PublicWhy, ...]
    pockets: tuple[dict[str, Any], ...] | None
    interdicted: tuple[dict[str, Any], ...] | None
    routes: tuple[dict[str, Any], ...] | None
    not_yet: Mapping[str, datetime]
    changes: dict[str, Any]
    moved_km: float | None
    moved_n: int
    moved_from: str = "drafts"
    places: tuple[PublicPlace, ...] = ()
    claims: tuple[PublicClaim, ...] = ()
    mappers: tuple[PublicMapper, ...] = ()
    unlooked: BaseGeometry | None = None
    names: int = 1
    bypass: str | None = None
    corrects: str | None = None
    reason: str = ""
    previous: str | None = None

    @property
    def simulated(self) -> bool:
        """Whether anything in it is invented."""
        return self.sheet.simulated

    def caution(self) -> str:
        """What every file says: how old it is, how far lines move in such a time, what it must not be used for."""
        hours = self.delay / timedelta(hours=1)
        moved = (
            "how far lines here move in such a time is not known yet"
            if self.moved_km is None
            else f"in such a time lines here moved up to {self.moved_km:g} km (95 %)"
        )
        first = "SIMULATED. " if self.simulated else ""
        return (
            f"{first}As of {self.sheet.as_of:%Y-%m-%d %H:%M} UTC, delayed by {hours:g} hours and more; {moved}; "
            f"drones reach farther. Reports lie anywhere in their cell of {self.cell_km:g} km. {NOT_FOR.capitalize()}."
        )
