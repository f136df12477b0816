"""What of another mapper's file never goes public: ground smaller than a public cell, round marks, maps of our own.

A path or polygons in; out come polygons without what marks a position, or a refusal of the file.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.engine.mappers_arcs import arcs_of
from isofront.errors import BadInputError
from isofront.ground.degrees import KM_PER_DEGREE
from isofront.ground.repair import polygonal
from isofront.ground.stamped import stamped

SIGN_KM2 = 80.0
"""A round mark is smaller than this: about 5 km from its middle."""
SIGN_CORNERS = 12
"""Fewer corners are drawn by hand."""
SIGN_CONVEX = 0.995
"""Ground that lies along anything has a dent; a circle has none."""
SIGN_ROUND = 0.03
"""So far an area's share of the narrowest box around it may be off an ellipse's, π/4."""
SIMPLE_DEG = 3e-5
"""Corners within about three metres of a straight line are none."""
ROUND_DEG = 300.0
"""An outline that turns so far along arcs is a circle, or a line or ground with the same distance round all of it."""


def refuse_own(path: Path, *, mapper: str, simulated: bool) -> None:
    """Stop before a private map of our own, or an invented one beside a real one, goes out as another mapper's.

    What `map` and `export` write says PRIVATE under `stamp` in every format; its lines come from exact places, and from
    reports of a side that must not show.

    Raises:
        BadInputError: it is such a file.
    """
    said = stamped(path)
    if said.private:
        raise BadInputError(
            f"mapper {mapper!r}: {path.name}: is stamped PRIVATE, a map of this program's that never goes public; "
            "wanted another mapper's"
        )
    if said.simulated and not simulated:
        raise BadInputError(
            f"mapper {mapper!r}: {path.name}: says that it is simulated, wanted a map of real ground, "
            "or simulated = true in theatre.toml"
        )


def without_specks(shape: BaseGeometry, least_km2: float) -> BaseGeometry:
    """Ground without parts and holes that are smaller than any part of our own map: a lone position shows nowhere."""
    parts = [one for one in shapely.get_parts(shape) if one.area >= least_km2]
    holes = [[ring for ring in one.interiors if shapely.Polygon(ring).area >= least_km2] for one in parts]
    return shapely.MultiPolygon([shapely.Polygon(one.exterior, kept) for one, kept in zip(parts, holes, strict=True)])


def without_signs(shape: BaseGeometry) -> BaseGeometry:
    """Polygons (degrees) without round parts, holes and bulges, whose middle is a position; the same object if none."""
    was = [[one.exterior, *one.interiors] for one in shapely.get_parts(shape)]
    now = [[_without_sign(ring) for ring in rings] for rings in was]
    if all(new is old for some, rings in zip(now, was, strict=True) for new, old in zip(some, rings, strict=True)):
        return shape
    kept = [shapely.Polygon(outer, [ring for ring in holes if ring]) for outer, *holes in now if outer is not None]
    return polygonal(shapely.make_valid(shapely.MultiPolygon(kept)))


def _without_sign(ring: shapely.LinearRing) -> shapely.LinearRing | None:
    """The ring, the ring without its round stretches, or None where it is a sign as a whole."""
    whole = shapely.Polygon(ring)
    if is_sign(whole):
        return None
    plain = shapely.simplify(ring, SIMPLE_DEG)
    corners = shapely.get_coordinates(plain)[:-1]
    on_arc, turned_deg = arcs_of(corners)
    if not on_arc.any():
        return ring
    left = corners[~on_arc]
    is_round = turned_deg >= ROUND_DEG and _km2(whole) < SIGN_KM2
    return None if is_round or len(left) < 3 else shapely.LinearRing(left)


def is_sign(part: BaseGeometry) -> bool:
    """Whether a polygon (degrees) is a small circle, or an ellipse as a circle in degrees is on the ground."""
    ring = shapely.Polygon(shapely.get_exterior_ring(part))
    if shapely.get_num_coordinates(ring) <= SIGN_CORNERS or not ring.is_valid or not 0 < _km2(ring) < SIGN_KM2:
        return False
    box = shapely.minimum_rotated_rectangle(ring).area
    dented = ring.area < SIGN_CONVEX * shapely.convex_hull(ring).area
    return bool(not dented and box > 0 and abs(ring.area / box - math.pi / 4) < SIGN_ROUND)


def _km2(shape: BaseGeometry) -> float:
    """About: good to a part in a hundred."""
    return float(shape.area * KM_PER_DEGREE**2 * np.cos(np.radians(shape.centroid.y)))


__all__ = ["is_sign", "refuse_own", "without_signs", "without_specks"]
