"""Roads by whose ground they lie on and how near the other side's held ground is: private, for maps and files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Int
from isofront.front.pockets import Stage
from isofront.front.routes import NEAR_KM, RoadState, road_state
from isofront.ground.road_graph import RoadGraph

OSM_CREDIT = "roads © OpenStreetMap contributors, ODbL"
NOBODY = ""
"""The holder of grey ground."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pieces of one road of a like kind, km: its holder (a side, or nobody), and the first of `NEAR_KM` it is within.

    Where nobody holds it both sides' ground counts; None is farther than the last.
    """

    kind: str
    name: str
    holder: str
    within_km: float | None
    km: float
    geometry: BaseGeometry


@dataclass(frozen=True, eq=False)
class Exposed:
    """Every road of a map in stretches; `credit` is whom the roads are from, where their licence wants it said."""

    stretches: tuple[Stretch, ...]
    credit: str = ""


def exposed(graph: RoadGraph, stages: Sequence[Stage]) -> Exposed:
    """The roads of a map as both sides see them."""
    states = [road_state(graph, stage) for stage in stages]
    holder, band = _holder(states), np.minimum.reduce([state.band for state in states])
    for k, state in enumerate(states):
        band = np.where(holder == k, state.band, band)
    keys = np.column_stack([graph.way, holder, band])
    groups, member = np.unique(keys, axis=0, return_inverse=True)
    pieces = [np.flatnonzero(member.reshape(-1) == n) for n in range(len(groups))]
    credit = OSM_CREDIT if any(way.noded for way in graph.ways) else ""
    return Exposed(tuple(_stretch(graph, stages, *one) for one in zip(groups, pieces, strict=True)), credit)


def _holder(states: Sequence[RoadState]) -> Int[np.ndarray, " m"]:
    """The number of the side on whose ground most of a piece lies, else -1."""
    km = states[0].graph.km
    on = np.stack([state.other_km for state in reversed(states)])
    most = on.argmax(axis=0)
    return np.where(on.max(axis=0) > 0.5 * km, most, -1)


def _stretch(
    graph: RoadGraph, stages: Sequence[Stage], key: Int[np.ndarray, " 3"], pieces: Int[np.ndarray, " k"]
) -> Stretch:
    way, holder, band = (int(one) for one in key)
    road = graph.ways[way]
    line = shapely.line_merge(shapely.multilinestrings(list(graph.lines[pieces])))
    return Stretch(
        road.kind,
        road.name,
        NOBODY if holder < 0 else stages[holder].side,
        NEAR_KM[band] if band < len(NEAR_KM) else None,
        float(graph.km[pieces].sum()),
        line,
    )
