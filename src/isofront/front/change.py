"""What changed between two maps: km² by transition, per side, per region; and what stood, told from what nobody saw.

The frame is the ground that both maps speak of. Every spot of it is in one class before and in one after, so

    sum over all (from, to) of T[from, to] = area of the frame
    gained[s] = sum of T[x, s], x ≠ s;  lost[s] = sum of T[s, x], x ≠ s;  gained - lost = area after - area before.

Ground outside the frame, and unchanged ground where nobody looked, is "not reviewed", never "no change".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from isofront.errors import BadInputError
from isofront.front.dated import GREY, LEAST_KM2, REST, Dated, Layer, joint_frame, layers_of
from isofront.ground.repair import polygonal

DAYS_PER_WEEK, DAYS_PER_MONTH = 7.0, 365.2425 / 12
SECONDS_PER_DAY = 86400.0


@dataclass(frozen=True, slots=True)
class Piece:
    """Ground that went from one class to another."""

    before: str
    after: str
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class SideChange:
    """A side's ground, km²."""

    side: str
    before_km2: float
    after_km2: float
    gained_km2: float
    lost_km2: float

    @property
    def net_km2(self) -> float:
        """Gained less lost."""
        return self.gained_km2 - self.lost_km2


@dataclass(frozen=True, slots=True)
class Rate:
    """Mean km² per day, week and month."""

    per_day: float
    per_week: float
    per_month: float


@dataclass(frozen=True, slots=True)
class Change:
    """All that changed between two maps. `transitions` holds every pair of classes, those that stood too (km²).

    `frame` = changed + stood + `unseen`, where unseen ground is unchanged but unobserved on one of the days at least.
    `outside_km2` is ground that only one of the maps speaks of.
    """

    began: datetime | None
    ended: datetime | None
    frame: BaseGeometry
    before: tuple[Layer, ...]
    after: tuple[Layer, ...]
    transitions: Mapping[tuple[str, str], float]
    pieces: tuple[Piece, ...]
    unseen_km2: float
    outside_km2: float

    @property
    def days(self) -> float | None:
        """Days from one map to the other; None where a date is not known."""
        if self.began is None or self.ended is None:
            return None
        return (self.ended - self.began).total_seconds() / SECONDS_PER_DAY

    @property
    def sides(self) -> tuple[str, ...]:
        """Everyone who holds ground on either map, in the order of the files."""
        return tuple(layer.name for layer in self.before if layer.name not in (GREY, REST))

    @property
    def frame_km2(self) -> float:
        """The ground that both maps speak of."""
        return float(shapely.area(self.frame))

    @property
    def changed_km2(self) -> float:
        """Ground in another class than before."""
        return _changed_km2(self.transitions)

    @property
    def stood_km2(self) -> float:
        """Ground in the same class as before that was looked at."""
        return self.frame_km2 - self.changed_km2 - self.unseen_km2

    def of(self, side: str) -> SideChange:
        """One side's gains and losses."""
        return _side_change(side, self.transitions)


@dataclass(frozen=True, slots=True)
class RegionChange:
    """What changed inside one region (a district, or a settlement's footprint)."""

    name: str
    km2: float
    sides: tuple[SideChange, ...]
    transitions: Mapping[tuple[str, str], float]

    @property
    def changed_km2(self) -> float:
        """Ground of the region in another class than before."""
        return _changed_km2(self.transitions)


def change(before: Dated, after: Dated, *, frame: BaseGeometry | None = None, other: str | None = None) -> Change:
    """What changed from one map to the other, inside a frame (km), else inside the ground that both speak of.

    `other` names the side that holds whatever no polygon covers.

    Raises:
        BadInputError: the maps have no ground in common.
    """
    ground = joint_frame(before, after) if frame is None else frame
    if ground.is_empty or ground.area < LEAST_KM2:
        raise BadInputError("the two maps have no ground in common, wanted maps of the same area")
    order = {name: MultiPolygon() for name in (*before.held, *after.held)}
    old, new = (layers_of(_with_sides(one, order), ground, other=other) for one in (before, after))
    pieces = _pieces(old, new)
    return Change(
        began=before.date,
        ended=after.date,
        frame=ground,
        before=old,
        after=new,
        transitions=_transitions(old, pieces),
        pieces=pieces,
        unseen_km2=_unseen_km2(before, after, pieces, ground),
        outside_km2=_outside_km2(before, after, ground),
    )


def change_in(whole: Change, regions: Iterable[tuple[str, BaseGeometry]]) -> tuple[RegionChange, ...]:
    """What changed inside each of some regions (name, km), in their order; regions off the frame are left out."""
    tree = shapely.STRtree([piece.geometry for piece in whole.pieces])
    found = []
    for name, region in regions:
        inside = polygonal(shapely.intersection(region, whole.frame))
        if inside.area < LEAST_KM2:
            continue
        near = [whole.pieces[int(k)] for k in sorted(tree.query(inside, predicate="intersects"))]
        cut = [Piece(one.before, one.after, shapely.intersection(one.geometry, inside)) for one in near]
        old = [Layer(one.name, shapely.intersection(one.geometry, inside)) for one in whole.before]
        moved = _transitions(old, cut)
        sides = tuple(_side_change(side, moved) for side in whole.sides)
        found.append(RegionChange(name, float(inside.area), sides, moved))
    return tuple(found)


def rate(km2: float, days: float | None) -> Rate | None:
    """Ground per day, week and month (a twelfth of a year); None where there is no time between."""
    if not days:
        return None
    daily = km2 / abs(days)
    return Rate(daily, daily * DAYS_PER_WEEK, daily * DAYS_PER_MONTH)


def _with_sides(one: Dated, order: Mapping[str, BaseGeometry]) -> Dated:
    """The same map with the sides of both maps, in one order: a side that holds nothing holds an empty area."""
    return Dated(one.date, {**order, **one.held}, one.grey, one.unobserved, one.known)


def _pieces(old: tuple[Layer, ...], new: tuple[Layer, ...]) -> tuple[Piece, ...]:
    found = []
    for was in old:
        for now in new:
            if was.name == now.name or was.geometry.is_empty or now.geometry.is_empty:
                continue
            shape = polygonal(shapely.intersection(was.geometry, now.geometry))
            if shape.area >= LEAST_KM2:
                found.append(Piece(was.name, now.name, shape))
    return tuple(found)


def _transitions(old: Iterable[Layer], pieces: Iterable[Piece]) -> dict[tuple[str, str], float]:
    """Every move with its area, and for each class what stayed in it."""
    layers = list(old)
    found = {(layer.name, layer.name): layer.km2 for layer in layers}
    for piece in pieces:
        km2 = float(shapely.area(piece.geometry))
        found[piece.before, piece.before] -= km2
        found[piece.before, piece.after] = found.get((piece.before, piece.after), 0.0) + km2
    return {move: max(km2, 0.0) for move, km2 in found.items()}


def _changed_km2(transitions: Mapping[tuple[str, str], float]) -> float:
    return float(sum(km2 for (old, new), km2 in transitions.items() if old != new))


def _side_change(side: str, moves: Mapping[tuple[str, str], float]) -> SideChange:
    stayed = moves.get((side, side), 0.0)
    gained = float(sum(km2 for (old, new), km2 in moves.items() if new == side != old))
    lost = float(sum(km2 for (old, new), km2 in moves.items() if old == side != new))
    return SideChange(side, stayed + lost, stayed + gained, gained, lost)


def _unseen_km2(before: Dated, after: Dated, pieces: tuple[Piece, ...], frame: BaseGeometry) -> float:
    """Unchanged ground of the frame that one of the days did not look at."""
    unseen = shapely.union(before.unobserved, after.unobserved)
    if unseen.is_empty:
        return 0.0
    changed = shapely.union_all(np.array([piece.geometry for piece in pieces], dtype=object))
    return float(shapely.area(shapely.difference(shapely.intersection(unseen, frame), changed)))


def _outside_km2(before: Dated, after: Dated, frame: BaseGeometry) -> float:
    """Ground that one map draws or speaks of, outside the frame."""
    spoken = [shape for one in (before, after) for shape in (one.drawn, one.known) if shape is not None]
    km2 = float(shapely.area(shapely.difference(shapely.union_all(spoken), frame)))
    return km2 if km2 >= LEAST_KM2 else 0.0
