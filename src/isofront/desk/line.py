"""An editor's hand on the line: move a vertex, take one out, reshape, cut, give ground another class. Pure.

All that is drawn is one coverage: areas share every vertex along common edges, so a vertex that moves does so for all
its neighbours. Each act answers with the ground that became another; laid over the coverage by `review.overlaid`, that
is the coverage after the act, and laid over it is what the ledger keeps. So no act can leave a gap or an overlap.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Bool, Float, Int
from isofront.errors import UsageError
from isofront.front.anchor import SLIVER_KM, areas_from
from isofront.front.coverage import Faces, faces_of
from isofront.front.shapes import Area
from isofront.ground.repair import polygonal
from isofront.review import overlaid
from isofront.review.pieces import kinds_at, outline_of

Areas = tuple[Area, ...]
Spot = tuple[float | int, float | int]
Sides = tuple[str, str]
Ring = Float[np.ndarray, "_ 2"]

AT_KM = 2e-3
"""A vertex or an edge is meant by a spot so close to it: handles are shown in degrees, rounded to a decimetre."""
REACH_KM = 0.15
"""The end of a drawn path is carried on to a line that it misses by no more."""
GRAINS = 6
"""New vertices lie on whole millimetres, decimals of a km."""


@dataclass(frozen=True, slots=True)
class Act:
    """What an act made of the coverage, and the ground that became another, as it is now."""

    after: Areas
    changed: Areas

    @property
    def km2(self) -> float:
        """How much ground changed."""
        return float(sum(area.geometry.area for area in self.changed))


def moved(areas: Areas, at: Spot, to: Spot, *, sides: Sides) -> Act:
    """A vertex (or a spot on an edge, which becomes one) of the line put elsewhere, for all areas that meet there.

    Raises:
        UsageError: no line is there, it ends on the bounds, or the line would cross itself.
    """
    frame, goal = outline_of(areas), _grained(to)
    if not shapely.contains_xy(frame, *goal):
        raise UsageError("the vertex would leave the theatre's bounds, wanted a spot inside them")
    vertex, edge = vertex_at(areas, at)
    if _on_rim(frame, vertex):
        raise UsageError("the line ends here on the theatre's bounds: reshape it instead of moving its end")
    wider = areas if edge is None else _each_ring(areas, lambda ring: _with_vertex(ring, edge, vertex))
    return _act(areas, _each_ring(wider, lambda ring: _put(ring, vertex, goal)), sides=sides)


def without_vertex(areas: Areas, at: Spot, *, sides: Sides) -> Act:
    """The line straight between the neighbours of a vertex.

    Raises:
        UsageError: it is no vertex, three areas meet in it, or the line would cross itself.
    """
    vertex, edge = vertex_at(areas, at)
    if edge is not None:
        raise UsageError("there is no vertex here, wanted a spot on one")
    if _on_rim(outline_of(areas), vertex) or len(_neighbours(areas, vertex)) != 2:
        raise UsageError("areas meet in this vertex or it lies on the bounds: move it instead")
    return _act(areas, _each_ring(areas, lambda ring: _without(ring, vertex)), sides=sides)


def reshaped(areas: Areas, path: BaseGeometry, *, sides: Sides) -> Act:
    """The line laid along a path: what the path cuts off an area goes to the neighbour across the old line.

    Of an area that the path cuts, the largest piece stays what it was.

    Raises:
        UsageError: the path meets the line in fewer than two places, or cuts off ground that has no neighbour.
    """
    faces, kind, owner = _cut(areas, path, sides=sides)
    new = kind.copy()
    for part in np.unique(owner):
        pieces = np.flatnonzero(owner == part)
        keeper = pieces[np.argmax(faces.area_km2[pieces])]
        for piece in pieces[pieces != keeper]:
            new[piece] = _taker(faces, kind, int(piece))
    if (new == kind).all():
        raise UsageError("the path cuts nothing off: it has to begin and end on the line, or cross it")
    return _checked(areas, _changed(faces, kind, new, sides=sides), sides=sides)


def piece_at(areas: Areas, spot: Spot, *, sides: Sides, path: BaseGeometry | None = None) -> BaseGeometry:
    """The connected ground of one class that a spot lies in; with a path, what the path leaves of it there.

    Raises:
        UsageError: it lies outside the bounds, or the path does not cut through.
    """
    if path is None:
        faces = faces_of([shapely.boundary(area.geometry) for area in areas], outline_of(areas))
        here = _face_at(faces, spot)
    else:
        faces, _, owner = _cut(areas, path, sides=sides)
        here = _face_at(faces, spot)
        if int((owner == owner[here]).sum()) < 2:
            raise UsageError("the cut does not go through this ground: it has to cross it from edge to edge")
    return faces.polygons[here]


def assigned(areas: Areas, ground: Area, *, sides: Sides) -> Act:
    """Ground (inside the bounds) made what it says.

    Raises:
        UsageError: nothing changes by it.
    """
    inside = polygonal(shapely.intersection(ground.geometry, outline_of(areas)))
    if inside.is_empty:
        raise UsageError("the ground lies outside the theatre's bounds, wanted ground inside them")
    patch = Area(ground.cls, ground.side, ground.grey_reason, inside)
    return _checked(areas, changes(areas, overlaid(areas, [patch], sides=sides), sides=sides), sides=sides)


def held_here(areas: Areas, ground: BaseGeometry) -> Areas:
    """What the coverage is within a polygon, largest first: the ground that a hold speaks for.

    Raises:
        UsageError: it lies outside the bounds.
    """
    cut = [(area, polygonal(shapely.intersection(area.geometry, ground))) for area in areas]
    found = [Area(a.cls, a.side, a.grey_reason, shape) for a, shape in cut if shape.area > SLIVER_KM**2]
    if not found:
        raise UsageError("the ground lies outside the theatre's bounds, wanted ground inside them")
    return tuple(sorted(found, key=lambda area: -area.geometry.area))


def changes(before: Areas, after: Areas, *, sides: Sides) -> Areas:
    """The ground whose class or grey reason differs, as it is afterwards."""
    faces = faces_of([shapely.boundary(area.geometry) for area in (*before, *after)], outline_of(before))
    return _changed(faces, kinds_at(faces, before, sides=sides), kinds_at(faces, after, sides=sides), sides=sides)


def vertex_at(areas: Areas, at: Spot) -> tuple[Spot, tuple[Spot, Spot] | None]:
    """The vertex that a spot means, as it is; else the spot on the edge that it means, with the edge's ends.

    Raises:
        UsageError: no line is so close.
    """
    spot = np.asarray(at, float)
    points = np.unique(shapely.get_coordinates([area.geometry for area in areas]), axis=0)
    apart = np.hypot(*(points - spot).T)
    nearest = int(np.argmin(apart))
    if apart[nearest] <= AT_KM:
        return _spot(points[nearest]), None
    first, last = _edges(areas)
    along = last - first
    share = np.clip(((spot - first) * along).sum(axis=1) / np.maximum((along**2).sum(axis=1), 1e-18), 0, 1)
    foot = first + share[:, None] * along
    apart = np.hypot(*(foot - spot).T)
    nearest = int(np.argmin(apart))
    if apart[nearest] > AT_KM:
        raise UsageError(f"no line within {AT_KM * 1000:.0f} m of this spot, wanted a vertex or an edge")
    return _grained(foot[nearest]), (_spot(first[nearest]), _spot(last[nearest]))


# From rings to rings


def _spot(point: np.ndarray) -> Spot:
    return float(point[0]), float(point[1])


def _grained(point: Spot | np.ndarray) -> Spot:
    return round(float(point[0]), GRAINS), round(float(point[1]), GRAINS)


def _on_rim(frame: BaseGeometry, spot: Spot) -> bool:
    return bool(shapely.distance(shapely.boundary(frame), shapely.Point(spot)) < AT_KM)


def _rings(areas: Areas) -> list[Ring]:
    rings = shapely.get_rings(shapely.get_parts([area.geometry for area in areas]))
    return [shapely.get_coordinates(ring) for ring in rings]


def _edges(areas: Areas) -> tuple[Ring, Ring]:
    rings = _rings(areas)
    return np.vstack([ring[:-1] for ring in rings]), np.vstack([ring[1:] for ring in rings])


def _each_ring(areas: Areas, change: Callable[[Ring], Ring]) -> Areas:
    """Areas with every ring changed; what is no longer a polygon is left as it is, for the check to find."""

    def polygon(part: BaseGeometry) -> BaseGeometry:
        shell, *holes = (change(shapely.get_coordinates(ring)) for ring in shapely.get_rings(part))
        return shapely.Polygon(shell, holes)

    def whole(area: Area) -> BaseGeometry:
        return shapely.MultiPolygon([polygon(part) for part in shapely.get_parts(area.geometry)])

    return tuple(Area(area.cls, area.side, area.grey_reason, whole(area)) for area in areas)


def _same(ring: Ring, spot: Spot) -> Bool[np.ndarray, " _"]:
    return np.asarray((ring == spot).all(axis=1))


def _put(ring: Ring, vertex: Spot, goal: Spot) -> Ring:
    return np.where(_same(ring, vertex)[:, None], goal, ring)


def _with_vertex(ring: Ring, edge: tuple[Spot, Spot], vertex: Spot) -> Ring:
    """A ring with a vertex on an edge of it, whichever way round it runs."""
    first, last = (_same(ring, end) for end in edge)
    here = np.flatnonzero((first[:-1] & last[1:]) | (last[:-1] & first[1:]))
    return np.insert(ring, here + 1, vertex, axis=0)


def _without(ring: Ring, vertex: Spot) -> Ring:
    gone = _same(ring, vertex)
    if not gone.any():
        return ring
    kept = ring[~gone]
    if len(kept) < 3:
        raise UsageError("nothing would be left of this ground: give it another class instead")
    return kept if (kept[0] == kept[-1]).all() and len(kept) > 3 else np.vstack([kept, kept[:1]])


def _neighbours(areas: Areas, vertex: Spot) -> set[Spot]:
    first, last = _edges(areas)
    ends = np.vstack([last[_same(first, vertex)], first[_same(last, vertex)]])
    return {_spot(end) for end in ends}


# From faces to acts


def _cut(
    areas: Areas, path: BaseGeometry, *, sides: Sides
) -> tuple[Faces, Int[np.ndarray, " n"], Int[np.ndarray, " n"]]:
    """The faces that a path cuts a coverage into, the kind of each, and which connected part of it each comes from."""
    borders = [shapely.boundary(area.geometry) for area in areas]
    frame = outline_of(areas)
    whole, faces = faces_of(borders, frame), faces_of([*borders, _reaching(path, borders)], frame)
    tree = shapely.STRtree(whole.polygons)
    spot, owner = tree.query(faces.spots, predicate="within")
    found = np.full(len(faces.polygons), -1, np.int64)
    found[spot] = owner
    return faces, kinds_at(faces, areas, sides=sides), found


def _reaching(path: BaseGeometry, borders: list[BaseGeometry]) -> BaseGeometry:
    """A path whose ends are carried on to the line where they nearly reach it."""
    points, lines = shapely.get_coordinates(path), shapely.union_all(borders)
    ends = [_foot(lines, points[0]), *points, _foot(lines, points[-1])]
    return shapely.LineString([point for point in ends if point is not None])


def _foot(lines: BaseGeometry, end: np.ndarray) -> np.ndarray | None:
    step = shapely.shortest_line(shapely.Point(end), lines)
    if not 0 < shapely.length(step) <= REACH_KM:
        return None
    foot: np.ndarray = shapely.get_coordinates(step)[1]
    return foot


def _taker(faces: Faces, kind: Int[np.ndarray, " n"], piece: int) -> int:
    """The kind of the neighbours with which a piece shares the longest border, its own kind left out."""
    row = faces.border_km.getrow(piece)
    others = kind[row.indices] != kind[piece]
    if not others.any():
        raise UsageError("the path cuts off ground that borders on nothing else: cut it and give it a class")
    return int(np.argmax(np.bincount(kind[row.indices][others], row.data[others])))


def _face_at(faces: Faces, spot: Spot) -> int:
    found = np.flatnonzero(shapely.intersects_xy(faces.polygons, *spot))
    if len(found) == 0:
        raise UsageError("the spot lies outside the theatre's bounds, wanted one inside them")
    return int(found[0])


def _changed(faces: Faces, old: Int[np.ndarray, " n"], new: Int[np.ndarray, " n"], *, sides: Sides) -> Areas:
    chosen = old != new
    some = Faces(faces.polygons[chosen], faces.spots[chosen], faces.border_km[chosen][:, chosen])
    return areas_from(some, new[chosen], sides=sides)


def _act(before: Areas, after: Areas, *, sides: Sides) -> Act:
    shapes = [area.geometry for area in after]
    if not all(shapely.is_valid(shapes)) or not shapely.coverage_is_valid(shapes):
        raise UsageError("the line would cross itself, wanted another spot")
    return _checked(before, changes(before, after, sides=sides), sides=sides)


def _checked(before: Areas, changed: Areas, *, sides: Sides) -> Act:
    """The act, if maps keep it: ground thinner than `SLIVER_KM` is taken for two drawings of one line.

    Raises:
        UsageError: nothing changes, or too little.
    """
    if not changed:
        raise UsageError("nothing changes by it")
    kept = changes(before, overlaid(before, changed, sides=sides), sides=sides)
    if not kept:
        raise UsageError(f"the line moves by less than about {2000 * SLIVER_KM:.0f} m, which no map keeps")
    return Act(overlaid(before, kept, sides=sides), kept)
