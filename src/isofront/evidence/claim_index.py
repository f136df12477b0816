"""Claims found without reading the chain: rows by place, subject and speaker, made from it and checked against it.

The index lies in the ledger's own file. Lines that came since are read into it before it is asked; if the line that it
ends with is no longer the chain's, it is made anew. It names lines: what is handed out is read from the payload, and
checked against the chain like everything else. `redact` deletes its rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import apsw
import msgspec

from isofront.errors import IntegrityError, IsofrontError
from isofront.evidence.claim import CLAIM, Claim, claims
from isofront.evidence.entry import FIRST_PREV, Line, read_line, salted
from isofront.evidence.ledger import Ledger
from isofront.evidence.replay import REDACTION, RETRACTION, Reason
from isofront.evidence.store import connect, faults, transaction
from isofront.ground.places import folded

_CLAIMS, _REASONS = msgspec.json.Decoder(Claim), msgspec.json.Decoder(Reason)
_KINDS = (CLAIM, RETRACTION, REDACTION)
_Row = tuple[Any, ...]
"""Line, id, place, subject, speaker, interest, when said, when known; in the table also when taken back."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which claims are wanted: all that is given must fit.

    `places` in any spelling that folds to the kept name; `speaker` a part of the name in any case; `interest` a side,
    or "none"; `first` and `last` are moments of saying, `last` excluded.
    """

    places: Sequence[str] = ()
    about: str | None = None
    speaker: str | None = None
    interest: str | None = None
    first: datetime | None = None
    last: datetime | None = None
    known_by: datetime | None = None


def claims_wanted(path: Path, wanted: Wanted) -> list[Claim]:
    """The claims that fit, known before a moment (all, if None) and not taken back by then, by the time of saying.

    Where the ledger's file cannot be written, the whole chain is read instead: slower, and the same.
    """
    try:
        db = connect(path, create=False, write=True)
    except IntegrityError:
        raise
    except IsofrontError:
        with Ledger.open(path) as ledger:
            return [one for one in claims(ledger, known_by=wanted.known_by) if _fits(one, wanted)]
    try:
        _refresh(db, path)
        found = [one for one in _read(db, path, *_where(wanted)) if _fits(one, wanted)]
    finally:
        db.close()
    return sorted(found, key=lambda one: (one.said_at, one.id))


def claims_named(path: Path, ids: Sequence[str]) -> dict[str, Claim]:
    """The latest claim of each of these ids, also if it was taken back since; only of those that are there."""
    db = connect(path, create=False, write=True)
    try:
        _refresh(db, path)
        rows = _read(db, path, "id IN (SELECT value FROM json_each(?))", (msgspec.json.encode(sorted(ids)).decode(),))
        return {one.id: one for one in rows}
    finally:
        db.close()


def _where(wanted: Wanted) -> tuple[str, tuple[Any, ...]]:
    terms: list[tuple[str, tuple[Any, ...]]] = [("1", ())]
    if wanted.places:
        keys = [folded(place) for place in wanted.places]
        terms.append((f"place IN ({', '.join('?' * len(keys))})", tuple(keys)))
    if wanted.about is not None:
        terms.append(("about = ?", (wanted.about,)))
    if wanted.speaker is not None:
        terms.append(("instr(speaker, ?)", (wanted.speaker.casefold(),)))
    if wanted.interest is not None:
        terms.append(("coalesce(interest, 'none') = ?", (wanted.interest,)))
    if wanted.first is not None:
        terms.append(("said >= ?", (wanted.first.timestamp(),)))
    if wanted.last is not None:
        terms.append(("said < ?", (wanted.last.timestamp(),)))
    if wanted.known_by is None:
        terms.append(("gone IS NULL", ()))
    else:
        at = wanted.known_by.timestamp()
        terms.append(("known < ? AND (gone IS NULL OR gone >= ?)", (at, at)))
    return " AND ".join(term for term, _ in terms), tuple(value for _, values in terms for value in values)


def _fits(one: Claim, wanted: Wanted) -> bool:
    """The same test on the claim itself, so that no row of the index can put words into anybody's mouth."""
    return (
        (not wanted.places or folded(one.place) in {folded(place) for place in wanted.places})
        and wanted.about in (None, one.about)
        and (wanted.speaker is None or wanted.speaker.casefold() in one.speaker.casefold())
        and (wanted.interest is None or wanted.interest == (one.interest or "none"))
        and (wanted.first is None or one.said_at >= wanted.first)
        and (wanted.last is None or one.said_at < wanted.last)
    )


def _read(db: apsw.Connection, path: Path, where: str, values: tuple[Any, ...]) -> Iterator[Claim]:
    """The claims of rows of the index, each checked against its line's hash of it."""
    columns = "c.n, CAST(c.line AS BLOB), CAST(p.salt AS BLOB), CAST(p.body AS BLOB)"
    rows = f"SELECT {columns} FROM claim_index i JOIN chain c USING(n) JOIN payload p USING(n) WHERE {where} ORDER BY n"
    with faults(path):
        for n, line, salt, body in db.execute(rows, values):
            if salted(salt, body) != read_line(line).body:
                raise IntegrityError(f"{path}: ledger line {n}: its bytes were changed after they were recorded")
            yield _claim(body, path, n)


def _claim(body: bytes, path: Path, n: int) -> Claim:
    try:
        return _CLAIMS.decode(body)
    except msgspec.DecodeError as fault:
        raise IntegrityError(f"{path}: ledger line {n}: no claim that this version reads ({fault})") from fault


def _refresh(db: apsw.Connection, path: Path) -> None:
    """Bring the index to the end of the chain."""
    with faults(path):
        end, tail = _end(db), _tail(db)
        if end == tail:
            return
    with transaction(db, path):
        end, tail = _end(db), _tail(db)
        if not db.execute("SELECT 1 FROM chain WHERE n = ? AND hash = ?", end).fetchall():
            db.execute("DELETE FROM claim_index")
            end = (0, b"")
        _learn(db, path, after=end[0])
        db.execute("DELETE FROM claim_index_end")
        db.execute("INSERT INTO claim_index_end VALUES(?, ?)", tail)


def _end(db: apsw.Connection) -> tuple[int, bytes]:
    for n, hashed in db.execute("SELECT n, hash FROM claim_index_end"):
        return int(n), bytes(hashed)
    return 0, b""


def _tail(db: apsw.Connection) -> tuple[int, bytes]:
    for n, hashed in db.execute("SELECT n, hash FROM chain ORDER BY n DESC LIMIT 1"):
        return int(n), bytes(hashed)
    return 0, bytes.fromhex(FIRST_PREV)


def _learn(db: apsw.Connection, path: Path, *, after: int) -> None:
    fresh, changes = _told(db, path, after=after)
    db.executemany("INSERT OR REPLACE INTO claim_index VALUES(?, ?, ?, ?, ?, ?, ?, ?, NULL)", fresh)
    for line, body in changes:
        _change(db, line, body)


def _told(db: apsw.Connection, path: Path, *, after: int) -> tuple[list[_Row], list[tuple[Line, bytes | None]]]:
    """What the chain says after a line: rows of new claims, and what takes claims back or destroys them."""
    columns = "c.n, CAST(c.line AS BLOB), CAST(p.body AS BLOB)"
    chosen = " OR ".join("instr(CAST(c.line AS TEXT), ?)" for _ in _KINDS)
    query = f"SELECT {columns} FROM chain c LEFT JOIN payload p USING(n) WHERE c.n > ? AND ({chosen}) ORDER BY c.n"
    fresh: list[_Row] = []
    changes: list[tuple[Line, bytes | None]] = []
    for n, content, body in db.execute(query, (after, *(f'"type":"{kind}"' for kind in _KINDS))):
        line = read_line(content)
        if line.type != CLAIM:
            changes.append((line, body))
        elif body is not None:
            fresh.append(_row(n, _claim(body, path, n)))
    return fresh, changes


def _row(n: int, one: Claim) -> _Row:
    times = one.said_at.timestamp(), one.known_at.timestamp()
    return n, one.id, folded(one.place), one.about, one.speaker.casefold(), one.interest, *times


def _change(db: apsw.Connection, line: Line, body: bytes | None) -> None:
    """A retraction or a redaction of a line; the earliest retraction counts."""
    if line.type == REDACTION:
        db.execute("DELETE FROM claim_index WHERE n = ?", (line.of,))
    elif body is not None:
        gone = _gone(line, body)
        db.execute("UPDATE claim_index SET gone = min(coalesce(gone, ?1), ?1) WHERE n = ?2", (gone, line.of))


def _gone(line: Line, reason: bytes) -> float:
    return (_REASONS.decode(reason).known_at or line.at).timestamp()


def index_differs(path: Path) -> bool:
    """Whether the index names other claims than the chain up to where it ends: somebody changed it from outside.

    An index that is behind the chain, or of another one, does not differ: it is brought up before it is asked.
    """
    db = connect(path, create=False, write=False)
    try:
        with faults(path):
            db.execute("BEGIN")  # one moment of the file, while somebody may be adding claims
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'claim_index_end'").fetchall():
                return False
            end = _end(db)
            if not db.execute("SELECT 1 FROM chain WHERE n = ? AND hash = ?", end).fetchall():
                return False
            return {row[0]: row for row in db.execute("SELECT * FROM claim_index")} != _expected(db, path, end[0])
    finally:
        db.close()


def _expected(db: apsw.Connection, path: Path, until: int) -> dict[int, tuple[Any, ...]]:
    fresh, changes = _told(db, path, after=0)
    rows: dict[int, tuple[Any, ...]] = {row[0]: (*row, None) for row in fresh if row[0] <= until}
    for line, body in changes:
        row = rows.get(line.of or 0)
        if row is not None and line.type == REDACTION:
            del rows[row[0]]
        elif row is not None and body is not None and line.n <= until:
            gone = _gone(line, body)
            rows[row[0]] = (*row[:-1], gone if row[-1] is None else min(row[-1], gone))
    return rows


def forget_index(path: Path) -> None:
    """Throw the index away; the next question makes it anew."""
    db = connect(path, create=False, write=True)
    try:
        with transaction(db, path):
            db.execute("DELETE FROM claim_index")
            db.execute("DELETE FROM claim_index_end")
    finally:
        db.close()
