"""`isofront front`: the shape of a front, on any polygons: no theatre, no network."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from isofront.errors import UsageError

if TYPE_CHECKING:
    from isofront.cli.front_ground import Ground
    from isofront.front import Pincer

_Land = Annotated[
    Path | None,
    typer.Option(help="the country; its borders and coasts bound the land; else the polygons' extent, open"),
]
_Crs = Annotated[str | None, typer.Option(help="flat map in metres, like EPSG:32637; default: the UTM zone")]
_AsJson = Annotated[bool, typer.Option("--json", help="print one JSON document")]

_Theatre = Annotated[
    Path | None, typer.Option(help="a theatre's folder: measure its own draft map, by three rules and as intervals")
]
_On = Annotated[str | None, typer.Option(help="with --theatre: 00:00 UTC at the start of this day, or a time")]
_KnownBy = Annotated[str | None, typer.Option(help="with --theatre: use only what was known before")]
MOST_SAMPLES = 10_000


def register(app: typer.Typer) -> None:
    """Add the commands of `front`; `corridor` with --from and --to is a series."""
    from isofront.cli.front_change import change
    from isofront.cli.front_regions import regions
    from isofront.cli.front_routes import routes
    from isofront.cli.front_series import SERIES, FrontGroup, corridor_series

    group = typer.Typer(cls=FrontGroup, help="the shape of the front: necks, pockets, enclosure", no_args_is_help=True)
    group.callback()(lambda: None)
    group.command("corridor")(corridor)
    group.command("pincers")(pincers)
    group.command("change")(change)
    group.command("regions")(regions)
    group.command("routes")(routes)
    group.command(SERIES, hidden=True)(corridor_series)
    app.add_typer(group, name="front")


def corridor(
    *,
    held: Annotated[Path | None, typer.Option(help="polygons that the enemy of the place's side holds")] = None,
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
    sigma_m: Annotated[
        float | None, typer.Option(help="how far the polygons' edges may lie off, metres (one sigma): gives intervals")
    ] = None,
    samples: Annotated[int, typer.Option(help="how many maps to draw for intervals")] = 200,
    theatre: _Theatre = None,
    on: _On = None,
    known_by: _KnownBy = None,
    as_json: _AsJson = False,
) -> None:
    """Say how a place hangs on to its own side's rear: its neck, tips, pocket, second exit and enclosure."""
    from isofront.cli.front_necks import drafted_corridor, read_corridor

    _refuse_mixed(held, theatre, on, known_by)
    if not 2 <= samples <= MOST_SAMPLES:
        raise UsageError(f"--samples {samples}: wanted 2 to {MOST_SAMPLES}")
    if theatre is not None:
        if any(one is not None for one in (land, crs, grey, presence, sigma_m)):
            raise UsageError(
                "--theatre: its own map is measured; --land, --crs, --grey, --presence, --sigma-m are for --held"
            )
        found = drafted_corridor(theatre, on, known_by, at=at, name=place, radius_m=radius, n_samples=samples)
    else:
        assert held is not None
        found = read_corridor(
            (held, land, grey, presence), crs, at=at, name=place, radius_m=radius, sigma_m=sigma_m, n_samples=samples
        )
    if as_json:
        _print_json(found.document())
    else:
        sys.stdout.write("\n".join(found.lines()) + "\n")


def pincers(
    *,
    held: Annotated[Path | None, typer.Option(help="polygons that the enemy of the place's side holds")] = None,
    land: _Land = None,
    crs: _Crs = None,
    theatre: _Theatre = None,
    on: _On = None,
    known_by: _KnownBy = None,
    as_json: _AsJson = False,
) -> None:
    """List every pocket over 10 km² behind a neck under 8 km, and the places inside; none is named beforehand.

    With --theatre the neck is under the `pocket_km` of its [ladder] instead.
    """
    from isofront.cli.front_ground import read_ground
    from isofront.cli.front_necks import drafted_pincers
    from isofront.front import pincers as pincers_of

    _refuse_mixed(held, theatre, on, known_by)
    if theatre is not None:
        rows = drafted_pincers(theatre, on, known_by)
    else:
        assert held is not None
        ground = read_ground(held, land, crs=crs)
        found = pincers_of(ground.held, ground.land)
        rows = [_row(one, inside, ground.crs) for one, inside in zip(found, _inside(found, ground), strict=True)]
    if as_json:
        _print_json(rows)
    else:
        sys.stdout.write(_table(rows) + "\n")


def _refuse_mixed(held: Path | None, theatre: Path | None, on: str | None, known_by: str | None) -> None:
    if (held is None) == (theatre is None):
        raise UsageError("front: wanted either --held FILE or --theatre FOLDER --on DAY")
    if theatre is not None and on is None:
        raise UsageError("--theatre: wanted the day too, --on 2030-01-31")
    if theatre is None and (on is not None or known_by is not None):
        raise UsageError("--on and --known-by go with --theatre")


def _print_json(document: object) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")


# Pincers


def _row(one: Pincer, inside: list[str], crs: str) -> dict[str, Any]:
    from isofront.publish.pockets import lonlats

    return {
        "neck_km": round(one.neck_km, 3),
        "tips": lonlats(one.tips, crs),
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
