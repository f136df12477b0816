"""The engine's third half: from an approved day to what the public may see of it, and to an edition.

approval, reports      publish.policy                     who is cleared, who is held back and why
cleared reports        publish.coarse, engine.draft_from  the public draft: computed anew, never cut from a private one
draft, approved map    unapproved                         ground that no editor agreed to: its reports are held back too
public draft           engine_public                      raster, reasons, pockets, routes, all rounded
last edition           difference                         what would change in public; is a second name wanted?
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

import numpy as np
import shapely
from jaxtyping import Bool
from shapely.geometry.base import BaseGeometry

from isofront import engine_public
from isofront.control.items import DAY
from isofront.control.posterior import Model
from isofront.control.statement import Statement
from isofront.control.weigh import plain_table, shipped_tables
from isofront.engine import Draft, Ground, draft_from, ground_of, model_of, statuses
from isofront.engine_change import dated_of
from isofront.engine_public import Before
from isofront.errors import UsageError
from isofront.evidence import Ledger, ledger_path
from isofront.evidence.decision import (
    Approval,
    ApprovedMap,
    History,
    Verdict,
    evidence_key,
    read_approved,
    read_history,
    shape_of,
)
from isofront.evidence.edition import (
    Edition,
    EditionMap,
    Published,
    read_edition_map,
    read_published,
)
from isofront.evidence.replay import reports_known
from isofront.evidence.report import Report
from isofront.front import Advances, Area, Change, Class, Dated, Drawing
from isofront.front.advances import advances
from isofront.front.change import change
from isofront.front.lines import front_lines
from isofront.front.measure import label
from isofront.publish.coarse import cell_box, coarsened, day_end, on_cells
from isofront.publish.policy import Cleared, Held, Terms, delay, free_at, terms_of
from isofront.review import redraw, standing
from isofront.review.pieces import overlaid
from isofront.theatre.model import PUBLIC_LAYERS

Progress = Callable[[str], None]

ABOUT_REPORTS = ("report", "correction", "retraction", "link", "redaction")
AGREED_KM = 5.0
"""Ground that changes in public has to lie so near to ground that an editor agreed to change alike."""
SQUARE_CELLS = 3
"""Where none is so near it is kept back in squares of so many public cells: coarser than any place that is given."""
AHEAD_KM2 = 0.5
"""Less ground of a square than this is rounding."""
LAYERS_APART = ("infiltration", "pockets", "interdicted", "routes", "reports")
DIGITS_KM = 2


@dataclass(frozen=True, slots=True)
class Shown:
    """An edition that still stands, and what it shows."""

    edition: Edition
    map: EditionMap


@dataclass(frozen=True)
class Inputs:
    """What the ledger says of one approved day: the approval and its map, all reports it knew, what was published.

    `shown` are the editions that stand, oldest first.
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

    @property
    def last(self) -> Shown | None:
        """The newest edition that stands."""
        return self.shown[-1] if self.shown else None

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


@dataclass(frozen=True, slots=True)
class Correction:
    """Ground (km, whole public cells) that an edition showed wrongly, and what it is to be shown as."""

    of: str
    ground: BaseGeometry
    areas: tuple[Area, ...]


@dataclass(frozen=True)
class Release:
    """What the public edition of a day would hold, what is held back and why, and what it would change in public."""

    inputs: Inputs
    terms: Terms
    cleared: Cleared
    draft: Draft
    closed: BaseGeometry
    drawing: Drawing
    layers: Mapping[str, Draft]
    not_yet: Mapping[str, datetime]
    before: Dated | None
    correction: Correction | None = None

    @cached_property
    def ready_at(self) -> datetime:
        """From when on this day may be published: once all that the approved map knew is past its delay.

        What editors agreed to rests on every report they knew, so nothing of it may show before the last of them may.
        """
        known = [self.terms.free_at(one, "areas") for one in self.inputs.reports]
        return max(free_at(self.terms.policy, self.inputs.approval.as_of, "areas"), *known)

    @property
    def ready(self) -> bool:
        """Whether the day's delay is over."""
        return self.ready_at <= self.terms.now

    @property
    def held(self) -> tuple[Held, ...]:
        """Every report that has no part in the map, with why, in the ledger's order."""
        return self.cleared.held

    @cached_property
    def change(self) -> Change:
        """What moves in public: since the last edition, else since the start."""
        ground, now = self.inputs.ground, _dated(self.draft, self.drawing)
        before = self.before or dated_of_areas(ground, ground.areas, ground.anchor.date)
        return change(before, now, frame=ground.frame)

    @cached_property
    def advances(self) -> Advances:
        """Where it moves, and how far."""
        return advances(self.change)

    @property
    def moved_km2(self) -> float:
        """Ground that changes its holder in public, km²."""
        return self.change.changed_km2

    @property
    def wants_second_name(self) -> bool:
        """Whether so much moves since the last edition that a second editor has to agree."""
        return self.before is not None and self.moved_km2 > self.terms.policy.second_name_over_km2

    @cached_property
    def settlements(self) -> dict[str, str]:
        """Each settlement's class in public, by name."""
        return {one.settlement.name: one.status for one in statuses(self.draft)}

    @cached_property
    def settlements_before(self) -> dict[str, str]:
        """The same in the last edition, else at the start."""
        ground, last = self.inputs.ground, self.inputs.last
        places = [one for one in ground.settlements if ground.theatre.box.holds(*one.at)]
        if last is not None:
            return {one.name: last.map.settlements[one.name] for one in places if one.name in last.map.settlements}
        spots = np.array([ground.grid.to_km(*one.at) for one in places], float).reshape(-1, 2)
        return {one.name: status for one, status in zip(places, self.inputs.anchor.status_at(spots), strict=True)}

    @property
    def settlements_changed(self) -> list[dict[str, str | None]]:
        """Settlements whose class changes in public: name, from, to."""
        before = self.settlements_before
        return [
            {"name": name, "from": before.get(name), "to": status}
            for name, status in self.settlements.items()
            if before.get(name) != status
        ]


def release_of(
    folder: Path,
    on: datetime,
    *,
    now: datetime,
    before_line: int | None = None,
    correction: Correction | None = None,
    progress: Progress | None = None,
) -> Release:
    """What the public edition of an approved day would hold if it were made now; nothing is written.

    Raises:
        UsageError: nothing is approved for that day.
    """
    say = progress or (lambda _: None)
    say("reading what is approved")
    inputs = read_inputs(folder, on, now=now, before_line=before_line)
    wrong = _corrected(inputs, correction)
    terms = terms_of(inputs.ground.theatre, now, standing=inputs.standing, corrected=wrong)
    model = public_model(inputs.ground, on, terms.protected, progress=progress)
    say("the public map from cleared reports")
    cleared = terms.cleared(inputs.reports, "areas")
    draft = public_draft(inputs, model, cleared.reports, km=terms.policy.coarsen_km)
    closed = unapproved(draft, inputs, km=terms.policy.coarsen_km)
    if not closed.is_empty:
        say("again, without what no editor agreed to")
        terms = replace(terms, undecided=_lying_in(cleared.reports, closed, inputs.ground))
        cleared = terms.cleared(inputs.reports, "areas")
        draft = public_draft(inputs, model, cleared.reports, km=terms.policy.coarsen_km)
        closed = shapely.union(closed, unapproved(draft, inputs, km=terms.policy.coarsen_km))
    drawing = _public_drawing(draft, closed, terms, correction)
    layers = _layers(inputs, model, terms, cleared, draft)
    waits = {name: free_at(terms.policy, on, name) for name in PUBLIC_LAYERS}
    not_yet = {name: when for name, when in waits.items() if when > terms.now}
    return Release(inputs, terms, cleared, draft, closed, drawing, layers, not_yet, _last(inputs), correction)


def _corrected(inputs: Inputs, correction: Correction | None) -> frozenset[str]:
    """Ids of reports that lie on ground an edition showed wrongly, and that this edition knew of."""
    crs = inputs.ground.theatre.crs
    found: set[str] = set()
    wrong = [
        (redraw.in_crs(shape_of(one.map.corrected), one.map.crs, crs), one.edition.known_by)
        for one in inputs.shown
        if one.map.corrected
    ]
    if correction is not None:
        wrong.append((correction.ground, inputs.approval.known_by))
    for shape, known_by in wrong:
        found |= _lying_in([one for one in inputs.reports if one.known_at < known_by], shape, inputs.ground)
    return frozenset(found)


def read_inputs(folder: Path, on: datetime, *, now: datetime, before_line: int | None = None) -> Inputs:
    """Everything that an edition of a day is made from, out of the theatre's folder.

    `before_line` leaves out what the ledger holds from that line on: to make an edition again.

    Raises:
        UsageError: nothing is approved for that day.
    """
    ground = ground_of(folder)
    path = ledger_path(ground.folder)
    if not path.exists():
        raise UsageError(f"{folder}: no ledger, so no approved map; wanted: isofront review {folder} --approve")
    with Ledger.open(path) as ledger:
        upto = ledger.count + 1 if before_line is None else before_line
        history, published = _upto(read_history(ledger), upto), read_published(ledger).upto(upto)
        n, approval = _approval_of(history, on, folder)
        lines = [one for one in ledger.lines(*ABOUT_REPORTS) if one[0].n < upto]
        reports = tuple(reports_known(lines, known_by=approval.known_by))
        now_known = {evidence_key(one) for one in reports_known(lines, known_by=None)}
        shown = tuple(
            Shown(one, read_edition_map(ledger, line))
            for line, one in published.editions
            if published.pull_of(one.id) is None
        )
        made, head = read_approved(ledger, n), ledger.head

    standing_ids = frozenset(one.id for one in reports if evidence_key(one) in now_known)
    said = _statements(ground, history, approval, now=now)
    return Inputs(ground, approval, made, reports, standing_ids, said, published, shown, head)


def _upto(history: History, n: int) -> History:
    """What editors had decided before line `n`."""
    return History(
        tuple(one for one in history.decisions if one[0] < n),
        tuple(one for one in history.approvals if one[0] < n),
        knew=history.knew,
    )


def _approval_of(history: History, on: datetime, folder: Path) -> tuple[int, Approval]:
    found = [(n, one) for n, one in history.approvals if one.as_of == on]
    if not found:
        days = sorted({f"{one.as_of:%Y-%m-%d}" for _, one in history.approvals})
        known = ", ".join(days[-5:]) or "none"
        raise UsageError(
            f"{folder}: no approved map of {on:%Y-%m-%d}, wanted one of: {known} (review --approve makes one)"
        )
    return found[-1]


def public_draft(
    inputs: Inputs, model: Model, cleared: Sequence[Report], *, km: float, on: datetime | None = None
) -> Draft:
    """The draft of the day, or of an earlier one, from cleared reports at coarse places, from the anchor on."""
    ground, day = inputs.ground, on or inputs.approval.as_of
    reports = coarsened(cleared, crs=ground.theatre.crs, km=km)
    known_by = day_end(inputs.approval.known_by) + timedelta(days=1)
    days = (day - ground.anchor.date) / DAY
    said = [replace(one, last_day=min(one.last_day, days)) for one in inputs.said if one.first_day <= days]
    return draft_from(ground, model, reports, said, as_of=day, known_by=known_by)


def public_model(ground: Ground, day: datetime, protected: Set[str], *, progress: Progress | None = None) -> Model:
    """The model that knows which sides' reports it will never hear: else the others' would carry all before them."""
    model = model_of(ground, day, progress=progress)
    gone = {k for k, side in enumerate(ground.theatre.side_ids) if side in protected}
    if gone:
        tables = model.tables or (plain_table(), *shipped_tables(ground.drawn))
        model.tables = tuple(table.without(gone) for table in tables)
    return model


def _statements(ground: Ground, history: History, approval: Approval, *, now: datetime) -> tuple[Statement, ...]:
    """What editors said of ground, once their own delay is over, on cells; accepted ground of a protected side too.

    Reports that show a protected side have no part in public; an editor's word on whose ground it is may have.
    """
    theatre = ground.theatre
    policy, sides = theatre.policy, theatre.side_ids
    longest = max(delay(policy, side, "areas") for side in (None, *sides))
    aged = tuple((n, one) for n, one in history.decisions if max(one.as_of, one.known_at) + longest <= now)
    known = History(aged, (), ())
    now_standing = standing(known, lambda _: _no_map(), as_of=approval.as_of, known_by=approval.known_by)
    began, as_of = ground.anchor.date, approval.as_of
    said = redraw.statements(now_standing, sides=sides, crs=theatre.crs, anchored=began, as_of=as_of)
    for _, one in aged:
        if one.verdict is Verdict.ACCEPT and one.as_of <= as_of and one.known_at < approval.known_by:
            for part in one.becomes:
                if part.side in theatre.protected_sides:
                    shape = redraw.in_crs(shape_of(part.polygons), one.crs, theatre.crs)
                    days = [(moment - began) / DAY for moment in (one.as_of, as_of, one.known_at)]
                    said.append(Statement(one.id, shape, sides.index(part.side), *days))
    km = policy.coarsen_km
    return tuple(
        replace(one, ground=on_cells(one.ground, km=km), known_day=float(np.floor(one.known_day))) for one in said
    )


def _no_map() -> ApprovedMap:
    raise AssertionError("no approval was given")


# What no editor agreed to


def unapproved(draft: Draft, inputs: Inputs, *, km: float) -> BaseGeometry:
    """Squares in which the public draft changes ground to a class that no editor agreed to within `AGREED_KM`.

    So wide, because the approved map knows what the public must not feel: a report of a protected side moves it by far
    less, and has no say in what is closed.
    """
    ground = inputs.ground
    sides = ground.theatre.side_ids
    base, now = _classes(ground.areas, sides), _classes(draft.drawing.areas, sides)
    agreed = _classes(areas_of(inputs.approved, ground.theatre.crs), sides)
    moved = {name: shapely.difference(agreed[name], base[name]) for name in (*sides, "grey")}
    moved["grey"] = shapely.union_all(list(moved.values()))  # half way to what was agreed is agreed too
    ahead = [
        shapely.difference(
            shapely.difference(now[name], base[name]), shapely.buffer(moved[name], AGREED_KM, quad_segs=4)
        )
        for name in moved
    ]
    shape = shapely.union_all(ahead)
    if shape.area < AHEAD_KM2:
        return shapely.MultiPolygon()
    step = SQUARE_CELLS * km
    west, south, east, north = np.floor(np.array(shape.bounds) / step).astype(int).tolist()
    squares = [cell_box((i, j), km=step) for i in range(west, east + 1) for j in range(south, north + 1)]
    lying = shapely.area(shapely.intersection(np.array(squares, dtype=object), shape))
    return shapely.union_all([square for square, km2 in zip(squares, lying, strict=True) if km2 >= AHEAD_KM2])


def _classes(areas: Iterable[Area], sides: tuple[str, str]) -> dict[str, BaseGeometry]:
    every = tuple(areas)
    return {
        name: shapely.union_all([one.geometry for one in every if label(one) == name] or [shapely.MultiPolygon()])
        for name in (*sides, "grey")
    }


def areas_of(made: ApprovedMap | EditionMap, crs: str) -> list[Area]:
    return [
        Area(
            Class.GREY if one.side is None else Class.HELD,
            one.side,
            one.grey_reason,
            redraw.in_crs(shape_of(one.polygons), made.crs, crs),
        )
        for one in made.areas
    ]


def _lying_in(reports: Iterable[Report], closed: BaseGeometry, ground: Ground) -> frozenset[str]:
    """Ids of reports whose spot lies in closed squares; squares are whole cells, so the cell decides."""
    shapely.prepare(closed)
    return frozenset(
        one.id for one in reports if shapely.contains_xy(closed, *ground.grid.to_km(one.lon, one.lat)).item()
    )


def _public_drawing(draft: Draft, closed: BaseGeometry, terms: Terms, correction: Correction | None) -> Drawing:
    """The map as geometry, redrawn outside closed squares only, without a protected side's presence."""
    cells: Bool[np.ndarray, "ny nx"] = draft.fresh
    if not closed.is_empty:
        cells = cells & ~engine_public.cells_in(draft, shapely.buffer(closed, draft.field.grid.cell_km))
    drawn = draft.drawn(cells)
    drawn = replace(drawn, infiltration=tuple(one for one in drawn.infiltration if one.side not in terms.protected))
    if correction is None:
        return drawn
    areas = overlaid(drawn.areas, correction.areas, sides=draft.field.sides)
    inside = [replace(one, geometry=shapely.difference(one.geometry, correction.ground)) for one in drawn.infiltration]
    return replace(
        drawn,
        areas=areas,
        lines=front_lines(draft.field, areas, draft.ground.frame),
        infiltration=tuple(one for one in inside if not one.geometry.is_empty),
    )


def _layers(inputs: Inputs, model: Model, terms: Terms, cleared: Cleared, draft: Draft) -> dict[str, Draft]:
    """The draft that each layer is read from: the map's own, unless the layer's longer delay keeps reports back."""
    own = cleared.ids
    made, found = {own: draft}, {}
    for name in LAYERS_APART:
        kept = tuple(one for one in terms.cleared(inputs.reports, name).reports if one.id in own)
        ids = frozenset(one.id for one in kept)
        if ids not in made:
            made[ids] = public_draft(inputs, model, kept, km=terms.policy.coarsen_km)
        found[name] = made[ids]
    return found


# Against the last edition


def _last(inputs: Inputs) -> Dated | None:
    """The newest edition that still stands, whatever its day, as one map."""
    told = inputs.last
    if told is None:
        return None
    areas = areas_of(told.map, inputs.ground.theatre.crs)
    return dated_of_areas(inputs.ground, areas, told.edition.as_of)


def dated_of_areas(ground: Ground, areas: Iterable[Area], date: datetime) -> Dated:
    """A coverage as one map of one day."""
    found = _classes(areas, ground.theatre.side_ids)
    held = {side: found[side] for side in ground.theatre.side_ids}
    return Dated(date, held, found["grey"], shapely.MultiPolygon(), ground.frame)


def _dated(draft: Draft, drawing: Drawing) -> Dated:
    found = dated_of_areas(draft.ground, drawing.areas, draft.as_of)
    return replace(found, unobserved=drawing.unobserved)


__all__ = ["Release", "dated_of", "release_of", "unapproved"]
