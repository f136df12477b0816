"""The engine's second half: a draft against the last approved map, what an editor answers, and the map they approve.

draft, standing        engine.drafts                     the day's answer, and what editors decided before
two coverages          review.differences                pieces of ground that the draft would change
piece, shares          Proposal                          how probable, and by which reports
proposals              engine.settling.settled           what would settle each
answer                 judged, locked, unlocked          entries for the ledger
decided coverage       approved                          the entry that makes it the approved map
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront import __version__
from isofront.control.flip import EVEN
from isofront.engine.drafting import LEAST_PUSH_KM, Draft, Ground
from isofront.engine.ground import near
from isofront.engine.settling import settled
from isofront.errors import BadInputError, UsageError
from isofront.evidence import Ledger
from isofront.evidence import decision as records
from isofront.evidence.decision import Approval, ApprovedMap, Decision, Judge, Lock, Verdict, known_when
from isofront.front.shapes import Area, Class
from isofront.ground.axes import axes_swapped
from isofront.ground.grid import to_lonlat
from isofront.ground.polygons import project_km, read_polygons
from isofront.ground.repair import polygonal
from isofront.publish.stamp import day_text
from isofront.review import Acting, Piece, Proposal, Push, differences, redraw, worth_asking
from isofront.review import proposal as asked

_log = logging.getLogger("isofront.engine.review")


@dataclass(frozen=True)
class Review:
    """A day's queue: what to decide, pieces that wait (small, unsure, or without a named report), what asks again."""

    draft: Draft
    proposals: tuple[Proposal, ...]
    waiting: tuple[Piece, ...]
    asking: tuple[Acting, ...]

    def named(self, name: str) -> Proposal:
        """The proposal with this id.

        Raises:
            UsageError: there is none.
        """
        for one in self.proposals:
            if one.id == name:
                return one
        known = ", ".join(one.id for one in self.proposals) or "none, for nothing is left to decide"
        day = day_text(self.draft.as_of)
        raise UsageError(f"proposal {name!r} is not in the queue of {day}, wanted one of: {known}")


def review_of(draft: Draft, *, settle: bool = False) -> Review:
    """What the draft would change against the last approved map; `settle` also says what would turn each proposal."""
    policy, sides = draft.ground.theatre.review, draft.field.sides
    pieces = differences(draft.decided, draft.drawn(_cells_to_review(draft)).areas, sides=sides)
    open_cells = _open_cells(draft)
    large = [piece for piece in pieces if piece.km2 >= policy.least_km2 and _is_open(draft, piece, open_cells)]
    found = [_proposal(draft, piece) for piece in large]
    ready = [one for one in found if worth_asking(one, least_km2=policy.least_km2)]
    proposals = tuple(settled(draft, ready) if settle else ready)
    taken = {id(one.piece) for one in proposals}
    waiting = tuple(piece for piece in pieces if id(piece) not in taken)
    return Review(draft, proposals, waiting, draft.standing.asking(draft.as_of))


def _cells_to_review(draft: Draft) -> np.ndarray:
    grid, crs = draft.field.grid, draft.ground.theatre.crs
    return redraw.reopened(draft.fresh, draft.field.touched, draft.standing, grid=grid, crs=crs)


def _open_cells(draft: Draft) -> np.ndarray:
    """Ground that something new touched or that waits for an answer, without the rim that is only redrawn with it."""
    grid, crs = draft.field.grid, draft.ground.theatre.crs
    return redraw.reopened(draft.fresh, draft.field.touched, draft.standing, grid=grid, crs=crs, rim_cells=1.0)


def _is_open(draft: Draft, piece: Piece, open_cells: np.ndarray) -> bool:
    cells = asked.cells_of(draft.field, piece.shape)
    return bool(open_cells[cells[:, 0], cells[:, 1]].mean() >= EVEN)


def _proposal(draft: Draft, piece: Piece) -> Proposal:
    field, drawn = draft.field, draft.ground.drawn
    cells = asked.cells_of(field, piece.shape)
    some = asked.some_of(cells)
    sign = asked.direction(piece, sides=field.sides, drawn=drawn)
    reasons = draft.posterior.explain(some)
    shares = sign * reasons.shares_km.mean(axis=0)
    order = [int(k) for k in np.argsort(-np.abs(shares), kind="stable")]
    told = [k for k in order if abs(shares[k]) >= LEAST_PUSH_KM]
    rest = [k for k in order if 1e-6 <= abs(shares[k]) < LEAST_PUSH_KM]
    return Proposal(
        asked.proposal_id(f"{draft.as_of:%Y-%m-%dT%H:%M:%SZ}", piece),
        piece,
        asked.p_of(field, piece.after, cells),
        asked.p_of(field, piece.before, cells),
        float(asked.sure_in(field, piece, cells).mean()),
        asked.core_km2(field, piece, cells, least_p=draft.ground.theatre.review.least_p),
        tuple(Push(reasons.ids[k], float(shares[k])) for k in told),
        float(shares[rest].sum()),
        len(rest),
        near(draft.ground, piece.shape),
        frozenset(one.decision.id for one in draft.standing.acting),
    )


# Answers


@dataclass(frozen=True, slots=True)
class Day:
    """A day under review and what is known, where nothing has to be fitted: what a verdict on free ground needs."""

    ground: Ground
    as_of: datetime
    known_by: datetime


def judged(
    draft: Draft | Day,
    verdict: Verdict,
    judge: Judge,
    *,
    proposal: Proposal | None = None,
    becomes: Sequence[Area] = (),
    until: datetime | None = None,
    of: str | None = None,
    weight: float = 1.0,
) -> Decision:
    """A verdict on a proposal, on free ground (an edit without one), or on an earlier decision."""
    known_at, inferred = known_when(draft.known_by, judge.now)
    ends = _end(draft, verdict, until)
    if ends is not None and ends <= draft.as_of:
        raise UsageError(f"--until {day_text(ends)}: not after the day under review, {day_text(draft.as_of)}")
    made = Decision(
        id="",
        verdict=verdict,
        as_of=draft.as_of,
        known_at=known_at,
        by=judge.by,
        reason=judge.reason,
        crs=draft.ground.theatre.crs,
        ground=None if proposal is None else _before(proposal.piece),
        becomes=tuple(redraw.ground_of(area) for area in becomes),
        until=ends,
        weight=weight,
        proposal=None if proposal is None else proposal.id,
        of=of,
        known_inferred=inferred,
    )
    return _named(made)


def _named(made: Decision) -> Decision:
    return msgspec.structs.replace(made, id=records.named("d", msgspec.json.encode(made)))


def _end(draft: Draft | Day, verdict: Verdict, until: datetime | None) -> datetime | None:
    if until is None and verdict in (Verdict.REJECT, Verdict.EDIT):
        return draft.as_of + timedelta(days=draft.ground.theatre.review.stands_days)
    if until is None and verdict in (Verdict.HOLD, Verdict.EXTEND):
        raise UsageError("--hold needs --until DATE: a hold without an end would never be asked about again")
    return until


def _before(piece: Piece) -> records.Ground:
    side = None if piece.before == "grey" else piece.before
    return records.Ground(records.polygons_of(piece.shape), side)


def drawn_by_editor(draft: Draft, shape_lonlat: BaseGeometry, name: str, *, where: str) -> Area:
    """An editor's polygon (lon/lat) as an area of the map: held by a side, or grey.

    Raises:
        UsageError: no such class, or it lies in locked ground.
        BadInputError: it lies outside the theatre.
    """
    sides = draft.field.sides
    if name not in (*sides, "grey"):
        raise UsageError(f"--class {name!r}, wanted {sides[0]}, {sides[1]} or grey")
    inside = inside_bounds(draft.ground, shape_lonlat, where=where)
    for lock in draft.standing.locks:
        locked = redraw.in_crs(records.shape_of(lock.polygons), lock.crs, draft.ground.theatre.crs)
        if shapely.relate_pattern(locked, inside, "T********"):
            raise UsageError(f"{where}: lies in ground that {lock.id} locks; --unlock {lock.id} first")
    if name == "grey":
        return Area(Class.GREY, None, "disputed_evidence", inside)
    return Area(Class.HELD, name, None, inside)


def read_ground(path: Path) -> BaseGeometry:
    """The polygons of an editor's file as one shape, lon/lat; what was mended in them is said."""
    found = read_polygons(path)
    for one in found:
        if one.repair:
            _log.warning(f"{path.name} feature {one.number}: {one.repair}, made valid; look at what became of it")
    return shapely.union_all([one.geometry for one in found])


def inside_bounds(ground: Ground, shape_lonlat: BaseGeometry, *, where: str) -> BaseGeometry:
    """An editor's shape (lon/lat) on the flat map (km), as far as it lies in the theatre; what is left out is said.

    Raises:
        BadInputError: none of it does.
    """
    flat = project_km(shape_lonlat, crs=ground.theatre.crs)
    inside = flat if shapely.contains(ground.frame, flat) else polygonal(shapely.intersection(flat, ground.frame))
    if inside.is_empty or inside.area < 1e-6:
        hint = "; lat before lon, it seems" if axes_swapped([shape_lonlat.bounds], ground.theatre.bounds) else ""
        raise BadInputError(f"{where}: lies outside the theatre's bounds, wanted ground inside them{hint}")
    if flat.area - inside.area > 1e-6:
        _log.warning(f"{where}: {flat.area - inside.area:.3g} km2 of it lie outside the bounds and are left out")
    return inside


def locked(draft: Draft, shape_lonlat: BaseGeometry, judge: Judge, *, where: str) -> Lock:
    """Ground that keeps its last approved state until it is unlocked."""
    inside = inside_bounds(draft.ground, shape_lonlat, where=where)
    known_at, inferred = known_when(draft.known_by, judge.now)
    polygons, crs = records.polygons_of(inside), draft.ground.theatre.crs
    name = records.named("l", polygons, crs, known_at, judge.by, judge.reason)
    return Lock(name, known_at, judge.by, judge.reason, crs, polygons, known_inferred=inferred)


def _refuse_unseen(draft: Draft, history: records.History) -> None:
    """A draft that knows nothing of an approval starts from an older map: approving it would undo that one unseen."""
    seen = -1 if draft.standing.approved is None else draft.standing.approved.n
    unseen = [one for n, one in history.approvals if n > seen]
    if unseen:
        one = max(unseen, key=lambda told: told.known_at)
        raise UsageError(
            f"--approve {draft.as_of:%Y-%m-%d}: what was known by {draft.known_by:%Y-%m-%dT%H:%MZ} leaves out the map "
            f"of {one.as_of:%Y-%m-%d} that {one.by} approved, known at {one.known_at:%Y-%m-%dT%H:%M:%SZ}; "
            "wanted a --known-by after that"
        )


def unlocked(draft: Draft, name: str, judge: Judge) -> Lock:
    """The end of a lock.

    Raises:
        UsageError: nothing of that name is locked.
    """
    if name not in {lock.id for lock in draft.standing.locks}:
        known = ", ".join(lock.id for lock in draft.standing.locks) or "none"
        raise UsageError(f"lock {name!r} does not stand, wanted one of: {known}")
    known_at, inferred = known_when(draft.known_by, judge.now)
    told = records.named("u", name, known_at, judge.by, judge.reason)
    return Lock(told, known_at, judge.by, judge.reason, of=name, known_inferred=inferred)


def stands_already(draft: Draft, made: Decision | Lock) -> str | None:
    """The id of what stands and says the very same as a new verdict or lock: given twice it would count twice."""
    if isinstance(made, Lock):
        same = [one for one in draft.standing.locks if (one.crs, one.polygons) == (made.crs, made.polygons)]
        return same[0].id if same and made.of is None else None
    acting = (one.decision for one in draft.standing.acting if one.released is None)
    return next((one.id for one in acting if _words(one) == _words(made)), None)


def _words(one: Decision) -> Decision:
    """A verdict without its name and the moment it became known."""
    return msgspec.structs.replace(one, id="", known_at=one.as_of, known_inferred=False)


def approved(review: Review, judge: Judge, *, history: records.History) -> tuple[Approval, ApprovedMap]:
    """The approved map of the day: the last one with what was accepted and edited since. Undecided ground waits.

    Raises:
        UsageError: a later day is approved already, or the draft knows nothing of an approval.
    """
    draft = review.draft
    last = max((one.as_of for _, one in history.approvals), default=None)
    if last is not None and draft.as_of < last:
        raise UsageError(
            f"--approve {day_text(draft.as_of)}: {day_text(last)} is approved already, wanted that day or a later one"
        )
    _refuse_unseen(draft, history)
    known_at, inferred = known_when(draft.known_by, judge.now)
    undecided = [one.piece.shape for one in review.proposals]
    small, held = [piece.shape for piece in review.waiting], _kept_waiting(draft)
    made = ApprovedMap(
        draft.ground.theatre.crs,
        tuple(redraw.ground_of(area) for area in draft.decided),
        redraw.waiting_polygons(undecided + small + held),
        redraw.used_keys(draft.reports, set(draft.posterior.used), draft.standing),
        asked=redraw.waiting_polygons(undecided + held + _locked(draft)),
    )
    approval = Approval(
        id=records.named("a", draft.as_of, draft.known_by, known_at, judge.by, judge.reason, made),
        as_of=draft.as_of,
        known_by=draft.known_by,
        known_at=known_at,
        by=judge.by,
        reason=judge.reason,
        engine=__version__,
        reports_used=len(draft.used),
        simulated=draft.simulated,
        known_inferred=inferred,
    )
    return approval, made


def approved_before(
    approval: Approval, made: ApprovedMap, *, ledger: Ledger, history: records.History
) -> Approval | None:
    """The newest approval, where it is of the same day, knew the same and shows the same, and nobody decided since.

    What waits is not looked at: it follows from these, but for a rim that is redrawn about it.
    """
    n, last = max(history.approvals, key=lambda told: told[0], default=(0, None))
    if last is None or any(line > n for line, _ in (*history.decisions, *history.locks)):
        return None
    if (last.as_of, last.known_by, last.simulated) != (approval.as_of, approval.known_by, approval.simulated):
        return None
    kept = records.read_approved(ledger, n)
    same = (kept.crs, kept.areas, kept.used) == (made.crs, made.areas, made.used)
    return last if same and kept.asked is not msgspec.UNSET else None


def _kept_waiting(draft: Draft) -> list[BaseGeometry]:
    """Held ground: once the hold is released it is asked about again."""
    crs = draft.ground.theatre.crs
    return [
        redraw.shapes_of(one.decision, crs=crs)
        for one in draft.standing.acting
        if one.decision.verdict is Verdict.HOLD and one.released is None
    ]


def _locked(draft: Draft) -> list[BaseGeometry]:
    crs = draft.ground.theatre.crs
    return [redraw.in_crs(records.shape_of(one.polygons), one.crs, crs) for one in draft.standing.locks]


def lonlat_of(draft: Draft | Day, shape: BaseGeometry) -> BaseGeometry:
    """A shape (km) in degrees, rounded to a decimetre, for showing."""

    def degrees(points: np.ndarray) -> np.ndarray:
        return np.round(np.column_stack(to_lonlat(points[:, 0], points[:, 1], crs=draft.ground.theatre.crs)), 6)

    return shapely.transform(shape, degrees)
