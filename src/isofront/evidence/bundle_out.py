"""What a bundle tells of a ledger: reports with all their versions, decisions byte for byte, tombstones, drafts.

Input rows stay at home: a row may hold columns that nobody meant to hand on (who a source really is). What travels is
the report as it was read, under the source's id. Rejected rows stay at home too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from isofront.evidence import decision as records
from isofront.evidence.bundle_assessments import told_assessments
from isofront.evidence.bundle_claims import told_claims
from isofront.evidence.bundle_records import (
    Header,
    Index,
    Line,
    Ref,
    TakenBack,
    ToldDraft,
    ToldEntry,
    ToldReport,
    Tombstone,
    Version,
)
from isofront.evidence.decision import KnownElsewhere
from isofront.evidence.ledger import TOMBSTONE, Ledger
from isofront.evidence.replay import CORRECTION, REDACTION, REPORT, RETRACTION, Reason, read_report

LONG_AGO = datetime.min.replace(tzinfo=UTC)
ENTRIES = (records.DECISION, records.APPROVAL, records.LOCK, records.UNLOCK)
_REASON = msgspec.json.Decoder(Reason)
_KNOWN = msgspec.json.Decoder(KnownElsewhere)


@dataclass(slots=True)
class Told:
    """A report of this ledger: its versions, retractions, and when other ledgers knew which version of it."""

    n: int
    versions: list[Version] = field(default_factory=list)
    taken_back: list[TakenBack] = field(default_factory=list)
    known: list[KnownElsewhere] = field(default_factory=list)
    newest: datetime = LONG_AGO

    @property
    def id(self) -> str:
        """The report's id."""
        return self.versions[0].report.id

    def with_known(self) -> tuple[Version, ...]:
        """The versions, each with the other times at which it was known."""
        return tuple(
            Version(one.report, tuple(sorted(k.known_at for k in self.known if k.here == one.report.known_at)))
            for one in self.versions
        )


@dataclass(slots=True)
class Held:
    """All of a ledger that can travel, in the order of its chain."""

    reports: dict[int, Told] = field(default_factory=dict)
    entries: list[tuple[int, datetime, str, str, bytes]] = field(default_factory=list)
    why_gone: dict[int, str] = field(default_factory=dict)


def held_in(ledger: Ledger) -> Held:
    """All of a ledger that can travel, read in one pass."""
    held = Held()
    for line, body in ledger.lines():
        if body is None:
            continue
        subject = line.n if line.of is None else line.of
        if line.type in (REPORT, CORRECTION):
            told = held.reports.setdefault(subject, Told(subject))
            told.versions.append(Version(read_report(body)))
        elif line.type == RETRACTION and subject in held.reports:
            reason = _REASON.decode(body)
            held.reports[subject].taken_back.append(TakenBack(reason.known_at or line.at, reason.reason))
        elif line.type == records.KNOWN and subject in held.reports:
            held.reports[subject].known.append(_KNOWN.decode(body))
        elif line.type in (REDACTION, TOMBSTONE):
            held.why_gone[subject] = _REASON.decode(body).reason
        elif line.type in ENTRIES:
            held.entries.append((line.n, line.at, line.type, _id_of(body), body))
        if subject in held.reports:
            held.reports[subject].newest = max(held.reports[subject].newest, line.at)
    return held


class _Named(msgspec.Struct):
    id: str


def _id_of(body: bytes) -> str:
    return msgspec.json.decode(body, type=_Named).id


def told_by(
    ledger: Ledger,
    *,
    theatre: str,
    sides: tuple[str, ...],
    since: datetime | None = None,
    drafts: Iterable[ToldDraft] = (),
) -> Iterator[Line]:
    """The lines of a bundle, but for the last. `since`: only what was recorded from then on; tombstones always."""
    held = held_in(ledger)
    yield Header(theatre, sides, ledger.head, ledger.count, since)
    yield Index(tuple(Ref(kind, name) for _, _, kind, name, _ in held.entries))
    yield from (_tombstone(hashed, held.why_gone.get(n, "")) for hashed, n in sorted(ledger.tombstones().items()))
    yield from _reports(ledger, held, since)
    yield from _entries(ledger, held, since)
    yield from told_claims(ledger, since)
    yield from told_assessments(ledger, since)
    yield from sorted(drafts, key=lambda one: one.id)


def _tombstone(hashed: bytes, reason: str) -> Tombstone:
    return Tombstone(hashed.hex(), reason)


def _reports(ledger: Ledger, held: Held, since: datetime | None) -> Iterator[ToldReport]:
    chosen = [one for one in held.reports.values() if since is None or one.newest >= since]
    contents = ledger.contents(one.id for one in chosen)
    for one in chosen:
        content = contents.get(one.id, b"").hex()
        yield ToldReport(one.id, content, one.with_known(), tuple(sorted(set(one.taken_back))))


def _entries(ledger: Ledger, held: Held, since: datetime | None) -> Iterator[ToldEntry]:
    told = dict(records.read_history(ledger).knew)
    days = {name: msgspec.json.decode(body, type=_Day).as_of for _, _, _, name, body in held.entries}
    before: list[str] = []
    for n, at, kind, name, body in held.entries:
        if since is None or at >= since:
            raw = ledger.raw(n) or b""
            yield ToldEntry(kind, name, body.decode(), raw.decode(), _knew(kind, name, told, before, days))
        if kind == records.DECISION:
            before.append(name)


class _Day(msgspec.Struct):
    as_of: datetime | None = None


def _knew(
    kind: str, name: str, told: dict[str, frozenset[str]], before: list[str], days: dict[str, datetime | None]
) -> tuple[str, ...]:
    """The verdicts an approval's maker knew of, as far as they matter: those on its own day and later ones."""
    if kind != records.APPROVAL:
        return ()
    if name in told:
        return tuple(sorted(told[name]))
    day = days[name]
    assert day is not None
    return tuple(sorted(one for one in before if (when := days[one]) is not None and when >= day))
