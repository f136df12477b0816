"""Geometry from the flat map (km) to lon/lat, rounded so that what was one coverage stays one.

Vertices that were shared stay shared, because rounding moves equal points alike. Where rounding still makes an
area fold onto itself or its neighbour (slivers thinner than the step), the areas are rebuilt from their rounded
edges on the grid of the step, so that the result has neither gaps nor overlaps.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float
from isofront.ground.grid import to_lonlat

LONGEST_KM = 20.0
"""A straight km edge longer than this gets vertices between: at 20 km lon/lat lines stray by less than 10 m."""

DIGITS = 6
"""Decimal places of a degree in files: about a decimetre."""


def in_lonlat(geometry: BaseGeometry, *, crs: str, digits: int = DIGITS) -> BaseGeometry:
    """One geometry in degrees, rounded; rings turn anticlockwise outside (RFC 7946), never self-crossing."""
    return _wound(_sound(_rounded(_projected(geometry, crs=crs), digits=digits), step=10.0**-digits))


def coverage_in_lonlat(areas: Sequence[BaseGeometry], *, crs: str, digits: int = DIGITS) -> list[BaseGeometry]:
    """Areas of one coverage in degrees, rounded, and still one coverage, in the order given."""
    exact = [_projected(area, crs=crs) for area in areas]
    rounded = [_rounded(area, digits=digits) for area in exact]
    if not _is_coverage(rounded):
        rounded = [_rounded(area, digits=digits) for area in _rebuilt(exact, rounded, step=10.0**-digits)]
    return [_wound(area) for area in rounded]


def only(geometry: BaseGeometry, *, dimension: int) -> BaseGeometry:
    """The parts that are areas (2) or lines (1), without what a cut left behind of lower dimension."""
    if geometry.geom_type != "GeometryCollection":
        return geometry
    parts = _flat(geometry)
    kept = [part for part in parts if shapely.get_dimensions(part) == dimension]
    return shapely.multipolygons(kept) if dimension == 2 else shapely.multilinestrings(kept)


def _flat(geometry: BaseGeometry) -> list[BaseGeometry]:
    """Every single part, out of collections within collections."""
    parts = [geometry]
    while any(hasattr(part, "geoms") for part in parts):
        parts = list(shapely.get_parts(parts))
    return parts


def _projected(geometry: BaseGeometry, *, crs: str) -> BaseGeometry:
    def degrees(points: Float[np.ndarray, "n 2"]) -> Float[np.ndarray, "n 2"]:
        return np.column_stack(to_lonlat(points[:, 0], points[:, 1], crs=crs))

    return shapely.transform(_densified(geometry), degrees)


def _densified(geometry: BaseGeometry) -> BaseGeometry:
    """With vertices on long edges, at the same spots whichever way an edge is walked."""
    if geometry.is_empty or geometry.geom_type in ("Point", "MultiPoint"):
        return geometry
    if shapely.get_num_coordinates(geometry) == 0:
        return geometry
    return _rebuild(geometry)


def _rebuild(geometry: BaseGeometry) -> BaseGeometry:
    if geometry.geom_type == "Polygon":
        holes = [_dense_points(ring) for ring in geometry.interiors]
        return shapely.Polygon(_dense_points(geometry.exterior), holes)
    if geometry.geom_type in ("LineString", "LinearRing"):
        return shapely.LineString(_dense_points(geometry))
    return type(geometry)([_rebuild(part) for part in geometry.geoms])


def _dense_points(line: BaseGeometry) -> Float[np.ndarray, "n 2"]:
    points = shapely.get_coordinates(line)
    lengths = np.hypot(*np.diff(points, axis=0).T)
    long = np.flatnonzero(lengths > LONGEST_KM)
    spots = [_between(points[k], points[k + 1], n=int(np.ceil(lengths[k] / LONGEST_KM))) for k in long]
    after = [k + 1 for k, new in zip(long, spots, strict=True) for _ in new]
    return np.insert(points, after, np.vstack(spots), axis=0) if spots else points


def _between(a: Float[np.ndarray, " 2"], b: Float[np.ndarray, " 2"], *, n: int) -> Float[np.ndarray, "m 2"]:
    """The n - 1 spots that part a to b in n, reckoned from the lesser end so that both ways give equal floats."""
    swap = tuple(b) < tuple(a)
    low, high = (b, a) if swap else (a, b)
    spots: np.ndarray = low + (high - low) * (np.arange(1, n)[:, None] / n)
    return spots[::-1] if swap else spots


def _rounded(geometry: BaseGeometry, *, digits: int) -> BaseGeometry:
    """Rounded, without repeated points and without rings that became a line or a spot; -0.0 becomes 0.0."""
    moved = shapely.transform(geometry, lambda points: np.round(points, digits) + 0.0)
    if shapely.get_dimensions(moved) == 2:
        moved = _without_collapsed(moved)
    return shapely.remove_repeated_points(moved)


def _without_collapsed(area: BaseGeometry) -> BaseGeometry:
    if all(_encloses(ring) for part in _flat(area) if part.geom_type == "Polygon" for ring in _rings(part)):
        return area
    parts = [part for part in _flat(area) if part.geom_type == "Polygon" and _encloses(part.exterior)]
    sound = [shapely.Polygon(part.exterior, [hole for hole in part.interiors if _encloses(hole)]) for part in parts]
    return sound[0] if area.geom_type == "Polygon" and sound else shapely.MultiPolygon(sound)


def _rings(area: shapely.Polygon) -> list[BaseGeometry]:
    return [] if area.is_empty else [area.exterior, *area.interiors]


def _encloses(ring: BaseGeometry) -> bool:
    return len(np.unique(shapely.get_coordinates(ring), axis=0)) >= 3


def _sound(geometry: BaseGeometry, *, step: float) -> BaseGeometry:
    """As it is if valid; else snapped to the step, which mends folds and drops what has collapsed."""
    if geometry.is_empty or geometry.is_valid:
        return geometry
    return shapely.set_precision(shapely.make_valid(geometry), step)


def _is_coverage(areas: Sequence[BaseGeometry]) -> bool:
    filled = [area for area in areas if not area.is_empty]
    return all(area.is_valid for area in filled) and bool(shapely.coverage_is_valid(filled))


def _rebuilt(exact: Sequence[BaseGeometry], rounded: Sequence[BaseGeometry], *, step: float) -> list[BaseGeometry]:
    """The areas made anew: their rounded edges crossed on the grid of the step, each face given to its owner."""
    edges = shapely.union_all([shapely.boundary(area) for area in rounded], grid_size=step)
    faces = [face for face in shapely.get_parts(shapely.polygonize(shapely.get_parts(edges))) if not face.is_empty]
    owners = [_owner(face, exact, step=step) for face in faces]
    return [
        shapely.union_all([face for face, owner in zip(faces, owners, strict=True) if owner == number], grid_size=step)
        for number in range(len(exact))
    ]


def _owner(face: BaseGeometry, exact: Sequence[BaseGeometry], *, step: float) -> int | None:
    """The area that covers the face's inner spot, else the one that shares most with a sliver; None for a hole."""
    spot = face.representative_point()
    for number, area in enumerate(exact):
        if area.covers(spot):
            return number
    shares = [shapely.intersection(face, area).area for area in exact]
    best = int(np.argmax(shares))
    sliver = face.area < step * face.length
    return best if shares[best] > 0 and (sliver or shares[best] > 0.5 * face.area) else None


def _wound(geometry: BaseGeometry) -> BaseGeometry:
    return shapely.orient_polygons(geometry, exterior_cw=False)
