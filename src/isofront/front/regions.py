"""Who holds a region, what of it remains, and how far its settlements lie from the front.

What remains of region R to side s is  Q = R - held(s). It is given in km², and as the greatest way that is left along
the axis: the axis points from the front into Q, as the outward normal of the side's edge inside R does on average

    axis ∝ ∫ n dl over the edge of held(s) inside R,

else (no front in R) from the nearest held ground to the middle of Q; the way left is the longest chord of Q on lines
that run along the axis, `STEP_KM` apart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.affinity import rotate
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float
from isofront.front.dated import GREY, LEAST_KM2, REST, Dated, Layer, layers_of
from isofront.ground.repair import polygonal

STEP_KM = 0.25
MOST_LINES = 800
"""Spacing of the lines along the axis; in a region too wide for it, `MOST_LINES` are drawn."""

RIM_KM = 1e-5
"""What lies this near to the rim of a map lies on it."""

Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Remaining:
    """What a side does not hold of a region: km², the longest way left along the axis, and the axis.

    `farthest_km` is how far the farthest spot left lies from the side's held ground. Distances and axis are None where
    the side holds nothing on the map or nothing of the region is left.
    """

    side: str
    km2: float
    along_axis_km: float | None
    farthest_km: float | None
    axis_km: Spot | None
    front_in_region: bool


@dataclass(frozen=True, slots=True)
class Region:
    """A region on one map: its area inside the map, the share of each class, and what remains to each side.

    `reviewed` is the share of the region that the map speaks of; all other shares are of that ground.
    """

    name: str
    km2: float
    reviewed: float
    shares: Mapping[str, float]
    remaining: tuple[Remaining, ...]


def regions_of(
    dated: Dated, regions: Sequence[tuple[str, BaseGeometry]], *, other: str | None = None
) -> tuple[Region, ...]:
    """Each region (name, km) on one map. `other` names the side that holds the ground that no polygon covers."""
    return tuple(_region(dated, name, shape, other) for name, shape in regions)


def _region(dated: Dated, name: str, shape: BaseGeometry, other: str | None) -> Region:
    inside = shape if dated.known is None else polygonal(shapely.intersection(shape, dated.known))
    whole, km2 = float(shape.area), float(inside.area)
    if km2 < LEAST_KM2:
        return Region(name, whole, 0.0, {}, ())
    layers = layers_of(dated, inside, other=other)
    shares = {layer.name: layer.km2 / km2 for layer in layers if layer.name != REST or layer.km2 >= LEAST_KM2}
    left = tuple(_remaining(layer, dated, inside) for layer in layers if layer.name not in (GREY, REST, other))
    return Region(name, whole, km2 / whole, shares, left)


def _remaining(layer: Layer, dated: Dated, inside: BaseGeometry) -> Remaining:
    held = dated.held.get(layer.name, MultiPolygon())
    left = polygonal(shapely.difference(inside, held))
    if left.area < LEAST_KM2 or held.is_empty:
        return Remaining(layer.name, float(left.area), None, None, None, front_in_region=False)
    normal = _outward(layer.geometry, inside)
    axis = normal or _toward(held, left)
    farthest = float(shapely.distance(shapely.points(shapely.get_coordinates(left)), held).max())
    along = None if axis is None else longest_chord_km(left, axis)
    return Remaining(layer.name, float(left.area), along, farthest, axis, front_in_region=normal is not None)


def _outward(held: BaseGeometry, inside: BaseGeometry) -> Spot | None:
    """The sum of the outward normals along held ground's edge, without what runs along the region's border; km."""
    rim = shapely.boundary(inside)
    shapely.prepare(rim)
    total = np.zeros(2)
    for ring in shapely.get_rings(shapely.get_parts(shapely.orient_polygons(held))):
        xy = shapely.get_coordinates(ring)
        way = np.diff(xy, axis=0)
        on_rim = shapely.dwithin(rim, shapely.points((xy[:-1] + xy[1:]) / 2), 1e-6)
        total += _right_of(way[~on_rim].sum(axis=0))
    return _unit(total)


def _right_of(way: Float[np.ndarray, " 2"]) -> Float[np.ndarray, " 2"]:
    """The normal of an edge that has the held ground on its left."""
    return np.array([way[1], -way[0]])


def _toward(held: BaseGeometry, left: BaseGeometry) -> Spot | None:
    """From the nearest held ground to the middle of what is left."""
    xy = shapely.get_coordinates(shapely.shortest_line(held, shapely.centroid(left)))
    return None if len(xy) < 2 else _unit(xy[1] - xy[0])


def _unit(way: Float[np.ndarray, " 2"]) -> Spot | None:
    length = math.hypot(*way)
    return None if length < 1e-6 else (float(way[0] / length), float(way[1] / length))


def longest_chord_km(area: BaseGeometry, axis: Spot) -> float:
    """The longest unbroken way inside an area along one direction, on lines `STEP_KM` apart."""
    turned = rotate(area, -math.degrees(math.atan2(axis[1], axis[0])), origin=(0, 0))
    west, south, east, north = turned.bounds
    n = max(1, min(MOST_LINES, math.ceil((north - south) / STEP_KM)))
    across = south + (np.arange(n) + 0.5) * (north - south) / n
    ends = np.array([[[west - 1, y], [east + 1, y]] for y in across])
    chords = shapely.get_parts(shapely.intersection(shapely.linestrings(ends), turned))
    return float(shapely.length(chords).max(initial=0.0))


def front_km(dated: Dated, side: str, spots: Sequence[Spot]) -> list[float | None]:
    """How far each spot lies from the edge of a side's held ground; negative inside it, None if the side has none.

    The rim of the ground that the map speaks of is no edge.
    """
    held = dated.held.get(side)
    if held is None or held.is_empty or not spots:
        return [None] * len(spots)
    points = shapely.points(np.array(spots))
    edge = shapely.boundary(held)
    if dated.known is not None:
        edge = shapely.difference(edge, shapely.buffer(shapely.boundary(dated.known), RIM_KM))
    if edge.is_empty:
        return [None] * len(spots)
    shapely.prepare([held, edge])
    away = shapely.distance(points, edge)
    inside = shapely.contains(held, points)
    return [float(km) for km in np.where(inside, -away, away)]


def holder_at(dated: Dated, spot: Spot, *, other: str | None = None) -> str | None:
    """Whose ground a spot is on a map: a side, "grey", "rest", or None where the map does not speak of it."""
    east, north = spot
    if dated.known is not None and not shapely.intersects_xy(dated.known, east, north):
        return None
    for side, shape in dated.held.items():
        if shapely.intersects_xy(shape, east, north):
            return side
    return GREY if shapely.intersects_xy(dated.grey, east, north) else other or REST
