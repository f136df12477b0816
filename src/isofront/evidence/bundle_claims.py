"""Claims in a bundle: told byte for byte with their retractions, and taken once; one with other words is listed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from isofront.evidence.bundle_records import ToldEntry
from isofront.evidence.bundle_tally import Conflict, Merged
from isofront.evidence.bundle_told import Held, Kind, held_in, retractions, taken, told_of
from isofront.evidence.claim import CLAIM, Claim
from isofront.evidence.ledger import Ledger


def ledger_name(claim_id: str) -> str:
    """Under which name a ledger redacts and retracts a claim."""
    return CLAIMS.name(claim_id)


def claims_in(ledger: Ledger) -> dict[str, Held]:
    """The claims of a ledger by id, whether taken back or not."""
    return held_in(ledger, CLAIMS)


def told_claims(ledger: Ledger, since: datetime | None) -> Iterator[ToldEntry]:
    """The claims for a bundle."""
    return told_of(ledger, CLAIMS, since)


def merge_claims(
    ledger: Ledger, told: Iterable[ToldEntry], gone: frozenset[bytes], *, now: datetime, merged: Merged
) -> None:
    """Add the claims that are new, and what takes them back."""
    merged.claims, both = taken(ledger, CLAIMS, told, gone, now=now, merged=merged)
    notes = [note for one, held in both for note in retractions(one, held)]
    if notes:
        ledger.note(notes, now=now)
    merged.retractions += len(notes)


def _read(body: bytes) -> Claim:
    return msgspec.json.decode(body, type=Claim)


def _said(body: bytes) -> Claim:
    """A claim without when somebody came to know it."""
    claim = _read(body)
    return msgspec.structs.replace(claim, known_at=claim.said_at, known_inferred=False)


def _other_words(told: ToldEntry, held: Held) -> Conflict:
    ours, theirs = _read(held.body), _read(told.body.encode())
    settle = f"ours: nothing to do; theirs: isofront retract {ledger_name(told.id)}, and enter theirs under another id"
    return Conflict("claim", told.id, _words(ours), _words(theirs), settle)


def _words(claim: Claim) -> str:
    number = claim.status.value if claim.status else f"{claim.low} to {claim.high}"
    return f"{claim.speaker}, {claim.said_at:%Y-%m-%d}: {claim.about} {number} at {claim.place}"


CLAIMS = Kind(CLAIM, lambda body: _read(body).id, _said, _other_words)
