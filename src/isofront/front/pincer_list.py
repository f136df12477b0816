"""All pockets with a narrow neck on a map, with no place named in advance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Bool, Float, Int
from isofront.front.enclosure import edges_of
from isofront.front.enclosure_kernels import near_edges
from isofront.front.gate_kernels import distinct
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


def pincers_in(field: Necks, *, max_neck_km: float | int = MAX_NECK_KM) -> tuple[Pincer, ...]:
    """The pockets of a map whose necks are known already, behind gates up to any width; else as `pincers`."""
    governed = _governed_km2(field)
    found = [_pincer(field, gate) for gate in _distinct(field, _narrow(field, governed, max_neck_km), governed)]
    return tuple(sorted(found, key=lambda one: -one.pocket_km2))


def _pincer(field: Necks, gate: int) -> Pincer:
    first, second = ((float(east), float(north)) for east, north in field.tips_km(gate))
    pocket = field.shape_of(field.in_pocket(gate))
    return Pincer(float(field.width_km[gate]), (first, second), field.pocket_km2(gate), pocket)


def _narrow(field: Necks, governed: Float[np.ndarray, " g"], max_neck_km: float | int) -> Int[np.ndarray, " k"]:
    """The necks that are narrow enough, cut off enough, and are held at both ends away from any border."""
    gates = np.flatnonzero((field.inner >= 0) & (governed > 0))
    gates = gates[(field.width_km[gates] < max_neck_km) & field.mesh.enemy[field.ends[gates]].all(axis=1)]
    behind, width = field.behind_km2[field.inner[gates]], field.width_km[gates]
    gates = gates[(behind > MIN_POCKET_KM2) & (behind >= np.maximum(LEAST_POCKET_KM2, POCKET_PER_WIDTH * width**2))]
    return np.asarray(gates[_far_from_border(field, gates)])


def _far_from_border(field: Necks, gates: Int[np.ndarray, " k"]) -> Bool[np.ndarray, " k"]:
    if field.land is None or not len(gates):
        return np.ones(len(gates), bool)
    tips = field.mesh.spots_km[field.ends[gates]]
    near = near_edges(tips.reshape(-1, 2), edges_of(field.land).rows, FROM_BORDER_KM)
    return np.asarray(~near.reshape(-1, 2).any(axis=1))


def _distinct(field: Necks, gates: Int[np.ndarray, " k"], governed: Float[np.ndarray, " g"]) -> list[int]:
    """One gate of each nest of near-duplicates: that which is the neck of most ground, then the narrowest."""
    ordered = gates[np.lexsort((gates, field.width_km[gates], -governed[gates]))]
    first = field.inner[ordered]
    kept = distinct(field.rank[first], field.size[first], field.behind_km2[first], SAME_POCKET)
    return [int(gate) for gate in ordered[kept]]


def _governed_km2(field: Necks) -> Float[np.ndarray, " g"]:
    """The free area of which each gate is the neck."""
    known = field.neck >= 0
    area = np.bincount(field.neck[known], weights=field.area_km2[known], minlength=len(field.width_km))
    return np.asarray(area)


def places_inside(pocket: BaseGeometry, spots: Sequence[Spot]) -> list[int]:
    """The numbers of the spots that lie in a pocket."""
    if not spots:
        return []
    east, north = np.array(spots).T
    shapely.prepare(pocket)
    return [int(k) for k in np.flatnonzero(shapely.contains_xy(pocket, east, north))]
