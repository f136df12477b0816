"""`isofront front corridor PLACE --from … --to …`: necks, pockets and enclosure over time, one line per mapper."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from isofront.cli.front.dated import moment_of
from isofront.cli.front.series_maps import Asked, Followed, followed_maps
from isofront.cli.front.series_told import Told, csv_row, table_lines, write_files
from isofront.errors import UsageError

if TYPE_CHECKING:
    pass

SERIES = "corridor-series"
"""The command that `front corridor` becomes when --from or --to is among its words."""

MAX_DAYS = 5000
MAX_AGE_DAYS = 100_000


class FrontGroup(TyperGroup):
    """The commands of `front`; `corridor` with --from or --to is a series."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is meant by some words."""
        dated = any(word.split("=")[0] in ("--from", "--to") for word in args[1:])
        if args and args[0] == "corridor" and dated:
            name, command, rest = super().resolve_command(ctx, [SERIES, *args[1:]])
            return name, command, rest
        return super().resolve_command(ctx, args)


def corridor_series(
    place_name: Annotated[str | None, typer.Argument(metavar="PLACE", help="a place of the gazetteer")] = None,
    *,
    first: Annotated[str | None, typer.Option("--from", help="the first day")] = None,
    last: Annotated[str | None, typer.Option("--to", help="the last day")] = None,
    held: Annotated[
        list[str] | None,
        typer.Option(help="NAME=FILE or NAME=FOLDER of dated maps; once for each mapper", metavar="NAME=PATH"),
    ] = None,
    theatre: Annotated[Path | None, typer.Option(help="a theatre's folder: its own drafts, with their doubt")] = None,
    place: Annotated[str | None, typer.Option(help="the same as PLACE", metavar="NAME")] = None,
    at: Annotated[tuple[float, float] | None, typer.Option(help="the centre, degrees", metavar="LON LAT")] = None,
    radius: Annotated[float | None, typer.Option(help="radius of the place, metres")] = None,
    land: Annotated[Path | None, typer.Option(help="the country, as for a single day")] = None,
    crs: Annotated[str | None, typer.Option(help="flat map in metres; default: the UTM zone")] = None,
    enemy: Annotated[str | None, typer.Option(help="whose ground counts, where maps show several sides")] = None,
    step: Annotated[int, typer.Option(help="days from one point to the next")] = 1,
    max_age: Annotated[
        float, typer.Option(help="days that a map is good for when none is newer", min=0, max=MAX_AGE_DAYS)
    ] = 14.0,
    samples: Annotated[int, typer.Option(help="with --theatre: maps drawn for each band")] = 60,
    out: Annotated[Path, typer.Option(help="folder for the CSV, the PNG and the SVG")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> None:
    """Follow a place's neck, pocket and enclosure from one day to another: a table, a CSV and a plot."""
    days = _days(first, last, step)
    asked = Asked(at, place_name or place, radius, land, crs, enemy, max_age, samples)
    if not held and theatre is None:
        raise UsageError("corridor: wanted --held NAME=FILE (once for each mapper), or --theatre FOLDER")
    followed = followed_maps(held, days, asked) if held else []
    followed += _drafted(theatre, days, asked) if theatre else []
    name = followed[0].place
    told = [one.series for one in followed]
    stamp = "PRIVATE SIMULATED" if any(one.simulated for one in followed) else "PRIVATE"
    rows = [csv_row(series.name, point, stamp) for series in told for point in series.points]
    files = write_files(out, Told(name, told, days, stamp), rows)
    if as_json:
        document = {"stamp": stamp, "place": name, "rows": rows, "files": [path.as_posix() for path in files]}
        sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        lines = [*table_lines(stamp, name, told, days), *(f"wrote {path}" for path in files)]
        sys.stdout.write("\n".join(lines) + "\n")


def _days(first: str | None, last: str | None, step: int) -> list[datetime]:
    if first is None or last is None:
        raise UsageError(f"corridor: {'--from' if first is None else '--to'} is missing, wanted both for a series")
    begin, end = moment_of(first, where="--from"), moment_of(last, where="--to")
    if step < 1:
        raise UsageError(f"--step {step}: wanted whole days, 1 or more")
    n = (end - begin).days // step + 1
    if end < begin or n > MAX_DAYS:
        raise UsageError(f"--from {first} --to {last}: wanted a first day before the last, and at most {MAX_DAYS} days")
    return [begin + timedelta(days=k * step) for k in range(n)]


# Isofront's own drafts


def _drafted(folder: Path, days: Sequence[datetime], asked: Asked) -> list[Followed]:
    """The series of a theatre's own drafts, each day as known the day after, with 90 % intervals."""
    from isofront.cli.front.series_drafts import drafted

    series, name, simulated = drafted(
        folder, days, name=asked.name, at=asked.at, radius_m=asked.radius_m, enemy=asked.enemy, samples=asked.samples
    )
    return [Followed(series, name, simulated)]
