"""Other mappers' maps that an edition may show beside its own: chosen by date, cut down to areas, simplified.

theatre's mappers, their files    chosen      of each the newest map that may show: no fresher than ours, past the delay
areas of the file                 OtherMap    held by side and grey, km, inside the bounds; no other class is taken
our areas, theirs, settlements    told        the same with what each says of settlements and what only one shows

Where another map is silent it stays so: ground that its maker left blank is nobody's, for nobody said whose. What may
not go public of a file at all is told by `engine.mappers_apart`.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.control.field import GreyReason
from isofront.counts import counted
from isofront.engine.ground import Ground
from isofront.engine.mappers_apart import refuse_own, without_signs, without_specks
from isofront.errors import BadInputError, IsofrontError, TheatreError
from isofront.front import Area, Class, anchor_areas
from isofront.front.anchor import reason_name
from isofront.front.apart import difference
from isofront.front.frame import STEP_DEG
from isofront.front.levels import held_by
from isofront.ground.distance_field import inner_border_km
from isofront.ground.polygons import clip_to_box, project_km
from isofront.ground.repair import polygonal
from isofront.makers import Crosswalk, MapArea, MapClass, MapFile, Wish, joined, load, read_map
from isofront.makers.dates import moment_in_name
from isofront.publish import SettlementStatus
from isofront.publish.mappers import SAYS_NOTHING, PublicMapper
from isofront.publish.policy import delay
from isofront.theatre.model import Mapper, Policy

TOLERANCE_KM = 0.03
"""Corners of less than the square of this are left out: nobody is made to say what his line does not."""
ROOM_DEG = 0.2
"""So far past the bounds polygons are put on the flat map: cuts out there touch nothing that is shown."""
NAME_ROOM = timedelta(days=2)
"""A file's name may be of the day it came out, hours after the moment that it shows."""
UNSAID = reason_name(GreyReason.NEITHER_PRESENT)
"""What a coverage calls ground that no polygon speaks for, where both sides' ground is drawn."""
DAY = timedelta(days=1)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OtherMap:
    """Another mapper's map of one moment: the terms it is shown on, held ground by side and grey, km, in the bounds."""

    mapper: Mapper
    as_of: datetime
    held: Mapping[str, BaseGeometry]
    grey: BaseGeometry
    file: str

    @property
    def sha256(self) -> str:
        """What is taken of it, by its bytes."""
        told = [self.file, self.as_of.isoformat(), *self.held, *(shapely.to_wkb(one).hex() for one in self.grounds)]
        return hashlib.sha256("\0".join(told).encode()).hexdigest()

    @property
    def grounds(self) -> tuple[BaseGeometry, ...]:
        """Held by each side in the order of `held`, then grey."""
        return *self.held.values(), self.grey


@dataclass(frozen=True, slots=True)
class OtherMaps:
    """Those that an edition may show, and in words what was left out of them or why one is missing."""

    found: tuple[OtherMap, ...] = ()
    notes: tuple[str, ...] = ()


def other_maps(ground: Ground, as_of: datetime, *, now: datetime, may_lack: bool = False) -> OtherMaps:
    """Of each mapper that the theatre names the newest map that an edition of `as_of` may show at `now`.

    With `may_lack` a mapper whose files have a fault is left out, and it is said why: what puts an edition right must
    not wait for somebody else's file.

    Raises:
        BadInputError: a mapper's files cannot be read, or are not another mapper's.
        TheatreError: one draws a side that this theatre does not know.
    """
    found, notes = [], []
    for mapper in ground.theatre.mappers:
        try:
            taken, said = _of_mapper(ground, mapper, as_of, now=now)
        except IsofrontError as fault:
            if not may_lack:
                raise
            _log.warning("%s; its map is left out", fault)
            taken, said = None, (f"{str(fault).removeprefix(f'mapper {mapper.id!r}: ')}; its map is left out",)
        found += [] if taken is None else [taken]
        notes += [f"{mapper.id}: {words}" for words in said]
    return OtherMaps(tuple(found), tuple(notes))


def newest_allowed(mapper: Mapper, policy: Policy, as_of: datetime, *, now: datetime) -> datetime:
    """How fresh a map of theirs may be: no fresher than ours, and past the longest delay that anybody set."""
    ours = max(delay(policy, side, "areas") for side in (None, *policy.delay_h_by_side))
    return min(as_of, now - max(ours, timedelta(hours=mapper.delay_h)))


def _of_mapper(
    ground: Ground, mapper: Mapper, as_of: datetime, *, now: datetime
) -> tuple[OtherMap | None, tuple[str, ...]]:
    newest = newest_allowed(mapper, ground.theatre.policy, as_of, now=now)
    day, areas, notes = _chosen(ground.folder, mapper, newest, simulated=ground.theatre.simulated)
    if day is None:
        return None, (*notes, f"no map up to {newest:%Y-%m-%d %H:%M}, none is shown")
    if as_of - day > timedelta(days=mapper.oldest_days):
        return None, (*notes, f"its newest map is of {day:%Y-%m-%d}, over {mapper.oldest_days:g} days older: not shown")
    plain = [replace(area, geometry=without_signs(area.geometry)) for _, area in areas]
    n_round = sum(new.geometry is not area.geometry for new, (_, area) in zip(plain, areas, strict=True))
    notes += (f"{n_round} of the areas are or hold round marks, as for a position: not republished",) if n_round else ()
    held, grey = _grounds(ground, mapper, plain)
    if not held and grey.is_empty:
        return None, (*notes, f"its map of {day:%Y-%m-%d} shows nothing inside the bounds: not shown")
    return OtherMap(mapper, day, held, grey, areas[0][0].file), notes


# Which map


_Areas = list[tuple[MapFile, MapArea]]


def _chosen(
    folder: Path, mapper: Mapper, newest: datetime, *, simulated: bool
) -> tuple[datetime | None, _Areas, tuple[str, ...]]:
    """The newest moment up to `newest` with held or grey ground, its areas, and what was left out on the way."""
    walk = None if mapper.crosswalk is None else load(folder / mapper.crosswalk)
    best: datetime | None = None
    read: list[MapFile] = []
    unread: list[str] = []
    for named, path in _files(folder / mapper.path, mapper, newest):
        if best is not None and named is not None and named + NAME_ROOM < best:
            break
        try:
            file = _file(path, mapper, walk, simulated=simulated)
        except UnreadError as fault:
            if named is None:
                raise
            unread.append(f"{fault.why}; left out")
            continue
        read.append(file)
        days = [day for day in _days(file, mapper) if day <= newest]
        best = max([*days, *([] if best is None else [best])], default=None)
    taken = (
        []
        if best is None
        else [(file, area) for file, area in joined(read) if _is_ground(area) and _day(area, mapper) == best]
    )
    return best, taken, (*unread, *_left_out(read, taken, best, mapper))


def _files(path: Path, mapper: Mapper, newest: datetime) -> Iterator[tuple[datetime | None, Path]]:
    """The file, or a folder's files: those whose names tell no date, then the others from the newest allowed on."""
    if path.is_file():
        yield None, path
        return
    if not path.is_dir():
        raise BadInputError(f"mapper {mapper.id!r}: {path} is not there, wanted a map or a folder of dated maps")
    inside = [(moment_in_name(one.name), one) for one in sorted(path.iterdir()) if _is_map(one)]
    yield from ((None, one) for day, one in inside if day is None)
    dated = [(day, one) for day, one in inside if day is not None and day <= newest + NAME_ROOM]
    yield from sorted(dated, key=lambda told: told[0], reverse=True)


def _is_map(path: Path) -> bool:
    return path.is_file() and path.name[0] not in "._" and path.suffix.lower() not in (".toml", ".txt", ".md")


class UnreadError(BadInputError):
    """A file of a mapper's that is no map; of a folder of dated maps the others go on."""

    def __init__(self, mapper: Mapper, why: str) -> None:
        super().__init__(f"mapper {mapper.id!r}: {why}")
        self.why = why


def _file(path: Path, mapper: Mapper, walk: Crosswalk | None, *, simulated: bool) -> MapFile:
    refuse_own(path, mapper=mapper.id, simulated=simulated)
    try:
        return read_map(path, mapper.maker, crosswalk=walk, wish=Wish(sides=mapper.sides, holder=mapper.holder))
    except BadInputError as fault:
        raise UnreadError(mapper, str(fault)) from fault


def _is_ground(area: MapArea) -> bool:
    """Areas that say who holds the ground; no presence, no claims, no points."""
    return area.cls in (MapClass.HELD, MapClass.GREY) and area.geometry.geom_type in ("Polygon", "MultiPolygon")


def _day(area: MapArea, mapper: Mapper) -> datetime | None:
    """The moment that an area shows, with what a bare day means to its maker."""
    if area.date is None or mapper.day_shows == "start" or area.date.time() != time():
        return area.date
    return area.date + DAY


def _days(file: MapFile, mapper: Mapper) -> set[datetime]:
    return {day for area in file.areas if _is_ground(area) and (day := _day(area, mapper)) is not None}


def _left_out(read: Sequence[MapFile], taken: _Areas, best: datetime | None, mapper: Mapper) -> Iterator[str]:
    """What of the files that the map came from did not become ground, and why."""
    used = {file.file for file, _ in taken} or {file.file for file in read}
    for file in read:
        undated = sum(area.date is None for area in file.areas)
        if undated:
            yield f"{file.file}: {counted(undated, 'area')} without a date, left out"
        if file.file not in used:
            continue
        of_day = [area for area in file.areas if best is None or _day(area, mapper) == best]
        other = Counter(area.cls.value for area in of_day if not _is_ground(area))
        yield from (f"{file.file}: {n} of class {name}, not republished" for name, n in sorted(other.items()))
        if file.rejects:
            yield f"{file.file}: {len(file.rejects)} rejected, the first: {file.rejects[0].reason}"
        yield from (f"{file.file}: {n} x {what} has no class, left out" for what, n in file.unmapped.items())
        yield from (f"{file.file}: {n} left out: {what}" for what, n in file.left_out.items())


# Their ground on our flat map


def _grounds(ground: Ground, mapper: Mapper, areas: Iterable[MapArea]) -> tuple[dict[str, BaseGeometry], BaseGeometry]:
    """Held by side, the first side before the second, and grey where nobody holds; simplified as one coverage.

    What nobody drew is part of the coverage while it is simplified, so that borders stay common; then it goes. Specks
    go too: what is smaller than a part of our own map, or than a public cell.
    """
    parts: dict[str | None, list[BaseGeometry]] = {}
    for area in areas:
        parts.setdefault(_side_of(area, mapper, ground), []).append(area.geometry)
    flat = {side: shape for side, some in parts.items() if not (shape := _flat(ground, some)).is_empty}
    drawn = {side: shape for side, shape in flat.items() if side is not None}
    whole = anchor_areas(drawn, flat.get(None), sides=ground.theatre.side_ids, frame=ground.frame, holder=None)
    simple = shapely.coverage_simplify([one.geometry for one in whole], TOLERANCE_KM, simplify_boundary=False)
    least = max(ground.theatre.map.minimum_part_km2, ground.theatre.policy.coarsen_km**2)
    found = [(one, without_specks(polygonal(shape), least)) for one, shape in zip(whole, simple, strict=True)]
    held = {one.side: shape for one, shape in found if one.side in drawn and not shape.is_empty}
    grey = [shape for one, shape in found if one.cls is Class.GREY and one.grey_reason != UNSAID]
    return {side: held[side] for side in ground.theatre.side_ids if side in held}, polygonal(shapely.union_all(grey))


def _side_of(area: MapArea, mapper: Mapper, ground: Ground) -> str | None:
    if area.cls is MapClass.GREY:
        return None
    sides = ground.theatre.side_ids
    found = next((side for side in sides if area.side is not None and side.casefold() == area.side.casefold()), None)
    if found is None:
        named = "no side" if area.side is None else f"side {area.side!r}"
        cure = f'holder = "{sides[0]}"' if area.side is None else f'sides = {{ {area.side} = "{sides[0]}" }}'
        raise TheatreError(f"mapper {mapper.id!r}: its map names {named}, wanted {' or '.join(sides)}: set {cure}")
    return found


def _flat(ground: Ground, shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """Polygons in degrees as one ground in km, inside the bounds."""
    west, south, east, north = ground.theatre.bounds
    wide = (west - ROOM_DEG, south - ROOM_DEG, east + ROOM_DEG, north + ROOM_DEG)
    near = [shape for one in shapes if not (shape := clip_to_box(one, wide)).is_empty]
    if not near:
        return shapely.MultiPolygon()
    bent = [shapely.segmentize(one, STEP_DEG) for one in near]  # as the bounds' own sides are: no slivers along them
    km = [shapely.make_valid(project_km(one, crs=ground.theatre.crs)) for one in bent]
    return polygonal(shapely.intersection(shapely.union_all(km), ground.frame))


# Beside ours


def told(
    others: Iterable[OtherMap], ground: Ground, *, ours: tuple[Area, ...], towns: Sequence[SettlementStatus]
) -> tuple[PublicMapper, ...]:
    """What the edition says of each: with settlements, and with the ground that only one of the two maps shows."""
    return tuple(_told(one, ground, ours, towns) for one in others)


def _told(one: OtherMap, ground: Ground, ours: tuple[Area, ...], towns: Sequence[SettlementStatus]) -> PublicMapper:
    apart = {side: difference(held_by(side, ours), shape) for side, shape in one.held.items()}
    return PublicMapper(
        id=one.mapper.id,
        names=one.mapper.names,
        licence=one.mapper.licence,
        credit=one.mapper.credit,
        url=one.mapper.url,
        as_of=one.as_of,
        held=one.held,
        grey=one.grey,
        edges={side: inner_border_km(shape, ground.frame) for side, shape in one.held.items()},
        says=_says(one, ground, towns),
        only_km2={side: (found.only_a_km2, found.only_b_km2) for side, found in apart.items()},
    )


def _says(one: OtherMap, ground: Ground, towns: Sequence[SettlementStatus]) -> str:
    """A letter for each settlement: by which ground its spot lies in."""
    spots = np.array([ground.grid.to_km(*town.settlement.at) for town in towns], float).reshape(-1, 2)
    letters = np.full(len(spots), SAYS_NOTHING)
    sides = ground.theatre.side_ids
    named = {str(sides.index(side)): shape for side, shape in one.held.items()} | {"g": one.grey}
    for letter, shape in named.items():
        letters[np.asarray(shapely.intersects_xy(shape, spots[:, 0], spots[:, 1]))] = letter
    return "".join(letters.tolist())


__all__ = ["OtherMap", "OtherMaps", "newest_allowed", "other_maps", "told"]
