"""The queue: what a day's draft would change against the approved map, what asks again, and an editor's answers.

A list is drawn up once for a head of the ledger and kept; answers name the list they answer (`deciding`). What would
settle a proposal takes another fit, so that the page asks for it after the list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import shapely

from isofront.desk.deciding import (
    Listed,
    asking_record,
    geometry_of,
    judge_of,
    lock_record,
    recorded,
    source_of,
    with_evidence,
)
from isofront.desk.desk import Desk
from isofront.desk.placing import near_told
from isofront.desk.routing import NotFoundError, Request, Route
from isofront.engine import Draft, default_known_by, read_standing
from isofront.engine.review import (
    Review,
    approved,
    approved_before,
    drawn_by_editor,
    judged,
    locked,
    review_of,
    unlocked,
)
from isofront.engine.review_told import about, proposal_told
from isofront.errors import BadInputError, IsofrontError, UsageError
from isofront.evidence.decision import Decision, Judge, Lock, Verdict, approval_entry, read_history
from isofront.evidence.report import Report
from isofront.publish.stamp import utc_text
from isofront.review import Proposal, Push
from isofront.theatre.loading import start_of

Say = Callable[[str], None]
GeoJson = dict[str, Any]


KEPT, MOST_LISTS = "queue", 3


@dataclass(frozen=True, eq=False)
class Queue:
    """A list as it was drawn up, and the page's document of it."""

    draft: Draft
    listed: Listed
    review: Review
    document: dict[str, Any]


def queue(desk: Desk, request: Request) -> dict[str, Any]:
    """`GET /api/queue?as_of=&known_by=`: proposals, what asks again, what stands, ground past its review date."""
    found = drawn_up(desk, request.day(), request.moment("known_by"))
    return found.document


def settling(desk: Desk, request: Request) -> dict[str, Any]:
    """`GET /api/queue/settling?as_of=&known_by=`: what one more exact sighting would make of each proposal."""
    found = drawn_up(desk, request.day(), request.moment("known_by"))
    draft = found.draft

    def fit(say: Say) -> dict[str, Any]:
        say("what would settle it")
        return {one.id: _settling(one) for one in review_of(draft, settle=True).proposals}

    return {"settling": desk.later(("settling", draft.as_of, draft.known_by), fit, name="what would settle it")}


def drawn_up(desk: Desk, as_of: datetime, known_by: datetime | None) -> Queue:
    """The list of a day, at the ledger's head.

    Raises:
        NotYet: it is being drawn up.
    """
    draft = desk.draft(as_of, known_by)
    head, count = desk.head

    def draw(say: Say) -> Queue:
        say("comparing with the approved map")
        listed = Listed(draft, head, count)
        found = review_of(draft)
        return Queue(draft, listed, found, _document(found) | {"head": head, "count": count})

    found = desk.later(("queue", draft.as_of, draft.known_by), draw, name=f"queue of {draft.as_of:%Y-%m-%d}")
    lists: tuple[Queue, ...] = desk.kept.get(KEPT, ())
    if found not in lists:
        desk.kept[KEPT] = (found, *lists)[:MOST_LISTS]
    return found


def answered_list(desk: Desk, head: str, as_of: datetime, known_by: datetime) -> Queue:
    """The list that was drawn up at a head of the ledger; the last few can be answered.

    Raises:
        IsofrontError: it is no longer kept.
    """
    lists: tuple[Queue, ...] = desk.kept.get(KEPT, ())
    for one in lists:
        if (one.listed.head, one.draft.as_of, one.draft.known_by) == (head, as_of, known_by):
            return one
    raise IsofrontError("this list is too old to be answered: look at it again")


# The document


def _document(found: Review) -> dict[str, Any]:
    draft = found.draft
    reports = {one.id: one for one in draft.reports}
    asking = {one.decision.id for one in found.asking}
    acting = [one for one in draft.standing.acting if one.released is None and one.decision.id not in asking]
    theatre = draft.ground.theatre
    return about(draft) | {
        "sides": list(draft.field.sides),
        "proposals": [proposal_record(draft, one, reports) for one in found.proposals],
        "waiting": {"pieces": len(found.waiting), "km2": round(sum(one.km2 for one in found.waiting), 3)},
        "asks_again": [asking_record(draft, one) for one in found.asking],
        "stands": [asking_record(draft, one) for one in acting],
        "locks": [lock_record(draft, one) for one in draft.standing.locks],
        "undecided_km2": round(sum(one.piece.km2 for one in found.proposals), 3),
        "decided_since": len(draft.standing.since),
        "stands_days": theatre.review.stands_days,
        "overdue": _overdue(draft),
    }


def _overdue(draft: Draft) -> dict[str, Any]:
    """Ground past its review date; its settlements with their names in each language, and where they lie."""
    towns, told = {one.name: one for one in draft.ground.settlements}, draft.needs_a_look
    named = [one | {"names": towns[one["name"]].names, "at": towns[one["name"]].at} for one in told["settlements"]]
    return told | {"settlements": named}


def proposal_record(draft: Draft, one: Proposal, reports: dict[str, Report]) -> dict[str, Any]:
    """A proposal with its ground, how sure it is, and the reports for and against it, largest share first."""
    spot = shapely.point_on_surface(one.piece.shape)
    lon, lat = draft.ground.grid.to_lonlat(spot.x, spot.y)

    def told(push: Push) -> dict[str, Any]:
        return source_of(draft, push.id, reports) | {"km": round(push.km, 4)}

    return proposal_told(one) | {
        "near": near_told(draft.ground, one.piece.shape),
        "at": [round(float(lon), 6), round(float(lat), 6)],
        "reports": [told(push) for push in one.reasons],
        "against": [told(push) for push in one.against],
        "others_km": round(one.others_km, 4),
        "geometry": geometry_of(draft, one.piece.shape),
    }


def _settling(one: Proposal) -> dict[str, Any] | None:
    if one.settling is None:
        return None
    return {
        "seen": one.settling.side,
        "error_m": 100,
        "p_after": round(one.settling.p_after, 4),
        "turns": one.settling.turns,
    }


# Answers


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One answer: to a proposal (accept, reject, edit, hold), a decision (extend, release) or a lock (unlock)."""

    as_of: str
    head: str
    verdict: str
    id: str
    reason: str
    known_by: str | None = None
    until: str | None = None
    weight: float | int = 1.0
    evidence: tuple[str, ...] = ()
    holder: str | None = None
    geometry: GeoJson | None = None


def answer(desk: Desk, request: Request) -> dict[str, Any]:
    """`POST /api/queue/answer` (`Answer`): recorded in the ledger; its new head."""
    said = request.read(Answer)
    as_of, known_by = moments(said.as_of, said.known_by)
    found = answered_list(desk, said.head, as_of, known_by)
    judge = judge_of(desk, said.reason)
    if not 0 < said.weight <= 10:
        raise UsageError(f"weight: {said.weight:g}, wanted more than 0 and at most 10")
    if said.verdict in ("lock", "unlock"):
        return recorded(desk, found.listed, (), [_lock(found.draft, said, judge)])
    made = _decision(found.review, said, judge)
    return recorded(desk, found.listed, [with_evidence(made, found.draft.reports, said.evidence)])


def _decision(found: Review, said: Answer, judge: Judge) -> Decision:
    verdict = next((one for one in Verdict if one.value == said.verdict), None)
    until = None if said.until is None else day_of(said.until, name="until")
    draft = found.draft
    if verdict in (Verdict.EXTEND, Verdict.RELEASE):
        acting = {one.decision.id for one in draft.standing.acting if one.released is None}
        if said.id not in acting:
            raise NotFoundError(f"{said.id[:40]!r}: no such decision acts")
        return judged(draft, verdict, judge, of=said.id, until=until)
    one = next((one for one in found.proposals if one.id == said.id), None)
    if one is None:
        raise NotFoundError(f"proposal {said.id[:40]!r} is not in the list")
    if verdict is Verdict.ACCEPT:
        return judged(draft, verdict, judge, proposal=one, becomes=one.piece.parts)
    if verdict in (Verdict.REJECT, Verdict.HOLD):
        return judged(draft, verdict, judge, proposal=one, until=until, weight=said.weight)
    if verdict is Verdict.EDIT:
        drawn = drawn_by_editor(draft, shape_of(said.geometry), said.holder or one.piece.after, where="the polygon")
        return judged(draft, verdict, judge, proposal=one, becomes=[drawn], until=until, weight=said.weight)
    raise UsageError(f"verdict: {said.verdict[:20]!r}, wanted accept, reject, edit, hold, extend, release or unlock")


def _lock(draft: Draft, said: Answer, judge: Judge) -> Lock:
    if said.verdict == "unlock":
        return unlocked(draft, said.id, judge)
    return locked(draft, shape_of(said.geometry), judge, where="the polygon")


class Approve(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Make what is decided the day's approved map."""

    as_of: str
    reason: str
    known_by: str | None = None


def approve(desk: Desk, request: Request) -> dict[str, Any]:
    """`POST /api/queue/approve` (`Approve`): the day's approved map; what is undecided waits, and is asked again."""
    said = request.read(Approve)
    judge = judge_of(desk, said.reason)
    found = drawn_up(desk, *moments(said.as_of, said.known_by))
    draft = found.draft
    with desk.alone():
        if read_standing(desk.folder, as_of=draft.as_of, known_by=draft.known_by) != draft.standing:
            raise IsofrontError("somebody else decided meanwhile, so nothing was approved: look at the list again")
        with desk.ledger(write=True) as ledger:
            history = read_history(ledger)
            approval, made = approved(found.review, judge, history=history)
            before = approved_before(approval, made, ledger=ledger, history=history)
            if before is None:
                ledger.append([approval_entry(approval, made)], now=judge.now)
            told = {"head": ledger.head, "count": ledger.count, "new": before is None}
    return told | {
        "id": (before or approval).id,
        "as_of": utc_text(approval.as_of),
        "reports_used": approval.reports_used,
        "undecided": len(found.review.proposals),
        "waiting": len(found.review.waiting),
    }


# What the page sends


def moments(as_of: str, known_by: str | None) -> tuple[datetime, datetime]:
    """The day and what was known, of a body."""
    day = day_of(as_of, name="as_of")
    return day, day_of(known_by, name="known_by") if known_by else default_known_by(day)


def day_of(text: str, *, name: str) -> datetime:
    """A date or time of a body.

    Raises:
        UsageError: it is none.
    """
    try:
        return start_of(text)
    except ValueError as fault:
        raise UsageError(f"{name}: {text[:40]!r} is no date or time, wanted YYYY-MM-DD") from fault


_NO_SHAPE = (AttributeError, LookupError, TypeError, ValueError, RecursionError, shapely.errors.ShapelyError)
"""What shapely raises where a dictionary is not the GeoJSON that it says it is."""


def shape_of(geometry: GeoJson | None) -> shapely.Geometry:
    """A polygon in degrees that the page sent.

    Raises:
        UsageError: there is none.
        BadInputError: it is no valid polygon.
    """
    if geometry is None:
        raise UsageError("geometry: not given, wanted a GeoJSON polygon in degrees")
    try:
        shape = shapely.geometry.shape(geometry)
    except _NO_SHAPE as fault:
        raise BadInputError("geometry: no GeoJSON polygon in degrees") from fault
    if shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
        raise BadInputError(f"geometry: a {shape.geom_type}, wanted a polygon with an area")
    if not shapely.is_valid(shape):
        raise BadInputError(f"geometry: {shapely.is_valid_reason(shape)}, wanted a polygon that does not cross itself")
    return shape


ROUTES = (
    Route("GET", "/api/queue", queue),
    Route("GET", "/api/queue/settling", settling),
    Route("POST", "/api/queue/answer", answer),
    Route("POST", "/api/queue/approve", approve),
)
