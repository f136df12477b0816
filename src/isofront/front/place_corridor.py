"""The corridor of a place: its neck, tips, pocket, second exit, enclosure, and the rung of the ladder it stands on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float, Int
from isofront.errors import BadInputError
from isofront.front.enclosure import Disc, Edges, Enclosure, edges_of, enclosures
from isofront.front.free import extent_land
from isofront.front.ladder import Ladder, Rung
from isofront.front.neck_field import Necks, necks
from isofront.ground.repair import polygonal

GRID_KM = 0.25
"""A place's neck is read at its free spots on a grid of this step about its centre."""

THIN_KM = 0.5
"""Enemy-held features thinner than this don't count for the robust neck."""

ARC_STEPS = 4
"""Chords to a quarter of the disc that opens: they leave its circle by 5 m."""

Spot = tuple[float, float]
_NO_SHARE = 1e-9


@dataclass(frozen=True, slots=True)
class Neck:
    """A neck and what lies behind it, km and km².

    `tips` are the enemy-held ends of the neck (two, or fewer where it meets a border or a coast), `chord` both its
    ends; both are empty where there is none. `second_exit_km` is the widest way left once the neck is walled up.
    """

    tips: tuple[Spot, ...]
    chord: tuple[Spot, ...]
    pocket_km2: float | None
    pocket: BaseGeometry | None
    second_exit_km: float | None


_NO_NECK = Neck((), (), None, None, None)


@dataclass(frozen=True, slots=True)
class Corridor:
    """What joins a place to its own side's rear. Widths in km: None is open, 0 cut off.

    `neck_km` is the upper median over the free spots of the place, with the least and the greatest beside it;
    `robust_neck_km` the same once enemy-held features thinner than 500 m are taken away. `enclosure` is empty once
    the centre is taken. Where nothing of the place is free there is no width: all are None, and the rung is TAKEN.
    `robust_neck_km` is None too where it was not asked for.
    """

    neck_km: float | None
    neck_min_km: float | None
    neck_max_km: float | None
    robust_neck_km: float | None
    neck: Neck
    enclosure: tuple[Enclosure, ...]
    footprint_free: float
    rung: Rung


def corridor(enemy_km: BaseGeometry, land_km: BaseGeometry | None, place: Disc) -> Corridor:
    """The corridor of one place, from what the enemy of its side holds and the land, km.

    Without land the extent of the enemy's polygons is taken, open at its edge.
    """
    return corridors(surroundings_of(enemy_km, land_km), (place,))[0]


@dataclass(frozen=True)
class Surroundings:
    """One map made ready for many places: its necks, and the edges of its areas.

    `field` is None where the enemy holds all of the land; `robust` is found once it is asked for.
    """

    field: Necks | None
    enemy: Edges
    land: Edges
    free: Edges

    @cached_property
    def robust(self) -> Necks | None:
        """The necks once enemy-held features thinner than 500 m are taken away."""
        return necks(without_thin(self.enemy.area), self.land.area)


def surroundings_of(enemy_km: BaseGeometry, land_km: BaseGeometry | None) -> Surroundings:
    """The necks of one map, and the edges of its areas."""
    land = extent_land(enemy_km) if land_km is None else land_km
    field = necks(enemy_km, land_km)
    free = MultiPolygon() if field is None else field.free
    return Surroundings(field, edges_of(enemy_km), edges_of(land), edges_of(free))


def corridors(
    around: Surroundings, places: Iterable[Disc], *, ladder: Ladder | None = None, robust: bool = True
) -> tuple[Corridor, ...]:
    """The corridors of many places on one map; their robust necks are not looked for where `robust` says so.

    Raises:
        BadInputError: a place lies off the land altogether.
    """
    return tuple(_corridor(around, place, ladder or Ladder(), robust=robust) for place in places)


def without_thin(enemy_km: BaseGeometry, thin_km: float = THIN_KM) -> BaseGeometry:
    """Enemy-held ground without what is thinner than that: opened by a disc half as wide."""
    core = shapely.buffer(enemy_km, -thin_km / 2, quad_segs=ARC_STEPS)
    opened = shapely.buffer(core, thin_km / 2, quad_segs=ARC_STEPS)
    # Where two arcs meet in one spot a buffer may cross itself by a rounding error.
    return opened if shapely.is_valid(opened) else polygonal(shapely.make_valid(opened, method="structure"))


def _corridor(around: Surroundings, place: Disc, ladder: Ladder, *, robust: bool) -> Corridor:
    on_land, held = around.land.share_of(place), around.enemy.holds(place.east_km, place.north_km)
    if on_land < _NO_SHARE and not held:
        raise BadInputError(f"place at ({place.east_km:g}, {place.north_km:g}) km: off the land, wanted a place on it")
    footprint = min(around.free.share_of(place) / on_land, 1.0) if on_land > _NO_SHARE else 0.0
    spots, at = _free_spots(around.field, place)
    rings = () if held else enclosures(around.enemy, place)
    if around.field is None or not len(at):
        return Corridor(None, None, None, None, _NO_NECK, rings, footprint, Rung.TAKEN)
    governed = at[np.argsort(around.field.neck_km[at], kind="stable")]
    low, middle, high = (float(around.field.neck_km[governed[k]]) for k in (0, len(at) // 2, -1))
    return Corridor(
        neck_km=_open_as_none(middle, ladder),
        neck_min_km=_open_as_none(low, ladder),
        neck_max_km=_open_as_none(high, ladder),
        robust_neck_km=_open_as_none(_robust_km(around, spots, middle, ladder), ladder) if robust else None,
        neck=_NO_NECK if middle > ladder.open_km else _neck_of(around.field, int(governed[len(at) // 2])),
        enclosure=rings,
        footprint_free=footprint,
        rung=Rung.TAKEN if held else ladder.rung(middle),
    )


def _robust_km(around: Surroundings, spots: Float[np.ndarray, "k 2"], neck_km: float, ladder: Ladder) -> float:
    """The neck without thin features, never narrower than the neck; not looked for where the place is open anyway."""
    if neck_km > ladder.open_km or around.robust is None:
        return neck_km
    return max(neck_km, _upper_median(around.robust.widths_km(spots)))


def _free_spots(field: Necks | None, place: Disc) -> tuple[Float[np.ndarray, "k 2"], Int[np.ndarray, " k"]]:
    """The free spots of a place, and the triangles they lie in."""
    spots = place.spots_km(GRID_KM)
    at = np.full(len(spots), -1) if field is None else field.mesh.triangles_at(spots)
    return spots[at >= 0], at[at >= 0]


def _upper_median(widths: Float[np.ndarray, " n"]) -> float:
    return float(np.sort(widths)[len(widths) // 2])


def _open_as_none(width_km: float, ladder: Ladder) -> float | None:
    return width_km if width_km <= ladder.open_km else None


def _neck_of(field: Necks, triangle: int) -> Neck:
    """The neck that governs a triangle; none at all where the land it is in is cut off."""
    gate = int(field.neck[triangle])
    if gate < 0:
        island = field.island(triangle)
        return Neck((), (), float(field.area_km2[island].sum()), field.shape_of(island), 0.0)
    return Neck(
        _as_spots(field.tips_km(gate)),
        _as_spots(field.chord_km(gate)),
        field.pocket_km2(gate),
        field.shape_of(field.in_pocket(gate)),
        field.second_exit_km(gate),
    )


def _as_spots(spots: Float[np.ndarray, "n 2"]) -> tuple[Spot, ...]:
    return tuple((float(east), float(north)) for east, north in spots)
