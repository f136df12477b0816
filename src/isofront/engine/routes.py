"""Roads and interdicted ground on Isofront's own map: lines of communication of places, and what the map shows.

theatre, folder        roads_of                           the roads file it names, else the roads typed into it
draft, graph           state_of                           each piece of road as one side sees it
reports                interdicted_of                     how often movement was seen to be struck, in coarse cells
sheet                  with_routes                        the sheet with roads and interdicted ground, private
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import shapely

from isofront.arrays import Int
from isofront.control.interdicted import LEVEL_WORDS, Interdicted, interdicted
from isofront.engine.drafting import TOWN_RADIUS_KM, Draft, Ground
from isofront.engine.necks import presence_p_of, side_number, slits_of, stage_of
from isofront.errors import BadInputError
from isofront.front import Disc, Rule
from isofront.front.exposed import Exposed, exposed
from isofront.front.pockets import Stage, Town
from isofront.front.public_routes import PlaceRoutes
from isofront.front.routes import (
    RoadState,
    rear_of,
    road_state,
    roads_only,
    start_nodes,
    ways_out,
)
from isofront.ground.road_graph import TOUCH_KM, TYPED_TOUCH_KM, RoadGraph, road_graph
from isofront.ground.roads import read_ways, typed_ways
from isofront.publish import Sheet

CITY_PEOPLE = 10_000
MOST_CITIES = 40
UNOBSERVED = "unobserved"


def roads_of(ground: Ground) -> RoadGraph | None:
    """The graph of the theatre's roads: its roads file, else the roads typed into it; None if it has neither.

    Raises:
        BadInputError: the file cannot be used, or has no roads in the bounds.
    """
    theatre = ground.theatre
    if theatre.roads_file is not None:
        ways, touch_km = read_ways(ground.folder / theatre.roads_file, theatre.box), TOUCH_KM
    elif theatre.roads:
        ways, touch_km = typed_ways((one.name, one.kind, one.line) for one in theatre.roads), TYPED_TOUCH_KM
    else:
        return None
    return road_graph(ways, crs=theatre.crs, touch_km=touch_km)


def graph_in(ground: Ground, path: Path) -> RoadGraph:
    """The graph of a file of roads within the theatre's bounds."""
    return road_graph(read_ways(path, ground.theatre.box), crs=ground.theatre.crs)


def side_at(draft: Draft, disc: Disc) -> str:
    """The side on whose ground a place lay on the anchor's map."""
    return draft.field.sides[side_number(draft, disc)]


def state_of(draft: Draft, graph: RoadGraph, side: str) -> RoadState:
    """The roads as one side sees them on the draft's map; barriers that nobody crosses cut them."""
    stage = stage_of(draft, side, presence_p=presence_p_of(draft))
    walls = slits_of(draft.ground.distance_on(draft.as_of))
    return road_state(graph, stage, shapely.union_all(walls) if walls else None)


def towns_of(draft: Draft, *, least_people: int = 0) -> tuple[Town, ...]:
    """The theatre's settlements in its bounds as discs, the largest first."""
    theatre = draft.ground.theatre
    found = [
        Town(
            one.name,
            one.population or 0,
            Disc(*draft.field.grid.to_km(*one.at), (one.radius_m or TOWN_RADIUS_KM * 1000) / 1000),
        )
        for one in draft.ground.settlements
        if theatre.box.holds(*one.at) and (one.population or 0) >= least_people
    ]
    return tuple(sorted(found, key=lambda town: (-town.people, town.name)))


def own_cities(
    state: RoadState, towns: Sequence[Town], *, least_people: int = CITY_PEOPLE, most: int | None = MOST_CITIES
) -> tuple[Town, ...]:
    """The largest towns of a side that the other does not hold and that an open road leaves."""
    held, mask = state.stage.ground[Rule.HELD], state.open_by[Rule.HELD]
    found = []
    for town in towns:
        if town.people < least_people or shapely.intersects_xy(held, town.disc.east_km, town.disc.north_km):
            continue
        if len(start_nodes(state, town.disc, mask)):
            found.append(town)
    return tuple(found[:most])


def place_routes(draft: Draft, graph: RoadGraph, *, side: str) -> tuple[PlaceRoutes, ...]:
    """How many routes by road each of a side's settlements has, and how far the front is: what `publish` may round."""
    state = roads_only(state_of(draft, graph, side), rail=False)
    try:
        rear = rear_of(state)
    except BadInputError:
        return ()
    held = state.stage.ground[Rule.HELD]
    found = []
    for town in own_cities(state, towns_of(draft), least_people=0, most=None):
        spot = (town.disc.east_km, town.disc.north_km)
        ways, front_km = ways_out(state, town.disc, rear, Rule.HELD), float(shapely.distance(held, shapely.Point(spot)))
        found.append(PlaceRoutes(town.name, side, ways.known_count, front_km, spot))
    return tuple(found)


def interdicted_of(draft: Draft) -> Interdicted:
    """Interdicted ground as known to the draft."""
    theatre = draft.ground.theatre
    return interdicted(draft.reports, sides=theatre.side_ids, bounds=theatre.box, crs=theatre.crs, as_of=draft.as_of)


def km_by_level(struck: Interdicted, state: RoadState, pieces: Int[np.ndarray, " k"]) -> dict[str, float]:
    """Km of some pieces by how often movement of their side was seen to be struck in the cell of their middle."""
    level = struck.level[struck.sides.index(state.stage.side)]
    middle = shapely.get_coordinates(shapely.line_interpolate_point(state.graph.lines[pieces], 0.5, normalized=True))
    found = dict.fromkeys((*LEVEL_WORDS, UNOBSERVED), 0.0)
    for (east, north), km in zip(middle, state.graph.km[pieces], strict=True):
        cell = struck.grid.cell_of(float(east), float(north))
        here = float("nan") if cell is None else float(level[cell])
        found[UNOBSERVED if np.isnan(here) else LEVEL_WORDS[int(here)]] += float(km)
    return found


def exposed_of(draft: Draft, graph: RoadGraph, stages: Sequence[Stage] = ()) -> Exposed:
    """Every piece of road with whose ground it lies on and how near the other's held ground is.

    `stages` are both sides' views of the draft, if they are known.
    """
    presence_p = presence_p_of(draft)
    return exposed(graph, stages or [stage_of(draft, side, presence_p=presence_p) for side in draft.field.sides])


def with_routes(sheet: Sheet, draft: Draft, graph: RoadGraph | None) -> Sheet:
    """The sheet with interdicted ground and, if the theatre has any, its roads."""
    roads = None if graph is None else exposed_of(draft, graph)
    return replace(sheet, interdicted=interdicted_of(draft), exposed=roads)
