"""`isofront front routes`: the lines of communication of a place, and what is cut if a town falls. PRIVATE."""

from __future__ import annotations

import json
import logging
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from isofront.errors import BadInputError, UsageError

if TYPE_CHECKING:
    from isofront.cli.front_ground import Ground
    from isofront.control.interdicted import Interdicted
    from isofront.engine import Draft
    from isofront.front import Disc
    from isofront.front.pockets import Town
    from isofront.front.routes import Lost, Rear, RoadState, Route, Ways
    from isofront.ground.grid import Bounds

REACH_DEG = 1.5
"""On polygons: roads so far round the place are read, no farther; the rear lies nearer than that."""

LIMITS = ("1", "3", "5", "10", "15")
_log = logging.getLogger("isofront.cli")


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
    told = _document(scene)
    if out is not None:
        _write(out, scene, told)
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
    from isofront.cli.front_necks import about_of, draft_of, place_in
    from isofront.engine_routes import graph_in, interdicted_of, own_cities, roads_of, side_at, state_of, towns_of
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

    from isofront.cli.front_ground import place_of, read_ground
    from isofront.cli.front_places import towns_in
    from isofront.engine_routes import CITY_PEOPLE, own_cities
    from isofront.front import Disc, Rule
    from isofront.front.free import extent_land
    from isofront.front.pockets import Stage, Town
    from isofront.front.routes import road_state
    from isofront.ground.grid import Bounds
    from isofront.ground.road_graph import road_graph
    from isofront.ground.roads import read_ways
    from isofront.publish.stamp import PRIVATE

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
    return Scene(state, ground.crs, place, fallen, hubs, own_cities(state, towns), roads.name, {"stamp": PRIVATE})


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


# What is told


def _document(scene: Scene) -> dict[str, Any]:
    from isofront.front.routes import rear_of, roads_only

    by_road = roads_only(scene.state, rail=False)
    if not len(by_road.graph.km):
        raise BadInputError(f"{scene.roads}: no roads in this area but railways, wanted roads")
    rear = rear_of(by_road, scene.hubs)
    told = {**scene.about, "roads": scene.roads, "rear": {"depth_km": _km(rear.depth_km), "hubs": list(rear.hubs)}}
    if scene.place is not None:
        told |= _place_document(scene, by_road, rear)
    if scene.fallen is not None:
        told["if_falls"] = _falls_document(scene, by_road, rear)
    return told


def _place_document(scene: Scene, by_road: RoadState, rear: Rear) -> dict[str, Any]:
    from isofront.front import Rule
    from isofront.front.routes import rear_of, roads_only, ways_out
    from isofront.publish.pockets import lonlats

    assert scene.place is not None
    name, disc = scene.place
    lon, lat = lonlats([(disc.east_km, disc.north_km)], scene.crs)[0]
    found = {rule: ways_out(by_road, disc, rear, rule) for rule in by_road.open_by}
    by_rule = {rule.value: _ways_record(found[rule], by_road, scene) if rule in found else None for rule in Rule}
    by_rail = roads_only(scene.state, rail=True)
    told: dict[str, Any] = {
        "place": name,
        "lon": lon,
        "lat": lat,
        "radius_m": round(disc.radius_km * 1000, 1),
        "front_km": _front_km(by_road, disc),
        "routes": by_rule["held"]["routes"] if by_rule["held"] else None,
        "by_rule": by_rule,
        "rail": None,
    }
    if len(by_rail.graph.km):
        try:
            told["rail"] = _ways_record(
                ways_out(by_rail, disc, rear_of(by_rail, scene.hubs), Rule.HELD), by_rail, scene
            )
        except BadInputError as fault:
            _log.warning("railways: %s", fault)
    return told


def _front_km(state: RoadState, disc: Disc) -> float:
    import shapely

    from isofront.front import Rule

    return round(float(shapely.distance(state.stage.ground[Rule.HELD], shapely.Point(disc.east_km, disc.north_km))), 2)


def _ways_record(ways: Ways, state: RoadState, scene: Scene) -> dict[str, Any]:
    return {
        "routes": ways.count,
        "found": len(ways.routes),
        "why_none": ways.why or None,
        "shared_km": _km(ways.shared_km),
        "list": [_route_record(one, state, scene) for one in ways.routes],
    }


def _route_record(one: Route, state: RoadState, scene: Scene) -> dict[str, Any]:
    return {
        "km": _km(one.km),
        "own_km": _km(one.own_km),
        "grey_km": _km(one.grey_km),
        "within_km": {f"{limit:g}": _km(km) for limit, km in one.near_km.items()},
        "interdicted_km": None if scene.struck is None else _struck_km(one, state, scene.struck),
        "bridges": one.bridges,
        "roads": list(one.names),
    }


def _struck_km(one: Route, state: RoadState, struck: Interdicted) -> dict[str, float | None]:
    """Km of a route by how often movement of its side was seen to be struck about it."""
    from isofront.engine_routes import km_by_level

    return {word: _km(km) for word, km in km_by_level(struck, state, one.pieces).items()}


def _falls_document(scene: Scene, state: RoadState, rear: Rear) -> dict[str, Any]:
    from isofront.front.pockets import Town
    from isofront.front.routes import if_falls

    assert scene.fallen is not None
    name, disc = scene.fallen
    cities = list(scene.cities)
    if scene.place is not None:
        cities = [Town(scene.place[0], 0, scene.place[1]), *(one for one in cities if one.name != scene.place[0])]
    by_rule = {}
    for rule in state.open_by:
        lost = if_falls(state, disc, cities, rear, rule)
        kept = [one for one in lost if scene.place is None or scene.place[0] in (one.city, one.to)]
        by_rule[rule.value] = [_lost_record(one) for one in kept]
    return {
        "town": name,
        "radius_m": round(disc.radius_km * 1000, 1),
        "cities": [one.name for one in cities],
        "lost": by_rule["held"],
        "by_rule": by_rule,
    }


def _lost_record(one: Lost) -> dict[str, Any]:
    return {
        "from": one.city,
        "to": one.to or "rear",
        "before_km": _km(one.before_km),
        "after_km": _km(one.after_km),
        "cut": one.is_cut,
        "longer_km": _km(one.longer_km),
        "longer_percent": None if one.is_cut else _percent(one),
    }


def _percent(one: Lost) -> float | None:
    return None if one.before_km <= 0 else round(100 * one.longer_km / one.before_km, 1)


def _km(km: float | None) -> float | None:
    return None if km is None or not math.isfinite(km) else round(km, 2)


def lines(told: Mapping[str, Any]) -> list[str]:
    """The same in words and tables."""
    found = [f"{told['stamp']}  roads: {told['roads']}; rear: {_rear_words(told['rear'])}"]
    if "place" in told:
        found += _place_lines(told)
    if "if_falls" in told:
        found += _falls_lines(told["if_falls"])
    return [*found, "roads drawn and not held by the other: not roads that are safe, and no advice to travel"]


def _rear_words(rear: Mapping[str, Any]) -> str:
    return ", ".join(rear["hubs"]) or f"own roads {rear['depth_km']:g} km or more from the other's held ground"


STRUCK = "struck: km where movement was seen to be struck; after the ?: km where nobody looked"


def _place_lines(told: Mapping[str, Any]) -> list[str]:
    from isofront.cli.front_places import table

    kinds = [(f"to {rule.replace('_', ' ')}", ways) for rule, ways in told["by_rule"].items()]
    rows, along = [["by", "routes", "km", "own", "grey", *(f"<{limit} km" for limit in LIMITS), "struck"]], ["along"]
    for word, ways in [*kinds, ("rail", told["rail"])]:
        for n, one in enumerate([] if ways is None else ways["list"] or [None]):
            head = [word, ways["routes"]] if n == 0 else ["", ""]
            rows.append([*head, *(_numbers(one) if one else ["-"] * 9)])
            along.append((", ".join(one["roads"]) or "-") if one else ways["why_none"] or "")
    shared = told["by_rule"]["held"]["shared_km"]
    return [
        f"{told['place']}, {told['front_km']:g} km from the other's held ground",
        *(f"{row}  {words}" for row, words in zip(table(_even(rows)), along, strict=True)),
        *([STRUCK] if any("?" in row[-1] for row in rows[1:]) else []),
        *([f"every route to held uses the same {shared:.1f} km"] if shared else []),
    ]


def _even(rows: list[list[str]]) -> list[list[str]]:
    """The last column as wide in every row, so that what is put behind it stands in a column too."""
    wide = max(len(row[-1]) for row in rows)
    return [[*row[:-1], row[-1].rjust(wide) or "-"] for row in rows]


def _numbers(one: Mapping[str, Any]) -> list[str]:
    km = [f"{one[key]:.1f}" for key in ("km", "own_km", "grey_km")]
    return [*km, *(f"{one['within_km'][limit]:.1f}" for limit in LIMITS), _struck_words(one)]


def _struck_words(one: Mapping[str, Any]) -> str:
    struck = one["interdicted_km"]
    if struck is None:
        return "-"
    hit = sum(km for word, km in struck.items() if word in ("seldom", "at times", "often"))
    return f"{hit:.1f}, ? {struck['unobserved']:.1f}"


def _falls_lines(told: Mapping[str, Any]) -> list[str]:
    from isofront.cli.front_places import table

    if not told["lost"]:
        return [f"if {told['town']} falls: no way between {len(told['cities'])} cities and the rear gets longer"]
    rows = [["from", "to", "km", "km then", "longer", "%"]]
    for one in told["lost"]:
        then = (
            ["no way", "", ""] if one["cut"] else [_1(one["after_km"]), _1(one["longer_km"]), _1(one["longer_percent"])]
        )
        rows.append([one["from"], one["to"], _1(one["before_km"]), *then])
    return [f"if {told['town']} falls (nothing passes within {told['radius_m']:.0f} m):", *table(rows, left=2)]


def _1(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _write(path: Path, scene: Scene, told: Mapping[str, Any]) -> None:
    """The routes by the rule "held" as lines, stamped PRIVATE."""
    from isofront.front import Rule
    from isofront.front.routes import rear_of, roads_only, ways_out
    from isofront.ground.files import write_atomically
    from isofront.publish.feature import Feature, Layer
    from isofront.publish.geojson import geojson_bytes
    from isofront.publish.lonlat import in_lonlat

    if scene.place is None:
        raise UsageError("--out: wanted a PLACE whose routes to write")
    import shapely

    state = roads_only(scene.state, rail=False)
    ways = ways_out(state, scene.place[1], rear_of(state, scene.hubs), Rule.HELD)
    features = []
    for number, one in enumerate(ways.routes, start=1):
        line = shapely.line_merge(shapely.multilinestrings(list(state.graph.lines[one.pieces])))
        words = {"role": "route", "route": number, "place": scene.place[0], "km": _km(one.km), "stamp": told["stamp"]}
        features.append(Feature(in_lonlat(line, crs=scene.crs), words | {"roads": ", ".join(one.names)}))
    about = {key: told[key] for key in ("stamp", "as_of", "known_by", "side") if key in told}
    write_atomically(path, geojson_bytes(Layer("routes", tuple(features)), about=about))
