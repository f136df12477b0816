"""`isofront front corridor PLACE --from … --to …`: necks, pockets and enclosure over time, one line per mapper."""

from __future__ import annotations

import csv
import io
import json
import logging
import re
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from isofront.cli.front_dated import (
    PLAIN_SIDE,
    Entry,
    Raw,
    Source,
    dated,
    day_text,
    features_of,
    flat_of,
    moment_of,
    named_source,
    source_of,
)
from isofront.errors import BadInputError, UsageError

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from isofront.front import Disc
    from isofront.front.dated import Dated
    from isofront.front.ladder import Ladder, Rung
    from isofront.front.series import Measured, Point, Series

SERIES = "corridor-series"
"""The command that `front corridor` becomes when --from or --to is among its words."""

MAX_DAYS = 5000
UNCONFIRMED = " (unconfirmed)"
"""Where the data begins too late to tell which rung was stated before."""

FEW_MAPS = 30
"""So few maps are measured in this process: a second one takes longer to start."""

WORKERS = 2
RADII = (5, 10, 20)
_log = logging.getLogger("isofront.cli")

COLUMNS = (
    "mapper", "date", "map_date", "age_days", "rung", "stated_rung", "neck_km", "neck_low_km", "neck_high_km",
    "robust_neck_km", "second_exit_km", "pocket_km2", "pocket_low_km2", "pocket_high_km2", "enclosure_5km",
    "enclosure_10km", "enclosure_20km", "largest_free_arc_5km_deg", "largest_free_arc_10km_deg",
    "largest_free_arc_20km_deg", "footprint_free", "stated_confirmed", "stamp",
)  # fmt: skip


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
    place_name: Annotated[str | None, typer.Argument(metavar="[PLACE]", help="a place of the gazetteer")] = None,
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
    max_age: Annotated[float, typer.Option(help="days that a map is good for when none is newer")] = 14.0,
    samples: Annotated[int, typer.Option(help="with --theatre: maps drawn for each band")] = 60,
    out: Annotated[Path, typer.Option(help="folder for the CSV, the PNG and the SVG")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> None:
    """Follow a place's neck, pocket and enclosure from one day to another: a table, a CSV and a plot."""
    days = _days(first, last, step)
    asked = _Asked(at, place_name or place, radius, land, crs, enemy, max_age, samples)
    if not held and theatre is None:
        raise UsageError("corridor: wanted --held NAME=FILE (once for each mapper), or --theatre FOLDER")
    followed = [*(_followed(held, days, asked) if held else []), *(_drafted(theatre, days, asked) if theatre else [])]
    name = followed[0].place
    told = [one.series for one in followed]
    stamp = "PRIVATE SIMULATED" if any(one.simulated for one in followed) else "PRIVATE"
    rows = [_row(series.name, point, stamp) for series in told for point in series.points]
    files = _write(out, _Told(name, told, days, stamp), rows)
    if as_json:
        document = {"stamp": stamp, "place": name, "rows": rows, "files": [path.as_posix() for path in files]}
        sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        sys.stdout.write("\n".join([*_table(stamp, name, told, days), *(f"wrote {path}" for path in files)]) + "\n")


@dataclass(frozen=True, slots=True)
class _Asked:
    at: tuple[float, float] | None
    name: str | None
    radius_m: float | None
    land: Path | None
    crs: str | None
    enemy: str | None
    max_age_days: float
    samples: int


@dataclass(frozen=True, slots=True)
class _Followed:
    """One mapper's series, the place by name, and whether its maps are invented."""

    series: Series
    place: str
    simulated: bool


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


# Mappers' polygons


@dataclass(frozen=True, slots=True)
class Task:
    """One map to measure, as bytes that travel to another process."""

    enemy: bytes
    grey: bytes | None


def _followed(held: Sequence[str], days: Sequence[datetime], asked: _Asked) -> list[_Followed]:
    """Each mapper's series; a map is measured once, however many days it stands for, and only if it is new."""
    from isofront.front.series import series_of

    sources = _sources(held)
    chosen = {source.name: _chosen(source, days, asked.max_age_days) for source in sources}
    raws = {name: [entry.read() for entry in entries] for name, entries in chosen.items()}
    every = [raw for some in raws.values() for raw in some]
    if not every:
        raise BadInputError(f"no map of {day_text(days[0])} to {day_text(days[-1])} in {', '.join(held)}")
    crs = flat_of(asked.crs, every)
    land, disc, word = _place(every[0], asked, crs)
    found = []
    for source in sources:
        own = [_task(raw, source.name, asked, crs, disc) for raw in raws[source.name]]
        lead = _lead(source, chosen[source.name], asked, crs, disc)
        measured = measured_maps([*lead.values(), *own], land, disc)
        _say_gaps(source, days, asked.max_age_days)
        dates = [*lead, *(entry.date for entry in chosen[source.name])]
        series = series_of(source.name, days, dates, measured, max_age_days=asked.max_age_days, lead=len(lead))
        found.append(_Followed(series, word, _any_simulated(raws[source.name])))
    return found


def _any_simulated(raws: Sequence[Raw]) -> bool:
    return any(raw.simulated for raw in raws)


def _sources(held: Sequence[str]) -> list[Source]:
    """One source for each name; several paths of one name are one mapper."""
    paths: dict[str, list[Path]] = {}
    for word in held:
        name, path = named_source(word)
        paths.setdefault(name or path.stem or path.name, []).append(path)
    return [source_of(some, name=name) for name, some in paths.items()]


def _chosen(source: Source, days: Sequence[datetime], max_age_days: float) -> list[Any]:
    """The maps that any of the days needs, in order."""
    from isofront.front.series import newest_before

    if not source.dates:
        raise BadInputError(f"{source.name}: no dates in its features or file names, wanted dated maps for a series")
    needed = {newest_before(source.dates, day, max_age_days) for day in days} - {None}
    return [source.entries[k] for k in sorted(k for k in needed if k is not None)]


def _task(raw: Raw, mapper: str, asked: _Asked, crs: str, disc: Disc) -> Task:
    return _ground(dated(raw, crs, side=asked.enemy or PLAIN_SIDE), mapper, asked, disc)


def _lead(source: Source, chosen: Sequence[Entry], asked: _Asked, crs: str, disc: Disc) -> dict[datetime, Task]:
    """The maps just before the first that is needed: so the rung to state is the same wherever a series starts.

    One that cannot be used ends them there, for nobody asked for it.
    """
    from isofront.front.ladder import HOLD_DAYS
    from isofront.front.series import lead_maps

    first = chosen[0].date if chosen else None
    before = [] if first is None else [one for one in source.entries if one.date is not None and one.date < first]
    found: dict[datetime, Task] = {}
    for entry in before[: -lead_maps(HOLD_DAYS) - 1 : -1]:
        try:
            task = _task(entry.read(), source.name, asked, crs, disc)
        except (BadInputError, UsageError) as fault:
            _log.warning("%s: not used to settle the first rung (%s)", entry.label, fault)
            break
        if entry.date is not None:
            found[entry.date] = task
    return dict(sorted(found.items()))


def _say_gaps(source: Source, days: Sequence[datetime], max_age_days: float) -> None:
    """Days without a map are said, not filled in silence."""
    from isofront.front.series import newest_before

    known = set(source.dates)
    empty = [day for day in days if newest_before(source.dates, day, max_age_days) is None]
    carried = [day for day in days if day not in known and day not in set(empty)]
    if carried:
        _log.warning(
            "%s: %d of %d days have no map of their own (first %s): the nearest earlier one is used and its date given",
            source.name, len(carried), len(days), day_text(carried[0]),
        )  # fmt: skip
    if empty:
        _log.warning(
            "%s: %d of %d days have no map at most %g days old (first %s): left empty",
            source.name, len(empty), len(days), max_age_days, day_text(empty[0]),
        )  # fmt: skip


def _place(raw: Raw, asked: _Asked, crs: str) -> tuple[BaseGeometry | None, Disc, str]:
    """The land, and the place as a disc with its name."""

    from isofront.cli.front_dated import box_of, in_km
    from isofront.cli.front_ground import Ground, place_of
    from isofront.ground.grid import Bounds
    from isofront.ground.repair import merged

    lonlat = None
    if asked.land is not None:
        lonlat = merged([one.geometry for one in features_of(asked.land)], where=asked.land.name)
    land = None if lonlat is None or asked.land is None else in_km(lonlat, crs, where=asked.land.name)
    box = Bounds(*(float(edge) for edge in (box_of(raw) if lonlat is None else lonlat.bounds)))
    drawn = dated(raw, crs).drawn
    ground = Ground(crs, drawn, land, None, None, box)
    disc, name = place_of(ground, at=asked.at, name=asked.name, radius_m=asked.radius_m)
    return land, disc, name or "place"


def _ground(one: Dated, mapper: str, asked: _Asked, disc: Disc) -> Task:
    """The enemy's ground and grey of one map."""
    import shapely

    enemy = one.held.get(_enemy(one, mapper, asked, disc))
    if enemy is None or enemy.is_empty:
        raise BadInputError(
            f"{mapper} {one.date:%Y-%m-%d}: holds no ground of {asked.enemy!r}, wanted what the enemy holds"
        )
    return Task(shapely.to_wkb(enemy), None if one.grey.is_empty else shapely.to_wkb(one.grey))


def _enemy(one: Dated, mapper: str, asked: _Asked, disc: Disc) -> str:
    """Whose ground counts: the one asked for, the only side, or the one that does not hold the place."""
    import shapely

    if asked.enemy is not None and asked.enemy in one.held:
        return asked.enemy
    if asked.enemy is not None and len(one.held) > 1:
        raise UsageError(f"--enemy {asked.enemy}: {mapper} has no such side, it has {', '.join(one.held)}")
    if len(one.held) == 1:
        return next(iter(one.held))
    centre = shapely.Point(disc.east_km, disc.north_km)
    apart = {side: shapely.distance(shape, centre) for side, shape in one.held.items()}
    others = [side for side in one.held if side != min(apart, key=lambda side: apart[side])]
    if len(others) == 1:
        return others[0]
    raise UsageError(f"{mapper}: shows {', '.join(one.held)}, wanted --enemy to say whose ground counts")


def measured_maps(tasks: Sequence[Task], land: BaseGeometry | None, disc: Disc) -> list[Measured]:
    """What each map says; equal maps are measured once, many in two processes."""
    import shapely

    first: dict[Task, int] = {}
    for task in tasks:
        first.setdefault(task, len(first))
    ground = None if land is None else shapely.to_wkb(land)
    found: list[Measured] = []
    for done, one in enumerate(_each(list(first), ground, disc), start=1):
        found.append(one)
        _progress(done, len(first))
    return [found[first[task]] for task in tasks]


def _each(tasks: Sequence[Task], land: bytes | None, disc: Disc) -> Iterator[Measured]:
    if len(tasks) <= FEW_MAPS:
        yield from (measure_task(task, land, disc) for task in tasks)
        return
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        n = len(tasks)
        yield from pool.map(measure_task, tasks, [land] * n, [disc] * n, chunksize=max(1, n // (4 * WORKERS)))


def measure_task(task: Task, land: bytes | None, disc: Disc) -> Measured:
    """One map measured, from bytes."""
    import shapely

    from isofront.front.series import measure

    grey = None if task.grey is None else shapely.from_wkb(task.grey)
    return measure(shapely.from_wkb(task.enemy), grey, None if land is None else shapely.from_wkb(land), disc)


def _progress(done: int, total: int) -> None:
    """How far it is, on stderr, where a person looks on and it takes a while."""
    if total > FEW_MAPS and sys.stderr.isatty():
        sys.stderr.write(f"\r{done}/{total} maps" + ("\n" if done == total else ""))
        sys.stderr.flush()


# Isofront's own drafts


def _drafted(folder: Path, days: Sequence[datetime], asked: _Asked) -> list[_Followed]:
    """The series of a theatre's own drafts, each day as known the day after, with 90 % intervals."""
    from isofront.cli.front_drafts import drafted

    series, name, simulated = drafted(
        folder, days, name=asked.name, at=asked.at, radius_m=asked.radius_m, enemy=asked.enemy, samples=asked.samples
    )
    return [_Followed(series, name, simulated)]


# What is told


def _row(mapper: str, point: Point, stamp: str) -> dict[str, Any]:
    one = point.measured
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row |= {"mapper": mapper, "date": day_text(point.date), "stamp": stamp}
    if one is None or point.map_date is None:
        return row
    row |= {
        "map_date": day_text(point.map_date),
        "age_days": _rounded(point.age_days, 2),
        "rung": one.rung.value,
        "stated_rung": None if point.stated is None else point.stated.value,
        "stated_confirmed": point.confirmed,
        "neck_km": _rounded(one.neck_km, 3),
        "neck_low_km": _rounded(one.low_km, 3),
        "neck_high_km": _rounded(one.high_km, 3),
        "robust_neck_km": _rounded(one.robust_km, 3),
        "second_exit_km": _rounded(one.second_exit_km, 3),
        "pocket_km2": _rounded(one.pocket_km2, 2),
        "pocket_low_km2": _rounded(one.pocket_low_km2, 2),
        "pocket_high_km2": _rounded(one.pocket_high_km2, 2),
        "footprint_free": _rounded(one.footprint_free, 4),
    }
    for radius, blocked, arc in zip(RADII, one.enclosure, one.free_arc_deg, strict=False):
        row[f"enclosure_{radius}km"] = _rounded(blocked, 4)
        row[f"largest_free_arc_{radius}km_deg"] = _rounded(arc, 1)
    return row


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(float(value), digits)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the plot shows and says of itself."""

    place: str
    series: Sequence[Series]
    days: Sequence[datetime]
    stamp: str


def _write(out: Path, told: _Told, rows: Sequence[dict[str, Any]]) -> list[Path]:
    """The CSV and the plot in both formats."""
    from isofront.ground.files import write_atomically
    from isofront.publish.series_plot import series_png, series_svg

    title = f"{told.place}: the way out, {day_text(told.days[0])} to {day_text(told.days[-1])}"
    stem = "corridor-" + (re.sub(r"[^\w-]+", "-", told.place).strip("-") or "place")
    made = {
        f"{stem}.csv": _csv(rows),
        f"{stem}.png": series_png(told.series, title=title, stamp=told.stamp),
        f"{stem}.svg": series_svg(told.series, title=title, stamp=told.stamp),
    }
    for file, content in made.items():
        write_atomically(out / file, content)
    return [out / file for file in made]


def _csv(rows: Sequence[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def _table(stamp: str, name: str, told: Sequence[Series], days: Sequence[datetime]) -> list[str]:
    """One line a day, a block of columns for each mapper."""
    from isofront.cli.front_places import table

    head = ["date"]
    for series in told:
        head += [series.name, "neck km", "band", "pocket km²", "encl 10 km", "map of"]
    rows = [head]
    for k, day in enumerate(days):
        row = [day_text(day)]
        for series in told:
            row += _cells(series.points[k], series.ladder)
        rows.append(row)
    return [f"{stamp}  {name}", *table(rows)]


def _cells(point: Point, ladder: Ladder) -> list[str]:
    one = point.measured
    if one is None or point.map_date is None or point.stated is None:
        return ["not reviewed", "-", "-", "-", "-", "-"]
    neck = "n/a" if one.rung.value == "taken" and one.neck_km is None else _width(one.neck_km)
    band = "-" if one.low_km is None else f"{one.low_km:.1f}–{'open' if one.high_km is None else f'{one.high_km:.1f}'}"
    pocket = "-" if one.pocket_km2 is None else f"{one.pocket_km2:,.0f}"
    rings = f"{one.enclosure[1]:.0%}" if one.enclosure else "n/a"
    return [
        _rung_words(point.stated, one, ladder) + ("" if point.confirmed else UNCONFIRMED),
        neck,
        band,
        pocket,
        rings,
        "" if point.own else day_text(point.map_date),
    ]


def _rung_words(stated: Rung, one: Measured, ladder: Ladder) -> str:
    """The rung to state; never alone where the band reaches others or today's map says another."""
    reached = one.rungs(ladder)
    if len(reached) > 1:
        return f"{reached[0].value} to {reached[-1].value} (stated {stated.value})"
    return stated.value if stated is one.rung else f"{stated.value} (today {one.rung.value})"


def _width(km: float | None) -> str:
    return "open" if km is None else f"{km:.1f}"
