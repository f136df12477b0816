"""`isofront front`: the shape of a front, on any polygons: no theatre, no network."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from isofront.cli.front_ground import Ground
    from isofront.front import Corridor, Disc, Pincer

_Held = Annotated[Path, typer.Option(help="polygons that the enemy of the place's side holds")]
_Land = Annotated[
    Path | None,
    typer.Option(help="the country; its borders and coasts bound the land; else the polygons' extent, open"),
]
_Crs = Annotated[str | None, typer.Option(help="flat map in metres, like EPSG:32637; default: the UTM zone")]
_AsJson = Annotated[bool, typer.Option("--json", help="print one JSON document")]

RULES = {"held": "held", "held_or_grey": "held or grey", "any_presence": "any presence"}
"""The three rules by which ground is the enemy's, in words."""


def register(app: typer.Typer) -> None:
    """Add the commands of `front`; `corridor` with --from and --to is a series."""
    from isofront.cli.front_change import change
    from isofront.cli.front_regions import regions
    from isofront.cli.front_series import SERIES, FrontGroup, corridor_series

    group = typer.Typer(cls=FrontGroup, help="the shape of the front: necks, pockets, enclosure", no_args_is_help=True)
    group.callback()(lambda: None)
    group.command("corridor")(corridor)
    group.command("pincers")(pincers)
    group.command("change")(change)
    group.command("regions")(regions)
    group.command(SERIES, hidden=True)(corridor_series)
    app.add_typer(group, name="front")


def corridor(
    *,
    held: _Held,
    at: Annotated[
        tuple[float, float] | None, typer.Option(help="the place's centre, degrees", metavar="LON LAT")
    ] = None,
    place: Annotated[
        str | None, typer.Option(help="a place of the gazetteer, with its footprint", metavar="NAME")
    ] = None,
    radius: Annotated[
        float | None, typer.Option(help="radius of the place, metres; default 1500, by name after its people")
    ] = None,
    land: _Land = None,
    crs: _Crs = None,
    grey: Annotated[Path | None, typer.Option(help="grey polygons, for the rule `held_or_grey`")] = None,
    presence: Annotated[
        Path | None, typer.Option(help="polygons where the enemy is present, for the rule `any_presence`")
    ] = None,
    as_json: _AsJson = False,
) -> None:
    """Say how a place hangs on to its own side's rear: its neck, tips, pocket, second exit and enclosure."""
    from isofront.cli.front_ground import place_of, read_ground
    from isofront.front import corridor as corridor_of

    ground = read_ground(held, land, crs=crs, grey=grey, presence=presence)
    disc, name = place_of(ground, at=at, name=place, radius_m=radius)
    found = {rule: None if enemy is None else corridor_of(enemy, ground.land, disc) for rule, enemy in ground.by_rule()}
    if as_json:
        _print_json(_document(found, ground, disc, name))
    else:
        sys.stdout.write("\n".join(_lines(found, ground.crs)) + "\n")


def pincers(*, held: _Held, land: _Land = None, crs: _Crs = None, as_json: _AsJson = False) -> None:
    """List every pocket over 10 km² behind a neck under 8 km, and the places inside; none is named beforehand."""
    from isofront.cli.front_ground import read_ground
    from isofront.front import pincers as pincers_of

    ground = read_ground(held, land, crs=crs)
    found = pincers_of(ground.held, ground.land)
    rows = [_row(one, inside, ground.crs) for one, inside in zip(found, _inside(found, ground), strict=True)]
    if as_json:
        _print_json(rows)
    else:
        sys.stdout.write(_table(rows) + "\n")


def _print_json(document: object) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")


# A corridor as JSON


def _document(found: dict[str, Corridor | None], ground: Ground, disc: Disc, name: str | None) -> dict[str, Any]:
    """The rule "held" as the plain keys, then all three side by side."""
    plain = found["held"]
    assert plain is not None
    lon, lat = _lonlat([(disc.east_km, disc.north_km)], ground.crs)[0]
    asked = {"place": name, "lon": lon, "lat": lat, "radius_m": round(disc.radius_km * 1000, 1)}
    rules = {rule: None if one is None else _measures(one, ground.crs) for rule, one in found.items()}
    return asked | _measures(plain, ground.crs) | {"by_rule": rules}


def _measures(one: Corridor, crs: str) -> dict[str, Any]:
    rings = {f"{ring.radius_km:g}": ring for ring in one.enclosure}
    return {
        "neck_km": _rounded(one.neck_km, 3),
        "neck_min_km": _rounded(one.neck_min_km, 3),
        "neck_max_km": _rounded(one.neck_max_km, 3),
        "robust_neck_km": _rounded(one.robust_neck_km, 3),
        "second_exit_km": _rounded(one.neck.second_exit_km, 3),
        "tips": _lonlat(one.neck.tips, crs),
        "chord": _lonlat(one.neck.chord, crs),
        "pocket_km2": _rounded(one.neck.pocket_km2, 2),
        "enclosure": {radius: round(ring.blocked, 4) for radius, ring in rings.items()} or None,
        "largest_free_arc_deg": {radius: ring.largest_free_arc_deg for radius, ring in rings.items()} or None,
        "footprint_free": round(one.footprint_free, 4),
        "rung": one.rung.value,
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _lonlat(spots: Iterable[tuple[float, float]], crs: str) -> list[list[float]]:
    import numpy as np

    from isofront.ground.grid import to_lonlat

    east, north = np.array(list(spots), float).reshape(-1, 2).T
    lon, lat = to_lonlat(east, north, crs=crs)
    return [[round(float(x), 6), round(float(y), 6)] for x, y in zip(lon, lat, strict=True)]


# A corridor in words


def _lines(found: dict[str, Corridor | None], crs: str) -> list[str]:
    given = {rule: one for rule, one in found.items() if one is not None}
    plain = given["held"]
    return [
        *_headline(given),
        *_neck_lines(plain, crs),
        *(_ring_line(plain) if plain.enclosure else ["enclosure  n/a: the place itself is taken"]),
        f"free       {plain.footprint_free:.0%} of the place",
    ]


def _headline(given: dict[str, Corridor]) -> list[str]:
    """One word only where the rules agree; the span of necks with its rules in words."""
    rungs = list(dict.fromkeys(one.rung.value for one in given.values()))
    if len(given) == 1:
        return [f"rung       {rungs[0]}"]
    each = ", ".join(f"{RULES[rule]} {_width(one)}" for rule, one in given.items())
    return [
        f"rung       {' to '.join(rungs)}{', by rule' if len(rungs) > 1 else ''}",
        f"neck       {_span(list(given.values()))}, by rule: {each}",
    ]


def _span(given: list[Corridor]) -> str:
    """From the narrowest neck to the widest."""
    ordered = sorted(given, key=lambda one: math.inf if one.neck_km is None else one.neck_km)
    words = list(dict.fromkeys(_width(one) for one in (ordered[0], ordered[-1])))
    return " to ".join(words).replace(" km to ", "–") if words[-1].endswith(" km") else " to ".join(words)


def _neck_lines(one: Corridor, crs: str) -> list[str]:
    lines = [f"to held    {_width(one)}; {_km(one.robust_neck_km)} without features thinner than 500 m"]
    if one.neck.tips:
        lines.append("tips       " + " and ".join(f"{lon:.5f} {lat:.5f}" for lon, lat in _lonlat(one.neck.tips, crs)))
    if one.neck.pocket_km2 is not None:
        second = one.neck.second_exit_km
        exits = f"second exit {_km(second)}" if second else "no second exit"
        lines.append(f"pocket     {one.neck.pocket_km2:.0f} km², {exits}")
    return lines


def _ring_line(one: Corridor) -> list[str]:
    rings = (f"{ring.blocked:.0%} within {ring.radius_km:g} km" for ring in one.enclosure)
    arcs = ", ".join(f"{ring.largest_free_arc_deg:.0f}°" for ring in one.enclosure)
    return [f"enclosure  {', '.join(rings)}; largest free arc {arcs}"]


def _width(one: Corridor) -> str:
    if one.neck_km is None and one.rung.value == "taken":
        return "n/a"
    return _km(one.neck_km)


def _km(width_km: float | None) -> str:
    if width_km is None:
        return "open (over 30 km)"
    return f"{width_km:.1f} km" if width_km > 0 else "none (cut off)"


# Pincers


def _row(one: Pincer, inside: list[str], crs: str) -> dict[str, Any]:
    return {
        "neck_km": round(one.neck_km, 3),
        "tips": _lonlat(one.tips, crs),
        "pocket_km2": round(one.pocket_km2, 2),
        "inside": inside,
    }


def _inside(found: tuple[Pincer, ...], ground: Ground) -> list[list[str]]:
    """The gazetteer's places in each pocket, the largest first."""
    import numpy as np
    import shapely

    from isofront.front import places_inside
    from isofront.ground.grid import Bounds, to_km, to_lonlat
    from isofront.ground.places import Places

    if not found:
        return []
    lon, lat = to_lonlat(*shapely.get_coordinates([one.pocket for one in found]).T, crs=ground.crs)
    near = Bounds(*(float(edge) for edge in (lon.min(), lat.min(), lon.max(), lat.max())))
    places = Places.load().within(near)
    spots = np.array([(place.lon, place.lat) for place in places]).reshape(-1, 2)
    flat = list(zip(*(axis.tolist() for axis in to_km(spots[:, 0], spots[:, 1], crs=ground.crs)), strict=True))
    return [[places[k].name for k in places_inside(one.pocket, flat)] for one in found]


def _table(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return "no pocket of more than 10 km² behind a neck under 8 km"
    lines = [f"{'neck km':>8} {'pocket km²':>11}  {'tips (lon lat)':<39}  inside"]
    for row in rows:
        tips = ", ".join(f"{lon:.4f} {lat:.4f}" for lon, lat in row["tips"])
        lines.append(
            f"{row['neck_km']:>8.1f} {row['pocket_km2']:>11.0f}  {tips:<39}  {', '.join(row['inside']) or '-'}"
        )
    return "\n".join(lines)
