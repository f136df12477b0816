"""What the front room hands on: areas, lines and the whole drawing, on the flat map in kilometres."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from shapely.geometry.base import BaseGeometry


class Class(Enum):
    """What an area is: held by a side, grey (held by neither), or, in overlays, where a side is present."""

    HELD = "held"
    GREY = "grey"
    PRESENT = "present"


class Role(Enum):
    """What a line is: the edge of a side's held ground, the even-odds line, or an edge's 90 % band."""

    EDGE = "edge"
    EVEN_ODDS = "even_odds"
    BAND = "band"


@dataclass(frozen=True, slots=True)
class Area:
    """A polygon or multipolygon (km) of one class; `side` for held ground, `grey_reason` for grey."""

    cls: Class
    side: str | None
    grey_reason: str | None
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Line:
    """A (multi)line, or for a band its polygon (km); `side` is None for the even-odds line."""

    role: Role
    side: str | None
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Drawing:
    """One map as geometry: areas are a coverage of the frame (no gaps, no overlaps).

    `infiltration` holds, per side, the ground where it is present but does not hold; `unobserved` where nobody
    looked. `n_merged` parts under the least area were merged into a neighbour, `merged_km2` in all.
    """

    areas: tuple[Area, ...]
    lines: tuple[Line, ...]
    infiltration: tuple[Area, ...]
    unobserved: BaseGeometry
    n_merged: int
    merged_km2: float
