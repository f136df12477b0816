"""What claims and assessments have in common in a bundle: kept byte for byte, taken once, other words are listed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from isofront.evidence.bundle_records import TakenBack, ToldEntry
from isofront.evidence.bundle_tally import Conflict, Merged
from isofront.evidence.chain import id_hash
from isofront.evidence.entry import Entry
from isofront.evidence.ledger import Ledger, Note
from isofront.evidence.replay import RETRACTION, Reason, reason_bytes


@dataclass(slots=True)
class Held:
    """A claim or assessment of this ledger: its line, bytes, outcomes, retractions, and when its last line came."""

    n: int
    body: bytes
    newest: datetime
    outcomes: list[bytes] = field(default_factory=list)
    taken_back: list[TakenBack] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry: its type and that of notes on it, its id, what it says, and a conflict of two that differ."""

    type: str
    id_of: Callable[[bytes], str]
    said: Callable[[bytes], Any]
    """The record without the moment it became known: two entries are the same if these are equal."""
    differ: Callable[[ToldEntry, Held], Conflict]
    notes: tuple[str, ...] = ()

    def name(self, one: str) -> str:
        """Under which name a ledger redacts and retracts it."""
        return f"{self.type}:{one}"


def held_in(ledger: Ledger, kind: Kind) -> dict[str, Held]:
    """A ledger's entries of a kind by id, whether taken back or not."""
    found: dict[int, Held] = {}
    for line, body in ledger.lines(kind.type, *kind.notes, RETRACTION):
        if body is None:
            continue
        if line.type == kind.type:
            found[line.n] = Held(line.n, body, line.at)
        elif line.of in found:
            held = found[line.of]
            held.newest = max(held.newest, line.at)
            if line.type == RETRACTION:
                reason = msgspec.json.decode(body, type=Reason)
                held.taken_back.append(TakenBack(reason.known_at or line.at, reason.reason))
            else:
                held.outcomes.append(body)
    return {kind.id_of(one.body): one for one in found.values()}


def told_of(ledger: Ledger, kind: Kind, since: datetime | None) -> Iterator[ToldEntry]:
    """A ledger's entries of a kind as a bundle has them; `since`: only those with a line from then on."""
    for name, one in held_in(ledger, kind).items():
        if since is None or one.newest >= since:
            back, came = tuple(sorted(set(one.taken_back))), tuple(body.decode() for body in one.outcomes)
            yield ToldEntry(kind.type, name, one.body.decode(), taken_back=back, outcomes=came)


def taken(
    ledger: Ledger, kind: Kind, told: Iterable[ToldEntry], gone: frozenset[bytes], *, now: datetime, merged: Merged
) -> tuple[int, list[tuple[ToldEntry, Held]]]:
    """Add the entries that are new; returns how many, and every entry that both ledgers now have alike beside ours."""
    wanted = [one for one in told if id_hash(kind.name(one.id)) not in gone]
    ours, new, differing = held_in(ledger, kind), list[Entry](), set[str]()
    for one in wanted:
        held = ours.get(one.id)
        if held is None:
            new.append(Entry(kind.type, one.id, one.body.encode()))
        elif kind.said(held.body) != kind.said(one.body.encode()):
            differing.add(one.id)
            merged.conflicts.append(kind.differ(one, held))
        else:
            merged.same += 1
    if new:
        ledger.append(new, now=now)
    ours = held_in(ledger, kind)
    return len(new), [(one, ours[one.id]) for one in wanted if one.id not in differing]


def retractions(told: ToldEntry, here: Held) -> list[Note]:
    """Retractions of an entry that the other ledger has and this one lacks."""
    new = sorted(set(told.taken_back) - set(here.taken_back))
    return [Note(RETRACTION, here.n, reason_bytes(Reason(one.reason, one.known_at))) for one in new]
