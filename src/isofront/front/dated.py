"""One mapper's map of one day as layers: each side's held ground, grey, and the rest, on the flat map in kilometres."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from isofront.ground.repair import polygonal

GREY = "grey"
REST = "rest"
"""Ground that the map draws as nobody's, neither held nor grey."""

LEAST_KM2 = 1e-6
"""Less than a square metre is rounding."""


@dataclass(frozen=True, slots=True)
class Dated:
    """What a map of one day shows, km; None for a date that is not known.

    `known` is the ground that the map speaks of (None: all), `unobserved` where nobody looked of late.
    """

    date: datetime | None
    held: Mapping[str, BaseGeometry]
    grey: BaseGeometry = field(default_factory=MultiPolygon)
    unobserved: BaseGeometry = field(default_factory=MultiPolygon)
    known: BaseGeometry | None = None

    @property
    def drawn(self) -> BaseGeometry:
        """All ground that the map draws as held or grey."""
        return polygonal(shapely.union_all([*self.held.values(), self.grey]))


@dataclass(frozen=True, slots=True)
class Layer:
    """A class of ground (a side's id, "grey" or "rest") and its area, km."""

    name: str
    geometry: BaseGeometry

    @property
    def km2(self) -> float:
        """Its area."""
        return float(shapely.area(self.geometry))


def layers_of(dated: Dated, frame: BaseGeometry, *, other: str | None = None) -> tuple[Layer, ...]:
    """The map as layers that fill the frame and do not overlap: sides as given, grey, the rest.

    Where polygons overlap, the first side goes before the second and held before grey. `other` names the side that
    holds all ground which no polygon covers; without it that ground is "rest".
    """
    names = list(dict.fromkeys((*dated.held, *([other] if other else ()), GREY, REST)))
    given = {**dated.held, GREY: dated.grey}
    cut: dict[str, BaseGeometry] = {}
    left = frame
    for name in names[:-1]:
        own = given.get(name, MultiPolygon())
        cut[name] = polygonal(shapely.intersection(own, left))
        left = left if own.is_empty else polygonal(shapely.difference(left, own))
    heir = other or REST
    cut[heir] = left if cut.get(heir, MultiPolygon()).is_empty else polygonal(shapely.union(cut[heir], left))
    return tuple(Layer(name, cut.get(name, MultiPolygon())) for name in names)


def joint_frame(first: Dated, second: Dated) -> BaseGeometry:
    """The ground that both maps speak of; where neither says how far it reaches, the box round all that they draw.

    Empty where they speak of no ground in common, or draw none.
    """
    known = [one.known for one in (first, second) if one.known is not None]
    if not known:
        drawn = [one.drawn for one in (first, second) if not one.drawn.is_empty]
        return shapely.box(*shapely.total_bounds(drawn)) if drawn else MultiPolygon()
    return known[0] if len(known) == 1 else polygonal(shapely.intersection(*known))
