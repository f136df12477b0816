"""Laying the line along rivers, roads and other lines of the ground, and no farther than its doubt allows.

A drawn vertex that comes near such a line is put on it, and between two vertices on one line the drawing follows it;
but only where the map itself is of two minds: inside the 50 % band, 25 to 75 % for either side's edge. Which lines
were followed is told, so that the decision can keep it. Pure but for `guides_of`, which reads files of the theatre.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from isofront.arrays import Bool, Float
from isofront.control.field import Field
from isofront.engine import Ground
from isofront.front.contours import probit, region_between, within_frame
from isofront.ground.lattice import at_cells
from isofront.ground.polygons import project_km
from isofront.ground.roads import read_ways
from isofront.theatre.micro import micro_places

SNAP_KM = 0.3
"""A vertex this near to a line of the ground is meant to lie on it."""
BAND = (0.25, 0.75)
BAND_Z = 0.6744897501960817

Inside = Callable[[Float[np.ndarray, "n 2"]], Bool[np.ndarray, " n"]]
"""Which spots (km) the line may be laid on."""


@dataclass(frozen=True, slots=True)
class Guide:
    """A line of the ground (km): a river, a road, a tree line, with its name."""

    kind: str
    name: str
    line: BaseGeometry

    @property
    def words(self) -> str:
        """What a decision keeps of it."""
        return f"{self.kind} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class Snapped:
    """A path laid along guides, and which."""

    points: Float[np.ndarray, "n 2"]
    along: tuple[str, ...]


def guides_of(ground: Ground) -> tuple[Guide, ...]:
    """The theatre's barriers and roads, and the lines and outlines of the user's own layers."""
    theatre, crs = ground.theatre, ground.theatre.crs
    told = [(one.kind, one.name, one.line) for one in theatre.barriers]
    told += [(one.kind, one.name, one.line) for one in theatre.roads]
    found = [Guide(kind, name, project_km(shapely.LineString(line), crs=crs)) for kind, name, line in told if line]
    if theatre.roads_file is not None:
        for way in read_ways(ground.folder / theatre.roads_file, theatre.box):
            found.append(Guide(way.kind, way.name, project_km(shapely.LineString(way.line), crs=crs)))
    for place in micro_places(ground.folder):
        found += [Guide(place.kind or place.layer, place.name, project_km(one, crs=crs)) for one in _lines(place.shape)]
    return tuple(found)


def _lines(shape: BaseGeometry) -> Iterator[BaseGeometry]:
    for part in shapely.get_parts(shape):
        if part.geom_type == "LineString":
            yield part
        elif part.geom_type == "Polygon":
            yield from (shapely.LineString(ring.coords) for ring in (part.exterior, *part.interiors))


def in_band(field: Field) -> Inside:
    """Whether spots lie in the 50 % band of either side's edge."""

    def inside(spots: Float[np.ndarray, "n 2"]) -> Bool[np.ndarray, " n"]:
        p = np.stack([at_cells(field.grid, np.asarray(one, float), spots) for one in field.p_held])
        return np.asarray(((p >= BAND[0]) & (p <= BAND[1])).any(axis=0))

    return inside


def band_of(field: Field, frame: BaseGeometry) -> BaseGeometry:
    """The 50 % band of both edges, as polygons (km)."""
    bands = [region_between(field.grid, probit(one), -BAND_Z, BAND_Z) for one in field.p_held]
    return within_frame(shapely.union_all(bands), frame)


def snapped(points: Float[np.ndarray, "n 2"], guides: Sequence[Guide], inside: Inside) -> Snapped:
    """A path whose vertices lie on the guides they come near, and that follows a guide between two of its vertices."""
    if not guides or len(points) == 0:
        return Snapped(points, ())
    tree = shapely.STRtree([guide.line for guide in guides])
    on = [_guide_at(point, tree, guides, inside) for point in points]
    laid: list[np.ndarray] = []
    for k, point in enumerate(points):
        guide = on[k]
        foot = point if guide is None else _foot(guide.line, point)
        if k and guide is not None and guide is on[k - 1]:
            laid += _followed(guide.line, points[k - 1], point, inside)
        laid.append(foot)
    used = dict.fromkeys(guide.words for guide in on if guide is not None)
    return Snapped(np.array(laid, float), tuple(used))


def _guide_at(point: np.ndarray, tree: shapely.STRtree, guides: Sequence[Guide], inside: Inside) -> Guide | None:
    """The nearest guide within reach whose nearest spot the line may be laid on."""
    spot = shapely.Point(point)
    near = tree.query(spot, predicate="dwithin", distance=SNAP_KM)
    by_distance = sorted(near.tolist(), key=lambda k: (shapely.distance(guides[k].line, spot), k))
    return next((guides[k] for k in by_distance if inside(_foot(guides[k].line, point)[None])[0]), None)


def _foot(line: BaseGeometry, point: np.ndarray) -> Float[np.ndarray, " 2"]:
    nearest = shapely.line_interpolate_point(line, shapely.line_locate_point(line, shapely.Point(point)))
    return np.round(np.array([nearest.x, nearest.y]), 6)


def _followed(line: BaseGeometry, first: np.ndarray, last: np.ndarray, inside: Inside) -> list[np.ndarray]:
    """A guide's own vertices between two spots on it; none if it leaves the ground that the line may be laid on."""
    start, end = (float(shapely.line_locate_point(line, shapely.Point(one))) for one in (first, last))
    if start == end:
        return []
    part = shapely.segmentize(substring(line, start, end), 0.1)
    if not inside(shapely.get_coordinates(part)).all():
        return []
    return [np.round(one, 6) for one in shapely.get_coordinates(substring(line, start, end))[1:-1]]
