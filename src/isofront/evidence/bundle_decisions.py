"""Decisions, approvals and locks of a bundle into a ledger. What two people decided apart is listed, never merged.

A bundle names all of its ledger's decisions in the order of the chain: a verdict that knew of ours comes after it there
and follows it; one that did not is in conflict with it. As with commits, no clock is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.evidence import decision as records
from isofront.evidence.bundle import Bundle
from isofront.evidence.bundle_records import Ref, ToldEntry
from isofront.evidence.bundle_tally import Conflict, Merged
from isofront.evidence.decision import Approval, Decision, Ground, Knew, Lock, Verdict
from isofront.evidence.entry import Entry
from isofront.evidence.ledger import Ledger

LEAST_KM2 = 0.01
"""Less ground in common than this is two drawings of one edge."""
_ONCE = (Verdict.ACCEPT, Verdict.RELEASE)
"""Verdicts that say the same whoever gives them."""


@dataclass(slots=True)
class Verdicts:
    """What was decided here, by what it is about; and where each of theirs stands in their chain."""

    bodies: dict[Ref, bytes]
    place: dict[str, int]
    take: frozenset[str]
    about: dict[str, list[Decision]] = field(default_factory=dict)
    approvals: list[Approval] = field(default_factory=list)
    told: set[Ref] = field(default_factory=set)

    @classmethod
    def of(cls, ledger: Ledger, bundle: Bundle, take: frozenset[str]) -> Verdicts:
        """What a ledger holds, against a bundle's index."""
        found = cls({}, {ref.id: place for place, ref in enumerate(bundle.index.refs)}, take)
        for _, kind, body in ledger.records(*_TYPES):
            found._learn(kind, body)
        found.told = set(bundle.index.refs)
        return found

    def _learn(self, kind: str, body: bytes) -> None:
        one = msgspec.json.decode(body, type=_TYPES[kind])
        self.bodies[Ref(kind, one.id)] = body
        if isinstance(one, Approval):
            self.approvals.append(one)
        elif isinstance(one, Decision):
            self.about.setdefault(_about(one), []).append(one)

    def merge(self, ledger: Ledger, told: Iterable[ToldEntry], *, now: datetime, merged: Merged) -> None:
        """Add what is new in their order; entries that belong together are written together."""
        seen = set()
        for one in told:
            seen.add(Ref(one.kind, one.id))
            entries = self._one(one, merged)
            if entries:
                ledger.append(entries, now=now)
                self._learn(one.kind, one.body.encode())
                _count(merged, one.kind)
        merged.missing = len(self.told - seen - self.bodies.keys())

    def _one(self, told: ToldEntry, merged: Merged) -> Sequence[Entry]:
        ref, body = Ref(told.kind, told.id), told.body.encode()
        if ref in self.bodies:
            if self.bodies[ref] != body:
                merged.conflicts.append(_other_bytes(told))
            else:
                merged.same += 1
            return ()
        one = msgspec.json.decode(body, type=_TYPES[told.kind])
        if not self._free(one, merged):
            return ()
        entry = Entry(told.kind, told.id, body, told.raw.encode())
        return [entry, *_knew(told)]

    def _free(self, one: Decision | Approval | Lock, merged: Merged) -> bool:
        """Whether nothing of ours stands against it; if something does, it is listed."""
        if isinstance(one, Lock):
            return one.of is None or self._is_here(records.LOCK, one.of, one.id, merged)
        if isinstance(one, Approval):
            return self._approval_free(one, merged)
        if one.of is not None and not self._is_here(records.DECISION, one.of, one.id, merged):
            return False
        return self._decision_free(one, merged)

    def _is_here(self, kind: str, of: str, name: str, merged: Merged) -> bool:
        """Whether what it follows is here; else it waits."""
        here = Ref(kind, of) in self.bodies
        if not here:
            merged.waiting.append(name)
        return here

    def _decision_free(self, one: Decision, merged: Merged) -> bool:
        against = [other for other in self._standing(one) if not self._knew_of(one.id, other.id)]
        if not against or one.id in self.take:
            return True
        if any(self._knew_of(other.id, one.id) for other in against):
            merged.settled += 1
        elif any(_says_the_same(one, other) for other in against):
            merged.agreed += 1
        else:
            merged.conflicts.append(_two_verdicts(one, against[-1]))
        return False

    def _standing(self, one: Decision) -> list[Decision]:
        """Ours that nobody let go of: on the same proposal or verdict, or another class for some of the same ground."""
        ours = [other for found in self.about.values() for other in found]
        released = {other.of for other in ours if other.verdict is Verdict.RELEASE}
        return [
            other
            for other in ours
            if other.id not in released and (_about(other) == _about(one) or _drawn_over(one, other))
        ]

    def _approval_free(self, one: Approval, merged: Merged) -> bool:
        against = [other for other in self.approvals if not self._knew_of(one.id, other.id)]
        if not against or one.id in self.take:
            return True
        if any(other.as_of == one.as_of and self._knew_of(other.id, one.id) for other in against):
            merged.settled += 1
        else:
            merged.conflicts.append(_two_approvals(one, against[-1]))
        return False

    def _knew_of(self, one: str, other: str) -> bool:
        """Whether, in their chain, `one` comes after `other`."""
        return one in self.place and other in self.place and self.place[other] < self.place[one]


_TYPES: dict[str, type[Decision] | type[Approval] | type[Lock]] = {
    records.DECISION: Decision, records.APPROVAL: Approval, records.LOCK: Lock, records.UNLOCK: Lock,
}  # fmt: skip


def _about(one: Decision) -> str:
    """What a verdict answers: a proposal, an earlier verdict, or nothing but itself."""
    return one.proposal or one.of or one.id


def _says_the_same(one: Decision, other: Decision) -> bool:
    if one.verdict is not other.verdict:
        return False
    return one.verdict in _ONCE or _claim(one) == _claim(other)


def _drawn_over(one: Decision, other: Decision) -> bool:
    """Whether two verdicts give some of the same ground to different sides, so that their order would matter."""
    if not (one.becomes and other.becomes) or one.crs != other.crs:
        return False
    pairs = ((a, b) for a in one.becomes for b in other.becomes if a.side != b.side)
    return any(shapely.intersection(_shape(a), _shape(b)).area > LEAST_KM2 for a, b in pairs)


def _shape(ground: Ground) -> BaseGeometry:
    return shapely.make_valid(records.shape_of(ground.polygons))


def _claim(one: Decision) -> tuple[object, ...]:
    return one.ground, one.also, one.becomes, one.until, one.weight


def _knew(told: ToldEntry) -> list[Entry]:
    if told.kind != records.APPROVAL:
        return []
    return [Entry(records.KNEW, told.id, msgspec.json.encode(Knew(told.id, told.knew)))]


def _count(merged: Merged, kind: str) -> None:
    if kind == records.DECISION:
        merged.decisions += 1
    elif kind == records.APPROVAL:
        merged.approvals += 1
    else:
        merged.locks += 1


def _other_bytes(told: ToldEntry) -> Conflict:
    settle = "one of the two was changed after it was made: verify both ledgers"
    return Conflict("entry", told.id, "other bytes", f"{told.kind} of the same id", settle)


def _two_verdicts(theirs: Decision, ours: Decision) -> Conflict:
    settle = f"ours: nothing to do; theirs: release ours if it acts, then bundle in --take {theirs.id}"
    about = f"{theirs.verdict.value} {theirs.id} of {_about(theirs)}"
    return Conflict(
        "verdict", theirs.id, f"{ours.verdict.value} {ours.id} {_said(ours)}", f"{about} {_said(theirs)}", settle
    )


def _two_approvals(theirs: Approval, ours: Approval) -> Conflict:
    settle = f"theirs stands from then on: bundle in --take {theirs.id}; ours: hand them a bundle, they take {ours.id}"
    ours_said, theirs_said = (f"{one.id} of {one.as_of:%Y-%m-%d} {_said(one)}" for one in (ours, theirs))
    return Conflict("approval", theirs.id, ours_said, f"{theirs_said}, made without knowing of ours", settle)


def _said(one: Decision | Approval) -> str:
    return f"by {one.by}, {one.known_at:%Y-%m-%d %H:%M}: {one.reason}"
