"""A file that `desk out` would write over: what an editor drew in it is kept, and nothing else is ever overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from pathlib import Path

from isofront.desk.gis_columns import GisLayer
from isofront.desk.gis_in import read_edits
from isofront.errors import BadInputError, UsageError


def put_aside(path: Path, layers: Sequence[GisLayer]) -> tuple[Path, int] | None:
    """Rename a file that holds edits; the new name and how many; None where nothing there was edited.

    It is moved, not copied: under its new name `desk in` still tells what was edited in it.

    Raises:
        UsageError: it is a folder, another kind of file, or open in another program.
    """
    if not path.exists():
        return None
    if path.is_dir():
        raise UsageError(f"{path}: is a folder, wanted the name of a file to write")
    if _is_open(path):
        raise UsageError(f"{path}: is open in another program, it seems; close it there, then write it anew")
    try:
        _, edits = read_edits(path, layers)
    except BadInputError as fault:
        raise UsageError(f"{path}: is there and is no file of `desk out`, wanted another name") from fault
    if not edits:
        return None
    kept = next(one for n in count(1) if not (one := path.with_name(f"{path.stem}-edited-{n}{path.suffix}")).exists())
    path.rename(kept)
    return kept, len(edits)


def _is_open(path: Path) -> bool:
    """Whether a journal lies beside a GeoPackage: its last rows would be lost, or be put into the new file."""
    return any(path.with_name(f"{path.name}{end}").exists() for end in ("-wal", "-journal"))
