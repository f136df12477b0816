"""Lines of communication: how many separate routes join a place to its rear, and what is cut if a town falls.

A route runs along pieces of road that the other side does not hold (by a rule, as with necks) from the place's
footprint to the rear: roads deep in own ground, or declared hubs. Two routes are separate if they have no piece in
common and nowhere run side by side, as the carriageways of one road do. The count is a maximum flow with one unit to a
piece (Menger: as many separate routes as pieces whose loss would cut them all), found by shortest augmenting paths
(Suurballe 1974), so that the routes listed are together as short as can be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Bool, Float, Int
from isofront.errors import BadInputError
from isofront.front.disjoint import Flow, Numbers, separate_paths
from isofront.front.enclosure import Disc
from isofront.front.pockets import Stage, Town
from isofront.front.rules import Rule
from isofront.ground.road_graph import RoadGraph

NEAR_KM = (1.0, 3.0, 5.0, 10.0, 15.0)
"""Bands of distance to the other side's held ground, in which km of road are counted."""

REAR_KM = 20.0
"""Own roads this far from the other side's held ground, or farther, are the rear, as for necks."""

SHALLOW = 0.75
"""Where nothing lies that deep, the rear begins at this share of the greatest depth there is, and that is said."""

LEAST_REAR_KM = 5.0
ASTRAY_KM = 2.0
"""A place without a road in its footprint begins at the nearest road within this."""

OFF_LAND_KM = 1.0
"""Roads this near to the land count as on it, for coasts are drawn coarsely."""

MOST_ROUTES = 4
LEAST_LONGER_KM = 0.05
COUNTS = ("0", "1", "2+")


@dataclass(frozen=True, eq=False)
class RoadState:
    """A graph of roads seen from one side: what is closed to it by each rule, what is near the other's ground.

    Per piece: `open_by` rule, `other_km` and `grey_km` of its length on the other's held ground and on grey, and
    `band`, the first of `NEAR_KM` that it comes within (their number if none).
    """

    graph: RoadGraph
    stage: Stage
    open_by: Mapping[Rule, Bool[np.ndarray, " m"]]
    other_km: Float[np.ndarray, " m"]
    grey_km: Float[np.ndarray, " m"]
    band: Int[np.ndarray, " m"]

    def only(self, chosen: Bool[np.ndarray, " m"]) -> RoadState:
        """This state with the chosen pieces of road alone."""
        rules = {rule: mask[chosen] for rule, mask in self.open_by.items()}
        return RoadState(
            self.graph.only(chosen),
            self.stage,
            rules,
            self.other_km[chosen],
            self.grey_km[chosen],
            self.band[chosen],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Rear:
    """Where routes lead: nodes of the rear, and in words what they are (depth in km, or hubs)."""

    nodes: Numbers
    depth_km: float | None = None
    hubs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """One route: its pieces in order, and km of it on own ground, on grey, within each of `NEAR_KM` of the other's."""

    pieces: Numbers
    km: float
    own_km: float
    grey_km: float
    near_km: Mapping[float, float]
    bridges: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """The routes of a place under one rule, the shortest first; no more than `MOST_ROUTES` are looked for.

    `shared_km` is what every way out has to use, beyond the footprint; `why` says why there is none.
    """

    routes: tuple[Route, ...]
    shared_km: float
    why: str = ""
    in_rear: bool = False

    @property
    def known_count(self) -> int | None:
        """How many; None for a place in the rear itself."""
        return None if self.in_rear else len(self.routes)

    @property
    def count(self) -> str:
        """ "0", "1" or "2+", or "rear"."""
        return "rear" if self.in_rear else COUNTS[min(len(self.routes), 2)]


@dataclass(frozen=True, slots=True)
class Lost:
    """What a fallen town does to one way: from a city to another, or to the rear (None). Infinite: no way."""

    city: str
    to: str | None
    before_km: float
    after_km: float

    @property
    def is_cut(self) -> bool:
        """Whether it was the only way."""
        return bool(np.isinf(self.after_km))

    @property
    def longer_km(self) -> float:
        """By how much the way lengthens."""
        return self.after_km - self.before_km


def road_state(graph: RoadGraph, stage: Stage, walls: BaseGeometry | None = None) -> RoadState:
    """A graph as one side sees it; pieces across `walls` (barriers without a crossing) are closed by any rule."""
    held, lines = stage.ground[Rule.HELD], graph.lines
    shapely.prepare(held)
    shapely.prepare(stage.land)
    usable = shapely.dwithin(stage.land, lines, OFF_LAND_KM)
    if walls is not None and not walls.is_empty:
        usable &= ~shapely.intersects(walls, lines)
    on = {rule: _km_on(ground, lines) for rule, ground in stage.ground.items()}
    grey = np.maximum(on[Rule.HELD_OR_GREY] - on[Rule.HELD], 0) if Rule.HELD_OR_GREY in on else np.zeros(len(lines))
    near = np.array([shapely.dwithin(held, lines, km) for km in NEAR_KM], bool).reshape(len(NEAR_KM), -1)
    return RoadState(
        graph,
        stage,
        {rule: usable & (km <= 1e-9) for rule, km in on.items()},
        on[Rule.HELD],
        grey,
        len(NEAR_KM) - near.sum(axis=0),
    )


def _km_on(ground: BaseGeometry, lines: np.ndarray) -> Float[np.ndarray, " m"]:
    """How much of each line lies on some ground."""
    shapely.prepare(ground)
    inside = shapely.covers(ground, lines) if len(lines) else np.zeros(0, bool)
    crossed = np.flatnonzero(shapely.intersects(ground, lines) & ~inside)
    km = np.where(inside, shapely.length(lines), 0.0)
    km[crossed] = shapely.length(shapely.intersection(ground, lines[crossed]))
    return np.asarray(km)


def rear_of(state: RoadState, hubs: Sequence[Town] = ()) -> Rear:
    """The rear of a side: its hubs if any are named, else its roads deep in the largest of its ground.

    Raises:
        BadInputError: no such roads.
    """
    own = _nodes_of(state, state.open_by[Rule.HELD])
    if hubs:
        nodes = np.unique(np.concatenate([_within(state, hub.disc, own) for hub in hubs]))
        if not len(nodes):
            raise BadInputError("routes: no own road in any hub, wanted a hub on ground that the other does not hold")
        return Rear(nodes, None, tuple(hub.name for hub in hubs))
    nodes, least = _deep(state, np.flatnonzero(own))
    return Rear(_in_largest(state, nodes), least)


def _deep(state: RoadState, own: Numbers) -> tuple[Numbers, float]:
    """Of a side's nodes those in the rear, and from how deep (km) on that is."""
    held, spots = state.stage.ground[Rule.HELD], shapely.points(state.graph.node_km[own])
    deep = ~shapely.dwithin(held, spots, REAR_KM)
    if deep.any():
        return own[deep], REAR_KM
    depth = np.asarray(shapely.distance(held, spots))
    deepest = float(depth.max(initial=0.0))
    if deepest < LEAST_REAR_KM:
        raise BadInputError(
            f"routes: no rear, the deepest of these roads lies {deepest:.1f} km from the other's ground; name a hub"
        )
    return own[depth >= SHALLOW * deepest], SHALLOW * deepest


def _in_largest(state: RoadState, nodes: Numbers) -> Numbers:
    """Of deep nodes those in the part of free ground that has most of them: a great enclave is no rear."""
    free = shapely.difference(state.stage.land, state.stage.ground[Rule.HELD])
    parts = shapely.get_parts(free)
    if len(parts) < 2:
        return nodes
    node, part = shapely.STRtree(parts).query(
        shapely.points(state.graph.node_km[nodes]), predicate="dwithin", distance=OFF_LAND_KM
    )
    if not len(part):
        return nodes
    most = int(np.argmax(np.bincount(part)))
    return np.asarray(nodes[np.unique(node[part == most])])


def ways_out(state: RoadState, place: Disc, rear: Rear, rule: Rule) -> Ways:
    """The separate routes of a place to the rear by a rule, the shortest first."""
    mask = state.open_by[rule]
    start = start_nodes(state, place, mask)
    if not len(start):
        return Ways((), 0.0, _why_none(state, place))
    if np.isin(start, rear.nodes).any():
        return Ways((), 0.0, "it lies in the rear itself", in_rear=True)
    flow = separate_paths(state.graph, mask, start, rear.nodes, most=MOST_ROUTES, footprint=place)
    routes = sorted((route_of(state, path) for path in flow.paths), key=lambda one: one.km)
    return Ways(tuple(routes), _shared_km(state, flow), "" if routes else _why_no_way(state, start, rear))


def _why_no_way(state: RoadState, start: Numbers, rear: Rear) -> str:
    """Why no way leads out: roads of the file that are cut, or a file in which nothing joins the place to the rear."""
    graph = state.graph
    links = csr_array((np.ones(len(graph.ends)), graph.ends.T), shape=(graph.n, graph.n))
    _, part = connected_components(links, directed=False)
    joined = np.isin(part[start], part[rear.nodes]).any()
    return "no road out that is not cut" if joined else "this file's roads join it to no rear, cut or not"


def _why_none(state: RoadState, place: Disc) -> str:
    near = shapely.dwithin(_spot(place), state.graph.lines, place.radius_km + ASTRAY_KM)
    return "every road in it is cut or held by the other" if near.any() else f"no road within {ASTRAY_KM:g} km of it"


def start_nodes(state: RoadState, place: Disc, mask: Bool[np.ndarray, " m"]) -> Numbers:
    """The nodes of a place on open roads: in its footprint, else the nearest; none of a place that the other holds."""
    usable = _nodes_of(state, mask)
    inside = _within(state, place, usable)
    held = state.stage.ground[Rule.HELD]
    if len(inside) or not usable.any() or shapely.intersects_xy(held, place.east_km, place.north_km):
        return inside
    off = np.hypot(*(state.graph.node_km - (place.east_km, place.north_km)).T)
    nearest = int(np.argmin(np.where(usable, off, np.inf)))
    return np.array([nearest] if off[nearest] <= place.radius_km + ASTRAY_KM else [], np.int64)


def _within(state: RoadState, disc: Disc, usable: Bool[np.ndarray, " n"]) -> Numbers:
    """The usable nodes in a disc."""
    off = np.hypot(*(state.graph.node_km - (disc.east_km, disc.north_km)).T)
    return np.asarray(np.flatnonzero(usable & (off <= disc.radius_km)))


def _nodes_of(state: RoadState, mask: Bool[np.ndarray, " m"]) -> Bool[np.ndarray, " n"]:
    """Which nodes an open piece touches."""
    found: Bool[np.ndarray, " n"] = np.zeros(state.graph.n, bool)
    found[state.graph.ends[mask].ravel()] = True
    return np.asarray(found)


def _spot(place: Disc) -> BaseGeometry:
    return shapely.Point(place.east_km, place.north_km)


def route_of(state: RoadState, pieces: Numbers) -> Route:
    """Some pieces as a route, with what they pass."""
    km, band = state.graph.km[pieces], state.band[pieces]
    grey = float(state.grey_km[pieces].sum())
    ways = [state.graph.ways[k] for k in state.graph.way[pieces]]
    spans = np.array([way.bridge for way in ways], bool)
    own = float(km.sum()) - grey - float(state.other_km[pieces].sum())
    near = {limit: float(km[band <= n].sum()) for n, limit in enumerate(NEAR_KM)}
    names = tuple(dict.fromkeys(way.name for way in ways if way.name))
    begins = np.diff(np.append(False, spans).astype(int)) > 0
    return Route(pieces, float(km.sum()), own, grey, near, int(begins.sum()), names)


def _shared_km(state: RoadState, flow: Flow) -> float:
    return float(state.graph.km[flow.shared].sum())


def if_falls(
    state: RoadState, fallen: Disc, cities: Sequence[Town], rear: Rear, rule: Rule = Rule.HELD
) -> tuple[Lost, ...]:
    """Which ways between cities, and from them to the rear, lengthen or end once nothing passes a town's footprint.

    Only pairs with a way before are told; a city in the footprint is not. The ways that end come first.
    """
    disc = _spot(fallen).buffer(fallen.radius_km, quad_segs=32)
    mask = state.open_by[rule]
    left = mask & ~shapely.intersects(disc, state.graph.lines)
    starts = [(city.name, start_nodes(state, city.disc, mask)) for city in cities if not _overlap(city.disc, fallen)]
    before, after = (_ways_km(state, starts, rear, one) for one in (mask, left))
    lost = [
        Lost(city, to, km, after[city, to])
        for (city, to), km in before.items()
        if np.isfinite(km) and after[city, to] > km + LEAST_LONGER_KM
    ]
    return tuple(sorted(lost, key=lambda one: (-one.longer_km, -one.before_km, one.city, one.to or "")))


def _overlap(city: Disc, fallen: Disc) -> bool:
    """Whether a city's centre lies in the fallen town."""
    return bool(np.hypot(city.east_km - fallen.east_km, city.north_km - fallen.north_km) <= fallen.radius_km)


def _ways_km(
    state: RoadState, starts: Sequence[tuple[str, Numbers]], rear: Rear, mask: Bool[np.ndarray, " m"]
) -> dict[tuple[str, str | None], float]:
    """The shortest way of each city to the rear (None) and to every city after it."""
    found: dict[tuple[str, str | None], float] = {}
    for n, (city, start) in enumerate(starts):
        km = state.graph.km_from(start, mask)
        found[city, None] = _least(km, rear.nodes)
        for other, there in starts[n + 1 :]:
            found[city, other] = _least(km, there)
    return found


def _least(km: Float[np.ndarray, " n"], nodes: Numbers) -> float:
    return float(km[nodes].min()) if len(nodes) else float("inf")


def roads_only(state: RoadState, *, rail: bool) -> RoadState:
    """The railways of a state, or its roads."""
    return state.only(state.graph.is_rail() == rail)
