"""Places and pockets of one map by rule: each town's necks, and every pocket found unaided with its largest town."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.front.contours import polygons_only
from isofront.front.enclosure import Disc
from isofront.front.ladder import Ladder
from isofront.front.neck_field import Necks
from isofront.front.pincer_list import MAX_NECK_KM, Pincer, pincers_in, places_inside
from isofront.front.place_corridor import Surroundings, corridors, surroundings_of
from isofront.front.rules import ByRule, PlaceNecks, Pocket, Rule

MIDDLE_RADIUS_KM = 1.5
"""A pocket without a settlement is measured at a disc no larger than this in its middle."""


@dataclass(frozen=True, slots=True)
class Town:
    """A settlement to be measured: its name, its people, its footprint."""

    name: str
    people: int
    disc: Disc


@dataclass(frozen=True, slots=True)
class Stage:
    """One side's view of a map: its land, and what counts as the enemy's under each rule (km)."""

    side: str
    enemy: str
    land: BaseGeometry
    ground: Mapping[Rule, BaseGeometry]


def surroundings(stage: Stage) -> Mapping[Rule, Surroundings]:
    """The map made ready under each rule, once it is asked for."""
    return _Around(stage)


class _Around(Mapping[Rule, Surroundings]):
    def __init__(self, stage: Stage) -> None:
        self._stage, self._ready = stage, dict[Rule, Surroundings]()

    def __getitem__(self, rule: Rule) -> Surroundings:
        if rule not in self._ready:
            self._ready[rule] = surroundings_of(self._stage.ground[rule], self._stage.land)
        return self._ready[rule]

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._stage.ground)

    def __len__(self) -> int:
        return len(self._stage.ground)


def measured(
    stage: Stage, around: Mapping[Rule, Surroundings], towns: Sequence[Town], ladder: Ladder, *, robust: bool = True
) -> tuple[PlaceNecks, ...]:
    """Every town under each rule; without robust necks, if `robust` says so."""
    discs = [town.disc for town in towns]
    found = {rule: corridors(one, discs, ladder=ladder, robust=robust) for rule, one in around.items()}
    return tuple(
        PlaceNecks(town.name, stage.side, town.disc, {rule: ByRule(found[rule][k]) for rule in found})
        for k, town in enumerate(towns)
    )


def pockets_of(
    stage: Stage,
    around: Mapping[Rule, Surroundings],
    towns: Sequence[Town],
    places: Sequence[PlaceNecks],
    ladder: Ladder,
    *,
    robust: bool = True,
    within: BaseGeometry | None = None,
) -> tuple[Pocket, ...]:
    """Every pocket behind two tips of held ground, the largest first; `places` are the towns already measured.

    What is measured besides gets no robust neck, if `robust` says so. A pocket of which nothing lies `within` is none
    of this map's: no report reaches the ground there.
    """
    field = around[Rule.HELD].field
    if field is None:
        return ()
    known = {place.key: place for place in places}
    found = []
    for one in pincers_in(field, max_neck_km=max(MAX_NECK_KM, ladder.pocket_km)):
        if within is not None and not shapely.intersects(one.pocket, within):
            continue
        inside = _inside(one, towns)
        town = inside[0] if inside else _middle(one)
        place = known.get((town.name, town.disc)) or measured(stage, around, (town,), ladder, robust=robust)[0]
        found.append(_pocket(stage, field, one, tuple(town.name for town in inside), place))
    return tuple(found)


def _inside(one: Pincer, towns: Sequence[Town]) -> list[Town]:
    """The towns in a pocket, those with most people first."""
    spots = [(town.disc.east_km, town.disc.north_km) for town in towns]
    return sorted((towns[k] for k in places_inside(one.pocket, spots)), key=lambda town: (-town.people, town.name))


def _middle(one: Pincer) -> Town:
    """The middle of a pocket: the spot in it that is farthest from its outline."""
    circle = shapely.maximum_inscribed_circle(shapely.get_parts(one.pocket)[0], tolerance=0.05)
    (east, north), _ = np.asarray(circle.coords)[:2]
    return Town("", 0, Disc(float(east), float(north), max(0.25, min(MIDDLE_RADIUS_KM, circle.length / 2))))


def _pocket(stage: Stage, field: Necks, one: Pincer, inside: tuple[str, ...], place: PlaceNecks) -> Pocket:
    return Pocket(
        side=stage.side,
        enemy=stage.enemy,
        neck_km=one.neck_km,
        chord=one.tips,
        tips=one.tips,
        pocket_km2=one.pocket_km2,
        geometry=polygons_only(shapely.intersection(one.pocket, field.free)),
        inside=inside,
        place=place,
    )
