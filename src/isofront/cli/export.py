"""`isofront export`: a map folder in the formats that other people's tools open."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from isofront.errors import BadInputError, UsageError

if TYPE_CHECKING:
    from isofront.publish.export_folder import MapFolder
    from isofront.publish.palette import SideColours

Files = Iterator[tuple[str, bytes]]


def register(app: typer.Typer) -> None:
    """Add `export`."""
    app.command("export")(export)


def export(
    folder: Annotated[Path, typer.Argument(help="one day's folder, written by map")],
    *,
    out: Annotated[Path, typer.Option(help="folder for the files")],
    formats: Annotated[list[str] | None, typer.Option("--format", help="which; several times; else all")] = None,
    theatre: Annotated[Path | None, typer.Option(help="the theatre's folder, for its sides' colours")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
) -> None:
    """Write a day's map as GeoParquet, FlatGeobuf, KML, PMTiles, COG, CSV, and as SVG and PDF with named layers."""
    from isofront.ground.files import write_atomically
    from isofront.publish.export_folder import read_map_folder

    wanted = _wanted(formats)
    found = read_map_folder(folder)
    colours = _colours(found, theatre)
    written = []
    for name in wanted:
        for file, content in WRITERS[name](found, colours):
            write_atomically(out / file, content)
            written.append(out / file)
    if as_json:
        sys.stdout.write(json.dumps({**found.facts, "files": [str(path) for path in written]}) + "\n")
        return
    sys.stdout.write(f"{found.title}\n" + "".join(f"{path}\n" for path in written))


def _wanted(formats: Sequence[str] | None) -> list[str]:
    names = [name.strip().casefold() for word in formats or () for name in word.split(",")] or list(WRITERS)
    unknown = [name for name in names if name not in WRITERS]
    if unknown:
        raise UsageError(f"--format {unknown[0]}: wanted {', '.join(WRITERS)}")
    return list(dict.fromkeys(names))


def _colours(found: MapFolder, theatre: Path | None) -> dict[str, SideColours]:
    """Each side's colours: the theatre's, else the usual two in the map's order."""
    from isofront.publish.palette import side_colours, usual_colours
    from isofront.theatre import load

    if theatre is None:
        return {one.side: one for one in usual_colours(found.sides)}
    known = {one.side: one for one in side_colours(load(theatre))}
    strange = [side for side in found.sides if side not in known]
    if strange:
        raise UsageError(f"--theatre {theatre}: knows no side {strange[0]}, wanted the theatre that the map is of")
    return known


def _parquet(found: MapFolder, _: dict[str, SideColours]) -> Files:
    from isofront.publish.export_vector import parquet_bytes

    return ((f"{one.name}.parquet", parquet_bytes(one, found)) for one in found.layers.values() if one.features)


def _flatgeobuf(found: MapFolder, _: dict[str, SideColours]) -> Files:
    from isofront.publish.export_vector import flatgeobuf_bytes

    return ((f"{one.name}.fgb", flatgeobuf_bytes(one, found)) for one in found.layers.values() if one.features)


def _kml(found: MapFolder, colours: dict[str, SideColours]) -> Files:
    from isofront.publish.export_kml import kml_bytes

    yield "map.kml", kml_bytes(found, {side: one.base for side, one in colours.items()})


def _pmtiles(found: MapFolder, _: dict[str, SideColours]) -> Files:
    from isofront.publish.export_vector import pmtiles_of

    layers = [one for one in found.layers.values() if one.features]
    print(f"isofront: tiles of {len(layers)} layers, some seconds each", file=sys.stderr, flush=True)
    for name, content in pmtiles_of(layers, found).items():
        yield f"{name}.pmtiles", content


def _cog(found: MapFolder, _: dict[str, SideColours]) -> Files:
    path = found.path / "control.tif"
    if not path.is_file():
        raise BadInputError(f"{path}: is not there, wanted the raster that map writes beside its layers")
    yield "control.tif", path.read_bytes()


def _csv(found: MapFolder, _: dict[str, SideColours]) -> Files:
    from isofront.publish.export_tables import areas_csv, reports_csv, settlements_csv

    yield "settlements.csv", settlements_csv(found)
    yield "areas.csv", areas_csv(found)
    reports = reports_csv(found)
    if reports is not None:
        yield "reports.csv", reports


def _svg(found: MapFolder, colours: dict[str, SideColours]) -> Files:
    from isofront.publish.export_layered import layered_svg

    yield "layers.svg", layered_svg(found, colours)


def _pdf(found: MapFolder, colours: dict[str, SideColours]) -> Files:
    from isofront.publish.export_layered import layered_pdf

    yield "layers.pdf", layered_pdf(found, colours)


WRITERS: dict[str, Callable[[MapFolder, dict[str, SideColours]], Files]] = {
    "geoparquet": _parquet,
    "flatgeobuf": _flatgeobuf,
    "kml": _kml,
    "pmtiles": _pmtiles,
    "cog": _cog,
    "csv": _csv,
    "svg": _svg,
    "pdf": _pdf,
}
"""What writes each format, in the order in which all are written."""
