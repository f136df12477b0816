"""Whether a ledger is what was written: the chain, the bytes beside it, and the file itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import apsw
import msgspec

from isofront.errors import IntegrityError, UsageError
from isofront.evidence.entry import FIRST_PREV, Line, hash_of, read_line, salted
from isofront.evidence.replay import REDACTION
from isofront.evidence.store import connect, faults


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found. `first_bad` is the number of the first bad line, `fault` says what is wrong with it.

    `head_at` is the line whose hash the caller brought, if any: earlier than `count` means that lines were added since.
    """

    count: int
    head: str
    redacted: int = 0
    first_bad: int | None = None
    fault: str | None = None
    head_at: int | None = None

    @property
    def holds(self) -> bool:
        """Whether all is as it was written."""
        return self.fault is None


@dataclass(slots=True)
class _Walk:
    """Where verification stands in the chain."""

    wanted_head: str | None
    count: int = 0
    head: str = FIRST_PREV
    head_at: int | None = None
    faults: dict[int, str] = field(default_factory=dict)
    bare: dict[int, int] = field(default_factory=dict)
    redacted: set[int] = field(default_factory=set)

    def blame(self, n: int, fault: str) -> None:
        self.faults.setdefault(n, fault)


def verify(path: Path, *, head: str | None = None) -> Verdict:
    """Check every line against the next, its bytes against its name, and the file against SQLite's own check.

    A chain alone cannot show that its end was cut off; a `head` kept elsewhere can, and must occur in it.
    """
    wanted = _head(head)
    connection = connect(path, create=False, write=False)
    try:
        walk = _Walk(wanted)
        with faults(path):
            _walk_chain(connection, walk)
            _check_bare(walk)
            _check_orphans(connection, walk)
            _check_file(connection, walk)
    except IntegrityError as fault:
        return Verdict(walk.count, walk.head, 0, walk.count + 1, str(fault))
    finally:
        connection.close()
    return _verdict(walk)


def _head(head: str | None) -> str | None:
    if head is None:
        return None
    plain = head.strip().lower()
    if len(plain) != 64 or any(letter not in "0123456789abcdef" for letter in plain):
        raise UsageError(f"--head {head!r}: wanted the 64 hex digits of a line's hash")
    return plain


def _walk_chain(connection: apsw.Connection, walk: _Walk) -> None:
    # A column may have been given another type by whoever changed it; the bytes are what counts.
    blobs = ", ".join(f"CAST({column} AS BLOB)" for column in ("c.line", "c.hash", "p.salt", "p.body", "p.raw"))
    columns = f"c.n, {blobs}, p.subject"
    rows = f"SELECT {columns} FROM chain c LEFT JOIN payload p USING(n) ORDER BY c.n"
    if walk.wanted_head == FIRST_PREV:
        walk.head_at = 0
    for n, line, hashed, salt, body, raw, subject in connection.execute(rows):
        if n != walk.count + 1:
            walk.blame(walk.count + 1, f"line {walk.count + 1} is missing (the next is {n})")
        _check_line(walk, n, line, hashed, payload=None if body is None else (salt, body, raw, subject))
        walk.count = n


_Payload = tuple[bytes, bytes, bytes | None, int]


def _check_line(walk: _Walk, n: int, line: bytes, hashed: bytes, *, payload: _Payload | None) -> None:
    expected, walk.head = walk.head, bytes(hashed).hex()
    if walk.head == walk.wanted_head:
        walk.head_at = n
    if hash_of(line) != hashed:
        walk.blame(n, "the line was changed (its hash does not match)")
        return
    try:
        read = read_line(line)
    except msgspec.MsgspecError as fault:
        walk.blame(n, f"the line cannot be read ({fault})")
        return
    if read.prev != expected:
        walk.blame(n, "the line does not follow the one before it")
    if read.n != n:
        walk.blame(n, f"the line says it is line {read.n}")
    _check_payload(walk, read, payload)


def _check_payload(walk: _Walk, line: Line, payload: _Payload | None) -> None:
    if line.type == REDACTION and line.of is not None:
        walk.redacted.add(line.of)
    if payload is None:
        if line.body is not None:
            walk.bare[line.n] = line.of or line.n
        return
    salt, body, raw, subject = payload
    if salted(salt, body) != line.body:
        walk.blame(line.n, "its bytes were changed after they were recorded")
    if (salted(salt, raw) if raw else None) != line.raw:
        walk.blame(line.n, "its input bytes were changed after they were recorded")
    if subject != (line.of or line.n):
        walk.blame(line.n, "its bytes are filed under another report")


def _check_bare(walk: _Walk) -> None:
    """Bytes may be absent only where a later line says that they were redacted."""
    for n, subject in walk.bare.items():
        if subject not in walk.redacted:
            walk.blame(n, "its bytes are gone and no redaction says so")


def _check_orphans(connection: apsw.Connection, walk: _Walk) -> None:
    for (n,) in connection.execute("SELECT p.n FROM payload p LEFT JOIN chain c USING(n) WHERE c.n IS NULL LIMIT 1"):
        walk.blame(n, f"line {n} is missing, though its bytes are there (was the end cut off?)")


def _check_file(connection: apsw.Connection, walk: _Walk) -> None:
    said = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
    if said != ["ok"]:
        walk.blame(walk.count + 1, f"the file is damaged ({said[0]})")


def _verdict(walk: _Walk) -> Verdict:
    first_bad = min(walk.faults, default=None)
    fault = walk.faults[first_bad] if first_bad is not None else None
    if fault is None and walk.wanted_head is not None and walk.head_at is None:
        fault = f"the head {walk.wanted_head} is nowhere in it: the end was cut off, or this is another ledger"
    return Verdict(walk.count, walk.head, len(walk.redacted), first_bad, fault, walk.head_at)
