"""Mappers' maps of a series: which are needed, and what each says of the place; equal maps are measured once."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from isofront.cli.elsewhere import other_processes
from isofront.cli.front.dated import (
    PLAIN_SIDE,
    Entry,
    Raw,
    Source,
    box_of,
    day_text,
    features_of,
    named_source,
    source_of,
)
from isofront.cli.front.flat import dated, flat_of, in_km
from isofront.counts import counted
from isofront.errors import BadInputError, UsageError

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from isofront.front import Disc
    from isofront.front.dated import Dated
    from isofront.front.series import Measured, Series

FEW_MAPS = 30
"""So few maps are measured in this process: a second one takes longer to start."""
IN_A_LOG = 100
"""After so many maps a line in a log says how far it is."""

WORKERS = 2
_log = logging.getLogger("isofront.cli")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of a series, as the options say it."""

    at: tuple[float, float] | None
    name: str | None
    radius_m: float | None
    land: Path | None
    crs: str | None
    enemy: str | None
    max_age_days: float
    samples: int


@dataclass(frozen=True, slots=True)
class Followed:
    """One mapper's series, the place by name, and whether its maps are invented."""

    series: Series
    place: str
    simulated: bool


@dataclass(frozen=True, slots=True)
class Task:
    """One map to measure, as bytes that travel to another process."""

    enemy: bytes
    grey: bytes | None


def followed_maps(held: Sequence[str], days: Sequence[datetime], asked: Asked) -> list[Followed]:
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
        found.append(Followed(series, word, _any_simulated(raws[source.name])))
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


def _task(raw: Raw, mapper: str, asked: Asked, crs: str, disc: Disc) -> Task:
    return _ground(dated(raw, crs, side=asked.enemy or PLAIN_SIDE), mapper, asked, disc)


def _lead(source: Source, chosen: Sequence[Entry], asked: Asked, crs: str, disc: Disc) -> dict[datetime, Task]:
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


def _place(raw: Raw, asked: Asked, crs: str) -> tuple[BaseGeometry | None, Disc, str]:
    """The land, and the place as a disc with its name."""

    from isofront.cli.front.ground import Ground, place_of
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


def _ground(one: Dated, mapper: str, asked: Asked, disc: Disc) -> Task:
    """The enemy's ground and grey of one map."""
    import shapely

    enemy = one.held.get(_enemy(one, mapper, asked, disc))
    if enemy is None or enemy.is_empty:
        raise BadInputError(
            f"{mapper} {one.date:%Y-%m-%d}: holds no ground of {asked.enemy!r}, wanted what the enemy holds"
        )
    return Task(shapely.to_wkb(enemy), None if one.grey.is_empty else shapely.to_wkb(one.grey))


def _enemy(one: Dated, mapper: str, asked: Asked, disc: Disc) -> str:
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
    others = None if len(tasks) <= FEW_MAPS else other_processes(WORKERS)
    if others is None:
        yield from (measure_task(task, land, disc) for task in tasks)
        return
    with others as pool:
        n = len(tasks)
        yield from pool.map(measure_task, tasks, [land] * n, [disc] * n, chunksize=max(1, n // (4 * WORKERS)))


def measure_task(task: Task, land: bytes | None, disc: Disc) -> Measured:
    """One map measured, from bytes."""
    import shapely

    from isofront.front.series import measure

    grey = None if task.grey is None else shapely.from_wkb(task.grey)
    return measure(shapely.from_wkb(task.enemy), grey, None if land is None else shapely.from_wkb(land), disc)


def _progress(done: int, total: int) -> None:
    """How far it is, on stderr, where it takes a while: one line that changes, in a log a line now and then."""
    if total > FEW_MAPS and not sys.stderr.isatty() and (done % IN_A_LOG == 0 or done == total):
        print(f"isofront: {done} of {counted(total, 'map')}", file=sys.stderr, flush=True)
    if total > FEW_MAPS and sys.stderr.isatty():
        sys.stderr.write(f"\r{done} of {counted(total, 'map')}" + ("\n" if done == total else ""))
        sys.stderr.flush()
