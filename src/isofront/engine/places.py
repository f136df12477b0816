"""What an edition says of each settlement: how far the front is and was, routes, neck, enclosure, people.

areas, earlier areas   front_km                 whole km to the other side's held ground
necks, routes          places                   each settlement's row, as far as the layers may show
correction             towns                    classes, where an editor's correction says otherwise than the field
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import shapely
from shapely.geometry.base import BaseGeometry

from isofront.engine.drafting import Draft, statuses
from isofront.engine.public_layers import Ways, whole
from isofront.front import Area
from isofront.front.levels import held_by
from isofront.front.measure import label
from isofront.front.place_corridor import Corridor
from isofront.front.rules import Pockets
from isofront.publish import SettlementStatus
from isofront.publish.public_map import PublicPlace

ENCLOSURE_STEP = 0.05
LEAST_PEOPLE = 10


@dataclass(frozen=True, slots=True)
class Given:
    """What rows of settlements are made from; what may not show yet is None."""

    now: Sequence[Area]
    before: Sequence[Area] | None
    before_day: datetime | None
    necks: Pockets | None
    routes: Sequence[Ways] | None


def towns(draft: Draft, corrected: BaseGeometry | None, areas: Sequence[Area]) -> tuple[SettlementStatus, ...]:
    """Each settlement's class in public; on corrected ground that of the map, with no probability."""
    found = statuses(draft)
    if corrected is None:
        return found
    spots = [draft.field.grid.to_km(*one.settlement.at) for one in found]
    return tuple(
        _as_drawn(one, spot, areas) if shapely.intersects_xy(corrected, *spot) else one
        for one, spot in zip(found, spots, strict=True)
    )


def _as_drawn(one: SettlementStatus, spot: tuple[float, float], areas: Sequence[Area]) -> SettlementStatus:
    drawn = next((label(area) for area in areas if shapely.intersects_xy(area.geometry, *spot)), "grey")
    status = drawn if drawn == "grey" else f"held_{drawn}"
    return one if status == one.status else replace(one, status=status, p=math.nan)


def places(draft: Draft, some: Sequence[SettlementStatus], given: Given) -> tuple[PublicPlace, ...]:
    """A row for each settlement, in the order given."""
    sides = draft.field.sides
    now, then = _held(sides, given.now), None if given.before is None else _held(sides, given.before)
    necks = () if given.necks is None else given.necks.places
    near = {(one.name, (one.disc.east_km, one.disc.north_km)): one for one in necks}
    ways = dict(given.routes or ())
    found = []
    for one in some:
        name, spot = one.settlement.name, draft.field.grid.to_km(*one.settlement.at)
        row = PublicPlace(name, front_km(spot, one.status, now), population=two_figures(one.settlement.population))
        row = row if then is None else _with_past(row, spot, then, given.before_day)
        key = name, spot
        row = row if key not in ways else replace(row, routes=ways[key]["routes"], routes_change=ways[key]["change"])
        found.append(row if key not in near else _with_neck(row, near[key].plain))
    return tuple(found)


def _with_past(
    row: PublicPlace, spot: tuple[float, float], then: Mapping[str, BaseGeometry], day: datetime | None
) -> PublicPlace:
    before = None if day is None else f"{day:%Y-%m-%d}"
    return replace(row, front_km_before=front_km(spot, _class_at(spot, then), then), before=before)


def _with_neck(found: PublicPlace, plain: Corridor) -> PublicPlace:
    enclosure = {f"{ring.radius_km:g}": _stepped(ring.blocked) for ring in plain.enclosure}
    return replace(found, neck_km=whole(plain.neck_km), rung=plain.rung.value, enclosure=enclosure)


def _stepped(share: float) -> float:
    return round(round(share / ENCLOSURE_STEP) * ENCLOSURE_STEP, 2)


def _held(sides: Sequence[str], areas: Sequence[Area]) -> dict[str, BaseGeometry]:
    return {side: held_by(side, tuple(areas)) for side in sides}


def _class_at(spot: tuple[float, float], held: Mapping[str, BaseGeometry]) -> str:
    return next((f"held_{side}" for side, ground in held.items() if shapely.intersects_xy(ground, *spot)), "grey")


def front_km(spot: tuple[float, float], status: str, held: Mapping[str, BaseGeometry]) -> int | None:
    """Whole km from a place to the held ground of the side that does not hold it; 0 in grey, None if there is none."""
    if status == "grey":
        return 0
    other = next(ground for side, ground in held.items() if status != f"held_{side}")
    return None if other.is_empty else round(float(shapely.distance(other, shapely.Point(spot))))


def two_figures(people: int | None) -> int | None:
    """A number of people to two figures, never finer than ten; None under ten."""
    if people is None or people < LEAST_PEOPLE:
        return None
    step = max(10, int(10.0 ** (math.floor(math.log10(people)) - 1)))
    return max(LEAST_PEOPLE, round(people / step) * step)
