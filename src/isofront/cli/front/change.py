"""`isofront front change`: what changed between two maps, and what was not reviewed."""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from isofront.cli.front.change_told import document, lines
from isofront.cli.front.dated import PLAIN_SIDE, Raw, moment_of, source_at
from isofront.cli.front.flat import dated, flat_of, side_of
from isofront.cli.front.places import (
    Town,
    read_regions,
    towns_in,
)
from isofront.cli.front.reach import cut_sides
from isofront.errors import BadInputError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from shapely.geometry.base import BaseGeometry

    from isofront.front.advances import Advances
    from isofront.front.change import Change, RegionChange

UNLIKE_REACH = 0.3
"""If the box round one map is smaller than this share of the other's, that is said."""

_log = logging.getLogger("isofront.cli")


def change(
    a: Annotated[
        str | None, typer.Argument(help="the earlier map: polygon file, FILE@DATE, or folder of `map`")
    ] = None,
    b: Annotated[str | None, typer.Argument(help="the later map; left out, both dates are taken from A")] = None,
    *,
    theatre: Annotated[Path | None, typer.Option(help="a theatre's folder: its drafts of --from and --to")] = None,
    first: Annotated[str | None, typer.Option("--from", help="the earlier date")] = None,
    last: Annotated[str | None, typer.Option("--to", help="the later date")] = None,
    crs: Annotated[str | None, typer.Option(help="flat map in metres, like EPSG:32637; default: the UTM zone")] = None,
    side: Annotated[str, typer.Option(help="who holds polygons that do not say it")] = PLAIN_SIDE,
    other: Annotated[str | None, typer.Option(help="who holds the ground that no polygon covers")] = None,
    bounds: Annotated[
        tuple[float, float, float, float] | None,
        typer.Option(help="the box that both maps speak of, degrees", metavar="W S E N"),
    ] = None,
    places: Annotated[Path | None, typer.Option(help="settlements, CSV or GeoJSON; else the gazetteer")] = None,
    regions: Annotated[Path | None, typer.Option(help="your own districts: polygons with a name")] = None,
    region_key: Annotated[str | None, typer.Option(help="the property that names a district")] = None,
    known_by: Annotated[
        str | None, typer.Option(help="with --theatre: both days as known then; else each as known the day after")
    ] = None,
    samples: Annotated[int, typer.Option(help="with --theatre: fields drawn for the interval")] = 200,
    seed: Annotated[int, typer.Option(help="with --theatre: which draws", min=0)] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> None:
    """Say what changed from one map to another: per side, transition, settlement and district; and each advance."""
    if theatre is not None:
        from isofront.cli.front.change_drafts import draft_found

        days = (_moment(first, "--from"), _moment(last, "--to"))
        known = None if known_by is None else _moment(known_by, "--known-by")
        found = draft_found(theatre, days, known_by=known, samples=samples, seed=seed, places=places)
    else:
        asked = _Asked(crs, side, other, bounds)
        found = _polygon_change(_two(a, b, first, last), asked, places=places)
    told = document(found, _regions(regions, found, region_key))
    sys.stdout.write(
        (json.dumps(told, ensure_ascii=False, allow_nan=False) if as_json else "\n".join(lines(told))) + "\n"
    )


@dataclass(frozen=True, slots=True)
class Found:
    """A change with the words it needs to be told: whose maps, which settlements, which flat map.

    `extra` is what only Isofront's own drafts can say: intervals per side, reports per advance.
    """

    change: Change
    advances: Advances
    labels: tuple[str, str]
    towns: tuple[Town, ...]
    crs: str
    simulated: bool = False
    notes: tuple[str, ...] = ()
    intervals: dict[str, Any] | None = None
    reports: tuple[dict[str, Any], ...] | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    crs: str | None
    side: str
    other: str | None
    bounds: tuple[float, float, float, float] | None


def _moment(word: str | None, option: str) -> datetime:
    if word is None:
        raise UsageError(f"change: {option} is missing, wanted a date like 2030-01-31")
    return moment_of(word, where=option)


def _two(a: str | None, b: str | None, first: str | None, last: str | None) -> tuple[Raw, Raw]:
    """The two maps asked for."""
    if a is None:
        raise UsageError("change: wanted two maps, or one source with --from and --to, or --theatre with both")
    earlier, early_day = source_at(a)
    later, late_day = source_at(b) if b is not None else (earlier, None)
    if b is None and (first is None or last is None):
        raise UsageError(f"change: only {a} given, wanted a second map, or --from and --to")
    days = (
        early_day if first is None else moment_of(first, where="--from"),
        late_day if last is None else moment_of(last, where="--to"),
    )
    if first is not None and last is not None and days[0] is not None and days[1] is not None and days[0] > days[1]:
        raise UsageError(f"change: --from {first} lies after --to {last}, wanted the earlier date first")
    return _of_day(earlier.at(days[0]).read(), days[0]), _of_day(later.at(days[1]).read(), days[1])


def _of_day(raw: Raw, day: datetime | None) -> Raw:
    """The map, and where its file tells no date the one that the user gave: without dates there are no rates."""
    return raw if raw.date is not None else replace(raw, date=day)


def _polygon_change(raws: tuple[Raw, Raw], asked: _Asked, *, places: Path | None) -> Found:
    from shapely import box, dwithin

    from isofront.cli.front.ground import FAR_KM
    from isofront.front.advances import advances
    from isofront.front.change import change as change_of

    if asked.bounds is not None:
        _check_bounds(asked.bounds, raws)
    crs = flat_of(asked.crs, raws)
    bounds, notes = _joint_box(raws, asked)
    knowns = [None if raw.own else bounds for raw in raws]
    frame = None if bounds is None else _frame(bounds, crs)
    side = side_of(raws, asked.side)
    maps = [
        dated(raw, crs, side=side, known=None if known is None else frame)
        for raw, known in zip(raws, knowns, strict=True)
    ]
    if asked.bounds is not None and any(raw.own for raw in raws):
        from shapely import intersection

        maps = [replace(one, known=frame if one.known is None else intersection(one.known, frame)) for one in maps]
    if maps[0].held and maps[1].held and not set(maps[0].held) & set(maps[1].held):
        _log.warning("the maps name different sides: %s; %s", ", ".join(maps[0].held), ", ".join(maps[1].held))
    if not dwithin(box(*maps[0].drawn.bounds), box(*maps[1].drawn.bounds), FAR_KM):
        raise BadInputError(f"{raws[1].label}: over {FAR_KM:g} km from {raws[0].label}, wanted two maps of one area")
    found = change_of(maps[0], maps[1], other=asked.other)
    towns = towns_in(found.frame, crs, places=places)
    return Found(found, advances(found), _labels(raws), towns, crs, any(raw.simulated for raw in raws), tuple(notes))


def _check_bounds(bounds: tuple[float, float, float, float], raws: tuple[Raw, Raw]) -> None:
    """Refuse a box in which neither map draws anything: "no change" there would be no finding."""
    from shapely import box

    from isofront.cli.front.dated import box_of

    west, south, east, north = bounds
    if west < east and south < north and not any(box(*bounds).intersects(box(*box_of(raw))) for raw in raws):
        said = f"--bounds {west:g} {south:g} {east:g} {north:g}"
        raise UsageError(f"{said}: neither map draws anything there, wanted ground of the maps; lon first, then lat")


def _labels(raws: tuple[Raw, Raw]) -> tuple[str, str]:
    return raws[0].label, raws[1].label


def _joint_box(raws: tuple[Raw, Raw], asked: _Asked) -> tuple[tuple[float, float, float, float] | None, list[str]]:
    """The lon/lat box that both speak of: the one asked for, else as far as neither file was cut off."""
    if asked.bounds is not None:
        return asked.bounds, []
    import shapely

    from isofront.cli.front.dated import box_of

    plain = [raw for raw in raws if not raw.own]
    whole = list(shapely.total_bounds([shapely.box(*box_of(raw)) for raw in raws]))
    notes = []
    for raw in plain:
        cuts = cut_sides(raw, [one for one in raws if one is not raw])
        for k, (edge, word) in enumerate(zip(cuts, ("west", "south", "east", "north"), strict=True)):
            if edge is not None:
                whole[k] = max(whole[k], edge) if k < 2 else min(whole[k], edge)
                notes.append(f"{raw.label} ends at {edge:g}° {word}, where the other map goes on: not reviewed beyond")
    if not notes:
        _warn_of_reach(plain)
        return None, []
    for note in notes:
        _log.warning("%s (--bounds W S E N says otherwise)", note)
    return (whole[0], whole[1], whole[2], whole[3]), notes


def _warn_of_reach(raws: list[Raw]) -> None:
    """Say so where one file covers far less than the other: what looks like a change may be where a file ends."""
    from isofront.cli.front.dated import box_of

    sizes = [(box[2] - box[0]) * (box[3] - box[1]) for box in map(box_of, raws)]
    if len(sizes) > 1 and min(sizes) < UNLIKE_REACH * max(sizes):
        _log.warning("one map reaches far less than the other; if it was cut, say where both speak: --bounds W S E N")


def _frame(box: tuple[float, float, float, float], crs: str) -> BaseGeometry:
    from isofront.front import frame_km
    from isofront.ground.grid import Bounds

    west, south, east, north = box
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise UsageError(f"--bounds {west:g} {south:g} {east:g} {north:g}: wanted west south east north, degrees")
    return frame_km(Bounds(west, south, east, north), crs=crs)


def _regions(path: Path | None, found: Found, key: str | None) -> tuple[RegionChange, ...] | None:
    from isofront.front.change import change_in

    return None if path is None else change_in(found.change, read_regions(path, found.crs, key=key))
