"""`isofront front corridor`: how a place hangs on to its own side's rear, on polygons or on a theatre's own draft."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from isofront.cli.front.field import checked_field
from isofront.cli.front.options import AsJson, Crs, Field, Held, KnownBy, Land, On, Theatre, refuse_mixed
from isofront.errors import UsageError

MOST_SAMPLES = 10_000


def corridor(
    place_name: Annotated[str | None, typer.Argument(metavar="PLACE", help="the same as --place")] = None,
    *,
    held: Held = None,
    at: Annotated[
        tuple[float, float] | None, typer.Option(help="the place's centre, degrees", metavar="LON LAT")
    ] = None,
    place: Annotated[
        str | None, typer.Option(help="a place of the gazetteer, with its footprint", metavar="NAME")
    ] = None,
    radius: Annotated[
        float | None, typer.Option(help="radius of the place, metres; default 1500, by name after its people")
    ] = None,
    land: Land = None,
    crs: Crs = None,
    grey: Annotated[Path | None, typer.Option(help="grey polygons, for the rule `held_or_grey`")] = None,
    presence: Annotated[
        Path | None, typer.Option(help="polygons where the enemy is present, for the rule `any_presence`")
    ] = None,
    sigma_m: Annotated[
        float | None, typer.Option(help="how far the polygons' edges may lie off, metres (one sigma): gives intervals")
    ] = None,
    samples: Annotated[int, typer.Option(help="how many maps to draw for intervals")] = 200,
    theatre: Theatre = None,
    on: On = None,
    known_by: KnownBy = None,
    field: Field = None,
    as_json: AsJson = False,
) -> None:
    """Say how a place hangs on to its own side's rear: its neck, tips, pocket, second exit and enclosure.

    With --from and --to: over time, one line per mapper; `front corridor-series --help` lists the options of that.
    """
    from isofront.cli.front.corridor_told import drafted_corridor, read_corridor

    refuse_mixed(held, theatre, on, known_by)
    if place_name is not None and place is not None:
        raise UsageError(f"place: wanted either {place_name} or --place {place}")
    place = place_name or place
    checked_field(field)
    if not 2 <= samples <= MOST_SAMPLES:
        raise UsageError(f"--samples {samples}: wanted 2 to {MOST_SAMPLES}")
    if theatre is not None:
        if any(one is not None for one in (land, crs, grey, presence, sigma_m)):
            raise UsageError(
                "--theatre: its own map is measured; --land, --crs, --grey, --presence, --sigma-m are for --held"
            )
        found = drafted_corridor(
            theatre, on, known_by, at=at, name=place, radius_m=radius, n_samples=samples, field=field
        )
    else:
        assert held is not None
        found = read_corridor(
            (held, land, grey, presence), crs, at=at, name=place, radius_m=radius, sigma_m=sigma_m, n_samples=samples,
            field=field,
        )  # fmt: skip
    if as_json:
        sys.stdout.write(json.dumps(found.document(), ensure_ascii=False, allow_nan=False) + "\n")
    else:
        sys.stdout.write("\n".join([*found.lines(), *([f"wrote {field}"] if field else [])]) + "\n")
