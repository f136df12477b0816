"""Dated maps from files: any mapper's polygons with a date in the file or in its name, and Isofront's own folders."""

from __future__ import annotations

import json
import logging
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
    from isofront.ground.polygons import Feature

DATE_KEYS = ("date", "map_date", "as_of")
SUFFIXES = (".geojson", ".json", ".gpkg", ".parquet", ".geoparquet", ".shp", ".fgb")
PLAIN_SIDE = "held"
"""The side whose ground plain polygons are, where neither they nor the user name one."""


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
        features = features_of(path)
        return Raw(path.name, date_in(path.name), features, simulated=is_simulated(features))

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
    return Entry(label, moment, lambda: Raw(label, moment, features, simulated=is_simulated(features)))


def _entry_of_folder(folder: Path) -> Entry:
    """A folder that `map` wrote: its moment stands in the folder's own summary."""
    document = _json(folder / "summary.json") if (folder / "summary.json").is_file() else {}
    stated = document.get("as_of")
    moment = moment_of(str(stated), where=f"{folder.name}/summary.json") if stated else date_in(folder.name)
    return Entry(folder.name, moment, lambda: _own_map(folder, moment))


def _own_map(folder: Path, moment: datetime | None) -> Raw:
    areas, unseen = features_of(folder / "areas.geojson"), folder / "unobserved.geojson"
    blank = not unseen.is_file() or not _json(unseen).get("features")
    not_seen = () if blank else features_of(unseen)
    return Raw(folder.name, moment, areas, not_seen, own=True, simulated=is_simulated(areas))


def _json(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as fault:
        raise BadInputError(f"{path}: cannot be read as JSON ({fault})") from fault
    return document if isinstance(document, dict) else {}


def is_simulated(features: Iterable[Feature]) -> bool:
    """Whether a map says of itself that it is of an invented war."""
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
    return mended(path)


def mended(path: Path) -> tuple[Feature, ...]:
    """The polygons of a file; what was repaired in them is logged."""
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
            return _believed(start_of(text))
        except ValueError as fault:
            where = f"{name} feature {feature.number}"
            raise BadInputError(f"{where}: {key} {text!r}, wanted a date like 2030-01-31") from fault
    return None


def _believed(moment: datetime) -> datetime:
    """A moment that a map of a war in living memory can have, as `read-map` has it."""
    from isofront.makers.dates import FIRST_YEAR, LAST_YEAR

    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"year {moment.year}")
    return moment


def _span(dates: Sequence[datetime]) -> str:
    if not dates:
        return "no dates"
    return day_text(dates[0]) if len(dates) == 1 else f"{day_text(dates[0])} to {day_text(dates[-1])}"


def box_of(raw: Raw) -> tuple[float, float, float, float]:
    """West, south, east, north of all that a map draws, degrees."""
    import shapely

    west, south, east, north = shapely.total_bounds([feature.geometry for feature in raw.features])
    return float(west), float(south), float(east), float(north)
