"""Claims into the ledger: what `isofront claim` does. A control claim's report carries the claim's id: one object."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import msgspec

from isofront.evidence.chain import id_hash
from isofront.evidence.claim import CLAIM, Claim, Status, claim_entry
from isofront.evidence.claim_index import claims_named
from isofront.evidence.ledger import Ledger, Offer, ledger_path
from isofront.evidence.report import Interval, Kind, Link, Reject, Report
from isofront.evidence.store import only_writer
from isofront.sources.claims import ClaimTerms, ReadRow, Spot
from isofront.sources.pseudonyms import Pseudonyms
from isofront.sources.terms import Refused, Terms
from isofront.theatre.model import Theatre
from isofront.theatre.settlements import settlements_of

ERROR_M = 2000.0
"""How exactly a statement about a settlement says where: within the settlement."""
_GAINED = frozenset({Status.ENTERED, Status.TAKEN, Status.HELD, Status.LIBERATED})


@dataclass(slots=True)
class ClaimTally:
    """What became of the rows: read = added + duplicates + refused, always. `reports` reached the engine."""

    added: list[Claim] = field(default_factory=list)
    duplicates: int = 0
    reports: int = 0
    refused: list[Reject] = field(default_factory=list)
    head: str = ""

    @property
    def read(self) -> int:
        """How many rows there were."""
        return len(self.added) + self.duplicates + len(self.refused)


def claim_terms(theatre: Theatre, folder: Path, *, now: datetime, backfill: bool = False) -> ClaimTerms:
    """A theatre as a reader of claims needs it."""
    spots = tuple(
        Spot(one.name, tuple(dict.fromkeys((*one.names.values(), *one.spellings))), *one.at)
        for one in settlements_of(theatre)
    )
    outside = Terms.of(theatre, now=now).lies_outside
    return ClaimTerms(theatre.side_words, spots, now.astimezone(UTC), backfill, Pseudonyms.of(folder), outside)


def add_claims(folder: Path, rows: Sequence[ReadRow], *, now: datetime) -> ClaimTally:
    """Put claims into the theatre's ledger; the same claim again is a duplicate, the same id with other words refused.

    All or none of the new ones are kept. Control claims of one side's gain also become a report of kind `claim`, in the
    same step: a report without its claim would not know what may become public of it.
    """
    tally = ClaimTally()
    with only_writer(folder), Ledger.open(ledger_path(folder), create=True) as ledger:
        said = [row.told for row in rows if isinstance(row.told, Claim)]
        known = claims_named(ledger.path, [name for one in said for name in _names(one)])
        gone = ledger.tombstones()
        for row in rows:
            _sort(row, known, gone, tally)
        if tally.added:
            offers = [offer for one in tally.added if (offer := report_of(one)) is not None]
            entries = [claim_entry(one) for one in tally.added]
            tally.reports = ledger.take(offers, correct=False, now=now, beside=entries).added
        tally.head = ledger.head
    return tally


def _names(row: Claim) -> tuple[str, ...]:
    return (row.id,) if row.revises is None else (row.id, row.revises)


def _sort(row: ReadRow, known: dict[str, Claim], gone: Container[bytes], tally: ClaimTally) -> None:
    """Put a row where it belongs: refused, a duplicate, or new and known from now on."""
    one = row.told
    fault = (one.column, one.reason) if isinstance(one, Refused) else _fault(one, known, gone)
    if fault is not None:
        tally.refused.append(Reject(row.file, row.row, *fault))
    elif isinstance(one, Claim) and one.id in known:
        tally.duplicates += 1
    elif isinstance(one, Claim):
        known[one.id] = one
        tally.added.append(one)


def _fault(one: Claim, known: dict[str, Claim], gone: Container[bytes]) -> tuple[str, str] | None:
    """The column and the reason for which a claim is not taken into this ledger, if there is one."""
    if id_hash(f"{CLAIM}:{one.id}") in gone:
        return "id", f"{one.id!r} was redacted; it is not taken again"
    if one.id in known:
        return None if _said(known[one.id]) == _said(one) else ("id", f"{one.id!r} is in the ledger with other words")
    reason = _no_revision(one, known)
    return None if reason is None else ("revises", reason)


def _no_revision(row: Claim, known: dict[str, Claim]) -> str | None:
    """Why a claim cannot take the place of the one that it says it revises: nobody takes back another's words."""
    if row.revises is None:
        return None
    if row.revises not in known:
        return f"no claim has the id {row.revises!r}"
    old = known[row.revises]
    if old.speaker != row.speaker:
        return f"{old.id!r} was said by {old.speaker!r}; who says otherwise makes a claim of their own"
    if (old.about, old.place) != (row.about, row.place):
        return f"{old.id!r} is about {old.about}, {old.place}; a revision is about the same"
    if row.said_at < old.said_at:
        return f"{old.id!r} was said later, on {old.said_at:%Y-%m-%d}; wanted the newer one to revise the older"
    return None


def _said(claim: Claim) -> bytes:
    """What a claim says, whenever it was recorded."""
    return msgspec.json.encode(msgspec.structs.replace(claim, known_at=claim.said_at, known_inferred=False))


def report_of(claim: Claim) -> Offer | None:
    """The report through which a control claim reaches the engine; None for a number, a denial, or a side not named."""
    seen = claim.side if claim.status in _GAINED else claim.against if claim.status is Status.LOST else None
    if claim.about != "control" or seen is None:
        return None
    start = datetime.combine(claim.day, time(), UTC)
    report = Report(
        claim.id,
        claim.speaker,
        Kind.CLAIM,
        seen,
        None,
        float(claim.lon),
        float(claim.lat),
        ERROR_M,
        Interval(start, start + timedelta(days=1)),
        claim.said_at,
        claim.known_at,
        known_inferred=claim.known_inferred,
        reliability=claim.reliability,
        credibility=claim.credibility,
        links=(Link(claim.url),) if claim.url else (),
        simulated=claim.simulated,
        group=claim.id,
    )
    return Offer(report, hashlib.sha256(_said(claim)).digest(), _said(claim))
