"""Two mappers' maps for `isofront compare`: what `front` or `read-map` reads, as held ground and grey in km."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from isofront.cli.front.dated import Entry, Raw, Source, source_of
from isofront.errors import BadInputError, UsageError

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from isofront.compare.between import Mapped
    from isofront.ground.polygons import Feature
    from isofront.makers import MapArea, MapFile

CLASSES = ("held", "grey", "infiltration", "claimed", "liberated")
ROOM_DEG = 0.2
"""So far past the bounds polygons are put on the flat map: cuts out there touch nothing that counts."""

_LAYER_SUFFIXES = (".gpkg", ".parquet", ".geoparquet", ".shp", ".fgb")
_ANYBODYS = ("layers", "deepstate-daily")
"""Makers whose files are plain polygons, one map a file or with dates in them."""

_log = logging.getLogger("isofront.cli")


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a mapper's map counts as held: classes, and whose ground where several sides are drawn."""

    classes: tuple[str, ...] = ("held",)
    side: str | None = None


@dataclass(slots=True)
class Maps:
    """One mapper's maps inside some ground (km) within a box (degrees), on one flat map; each is projected once."""

    source: Source
    asked: Asked
    crs: str
    box: tuple[float, float, float, float]
    ground: BaseGeometry
    _done: dict[int, tuple[Raw, Mapped]] = field(default_factory=dict)

    def raw(self, entry: Entry) -> Raw:
        """The map as its file has it."""
        return self._found(entry)[0]

    def mapped(self, entry: Entry) -> Mapped:
        """The map as held ground and grey, km."""
        return self._found(entry)[1]

    def _found(self, entry: Entry) -> tuple[Raw, Mapped]:
        if id(entry) not in self._done:
            raw = entry.read()
            self._done[id(entry)] = raw, mapped(raw, self.asked, crs=self.crs, box=self.box).within(self.ground)
        return self._done[id(entry)]


# From files


def maps_at(word: str) -> Source:
    """A mapper's maps from `PATH` or `NAME=PATH`: files of any maker, folders, folders that `map` wrote.

    Raises:
        BadInputError: nothing there can be used.
    """
    name, equals, rest = word.partition("=")
    named = bool(equals and name.strip() and rest) and not Path(word).exists()
    path = Path(rest if named else word)
    if not path.exists():
        raise BadInputError(f"{path}: is not there, wanted a map, a folder of maps, or NAME=PATH")
    called = name.strip() if named else None
    files = _makers_files(path)
    if not files:
        return source_of([path], name=called)
    return _source_of_maker(files, called or path.name)


def _makers_files(path: Path) -> list[Path]:
    """The files to be read as a maker wrote them; none where they are plain polygons or Isofront's own."""
    if path.is_dir() and any((one / "areas.geojson").is_file() for one in (path, *path.iterdir())):
        return []
    inside = sorted(one for one in path.iterdir() if one.is_file() and one.name[0] != ".") if path.is_dir() else [path]
    return inside if inside and _is_a_makers(inside[0]) else []


def _is_a_makers(path: Path) -> bool:
    from isofront.makers.opened import open_map
    from isofront.makers.recognise import recognise

    if path.suffix.lower() in _LAYER_SUFFIXES:
        return False
    try:
        return recognise(open_map(path)).reader.name not in _ANYBODYS
    except BadInputError:
        return path.suffix.lower() in (".kml", ".kmz", ".csv")


def _source_of_maker(files: Sequence[Path], name: str) -> Source:
    from isofront.makers import joined, read_map

    read = [read_map(path) for path in files]
    for file in read:
        _tell(file)
    by_date: dict[datetime | None, list[MapArea]] = {}
    for _, area in joined(read):
        by_date.setdefault(area.date, []).append(area)
    dated = sorted(one for one in by_date if one is not None)
    order = [*([None] if None in by_date else []), *dated]
    simulated = any(file.stamped.simulated for file in read)
    return Source(name, tuple(_entry(name, when, by_date[when], simulated=simulated) for when in order))


def _tell(file: MapFile) -> None:
    _log.warning("%s: taken for %s (%s)", file.file, file.maker, file.crosswalk)
    if file.rejects:
        _log.warning(
            "%s: %d rejected, the first: %s (read-map lists all)", file.file, len(file.rejects), file.rejects[0].reason
        )
    for what, n in file.unmapped.items():
        _log.warning("%s: %d x %s has no class, left out", file.file, n, what)


def _entry(name: str, when: datetime | None, areas: Sequence[MapArea], *, simulated: bool) -> Entry:
    from isofront.ground.polygons import Feature

    features = tuple(
        Feature(area.number, area.geometry, {"class": area.cls.value, "side": area.side})
        for area in areas
        if area.geometry.geom_type in ("Polygon", "MultiPolygon")
    )
    if len(features) < len(areas):
        _log.warning("%s: %d settlements without an area are left out", name, len(areas) - len(features))
    if not features:
        raise BadInputError(f"{name}: a list of settlements, wanted areas to compare")
    return Entry(name, when, lambda: Raw(name, when, features, simulated=simulated))


# On the flat map


def mapped(raw: Raw, asked: Asked, *, crs: str, box: tuple[float, float, float, float]) -> Mapped:
    """A map's held ground by the classes asked for, and its grey, km, inside a box of degrees and a little past it."""
    from isofront.compare.between import Mapped

    side = asked.side or side_in(raw)
    held = [one for one in raw.features if class_of(one, raw.label) in asked.classes and _is_of(one, side)]
    grey = [one for one in raw.features if class_of(one, raw.label) == "grey" and "grey" not in asked.classes]
    return Mapped(_flat(held, raw.label, crs, box), _flat(grey, raw.label, crs, box))


def _flat(features: Iterable[Feature], label: str, crs: str, box: tuple[float, float, float, float]) -> BaseGeometry:
    from shapely.geometry import MultiPolygon

    from isofront.cli.front.flat import in_km
    from isofront.ground.polygons import clip_to_box
    from isofront.ground.repair import merged

    west, south, east, north = box
    wide = (west - ROOM_DEG, south - ROOM_DEG, east + ROOM_DEG, north + ROOM_DEG)
    near = [shape for one in features if not (shape := clip_to_box(one.geometry, wide)).is_empty]
    if not near:
        return MultiPolygon()
    return in_km(merged(near, where=label), crs, where=label)


def class_of(feature: Feature, label: str) -> str:
    """A feature's class; a polygon that names none is held.

    Raises:
        BadInputError: it is none of Isofront's words.
    """
    cls = feature.properties.get("class")
    word = str(cls).casefold() if cls not in (None, "") else "held"
    if word not in CLASSES:
        raise BadInputError(
            f"{label} feature {feature.number}: class {cls!s:.40}, wanted {', '.join(CLASSES)} (read-map maps classes)"
        )
    return word


def _is_of(feature: Feature, side: str | None) -> bool:
    stated = feature.properties.get("side")
    return stated in (None, "") or side is None or str(stated).casefold() == side.casefold()


def sides_in(raw: Raw) -> tuple[str, ...]:
    """The sides that a map names for held ground, in the order of the file."""
    named = [str(one.properties["side"]) for one in raw.features if one.properties.get("side")]
    held = [
        str(one.properties["side"])
        for one in raw.features
        if one.properties.get("side") and class_of(one, raw.label) == "held"
    ]
    return tuple(dict.fromkeys(held or named))


def side_in(raw: Raw) -> str | None:
    """The only side that a map names, if one is."""
    sides = sides_in(raw)
    return sides[0] if len(sides) == 1 else None


def whose(raws: tuple[Raw, Raw], asked: str | None) -> tuple[str | None, str | None]:
    """Whose ground is compared on each map: the side asked for, else the only one that a map names.

    Where one map names one side and the other several, it is that side; ids are compared without regard to case.

    Raises:
        UsageError: a map draws several sides and nothing tells which is meant, or it does not know the side.
    """
    each = [sides_in(raw) for raw in raws]
    lone = next((sides[0] for sides in each if len(sides) == 1), None)
    found = [_one_of(sides, raw.label, asked or lone) for sides, raw in zip(each, raws, strict=True)]
    return found[0], found[1]


def _one_of(sides: tuple[str, ...], label: str, wanted: str | None) -> str | None:
    if not sides:
        return None
    match = next((side for side in sides if wanted is not None and side.casefold() == wanted.casefold()), None)
    if match is not None:
        return match
    if len(sides) == 1:
        if wanted is not None:
            _log.warning("%s: names side %s, compared with %s", label, sides[0], wanted)
        return sides[0]
    raise UsageError(f"{label}: draws ground held by {', '.join(sides)}; say whose is compared: --side ID")
