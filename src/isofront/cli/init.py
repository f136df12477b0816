"""`isofront init`: a new theatre's folder, with its file and the map to begin from."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from isofront.cli.map import say_if_ahead
from isofront.counts import counted
from isofront.errors import BadInputError, UsageError
from isofront.ground.axes import axes_swapped
from isofront.ground.files import write_atomically
from isofront.ground.polygons import Feature, read_polygons
from isofront.ground.stamped import stamped
from isofront.theatre import FILE_NAME, AnchorMap, anchor_map, dump, geojson_of, land_near, read_settlements, start_of
from isofront.theatre.anchor import anchor_features
from isofront.theatre.checks import faults, utm_of
from isofront.theatre.model import Anchor, Settlement, Side, Theatre

ANCHOR_FILE = "anchor.geojson"
LAND_FILE = "land.geojson"
_OPTIONS = {
    "name": "NAME",
    "bounds": "--bounds",
    "crs": "--crs",
    "cell_m": "--cell",
    "protected_sides": "--protect",
    "sides": "--side",
    "anchor": "--anchor-holder",
    "settlements": "--settlements",
}


def register(app: typer.Typer) -> None:
    """Add `init`."""
    app.command("init")(init)


def init(
    name: Annotated[Path, typer.Argument(help="folder to make; its last part is the theatre's name", metavar="NAME")],
    *,
    bounds: Annotated[
        tuple[float, float, float, float], typer.Option(help="west south east north, degrees", metavar="W S E N")
    ],
    side: Annotated[
        list[str], typer.Option(help="a side, given twice: ru=Russia, or ru=Russia/uk:Росія", metavar="ID=NAME")
    ],
    anchor: Annotated[
        Path, typer.Option(help="polygons of who held what: GeoJSON, GeoPackage, GeoParquet, Shapefile, FlatGeobuf")
    ],
    anchor_date: Annotated[str, typer.Option(help="the moment they show: 00:00 UTC of a day, or a time")],
    anchor_holder: Annotated[
        str | None, typer.Option(help="who holds polygons without class and side; the rest is the other side's")
    ] = None,
    crs: Annotated[str | None, typer.Option(help="flat map in metres; default: the UTM zone")] = None,
    cell: Annotated[float, typer.Option(help="size of a cell, metres")] = 250.0,
    protect: Annotated[
        str | None,
        typer.Option(help="wanted: sides whose presence public output must not show: none, a side's id, or both"),
    ] = None,
    title: Annotated[str, typer.Option(help="title on maps")] = "",
    land: Annotated[Path | None, typer.Option(help="polygons of country or coast, where the map's ground ends")] = None,
    settlements: Annotated[
        Path | None, typer.Option(help="places as CSV or GeoJSON; default: GeoNames' within the bounds, at each run")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> None:
    """Start a theatre: make folder NAME with theatre.toml and the anchor map."""
    _refuse_existing(name)
    sides = _two_sides(side)
    theatre = Theatre(
        name=name.resolve().name,
        title=title,
        sides=sides,
        protected_sides=_protected(protect, sides),
        bounds=bounds,
        crs=crs or utm_of(bounds),
        cell_m=cell,
        anchor=Anchor(ANCHOR_FILE, _moment(anchor_date), anchor_holder),
        settlements=_places(settlements, bounds) if settlements else (),
        simulated=stamped(anchor).simulated,
    )
    _say(_made(name, _checked(theatre), anchor=anchor, land=land), as_json=as_json)


def _places(path: Path, bounds: tuple[float, float, float, float]) -> tuple[Settlement, ...]:
    """The settlements of a file; refused where they lie in the bounds only with their axes swapped."""
    found = read_settlements(path)
    if axes_swapped([(*one.at, *one.at) for one in found], bounds):
        raise BadInputError(
            f"{path.name}: none of its {counted(len(found), 'place')} lies in the bounds; lat before lon, it seems"
        )
    return found


@dataclass(frozen=True, slots=True)
class _Made:
    """What a new theatre's folder holds."""

    folder: Path
    theatre: Theatre
    anchor: AnchorMap


def _made(folder: Path, theatre: Theatre, *, anchor: Path, land: Path | None) -> _Made:
    """All is read and checked before anything is written; the theatre file comes last and makes it a theatre."""
    features = read_polygons(anchor)
    ground = None if land is None else land_near(theatre, read_polygons(land), name=land.name)
    start = anchor_map(features, theatre, name=anchor.name, land=ground)
    if ground is not None:
        theatre = replace(theatre, land=LAND_FILE)
        write_atomically(folder / LAND_FILE, geojson_of((Feature(1, ground, {}),)))
    held, _ = anchor_features(features, theatre.anchor.date, name=anchor.name)
    write_atomically(folder / ANCHOR_FILE, geojson_of(held))
    write_atomically(folder / FILE_NAME, dump(theatre).encode())
    return _Made(folder, theatre, start)


def _refuse_existing(folder: Path) -> None:
    if (folder / FILE_NAME).exists():
        raise UsageError(f"{folder / FILE_NAME}: a theatre is there already; edit it, or choose another NAME")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"NAME {folder}: is a file, wanted a folder to make")


def _two_sides(given: list[str]) -> tuple[Side, Side]:
    if len(given) != 2:
        times = "once" if len(given) == 1 else f"{len(given)} times"
        raise UsageError(f"--side was given {times}, wanted twice: --side ru=Russia --side ua=Ukraine")
    return _side(given[0]), _side(given[1])


def _side(text: str) -> Side:
    """`ru=Russia/uk:Росія`: an id, its English name, then names by language."""
    key, equals, names = text.partition("=")
    english, *others = names.split("/")
    if not (key.strip() and equals and english.strip()) or key in ("none", "both"):
        raise UsageError(f"--side {text!r}, wanted ID=NAME such as ru=Russia or ru=Russia/uk:Росія")
    named = {"en": english.strip()}
    for other in others:
        language, colon, word = other.partition(":")
        if not (language.strip() and colon and word.strip()):
            raise UsageError(f"--side {text!r}: {other!r} is no LANGUAGE:NAME, wanted one such as uk:Росія")
        named[language.strip()] = word.strip()
    return Side(key.strip(), named)


def _protected(protect: str | None, sides: tuple[Side, Side]) -> tuple[str, ...]:
    first, second = (side.id for side in sides)
    wanted = f"none, {first}, {second} or both"
    if protect is None and sys.stdin.isatty():
        protect = typer.prompt(f"Whose presence must not show in public output ({wanted})?", err=True)
    if protect is None:
        raise UsageError(f"--protect is missing, wanted {wanted}: whose presence must not show in public output")
    choices = {"none": (), "both": (first, second), first: (first,), second: (second,)}
    if protect.strip() not in choices:
        raise UsageError(f"--protect {protect!r}, wanted {wanted}")
    return choices[protect.strip()]


def _moment(text: str) -> datetime:
    try:
        found = start_of(text)
    except ValueError as fault:
        raise UsageError(f"--anchor-date {text!r}, wanted a day such as 2025-08-01 or a time") from fault
    say_if_ahead(found, option="--anchor-date")
    return found


def _checked(theatre: Theatre) -> Theatre:
    """The theatre, if the options can be used together; a fault names its option."""
    for path, what in faults(theatre):
        raise UsageError(f"{_OPTIONS.get(str(path[0]), path[0])}: {what}")
    try:
        dump(theatre).encode()
    except UnicodeEncodeError as fault:
        raise UsageError(f"a name holds bytes that are no text ({fault.reason}), wanted UTF-8") from fault
    return theatre


def _say(made: _Made, *, as_json: bool) -> None:
    for repair in made.anchor.repairs:
        print(f"isofront: {repair}", file=sys.stderr)
    print(json.dumps(_document(made), ensure_ascii=False) if as_json else _lines(made))


def _anchor_km2(made: _Made) -> dict[str, float]:
    """Each side's ground and grey within the bounds, km², as maps count it."""
    from isofront.front import frame_km

    frame = frame_km(made.theatre.box, crs=made.theatre.crs)
    grounds = {**made.anchor.held, "grey": made.anchor.grey}
    return {name: float(frame.intersection(ground).area) for name, ground in grounds.items()}


def _document(made: _Made) -> dict[str, object]:
    grid = made.theatre.grid
    return {
        "theatre": made.theatre.name,
        "folder": str(made.folder),
        "sides": made.theatre.side_ids,
        "cells": grid.nx * grid.ny,
        "anchor_km2": {name: round(km2, 1) for name, km2 in _anchor_km2(made).items()},
        "repairs": made.anchor.repairs,
    }


def _lines(made: _Made) -> str:
    grid = made.theatre.grid
    km2 = _anchor_km2(made)
    areas = [f"{side.name()} {km2[side.id]:,.0f} km²" for side in made.theatre.sides]
    return (
        f"{made.folder / FILE_NAME}: {grid.nx} x {grid.ny} cells of {made.theatre.cell_m:g} m, "
        f"{' and '.join(side.name() for side in made.theatre.sides)}\n"
        f"start, {made.theatre.anchor.date:%Y-%m-%d %H:%M} UTC: {', '.join(areas)}, "
        f"grey {km2['grey']:,.0f} km²\n"
        f"next: isofront add --theatre {made.folder} evidence.csv"
    )
