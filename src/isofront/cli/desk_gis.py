"""`isofront desk out` and `desk in`: a draft to work on in QGIS, and what was edited there. PRIVATE."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from isofront.cli.map import moment, steps
from isofront.counts import counted
from isofront.errors import BadInputError, UsageError

if TYPE_CHECKING:
    from isofront.desk.gis_apply import Applied

_Folder = Annotated[Path, typer.Option("--theatre", help="the theatre's folder")]
_AsJson = Annotated[bool, typer.Option("--json", help="print one JSON document")]
TOLD = 20


def desk_out(
    file: Annotated[Path, typer.Argument(help="the GeoPackage to write", metavar="FILE")],
    *,
    theatre: _Folder = Path(),
    as_of: Annotated[str, typer.Option(help="the day, as --as-of of `map`")],
    known_by: Annotated[str | None, typer.Option(help="use only what was known before")] = None,
    as_json: _AsJson = False,
) -> None:
    """Write reports, proposals, areas and edges of a day for QGIS, with styles and forms. PRIVATE."""
    if file.suffix.casefold() != ".gpkg" and not file.exists():
        raise UsageError(f"{file}: wanted a name that ends in .gpkg, by which QGIS knows what it is")
    day = moment(as_of, option="--as-of")
    known = [moment(known_by, option="--known-by")] if known_by is not None else None
    from isofront.desk.gis_again import put_aside
    from isofront.desk.gis_columns import layers_for
    from isofront.desk.gis_out import gis_out
    from isofront.engine import drafts
    from isofront.theatre import load

    kept = put_aside(file, layers_for(load(theatre)))
    if kept is not None:
        print(
            f"isofront: {file} held {counted(kept[1], 'edit')}, and is now {kept[0]}: "
            "`isofront desk in` takes in what is not in the ledger yet",
            file=sys.stderr,
        )
    with steps(1) as say:
        written = gis_out(next(iter(drafts(theatre, [day], known, progress=say))), file)
    document = {"stamp": written.stamp, "file": str(file), "features": written.features}
    counts = ", ".join(f"{n:,} {name}" for name, n in written.features.items())
    print(json.dumps(document, ensure_ascii=False) if as_json else f"{written.stamp}  {file}: {counts}")


def desk_in(
    file: Annotated[Path, typer.Argument(help="a GeoPackage of `desk out`, edited and saved", metavar="FILE")],
    *,
    theatre: _Folder = Path(),
    by: Annotated[str, typer.Option(help="whose name stands on edits whose `reviewer` is empty")] = "",
    check: Annotated[bool, typer.Option("--check", help="say what would be taken, and write nothing")] = False,
    as_json: _AsJson = False,
) -> int:
    """Take what was edited in QGIS into the ledger: decisions with reasons, reports, corrections."""
    from isofront.desk.gis_apply import Terms, gis_in
    from isofront.theatre import home_of

    home = home_of(theatre)
    with steps(1) as say:
        done = gis_in(home, file, Terms(datetime.now(UTC), by.strip(), check), say=say)
    for one in done.rejects[:TOLD]:
        print(f"{one.file} feature {one.row}, {one.column}: {one.reason}", file=sys.stderr)
    if len(done.rejects) > TOLD:
        print(f"and {len(done.rejects) - TOLD} more; all are in the theatre's rejects", file=sys.stderr)
    print(json.dumps(asdict(done), ensure_ascii=False) if as_json else _line(done, check=check))
    return 0 if done.usable else BadInputError.exit_code


def _line(done: Applied, *, check: bool) -> str:
    lines = [f"{name}  {verdict} {about}" for name, verdict, about in done.decisions]
    lines += [f"{name}: retracted" for name in done.retracted]
    counts = (
        f"{counted(done.edits, 'edit')}: {counted(len(done.decisions), 'decision')}, "
        f"{counted(done.added, 'new report')}, {counted(done.corrections, 'correction')}, "
        f"{counted(len(done.retracted), 'retraction')}, {done.already:,} stood already, "
        f"{done.following:,} after a neighbour's, {len(done.rejects):,} rejected"
    )
    return "\n".join([*lines, f"{'would be: ' if check else ''}{counts}", f"head {done.head}"])
