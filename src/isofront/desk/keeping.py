"""What the entry panel must not lose: the row being written, and the last rows saved. Private files of the theatre."""

from __future__ import annotations

import contextlib
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from isofront.ground.files import write_atomically

T = TypeVar("T")
DRAFT_FILE, RECENT_FILE = "entry.json", "recent.json"
MOST_RECENT = 60


class RowDraft(msgspec.Struct, omit_defaults=True):
    """The row as far as it is written. `cells` are columns of an evidence file; `touched` those set by hand."""

    text: str = ""
    cells: dict[str, str] = {}
    day: str = ""
    part: str = ""
    backfill: bool = False
    touched: list[str] = []
    bulk: str = ""


class Saved(msgspec.Struct):
    """A row that was saved from this desk: its id, how it reads, and whether it was undone."""

    id: str
    sentences: dict[str, str]
    at: str
    known_at: datetime
    undone: bool = False


class Recent(msgspec.Struct):
    """The last rows that were saved, newest first."""

    rows: list[Saved] = []


def keep(folder: Path, name: str, value: object) -> None:
    """Write a private file whole or not at all."""
    write_atomically(folder / name, msgspec.json.encode(value), private=True)


def kept(folder: Path, name: str, kind: type[T], otherwise: T) -> T:
    """What the file holds; where it is missing or spoilt, the other."""
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode((folder / name).read_bytes(), type=kind)
    return otherwise
