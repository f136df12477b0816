"""From an answer to an entry in the ledger: nothing is recorded over what somebody else decided meanwhile.

The page answers a list that was drawn up at some head of the ledger. Answers to one list follow each other faster than
drafts are made, so an answer is good while the same ground has had no other since, and no map was approved.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.desk.desk import Desk
from isofront.desk.workshop import NotYet
from isofront.engine import Draft, read_standing
from isofront.engine.review import Day, lonlat_of
from isofront.errors import IsofrontError, UsageError
from isofront.evidence import Entry
from isofront.evidence import decision as records
from isofront.evidence.decision import Decision, Judge, Lock, Verdict, cited, decision_entry, lock_entry, read_history
from isofront.evidence.report import Report
from isofront.publish.stamp import utc_text
from isofront.review import Acting, redraw

SAME_KM2 = 1e-4
"""Ground that two answers share, if no more, is a common edge."""
EVIDENCE = (Verdict.REJECT, Verdict.EDIT, Verdict.HOLD, Verdict.EXTEND, Verdict.RELEASE)
"""Verdicts after which the posterior is another; after others the draft is the same with another standing."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A draft (or a day's map alone) as it was shown: at which head of the ledger, of how many lines."""

    draft: Draft | Day
    head: str
    count: int


def judge_of(desk: Desk, reason: str) -> Judge:
    """Who decides, why, now.

    Raises:
        UsageError: nobody said who, or why.
    """
    if not reason.strip():
        raise UsageError("reason: nothing said, wanted a few words on why")
    return Judge(desk.decider, reason.strip(), desk.now())


def with_evidence(made: Decision, reports: Sequence[Report], names: Iterable[str], **more: Any) -> Decision:
    """A decision that says on which reports it rests, and whatever else is drawn by hand; its id is made anew.

    Raises:
        UsageError: the draft knows no such report.
    """
    known, asked = {one.id for one in reports}, list(dict.fromkeys(names))
    unknown = [name for name in asked if name not in known]
    if unknown:
        raise UsageError(f"evidence: {unknown[0][:80]!r} is no report that this draft knows of")
    if not asked and not any(more.values()):
        return made
    told = msgspec.structs.replace(
        made, id="", version=records.VERSION, evidence=tuple(cited(name) for name in asked), **more
    )
    return msgspec.structs.replace(told, id=records.named("d", msgspec.json.encode(told)))


def recorded(desk: Desk, listed: Listed, decisions: Sequence[Decision], locks: Sequence[Lock] = ()) -> dict[str, Any]:
    """The ledger's head once these are in it.

    Raises:
        IsofrontError: somebody else decided about the same ground meanwhile, or approved a map; nothing is recorded.
    """
    entries: list[Entry] = [*map(decision_entry, decisions), *map(lock_entry, locks)]
    with desk.alone():
        later, quiet = _since(desk, listed)
        _refuse_overtaken(listed, later, [*decisions, *locks])
        with desk.ledger(write=True) as ledger:
            ledger.append(entries, now=desk.now())
            told = {"head": ledger.head, "count": ledger.count}
    if quiet and isinstance(listed.draft, Draft) and not any(one.verdict in EVIDENCE for one in decisions):
        _carry_on(desk, listed.draft)
    made = [{"id": one.id, "verdict": one.verdict.value, "about": one.proposal or one.of} for one in decisions]
    made += [{"id": one.id, "verdict": "unlock" if one.of else "lock", "about": one.of} for one in locks]
    return told | {"recorded": made}


def _since(desk: Desk, listed: Listed) -> tuple[list[Decision | Lock], bool]:
    """What was decided since a list was drawn up; and whether that is all that came, and none of it is evidence.

    Raises:
        IsofrontError: a map was approved.
    """
    if not desk.has_ledger:
        return [], True
    with desk.ledger() as ledger:
        history, count = read_history(ledger), ledger.count
    if any(n > listed.count for n, _ in history.approvals):
        raise IsofrontError("a map was approved meanwhile, so nothing was recorded: look at the list again")
    decisions = [one for n, one in history.decisions if n > listed.count]
    locks = [one for n, one in history.locks if n > listed.count]
    quiet = count - listed.count == len(decisions) + len(locks)
    return [*decisions, *locks], quiet and not any(one.verdict in EVIDENCE for one in decisions)


def _refuse_overtaken(listed: Listed, later: Sequence[Decision | Lock], mine: Sequence[Decision | Lock]) -> None:
    crs = listed.draft.ground.theatre.crs
    answered = {one.of for one in later if one.of is not None}
    for name in (one.of for one in mine):
        if name is not None and name in answered:
            raise IsofrontError(f"{name} was answered meanwhile, so nothing was recorded: look at the list again")
    shapes = [redraw.shapes_of(one, crs=crs) for one in mine if isinstance(one, Decision)]
    for one in (one for one in later if isinstance(one, Decision)):
        theirs = redraw.shapes_of(one, crs=crs)
        if any(shapely.intersection(shape, theirs).area > SAME_KM2 for shape in shapes):
            raise IsofrontError(
                f"{one.by} answered about this ground meanwhile ({one.verdict.value}: {one.reason[:80]}), "
                "so nothing was recorded: look at the list again"
            )


def _carry_on(desk: Desk, draft: Draft) -> None:
    """What was said is no evidence: the same posterior, under the ledger's new head, with what stands now."""

    def make(_: object) -> Draft:
        now = read_standing(draft.ground.folder, as_of=draft.as_of, known_by=draft.known_by)
        return replace(draft, standing=now)

    with contextlib.suppress(NotYet):
        desk.later(("draft", draft.as_of, draft.known_by), make, name=f"draft of {draft.as_of:%Y-%m-%d}")


# Records for the page


def report_record(report: Report) -> dict[str, Any]:
    """A report with all that an editor needs to judge it: text and links too, for this page is private."""
    return {
        "id": report.id,
        "kind": report.kind.value,
        "seen": report.seen,
        "by": report.by,
        "means": None if report.means is None else report.means.value,
        "posture": None if report.posture is None else report.posture.value,
        "happened": utc_text(report.happened.start),
        "known_at": utc_text(report.known_at),
        "source": report.source,
        "grade": f"{report.reliability}{report.credibility}",
        "error_m": report.error_m,
        "note": report.note,
        "links": [link.url for link in report.links],
        "at": [round(report.lon, 6), round(report.lat, 6)],
    }


def decision_record(draft: Draft, one: Decision, *, until: datetime | None = None) -> dict[str, Any]:
    """An earlier decision, with its ground and the reports it rests on."""
    keys = {cited(report.id): report.id for report in draft.reports} if one.evidence else {}
    shape = redraw.shapes_of(one, crs=draft.ground.theatre.crs)
    said = redraw.said_of(one) if one.ground is not None or one.becomes else ()
    return {
        "id": one.id,
        "kind": "decision",
        "verdict": one.verdict.value,
        "act": one.act or None,
        "happened": utc_text(one.as_of),
        "until": None if until is None else utc_text(until),
        "by": one.by,
        "reason": one.reason,
        "says": sorted({ground.side or "grey" for ground in said}),
        "evidence": [keys[key] for key in one.evidence if key in keys],
        "evidence_gone": sum(key not in keys for key in one.evidence),
        "snapped": list(one.snapped),
        "geometry": geometry_of(draft, shape),
    }


def asking_record(draft: Draft, one: Acting) -> dict[str, Any]:
    """A reject, edit or hold with its end."""
    return decision_record(draft, one.decision, until=one.until)


def lock_record(draft: Draft, lock: Lock) -> dict[str, Any]:
    """Locked ground."""
    shape = redraw.in_crs(records.shape_of(lock.polygons), lock.crs, draft.ground.theatre.crs)
    return {"id": lock.id, "by": lock.by, "reason": lock.reason, "geometry": geometry_of(draft, shape)}


def source_of(draft: Draft, name: str, reports: Mapping[str, Report]) -> dict[str, Any]:
    """What an id in the shares is: a report, or an editor's decision."""
    if name in reports:
        return report_record(reports[name])
    acting = next((one for one in draft.standing.acting if one.decision.id == name), None)
    return {"id": name, "kind": "decision"} if acting is None else asking_record(draft, acting) | {"geometry": None}


def geometry_of(draft: Draft | Day, shape: BaseGeometry) -> dict[str, Any] | None:
    """A shape (km) as GeoJSON in degrees; None if it is empty."""
    if shape.is_empty:
        return None
    return dict(shapely.geometry.mapping(lonlat_of(draft, shape)))
