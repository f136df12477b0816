"""What `front routes` says: one document, the same as tables, and the routes as lines. PRIVATE."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from isofront.errors import BadInputError, UsageError

if TYPE_CHECKING:
    from isofront.cli.front.routes import Scene
    from isofront.control.interdicted import Interdicted
    from isofront.front import Disc
    from isofront.front.routes import Lost, Rear, RoadState, Route, Ways

LIMITS = ("1", "3", "5", "10", "15")
_log = logging.getLogger("isofront.cli")


def document(scene: Scene) -> dict[str, Any]:
    """The one document that `--json` prints and the tables are made from."""
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
    from isofront.engine.routes import km_by_level

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
    from isofront.cli.front.places import table

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
    from isofront.cli.front.places import table

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


def write_lines(path: Path, scene: Scene, told: Mapping[str, Any]) -> None:
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
