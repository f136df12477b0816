"""Dated maps from files: any mapper's polygons with a date in the file or in its name, and Isofront's own folders."""

from __future__ import annotations

import json
import logging
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from isofront.errors import BadInputError, UsageError

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from isofront.front.dated import Dated
    from isofront.ground.polygons import Feature

DATE_KEYS = ("date", "map_date", "as_of")
SUFFIXES = (".geojson", ".json", ".gpkg", ".parquet", ".geoparquet", ".shp", ".fgb")
PLAIN_SIDE = "held"
"""The side whose ground plain polygons are, where neither they nor the user name one."""

EDGE_STEP_DEG = 0.05
"""Edges in degrees are cut to this before they are put on the flat map, where they bend."""

CUT_DEG, CUT_SHARE, CUT_LEAST_DEG, RUN_LEAST_DEG, BOX_SHARE, CUT_SIDES = 0.2, 0.5, 0.1, 0.002, 0.98, 2
"""When a straight side of a file's box counts as the place where the file was cut off (see `cut_sides`)."""

ALONE_SHARE, ROOM_DEG = 0.25, 0.5
"""How much of a side of its box a file's polygons run along where it was cut; how far a cut file speaks beyond its
polygons on sides where they end by themselves: there the box lies somewhere beyond the front."""

SIDES = ("west", "south", "east", "north")

_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")
_log = logging.getLogger("isofront.cli")


@dataclass(frozen=True, slots=True)
class Raw:
    """One map as its file has it, in degrees."""

    label: str
    date: datetime | None
    features: tuple[Feature, ...]
    unobserved: tuple[Feature, ...] = ()
    own: bool = False
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One map of a source: its date, and how to read it."""

    label: str
    date: datetime | None
    read: Callable[[], Raw]


@dataclass(frozen=True, slots=True)
class Source:
    """All maps of one mapper, in order of time; those without a date first."""

    name: str
    entries: tuple[Entry, ...]

    @property
    def dates(self) -> tuple[datetime, ...]:
        """The days it has maps of."""
        return tuple(one.date for one in self.entries if one.date is not None)

    def at(self, moment: datetime | None) -> Entry:
        """The map of a moment, else the nearest earlier one; the only map if no moment is asked for.

        Raises:
            UsageError: several maps and no moment, or none so early.
        """
        if moment is None:
            if len(self.entries) > 1:
                raise UsageError(
                    f"{self.name}: holds maps of {len(self.entries)} dates ({_span(self.dates)}), "
                    f"wanted one: {self.name}@{self.dates[-1]:%Y-%m-%d}"
                )
            return self.entries[0]
        earlier = [one for one in self.entries if one.date is None or one.date <= moment]
        if not earlier:
            raise UsageError(f"{self.name}: no map of {moment:%Y-%m-%d} or before; it has {_span(self.dates)}")
        found = earlier[-1]
        if found.date is not None and found.date < moment:
            _log.warning(
                "%s: no map of %s, the nearest earlier one is used: %s",
                self.name,
                day_text(moment),
                day_text(found.date),
            )
        return found


def day_text(moment: datetime) -> str:
    """The day; with the time where it is not midnight."""
    return f"{moment:%Y-%m-%d}" if (moment.hour, moment.minute) == (0, 0) else f"{moment:%Y-%m-%dT%H:%MZ}"


def source_at(word: str, *, name: str | None = None) -> tuple[Source, datetime | None]:
    """A source from `PATH` or `PATH@DATE`.

    Raises:
        UsageError: what follows the @ is no date.
    """
    path, at, day = word.rpartition("@")
    if not at or Path(word).exists():
        return source_of([Path(word)], name=name), None
    return source_of([Path(path)], name=name), moment_of(day, where=word)


def named_source(word: str) -> tuple[str | None, Path]:
    """`NAME=PATH`, or a path alone."""
    name, equals, path = word.partition("=")
    if not equals or Path(word).exists():
        return None, Path(word)
    if not name.strip() or not path:
        raise UsageError(f"--held {word}: wanted NAME=FILE")
    return name.strip(), Path(path)


def moment_of(word: str, *, where: str) -> datetime:
    """A date or time in UTC.

    Raises:
        UsageError: it is neither.
    """
    from isofront.theatre import start_of

    try:
        return start_of(word)
    except ValueError as fault:
        raise UsageError(f"{where}: read {word!r}, wanted a date like 2030-01-31") from fault


def source_of(paths: Sequence[Path], *, name: str | None = None) -> Source:
    """All maps in files and folders as one source.

    Raises:
        BadInputError: nothing there can be used, or two files are of one date.
    """
    entries = [entry for path in paths for entry in _entries(path)]
    known = sorted((one for one in entries if one.date is not None), key=_when)
    for one, other in pairwise(known):
        if one.date == other.date:
            raise BadInputError(f"{other.label}: a second map of {day_text(_when(one))} beside {one.label}")
    undated = [one for one in entries if one.date is None]
    if len(entries) > 1 and undated:
        raise BadInputError(
            f"{undated[0].label}: no date in its name or its features ({', '.join(DATE_KEYS)}), wanted one"
        )
    return Source(name or paths[0].name, (*undated, *known))


def _when(entry: Entry) -> datetime:
    return entry.date or datetime.min.replace(tzinfo=UTC)


def _entries(path: Path) -> list[Entry]:
    if not path.exists():
        raise BadInputError(
            f"{path}: is not there, wanted a polygon file, a folder of them, or a folder written by map"
        )
    if not path.is_dir():
        return _entries_of_file(path)
    own = [folder for folder in (path, *sorted(path.iterdir())) if (folder / "areas.geojson").is_file()]
    if own:
        return [_entry_of_folder(folder) for folder in own]
    files = [one for one in sorted(path.iterdir()) if one.suffix.lower() in SUFFIXES]
    if not files:
        raise BadInputError(f"{path}: holds no polygon files, wanted {', '.join(SUFFIXES)} with dates in their names")
    dated = [one for one in files if date_in(one.name) is not None]
    for one in files:
        if one not in dated:
            _log.warning("%s: left out, no date like 2030-01-31 in its name", one.name)
    if not dated:
        raise BadInputError(f"{path}: none of its {len(files)} files has a date like 2030-01-31 in its name")
    return [Entry(one.name, date_in(one.name), _reader(one)) for one in dated]


def _reader(path: Path) -> Callable[[], Raw]:
    def read() -> Raw:
        return Raw(path.name, date_in(path.name), features_of(path))

    return read


def _entries_of_file(path: Path) -> list[Entry]:
    """One entry per date that its features bear; the date in its name, or none, for those that bear none."""
    by_date: dict[datetime | None, list[Feature]] = {}
    for feature in features_of(path):
        by_date.setdefault(_date_of(feature, path.name) or date_in(path.name), []).append(feature)
    several = len(by_date) > 1
    return [
        _held_entry(f"{path.name}@{day_text(moment)}" if several and moment else path.name, moment, tuple(some))
        for moment, some in by_date.items()
    ]


def _held_entry(label: str, moment: datetime | None, features: tuple[Feature, ...]) -> Entry:
    return Entry(label, moment, lambda: Raw(label, moment, features, simulated=_simulated(features)))


def _entry_of_folder(folder: Path) -> Entry:
    """A folder that `map` wrote: its moment stands in the folder's own summary."""
    document = _json(folder / "summary.json") if (folder / "summary.json").is_file() else {}
    stated = document.get("as_of")
    moment = moment_of(str(stated), where=f"{folder.name}/summary.json") if stated else date_in(folder.name)
    return Entry(folder.name, moment, lambda: _own_map(folder, moment))


def _own_map(folder: Path, moment: datetime | None) -> Raw:
    areas, unseen = features_of(folder / "areas.geojson"), folder / "unobserved.geojson"
    blank = not unseen.is_file() or not _json(unseen).get("features")
    return Raw(folder.name, moment, areas, () if blank else features_of(unseen), own=True, simulated=_simulated(areas))


def _json(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise BadInputError(f"{path}: cannot be read as JSON ({fault})") from fault
    return document if isinstance(document, dict) else {}


def _simulated(features: Iterable[Feature]) -> bool:
    return any(feature.properties.get("simulated") is True for feature in features)


def features_of(path: Path) -> tuple[Feature, ...]:
    """The polygons of a file; what was mended is said."""
    if not path.is_file():
        raise BadInputError(f"{path}: is not there, wanted a polygon file")
    state = path.stat()
    return _features_of(path.resolve(), state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=4)
def _features_of(path: Path, _changed_ns: int, _size: int) -> tuple[Feature, ...]:
    """The same, read once for as long as the file is the same: both maps of a change may be in one file."""
    from isofront.ground.polygons import read_polygons

    features = read_polygons(path)
    for feature in features:
        if feature.repair:
            _log.warning("%s feature %d: repaired (%s)", path.name, feature.number, feature.repair)
    return features


def date_in(name: str) -> datetime | None:
    """The last date in a file's name, at midnight UTC."""
    found = _DATE.findall(name)
    if not found:
        return None
    year, month, day = (int(part) for part in found[-1])
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def _date_of(feature: Feature, name: str) -> datetime | None:
    from isofront.theatre import start_of

    for key in DATE_KEYS:
        value = feature.properties.get(key)
        if value in (None, ""):
            continue
        text = value.isoformat() if isinstance(value, date) else str(value)
        try:
            return start_of(text)
        except ValueError as fault:
            where = f"{name} feature {feature.number}"
            raise BadInputError(f"{where}: {key} {text!r}, wanted a date like 2030-01-31") from fault
    return None


def _span(dates: Sequence[datetime]) -> str:
    if not dates:
        return "no dates"
    return day_text(dates[0]) if len(dates) == 1 else f"{day_text(dates[0])} to {day_text(dates[-1])}"


# On the flat map


def flat_of(crs: str | None, raws: Sequence[Raw]) -> str:
    """The flat map for some maps: the one asked for, else the UTM zone of them all."""
    import shapely

    from isofront.cli.front_ground import flat_map
    from isofront.ground.grid import Bounds

    box = shapely.total_bounds([feature.geometry for raw in raws for feature in raw.features])
    return flat_map(crs, Bounds(*(float(edge) for edge in box)))


def dated(raw: Raw, crs: str, *, side: str = PLAIN_SIDE, known: BaseGeometry | None = None) -> Dated:
    """A map as held ground per side and grey, km.

    Features carry `class` (held, grey) and `side`, or neither: then they are all held by `side`.

    Raises:
        BadInputError: a class that is none, or a flat map that does not reach there.
    """
    from shapely.geometry import MultiPolygon

    from isofront.front.dated import Dated
    from isofront.ground.repair import merged

    parts: dict[str | None, list[BaseGeometry]] = {}
    for feature in raw.features:
        parts.setdefault(_owner(feature, raw.label, side), []).append(feature.geometry)
    flat = {owner: in_km(merged(some, where=raw.label), crs, where=raw.label) for owner, some in parts.items()}
    unseen = [feature.geometry for feature in raw.unobserved]
    unobserved = in_km(merged(unseen, where=raw.label), crs, where=raw.label) if unseen else MultiPolygon()
    grey = flat.pop(None, MultiPolygon())
    held = {str(owner): shape for owner, shape in flat.items()}
    if raw.own and known is None:
        known = _covered([*held.values(), grey])
    return Dated(raw.date, held, grey, unobserved, known)


def side_of(raws: Sequence[Raw], asked: str) -> str:
    """Who holds polygons that do not say it: whoever was asked for, else the only side that the maps name, if one is.

    Maps of one mapper may name the side on some days and not on others.
    """
    named = {str(one.properties["side"]) for raw in raws for one in raw.features if one.properties.get("side")}
    return named.pop() if asked == PLAIN_SIDE and len(named) == 1 else asked


def _covered(areas: list[BaseGeometry]) -> BaseGeometry:
    import numpy as np
    import shapely

    from isofront.ground.repair import polygonal

    return polygonal(shapely.union_all(np.array(areas, dtype=object)))


def _owner(feature: Feature, label: str, side: str) -> str | None:
    """Who holds a feature's ground; None for grey."""
    cls, own = (feature.properties.get(key) for key in ("class", "side"))
    if cls not in (None, "", "held", "grey"):
        raise BadInputError(f"{label} feature {feature.number}: class {cls!r}, wanted 'held' or 'grey'")
    return None if cls == "grey" else str(own or side)


def in_km(shape: BaseGeometry, crs: str, *, where: str) -> BaseGeometry:
    """Areas in degrees on the flat map; straight edges in degrees are let bend as they do there."""
    import shapely

    from isofront.cli.front_ground import reaches
    from isofront.ground.polygons import project_km
    from isofront.ground.repair import made_valid

    if not reaches(shape, crs):
        raise BadInputError(f"{where}: lies far outside of {crs}, wanted the flat map of that area")
    flat, _ = made_valid(project_km(shapely.segmentize(shape, EDGE_STEP_DEG), crs=crs), where=where)
    return flat


# How far a file speaks


def cut_sides(raw: Raw, others: Iterable[Raw]) -> tuple[float | None, ...]:
    """West, south, east, north (degrees) where a file was cut off at a straight line; None where it was not.

    A side of the box is one where a file was cut if its polygons run along it and another file's go on beyond (over
    `CUT_SHARE` of a strip `CUT_DEG` wide). A single such side, or a file that is nothing but a box, may as well be a
    front that was drawn straight: cuts come in pairs, and where there are two, a short third counts too. So does a side
    that the polygons don't reach, if the other file goes on past it by more than `CUT_DEG`: a file cut to a box says
    nothing of ground beyond the box, even where its polygons end short of it.
    """
    import shapely

    own = _all(raw)
    box = own.bounds
    if own.area > BOX_SHARE * shapely.box(*box).area:
        return (None,) * 4
    beyond = [_all(other) for other in others]
    sure = sum(_is_cut(own, k, edge, beyond, least_deg=CUT_LEAST_DEG) for k, edge in enumerate(box))
    if sure < CUT_SIDES:
        return (None,) * 4
    cut = [edge if _is_cut(own, k, edge, beyond, least_deg=RUN_LEAST_DEG) else None for k, edge in enumerate(box)]
    far = _reach(beyond, cut)
    past = (box[0] - far[0], box[1] - far[1], far[2] - box[2], far[3] - box[3])
    return tuple(box[k] if edge is None and past[k] > CUT_DEG else edge for k, edge in enumerate(cut))


def known_of(raw: Raw, others: Sequence[Raw], crs: str) -> BaseGeometry | None:
    """The ground that a file speaks of (km), as far as it was not cut off; None where it was not, or says so itself.

    By `cut_sides` where another file goes on. Where none does, because there is none or it was cut to the same box,
    two or more sides of the box that polygons run along for `ALONE_SHARE` of their length.
    """
    if raw.own:
        return None
    beside = cut_sides(raw, others) if others else (None,) * 4
    cuts = [alone if edge is None else edge for edge, alone in zip(beside, _cut_alone(raw), strict=True)]
    if all(edge is None for edge in cuts):
        return None
    words = [f"{edge:g}° {word}" for edge, word in zip(cuts, SIDES, strict=True) if edge is not None]
    _log.warning("%s ends at %s: ground beyond is not reviewed by it", raw.label, ", ".join(words))
    return _as_far(cuts, _wide_box([raw, *others]), crs)


def _cut_alone(raw: Raw) -> tuple[float | None, ...]:
    """The sides of a file's box along which its polygons run; none if that is fewer than two, or a mere box."""
    import shapely

    own = _all(raw)
    west, south, east, north = box = own.bounds
    if own.area > BOX_SHARE * shapely.box(*box).area:
        return (None,) * 4
    rim = shapely.boundary(own)
    lines = (((west, south), (west, north)), ((west, south), (east, south)), ((east, south), (east, north)),
             ((west, north), (east, north)))  # fmt: skip
    runs = [shapely.intersection(rim, shapely.LineString(line)) for line in lines]
    shares = [shapely.length(run) / max(1e-9, math.dist(*line)) for run, line in zip(runs, lines, strict=True)]
    cut = [share >= ALONE_SHARE for share in shares]
    return tuple(edge if one else None for edge, one in zip(box, cut, strict=True)) if sum(cut) > 1 else (None,) * 4


def _as_far(cuts: Sequence[float | None], box: tuple[float, ...], crs: str) -> BaseGeometry:
    import shapely

    edges = [wide if edge is None else edge for wide, edge in zip(box, cuts, strict=True)]
    return in_km(shapely.box(*edges), crs, where="the box of a map")


def _wide_box(raws: Sequence[Raw]) -> tuple[float, ...]:
    """The box round some maps and `ROOM_DEG` more, degrees."""
    boxes = [box_of(raw) for raw in raws]
    west, south = (min(box[k] for box in boxes) - ROOM_DEG for k in (0, 1))
    east, north = (max(box[k] for box in boxes) + ROOM_DEG for k in (2, 3))
    return max(west, -180.0), max(south, -85.0), min(east, 180.0), min(north, 85.0)


def _reach(others: Iterable[BaseGeometry], cut: Sequence[float | None]) -> tuple[float, float, float, float]:
    """West, south, east, north of all that other files draw on the near side of the cuts; nothing: no reach."""
    import shapely

    whole = (-180.0, -90.0, 180.0, 90.0)
    near = shapely.box(*(bound if edge is None else edge for bound, edge in zip(whole, cut, strict=True)))
    west, south, east, north = shapely.total_bounds([shapely.intersection(one, near) for one in others])
    return (west, south, east, north) if west <= east else (180.0, 90.0, -180.0, -90.0)


def _all(raw: Raw) -> BaseGeometry:
    import numpy as np
    import shapely

    return shapely.union_all(np.array([feature.geometry for feature in raw.features], dtype=object))


def _is_cut(own: BaseGeometry, k: int, edge: float, beyond: Iterable[BaseGeometry], *, least_deg: float) -> bool:
    """Whether the k-th side of the box (west, south, east, north) is where a file was cut."""
    import shapely

    west, south, east, north = own.bounds
    line = shapely.LineString([(edge, south), (edge, north)] if k % 2 == 0 else [(west, edge), (east, edge)])
    run = shapely.intersection(shapely.boundary(own), line)
    if shapely.length(run) < least_deg:
        return False
    out = ((-CUT_DEG, 0.0), (0.0, -CUT_DEG), (CUT_DEG, 0.0), (0.0, CUT_DEG))[k]
    strips = [_swept(part, out) for part in shapely.get_parts(run) if shapely.length(part) > 0]
    strip = shapely.union_all(strips)
    return any(shapely.area(shapely.intersection(strip, one)) >= CUT_SHARE * strip.area for one in beyond)


def _swept(run: BaseGeometry, out: tuple[float, float]) -> BaseGeometry:
    import shapely

    (x0, y0), (x1, y1) = shapely.get_coordinates(run)[[0, -1]]
    return shapely.Polygon([(x0, y0), (x1, y1), (x1 + out[0], y1 + out[1]), (x0 + out[0], y0 + out[1])])


def box_of(raw: Raw) -> tuple[float, float, float, float]:
    """West, south, east, north of all that a map draws, degrees."""
    import shapely

    west, south, east, north = shapely.total_bounds([feature.geometry for feature in raw.features])
    return float(west), float(south), float(east), float(north)
