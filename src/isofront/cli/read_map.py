"""`isofront read-map`: other people's maps as areas with class, side and date; no theatre, no network."""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from isofront.counts import counted
from isofront.errors import BadInputError, UsageError

if TYPE_CHECKING:
    from isofront.makers import MapFile, Wish

MOST_SAID = 5


def register(app: typer.Typer) -> None:
    """Add `read-map`."""
    app.command("read-map")(read_map)


def read_map(
    files: Annotated[
        list[str], typer.Argument(help="a maker's file, its pages, or a folder of them", metavar="FILE...")
    ],
    *,
    out: Annotated[Path, typer.Option(help="GeoJSON to write; rejects go beside it, to OUT.rejects.json")],
    maker: Annotated[str | None, typer.Option(help="whose file it is, where that cannot be told")] = None,
    crosswalk: Annotated[Path | None, typer.Option(help="TOML file: what the classes of a layer or a KML mean")] = None,
    day: Annotated[
        str | None, typer.Option("--date", help="the moment the map shows, where the file does not tell")
    ] = None,
    on: Annotated[str | None, typer.Option(help="of a file with many days, only this one")] = None,
    sides: Annotated[
        str | None, typer.Option(help="your ids for the crosswalk's sides: ru=south,ua=north", metavar="ID=ID,...")
    ] = None,
    holder: Annotated[str | None, typer.Option(help="side of areas for which nothing names one")] = None,
    places: Annotated[
        Path | None, typer.Option(help="gazetteer for makers who name places by number: GeoNames' table of a country")
    ] = None,
    theatre: Annotated[
        Path | None, typer.Option(help="a theatre's folder: by its bounds swapped axes are noticed")
    ] = None,
    fetch: Annotated[
        bool, typer.Option("--fetch", help="FILE may be an http(s) address, which is fetched once")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> None:
    """Read another maker's map: held, grey, infiltration, claimed and liberated areas, with side and date."""
    from isofront.makers import load

    walk = load(crosswalk) if crosswalk else None
    wish = wished(sides, day=day, on=on, holder=holder, places=places)
    wish = replace(wish, bounds=_bounds_of(theatre)) if theatre else wish
    with tempfile.TemporaryDirectory(prefix="isofront-") as folder:
        paths = files_in(files, fetch=fetch, folder=Path(folder))
        refuse_own_input(out, paths)
        read = read_all(paths, maker, walk, wish)
    _write(out, read)
    tell(read)
    _say(read, out, as_json=as_json)


def _bounds_of(folder: Path) -> tuple[float, float, float, float]:
    from isofront.theatre import load

    return load(folder).bounds


def wished(
    sides: str | None,
    *,
    day: str | None = None,
    on: str | None = None,
    holder: str | None = None,
    places: Path | None = None,
) -> Wish:
    """What the options add to the files."""
    from isofront.makers import Wish
    from isofront.makers.dates import moment

    try:
        when = moment(day)
    except BadInputError as fault:
        raise UsageError(f"--date: {fault}") from fault
    return Wish(when, _on(on), _renamed(sides), holder, places)


def _on(on: str | None) -> date | None:
    try:
        return date.fromisoformat(on) if on else None
    except ValueError as fault:
        raise UsageError(f"--on {on}: wanted a day such as 2030-01-31") from fault


def _renamed(sides: str | None) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in sides.split(",")] if sides else []
    if any(not (theirs.strip() and equals and ours.strip()) for theirs, equals, ours in pairs):
        raise UsageError(f"--sides {sides!r}, wanted pairs such as ru=south,ua=north")
    return {theirs.strip(): ours.strip() for theirs, _, ours in pairs}


def files_in(given: list[str], *, fetch: bool = False, folder: Path = Path()) -> list[Path]:
    """The files named, and those in folders named, in order of their names; what is fetched goes into a folder."""
    found: list[Path] = []
    for number, name in enumerate(given):
        path = _fetched(name, folder / str(number), fetch=fetch) or Path(name)
        inside = sorted(one for one in path.iterdir() if one.is_file() and one.name[0] != ".") if path.is_dir() else []
        if path.is_dir() and not inside:
            raise BadInputError(f"{path}: a folder without files, wanted maps in it")
        found += inside or [path]
    return found


def refuse_own_input(out: Path, read: Sequence[Path]) -> None:
    """A file that is read stays as its maker wrote it.

    Raises:
        UsageError: what is written, or the rejects beside it, would take the place of a file that is read; or of a
            folder.
    """
    if out.is_dir():
        raise UsageError(f"--out {out}: is a folder, wanted the name of a file")
    for path in read:
        for one in (out, rejects_beside(out)):
            if one.exists() and path.exists() and one.samefile(path):
                raise UsageError(f"--out {out}: would overwrite {path}, which is read; wanted another name")


def _fetched(name: str, folder: Path, *, fetch: bool) -> Path | None:
    """Where an address's content was put; None for the name of a file."""
    from isofront.network import fetched, is_address

    if not is_address(name):
        return None
    if not fetch:
        raise UsageError(f"{name}: an address; nothing is fetched without --fetch")
    print(f"isofront: fetching {name}", file=sys.stderr, flush=True)
    called, content = fetched(name)
    folder.mkdir()
    (folder / called).write_bytes(content)
    return folder / called


def read_all(paths: list[Path], maker: str | None, walk: Any, wish: Wish) -> list[MapFile]:
    """Every file; of several, one that cannot be used is told and the others go on."""
    from isofront.makers import read_map as read

    found: list[MapFile] = []
    faults = []
    for number, path in enumerate(paths, start=1):
        if len(paths) > 50 and number % 50 == 0:
            print(f"isofront: {number:,} of {len(paths):,} files", file=sys.stderr, flush=True)
        try:
            found.append(read(path, maker, crosswalk=walk, wish=wish))
        except BadInputError as fault:
            faults.append(str(fault))
    if not found:
        more = f" (and {counted(len(faults) - 1, 'more file')})" if len(faults) > 1 else ""
        raise BadInputError(faults[0] + more)
    return [*found, *(_empty(fault) for fault in faults)]


def _empty(fault: str) -> MapFile:
    """A file of several of which nothing could be used, with the fault as its one reject."""
    from isofront.evidence.report import Reject
    from isofront.makers import MapFile

    name, _, reason = fault.partition(": ")
    return MapFile(name, (), "", "", (Reject(name, 0, None, reason or fault),))


def _write(out: Path, read: Sequence[MapFile]) -> None:
    from isofront.ground.files import write_atomically
    from isofront.makers.writing import geojson_of_maps, leftovers_of

    write_atomically(out, geojson_of_maps(read))
    beside = rejects_beside(out)
    left = leftovers_of(read)
    if any(left.values()):
        write_atomically(beside, (json.dumps(left, ensure_ascii=False, indent=1) + "\n").encode())
    else:
        beside.unlink(missing_ok=True)


def rejects_beside(out: Path) -> Path:
    """Where the rejects go of what is written to a file."""
    return out.with_name(f"{out.stem}.rejects.json")


# What is said


def tell(read: Sequence[MapFile], *, with_options: bool = True) -> None:
    """Whose files they were taken for, and all that did not become an area, on stderr; else without our options."""
    for line in _lines(read, with_options=with_options):
        print(f"isofront: {line}", file=sys.stderr)


def _lines(read: Sequence[MapFile], *, with_options: bool) -> Iterator[str]:
    from isofront.makers.writing import counted as by_kind

    yield from _taken(read)
    for what, words in (("left_out", "left out"), ("unmapped", "no class in the crosswalk, left out")):
        yield from (f"{words}: {n:,} × {kind}" for kind, n in list(by_kind(read, what).items())[:20])
    yield from (f"{file.file}: {note}" for file in read for note in file.notes)
    rejects = [one for file in read for one in file.rejects]
    for one in rejects[:MOST_SAID]:
        yield f"{one.file}{f' feature {one.row}' if one.row else ''}: {one.reason}"
    if rejects:
        yield f"{len(rejects):,} rejected in all"
    repaired = sum(area.repair is not None for file in read for area in file.areas)
    if repaired:
        yield f"{counted(repaired, 'area')} repaired"
    if undated := sum(area.date is None for file in read for area in file.areas):
        yield f"{counted(undated, 'area')} without a date" + (
            ": --date tells the moment they show" if with_options else ""
        )
    if unsided := sum(area.side is None and area.cls.value != "grey" for file in read for area in file.areas):
        yield f"{counted(unsided, 'area')} for which nothing names a side" + (": --holder does" if with_options else "")


def _taken(read: Sequence[MapFile]) -> Iterator[str]:
    kinds = Counter((file.maker, file.crosswalk, file.why) for file in read if file.maker)
    for (maker, crosswalk, why), n in kinds.most_common(MOST_SAID):
        first = next(file.file for file in read if (file.maker, file.crosswalk, file.why) == (maker, crosswalk, why))
        more = f" and {n - 1:,} more" if n > 1 else ""
        yield f"{first}{more}: taken for {maker} ({why}), crosswalk {crosswalk}"


def _say(read: Sequence[MapFile], out: Path, *, as_json: bool) -> None:
    document = _document(read, out)
    if as_json:
        print(json.dumps(document, ensure_ascii=False))
        return
    classes = ", ".join(f"{n:,} {name}" for name, n in document["classes"].items())
    days = document["dates"]
    span = (
        "" if not days else f" of {days[0]}" if len(days) == 1 else f" of {len(days):,} dates, {days[0]} to {days[-1]}"
    )
    print(f"{out}: {counted(document['areas'], 'area')}{span}: {classes}")
    if document["rejects_file"]:
        print(f"  what was rejected, left out or repaired: {document['rejects_file']}")


def _document(read: Sequence[MapFile], out: Path) -> dict[str, Any]:
    from isofront.makers import joined
    from isofront.makers.dates import written
    from isofront.makers.writing import counted as by_kind

    areas = [area for _, area in joined(read)]
    classes = Counter(area.cls.value for area in areas)
    return {
        "out": str(out),
        "files": [
            {"file": file.file, "maker": file.maker or None, "why": file.why, "crosswalk": file.crosswalk or None}
            | {"areas": len(file.areas), "rejects": len(file.rejects)}
            for file in read
        ],
        "areas": len(areas),
        "classes": dict(sorted(classes.items())),
        "sides": dict(sorted(Counter(area.side for area in areas if area.side).items())),
        "dates": sorted({written(area.date) for area in areas if area.date}),
        "repeated": sum(len(file.areas) for file in read) - len(areas),
        "repaired": sum(area.repair is not None for area in areas),
        "rejects": sum(len(file.rejects) for file in read),
        "unmapped": by_kind(read, "unmapped"),
        "left_out": by_kind(read, "left_out"),
        "notes": [f"{file.file}: {note}" for file in read for note in file.notes],
        "rejects_file": str(rejects_beside(out)) if rejects_beside(out).exists() else None,
    }
