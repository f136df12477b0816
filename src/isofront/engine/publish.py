"""The engine's third half: from an approved day to what the public may see of it, and to an edition.

approval, reports      publish.policy                     who is cleared, who is held back and why
cleared reports        engine.public_draft                the public draft: computed anew, never cut from a private one
draft, approved map    engine.agreed                      ground that no editor agreed to: its reports are held back too
public draft           engine.public, engine.public_layers, engine.places    what is shown of it, all rounded
claims                 publish.policy_claims              what somebody said, as far as it may be told
last edition           difference                         what would change in public; is a second name wanted?
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Bool
from isofront.engine.agreed import agreed_areas, by_class, lying_in, unapproved
from isofront.engine.change import dated_of
from isofront.engine.drafting import Draft, Ground
from isofront.engine.ground import Progress
from isofront.engine.inputs import Inputs, Shown, areas_of, read_inputs
from isofront.engine.mappers import OtherMaps, other_maps
from isofront.engine.places import towns
from isofront.engine.public import Before, cells_in
from isofront.engine.public_draft import drafted_in_cells, public_draft, public_model
from isofront.engine.public_layers import drawn_as
from isofront.evidence.decision import shape_of
from isofront.evidence.report import Report
from isofront.front import Advances, Area, Change, Dated, Drawing
from isofront.front.advances import advances
from isofront.front.change import change
from isofront.front.lines import front_lines
from isofront.publish import SettlementStatus
from isofront.publish.policy import Cleared, Held, Terms, free_at, hour_start, terms_of
from isofront.publish.policy_claims import ClearedClaims, cleared_claims
from isofront.review import redraw
from isofront.review.pieces import overlaid
from isofront.theatre.model import PUBLIC_LAYERS

LAYERS_APART = ("infiltration", "pockets", "interdicted", "routes", "reports")
MONTH = timedelta(days=30)


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
    claims: ClearedClaims = field(default_factory=ClearedClaims)
    others: OtherMaps = field(default_factory=OtherMaps)

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

    def earlier(self, draft: Draft) -> Draft | None:
        """A draft's reports as the map of a month before; None before the start. Each is made once."""
        day = draft.as_of - MONTH
        if day < self.inputs.ground.anchor.date:
            return None
        key = frozenset(one.id for one in draft.reports)
        if key not in self._earlier:
            self._earlier[key] = public_draft(self.inputs, draft.posterior.model, draft.reports, on=day)
        return self._earlier[key]

    @cached_property
    def _earlier(self) -> dict[frozenset[str], Draft]:
        return {}

    def drawn_on(self, day: datetime) -> tuple[Area, ...]:
        """The public areas of a day, from what is cleared now."""
        if day == self.draft.as_of:
            return self.drawing.areas
        return public_draft(self.inputs, self.draft.posterior.model, self.draft.reports, on=day).drawing.areas

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
    def transitions_km2(self) -> dict[str, float]:
        """Ground that changes its class in public, km² by `from->to`."""
        found = {f"{old}->{new}": round(km2, 1) for (old, new), km2 in self.change.transitions.items() if old != new}
        return {name: km2 for name, km2 in sorted(found.items()) if km2 > 0}

    @property
    def wants_second_name(self) -> bool:
        """Whether so much moves since the last edition that a second editor has to agree."""
        return self.moved_in_sight_km2 > self.terms.policy.second_name_over_km2

    @cached_property
    def moved_in_sight_km2(self) -> float:
        """Ground that changes its holder since what the public saw last, km², withdrawn or not; 0 before there was any.

        Else to withdraw all that was published would do without a second name.
        """
        if self.before is not None:
            return self.moved_km2
        before = _dated_edition(self.inputs, self.inputs.last_in_sight)
        if before is None:
            return 0.0
        return change(before, _dated(self.draft, self.drawing), frame=self.inputs.ground.frame).changed_km2

    @cached_property
    def towns(self) -> tuple[SettlementStatus, ...]:
        """Each settlement with its class in public."""
        ground = None if self.correction is None else self.correction.ground
        return towns(self.draft, ground, self.drawing.areas)

    @cached_property
    def settlements(self) -> dict[str, str]:
        """Each settlement's class in public, by name."""
        return {one.settlement.name: one.status for one in self.towns}

    @cached_property
    def towns_before(self) -> tuple[str, ...]:
        """The class of each of `towns` in the last edition, else at the start.

        Of namesakes, and of a settlement that the last edition did not tell of, it is what its map shows there.
        """
        grid, last = self.inputs.ground.grid, self.inputs.last
        map_before = self.inputs.anchor if last is None else Before(last.edition.as_of, last.map)
        spots = np.array([grid.to_km(*one.settlement.at) for one in self.towns], float).reshape(-1, 2)
        names = Counter(one.settlement.name for one in self.towns)
        told = (
            {} if last is None else {name: status for name, status in last.map.settlements.items() if names[name] < 2}
        )
        shown = zip(self.towns, map_before.status_at(spots), strict=True)
        return tuple(told.get(one.settlement.name, there) for one, there in shown)

    @property
    def settlements_changed(self) -> list[dict[str, str]]:
        """Settlements whose class changes in public: name, from, to."""
        return [
            {"name": one.settlement.name, "from": before, "to": one.status}
            for one, before in zip(self.towns, self.towns_before, strict=True)
            if before != one.status
        ]


def release_of(
    folder: Path,
    on: datetime,
    *,
    now: datetime,
    before_line: int | None = None,
    approval_id: str | None = None,
    correction: Correction | None = None,
    progress: Progress | None = None,
) -> Release:
    """What the public edition of an approved day would hold if it were made now; nothing is written.

    `approval_id` names the approval; without it the day's last one counts.

    Raises:
        UsageError: nothing is approved for that day.
    """
    say = progress or (lambda _: None)
    say("reading what is approved")
    inputs = read_inputs(folder, on, now=hour_start(now), before_line=before_line, approval_id=approval_id)
    wrong = _corrected(inputs, correction)
    terms = terms_of(inputs.ground.theatre, now, standing=inputs.standing, corrected=wrong)
    model = public_model(inputs.ground, on, terms.protected, progress=progress)
    say("the public map from cleared reports")
    cleared = terms.cleared(inputs.reports, "areas")
    draft = drafted_in_cells(inputs, model, cleared.reports, km=terms.policy.coarsen_km)
    agreed = agreed_areas(inputs, cleared, draft, progress=progress)
    closed = unapproved(draft, inputs, agreed, km=terms.policy.coarsen_km)
    if not closed.is_empty:
        say("again, without what no editor agreed to")
        terms = replace(terms, undecided=lying_in(cleared.reports, closed, inputs.ground))
        cleared = terms.cleared(inputs.reports, "areas")
        draft = drafted_in_cells(inputs, model, cleared.reports, km=terms.policy.coarsen_km)
        closed = shapely.union(closed, unapproved(draft, inputs, agreed, km=terms.policy.coarsen_km))
    drawing = _public_drawing(draft, closed, terms, correction)
    draft = drawn_as(draft, drawing)

    def drafted(kept: Sequence[Report]) -> Draft:
        made = drafted_in_cells(inputs, model, kept, km=terms.policy.coarsen_km)
        return drawn_as(made, _public_drawing(made, closed, terms, correction))

    layers = _layers(inputs, terms, cleared, draft, drafted)
    waits = {name: free_at(terms.policy, on, name) for name in PUBLIC_LAYERS}
    not_yet = {name: when for name, when in waits.items() if when > terms.now}
    claims = ClearedClaims() if "claims" in not_yet else cleared_claims(inputs.claims, terms, places=_shown(inputs))
    last = _dated_edition(inputs, inputs.last)
    beside = other_maps(inputs.ground, on, now=terms.now, may_lack=correction is not None)
    return Release(inputs, terms, cleared, draft, closed, drawing, layers, not_yet, last, correction, claims, beside)


def _shown(inputs: Inputs) -> dict[str, list[tuple[float, float]]]:
    """Where the settlements of each name lie that an edition shows, in their order."""
    found: dict[str, list[tuple[float, float]]] = {}
    for one in inputs.ground.settlements:
        if inputs.ground.theatre.box.holds(*one.at):
            found.setdefault(one.name, []).append(one.at)
    return found


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
        found |= lying_in([one for one in inputs.reports if one.known_at < known_by], shape, inputs.ground)
    return frozenset(found)


def _public_drawing(draft: Draft, closed: BaseGeometry, terms: Terms, correction: Correction | None) -> Drawing:
    """The map as geometry, redrawn outside closed squares only, without a protected side's presence."""
    cells: Bool[np.ndarray, "ny nx"] = draft.fresh
    if not closed.is_empty:
        cells = cells & ~cells_in(draft, shapely.buffer(closed, draft.field.grid.cell_km))
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


def _layers(
    inputs: Inputs, terms: Terms, cleared: Cleared, draft: Draft, drafted: Callable[[Sequence[Report]], Draft]
) -> dict[str, Draft]:
    """The draft that each layer is read from: the map's own, unless the layer's longer delay keeps reports back."""
    own = cleared.ids
    made, found = {own: draft}, {}
    for name in LAYERS_APART:
        kept = tuple(one for one in terms.cleared(inputs.reports, name).reports if one.id in own)
        ids = frozenset(one.id for one in kept)
        if ids not in made:
            made[ids] = drafted(kept)
        found[name] = made[ids]
    return found


# Against the last edition


def _dated_edition(inputs: Inputs, told: Shown | None) -> Dated | None:
    """An edition as one map."""
    if told is None:
        return None
    areas = areas_of(told.map, inputs.ground.theatre.crs)
    return dated_of_areas(inputs.ground, areas, told.edition.as_of)


def dated_of_areas(ground: Ground, areas: Iterable[Area], date: datetime) -> Dated:
    """A coverage as one map of one day."""
    found = by_class(areas, ground.theatre.side_ids)
    held = {side: found[side] for side in ground.theatre.side_ids}
    return Dated(date, held, found["grey"], shapely.MultiPolygon(), ground.frame)


def _dated(draft: Draft, drawing: Drawing) -> Dated:
    found = dated_of_areas(draft.ground, drawing.areas, draft.as_of)
    return replace(found, unobserved=drawing.unobserved)


__all__ = ["Release", "dated_of", "release_of", "unapproved"]
