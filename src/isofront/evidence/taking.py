"""One batch of reports on its way into the chain: what is new, what is known, what is the same event told twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

import apsw
import msgspec

from isofront.evidence.chain import OF_SUBJECT, ChainEnd, id_hash
from isofront.evidence.entry import read_line
from isofront.evidence.filing import MAX_SEARCHED, Filing
from isofront.evidence.likeness import Keys, keys_of, why_alike
from isofront.evidence.replay import CORRECTION, LINK, REPORT, read_report, report_bytes
from isofront.evidence.report import Report
from isofront.evidence.traits import Told, Traits, read_traits, traits_of

MAX_LINKS = 8
"""A new report is linked to this many near-duplicates at most: enough to hold any real group together."""
MAX_REMEMBERED = 100_000
"""The traits of this many reports (some 60 MB) are kept from batch to batch, so that a dense file is not read anew."""

_NAMES_ASKED = "SELECT id, n, content FROM names WHERE id IN (SELECT value FROM json_each(?))"
_NEWEST_KEY = "SELECT max(key) FROM traces"
_TRACES_ASKED = """
SELECT t.key, t.n FROM json_each(?1) asked JOIN traces t ON t.key = asked.value
WHERE t.n >= coalesce((SELECT n FROM traces WHERE key = asked.value ORDER BY n DESC LIMIT 1 OFFSET ?2), 0)
"""
"""The newest ?2 + 1 reports under each key, oldest first."""

_TOLD_ASKED = "SELECT n, subject, body FROM payload WHERE n IN (SELECT value FROM json_each(?))"


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
        """The report's id."""
        return self.report.id

    @property
    def body(self) -> bytes:
        """The report as the ledger keeps it."""
        return report_bytes(self.report)

    @property
    def traits(self) -> Traits:
        """The report's traits."""
        return traits_of(self.report)


class Written(msgspec.Struct, array_like=True, gc=False):
    """An offer whose report is in the ledger's own bytes; few are ever read again, so decoding waits until one is."""

    id: str
    body: bytes
    content: bytes
    raw: bytes
    keys: Keys

    @property
    def report(self) -> Report:
        """The report in its bytes."""
        return read_report(self.body)

    @property
    def traits(self) -> Traits:
        """The report's traits, without decoding the rest of it."""
        return read_traits(self.body)


@dataclass(frozen=True, slots=True)
class Taken:
    """What the ledger did with a batch; `refused` are the places in the batch whose id holds other content."""

    added: int = 0
    duplicates: int = 0
    corrections: int = 0
    linked: int = 0
    refused: tuple[int, ...] = ()


class Taker:
    """Takes one batch, inside the caller's transaction; `lately` is what batches before it compared."""

    def __init__(
        self, db: apsw.Connection, chain: ChainEnd, *, correct: bool, now: datetime, lately: Mapping[int, Told]
    ) -> None:
        self._db, self._chain, self._correct, self._now, self._lately = db, chain, correct, now, lately
        self._any_tombstone = bool(db.execute("SELECT 1 FROM tombstones LIMIT 1").fetchall())
        self._names: dict[str, tuple[int, bytes]] = {}
        self._named: dict[str, tuple[int, bytes]] = {}
        self._fresh: dict[int, tuple[int, Offer | Written]] = {}
        self.told: dict[int, Told] = {}
        """What this batch read to compare: by line, what it is about and its traits."""
        self._filing = Filing()
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
            self._filing.put(key, n)
        self._read_told(self._filing.lines())
        return keys

    def _read_told(self, lines: set[int]) -> None:
        """The traits of all that is in the file and could be met, in one reading."""
        asked = msgspec.json.encode(sorted(lines - self._lately.keys())).decode()
        for n, subject, body in self._db.execute(_TOLD_ASKED, (asked,)):
            self.told[n] = subject, read_traits(body)

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
        told = Offer(self._as_correction(offer.report, first), offer.content, offer.raw)
        n = self._chain.add(CORRECTION, of=first, body=told.body, raw=told.raw)
        self._named[told.id] = first, told.content
        self._file(n, told, keys, subject=first)

    def _as_correction(self, report: Report, first: int) -> Report:
        """A correction is known when it was itself published, if that is later than what it corrects, else now.

        One that states no release class keeps the one there is: who withheld a report meant it.
        """
        versions = [self._report(n) for n in self._versions(first)]
        before = max(one.known_at for one in versions)
        kept = replace(report, release=report.release or versions[-1].release)
        return (
            kept if report.known_at > before else replace(kept, known_at=max(self._now, before), known_inferred=False)
        )

    def _versions(self, first: int) -> list[int]:
        self._chain.flush()
        of_first = {"n": first, "last": self._chain.n}
        rows = self._db.execute(f"SELECT n, line FROM chain WHERE n IN ({OF_SUBJECT})", of_first)
        return [n for n, line in rows if read_line(line).type in (REPORT, CORRECTION)]

    def _file(self, n: int, offer: Offer | Written, keys: Keys, *, subject: int) -> None:
        """Link a report to those like it that came before, and file it for those that come after."""
        if self._filing.meets(keys):
            self._link(offer.traits, keys, subject=subject)
        self._fresh[n] = subject, offer
        for key in keys.filed:
            self._filing.put(key, n)
            self._filed.append((key, n))

    def _link(self, traits: Traits, keys: Keys, *, subject: int) -> None:
        candidates = self._filing.candidates(keys, traits, lambda n: self._tell(n)[1])
        found = islice(self._alike(traits, candidates, subject=subject), MAX_LINKS)
        self._links += [(subject, about, why) for about, why in found]

    def _alike(self, traits: Traits, candidates: list[int], *, subject: int) -> Iterator[tuple[int, str]]:
        for n in candidates:
            about, other = self._tell(n)
            why = None if about == subject else why_alike(traits, other)
            if why is not None:
                yield about, why

    def _tell(self, n: int) -> Told:
        """What line `n` is about, and its traits; those of this batch are worked out once one asks."""
        told = self.told.get(n) or self._lately.get(n)
        if told is None:
            subject, offer = self._fresh[n]
            self.told[n] = told = subject, offer.traits
        return told

    def _report(self, n: int) -> Report:
        """The report that line `n` tells."""
        if n in self._fresh:
            return self._fresh[n][1].report
        return next(read_report(body) for (body,) in self._db.execute("SELECT body FROM payload WHERE n = ?", (n,)))

    def _write(self) -> None:
        for of, to, why in dict.fromkeys(self._links):
            self._chain.add(LINK, of=of, to=to, why=why)
        self._chain.flush()
        names = ((name, n, content) for name, (n, content) in sorted(self._named.items()))
        self._db.executemany("INSERT OR REPLACE INTO names VALUES(?, ?, ?)", names)
        self._db.executemany("INSERT OR IGNORE INTO traces VALUES(?, ?)", sorted(self._filed))


_NO_KEYS = Keys([], [])
