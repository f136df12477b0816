"""The append-only ledger: append, read back as known by a moment, verify, redact. Nothing is ever edited."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

import apsw
import msgspec

from isofront.errors import IntegrityError, UsageError
from isofront.evidence.entry import FIRST_PREV, SALT_BYTES, Entry, Line, hash_of, line_bytes, read_line, salted
from isofront.evidence.likeness import likeness, search_keys, trace_keys
from isofront.evidence.replay import (
    CORRECTION,
    LINK,
    REDACTION,
    REPORT,
    RETRACTION,
    Reason,
    read_report,
    reason_bytes,
    report_bytes,
    reports_known,
)
from isofront.evidence.report import Report
from isofront.evidence.store import Waiting, connect, faults, only_writer, transaction

LEDGER_FILE = "ledger.db"
MAX_LINKS = 8
"""A new report is linked to this many near-duplicates at most: enough to hold any real group together."""
MAX_SEARCHED = 64
"""How many reports under one key are looked at, so that a thousand reposts do not cost a million looks."""

_OF_SUBJECT = "SELECT n FROM payload WHERE n = :n OR (subject = :n AND subject <> n AND n <= :last)"
"""Every entry about report :n, from its first telling up to line :last."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A report offered to the ledger: what it states (hashed, so that sameness can be told) and its input bytes."""

    report: Report
    content: bytes
    raw: bytes


@dataclass(frozen=True, slots=True)
class Taken:
    """What the ledger did with a batch; `refused` are the places in the batch whose id holds other content."""

    added: int = 0
    duplicates: int = 0
    corrections: int = 0
    linked: int = 0
    refused: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Redacted:
    """A redaction: the entry's number, how many payloads it destroyed, whether it had been done before."""

    n: int
    payloads: int
    before: bool


class Ledger:
    """One SQLite file; use as a context manager."""

    def __init__(self, path: Path, connection: apsw.Connection) -> None:
        self.path = path
        self._db = connection

    @classmethod
    def open(cls, path: Path, *, create: bool = False, write: bool = False, waiting: Waiting | None = None) -> Ledger:
        """The ledger at a path; `create` makes a missing one. `waiting` is called once if another process holds it."""
        return cls(path, connect(path, create=create, write=write or create, waiting=waiting))

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the write-ahead log is folded in by the last one out."""
        with faults(self.path):
            self._db.close()

    @property
    def count(self) -> int:
        """How many lines the chain has."""
        return self._tail()[0]

    @property
    def head(self) -> str:
        """The hash of the last line, hex; keep it elsewhere, for only it can show that a tail was cut off."""
        return self._tail()[1]

    def counts(self) -> dict[str, int]:
        """How many lines of each type."""
        found: dict[str, int] = {}
        for line, _ in self._lines():
            found[line.type] = found.get(line.type, 0) + 1
        return found

    def append(self, entries: Iterable[Entry], *, now: datetime) -> str:
        """Add entries of any type at the end, all or none, and return the new head."""
        with transaction(self._db, self.path):
            chain = _Chain(self._db, *self._tail(), now=now)
            for entry in entries:
                n = chain.add(entry.type, body=entry.body, raw=entry.raw)
                self._db.execute("INSERT OR REPLACE INTO names VALUES(?, ?, ?)", (f"{entry.type}:{entry.id}", n, b""))
            chain.flush()
        return self.head

    def entries(self, kind: str) -> Iterator[tuple[int, datetime, bytes]]:
        """Number, recording time and bytes of every entry of a type whose bytes still exist."""
        for line, body in self._lines():
            if line.type == kind and body is not None:
                yield line.n, line.at, body

    def take(self, offers: Sequence[Offer], *, correct: bool, now: datetime) -> Taken:
        """Add what is new among these reports in one transaction; once this returns they survive a power loss."""
        with transaction(self._db, self.path):
            return _Intake(self._db, _Chain(self._db, *self._tail(), now=now), correct=correct, now=now).take(offers)

    def reports(self, known_by: datetime | None = None) -> list[Report]:
        """The reports known before `known_by` (all, if None), in chain order; see `replay.reports_known`."""
        with faults(self.path):
            return reports_known(self._lines(), known_by=known_by)

    def retract(self, report_id: str, reason: str, *, now: datetime, known_at: datetime | None = None) -> str:
        """Take a report back; it stays in the chain and counts for what was known before."""
        with transaction(self._db, self.path):
            n = self._number(report_id)
            chain = _Chain(self._db, *self._tail(), now=now)
            chain.add(RETRACTION, of=n, body=reason_bytes(Reason(reason, known_at or now)))
            chain.flush()
        return self.head

    def redact(self, report_id: str, reason: str, *, now: datetime) -> Redacted:
        """Destroy a report's bytes, coordinates and text wherever the file holds them, and leave a tombstone."""
        with transaction(self._db, self.path):
            n, before = self._number_even_redacted(report_id)
            payloads = 0 if before else self._bury(n, report_id, reason, now=now)
        self._scrub()
        return Redacted(n, payloads, before)

    def _bury(self, n: int, report_id: str, reason: str, *, now: datetime) -> int:
        chain = _Chain(self._db, *self._tail(), now=now)
        chain.add(REDACTION, of=n, body=reason_bytes(Reason(reason)))
        chain.flush()
        which = {"n": n, "last": chain.n - 1}
        self._db.execute(f"DELETE FROM traces WHERE n IN ({_OF_SUBJECT})", which)
        self._db.execute(f"DELETE FROM payload WHERE n IN ({_OF_SUBJECT})", which)
        destroyed = self._db.changes()
        self._db.execute("DELETE FROM names WHERE id = ?", (report_id,))
        self._db.execute("INSERT OR IGNORE INTO tombstones VALUES(?, ?)", (_id_hash(report_id), n))
        return destroyed

    def _scrub(self) -> None:
        """Rewrite the file and empty the write-ahead log: pages that once held the bytes may keep copies otherwise."""
        with faults(self.path):
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _number(self, report_id: str) -> int:
        n, redacted = self._number_even_redacted(report_id)
        if redacted:
            raise UsageError(f"{self.path}: report {report_id!r} was redacted; there is nothing left to take back")
        return n

    def _number_even_redacted(self, report_id: str) -> tuple[int, bool]:
        for (n,) in self._db.execute("SELECT n FROM names WHERE id = ?", (report_id,)):
            return n, False
        for (n,) in self._db.execute("SELECT n FROM tombstones WHERE id_hash = ?", (_id_hash(report_id),)):
            return n, True
        raise UsageError(f"{self.path}: no report has the id {report_id!r}")

    def _tail(self) -> tuple[int, str]:
        with faults(self.path):
            for n, hashed in self._db.execute("SELECT n, hash FROM chain ORDER BY n DESC LIMIT 1"):
                return n, hashed.hex()
        return 0, FIRST_PREV

    def _lines(self) -> Iterator[tuple[Line, bytes | None]]:
        """Every line with its bytes; each payload is checked against its name, so a changed one is never used."""
        rows = "SELECT c.n, c.line, p.salt, p.body FROM chain c LEFT JOIN payload p USING(n) ORDER BY c.n"
        with faults(self.path):
            for n, line, salt, body in self._db.execute(rows):
                try:
                    read = read_line(line)
                except msgspec.MsgspecError as fault:
                    raise IntegrityError(f"{self.path}: ledger line {n} cannot be read ({fault})") from fault
                if body is not None and salted(salt, body) != read.body:
                    raise IntegrityError(
                        f"{self.path}: ledger line {n}: its bytes were changed after they were recorded"
                    )
                yield read, body


class _Chain:
    """The end of the chain while a transaction adds to it; rows are written together by `flush`."""

    def __init__(self, db: apsw.Connection, n: int, head: str, *, now: datetime) -> None:
        self.n, self._head, self._db = n, head, db
        self._at = now.astimezone(UTC).replace(microsecond=0)
        self._lines: list[tuple[int, bytes, bytes]] = []
        self._payloads: list[tuple[int, int, bytes, bytes, bytes | None]] = []

    def add(
        self,
        kind: str,
        *,
        of: int | None = None,
        to: int | None = None,
        why: str | None = None,
        body: bytes | None = None,
        raw: bytes = b"",
    ) -> int:
        self.n += 1
        salt = os.urandom(SALT_BYTES)
        named = salted(salt, body) if body is not None else None
        line = line_bytes(
            Line(self.n, self._head, kind, self._at, of, to, why, named, salted(salt, raw) if raw else None)
        )
        hashed = hash_of(line)
        self._head = hashed.hex()
        self._lines.append((self.n, line, hashed))
        if body is not None:
            self._payloads.append((self.n, of or self.n, salt, body, raw or None))
        return self.n

    def flush(self) -> None:
        self._db.executemany("INSERT INTO chain VALUES(?, ?, ?)", self._lines)
        self._db.executemany("INSERT INTO payload VALUES(?, ?, ?, ?, ?)", self._payloads)
        self._lines.clear()
        self._payloads.clear()


class _Intake:
    """One batch of offers on its way into the chain."""

    def __init__(self, db: apsw.Connection, chain: _Chain, *, correct: bool, now: datetime) -> None:
        self._db, self._chain, self._correct, self._now = db, chain, correct, now
        self._any_tombstone = bool(db.execute("SELECT 1 FROM tombstones LIMIT 1").fetchall())
        self._names: dict[str, tuple[int, bytes]] = {}
        self._fresh: dict[int, Report] = {}
        self._traces: dict[int, list[int]] = {}
        self._links: list[tuple[int, int, str]] = []

    def take(self, offers: Sequence[Offer]) -> Taken:
        added = duplicates = corrections = 0
        refused: list[int] = []
        for place, offer in enumerate(offers):
            known = self._known(offer.report.id)
            if known is None:
                self._add(offer)
                added += 1
            elif known[1] in (offer.content, b""):
                duplicates += 1
            elif self._correct:
                self._correct_with(offer, known[0])
                corrections += 1
            else:
                refused.append(place)
        self._write()
        return Taken(added, duplicates, corrections, len({of for of, _, _ in self._links}), tuple(refused))

    def _known(self, report_id: str) -> tuple[int, bytes] | None:
        if report_id in self._names:
            return self._names[report_id]
        for n, content in self._db.execute("SELECT n, content FROM names WHERE id = ?", (report_id,)):
            return n, content
        if self._any_tombstone:
            for (n,) in self._db.execute("SELECT n FROM tombstones WHERE id_hash = ?", (_id_hash(report_id),)):
                return n, b""
        return None

    def _add(self, offer: Offer) -> None:
        n = self._chain.add(REPORT, body=report_bytes(offer.report), raw=offer.raw)
        self._names[offer.report.id] = n, offer.content
        self._link(n, offer.report, subject=n)

    def _correct_with(self, offer: Offer, first: int) -> None:
        report = self._known_when(offer.report, first)
        n = self._chain.add(CORRECTION, of=first, body=report_bytes(report), raw=offer.raw)
        self._names[offer.report.id] = first, offer.content
        self._link(n, report, subject=first)

    def _known_when(self, report: Report, first: int) -> Report:
        """A correction is known when it was itself published, if that is later than what it corrects, else now."""
        before = max(
            (self._report(n).known_at for n in self._versions(first)),
            default=report.known_at,
        )
        if report.known_at > before:
            return report
        return replace(report, known_at=self._now, known_inferred=False)

    def _versions(self, first: int) -> list[int]:
        self._chain.flush()
        rows = self._db.execute(
            f"SELECT n, line FROM chain WHERE n IN ({_OF_SUBJECT})", {"n": first, "last": self._chain.n}
        )
        return [n for n, line in rows if read_line(line).type in (REPORT, CORRECTION)]

    def _link(self, n: int, report: Report, *, subject: int) -> None:
        found = 0
        for other in self._candidates(report):
            of = self._subject(other)
            if of == subject or found == MAX_LINKS:
                continue
            why = likeness(report, self._report(other))
            if why is not None:
                self._links.append((subject, of, why))
                found += 1
        self._fresh[n] = report
        for key in trace_keys(report):
            self._traces.setdefault(key, []).append(n)

    def _candidates(self, report: Report) -> list[int]:
        found: set[int] = set()
        for key in search_keys(report):
            found.update(self._traces.get(key, ())[-MAX_SEARCHED:])
            rows = "SELECT n FROM traces WHERE key = ? ORDER BY n DESC LIMIT ?"
            found.update(n for (n,) in self._db.execute(rows, (key, MAX_SEARCHED)))
        return sorted(found, reverse=True)

    def _subject(self, n: int) -> int:
        if n in self._fresh:
            return self._names[self._fresh[n].id][0]
        return next(
            int(str(subject)) for (subject,) in self._db.execute("SELECT subject FROM payload WHERE n = ?", (n,))
        )

    def _report(self, n: int) -> Report:
        if n in self._fresh:
            return self._fresh[n]
        return next(read_report(body) for (body,) in self._db.execute("SELECT body FROM payload WHERE n = ?", (n,)))

    def _write(self) -> None:
        for of, to, why in dict.fromkeys(self._links):
            self._chain.add(LINK, of=of, to=to, why=why)
        self._chain.flush()
        names = ((name, n, content) for name, (n, content) in self._names.items())
        self._db.executemany("INSERT OR REPLACE INTO names VALUES(?, ?, ?)", names)
        traces = ((key, n) for key in sorted(self._traces) for n in self._traces[key])
        self._db.executemany("INSERT OR IGNORE INTO traces VALUES(?, ?)", traces)


def _id_hash(report_id: str) -> bytes:
    return hashlib.sha256(report_id.encode()).digest()


def ledger_path(folder: Path) -> Path:
    """Where a theatre keeps its ledger."""
    return folder / LEDGER_FILE


__all__ = ["Ledger", "Offer", "Redacted", "Taken", "ledger_path", "only_writer"]
