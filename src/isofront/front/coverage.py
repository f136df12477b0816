"""One coverage out of many lines: faces, who borders whom, and areas that share every vertex along common edges.

All lines are noded together and turned into faces once; an area is a union of whole faces. So neighbours cannot
gape or overlap, whatever the lines do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
import shapely
from scipy.sparse import coo_matrix, csr_matrix, diags_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Bool, Float, Int

Objects = np.ndarray

GRAIN_KM = 1e-6
"""Lines are noded on whole millimetres; nothing a mapper draws is finer (1e-6° is 7 cm and more)."""


@dataclass(frozen=True, slots=True)
class Faces:
    """The faces of a noded set of lines inside a frame.

    `spots` are points inside each face; `border_km[i, j]` is the length of the edge that faces i and j share.
    """

    polygons: Objects
    spots: Objects
    border_km: csr_matrix

    @property
    def area_km2(self) -> Float[np.ndarray, " n"]:
        """Area of each face."""
        return np.asarray(shapely.area(self.polygons))


def lines_in_zone(lines: Iterable[BaseGeometry], zone: BaseGeometry) -> BaseGeometry:
    """The parts of lines inside a zone together with its outline, noded so that they meet it exactly."""
    edges = _noded([*lines, shapely.boundary(zone)])
    middles = shapely.line_interpolate_point(edges, 0.5, normalized=True)
    shapely.prepare(zone)
    return shapely.multilinestrings(edges[shapely.dwithin(zone, middles, 2 * GRAIN_KM)])


def faces_of(lines: Iterable[BaseGeometry], frame: BaseGeometry) -> Faces:
    """The faces that lines cut the frame into; every vertex of lines and frame is kept exactly.

    Only where lines cross is there a new vertex, on the millimetre: rounding is what makes noding safe.
    """
    given = [*lines, shapely.boundary(frame)]
    polygons = shapely.get_parts(shapely.polygonize(_noded(given)))
    polygons = shapely.transform(polygons, _back_to(shapely.get_coordinates(given)))
    spots = shapely.point_on_surface(polygons)
    shapely.prepare(frame)
    inside = shapely.contains(frame, spots)
    kept = polygons[inside]
    return Faces(kept, spots[inside], _border_km(kept))


def _noded(lines: Iterable[BaseGeometry]) -> Objects:
    """Lines cut wherever they meet, on the grain."""
    return np.asarray(shapely.get_parts(shapely.union_all([*lines], grid_size=GRAIN_KM)))


def _back_to(exact: Float[np.ndarray, "n 2"]) -> Callable[[Float[np.ndarray, "m 2"]], Float[np.ndarray, "m 2"]]:
    """A function that puts rounded vertices back on the exact ones they came from, and leaves new ones."""
    grains = np.floor(exact / GRAIN_KM + 0.5).astype(np.int64)
    least = grains.min(axis=0) - 2
    width = np.int64(grains[:, 1].max() + 3 - least[1])
    keys, first = np.unique((grains - least) @ np.array([width, 1]), return_index=True)

    def restored(points: Float[np.ndarray, "m 2"]) -> Float[np.ndarray, "m 2"]:
        key = (np.rint(points / GRAIN_KM).astype(np.int64) - least) @ np.array([width, 1])
        place = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
        return np.where((keys[place] == key)[:, None], exact[first[place]], points)

    return restored


def among(faces: Faces, chosen: Bool[np.ndarray, " n"]) -> Faces:
    """These faces, with borders between the chosen ones alone: no other counts as a neighbour."""
    mask = diags_array(chosen.astype(float))
    return replace(faces, border_km=csr_matrix(mask @ faces.border_km @ mask))


def parts_of(faces: Faces, kind: Int[np.ndarray, " n"]) -> Int[np.ndarray, " n"]:
    """For each face, the number of the connected part of its kind that it belongs to."""
    edges = faces.border_km.tocoo()
    same = kind[edges.row] == kind[edges.col]
    graph = coo_matrix((np.ones(same.sum()), (edges.row[same], edges.col[same])), shape=edges.shape)
    return np.asarray(connected_components(graph, directed=False)[1], np.int64)


@dataclass(frozen=True, slots=True)
class Merged:
    """Faces' kinds after small parts were given to a neighbour; how many, and their area."""

    kind: Int[np.ndarray, " n"]
    n_parts: int
    km2: float


def merge_small(
    faces: Faces,
    kind: Int[np.ndarray, " n"],
    *,
    movable: Bool[np.ndarray, " n"],
    least_km2: float,
    least_width_km: float,
) -> Merged:
    """Give each part that is too small or too thin to the neighbour it shares the longest border with, smallest first.

    Only parts with no other than movable faces may be given away. Width is 2·area / outline. Thin slivers, which are
    no more than the difference between two drawings of one line, are not counted; small parts are.
    """
    kind, n_parts, km2 = kind.copy(), 0, 0.0
    while True:
        parts = _parts(faces, kind, movable)
        thin = parts.width_km < least_width_km
        moves = _moves(parts, parts.movable & (thin | (parts.area_km2 < least_km2)))
        if not moves:
            return Merged(kind, n_parts, km2)
        for given, taker in moves:
            kind[parts.number == given] = taker
        counted = [given for given, _ in moves if not thin[given]]
        n_parts, km2 = n_parts + len(counted), km2 + float(parts.area_km2[counted].sum())


def union_of(faces: Faces, chosen: Bool[np.ndarray, " n"]) -> BaseGeometry:
    """The union of some faces as a multipolygon that keeps every vertex of its outline."""
    if not chosen.any():
        return shapely.MultiPolygon()
    whole = shapely.coverage_union_all(faces.polygons[chosen])
    return shapely.multipolygons(shapely.get_parts(whole))


@dataclass(frozen=True, slots=True)
class _Parts:
    """Connected parts of one kind: each face's part number; per part its size, and its borders with the others.

    A part is movable if all its faces are and it has a neighbour.
    """

    number: Int[np.ndarray, " n"]
    kind: Int[np.ndarray, " m"]
    area_km2: Float[np.ndarray, " m"]
    width_km: Float[np.ndarray, " m"]
    movable: Bool[np.ndarray, " m"]
    border_km: csr_matrix


def _parts(faces: Faces, kind: Int[np.ndarray, " n"], movable: Bool[np.ndarray, " n"]) -> _Parts:
    number = parts_of(faces, kind)
    n = int(number.max(initial=-1)) + 1
    edges = faces.border_km.tocoo()
    one, other = number[edges.row], number[edges.col]
    across = one != other
    border = coo_matrix((edges.data[across], (one[across], other[across])), shape=(n, n)).tocsr()
    area, outline = np.bincount(number, faces.area_km2, n), np.asarray(border.sum(axis=1)).ravel()
    width = np.divide(2 * area, outline, out=np.full(n, np.inf), where=outline > 0)
    kind_of_part = np.zeros(n, np.int64)
    kind_of_part[number] = kind
    return _Parts(number, kind_of_part, area, width, (np.bincount(number, ~movable, n) == 0) & (outline > 0), border)


def _moves(parts: _Parts, small: Bool[np.ndarray, " m"]) -> list[tuple[int, int]]:
    """(part, kind to give it), smallest first; a part beside one that moves waits for the next round."""
    moves: list[tuple[int, int]] = []
    busy = np.zeros(len(small), bool)
    for part in sorted(np.flatnonzero(small), key=lambda number: (parts.area_km2[number], number)):
        row = parts.border_km.getrow(part)
        if not busy[part] and not busy[row.indices].any():
            moves.append((int(part), int(np.argmax(np.bincount(parts.kind[row.indices], row.data)))))
            busy[part] = True
            busy[row.indices] = True
    return moves


def _border_km(polygons: Objects) -> csr_matrix:
    """Length that each pair of faces shares, from edges that occur in two of them."""
    rings = shapely.get_rings(polygons)
    owner_of_ring = np.repeat(np.arange(len(polygons)), 1 + shapely.get_num_interior_rings(polygons))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    first, second, owner = points[:-1][same], points[1:][same], owner_of_ring[ring[:-1][same]]
    swap = (first[:, 0] > second[:, 0]) | ((first[:, 0] == second[:, 0]) & (first[:, 1] > second[:, 1]))
    low = np.where(swap[:, None], second, first)
    high = np.where(swap[:, None], first, second)
    order = np.lexsort((high[:, 1], high[:, 0], low[:, 1], low[:, 0]))
    key = np.hstack([low, high])[order]
    twin = np.flatnonzero((key[1:] == key[:-1]).all(axis=1))
    one, other = owner[order[twin]], owner[order[twin + 1]]
    length = np.hypot(*(key[twin, 2:] - key[twin, :2]).T)
    n = len(polygons)
    half = coo_matrix((length, (one, other)), shape=(n, n))
    return (half + half.T).tocsr()
