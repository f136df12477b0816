"""A bundle into a ledger: what is new is added, what differs is listed and left alone, and nothing is added twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from hashlib import sha256
from itertools import islice

import msgspec

from isofront.evidence import decision as records
from isofront.evidence.assessment import ASSESSMENT
from isofront.evidence.bundle import Bundle
from isofront.evidence.bundle_assessments import assessment_name, assessments_in, merge_assessments
from isofront.evidence.bundle_claims import claims_in, ledger_name, merge_claims
from isofront.evidence.bundle_decisions import Verdicts
from isofront.evidence.bundle_out import Told, held_in
from isofront.evidence.bundle_records import ToldDraft, ToldEntry, ToldReport, Tombstone, Version, same_said
from isofront.evidence.bundle_tally import Conflict, Merged
from isofront.evidence.chain import id_hash
from isofront.evidence.claim import CLAIM
from isofront.evidence.ledger import Ledger, Note, Offer
from isofront.evidence.replay import RETRACTION, Reason, reason_bytes, report_bytes
from isofront.evidence.report import Report

BATCH = 2000


@dataclass(frozen=True, slots=True)
class Terms:
    """How a bundle is taken: `take` names what is taken though it differs; `redact`: destroy what they destroyed."""

    now: datetime
    take: frozenset[str] = frozenset()
    redact: bool = False


def merge(ledger: Ledger, bundle: Bundle, terms: Terms) -> Merged:
    """Add what is new in a bundle. Safe to stop and to run again: what is there already is the same."""
    merged = Merged()
    _tombstones(ledger, bundle, terms, merged)
    gone = frozenset(ledger.tombstones())
    differing = _reports(ledger, bundle, gone, terms, merged)
    _afterwards(ledger, bundle, differing, terms, merged)
    told_claims = (one for one in bundle.told(ToldEntry) if one.kind == CLAIM)
    merge_claims(ledger, told_claims, gone, now=terms.now, merged=merged)
    told_assessments = (one for one in bundle.told(ToldEntry) if one.kind == ASSESSMENT)
    merge_assessments(ledger, told_assessments, gone, now=terms.now, merged=merged)
    entries = (one for one in bundle.told(ToldEntry) if one.kind not in (CLAIM, ASSESSMENT))
    Verdicts.of(ledger, bundle, terms.take).merge(ledger, entries, now=terms.now, merged=merged)
    merged.drafts = [one for one in bundle.told(ToldDraft) if id_hash(one.id) not in gone]
    merged.not_there = sorted(terms.take - _ids(bundle)) if terms.take else []
    merged.head, merged.count = ledger.head, ledger.count
    return merged


def _ids(bundle: Bundle) -> set[str]:
    return {one.id for one in bundle.told(ToldReport)} | {one.id for one in bundle.told(ToldEntry)}


def _tombstones(ledger: Ledger, bundle: Bundle, terms: Terms, merged: Merged) -> None:
    """What they redacted: kept out for good if it never was here, destroyed here if asked, else listed."""
    known, new = ledger.tombstones(), list[tuple[bytes, str]]()
    told = list(bundle.told(Tombstone))
    missing = [one for one in told if bytes.fromhex(one.id_sha256) not in known]
    ours = {id_hash(name): name for name in _names(ledger)} if missing else {}
    for tomb in missing:
        hashed = bytes.fromhex(tomb.id_sha256)
        if hashed not in ours:
            new.append((hashed, tomb.reason))
        elif terms.redact:
            merged.redacted.append(ours[hashed])
            ledger.redact(ours[hashed], f"redacted elsewhere: {tomb.reason}", now=terms.now)
        else:
            merged.conflicts.append(_redacted_there(ours[hashed], tomb.reason))
    if new:
        ledger.bury(new, now=terms.now)
    merged.tombstones = len(new)


def _names(ledger: Ledger) -> Iterator[str]:
    """Under what the ledger can redact: the ids of its reports, claims and assessments."""
    yield from (one.id for one in held_in(ledger).reports.values())
    yield from (ledger_name(name) for name in claims_in(ledger))
    yield from (assessment_name(name) for name in assessments_in(ledger))


def _redacted_there(name: str, reason: str) -> Conflict:
    settle = f"isofront redact {name} --reason …, or bundle in --redact for all of these"
    return Conflict("redacted", name, "still here", f"redacted there: {reason}", settle)


# Reports


def _reports(ledger: Ledger, bundle: Bundle, gone: frozenset[bytes], terms: Terms, merged: Merged) -> frozenset[str]:
    """Add their reports batch by batch; ids of those that differ from ours."""
    ours = {one.id: one for one in held_in(ledger).reports.values()}
    told = bundle.told(ToldReport)
    differing: set[str] = set()
    while some := list(islice(told, BATCH)):
        free = [one for one in some if id_hash(one.id) not in gone]
        merged.kept_out += len(some) - len(free)
        contents = ledger.contents(one.id for one in free)
        offers: list[Offer] = []
        for one in free:
            new = _taken_versions(one, ours.get(one.id), contents.get(one.id, b""), terms.take)
            if new is None:
                differing.add(one.id)
                merged.conflicts.append(_other_content(one, ours[one.id]))
                continue
            _count(merged, new, first=one.id not in ours)
            offers += _offers(one, new)
        if offers:
            merged.linked += ledger.take(offers, correct=True, now=terms.now).linked
    return frozenset(differing)


def _taken_versions(
    told: ToldReport, ours: Told | None, content: bytes, take: frozenset[str]
) -> Sequence[Version] | None:
    """Their versions to add; of one that differs the last, if the user takes theirs, else None."""
    new = _new_versions(told, ours, content)
    return told.versions[-1:] if new is None and told.id in take else new


def _count(merged: Merged, new: Sequence[Version], *, first: bool) -> None:
    merged.reports += bool(new) and first
    merged.corrections += len(new) - (bool(new) and first)
    merged.same += not new


def _new_versions(told: ToldReport, ours: Told | None, content: bytes) -> Sequence[Version] | None:
    """Their versions that this ledger lacks: none if it has them or has later ones; None where the two differ.

    As with commits: who has all of the other's versions, and more, is ahead.
    """
    if ours is None:
        return told.versions
    if content.hex() == told.content:
        return ()
    here = [same_said(one.report) for one in ours.versions]
    there = [same_said(one.report) for one in told.versions]
    if len(here) != len(there) and here[: len(there)] == there[: len(here)]:
        return told.versions[len(here) :]
    ahead, behind = here[-1] in there[:-1], there[-1] in here[:-1]
    if ahead and not behind:
        return told.versions[len(there) - there[::-1].index(here[-1]) :]
    return () if behind and not ahead else None


def _offers(told: ToldReport, new: Sequence[Version]) -> Iterator[Offer]:
    """The versions as reports offered; only the last one's content is known as the row states it."""
    for one in new:
        simulated = one.report.simulated or "SIMULATED" in one.report.note
        report = replace(one.report, group=told.id, simulated=simulated)
        last = one is told.versions[-1]
        content = bytes.fromhex(told.content) if last else sha256(same_said(report).encode()).digest()
        yield Offer(report, content, report_bytes(report))


def _other_content(told: ToldReport, ours: Told) -> Conflict:
    here, there = ours.versions[-1].report, told.versions[-1].report
    apart = ", ".join(_differences(here, there)) or "its history"
    settle = f"theirs: bundle in --take {told.id}; ours: hand them a bundle, or correct it in both"
    return Conflict("report", told.id, _short(here), f"{_short(there)}; differs in {apart}", settle)


def _differences(here: Report, there: Report) -> Iterator[str]:
    bare = ("known_at", "known_inferred", "group", "simulated")
    for one in fields(Report):
        if one.name not in bare and getattr(here, one.name) != getattr(there, one.name):
            yield one.name


def _short(report: Report) -> str:
    return f"{report.kind.value}, {report.seen or 'nobody'} seen, {report.happened.start:%Y-%m-%d}, of {report.source}"


def _afterwards(ledger: Ledger, bundle: Bundle, differing: frozenset[str], terms: Terms, merged: Merged) -> None:
    """Retractions, and when the other ledger knew the same reports: both about versions that are here by now."""
    ours = {one.id: one for one in held_in(ledger).reports.values()}
    notes: list[Note] = []
    for told in bundle.told(ToldReport):
        here = None if told.id in differing else ours.get(told.id)
        if here is not None:
            notes += _retractions(told, here)
            notes += _known_elsewhere(told, here)
    merged.retractions = sum(one.type == RETRACTION for one in notes)
    merged.known_apart = len(notes) - merged.retractions
    if notes:
        ledger.note(notes, now=terms.now)


def _retractions(told: ToldReport, here: Told) -> Iterator[Note]:
    for one in sorted(set(told.taken_back) - set(here.taken_back)):
        yield Note(RETRACTION, here.n, reason_bytes(Reason(one.reason, one.known_at)))


def _known_elsewhere(told: ToldReport, here: Told) -> Iterator[Note]:
    """Other times at which they knew a version that is here too: their approved maps name it by such a time."""
    if _known_alike(told, here):
        return
    there = {(one.known_at, one.here) for one in here.known}
    for version, ours in _pairs(told.versions, here.versions):
        at = ours.report.known_at
        for time in (version.report.known_at, *version.known):
            if time != at and (time, at) not in there:
                there.add((time, at))
                said = records.KnownElsewhere(told.id, time, at)
                yield Note(records.KNOWN, here.n, msgspec.json.encode(said))


def _known_alike(told: ToldReport, here: Told) -> bool:
    """Whether both knew as many versions at the same times, as nearly always: then there is nothing to note."""
    times = [one.report.known_at for one in told.versions]
    return times == [one.report.known_at for one in here.versions] and not any(one.known for one in told.versions)


def _pairs(theirs: Sequence[Version], ours: Sequence[Version]) -> Iterator[tuple[Version, Version]]:
    """The versions that both have: the same in the same place, else the same anywhere, the last first."""
    said = [same_said(one.report) for one in ours]
    for place, one in enumerate(theirs):
        mine = same_said(one.report)
        if place < len(said) and said[place] == mine:
            yield one, ours[place]
        elif mine in said:
            yield one, ours[len(said) - 1 - said[::-1].index(mine)]
