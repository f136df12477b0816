"""Options that several commands of `front` share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from isofront.errors import UsageError

Held = Annotated[Path | None, typer.Option(help="polygons that the enemy of the place's side holds")]
Land = Annotated[
    Path | None,
    typer.Option(help="the country; its borders and coasts bound the land; else the polygons' extent, open"),
]
Crs = Annotated[str | None, typer.Option(help="flat map in metres, like EPSG:32637; default: the UTM zone")]
AsJson = Annotated[bool, typer.Option("--json", help="print one JSON document")]
Theatre = Annotated[
    Path | None, typer.Option(help="a theatre's folder: measure its own draft map, by three rules and as intervals")
]
On = Annotated[str | None, typer.Option(help="with --theatre: 00:00 UTC at the start of this day, or a time")]
KnownBy = Annotated[str | None, typer.Option(help="with --theatre: use only what was known before")]
Field = Annotated[
    Path | None,
    typer.Option(help="write the width of the way to the rear everywhere: GeoTIFF (.tif) or a picture (.png, .svg)"),
]


def refuse_mixed(held: Path | None, theatre: Path | None, on: str | None, known_by: str | None) -> None:
    """Either polygons from files or a theatre's own draft of a day.

    Raises:
        UsageError: both, neither, or a draft without its day.
    """
    if (held is None) == (theatre is None):
        raise UsageError("front: wanted either --held FILE or --theatre FOLDER --on DAY")
    if theatre is not None and on is None:
        raise UsageError("--theatre: wanted the day too, --on 2030-01-31")
    if theatre is None and (on is not None or known_by is not None):
        raise UsageError("--on and --known-by go with --theatre")
