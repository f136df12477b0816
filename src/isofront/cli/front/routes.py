"""`isofront front routes`: the lines of communication of a place, and what is cut if a town falls. PRIVATE."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from isofront.cli.front.routes_told import document, lines, write_lines
from isofront.errors import UsageError

if TYPE_CHECKING:
    from isofront.cli.front.ground import Ground
    from isofront.control.interdicted import Interdicted
    from isofront.engine import Draft
    from isofront.front import Disc
    from isofront.front.pockets import Town
    from isofront.front.routes import RoadState
    from isofront.ground.grid import Bounds

REACH_DEG = 1.5
"""On polygons: roads so far round the place are read, no farther; the rear lies nearer than that."""


def routes(
    place: Annotated[
        str | None, typer.Argument(help="a place of the gazetteer or the theatre, in any spelling")
    ] = None,
    *,
    roads: Annotated[
        Path | None, typer.Option(help="OpenStreetMap (.osm, .osm.pbf) or GeoJSON lines; else the theatre's own roads")
    ] = None,
    theatre: Annotated[Path | None, typer.Option(help="a theatre's folder: its own draft map")] = None,
    on: Annotated[
        str | None, typer.Option(help="with --theatre: 00:00 UTC at the start of this day, or a time")
    ] = None,
    known_by: Annotated[str | None, typer.Option(help="with --theatre: use only what was known before")] = None,
    side: Annotated[
        str | None, typer.Option(help="with --theatre: whose routes; else the side whose ground it was at first")
    ] = None,
    held: Annotated[Path | None, typer.Option(help="polygons that the enemy of the place's side holds")] = None,
    land: Annotated[Path | None, typer.Option(help="the country; else the polygons' extent, open")] = None,
    grey: Annotated[Path | None, typer.Option(help="grey polygons, for the rule `held_or_grey`")] = None,
    presence: Annotated[Path | None, typer.Option(help="polygons where the enemy is present")] = None,
    crs: Annotated[str | None, typer.Option(help="flat map in metres, like EPSG:32637; default: the UTM zone")] = None,
    at: Annotated[
        tuple[float, float] | None, typer.Option(help="the place's centre, degrees", metavar="LON LAT")
    ] = None,
    radius: Annotated[float | None, typer.Option(help="radius of the place, metres; default after its people")] = None,
    hub: Annotated[
        list[str] | None, typer.Option(help="a town that counts as the rear, several times; else deep own ground")
    ] = None,
    if_falls: Annotated[
        str | None, typer.Option(help="what is cut once nothing passes this town's footprint", metavar="TOWN")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="write the routes as lines, GeoJSON, PRIVATE")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> None:
    """Say by which roads a place hangs on to its rear, or what is cut if a town falls. Everything said is PRIVATE."""
    if place is None and at is None and if_falls is None:
        raise UsageError("routes: wanted a PLACE, --at LON LAT, or --if-falls TOWN")
    if place is not None and at is not None:
        raise UsageError("routes: wanted either a PLACE or --at LON LAT")
    if (held is None) == (theatre is None):
        raise UsageError("routes: wanted either --held FILE or --theatre FOLDER --on DAY")
    asked = _Asked(place, at, radius, if_falls, tuple(hub or ()), side)
    if theatre is not None:
        if any(one is not None for one in (land, grey, presence, crs)):
            raise UsageError("--theatre: its own map is measured; --land, --grey, --presence, --crs are for --held")
        scene = _theatre_scene(theatre, on, known_by, roads, asked)
    else:
        assert held is not None
        if on is not None or known_by is not None or side is not None:
            raise UsageError("--on, --known-by and --side go with --theatre")
        if roads is None:
            raise UsageError("--held: wanted the roads too, --roads FILE (.osm, .osm.pbf or GeoJSON lines)")
        scene = _polygon_scene((held, land, grey, presence), crs, roads, asked)
    told = document(scene)
    if out is not None:
        write_lines(out, scene, told)
    sys.stdout.write(
        (json.dumps(told, ensure_ascii=False, allow_nan=False) if as_json else "\n".join(lines(told))) + "\n"
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    place: str | None
    at: tuple[float, float] | None
    radius_m: float | None
    falls: str | None
    hubs: tuple[str, ...]
    side: str | None


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that the answer is made of: roads as one side sees them, places, and words about the map."""

    state: RoadState
    crs: str
    place: tuple[str, Disc] | None
    fallen: tuple[str, Disc] | None
    hubs: tuple[Town, ...]
    cities: tuple[Town, ...]
    roads: str
    about: Mapping[str, Any]
    struck: Interdicted | None = None


# A theatre's own draft


def _theatre_scene(folder: Path, on: str | None, known_by: str | None, roads: Path | None, asked: _Asked) -> Scene:
    from isofront.cli.front.corridor_told import about_of, draft_of, place_in
    from isofront.engine.routes import graph_in, interdicted_of, own_cities, roads_of, side_at, state_of, towns_of
    from isofront.front.pockets import Town

    if on is None:
        raise UsageError("--theatre: wanted the day too, --on 2030-01-31")
    draft = draft_of(folder, on, known_by)
    graph = roads_of(draft.ground) if roads is None else graph_in(draft.ground, roads)
    if graph is None:
        raise UsageError(f"{folder}: names no roads (roads_file, [[roads]]), wanted --roads FILE")

    def found(name: str | None, at: tuple[float, float] | None = None) -> tuple[str, Disc]:
        disc, known = place_in(draft, at=at, name=name, radius_m=asked.radius_m if name == asked.place else None)
        return known or name or "place", disc

    place = None if asked.place is None and asked.at is None else found(asked.place, asked.at)
    fallen = None if asked.falls is None else found(asked.falls)
    hubs = tuple(Town(name, 0, disc) for name, disc in map(found, asked.hubs))
    whose = _side(draft, asked.side) or side_at(draft, (place or fallen or found(None))[1])
    state = state_of(draft, graph, whose)
    about = about_of(draft) | {"side": whose}
    name = roads.name if roads is not None else draft.ground.theatre.roads_file or "typed into the theatre"
    cities = own_cities(state, towns_of(draft))
    return Scene(state, draft.field.grid.crs, place, fallen, hubs, cities, name, about, interdicted_of(draft))


def _side(draft: Draft, asked: str | None) -> str | None:
    if asked is not None and asked not in draft.field.sides:
        raise UsageError(f"--side {asked}: wanted {draft.field.sides[0]} or {draft.field.sides[1]}")
    return asked


# Polygons from files


def _polygon_scene(
    files: tuple[Path, Path | None, Path | None, Path | None], crs: str | None, roads: Path, asked: _Asked
) -> Scene:
    import shapely

    from isofront.cli.front.ground import place_of, read_ground
    from isofront.cli.front.places import towns_in
    from isofront.engine.routes import CITY_PEOPLE, own_cities
    from isofront.front import Disc, Rule
    from isofront.front.free import extent_land
    from isofront.front.pockets import Stage, Town
    from isofront.front.routes import road_state
    from isofront.ground.grid import Bounds
    from isofront.ground.road_graph import road_graph
    from isofront.ground.roads import read_ways

    held, land, grey, presence = files
    ground = read_ground(held, land, crs=crs, grey=grey, presence=presence)

    named = _near_front(ground)

    def found(name: str | None, at: tuple[float, float] | None = None) -> tuple[str, Disc]:
        radius = asked.radius_m if name == asked.place else None
        disc, known = place_of(named, at=at, name=name, radius_m=radius)
        return known or name or "place", disc

    place = None if asked.place is None and asked.at is None else found(asked.place, asked.at)
    fallen = None if asked.falls is None else found(asked.falls)
    hubs = tuple(Town(name, 0, disc) for name, disc in map(found, asked.hubs))
    here = [one[1] for one in (place, fallen) if one is not None] + [hub.disc for hub in hubs]
    box = _about_box(here, ground.crs, ground.box)
    graph = road_graph(read_ways(roads, Bounds(*box)), crs=ground.crs)
    rules = {Rule(rule): enemy for rule, enemy in ground.by_rule() if enemy is not None}
    land_km = extent_land(ground.held) if ground.land is None else ground.land
    state = road_state(graph, Stage("", "", land_km, rules))
    near = shapely.box(*_box_km(here)).buffer(REACH_DEG * 111)
    towns = [
        Town(one.name, one.population or 0, Disc(one.east_km, one.north_km, one.radius_km))
        for one in towns_in(shapely.intersection(near, land_km), ground.crs, least_people=CITY_PEOPLE)
    ]
    return Scene(state, ground.crs, place, fallen, hubs, own_cities(state, towns), roads.name, {"stamp": ground.stamp})


def _near_front(ground: Ground) -> Ground:
    """The ground with its box drawn in to the surroundings of the polygons: a land has many places of one name."""
    import shapely

    from isofront.ground.grid import Bounds
    from isofront.publish.pockets import lonlats

    west, south, east, north = shapely.bounds(ground.held)
    lon, lat = zip(*lonlats([(x, y) for x in (west, east) for y in (south, north)], ground.crs), strict=True)
    box, by = ground.box, REACH_DEG
    near = (max(min(lon) - by, box.west), max(min(lat) - by, box.south))
    far = (min(max(lon) + by, box.east), min(max(lat) + by, box.north))
    return replace(ground, box=Bounds(*near, *far))


def _box_km(discs: Sequence[Disc]) -> tuple[float, float, float, float]:
    east, north = [one.east_km for one in discs], [one.north_km for one in discs]
    return min(east), min(north), max(east), max(north)


def _about_box(discs: Sequence[Disc], crs: str, ground: Bounds) -> tuple[float, float, float, float]:
    """The degrees about some places in which roads are looked for, within the map."""
    from isofront.publish.pockets import lonlats

    lon, lat = zip(*lonlats([(one.east_km, one.north_km) for one in discs], crs), strict=True)
    wide = REACH_DEG / max(math.cos(math.radians(sum(lat) / len(lat))), 0.1)
    return (
        max(min(lon) - wide, ground.west),
        max(min(lat) - REACH_DEG, ground.south),
        min(max(lon) + wide, ground.east),
        min(max(lat) + REACH_DEG, ground.north),
    )
