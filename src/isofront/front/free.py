"""The outline of the land that a side can use, cut into short edges that know whether the enemy stands behind them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Bool, Float, Int
from isofront.front.enclosure import Edges
from isofront.front.enclosure_kernels import near_edges

ENEMY_STEP_KM = 0.1
"""Edges of enemy-held ground are cut to this length at the most: a neck is then right to about a metre in a km."""

BORDER_STEP_KM = 2.0
"""Borders and coasts are cut to this length: they bound the land, and nobody measures to them."""

OPEN_MARGIN_KM = 100.0
"""Without land, ground this far round the polygons is free: their extent is open at the edge."""

SAME_KM = 1e-6
"""An edge this near to the land's own outline is border or coast, not the enemy's edge."""

PLAIN, ENEMY = 1, 2
"""What an edge is: border, coast or the frame of the extent; or the edge of enemy-held ground."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The outline of free land in short edges, free land on the left of each.

    `spots` are in km; edge i runs from spot i to spot `after[i]`; `enemy[i]` says whether the enemy stands behind it.
    """

    area: BaseGeometry
    spots: Float[np.ndarray, "n 2"]
    after: Int[np.ndarray, " n"]
    enemy: Bool[np.ndarray, " n"]


def extent_land(enemy: BaseGeometry) -> BaseGeometry:
    """The ground to reckon with where no land is given: the extent of the polygons and free ground all round it."""
    west, south, east, north = enemy.bounds
    margin = OPEN_MARGIN_KM
    return shapely.box(west - margin, south - margin, east + margin, north + margin)


def outline_of(enemy: BaseGeometry, land: Edges, *, step_km: float = ENEMY_STEP_KM) -> Outline:
    """Free land F = land - enemy and its outline, in edges so short (borders and coasts: 2 km)."""
    area = shapely.orient_polygons(shapely.difference(land.area, enemy))
    corners, after = _ring_edges(area)
    enemys = np.logical_not(near_edges((corners + corners[after]) / 2, land.rows, SAME_KM))
    spots, following, parent = _cut(corners, after, np.where(enemys, step_km, BORDER_STEP_KM))
    return Outline(area, spots, following, enemys[parent])


def _ring_edges(area: BaseGeometry) -> tuple[Float[np.ndarray, "n 2"], Int[np.ndarray, " n"]]:
    """Every vertex of every ring once, and the number of the one that follows it."""
    rings = shapely.get_rings(shapely.get_parts(area))
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    first = np.searchsorted(ring, np.arange(len(rings)))
    last = np.searchsorted(ring, np.arange(len(rings)), side="right") - 1
    keep = np.ones(len(ring), bool)
    keep[last] = False
    number = np.cumsum(keep) - 1
    number[last] = number[first]
    after = number[np.flatnonzero(keep) + 1] if len(rings) else np.empty(0, np.int64)
    return coordinates[keep], after


def _cut(
    corners: Float[np.ndarray, "n 2"], after: Int[np.ndarray, " n"], step: Float[np.ndarray, " n"]
) -> tuple[Float[np.ndarray, "m 2"], Int[np.ndarray, " m"], Int[np.ndarray, " m"]]:
    """Edges cut into equal parts no longer than their step: spots, the one after each, and the edge each comes from."""
    way = corners[after] - corners
    n_parts = np.maximum(1, np.ceil(np.hypot(way[:, 0], way[:, 1]) / step - 1e-9)).astype(np.int64)
    starts = np.cumsum(n_parts) - n_parts
    parent = np.repeat(np.arange(len(corners)), n_parts)
    part = np.arange(len(parent)) - starts[parent]
    spots = corners[parent] + way[parent] * (part / n_parts[parent])[:, None]
    following = np.where(part + 1 < n_parts[parent], np.arange(len(parent)) + 1, starts[after[parent]])
    return spots, following, parent
