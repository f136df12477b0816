"""The append-only ledger: append, read back as known by a moment, retract, redact. Nothing is ever edited."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType

import apsw
import msgspec

from isofront.errors import IntegrityError, UsageError
from isofront.evidence.alike import alike
from isofront.evidence.chain import OF_SUBJECT, ChainEnd, id_hash
from isofront.evidence.entry import FIRST_PREV, Entry, Line, read_line, salted
from isofront.evidence.replay import (
    REDACTION,
    RETRACTION,
    Reason,
    reason_bytes,
    reports_known,
)
from isofront.evidence.report import Report
from isofront.evidence.store import Waiting, connect, faults, only_writer, refuse_missing, transaction
from isofront.evidence.taking import MAX_REMEMBERED, Offer, Taken, Taker, Written
from isofront.evidence.traits import Told

LEDGER_FILE = "ledger.db"
TOMBSTONE = "tombstone"
"""The type of a line that keeps out a report which was redacted in another ledger."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """A redaction: the entry's number, how many payloads it destroyed, whether it had been done before."""

    n: int
    payloads: int
    before: bool


@dataclass(frozen=True, slots=True)
class Note:
    """An entry about an earlier line: its type, that line's number, its bytes."""

    type: str
    of: int
    body: bytes


class Ledger:
    """One SQLite file; use as a context manager."""

    def __init__(self, path: Path, connection: apsw.Connection) -> None:
        self.path = path
        self._db = connection
        self._lately: dict[int, Told] = {}

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
        for line, _ in self.lines():
            found[line.type] = found.get(line.type, 0) + 1
        return found

    def append(self, entries: Iterable[Entry], *, now: datetime) -> str:
        """Add entries of any type at the end, all or none, and return the new head."""
        with transaction(self._db, self.path):
            chain = ChainEnd(self._db, *self._tail(), now=now)
            self._put(entries, chain)
            chain.flush()
        return self.head

    def _put(self, entries: Iterable[Entry], chain: ChainEnd) -> None:
        for entry in entries:
            n = chain.add(entry.type, body=entry.body, raw=entry.raw)
            self._db.execute("INSERT OR REPLACE INTO names VALUES(?, ?, ?)", (f"{entry.type}:{entry.id}", n, b""))

    def records(self, *kinds: str) -> Iterator[tuple[int, str, bytes]]:
        """Number, type and bytes of every entry of these types whose bytes still exist; others are not even read."""
        for line, body in self.lines(*kinds):
            if body is not None:
                yield line.n, line.type, body

    def lines(self, *kinds: str) -> Iterator[tuple[Line, bytes | None]]:
        """Every line (of these types, if any are given) with its bytes.

        The bytes are None where a redaction destroyed them, or there never were any.

        Raises:
            IntegrityError: a line cannot be read or is missing, its bytes differ from their name, or are gone though
                nobody redacted them: a report lost that way must not look like one that never came.
        """
        bare: dict[int, int] = {}
        redacted: set[int] = set()
        for wanted, (line, body) in enumerate(self._read(kinds), start=1):
            if line.n != wanted and not kinds:
                raise IntegrityError(f"{self.path}: ledger line {wanted} is missing (the next is {line.n})")
            if line.type == REDACTION and line.of is not None:
                redacted.add(line.of)
            if body is None and line.body is not None:
                bare[line.n] = line.of or line.n
            yield line, body
        lost = next((n for n, subject in bare.items() if subject not in redacted), None)
        if lost is not None and (not kinds or REDACTION in kinds):
            raise IntegrityError(f"{self.path}: ledger line {lost}: its bytes are gone and no redaction says so")

    def _read(self, kinds: Sequence[str]) -> Iterator[tuple[Line, bytes | None]]:
        columns = "c.n, CAST(c.line AS BLOB), CAST(p.salt AS BLOB), CAST(p.body AS BLOB)"
        # A line is canonical JSON without free text, so that its type can be looked for in its bytes.
        chosen = " OR ".join("instr(CAST(c.line AS TEXT), ?)" for _ in kinds) or "1"
        rows = f"SELECT {columns} FROM chain c LEFT JOIN payload p USING(n) WHERE {chosen} ORDER BY c.n"
        with faults(self.path):
            for n, line, salt, body in self._db.execute(rows, tuple(f'"type":"{kind}"' for kind in kinds)):
                try:
                    read = read_line(line)
                except msgspec.MsgspecError as fault:
                    raise IntegrityError(f"{self.path}: ledger line {n} cannot be read ({fault})") from fault
                if body is not None and salted(salt, body) != read.body:
                    raise IntegrityError(
                        f"{self.path}: ledger line {n}: its bytes were changed after they were recorded"
                    )
                yield read, body

    def contents(self, ids: Iterable[str]) -> dict[str, bytes]:
        """What the latest version of each of these reports states, hashed; only of those that are there."""
        asked = msgspec.json.encode(sorted(ids)).decode()
        with faults(self.path):
            rows = self._db.execute(
                "SELECT id, content FROM names WHERE id IN (SELECT value FROM json_each(?))", (asked,)
            )
            return {str(name): bytes(content) for name, content in rows if content}

    def known(self, ids: Iterable[str]) -> dict[str, int]:
        """Which of these names the ledger has, each with the line that it means."""
        asked = msgspec.json.encode(sorted(ids)).decode()
        with faults(self.path):
            rows = self._db.execute("SELECT id, n FROM names WHERE id IN (SELECT value FROM json_each(?))", (asked,))
            return {str(name): int(n) for name, n in rows}

    def names(self) -> dict[str, int]:
        """Every name in the ledger with the line that it means; redacted ones are gone."""
        with faults(self.path):
            return {str(name): int(n) for name, n in self._db.execute("SELECT id, n FROM names")}

    def tombstones(self) -> dict[bytes, int]:
        """The hashed ids of redacted reports, and the line each is about."""
        with faults(self.path):
            return {bytes(hashed): int(n) for hashed, n in self._db.execute("SELECT id_hash, n FROM tombstones")}

    def note(self, notes: Sequence[Note], *, now: datetime) -> str:
        """Add entries about earlier lines; they go with what they are about if that is redacted."""
        with transaction(self._db, self.path):
            chain = ChainEnd(self._db, *self._tail(), now=now)
            for one in notes:
                chain.add(one.type, of=one.of, body=one.body)
            chain.flush()
        return self.head

    def bury(self, tombs: Iterable[tuple[bytes, str]], *, now: datetime) -> str:
        """Keep the hashed ids of reports that were redacted elsewhere and never were here, so that they never come."""
        with transaction(self._db, self.path):
            chain = ChainEnd(self._db, *self._tail(), now=now)
            for hashed, reason in tombs:
                n = chain.add(TOMBSTONE, body=msgspec.json.encode({"id_sha256": hashed.hex(), "reason": reason}))
                self._db.execute("INSERT OR IGNORE INTO tombstones VALUES(?, ?)", (hashed, n))
            chain.flush()
        return self.head

    def raw(self, n: int) -> bytes | None:
        """The input bytes of line `n`, checked against its name; None if there are none (any more).

        Raises:
            IntegrityError: they were changed after they were recorded.
        """
        columns = "CAST(c.line AS BLOB), CAST(p.salt AS BLOB), CAST(p.raw AS BLOB)"
        with faults(self.path):
            for line, salt, raw in self._db.execute(
                f"SELECT {columns} FROM chain c JOIN payload p USING(n) WHERE c.n = ?", (n,)
            ):
                if raw is not None and salted(salt, raw) != read_line(line).raw:
                    raise IntegrityError(
                        f"{self.path}: ledger line {n}: its input bytes were changed after they were recorded"
                    )
                return None if raw is None else bytes(raw)
        return None

    def take(
        self, offers: Sequence[Offer | Written], *, correct: bool, now: datetime, beside: Iterable[Entry] = ()
    ) -> Taken:
        """Add what is new among these reports in one transaction; once this returns they survive a power loss.

        `beside` are entries of other types that are added in the same transaction, before the reports.
        """
        with transaction(self._db, self.path):
            chain = ChainEnd(self._db, *self._tail(), now=now)
            self._put(beside, chain)
            taker = Taker(self._db, chain, correct=correct, now=now, lately=self._lately)
            taken = taker.take(offers)
        self._remember(taker.told)  # not before it is written: lines of a batch that failed will be others
        return taken

    def _remember(self, told: dict[int, Told]) -> None:
        self._lately |= told
        if len(self._lately) > MAX_REMEMBERED:
            self._lately = dict(sorted(told.items())[-MAX_REMEMBERED:])

    def reports(self, known_by: datetime | None = None) -> list[Report]:
        """The reports known before `known_by` (all, if None), in chain order; see `replay.reports_known`."""
        with faults(self.path):
            return reports_known(self.lines(), known_by=known_by)

    def alike(self, report: Report) -> list[tuple[Report, str]]:
        """The near-duplicates that a report would be linked to if it were added, each with the rule that says so."""
        with faults(self.path):
            return alike(self._db, report)

    def retract(self, report_id: str, reason: str, *, now: datetime, known_at: datetime | None = None) -> str:
        """Take a report back; it stays in the chain and counts for what was known before."""
        with transaction(self._db, self.path):
            n = self._number(report_id)
            chain = ChainEnd(self._db, *self._tail(), now=now)
            chain.add(RETRACTION, of=n, body=reason_bytes(Reason(reason, known_at or now)))
            chain.flush()
        return self.head

    def is_taken_back(self, report_id: str) -> bool:
        """Whether somebody took this report back already: that is for good, and once is enough.

        Raises:
            UsageError: there is no such report, or it was redacted.
        """
        n = self._number(report_id)
        return any(line.of == n for line, _ in self.lines(RETRACTION))

    def redact(self, report_id: str, reason: str, *, now: datetime) -> Redacted:
        """Destroy a report's bytes, coordinates and text wherever the file holds them, and leave a tombstone."""
        with transaction(self._db, self.path):
            n, before = self._number_even_redacted(report_id)
            payloads = 0 if before else self._bury(n, report_id, reason, now=now)
        self._lately.clear()
        self._scrub()
        return Redacted(n, payloads, before)

    def _bury(self, n: int, report_id: str, reason: str, *, now: datetime) -> int:
        chain = ChainEnd(self._db, *self._tail(), now=now)
        chain.add(REDACTION, of=n, body=reason_bytes(Reason(reason)))
        chain.flush()
        which = {"n": n, "last": chain.n - 1}
        self._db.execute(f"DELETE FROM traces WHERE n IN ({OF_SUBJECT})", which)
        self._db.execute(f"DELETE FROM payload WHERE n IN ({OF_SUBJECT})", which)
        destroyed = self._db.changes()
        self._db.execute("DELETE FROM names WHERE id = ?", (report_id,))
        self._db.execute("DELETE FROM claim_index WHERE n = ?", (n,))
        self._db.execute("INSERT OR IGNORE INTO tombstones VALUES(?, ?)", (id_hash(report_id), n))
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
        for (n,) in self._db.execute("SELECT n FROM tombstones WHERE id_hash = ?", (id_hash(report_id),)):
            return n, True
        raise UsageError(f"{self.path}: no report has the id {report_id!r}")

    def _tail(self) -> tuple[int, str]:
        with faults(self.path):
            for n, hashed in self._db.execute("SELECT n, hash FROM chain ORDER BY n DESC LIMIT 1"):
                return n, hashed.hex()
        return 0, FIRST_PREV


def ledger_path(folder: Path) -> Path:
    """Where a theatre keeps its ledger."""
    return folder / LEDGER_FILE


@contextlib.contextmanager
def only_writing(folder: Path, *, waiting: Waiting | None = None) -> Iterator[Ledger]:
    """The ledger that a theatre has already, to be written by this process alone.

    Raises:
        BadInputError: it has none; nothing is left in the folder then.
    """
    path = ledger_path(folder)
    refuse_missing(path)
    with only_writer(folder, waiting=waiting), Ledger.open(path, write=True, waiting=waiting) as ledger:
        yield ledger


__all__ = ["Ledger", "Offer", "Redacted", "Taken", "ledger_path", "only_writer", "only_writing"]
