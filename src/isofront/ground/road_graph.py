"""A graph of roads in kilometres: where ways meet, and the pieces between; shortest paths by any mask of open pieces.

Ways of OpenStreetMap meet where they share a vertex. Lines of other files also meet where they cross (unless one is a
bridge or tunnel) and where one ends within a few metres of another. Roads and railways never meet. No two pieces join
the same two nodes, so that a graph fits a sparse matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from isofront.arrays import Bool, Float, Int
from isofront.ground.roads import Way, ways_km

PIECE_KM = 0.5
"""Longer stretches are cut about every `PIECE_KM`: a piece is near the front, or on a side's ground, as a whole."""

TOUCH_KM = 0.02
TYPED_TOUCH_KM = 0.5
"""How near a line must end to another to meet it: in a file of lines; among roads typed by hand, a bend every km."""

STEP_KM = 1e-5
"""Vertices nearer than a centimetre are one."""

LEAST_KM = 1e-6
Points = Float[np.ndarray, "_ 2"]


@dataclass(frozen=True, eq=False)
class RoadGraph:
    """Nodes (km) and the pieces of road between them; `way` is the number of the way that a piece belongs to.

    `lines` are the pieces as shapely lines, drawn from `ends[:, 0]` to `ends[:, 1]`.
    """

    node_km: Float[np.ndarray, "n 2"]
    ends: Int[np.ndarray, "m 2"]
    km: Float[np.ndarray, " m"]
    lines: np.ndarray
    way: Int[np.ndarray, " m"]
    ways: tuple[Way, ...]

    @property
    def n(self) -> int:
        """How many nodes."""
        return len(self.node_km)

    def only(self, chosen: Bool[np.ndarray, " m"]) -> RoadGraph:
        """This graph with the chosen pieces alone; all nodes stay."""
        return RoadGraph(
            self.node_km, self.ends[chosen], self.km[chosen], self.lines[chosen], self.way[chosen], self.ways
        )

    def is_rail(self) -> Bool[np.ndarray, " m"]:
        """Which pieces are railway."""
        rail: Bool[np.ndarray, " w"] = np.array([way.is_rail for way in self.ways], bool)
        return np.asarray(rail[self.way])

    def matrix(self, chosen: Bool[np.ndarray, " m"]) -> csr_array:
        """Lengths of the chosen pieces between nodes, one triangle: for undirected use."""
        a, b = self.ends[chosen].T
        return csr_array((np.maximum(self.km[chosen], LEAST_KM), (a, b)), shape=(self.n, self.n))

    def km_from(self, nodes: Int[np.ndarray, " k"], chosen: Bool[np.ndarray, " m"]) -> Float[np.ndarray, " n"]:
        """The way along the chosen pieces from the nearest of some nodes to every node, km; inf where there is none."""
        if not len(nodes):
            return np.full(self.n, np.inf)
        return np.asarray(dijkstra(self.matrix(chosen), directed=False, indices=nodes, min_only=True))


def road_graph(ways: Sequence[Way], *, crs: str, touch_km: float = TOUCH_KM) -> RoadGraph:
    """The graph of some ways on the flat map; what lies outside of it (infinite) is left out."""
    flat = [(way, points) for way, points in zip(ways, ways_km(ways, crs=crs), strict=True)]
    kept = [(way, points) for way, points in flat if np.isfinite(points).all()]
    return graph_km([way for way, _ in kept], [points for _, points in kept], touch_km=touch_km)


def graph_km(ways: Sequence[Way], lines: Sequence[Points], *, touch_km: float = TOUCH_KM) -> RoadGraph:
    """The graph of ways whose lines are in km already."""
    joined = [_with_steps(points) for points in _met(ways, _once(ways, lines), touch_km)]
    number = np.repeat(np.arange(len(joined)), [len(points) for points, _ in joined])
    points = np.vstack([points for points, _ in joined]) if joined else np.empty((0, 2))
    drawn = np.concatenate([drawn for _, drawn in joined]) if joined else np.zeros(0, bool)
    rail = np.array([way.is_rail for way in ways], bool)[number] if len(number) else np.zeros(0, bool)
    node, node_km = _nodes(points, np.where(drawn, -1 - rail, number))
    return _graph(points, number, node, node_km, tuple(ways))


def _once(ways: Sequence[Way], lines: Sequence[Points]) -> list[Points]:
    """The lines cleaned; of one that is given again, either way round, only its first spot is left."""
    seen: set[tuple[bool, bytes]] = set()
    found = []
    for way, line in zip(ways, lines, strict=True):
        points = _cleaned(line)
        again = (way.is_rail, points.tobytes()) in seen
        seen |= {(way.is_rail, points.tobytes()), (way.is_rail, points[::-1].tobytes())}
        found.append(points[:1] if again else points)
    return found


def _cleaned(points: Points) -> Points:
    """Without vertices that stand on the one before."""
    keep = np.append(True, np.hypot(*np.diff(points, axis=0).T) > STEP_KM)
    return points[keep] if keep.sum() > 1 else points[:1]


# Where lines meet that have no vertex in common


def _met(ways: Sequence[Way], lines: Sequence[Points], touch_km: float) -> list[Points]:
    """The lines with a vertex wherever two meet; those of files that mark it themselves as they are."""
    found = list(lines)
    for rail in (False, True):
        loose = [k for k, way in enumerate(ways) if not way.noded and way.is_rail == rail and len(lines[k]) > 1]
        if not loose:
            continue
        shapes = np.array([shapely.LineString(lines[k]) for k in loose], dtype=object)
        spans = [ways[k].spanning for k in loose]
        for n, added in _spots(shapes, spans, touch_km).items():
            found[loose[n]] = _cleaned(_threaded(found[loose[n]], np.vstack(added)))
    return found


def _spots(shapes: np.ndarray, spans: Sequence[bool], touch_km: float) -> dict[int, list[Points]]:
    """Where each line meets others: at crossings (not with a bridge or tunnel), and where another ends near it."""
    tree, found = shapely.STRtree(shapes), dict[int, list[Points]]()
    for i, j in tree.query(shapes, predicate="intersects").T:
        if i < j and not (spans[i] or spans[j]):
            spots = shapely.get_coordinates(shapely.intersection(shapes[i], shapes[j]))
            for k in (int(i), int(j)):
                found.setdefault(k, []).append(spots)
    ends = np.vstack([shapely.get_coordinates(shape)[[0, -1]] for shape in shapes])
    for end, other in tree.query(shapely.points(ends), predicate="dwithin", distance=touch_km).T:
        if end // 2 != other:
            found.setdefault(int(other), []).append(ends[end : end + 1])
    return found


def _threaded(line: Points, spots: Points) -> Points:
    """A line with spots put in where it passes them; a vertex that a spot stands on is replaced by it."""
    along = np.append(0, np.cumsum(np.hypot(*np.diff(line, axis=0).T)))
    at = shapely.line_locate_point(shapely.LineString(line), shapely.points(spots))
    order = np.argsort(np.concatenate([along, at]), kind="stable")
    return np.vstack([line, spots])[order]


def _with_steps(points: Points) -> tuple[Points, Bool[np.ndarray, " _"]]:
    """With vertices at most `PIECE_KM` apart, and which of them were drawn: at those put in nothing else meets."""
    if len(points) < 2:
        return points, np.ones(len(points), bool)
    steps = np.maximum(np.ceil(np.hypot(*np.diff(points, axis=0).T) / PIECE_KM - 1e-6), 1).astype(int)
    drawn = np.append(0, np.cumsum(steps))
    every = np.arange(drawn[-1] + 1)
    found = np.column_stack([np.interp(every, drawn, axis) for axis in points.T])
    found[drawn] = points
    return found, np.isin(every, drawn)


# Nodes and pieces


def _nodes(points: Points, network: Int[np.ndarray, " n"]) -> tuple[Int[np.ndarray, " n"], Points]:
    """The number of every vertex, equal where two of one network are one, and where each lies."""
    if not len(points):
        return np.empty(0, np.int64), np.empty((0, 2))
    keys = np.column_stack([np.round(points / STEP_KM), network])
    _, first, node = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    return node.reshape(-1).astype(np.int64), points[first]


def _graph(
    points: Points, number: Int[np.ndarray, " n"], node: Int[np.ndarray, " n"], node_km: Points, ways: tuple[Way, ...]
) -> RoadGraph:
    pieces = _parted(_pieces(points, number, node), node)
    if not pieces:
        return RoadGraph(
            np.empty((0, 2)), np.empty((0, 2), np.int64), np.empty(0), np.empty(0, object), np.empty(0, np.int64), ways
        )
    spans = [np.arange(first, last + 1) for first, last in pieces]
    owner = np.repeat(np.arange(len(spans)), [len(span) for span in spans])
    lines = shapely.linestrings(points[np.concatenate(spans)], indices=owner)
    ends = node[np.array(pieces)]
    used, renamed = np.unique(ends, return_inverse=True)
    way = number[[first for first, _ in pieces]]
    return RoadGraph(node_km[used], renamed.reshape(-1, 2).astype(np.int64), shapely.length(lines), lines, way, ways)


def _pieces(points: Points, number: Int[np.ndarray, " n"], node: Int[np.ndarray, " n"]) -> list[tuple[int, int]]:
    """First and last vertex of every piece: between meeting points, and no longer than about two steps."""
    if not len(points):
        return []
    same = number[1:] == number[:-1]
    step = np.where(same, np.hypot(*np.diff(points, axis=0).T), 0.0)
    along = np.append(0.0, np.cumsum(step))
    starts = np.append(True, ~same)
    along -= along[np.flatnonzero(starts)][np.cumsum(starts) - 1]
    strides = np.floor(along / PIECE_KM + 1e-6)
    met = np.bincount(node)[node] > 1
    breaks = starts | np.append(~same, True) | met | np.append(False, np.diff(strides) > 0)
    at = np.flatnonzero(breaks)
    return [(int(a), int(b)) for a, b in pairwise(at) if number[a] == number[b]]


def _parted(pieces: list[tuple[int, int]], node: Int[np.ndarray, " n"]) -> list[tuple[int, int]]:
    """Without rings; of pieces between the same two nodes all but one are cut in their middle, or dropped as copies."""
    found, seen = [], set()
    for first, last in sorted(pieces, key=lambda one: (one[1] - one[0], one)):
        a, b = sorted((int(node[first]), int(node[last])))
        middle = (first + last) // 2
        if a == b:
            continue
        if (a, b) not in seen:
            seen.add((a, b))
            found.append((first, last))
        elif last - first > 1:
            found += [(first, middle), (middle, last)]
    return sorted(found)
