"""Where a desk keeps the row being written: a file of its own while other desks sit at the same theatre.

The first desk writes `entry.json`, a second one `entry-2.json`, and so on; each holds a lock beside its file for as
long as it runs, which the system drops if it dies. What a desk left behind that runs no more comes back at the next
desk whose own row is empty. Two windows of one desk share its row: the one that was opened last writes it.
"""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass
from pathlib import Path

import apsw

from isofront.desk.desk import Desk
from isofront.desk.keeping import DRAFT_FILE, RowDraft, keep, kept
from isofront.errors import IsofrontError

MOST_DESKS = 20
HELD, WINDOW = "row file", "row window"
_taking = threading.Lock()


@dataclass(eq=False)
class Held:
    """A row's file that this desk alone writes; without a lock where the folder cannot be written."""

    name: str
    lock: apsw.Connection | None


def row_kept(desk: Desk, window: str = "") -> RowDraft:
    """The row as far as it was written, here or by a desk that ended; the window that asks writes it from now on."""
    if window:
        desk.memory[WINDOW] = window
    own = kept(desk.private, held(desk).name, RowDraft, RowDraft())
    return own if _is_begun(own) else _left_behind(desk) or own


def keep_row(desk: Desk, row: RowDraft, window: str = "") -> None:
    """The row onto the disk.

    Raises:
        IsofrontError: another window of this desk writes it by now.
    """
    if window and desk.memory.setdefault(WINDOW, window) != window:
        raise IsofrontError(
            "the row is written in another window of this desk by now: load this page again to go on here"
        )
    keep(desk.private, held(desk).name, row)


def held(desk: Desk) -> Held:
    """This desk's file, taken once."""
    with _taking:
        if HELD not in desk.memory:
            desk.memory[HELD] = _first_free(desk.private)
        found: Held = desk.memory[HELD]
        return found


def let_go(desk: Desk) -> None:
    """The desk ends: its file is free for the next one."""
    with _taking:
        ours: Held | None = desk.memory.pop(HELD, None)
    if ours is not None and ours.lock is not None:
        ours.lock.close()


def row_files(private: Path) -> list[Path]:
    """The file of every desk that wrote a row here."""
    return [path for path in (private / _name(n) for n in range(1, MOST_DESKS + 1)) if path.exists()]


def _is_begun(row: RowDraft) -> bool:
    return bool(row.text or row.cells or row.bulk)


def _name(n: int) -> str:
    return DRAFT_FILE if n == 1 else f"{Path(DRAFT_FILE).stem}-{n}.json"


def _first_free(private: Path) -> Held:
    for n in range(1, MOST_DESKS + 1):
        with contextlib.suppress(apsw.BusyError):
            return Held(_name(n), _locked(private, _name(n)))
    raise IsofrontError(f"{MOST_DESKS} desks are open on this theatre already, wanted fewer")


def _locked(private: Path, name: str) -> apsw.Connection | None:
    """The lock of a file; None where no lock can be made.

    Raises:
        apsw.BusyError: another desk holds it.
    """
    try:
        private.mkdir(parents=True, exist_ok=True)
        lock = apsw.Connection(str((private / name).with_suffix(".lock")))
    except (OSError, apsw.CantOpenError):
        return None
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except apsw.BusyError:
        lock.close()
        raise
    except (apsw.ReadOnlyError, apsw.CantOpenError, apsw.FullError, apsw.IOError):
        lock.close()
        return None
    return lock


def _left_behind(desk: Desk) -> RowDraft | None:
    """A row of a desk that runs no more, made ours."""
    ours = held(desk).name
    for path in row_files(desk.private):
        if path.name == ours:
            continue
        with contextlib.suppress(apsw.BusyError):
            lock = _locked(desk.private, path.name)
            try:
                found = kept(desk.private, path.name, RowDraft, RowDraft())
                if _is_begun(found):
                    keep(desk.private, ours, found)
                    path.unlink()
                    return found
            finally:
                if lock is not None:
                    lock.close()
    return None
