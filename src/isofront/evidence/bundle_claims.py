"""Claims in a bundle: told byte for byte with their retractions, and taken once; one with other words is listed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from isofront.evidence.bundle_records import TakenBack, ToldEntry
from isofront.evidence.bundle_tally import Conflict, Merged
from isofront.evidence.chain import id_hash
from isofront.evidence.claim import CLAIM, Claim
from isofront.evidence.entry import Entry
from isofront.evidence.ledger import Ledger, Note
from isofront.evidence.replay import RETRACTION, Reason, reason_bytes


@dataclass(slots=True)
class Held:
    """A claim of this ledger: its line, its bytes, its retractions, and when its last line was recorded."""

    n: int
    body: bytes
    newest: datetime
    taken_back: list[TakenBack] = field(default_factory=list)


def ledger_name(claim_id: str) -> str:
    """Under which name a ledger redacts and retracts a claim."""
    return f"{CLAIM}:{claim_id}"


def claims_in(ledger: Ledger) -> dict[str, Held]:
    """The claims of a ledger by id, whether taken back or not."""
    found: dict[int, Held] = {}
    for line, body in ledger.lines(CLAIM, RETRACTION):
        if body is None:
            continue
        if line.type == CLAIM:
            found[line.n] = Held(line.n, body, line.at)
        elif line.of in found:
            reason = msgspec.json.decode(body, type=Reason)
            held = found[line.of]
            held.taken_back.append(TakenBack(reason.known_at or line.at, reason.reason))
            held.newest = max(held.newest, line.at)
    return {_read(one.body).id: one for one in found.values()}


def told_claims(ledger: Ledger, since: datetime | None) -> Iterator[ToldEntry]:
    """The claims for a bundle."""
    for name, one in claims_in(ledger).items():
        if since is None or one.newest >= since:
            yield ToldEntry(CLAIM, name, one.body.decode(), taken_back=tuple(sorted(set(one.taken_back))))


def merge_claims(
    ledger: Ledger, told: Iterable[ToldEntry], gone: frozenset[bytes], *, now: datetime, merged: Merged
) -> None:
    """Add the claims that are new, and what takes them back."""
    wanted = [one for one in told if id_hash(ledger_name(one.id)) not in gone]
    ours, new, differing = claims_in(ledger), list[Entry](), set[str]()
    for one in wanted:
        held = ours.get(one.id)
        if held is None:
            new.append(Entry(CLAIM, one.id, one.body.encode()))
        elif _said(held.body) != _said(one.body.encode()):
            differing.add(one.id)
            merged.conflicts.append(_other_words(one, held))
        else:
            merged.same += 1
    if new:
        ledger.append(new, now=now)
    merged.claims = len(new)
    ours = claims_in(ledger)
    notes = [note for one in wanted if one.id not in differing for note in _retractions(one, ours[one.id])]
    if notes:
        ledger.note(notes, now=now)
    merged.retractions += len(notes)


def _retractions(told: ToldEntry, here: Held) -> Iterator[Note]:
    for one in sorted(set(told.taken_back) - set(here.taken_back)):
        yield Note(RETRACTION, here.n, reason_bytes(Reason(one.reason, one.known_at)))


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
