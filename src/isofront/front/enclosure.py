"""How far a spot is ringed by enemy-held ground, and how much of a place is free."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Bool, Float
from isofront.front.enclosure_kernels import disc_area_km2, seen_km

N_RAYS = 360
RADII_KM = (5.0, 10.0, 20.0)


@dataclass(frozen=True, slots=True)
class Disc:
    """A place: all within `radius_km` of a spot on the flat map."""

    east_km: float
    north_km: float
    radius_km: float

    def spots_km(self, step_km: float) -> Float[np.ndarray, "n 2"]:
        """The spots of the disc on a grid of that step about its centre, row by row, km."""
        reach = int(self.radius_km / step_km + 1e-9)
        steps = np.arange(-reach, reach + 1) * step_km
        north, east = (axis.ravel() for axis in np.meshgrid(steps, steps, indexing="ij"))
        inside = np.hypot(east, north) <= self.radius_km + 1e-9
        return np.column_stack([self.east_km + east[inside], self.north_km + north[inside]])


@dataclass(frozen=True, slots=True)
class Enclosure:
    """Enclosure at one radius: the share of bearings on which enemy-held ground is met, and the largest free arc."""

    radius_km: float
    blocked: float
    largest_free_arc_deg: float


@dataclass(frozen=True, slots=True)
class Edges:
    """The edges of an area as rows (ax, ay, bx, by), km, the area on their left; and the area itself."""

    area: BaseGeometry
    rows: Float[np.ndarray, "n 4"]

    def holds(self, east_km: float, north_km: float) -> bool:
        """Whether the area holds a spot, its outline included."""
        return bool(shapely.intersects_xy(self.area, east_km, north_km))

    def share_of(self, disc: Disc) -> float:
        """The share of a disc that lies in the area."""
        within = float(disc_area_km2(self.rows, disc.east_km, disc.north_km, disc.radius_km))
        return min(max(within / (pi * disc.radius_km**2), 0.0), 1.0)


def edges_of(area: BaseGeometry) -> Edges:
    """The directed edges of an area, ready for many questions."""
    rings = shapely.get_rings(shapely.get_parts(shapely.orient_polygons(area)))
    spots, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    shapely.prepare(area)
    return Edges(area, np.hstack([spots[:-1][same], spots[1:][same]]))


def enclosures(enemy: Edges, place: Disc, radii_km: tuple[float, ...] = RADII_KM) -> tuple[Enclosure, ...]:
    """Enclosure at each radius: 360 rays from the centre, which must not lie on enemy-held ground."""
    seen = seen_km(enemy.rows, place.east_km, place.north_km, N_RAYS, max(radii_km))
    return tuple(Enclosure(radius, *_blocked(seen <= radius)) for radius in radii_km)


def _blocked(blocked: Bool[np.ndarray, " n"]) -> tuple[float, float]:
    """The share of rays that are blocked, and the degrees of the longest row of rays that are not."""
    if not blocked.any():
        return 0.0, 360.0
    between = np.diff(np.flatnonzero(np.concatenate([blocked, blocked]))) - 1
    return float(blocked.mean()), float(between.max(initial=0)) * 360 / len(blocked)
