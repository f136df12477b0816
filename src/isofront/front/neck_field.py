"""How wide the way to the rear is, for every spot of free land: gates, the tree of widest ways, and one sweep over it.

A gate is an edge shared by two free triangles; its width is its length (docs/maths/necks.md). Along a maximum spanning
tree of gates, rooted in the deep rear, the way of every triangle is the widest there is; the narrowest gate on it that
cuts off enough ground is its neck.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry import LinearRing, Polygon
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Bool, Float, Int
from isofront.front.enclosure import Edges, edges_of
from isofront.front.free import ENEMY_STEP_KM, extent_land, outline_of
from isofront.front.gate_kernels import (
    gates_between,
    lands_of,
    measured,
    outlined,
    rooted,
    swept,
    widest_other,
    widest_tree,
)
from isofront.front.mesh import Mesh, mesh_of

REAR_KM = 20.0
"""Free acute triangles with a circle of this radius or more round them are the deep rear."""

LEAST_POCKET_KM2 = 5.0
POCKET_PER_WIDTH = 0.25
"""A gate of width W counts if it cuts off at least max(5 km², 0.25 W²)."""


@dataclass(frozen=True)
class Necks:
    """The neck of every free triangle.

    Gates: `sides` are the two triangles, `ends` the two vertices, `width_km` the length. Triangles: `inner[g]` is the
    one behind tree gate g (-1 for gates that are not in the tree); `behind_km2` the free area from a triangle outward;
    `neck` the gate that governs it (-1: none) and `neck_km` its width (inf: open; 0: no way to the rear).
    """

    mesh: Mesh
    enemy: BaseGeometry
    land: BaseGeometry | None
    free: BaseGeometry
    sides: Int[np.ndarray, "g 2"]
    ends: Int[np.ndarray, "g 2"]
    width_km: Float[np.ndarray, " g"]
    gate: Int[np.ndarray, " m"]
    before: Int[np.ndarray, " m"]
    area_km2: Float[np.ndarray, " m"]
    behind_km2: Float[np.ndarray, " m"]
    neck: Int[np.ndarray, " m"]
    neck_km: Float[np.ndarray, " m"]
    rank: Int[np.ndarray, " m"]
    size: Int[np.ndarray, " m"]

    @cached_property
    def inner(self) -> Int[np.ndarray, " g"]:
        """The triangle behind each gate of the tree, seen from the rear; -1 for the other gates."""
        behind = np.full(len(self.sides), -1, np.int64)
        hung = np.flatnonzero(self.gate >= 0)
        behind[self.gate[hung]] = hung
        return behind

    @cached_property
    def lands(self) -> Int[np.ndarray, " m"]:
        """For each triangle a number of the land it is in: triangles of one land are joined by gates."""
        return np.asarray(lands_of(len(self.area_km2), self.sides))

    def island(self, triangle: int) -> Bool[np.ndarray, " m"]:
        """The free triangles of the land that a triangle is in."""
        return np.asarray((self.lands == self.lands[triangle]) & self.mesh.free)

    def widths_km(self, spots_km: Float[np.ndarray, "k 2"]) -> Float[np.ndarray, " k"]:
        """The corridor-width field: the neck of each spot, km; inf where open, 0 where cut off, nan where not free."""
        at = self.mesh.triangles_at(spots_km)
        return np.asarray(np.where(at >= 0, self.neck_km[at], np.nan))

    def in_pocket(self, gate: int) -> Bool[np.ndarray, " m"]:
        """Which triangles a gate of the tree cuts off."""
        first = self.inner[gate]
        return np.asarray((self.rank >= self.rank[first]) & (self.rank < self.rank[first] + self.size[first]))

    def pocket_km2(self, gate: int) -> float:
        """The free area that a gate of the tree cuts off."""
        return float(self.behind_km2[self.inner[gate]])

    def second_exit_km(self, gate: int) -> float:
        """The widest way out of the pocket once its neck is walled up; 0 if there is none."""
        low = int(self.rank[self.inner[gate]])
        high = low + int(self.size[self.inner[gate]])
        return float(widest_other((self.sides, self.width_km), self.rank, (low, high), gate, self.neck_km))

    def chord_km(self, gate: int) -> Float[np.ndarray, "2 2"]:
        """The ends of a gate, the western one first."""
        ends = self.mesh.spots_km[self.ends[gate]]
        return np.asarray(ends[np.lexsort(ends.T[::-1])])

    def tips_km(self, gate: int) -> Float[np.ndarray, "n 2"]:
        """The ends of a gate that are enemy-held: two, or fewer where it meets a border or a coast."""
        ends = self.ends[gate]
        tips = self.mesh.spots_km[ends[self.mesh.enemy[ends]]]
        return np.asarray(tips[np.lexsort(tips.T[::-1])])

    def shape_of(self, triangles: Bool[np.ndarray, " m"]) -> BaseGeometry:
        """Triangles as one area, km."""
        vertices, starts = outlined(self.mesh.corners, self.mesh.beside, triangles)
        rings = [LinearRing(self.mesh.spots_km[vertices[a:b]]) for a, b in pairwise(starts.tolist())]
        shells, holes = ([ring for ring in rings if ring.is_ccw is turn] for turn in (True, False))
        shape = Polygon(shells[0], holes)
        if len(shells) == 1 and shapely.is_valid(shape):
            return shape
        corners = self.mesh.spots_km[self.mesh.corners[triangles]]
        return shapely.coverage_union_all(shapely.polygons(np.concatenate([corners, corners[:, :1]], axis=1)))


def necks(enemy_km: BaseGeometry, land_km: BaseGeometry | None, *, step_km: float = ENEMY_STEP_KM) -> Necks | None:
    """The necks of all land that the enemy does not hold; None if he holds all of it.

    Without `land_km` the extent of the enemy's polygons is taken, open at its edge. Enemy edges are cut to `step_km`.
    """
    found = necks_on(enemy_km, edges_of(extent_land(enemy_km) if land_km is None else land_km), step_km=step_km)
    return replace(found, land=None) if found is not None and land_km is None else found


def necks_on(enemy_km: BaseGeometry, land: Edges, *, step_km: float = ENEMY_STEP_KM) -> Necks | None:
    """The necks of land whose edges are ready, for when many maps are asked on one land; else as `necks`."""
    outline = outline_of(enemy_km, land, step_km=step_km)
    if outline.area.is_empty:
        return None
    mesh = mesh_of(outline)
    sides, ends = gates_between(mesh.corners, mesh.beside, mesh.free)
    span = mesh.spots_km[ends[:, 0]] - mesh.spots_km[ends[:, 1]]
    width = np.hypot(span[:, 0], span[:, 1])
    area, radius, acute = measured(mesh.spots_km, mesh.corners)
    rear = _rear(mesh.free, area, acute & (radius >= REAR_KM), lands_of(len(area), sides))
    by_width = np.argsort(-width, kind="stable")
    order, gate, before = rooted(len(area), sides, widest_tree(len(area), sides, by_width, rear), rear)
    behind, neck, neck_km, rank, size = swept((order, gate, before), area, width, LEAST_POCKET_KM2, POCKET_PER_WIDTH)
    return Necks(
        mesh=mesh,
        enemy=enemy_km,
        land=land.area,
        free=outline.area,
        sides=sides,
        ends=ends,
        width_km=width,
        gate=gate,
        before=before,
        area_km2=area,
        behind_km2=behind,
        neck=neck,
        neck_km=neck_km,
        rank=rank,
        size=size,
    )


def _rear(
    free: Bool[np.ndarray, " m"],
    area: Float[np.ndarray, " m"],
    deep: Bool[np.ndarray, " m"],
    lands: Int[np.ndarray, " m"],
) -> Bool[np.ndarray, " m"]:
    """The deep triangles in the land that has most of their area; if there is none, the largest free triangle."""
    deep = deep & free
    if not deep.any():
        return np.asarray(np.arange(len(area)) == np.argmax(np.where(free, area, -1.0)))
    main = np.argmax(np.bincount(lands, weights=np.where(deep, area, 0.0), minlength=len(area)))
    return np.asarray(deep & (lands == main))
