"""Rings of lon/lat vertices, counted and measured before any shape is built from them."""

from __future__ import annotations

import numpy as np
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float
from isofront.errors import BadInputError

MAX_VERTICES = 5_000_000
MAX_DEPTH = 8
"""Levels of collection within collection; people write one, and GEOS falls over at thousands."""

SEAM_DEG = 1e-3
"""Whoever cuts rings at the antimeridian writes its 180° this exactly."""

Ring = Float[np.ndarray, "_ 2"]


class Budget:
    """The vertices that one file may still bring."""

    def __init__(self, name: str, *, vertices: int = MAX_VERTICES) -> None:
        self.name = name
        self.whole = vertices
        self.left = vertices

    def spend(self, vertices: int) -> None:
        """Take vertices from what is left.

        Raises:
            BadInputError: fewer are left.
        """
        self.left -= vertices
        if self.left < 0:
            raise BadInputError(f"{self.name}: more than {self.whole:,} vertices, wanted fewer")


def checked_ring(lonlat: Ring, *, where: str) -> Ring:
    """The ring, closed, if its vertices are spots on the Earth.

    Raises:
        BadInputError: too few vertices, one not finite, one that is no lon/lat, or a ring over the antimeridian.
    """
    if len(lonlat) < 3:
        raise BadInputError(f"{where}: a ring has {len(lonlat)} points, wanted at least 4")
    if not np.isfinite(lonlat).all():
        raise BadInputError(f"{where}: a coordinate is not finite, wanted lon and lat in degrees")
    outside = (np.abs(lonlat[:, 0]) > 180) | (np.abs(lonlat[:, 1]) > 90)
    if outside.any():
        lon, lat = lonlat[int(np.argmax(outside))]
        raise BadInputError(
            f"{where}: ({lon:g}, {lat:g}) is no spot in degrees, wanted lon -180..180 first, then lat -90..90; "
            f"another coordinate system, or lat before lon?"
        )
    ring = lonlat if (lonlat[0] == lonlat[-1]).all() else np.vstack([lonlat, lonlat[:1]])
    if _leaps(ring[:, 0]):
        raise BadInputError(f"{where}: crosses the antimeridian, wanted it split there (RFC 7946, 3.1.9)")
    return ring


def _leaps(lon: Float[np.ndarray, " n"]) -> bool:
    """Whether a ring goes on at the other end of the degrees, by which it would girdle the Earth.

    Ground about a pole does go from -180 to 180, along the edge of all degrees.
    """
    if np.ptp(lon) <= 180:
        return False
    far = np.abs(np.diff(lon)) > 180
    inner = np.minimum(np.abs(lon[:-1]), np.abs(lon[1:])) < 180 - SEAM_DEG
    return bool((far & inner).any())


def area_of(polygons: list[list[Ring]]) -> BaseGeometry:
    """A Polygon or MultiPolygon of checked rings, shell first, vertices as they are; it may yet cross itself."""
    parts = [Polygon(shell, holes) for shell, *holes in polygons]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)
