"""Assessments in a bundle, byte for byte with outcomes and retractions; where outcomes differ, both are listed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from isofront.evidence.assessment import ASSESSMENT, OUTCOME, Assessment, Outcome
from isofront.evidence.bundle_records import TakenBack, ToldEntry
from isofront.evidence.bundle_tally import Conflict, Merged
from isofront.evidence.chain import id_hash
from isofront.evidence.entry import Entry
from isofront.evidence.ledger import Ledger, Note
from isofront.evidence.replay import RETRACTION, Reason, reason_bytes


@dataclass(slots=True)
class HeldAssessment:
    """An assessment of this ledger: its line and bytes, what came of it, its retractions, when its last line came."""

    n: int
    body: bytes
    newest: datetime
    outcomes: list[bytes] = field(default_factory=list)
    taken_back: list[TakenBack] = field(default_factory=list)


def assessment_name(one: str) -> str:
    """Under which name a ledger redacts and retracts an assessment."""
    return f"{ASSESSMENT}:{one}"


def assessments_in(ledger: Ledger) -> dict[str, HeldAssessment]:
    """The assessments of a ledger by id, whether taken back or not."""
    found: dict[int, HeldAssessment] = {}
    for line, body in ledger.lines(ASSESSMENT, OUTCOME, RETRACTION):
        if body is None:
            continue
        if line.type == ASSESSMENT:
            found[line.n] = HeldAssessment(line.n, body, line.at)
        elif line.of in found:
            held = found[line.of]
            held.newest = max(held.newest, line.at)
            if line.type == OUTCOME:
                held.outcomes.append(body)
            else:
                reason = msgspec.json.decode(body, type=Reason)
                held.taken_back.append(TakenBack(reason.known_at or line.at, reason.reason))
    return {_read(one.body).id: one for one in found.values()}


def told_assessments(ledger: Ledger, since: datetime | None) -> Iterator[ToldEntry]:
    """The assessments for a bundle."""
    for name, one in assessments_in(ledger).items():
        if since is None or one.newest >= since:
            back, came = tuple(sorted(set(one.taken_back))), tuple(body.decode() for body in one.outcomes)
            yield ToldEntry(ASSESSMENT, name, one.body.decode(), taken_back=back, outcomes=came)


def merge_assessments(
    ledger: Ledger, told: Iterable[ToldEntry], gone: frozenset[bytes], *, now: datetime, merged: Merged
) -> None:
    """Add the assessments that are new, what came of them, and what takes them back."""
    wanted = [one for one in told if id_hash(assessment_name(one.id)) not in gone]
    ours, new, differing = assessments_in(ledger), list[Entry](), set[str]()
    for one in wanted:
        held = ours.get(one.id)
        if held is None:
            new.append(Entry(ASSESSMENT, one.id, one.body.encode()))
        elif _said(held.body) != _said(one.body.encode()):
            differing.add(one.id)
            merged.conflicts.append(_other_words(one, held))
        else:
            merged.same += 1
    if new:
        ledger.append(new, now=now)
    merged.assessments = len(new)
    ours = assessments_in(ledger)
    notes = [note for one in wanted if one.id not in differing for note in _notes(one, ours[one.id], merged)]
    if notes:
        ledger.note(notes, now=now)


def _notes(told: ToldEntry, here: HeldAssessment, merged: Merged) -> Iterator[Note]:
    for one in sorted(set(told.taken_back) - set(here.taken_back)):
        merged.retractions += 1
        yield Note(RETRACTION, here.n, reason_bytes(Reason(one.reason, one.known_at)))
    new = [body.encode() for body in told.outcomes if body.encode() not in here.outcomes]
    theirs_knew = {body.encode() for body in told.outcomes}
    if new and here.outcomes and here.outcomes[-1] not in theirs_knew:
        ours, theirs = _outcome(here.outcomes[-1]), _outcome(told.outcomes[-1].encode())
        if ours.came is not theirs.came:
            merged.conflicts.append(_other_outcome(told.id, ours, theirs))
        return
    for body in new:
        yield Note(OUTCOME, here.n, body)


def _read(body: bytes) -> Assessment:
    return msgspec.json.decode(body, type=Assessment)


def _outcome(body: bytes) -> Outcome:
    return msgspec.json.decode(body, type=Outcome)


def _said(body: bytes) -> Assessment:
    """An assessment without when somebody came to know it."""
    one = _read(body)
    return msgspec.structs.replace(one, known_at=one.as_of, known_inferred=False)


def _other_words(told: ToldEntry, held: HeldAssessment) -> Conflict:
    ours, theirs = _read(held.body), _read(told.body.encode())
    settle = f"ours: nothing to do; theirs: isofront retract {assessment_name(told.id)}, and enter theirs again"
    return Conflict(
        "assessment", told.id, f"{ours.author}: {ours.sentence}", f"{theirs.author}: {theirs.sentence}", settle
    )


def _other_outcome(name: str, ours: Outcome, theirs: Outcome) -> Conflict:
    settle = f"agree on one: isofront assess {name} --outcome … in both"
    here, there = (f"{one.came.value}, by {one.by}: {one.reason}" for one in (ours, theirs))
    return Conflict("outcome", name, here, there, settle)
