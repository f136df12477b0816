"""One batch of reports on its way into the chain: what is new, what is known, what is the same event told twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import apsw
import msgspec

from isofront.evidence.chain import OF_SUBJECT, ChainEnd, id_hash
from isofront.evidence.entry import read_line
from isofront.evidence.likeness import Keys, keys_of, likeness
from isofront.evidence.replay import CORRECTION, LINK, REPORT, read_report, report_bytes
from isofront.evidence.report import Report

MAX_LINKS = 8
"""A new report is linked to this many near-duplicates at most: enough to hold any real group together."""
MAX_SEARCHED = 64
"""How many reports under one key are looked at, so that a thousand reposts do not cost a million looks."""

_NAMES_ASKED = "SELECT id, n, content FROM names WHERE id IN (SELECT value FROM json_each(?))"
_NEWEST_KEY = "SELECT max(key) FROM traces"
_TRACES_ASKED = """
SELECT t.key, t.n FROM json_each(?1) asked JOIN traces t ON t.key = asked.value
WHERE t.n >= coalesce((SELECT n FROM traces WHERE key = asked.value ORDER BY n DESC LIMIT 1 OFFSET ?2), 0)
"""
"""The newest ?2 + 1 reports under each key, oldest first."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A report offered to the ledger: what it states (hashed, so that sameness can be told) and its input bytes.

    `keys` are those of the report, if they were worked out before.
    """

    report: Report
    content: bytes
    raw: bytes
    keys: Keys | None = None

    @property
    def id(self) -> str:
        """The report's."""
        return self.report.id

    @property
    def body(self) -> bytes:
        """The report as the ledger keeps it."""
        return report_bytes(self.report)


class Written(msgspec.Struct, array_like=True, gc=False):
    """The same with the report as the ledger keeps it; most are never read again, so reading waits until one is."""

    id: str
    body: bytes
    content: bytes
    raw: bytes
    keys: Keys

    @property
    def report(self) -> Report:
        """The report in its bytes."""
        return read_report(self.body)


@dataclass(frozen=True, slots=True)
class Taken:
    """What the ledger did with a batch; `refused` are the places in the batch whose id holds other content."""

    added: int = 0
    duplicates: int = 0
    corrections: int = 0
    linked: int = 0
    refused: tuple[int, ...] = ()


class Taker:
    """Takes one batch, inside the caller's transaction."""

    def __init__(self, db: apsw.Connection, chain: ChainEnd, *, correct: bool, now: datetime) -> None:
        self._db, self._chain, self._correct, self._now = db, chain, correct, now
        self._any_tombstone = bool(db.execute("SELECT 1 FROM tombstones LIMIT 1").fetchall())
        self._names: dict[str, tuple[int, bytes]] = {}
        self._named: dict[str, tuple[int, bytes]] = {}
        self._fresh: dict[int, tuple[int, Offer | Written]] = {}
        self._read: dict[int, tuple[int, Report]] = {}
        self._traces: dict[int, list[int]] = {}
        self._filed: list[tuple[int, int]] = []
        self._links: list[tuple[int, int, str]] = []

    def take(self, offers: Sequence[Offer | Written]) -> Taken:
        """Add what is new; see `Ledger.take`."""
        added = duplicates = corrections = 0
        refused: list[int] = []
        for place, (offer, keys) in enumerate(zip(offers, self._look_up(offers), strict=True)):
            known = self._known(offer.id)
            if known is None:
                self._add(offer, keys)
                added += 1
            elif known[1] in (offer.content, b""):
                duplicates += 1
            elif self._correct:
                self._correct_with(offer, known[0], keys)
                corrections += 1
            else:
                refused.append(place)
        self._write()
        return Taken(added, duplicates, corrections, len({of for of, _, _ in self._links}), tuple(refused))

    def _look_up(self, offers: Sequence[Offer | Written]) -> list[Keys]:
        """The offers' keys; the file is asked once per batch for the ids and traces that they could meet."""
        ids = msgspec.json.encode([offer.id for offer in offers]).decode()
        self._names = {name: (n, content) for name, n, content in self._db.execute(_NAMES_ASKED, (ids,))}
        keys = [_NO_KEYS if self._is_known(offer) else offer.keys or keys_of(offer.report) for offer in offers]
        newest = self._newest_key()
        wanted = {key for one in keys for key in one.searched if key <= newest}
        asked = msgspec.json.encode(sorted(wanted)).decode()
        for key, n in self._db.execute(_TRACES_ASKED, (asked, MAX_SEARCHED - 1)):
            self._traces.setdefault(key, []).append(n)
        return keys

    def _newest_key(self) -> int:
        """The last key that is filed; days come first in keys, so what is newer than all need not be looked for."""
        return next((int(str(key)) for (key,) in self._db.execute(_NEWEST_KEY) if key is not None), -1)

    def _is_known(self, offer: Offer | Written) -> bool:
        known = self._names.get(offer.id)
        return known is not None and known[1] == offer.content

    def _known(self, report_id: str) -> tuple[int, bytes] | None:
        known = self._named.get(report_id) or self._names.get(report_id)
        if known is None and self._any_tombstone:
            for (n,) in self._db.execute("SELECT n FROM tombstones WHERE id_hash = ?", (id_hash(report_id),)):
                return n, b""
        return known

    def _add(self, offer: Offer | Written, keys: Keys) -> None:
        n = self._chain.add(REPORT, body=offer.body, raw=offer.raw)
        self._named[offer.id] = n, offer.content
        self._file(n, offer, keys, subject=n)

    def _correct_with(self, offer: Offer | Written, first: int, keys: Keys) -> None:
        told = Offer(self._known_when(offer.report, first), offer.content, offer.raw)
        n = self._chain.add(CORRECTION, of=first, body=told.body, raw=told.raw)
        self._named[told.id] = first, told.content
        self._file(n, told, keys, subject=first)

    def _known_when(self, report: Report, first: int) -> Report:
        """A correction is known when it was itself published, if that is later than what it corrects, else now."""
        before = max(self._report(n).known_at for n in self._versions(first))
        if report.known_at > before:
            return report
        return replace(report, known_at=max(self._now, before), known_inferred=False)

    def _versions(self, first: int) -> list[int]:
        self._chain.flush()
        of_first = {"n": first, "last": self._chain.n}
        rows = self._db.execute(f"SELECT n, line FROM chain WHERE n IN ({OF_SUBJECT})", of_first)
        return [n for n, line in rows if read_line(line).type in (REPORT, CORRECTION)]

    def _file(self, n: int, offer: Offer | Written, keys: Keys, *, subject: int) -> None:
        """Link a report to those like it that came before, and file it for those that come after."""
        traces = self._traces
        if not traces.keys().isdisjoint(keys.searched):
            self._link(offer.report, keys, subject=subject)
        self._fresh[n] = subject, offer
        for key in keys.filed:
            if key in traces:
                traces[key].append(n)
            else:
                traces[key] = [n]
            self._filed.append((key, n))

    def _link(self, report: Report, keys: Keys, *, subject: int) -> None:
        found = 0
        for other in self._candidates(keys.searched):
            why = self._why_like(report, other, subject=subject)
            if why is not None and found < MAX_LINKS:
                self._links.append((subject, self._subject(other), why))
                found += 1

    def _candidates(self, keys: Iterable[int]) -> list[int]:
        traces = self._traces
        found = {n for key in keys if key in traces for n in traces[key][-MAX_SEARCHED:]}
        return sorted(found, reverse=True)

    def _why_like(self, report: Report, other: int, *, subject: int) -> str | None:
        return None if self._subject(other) == subject else likeness(report, self._report(other))

    def _subject(self, n: int) -> int:
        return self._fresh[n][0] if n in self._fresh else self._told(n)[0]

    def _report(self, n: int) -> Report:
        return self._told(n)[1]

    def _told(self, n: int) -> tuple[int, Report]:
        """What line `n` is about, and the report it tells; each is read once per batch."""
        if n in self._read:
            return self._read[n]
        if n in self._fresh:
            subject, offer = self._fresh[n]
            told = subject, offer.report
        else:
            rows = self._db.execute("SELECT subject, body FROM payload WHERE n = ?", (n,))
            told = next((int(str(subject)), read_report(body)) for subject, body in rows)
        self._read[n] = told
        return told

    def _write(self) -> None:
        for of, to, why in dict.fromkeys(self._links):
            self._chain.add(LINK, of=of, to=to, why=why)
        self._chain.flush()
        names = ((name, n, content) for name, (n, content) in sorted(self._named.items()))
        self._db.executemany("INSERT OR REPLACE INTO names VALUES(?, ?, ?)", names)
        self._db.executemany("INSERT OR IGNORE INTO traces VALUES(?, ?)", sorted(self._filed))


_NO_KEYS = Keys([], [])
