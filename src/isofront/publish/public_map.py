"""What one edition shows, complete and already coarse; the writers of an edition read nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from jaxtyping import Float32

from isofront.ground.grid import Grid
from isofront.publish.coarse import Cell
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
    `seen_within_days` a step, None if nobody looked for longer than the last one.
    """

    name: str | None
    cell: Cell
    status: str
    p: float
    since: str | None
    seen_within_days: int | None
    reasons: tuple[PublicReason, ...]
    rests_on: int | None


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
    twenty, from `moved_n` such spans; None where too few are known.
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
