"""`isofront compare`: two mappers side by side, on one day or over many."""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from isofront.cli.compare_files import write_files
from isofront.cli.compare_maps import CLASSES, Asked, Maps, maps_at, whose
from isofront.cli.compare_told import document, lines, row, series_document
from isofront.cli.front.dated import Entry, Raw, Source, day_text, moment_of
from isofront.cli.front.reach import cut_sides
from isofront.errors import BadInputError, UsageError
from isofront.ground.axes import axes_swapped

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from isofront.compare.between import Between

Box = tuple[float, float, float, float]
MOST_MAPS_BACK = 400
"""So many earlier maps are asked since when a mapper says what it says of a settlement."""
MAX_DAYS = 100_000
"""Longer than any war: what is asked for stays within the calendar."""
SLIVER = 1e-6
"""So small a share of the box is no ground but what rounding leaves."""

_log = logging.getLogger("isofront.cli")


def register(app: typer.Typer) -> None:
    """Add `compare`."""
    app.command("compare")(compare)


def compare(
    a: Annotated[str, typer.Argument(help="one mapper's maps: a file, a folder, or NAME=PATH")],
    b: Annotated[str, typer.Argument(help="the other mapper's")],
    *,
    on: Annotated[str | None, typer.Option(help="the day to compare; else the last that both have")] = None,
    first: Annotated[str | None, typer.Option("--from", help="over time: the first day")] = None,
    last: Annotated[str | None, typer.Option("--to", help="over time: the last day")] = None,
    bounds: Annotated[Box | None, typer.Option(help="the box to compare in, degrees", metavar="W S E N")] = None,
    crs: Annotated[str | None, typer.Option(help="flat map in metres, like EPSG:32637; default: the UTM zone")] = None,
    band_km: Annotated[float, typer.Option(help="whole width of the band along A's line, km")] = 10.0,
    side: Annotated[str | None, typer.Option(help="whose ground is compared, where maps draw several sides'")] = None,
    classes_a: Annotated[str, typer.Option(help="classes of A that count as held")] = "held",
    classes_b: Annotated[str, typer.Option(help="classes of B that count as held")] = "held",
    land: Annotated[
        Path | None, typer.Option(help="the country: outside nothing counts, its border is no line")
    ] = None,
    max_age: Annotated[int, typer.Option(help="over time: days that a map of B is good for", min=0, max=MAX_DAYS)] = 7,
    lag_days: Annotated[
        int, typer.Option(help="the lag is looked for so many days back and on; 0: not", min=0, max=MAX_DAYS)
    ] = 60,
    places: Annotated[Path | None, typer.Option(help="settlements, CSV or GeoJSON; else the gazetteer")] = None,
    out: Annotated[Path | None, typer.Option(help="folder for JSON, CSV, map layers and the plot over time")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> None:
    """Hold two mappers' maps side by side: ground, agreement near the line, distance between lines."""
    over = first is not None or last is not None
    if over and on is not None:
        raise UsageError("--on with --from or --to: wanted one day, or many")
    classes = _classes(classes_a, "--classes-a"), _classes(classes_b, "--classes-b")
    pair = _pair((a, b), _Wanted(on, over, bounds, crs, side, classes, _positive(band_km), land))
    if over:
        told, found = _over_time(pair, first, last, max_age=max_age, lag_days=lag_days)
    else:
        told, found = _one_day(pair, lag_days=lag_days, places=places)
    written = [] if out is None else write_files(out, told, found, crs=pair.crs)
    said = json.dumps(told, ensure_ascii=False, allow_nan=False) if as_json else "\n".join(lines(told))
    sys.stdout.write(said + "\n")
    for path in written:
        print(f"isofront: {path}", file=sys.stderr)


@dataclass(frozen=True, slots=True)
class _Wanted:
    on: str | None
    over: bool
    bounds: Box | None
    crs: str | None
    side: str | None
    classes: tuple[tuple[str, ...], tuple[str, ...]]
    band_km: float
    land: Path | None


def _classes(words: str, option: str) -> tuple[str, ...]:
    found = tuple(word.strip().casefold() for word in words.split(",") if word.strip())
    unknown = [word for word in found if word not in CLASSES]
    if unknown or not found:
        raise UsageError(f"{option} {words}: wanted some of {', '.join(CLASSES)}")
    return found


def _positive(band_km: float) -> float:
    if not 0 < band_km <= 1000:
        raise UsageError(f"--band-km {band_km:g}: wanted km, above 0 and at most 1000")
    return band_km


@dataclass(frozen=True, slots=True)
class Pair:
    """Two mappers, ready to be compared: their maps, the entries of the day, and the frame."""

    maps: tuple[Maps, Maps]
    entries: tuple[Entry, Entry]
    box: Box
    crs: str
    frame: BaseGeometry
    land: BaseGeometry | None
    band_km: float
    notes: tuple[str, ...] = ()

    @property
    def ground(self) -> BaseGeometry:
        """The frame, or what of it is land."""
        return self.maps[0].ground

    def between(self, entries: tuple[Entry, Entry], *, one_day: bool = False) -> Between:
        """What two of their maps differ by; for one day alone no compiled loops are loaded."""
        from isofront.compare.between import Loops, between

        one, other = (maps.mapped(entry) for maps, entry in zip(self.maps, entries, strict=True))
        loops = Loops(compiled=not one_day)
        return between(one, other, self.frame, crs=self.crs, band_km=self.band_km, land=self.land, loops=loops)


def _pair(words: tuple[str, str], wanted: _Wanted) -> Pair:
    import shapely

    from isofront.front import frame_km
    from isofront.ground.grid import Bounds
    from isofront.ground.repair import polygonal

    sources = maps_at(words[0]), maps_at(words[1])
    entries = (sources[0].entries[-1], sources[1].entries[-1]) if wanted.over else _of_day(sources, wanted.on)
    raws = entries[0].read(), entries[1].read()
    sides = whose(raws, wanted.side)
    box, notes = _box(raws, wanted.bounds)
    crs = _flat_map(wanted.crs, box)
    frame, land = frame_km(Bounds(*box), crs=crs), _land(wanted.land, crs, box)
    ground = frame if land is None else polygonal(shapely.intersection(frame, land))
    if ground.is_empty:
        raise BadInputError(f"{wanted.land}: no land inside the bounds, wanted that of the same area")
    maps = [
        Maps(source, Asked(classes, one), crs, box, ground)
        for source, classes, one in zip(sources, wanted.classes, sides, strict=True)
    ]
    notes = (*notes, *_without_line((maps[0], maps[1]), entries, swapped=_swapped(raws, box)))
    return Pair((maps[0], maps[1]), entries, box, crs, frame, land, wanted.band_km, notes)


def _of_day(sources: tuple[Source, Source], on: str | None) -> tuple[Entry, Entry]:
    """The entries of the day asked for, else of the last day that both have; a lone map is that of any day."""
    if on is not None:
        moment = moment_of(on, where="--on")
        return sources[0].at(moment), sources[1].at(moment)
    lone = [source for source in sources if len(source.entries) == 1]
    if len(lone) == 2:
        return sources[0].entries[0], sources[1].entries[0]
    if len(lone) == 1:
        only = lone[0].entries[0].date
        return sources[0].at(only), sources[1].at(only)
    shared = sorted(set(sources[0].dates) & set(sources[1].dates))
    if not shared:
        raise UsageError(f"{sources[0].name} and {sources[1].name} have no day in common, wanted one: --on DAY")
    _log.warning("compared on %s, the last day of which both have a map", day_text(shared[-1]))
    return sources[0].at(shared[-1]), sources[1].at(shared[-1])


def _box(raws: tuple[Raw, Raw], asked: Box | None) -> tuple[Box, tuple[str, ...]]:
    """The box to compare in: the one asked for, else what the boxes round both maps share."""
    from isofront.cli.front.dated import box_of

    if asked is not None:
        west, south, east, north = asked
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise UsageError(f"--bounds {west:g} {south:g} {east:g} {north:g}: wanted west south east north, degrees")
        return asked, _cut_inside(raws, asked)
    one, other = box_of(raws[0]), box_of(raws[1])
    west, south = max(one[0], other[0]), max(one[1], other[1])
    east, north = min(one[2], other[2]), min(one[3], other[3])
    if not (west < east and south < north):
        raise BadInputError(f"{raws[0].label} and {raws[1].label}: no ground in common, wanted maps of one area")
    note = f"no --bounds: compared in {west:.4f} {south:.4f} {east:.4f} {north:.4f}, which both maps reach"
    _log.warning(note)
    return (west, south, east, north), (note,)


def _without_line(maps: tuple[Maps, Maps], entries: tuple[Entry, Entry], *, swapped: bool) -> tuple[str, ...]:
    """Which maps have no held ground where they are compared, or nothing else: their figures tell of no front."""
    hint = "; lat before lon?" if swapped else ""
    notes: tuple[str, ...] = ()
    for one, entry in zip(maps, entries, strict=True):
        held = one.mapped(entry).held
        if not held.intersects(one.ground):
            notes += (f"{entry.label}: nothing held inside the bounds{hint}",)
        elif one.ground.difference(held).area < SLIVER * one.ground.area:
            notes += (f"{entry.label}: all is held inside the bounds, so no line lies there; wider --bounds reach one",)
    for note in notes:
        _log.warning(note)
    return notes


def _swapped(raws: tuple[Raw, Raw], box: Box) -> bool:
    """Whether some map lies in the box only if its axes, or the box's, are swapped."""
    from isofront.cli.front.dated import box_of

    return any(axes_swapped([box_of(raw)], box) for raw in raws)


def _cut_inside(raws: tuple[Raw, Raw], box: Box) -> tuple[str, ...]:
    """Where a file was cut off inside the box: what looks like a difference there is none."""
    notes = []
    for raw, other in (raws, raws[::-1]):
        sides = zip(cut_sides(raw, [other]), ("west", "south", "east", "north"), box, (1, 1, -1, -1), strict=True)
        for edge, word, rim, sign in sides:
            if edge is not None and sign * (edge - rim) > 1e-6:
                notes.append(f"{raw.label} ends at {edge:g}° {word}, inside the bounds, where the other map goes on")
    for note in notes:
        _log.warning(note)
    return tuple(notes)


def _flat_map(crs: str | None, box: Box) -> str:
    import shapely

    from isofront.cli.front.ground import flat_map, reaches
    from isofront.ground.grid import Bounds

    flat = flat_map(crs, Bounds(*box))
    if not reaches(shapely.box(*box), flat):
        raise UsageError(f"--crs {crs}: the bounds lie far outside of it, wanted the flat map of that area")
    return flat


def _land(path: Path | None, crs: str, box: Box) -> BaseGeometry | None:
    from isofront.cli.compare_maps import ROOM_DEG
    from isofront.cli.front.dated import features_of
    from isofront.cli.front.flat import in_km
    from isofront.ground.polygons import clip_to_box
    from isofront.ground.repair import merged

    if path is None:
        return None
    wide = (box[0] - ROOM_DEG, box[1] - ROOM_DEG, box[2] + ROOM_DEG, box[3] + ROOM_DEG)
    near = clip_to_box(merged([one.geometry for one in features_of(path)], where=path.name), wide)
    if near.is_empty:
        raise BadInputError(f"{path.name}: no land inside the bounds, wanted that of the same area")
    return in_km(near, crs, where=path.name)


# One day, or many


def _one_day(pair: Pair, *, lag_days: int, places: Path | None) -> tuple[dict[str, Any], Between]:
    from isofront.cli.compare_time import lag_of, says
    from isofront.cli.front.places import towns_in

    found = pair.between(pair.entries, one_day=True)
    towns = towns_in(pair.ground, pair.crs, places=places)
    a, b = (
        says(maps, entry, towns, most_maps=MOST_MAPS_BACK) for maps, entry in zip(pair.maps, pair.entries, strict=True)
    )
    lag = lag_of(pair, pair.entries, most_days=lag_days)
    return document(pair, found, lag=lag, towns=towns, said=(a, b)), found


def _over_time(
    pair: Pair, first: str | None, last: str | None, *, max_age: int, lag_days: int
) -> tuple[dict[str, Any], Between]:
    from isofront.cli.compare_time import days_of, each, lag_over

    dates = pair.maps[0].source.dates
    if not dates:
        raise UsageError(f"{pair.maps[0].source.name}: a map without a date, wanted dated maps for --from and --to")
    begin = dates[0] if first is None else moment_of(first, where="--from")
    end = dates[-1] if last is None else moment_of(last, where="--to")
    if begin > end:
        raise UsageError(f"--from {day_text(begin)} --to {day_text(end)}: wanted the earlier day first")
    entries = days_of(pair, begin, end, max_age=max_age)
    found = each(entries, pair.between)
    rows = [row(days, one) for days, one in zip(entries, found, strict=True)]
    lags = lag_over(pair, entries, most_days=lag_days)
    return series_document(pair, rows, lags, entries[-1]), found[-1]
