"""What a maker's file becomes: areas with class, side and date, and what could not be used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from shapely.geometry.base import BaseGeometry

from isofront.evidence.report import Reject
from isofront.ground.stamped import Stamped


class MapClass(Enum):
    """What a maker says of an area, in Isofront's words. Only `held` and `grey` say who holds the ground."""

    HELD = "held"
    GREY = "grey"
    INFILTRATION = "infiltration"
    CLAIMED = "claimed"
    LIBERATED = "liberated"


@dataclass(frozen=True, slots=True)
class Drawn:
    """One thing that a maker drew, as the file has it: nothing is checked yet.

    `texts` are what a crosswalk may look at; where a file says the same thing in several ways, the surest stands first.
    `polygons` are rings of positions, shell first; `point` stands for a place that has no area. `day` is a date in any
    writing. `left_out` tells of geometry that is no area, `metres` of coordinates that are not degrees (a CRS).
    """

    number: int
    texts: Mapping[str, Sequence[str]]
    polygons: Sequence[Sequence[Any]] = ()
    point: tuple[float, float] | None = None
    day: object = None
    id: str | None = None
    left_out: str | None = None
    metres: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the file that could not be read, and why; `number` is its place in the file, from 1."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence about the file as a whole that its reader should know."""

    text: str


@dataclass(frozen=True, slots=True)
class MapArea:
    """An area (or, for makers of settlement lists, a spot) in lon/lat, with what its maker says of it.

    `side` holds it, is present there, claims it, or took it back; None where neither does or nobody says. `date` is the
    moment it shows. `rule` names the rule of the crosswalk that gave the class.
    """

    number: int
    geometry: BaseGeometry
    cls: MapClass
    side: str | None
    date: datetime | None
    rule: str
    repair: str | None = None


@dataclass(frozen=True, slots=True)
class MapFile:
    """A maker's file, read: its areas, whose it is, by which crosswalk, and all that did not become an area.

    `unmapped` counts what the crosswalk knows no class for, by what the maker calls it; `left_out` what was left out on
    purpose, by reason. `notes` are sentences about the file as a whole, `stamped` is what it says of itself.
    """

    file: str
    areas: tuple[MapArea, ...]
    maker: str
    crosswalk: str
    rejects: tuple[Reject, ...] = ()
    unmapped: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    why: str = ""
    stamped: Stamped = field(default_factory=Stamped)

    @property
    def n_read(self) -> int:
        """How many things the file held, whatever became of them."""
        return len(self.areas) + len(self.rejects) + sum(self.unmapped.values()) + sum(self.left_out.values())
