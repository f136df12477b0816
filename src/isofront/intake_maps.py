"""A user's own dated maps into the ledger as approved maps: what `isofront add --approved` does.

areas of all files     makers.joined            by the moment they show
features of a moment   theatre.anchor_map       held of both sides and grey, as the map to start from is read
layers                 front.anchor_areas       one coverage of the theatre's bounds
coverage               evidence.approval_entry  the approved map of that moment, known when it was drawn
the last of them       theatre.toml             the map to start from, if it is later than the one that was

Ground drawn as grey stays grey. Ground that nothing covers goes where it goes for a map to start from: to the other
side where one side's ground alone is drawn, else it is grey.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from isofront import __version__
from isofront.errors import BadInputError, UsageError
from isofront.evidence.decision import (
    Approval,
    ApprovedMap,
    Ground,
    Judge,
    approval_entry,
    known_when,
    named,
    polygons_of,
    read_approved,
    read_history,
)
from isofront.evidence.entry import Entry
from isofront.evidence.ledger import Ledger, ledger_path
from isofront.evidence.report import Reject
from isofront.evidence.store import only_writer
from isofront.front import Area, anchor_areas, frame_km
from isofront.ground.files import write_atomically
from isofront.ground.polygons import Feature
from isofront.makers import MapArea, MapFile, joined
from isofront.theatre import FILE_NAME, anchor_map, geojson_of, load, parse
from isofront.theatre.anchor import anchor_features
from isofront.theatre.model import Theatre

DAY = timedelta(days=1)
NO_DATE = "has no date, wanted the day it shows: in a property, or in the name of the file"
_TABLE = re.compile(r"(?ms)^\[anchor\][ \t]*(?:#[^\n]*?)?\r?\n(?P<body>.*?)(?=^\[|\Z)")


@dataclass(slots=True)
class Told:
    """What became of the maps: read = added + duplicates + rejects, by date; `start` is the new map to start from."""

    read: int = 0
    added: list[datetime] = field(default_factory=list)
    duplicates: int = 0
    rejects: list[Reject] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    start: datetime | None = None
    head: str = ""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One moment's map: its features as they came, and the coverage they make."""

    when: datetime
    features: tuple[Feature, ...]
    areas: tuple[Area, ...]


Progress = Callable[[int, int], None]


def add_approved(
    folder: Path,
    files: Sequence[MapFile],
    judge: Judge,
    *,
    waiting: Callable[[], None] | None = None,
    progress: Progress | None = None,
) -> Told:
    """Record every dated map of the files as approved; `map` then starts from the last one. All or nothing is recorded.

    Raises:
        BadInputError: no map of them can be used.
        UsageError: the theatre file must be changed by hand first.
    """
    theatre, told = load(folder), Told()
    drawn = list(_drawn(files, theatre, told, judge.now, progress))
    if not drawn:
        said = (one.reason if one.file in one.reason else f"{one.file}: {one.reason}" for one in told.rejects)
        raise BadInputError("; ".join(dict.fromkeys(said)) or "no map in the files")
    last = drawn[-1] if drawn[-1].when > theatre.anchor.date else None
    was = (folder / FILE_NAME).read_bytes().decode("utf-8-sig")
    text = None if last is None else restarted(was, theatre, last.when)
    with only_writer(folder, waiting=waiting), Ledger.open(ledger_path(folder), create=True, waiting=waiting) as ledger:
        told.head = ledger.append(_entries(ledger, drawn, theatre, judge, told), now=judge.now)
    if last is not None and text is not None:
        write_atomically(folder / start_file(last.when), geojson_of(last.features))
        write_atomically(folder / FILE_NAME, text.encode())
        told.start = last.when
    return told


def _drawn(
    files: Sequence[MapFile], theatre: Theatre, told: Told, now: datetime, progress: Progress | None
) -> Iterable[_Drawn]:
    """The maps in the order of their moments; one that cannot be used is told with its reason."""
    maps: dict[datetime, list[tuple[MapFile, MapArea]]] = {}
    for file, area in joined(files):
        if area.date is None:
            told.rejects.append(Reject(file.file, area.number, "date", NO_DATE))
        else:
            maps.setdefault(area.date, []).append((file, area))
    for number, when in enumerate(sorted(maps), start=1):
        told.read += 1
        if progress is not None:
            progress(number, len(maps))
        name = maps[when][0][0].file
        try:
            yield _coverage(when, [area for _, area in maps[when]], theatre, told, name=name, now=now)
        except BadInputError as fault:
            told.rejects.append(Reject(name, 0, None, f"map of {_day(when)}: {fault}"))


def _coverage(
    when: datetime, areas: Sequence[MapArea], theatre: Theatre, told: Told, *, name: str, now: datetime
) -> _Drawn:
    if when > now + DAY:
        raise BadInputError(f"{name}: lies in the future (now is {_day(now)})")
    of_then = replace(theatre, anchor=replace(theatre.anchor, date=when))
    features, _ = anchor_features(tuple(_feature(area) for area in areas), when, name=name)
    start = anchor_map(tuple(_feature(area) for area in areas), of_then, name=name)
    told.notes += [f"{_day(when)}: {repair}" for repair in start.repairs]
    frame = frame_km(theatre.box, crs=theatre.crs)
    holder = theatre.anchor.holder
    return _Drawn(
        when, features, anchor_areas(start.held, start.grey, sides=theatre.side_ids, frame=frame, holder=holder)
    )


def _feature(area: MapArea) -> Feature:
    """What it says of itself in the words of a map to start from: grey has no side."""
    return Feature(area.number, area.geometry, {"class": area.cls.value, "side": area.side or ""}, area.repair)


def _entries(ledger: Ledger, drawn: Sequence[_Drawn], theatre: Theatre, judge: Judge, told: Told) -> Iterable[Entry]:
    """An approval for each map, but for those that the ledger holds already as the latest of their day."""
    latest = {one.as_of: n for n, one in read_history(ledger).approvals}
    entries = []
    for one in drawn:
        made = ApprovedMap(theatre.crs, tuple(_ground(area) for area in one.areas), (), ())
        if one.when in latest and read_approved(ledger, latest[one.when]).areas == made.areas:
            told.duplicates += 1
            continue
        told.added.append(one.when)
        entries.append(approval_entry(_approval(one.when, made, theatre, judge), made))
    return entries


def _approval(when: datetime, made: ApprovedMap, theatre: Theatre, judge: Judge) -> Approval:
    """Known at the end of the day it shows, as any verdict on a past day is; never later than now."""
    known_by = when + DAY
    known_at, inferred = known_when(known_by, judge.now)
    return Approval(
        id=named("a", when, known_by, known_at, judge.by, judge.reason, made),
        as_of=when, known_by=known_by, known_at=known_at, by=judge.by, reason=judge.reason, engine=__version__,
        reports_used=0, simulated=theatre.simulated, known_inferred=inferred,
    )  # fmt: skip


def _ground(area: Area) -> Ground:
    return Ground(polygons_of(area.geometry), area.side, area.grey_reason)


def start_file(when: datetime) -> str:
    """The file of a new map to start from, beside the first one, which stays."""
    return f"anchor-{when.astimezone(UTC):%Y-%m-%dT%H%MZ}.geojson".replace("T0000Z", "")


def restarted(text: str, theatre: Theatre, when: datetime) -> str:
    """A theatre file's text with another map to start from, every other character as it was.

    Raises:
        UsageError: the text is written in a way that only its author should change.
    """
    wanted = replace(theatre, anchor=replace(theatre.anchor, file=start_file(when), date=when))
    table = _TABLE.search(text)
    body = "" if table is None else table["body"]
    name = start_file(when)
    for key, value in (("file", f'"{name}"'), ("date", f"{when:%Y-%m-%dT%H:%M:%SZ}")):
        line = re.compile(rf"(?m)^(\s*{key}\s*=\s*)[^#\n]*?(\s*(?:#[^\n]*)?)$")
        body = line.sub(rf"\g<1>{value}\g<2>", body)
    changed = text if table is None else text[: table.start("body")] + body + text[table.end("body") :]
    if table is None or parse(changed) != wanted:
        raise UsageError(
            f"{FILE_NAME}: [anchor] is not written as `isofront init` writes it, so set it by hand first: "
            f'file = "{name}", date = {when:%Y-%m-%d}'
        )
    return changed


def _day(when: datetime) -> str:
    return f"{when:%Y-%m-%d}"
