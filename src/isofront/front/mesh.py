"""Free land as Delaunay triangles of its outline, every edge of which is an edge of the triangles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Bool, Float, Int
from isofront.front.free import ENEMY, PLAIN, Outline
from isofront.front.mesh_kernels import (
    N_CORNERS,
    hilbert_order,
    rooms_of,
    told_by_edges,
    triangles_at,
    triangulate,
    walls_of,
)

UNIT_KM = 1e-5
"""Vertices are rounded to the centimetre: on which side of a line one lies is then decided exactly."""

MOST_UNITS = 1_000_000_000
LEAST_EDGE_KM = 1e-3
"""An edge of the outline is halved until Delaunay has it, but not below a metre."""

FAR_OFF = 2
"""The outer square lies this many times the outline's span away on each side."""


@dataclass(frozen=True)
class Mesh:
    """Delaunay triangles of an outline; `free` marks those of free land.

    `units` are the vertices in whole units of `unit_km` from `origin_km`; `corners` counterclockwise; `beside[t, k]`
    the triangle across the edge opposite corner k, or -1; `enemy` marks vertices on the edge of enemy-held ground.
    """

    origin_km: Float[np.ndarray, 2]
    unit_km: float
    units: Int[np.ndarray, "n 2"]
    corners: Int[np.ndarray, "m 3"]
    beside: Int[np.ndarray, "m 3"]
    free: Bool[np.ndarray, " m"]
    enemy: Bool[np.ndarray, " n"]

    @cached_property
    def spots_km(self) -> Float[np.ndarray, "n 2"]:
        """The vertices, km."""
        return self.origin_km + self.units * self.unit_km

    def triangles_at(self, spots_km: Float[np.ndarray, "k 2"]) -> Int[np.ndarray, " k"]:
        """The free triangle that holds each spot, or -1 where the land is not free."""
        units = np.rint((spots_km - self.origin_km) / self.unit_km)
        low, high = self.units[:N_CORNERS].min(), self.units[:N_CORNERS].max()
        known = (np.isfinite(units) & (units > low) & (units < high)).all(axis=1)
        asked = np.vstack([self.units, units[known].astype(np.int64)])
        found = np.full(len(spots_km), -1, np.int64)
        found[known] = triangles_at(asked, self.corners, self.beside, len(self.units))
        return np.where(self.free[found] & (found >= 0), found, -1)


def mesh_of(outline: Outline) -> Mesh:
    """The Delaunay triangles of an outline."""
    origin, unit, units = _in_units(outline.spots)
    kind = np.where(outline.enemy, ENEMY, PLAIN)
    here = np.arange(len(units))
    edges = np.column_stack([here + N_CORNERS, outline.after + N_CORNERS, kind]).astype(np.int64)
    points = np.vstack([_outer_square(units), units])
    most = 2 * len(points) + 1000
    xy, corners, beside, at, pieces = triangulate(points, _order(units), edges, most, round(LEAST_EDGE_KM / unit))
    walls, votes = walls_of(corners, beside, at, pieces)
    free, doubtful = told_by_edges(*rooms_of(beside, walls), votes)
    free[doubtful] = _middles_in(outline.area, origin + xy[corners[doubtful]] * unit)
    enemy = np.zeros(len(xy), bool)
    enemy[pieces[pieces[:, 2] == ENEMY, :2]] = True
    return Mesh(origin, unit, xy, corners, beside, free, enemy)


def _in_units(spots: Float[np.ndarray, "n 2"]) -> tuple[Float[np.ndarray, 2], float, Int[np.ndarray, "n 2"]]:
    """The spots as whole numbers, small enough for exact products with the outer square counted in."""
    low, high = spots.min(axis=0), spots.max(axis=0)
    origin = np.round((low + high) / 2, 3)
    unit = max(UNIT_KM, float((high - low).max()) * (2 * FAR_OFF + 2) / MOST_UNITS)
    return origin, unit, np.rint((spots - origin) / unit).astype(np.int64)


def _outer_square(units: Int[np.ndarray, "n 2"]) -> Int[np.ndarray, "4 2"]:
    far = (2 * FAR_OFF + 1) * int(max(np.abs(units).max(), 1000))
    return np.array([[-far, -far], [far, -far], [far, far], [-far, far]], np.int64)


def _order(units: Int[np.ndarray, "n 2"]) -> Int[np.ndarray, " n"]:
    """Every 2^k-th vertex along a space-filling curve first, then the ones between: few flips and short walks."""
    along = np.argsort(hilbert_order(units, 16), kind="stable") + N_CORNERS
    steps = [1 << k for k in reversed(range(len(along).bit_length()))]
    return np.concatenate([along[step - 1 :: 2 * step] for step in steps])


def _middles_in(area: BaseGeometry, corners: Float[np.ndarray, "k 3 2"]) -> Bool[np.ndarray, " k"]:
    """Whether the middle of each triangle lies in an area."""
    if not len(corners):
        return np.zeros(0, bool)
    shapely.prepare(area)
    return np.asarray(shapely.contains_xy(area, corners.mean(axis=1)))
