"""The SQLite file under the ledger: opening it, locking it, and turning its faults into ours."""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw

from isofront.errors import BadInputError, IntegrityError, IsofrontError

FORMAT = 1
"""The ledger file's format; a file of another is refused, never guessed at."""

SCHEMA = """
CREATE TABLE chain(n INTEGER PRIMARY KEY, line BLOB NOT NULL, hash BLOB NOT NULL);
CREATE TABLE payload(n INTEGER PRIMARY KEY, subject INTEGER NOT NULL, salt BLOB NOT NULL, body BLOB NOT NULL, raw BLOB);
CREATE INDEX payload_subject ON payload(subject) WHERE subject <> n;
CREATE TABLE names(id TEXT PRIMARY KEY, n INTEGER NOT NULL, content BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE traces(key INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY(key, n)) WITHOUT ROWID;
CREATE TABLE tombstones(id_hash BLOB PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
"""
"""`chain` is the ledger. All else lies beside it: bytes that `redact` can destroy, and indexes made from them."""
TABLES = tuple(re.findall(r"CREATE TABLE (\w+)", SCHEMA))

CLAIM_INDEX = """
CREATE TABLE IF NOT EXISTS claim_index(n INTEGER PRIMARY KEY, id TEXT NOT NULL, place TEXT NOT NULL,
    about TEXT NOT NULL, speaker TEXT NOT NULL, interest TEXT, said REAL NOT NULL, known REAL NOT NULL, gone REAL);
CREATE INDEX IF NOT EXISTS claim_index_place ON claim_index(place, about);
CREATE INDEX IF NOT EXISTS claim_index_id ON claim_index(id);
CREATE TABLE IF NOT EXISTS claim_index_end(n INTEGER NOT NULL, hash BLOB NOT NULL);
"""
"""Where claims are found without reading the chain (`claim_index.py`); `redact` empties its rows too."""

Waiting = Callable[[], None]


def connect(path: Path, *, create: bool, write: bool, waiting: Waiting | None = None) -> apsw.Connection:
    """An open connection with the pragmas that make an acknowledged row survive a power loss.

    Raises:
        BadInputError: there is no such file, and none is to be made.
        IntegrityError: the file is damaged, or of another format.
        IsofrontError: it cannot be opened or written.
    """
    if not create:
        refuse_missing(path)
    with faults(path):
        connection = _open(path, create=create, write=write, waiting=waiting)
        if write:
            _prepare(connection, path)
        _check_format(connection, path)
        return connection


def refuse_missing(path: Path) -> None:
    """Refuse a folder that has no ledger, before a lock is left in it.

    Raises:
        BadInputError: there is no such file.
    """
    if not path.exists():
        where = "no ledger in this folder; --theatre DIR names a theatre" if path.parent == Path() else "no ledger here"
        raise BadInputError(f"{path}: {where} (isofront add makes one)")


def _open(path: Path, *, create: bool, write: bool, waiting: Waiting | None) -> apsw.Connection:
    """A connection that waits for its turn from its first look on: who closes a ledger last holds it for a moment."""
    if write and create and not path.exists():
        _make_private(path)
    flags = apsw.SQLITE_OPEN_READWRITE if write else apsw.SQLITE_OPEN_READONLY
    connection = apsw.Connection(str(path), flags=flags)
    connection.set_busy_handler(_patient(waiting))
    if write:
        return connection
    try:
        connection.pragma("user_version")
    except (apsw.ReadOnlyError, apsw.CantOpenError):
        connection.close()
        return _open_unwritable(path)
    return connection


def _open_unwritable(path: Path) -> apsw.Connection:
    """A ledger in a folder that cannot be written: SQLite cannot make its -shm file there.

    With no write-ahead log beside it the file alone is the truth, and nobody can be writing to it.
    """
    wal = path.with_name(path.name + "-wal")
    if wal.exists() and wal.stat().st_size:
        raise IsofrontError(f"{path}: an import left work in {wal.name}; open it once from an account that can write")
    uri = f"{path.resolve().as_uri()}?immutable=1"
    return apsw.Connection(uri, flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)


def _make_private(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as fault:
        raise IsofrontError(
            f"{path}: cannot be made here ({fault.strerror}); adding evidence needs a folder that can be written"
        ) from fault


def _prepare(connection: apsw.Connection, path: Path) -> None:
    connection.execute("PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON; PRAGMA cache_size=-65536")
    connection.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000")
    if connection.readonly("main"):
        raise IsofrontError(f"{path}: the ledger can be read but not written (check the folder's permissions)")
    with transaction(connection, path):
        if connection.pragma("user_version") == 0 and not connection.execute("SELECT 1 FROM sqlite_master").fetchall():
            connection.execute(SCHEMA)
            connection.execute(f"PRAGMA user_version={FORMAT}")
        if connection.pragma("user_version") == FORMAT:
            connection.execute(CLAIM_INDEX)


def _check_format(connection: apsw.Connection, path: Path) -> None:
    version = connection.pragma("user_version")
    if version != FORMAT:
        raise BadInputError(f"{path}: ledger format {version}, this version of isofront reads {FORMAT}")
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    gone = [name for name in TABLES if name not in there]
    if gone:
        raise IntegrityError(f"{path}: the ledger file is damaged (it has no table {', '.join(gone)})")


def _patient(waiting: Waiting | None) -> Callable[[int], bool]:
    """Wait for as long as it takes, and say so once: another import holds the file."""

    def busy(tries: int) -> bool:
        if tries == 3 and waiting is not None:
            waiting()
        time.sleep(min(0.2, 0.005 * (tries + 1)))
        return True

    return busy


@contextlib.contextmanager
def transaction(connection: apsw.Connection, path: Path) -> Iterator[None]:
    """All or nothing; takes the write lock at the start, so that two writers never meet half-way."""
    with faults(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


@contextlib.contextmanager
def faults(path: Path) -> Iterator[None]:
    """Say what SQLite's faults mean for the user, in one line each.

    Raises:
        IntegrityError: the file is damaged.
        IsofrontError: it cannot be written, or the disk is full.
    """
    try:
        yield
    except (apsw.CorruptError, apsw.NotADBError, apsw.FormatError) as fault:
        raise IntegrityError(f"{path}: the ledger file is damaged ({fault})") from fault
    except (apsw.ReadOnlyError, apsw.CantOpenError, apsw.PermissionsError, apsw.AuthError) as fault:
        raise IsofrontError(f"{path}: the ledger cannot be written ({fault})") from fault
    except (apsw.FullError, apsw.IOError) as fault:
        raise IsofrontError(
            f"{path}: the disk is full or failing ({fault}); what was acknowledged before is safe"
        ) from fault


@contextlib.contextmanager
def only_writer(folder: Path, *, waiting: Waiting | None = None) -> Iterator[None]:
    """Hold the theatre's write lock for a whole import; a second import waits here and says so.

    The lock is an SQLite lock on an empty file of its own, because the system drops it if the process dies.
    """
    path = folder / "ledger.lock"
    with faults(path):
        if not path.exists():
            _make_private(path)
        lock = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            lock.set_busy_handler(_patient(waiting))
            lock.execute("BEGIN EXCLUSIVE")
            yield
        finally:
            lock.close()
