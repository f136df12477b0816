"""Separate paths through a graph of roads: no piece in common, nor two side by side like one road's carriageways."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from isofront.arrays import Bool, Float, Int
from isofront.front.enclosure import Disc
from isofront.ground.road_graph import RoadGraph

TWIN_KM = 0.15
"""Pieces of two paths nearer than this run side by side …"""

TWIN_RUN_KM = 0.75
"""… if they do so for longer than this outside of the footprint (a crossing is shorter)."""

ROUNDS = 12
Numbers = Int[np.ndarray, " _"]
"""Numbers of nodes, or of pieces."""

FREE_KM = 1e-9
"""The length of the arcs from the source and to the sink: a matrix has no room for zero."""


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """Separate paths as numbers of pieces in order, and the pieces that every path from start to goal must use."""

    paths: tuple[Numbers, ...]
    shared: Numbers


def separate_paths(
    graph: RoadGraph,
    mask: Bool[np.ndarray, " m"],
    start: Numbers,
    goal: Numbers,
    *,
    most: int,
    footprint: Disc,
) -> Flow:
    """At most `most` separate paths over open pieces from any start to any goal, of least total length."""
    left = mask.copy()
    for _ in range(ROUNDS):
        net = _Net(graph, left, start, goal)
        paths = net.paths(most)
        twins = _twins(graph, paths, footprint)
        if not len(twins):
            break
        left[twins] = False
    else:
        paths = paths[:1]
    return Flow(tuple(paths), net.shared(paths))


def _twins(graph: RoadGraph, paths: list[Numbers], footprint: Disc) -> Numbers:
    """The pieces of a longer path that run beside a shorter one."""
    town = shapely.Point(footprint.east_km, footprint.north_km).buffer(footprint.radius_km)
    ordered = sorted(paths, key=lambda path: (graph.km[path].sum(), path.tolist()))
    for one, other in combinations(ordered, 2):
        beside = shapely.difference(shapely.buffer(shapely.union_all(graph.lines[one]), TWIN_KM), town)
        along = shapely.length(shapely.intersection(graph.lines[other], beside))
        close = along > 0.5 * graph.km[other]
        runs = np.split(np.arange(len(other)), np.flatnonzero(np.diff(close.astype(int))) + 1)
        long = [run for run in runs if close[run[0]] and along[run].sum() > TWIN_RUN_KM]
        if long:
            return other[np.concatenate(long)]
    return np.empty(0, np.int64)


class _Net:
    """Unit flow on the open pieces, from one node before all starts to one after all goals."""

    def __init__(
        self,
        graph: RoadGraph,
        mask: Bool[np.ndarray, " m"],
        start: Numbers,
        goal: Numbers,
    ) -> None:
        self.piece = np.flatnonzero(mask)
        self.a, self.b = graph.ends[self.piece].T
        self.km = np.maximum(graph.km[self.piece], FREE_KM)
        self.start, self.goal = start, goal
        self.source, self.sink = graph.n, graph.n + 1
        self.used = np.zeros(len(self.piece), np.int8)
        """+1 where the flow goes from a to b, -1 where it goes back."""
        self.number = {(int(a), int(b)): k for k, (a, b) in enumerate(zip(self.a, self.b, strict=True))}

    def paths(self, most: int) -> list[Numbers]:
        """The paths of a least-length flow of as many units as there are, up to a number."""
        potential = np.zeros(self.sink + 1)
        n = 0
        while n < most and self._augment(potential):
            n += 1
        return self._apart(n)

    def shared(self, paths: list[Numbers]) -> Numbers:
        """The pieces without which there would be no path; none where there are two paths.

        A piece of the only path can be avoided if what flow is left leads from its beginning to its end.
        """
        if len(paths) != 1:
            return np.empty(0, np.int64)
        tail, head = (np.concatenate(both) for both in zip(self._arcs(), self._doors(), strict=True))
        left = csr_array((np.ones(len(tail)), (tail, head)), shape=(self.sink + 1, self.sink + 1))
        _, part = connected_components(left, connection="strong")
        apart = part[self.a] != part[self.b]
        return np.asarray(self.piece[(self.used != 0) & apart])

    def _arcs(self) -> tuple[Numbers, Numbers]:
        """Where each way along a piece that is not used up begins and ends."""
        forth, back = self.used <= 0, self.used >= 0
        return np.concatenate([self.a[forth], self.b[back]]), np.concatenate([self.b[forth], self.a[back]])

    def _doors(self) -> tuple[Numbers, Numbers]:
        """From the source to the starts and back; from the goals to the sink and back."""
        source, sink = np.full(len(self.start), self.source), np.full(len(self.goal), self.sink)
        return (
            np.concatenate([source, self.start, self.goal, sink]),
            np.concatenate([self.start, source, sink, self.goal]),
        )

    def _residual(self, potential: Float[np.ndarray, " n"]) -> csr_array:
        """Lengths of the ways left, made non-negative by the potential: back along the flow takes its length off."""
        tail, head = self._arcs()
        forth, back = self.used <= 0, self.used >= 0
        km = np.concatenate(
            [np.where(self.used < 0, -self.km, self.km)[forth], np.where(self.used > 0, -self.km, self.km)[back]]
        )
        doors = np.full(len(self.start) + len(self.goal), FREE_KM)
        tail = np.concatenate([tail, np.full(len(self.start), self.source), self.goal])
        head = np.concatenate([head, self.start, np.full(len(self.goal), self.sink)])
        reduced = np.concatenate([km, doors]) + potential[tail] - potential[head]
        return csr_array((np.maximum(reduced, FREE_KM / 1000), (tail, head)), shape=(self.sink + 1, self.sink + 1))

    def _augment(self, potential: Float[np.ndarray, " n"]) -> bool:
        """Push one more unit along the shortest way left; False if there is none."""
        km, before = dijkstra(self._residual(potential), indices=self.source, return_predecessors=True)
        if not np.isfinite(km[self.sink]):
            return False
        potential += np.minimum(km, km[self.sink])
        at = int(before[self.sink])
        while (last := int(before[at])) != self.source:
            self._push(last, at)
            at = last
        return True

    def _push(self, tail: int, head: int) -> None:
        if (tail, head) in self.number:
            self.used[self.number[tail, head]] += 1
        else:
            self.used[self.number[head, tail]] -= 1

    def _apart(self, n: int) -> list[Numbers]:
        """The flow taken apart into paths from a start to a goal."""
        on: dict[int, list[tuple[int, int]]] = {}
        for k in np.flatnonzero(self.used):
            a, b = (self.a[k], self.b[k]) if self.used[k] > 0 else (self.b[k], self.a[k])
            on.setdefault(int(a), []).append((int(b), int(k)))
        begins = [at for at in self.start.tolist() for _ in on.get(at, ())]
        return [self.piece[self._path(at, on)] for at in begins[:n]]

    def _path(self, at: int, on: dict[int, list[tuple[int, int]]]) -> Numbers:
        goals, path = set(self.goal.tolist()), []
        while at not in goals:
            at, k = on[at].pop(0)
            path.append(k)
        return np.array(path, np.int64)
