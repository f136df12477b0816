"""All pockets with a narrow neck on a map, with no place named in advance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from jaxtyping import Bool, Float, Int
from shapely.geometry.base import BaseGeometry

from isofront.front.neck_field import LEAST_POCKET_KM2, POCKET_PER_WIDTH, Necks, necks
from isofront.front.place_corridor import Spot

MAX_NECK_KM = 8.0
MIN_POCKET_KM2 = 10.0
FROM_BORDER_KM = 5.0
"""A tip nearer to a border or a coast says more of that border than of the front."""

SAME_POCKET = 0.5
"""Of two nested pockets, one is a near-duplicate of the other if it makes up this share of it."""


@dataclass(frozen=True, slots=True)
class Pincer:
    """A pocket of free ground, its neck (km) and the two enemy-held tips that face each other there (km)."""

    neck_km: float
    tips: tuple[Spot, Spot]
    pocket_km2: float
    pocket: BaseGeometry


def pincers(enemy_km: BaseGeometry, land_km: BaseGeometry | None) -> tuple[Pincer, ...]:
    """Every gate under 8 km that cuts off more than 10 km², nested near-duplicates merged; the largest pocket first."""
    field = necks(enemy_km, land_km)
    return () if field is None else pincers_in(field)


def pincers_in(field: Necks) -> tuple[Pincer, ...]:
    """The same where the necks are known already."""
    found = [_pincer(field, int(gate)) for gate in _distinct(field, _narrow(field))]
    return tuple(sorted(found, key=lambda one: -one.pocket_km2))


def _pincer(field: Necks, gate: int) -> Pincer:
    first, second = ((float(east), float(north)) for east, north in field.tips_km(gate))
    pocket = field.shape_of(field.in_pocket(gate))
    return Pincer(float(field.width_km[gate]), (first, second), field.pocket_km2(gate), pocket)


def _narrow(field: Necks) -> Int[np.ndarray, " k"]:
    """The gates of the tree that are narrow enough, cut off enough, and are held at both ends away from any border."""
    gates = np.flatnonzero(field.inner >= 0)
    gates = gates[(field.width_km[gates] < MAX_NECK_KM) & field.mesh.enemy[field.ends[gates]].all(axis=1)]
    behind, width = field.behind_km2[field.inner[gates]], field.width_km[gates]
    gates = gates[(behind > MIN_POCKET_KM2) & (behind >= np.maximum(LEAST_POCKET_KM2, POCKET_PER_WIDTH * width**2))]
    return np.asarray(gates[_far_from_border(field, gates)])


def _far_from_border(field: Necks, gates: Int[np.ndarray, " k"]) -> Bool[np.ndarray, " k"]:
    if field.land is None or not len(gates):
        return np.ones(len(gates), bool)
    border = shapely.boundary(field.land)
    shapely.prepare(border)
    tips = shapely.points(field.mesh.spots_km[field.ends[gates]])
    near = np.asarray(shapely.dwithin(border, tips, FROM_BORDER_KM), bool)
    return np.logical_not(near.any(axis=1))


def _distinct(field: Necks, gates: Int[np.ndarray, " k"]) -> list[int]:
    """One gate of each nest of near-duplicates: that which is the neck of most ground, then the narrowest."""
    governed = _governed_km2(field)[gates]
    kept: list[int] = []
    for i in np.lexsort((gates, field.width_km[gates], -governed)):
        gate = int(gates[i])
        if governed[i] > 0 and not any(_same(field, gate, other) for other in kept):
            kept.append(gate)
    return kept


def _governed_km2(field: Necks) -> Float[np.ndarray, " g"]:
    """The free area of which each gate is the neck."""
    known = field.neck >= 0
    area = np.bincount(field.neck[known], weights=field.area_km2[known], minlength=len(field.width_km))
    return np.asarray(area)


def _same(field: Necks, one: int, other: int) -> bool:
    """Whether two gates cut off nearly the same ground, one pocket inside the other."""
    first, second = sorted((field.inner[one], field.inner[other]), key=lambda t: -field.size[t])
    nested = field.rank[first] <= field.rank[second] < field.rank[first] + field.size[first]
    return bool(nested and field.behind_km2[second] >= SAME_POCKET * field.behind_km2[first])


def places_inside(pocket: BaseGeometry, spots: Sequence[Spot]) -> list[int]:
    """The numbers of the spots that lie in a pocket."""
    if not spots:
        return []
    east, north = np.array(spots).T
    shapely.prepare(pocket)
    return [int(k) for k in np.flatnonzero(shapely.contains_xy(pocket, east, north))]
