"""Small networks of roads in km, and a front beside them, for tests."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from isofront.front import Disc, Rule
from isofront.front.pockets import Stage, Town
from isofront.front.routes import RoadState, road_state
from isofront.ground.road_graph import RoadGraph, graph_km
from isofront.ground.roads import Way

Spot = tuple[float, float]
LAND = shapely.box(-200, -200, 200, 200)
FAR_HELD = shapely.box(150, -200, 200, 200)
"""Ground of the other side that touches nothing near."""


def way(*spots: Spot, name: str = "", kind: str = "primary", spanning: bool = False, noded: bool = False) -> Way:
    return Way(kind, name, np.array(spots, float), spanning, spanning, noded)


def network(*ways: Way, touch_km: float = 0.02) -> RoadGraph:
    """A graph of ways whose spots are in km already."""
    return graph_km(ways, [one.line for one in ways], touch_km=touch_km)


def seen(
    *ways: Way, held: shapely.Geometry = FAR_HELD, grey: shapely.Geometry | None = None, land: shapely.Geometry = LAND
) -> RoadState:
    """Roads as the side sees them that does not hold `held`."""
    ground = {Rule.HELD: held} | ({} if grey is None else {Rule.HELD_OR_GREY: shapely.union(held, grey)})
    return road_state(network(*ways), Stage("us", "them", land, ground))


def town(east_km: float, north_km: float, *, radius_km: float = 0.6, name: str = "Town", people: int = 20_000) -> Town:
    return Town(name, people, Disc(float(east_km), float(north_km), float(radius_km)))


def moved(spots: Sequence[Spot], *, turn_deg: float, by: Spot) -> list[Spot]:
    turn = np.radians(turn_deg)
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return [tuple(spot) for spot in (np.array(spots, float) @ spin.T + by).tolist()]
