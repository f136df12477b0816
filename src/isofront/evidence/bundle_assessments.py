"""Assessments in a bundle, byte for byte with outcomes and retractions; where outcomes differ, both are listed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from isofront.evidence.assessment import ASSESSMENT, OUTCOME, Assessment, Outcome
from isofront.evidence.bundle_records import ToldEntry
from isofront.evidence.bundle_tally import Conflict, Merged
from isofront.evidence.bundle_told import Held, Kind, held_in, retractions, taken, told_of
from isofront.evidence.ledger import Ledger, Note


def assessment_name(one: str) -> str:
    """Under which name a ledger redacts and retracts an assessment."""
    return ASSESSMENTS.name(one)


def assessments_in(ledger: Ledger) -> dict[str, Held]:
    """The assessments of a ledger by id, whether taken back or not."""
    return held_in(ledger, ASSESSMENTS)


def told_assessments(ledger: Ledger, since: datetime | None) -> Iterator[ToldEntry]:
    """The assessments for a bundle."""
    return told_of(ledger, ASSESSMENTS, since)


def merge_assessments(
    ledger: Ledger, told: Iterable[ToldEntry], gone: frozenset[bytes], *, now: datetime, merged: Merged
) -> None:
    """Add the assessments that are new, what came of them, and what takes them back."""
    merged.assessments, both = taken(ledger, ASSESSMENTS, told, gone, now=now, merged=merged)
    notes: list[Note] = []
    for one, held in both:
        back = retractions(one, held)
        merged.retractions += len(back)
        notes += [*back, *_outcomes(one, held, merged)]
    if notes:
        ledger.note(notes, now=now)


def _outcomes(told: ToldEntry, here: Held, merged: Merged) -> Iterator[Note]:
    """What came of it there and is not known here; where both ledgers say other things, neither is taken."""
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


def _other_words(told: ToldEntry, held: Held) -> Conflict:
    ours, theirs = _read(held.body), _read(told.body.encode())
    settle = f"ours: nothing to do; theirs: isofront retract {assessment_name(told.id)}, and enter theirs again"
    return Conflict(
        "assessment", told.id, f"{ours.author}: {ours.sentence}", f"{theirs.author}: {theirs.sentence}", settle
    )


def _other_outcome(name: str, ours: Outcome, theirs: Outcome) -> Conflict:
    settle = f"agree on one: isofront assess {name} --outcome … in both"
    here, there = (f"{one.came.value}, by {one.by}: {one.reason}" for one in (ours, theirs))
    return Conflict("outcome", name, here, there, settle)


ASSESSMENTS = Kind(ASSESSMENT, lambda body: _read(body).id, _said, _other_words, notes=(OUTCOME,))
