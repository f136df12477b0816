"""What an edition is made from, out of a theatre's folder as its ledger stands, or stood before some line.

ledger       Inputs       the approval and its map, the reports it knew, editors' words, the editions that stand
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import msgspec
import numpy as np
import shapely
from msgspec import UNSET
from shapely.geometry.base import BaseGeometry

from isofront.control.items import DAY
from isofront.control.statement import Statement
from isofront.engine.drafting import Ground, ground_of
from isofront.engine.public import Before
from isofront.errors import TheatreError, UsageError
from isofront.evidence import Ledger, ledger_path
from isofront.evidence.claim import Claim
from isofront.evidence.claim import claims as read_claims
from isofront.evidence.decision import (
    Approval,
    ApprovedMap,
    Decision,
    History,
    Verdict,
    evidence_key,
    read_approved,
    read_history,
    shape_of,
)
from isofront.evidence.edition import Edition, EditionMap, Published, read_edition_map, read_published
from isofront.evidence.replay import reports_known
from isofront.evidence.report import Report
from isofront.front import Area, Class
from isofront.publish.coarse import on_cells
from isofront.publish.policy import delay
from isofront.publish.stamp import day_text
from isofront.review import redraw, standing
from isofront.review.standing import STATES
from isofront.theatre.model import Theatre

NESTED = 1e-9
ABOUT_REPORTS = ("report", "correction", "retraction", "link", "redaction")


class _Cells(msgspec.Struct):
    """Of an edition's policy what its cells are; the rest is not looked at."""

    coarsen_km: float = 1.0


@dataclass(frozen=True, slots=True)
class Shown:
    """An edition that still stands, and what it shows."""

    edition: Edition
    map: EditionMap

    @property
    def grid_km(self) -> float:
        """The side of the cells that it was shown in."""
        return msgspec.json.decode(self.edition.policy, type=_Cells).coarsen_km


@dataclass(frozen=True)
class Inputs:
    """What the ledger says of one approved day: the approval and its map, all reports it knew, what was published.

    `shown` are the editions that stand, oldest first, `withdrawn` the others; `claims` those that the map knew and
    nobody took back since. `undecided` is ground (km, whole cells) that editors were asked about and left open, or
    settled so lately that their word is under its delay; None where the approved map was made without a queue.
    """

    ground: Ground
    approval: Approval
    approved: ApprovedMap
    reports: tuple[Report, ...]
    standing: frozenset[str]
    said: tuple[Statement, ...]
    published: Published
    shown: tuple[Shown, ...]
    head: str
    claims: tuple[Claim, ...] = ()
    undecided: BaseGeometry | None = None
    withdrawn: tuple[Shown, ...] = ()

    @property
    def last(self) -> Shown | None:
        """What an edition of this day is held against: of those that stand, the newest of the newest day up to it.

        A later day's map is no "before": putting an old day right would read as ground that changed hands since.
        """
        return self._newest(self.shown)

    @property
    def last_in_sight(self) -> Shown | None:
        """The same, of those that were withdrawn where none stands: what the public saw last."""
        return self.last or self._newest(self.withdrawn)

    def _newest(self, some: Iterable[Shown]) -> Shown | None:
        before = [one for one in some if one.edition.as_of <= self.approval.as_of]
        return max(before, key=lambda one: (one.edition.as_of, one.edition.number), default=None)

    @property
    def earlier(self) -> tuple[Before, ...]:
        """Editions of earlier days, the newest day first, of each day the newest."""
        days = {one.edition.as_of: one for one in self.shown if one.edition.as_of < self.approval.as_of}
        return tuple(Before(day, days[day].map) for day in sorted(days, reverse=True))

    @property
    def anchor(self) -> Before:
        """The start, as an edition would have shown it."""
        areas = tuple(map(redraw.ground_of, self.ground.areas))
        return Before(self.ground.anchor.date, EditionMap(self.ground.theatre.crs, areas, (), {}))


def read_inputs(
    folder: Path, on: datetime, *, now: datetime, before_line: int | None = None, approval_id: str | None = None
) -> Inputs:
    """Everything that an edition of a day is made from, out of the theatre's folder.

    `before_line` leaves out what the ledger holds from that line on: to make an edition again. `approval_id` names the
    approval; without it the day's last one counts.

    Raises:
        UsageError: nothing is approved for that day.
        TheatreError: the theatre's cells cross those of an edition that was published.
    """
    ground = ground_of(folder)
    path = ledger_path(ground.folder)
    if not path.exists():
        raise UsageError(f"{folder}: no ledger, so no approved map; wanted: isofront review {folder} --approve")
    with Ledger.open(path) as ledger:
        upto = ledger.count + 1 if before_line is None else before_line
        history, published = _upto(read_history(ledger), upto), read_published(ledger).upto(upto)
        n, approval = _approval_of(history, on, folder, approval_id)
        lines = [one for one in ledger.lines(*ABOUT_REPORTS) if one[0].n < upto]
        by_now = {one.id: one for one in reports_known(lines, known_by=None)}
        reports = tuple(_with_class(one, by_now) for one in reports_known(lines, known_by=approval.known_by))
        every = tuple(Shown(one, read_edition_map(ledger, line)) for line, one in published.editions)
        made, head = read_approved(ledger, n), ledger.head
        told = {one.id: one for one in read_claims(ledger, before_line=upto)}
        claims = tuple(one for one in told.values() if one.known_at < approval.known_by)

    _refuse_other_grid(ground.theatre, every)
    shown = tuple(one for one in every if published.pull_of(one.edition.id) is None)
    gone = tuple(one for one in every if published.pull_of(one.edition.id) is not None)
    standing_ids = frozenset(one.id for one in reports if one.id in by_now and _stands(one, by_now[one.id]))
    reports = tuple(_with_claim(one, told.get(one.id)) for one in reports)
    said = _statements(ground, history, approval, now=now)
    open_ = _undecided(ground, history, approval, made, now=now)
    return Inputs(ground, approval, made, reports, standing_ids, said, published, shown, head, claims, open_, gone)


def _refuse_other_grid(theatre: Theatre, every: Iterable[Shown]) -> None:
    """Stop before a report is shown in cells that cross earlier ones: both together place it finer than either."""
    km = theatre.policy.coarsen_km
    for one in every:
        then = one.grid_km
        nested = max(then, km) / min(then, km)
        if one.map.crs == theatre.crs and abs(nested - round(nested)) < NESTED:
            continue
        raise TheatreError(
            f"crs {theatre.crs!r} and coarsen_km {km:g}: edition {one.edition.id} was published in cells of {then:g} "
            f"km of {one.map.crs!r}, and cells that cross place a report finer than either; wanted the same crs, and "
            f"{then:g} or a whole multiple of it"
        )


def _with_class(report: Report, by_now: dict[str, Report]) -> Report:
    """A report with the release class it has by now: that is its keeper's word on it, and no evidence."""
    now = by_now.get(report.id)
    return replace(report, release=now.release) if now is not None and _stands(report, now) else report


def _with_claim(report: Report, claim: Claim | None) -> Report:
    """A report that a claim of control made, under the claim's release class where it has none of its own.

    With the claim's words, which name a unit or do not: what is true of its link is true of the report's.
    """
    if claim is None:
        return report
    return replace(report, release=report.release or claim.release or "", note=f"{claim.speaker} {claim.quote}")


def _stands(report: Report, now: Report) -> bool:
    """Whether a report is what it was when the map was approved, but for its release class."""
    if evidence_key(report) == evidence_key(now):
        return True
    same = replace(now, known_at=report.known_at, known_inferred=report.known_inferred, group=report.group)
    return replace(same, release=report.release) == report


def _upto(history: History, n: int) -> History:
    """What editors had decided before line `n`."""
    return History(
        tuple(one for one in history.decisions if one[0] < n),
        tuple(one for one in history.approvals if one[0] < n),
        knew=history.knew,
    )


def _approval_of(history: History, on: datetime, folder: Path, name: str | None) -> tuple[int, Approval]:
    found = [(n, one) for n, one in history.approvals if one.as_of == on and name in (None, one.id)]
    if not found:
        days = sorted({day_text(one.as_of) for _, one in history.approvals})
        known = ", ".join(days[-5:]) or "none"
        raise UsageError(
            f"{folder}: no approved map of {day_text(on)}, wanted one of: {known} (review --approve makes one)"
        )
    return found[-1]


def _undecided(
    ground: Ground, history: History, approval: Approval, made: ApprovedMap, *, now: datetime
) -> BaseGeometry | None:
    """Ground that nobody agreed to show otherwise, on whole cells: it takes away only, so it acts at once."""
    if made.asked is UNSET:
        return None
    crs = ground.theatre.crs
    shapes = [redraw.in_crs(shape_of(made.asked), made.crs, crs)]
    shapes += [
        redraw.shapes_of(one, crs=crs)
        for _, one in history.decisions
        if one.verdict in STATES and one.known_at < approval.known_by and not _aged(ground, one, now=now)
    ]
    whole = shapely.union_all(shapes)
    return whole if whole.is_empty else on_cells(whole, km=ground.theatre.policy.coarsen_km)


def _aged(ground: Ground, one: Decision, *, now: datetime) -> bool:
    """Whether a verdict is past the longest delay of all."""
    policy = ground.theatre.policy
    longest = max(delay(policy, side, "areas") for side in (None, *ground.theatre.side_ids))
    return max(one.as_of, one.known_at) + longest <= now


def _statements(ground: Ground, history: History, approval: Approval, *, now: datetime) -> tuple[Statement, ...]:
    """What editors said of ground, once their own delay is over, on cells; accepted ground of a protected side too.

    Reports that show a protected side have no part in public; an editor's word on whose ground it is may have. What was
    accepted as the machine drew it tells a little of those reports still; a theatre may do without (what was drawn by
    hand does not, and acts).
    """
    theatre = ground.theatre
    policy, sides = theatre.policy, theatre.side_ids
    aged = tuple((n, one) for n, one in history.decisions if _aged(ground, one, now=now))
    known = History(aged, (), ())
    now_standing = standing(known, lambda _: _no_map(), as_of=approval.as_of, known_by=approval.known_by)
    began, as_of = ground.anchor.date, approval.as_of
    said = redraw.statements(now_standing, sides=sides, crs=theatre.crs, anchored=began, as_of=as_of)
    if policy.show_accepted_protected:
        said += _accepted_protected(ground, [one for _, one in aged], approval)
    km = policy.coarsen_km
    return tuple(
        replace(one, ground=on_cells(one.ground, km=km), known_day=float(np.floor(one.known_day))) for one in said
    )


def _accepted_protected(ground: Ground, aged: Iterable[Decision], approval: Approval) -> Iterator[Statement]:
    """Ground of a protected side that editors accepted as the machine drew it."""
    theatre, began, as_of = ground.theatre, ground.anchor.date, approval.as_of
    for one in aged:
        if one.verdict is not Verdict.ACCEPT or one.as_of > as_of or one.known_at >= approval.known_by:
            continue
        days = [(moment - began) / DAY for moment in (one.as_of, as_of, one.known_at)]
        for part in one.becomes:
            if part.side in theatre.protected_sides:
                shape = redraw.in_crs(shape_of(part.polygons), one.crs, theatre.crs)
                yield Statement(one.id, shape, theatre.side_ids.index(part.side), *days)


def _no_map() -> ApprovedMap:
    raise AssertionError("no approval was given")


def areas_of(made: ApprovedMap | EditionMap, crs: str) -> list[Area]:
    """What a kept map shows, as areas (km)."""
    return [
        Area(
            Class.GREY if one.side is None else Class.HELD,
            one.side,
            one.grey_reason,
            redraw.in_crs(shape_of(one.polygons), made.crs, crs),
        )
        for one in made.areas
    ]
