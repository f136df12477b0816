"""The whole way on one page: a theatre's folder in, map sheets out.

theatre.toml, anchor   engine.ground.ground_of                who held what on the anchor's date
ledger.db              evidence.Ledger.reports(known_by)      what was known by then
reports                control.batch, control.Model           the posterior of the line on a day
decisions              review.standing, review.redraw         the approved map, editors' statements, ground that stands
posterior              control.show                           probabilities in every cell
field                  front.draw                             held, grey, edges, bands; still where nothing came
drawing, shares        Sheet                                  what `publish.write_sheet` and the page show
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from isofront.arrays import Bool, Int
from isofront.control import Config, Field, Model, Posterior, Reasons, batch, show
from isofront.control.behind import behind, unsure
from isofront.control.items import DAY
from isofront.control.learned import warnings
from isofront.control.learning import kindred_now
from isofront.control.limits import at_its_limits, limits
from isofront.control.overdue import needs_a_look
from isofront.control.statement import Statement, stated
from isofront.engine.ground import Ground, Progress, ground_of, model_of, models_of
from isofront.engine.known_later import known_later
from isofront.errors import UsageError
from isofront.evidence import Ledger, ledger_path
from isofront.evidence.decision import evidence_key, read_approved, read_history
from isofront.evidence.rejects import rejects_count
from isofront.evidence.report import Report
from isofront.front import Area, Drawing, area_km2, changed_km2, class_km2, draw, status_at
from isofront.front.lines import front_lines, infiltration
from isofront.front.unspoken import told_by
from isofront.ground.grid import to_lonlat
from isofront.publish import Push, SettlementStatus, Sheet, State, Why
from isofront.review import NOTHING, Standing, redraw, standing
from isofront.threads import ahead, side_by_side

__all__ = [
    "LEAST_PUSH_KM",
    "TOWN_RADIUS_KM",
    "WHY_PUSHES",
    "Draft",
    "Ground",
    "Progress",
    "bare_sheet",
    "default_known_by",
    "draft",
    "draft_fields",
    "draft_from",
    "drafts",
    "ground_of",
    "model_of",
    "read_reports",
    "read_standing",
    "sheet",
    "shown",
    "statuses",
    "whys",
]

WHY_STEP_KM = 1.0
WHY_NEAR_KM = 6.0
WHY_PUSHES = 8
"""So many reports are named per place as reasons, largest share first."""
LEAST_PUSH_KM = 0.005
"""A share of the depth (km) smaller than this is no reason that is named."""
TOWN_RADIUS_KM = 0.8
"""How far from its centre a settlement is looked at where the theatre gives no radius."""

_log = logging.getLogger("isofront.engine")


@dataclass(frozen=True)
class Draft:
    """The engine's answer for one day, before it becomes a sheet."""

    ground: Ground
    as_of: datetime
    known_by: datetime
    reports: tuple[Report, ...]
    posterior: Posterior
    field: Field
    standing: Standing = NOTHING
    gone_km: tuple[tuple[float, float], ...] = ()

    @property
    def simulated(self) -> bool:
        """Whether anything it was made from is invented."""
        return self.ground.theatre.simulated or any(report.simulated for report in self.reports)

    @cached_property
    def used(self) -> tuple[Report, ...]:
        """The reports that acted, by id."""
        acting = set(self.posterior.used)
        return tuple(sorted((one for one in self.reports if one.id in acting), key=lambda one: one.id))

    @cached_property
    def previous(self) -> tuple[Area, ...]:
        """The last approved map, else the anchor."""
        ground, theatre = self.ground, self.ground.theatre
        return redraw.previous(self.standing, ground.areas, crs=theatre.crs, frame=ground.frame, sides=theatre.side_ids)

    @cached_property
    def decided(self) -> tuple[Area, ...]:
        """The last approved map with what was accepted and edited since: what stands where nothing new came in."""
        theatre = self.ground.theatre
        return redraw.decided(self.previous, self.standing, crs=theatre.crs, sides=theatre.side_ids)

    @cached_property
    def fresh(self) -> Bool[np.ndarray, "ny nx"]:
        """Cells touched by what the approved map and later verdicts did not know of: only they are redrawn."""
        crs, touched = self.ground.theatre.crs, self.field.touched
        return redraw.fresh(self.posterior, touched, self.reports, self.standing, crs=crs, gone_km=self.gone_km)

    @cached_property
    def needs_a_look(self) -> dict[str, Any]:
        """Settlements and ground at the front past their review date, as `summary.json` tells them; never the sea."""
        review_days = self.ground.theatre.observing.review_days
        towns = self.ground.settlements
        return needs_a_look(self.field, frame=self.ground.frame, settlements=towns, review_days=review_days)

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """Where this war is not the one that the learned file knows; none without such a file."""
        ground, learned = self.ground, self.ground.learned
        if learned is None:
            return ()
        sides = ground.theatre.side_ids
        here = kindred_now(self.posterior, sides)
        known = frozenset(one.name for one in ground.theatre.covariates)
        return warnings(learned, sides=sides, drawn=sides[ground.drawn], here=here, covariates=known)

    @cached_property
    def state(self) -> State:
        """Approved where an editor accepted the map of this very moment and nothing came in since; else a draft."""
        last = self.standing.approved
        accepted = last is not None and last.approval.as_of == self.as_of and not self.standing.since
        stands = accepted and not self.fresh.any() and not changed_km2(self.previous, self.drawing.areas)
        return State.APPROVED if stands else State.DRAFT

    @cached_property
    def drawing(self) -> Drawing:
        """The map as geometry."""
        return self.drawn(self.fresh)

    def drawn(self, cells: Bool[np.ndarray, "ny nx"]) -> Drawing:
        """The map as geometry, redrawn in some cells only; elsewhere what was decided stands, vertex for vertex.

        Accepted ground is drawn anew from the map before it, as it was when it was proposed: drawn from itself it would
        creep outward at the rim of what reports touched, with no report behind it. Ground that an editor fixed or
        locked is laid over the drawing: the field has its full say up to its edge.
        """
        least = self.ground.theatre.map.minimum_part_km2
        theatre, told = self.ground.theatre, redraw.without_accepted(self.standing, crs=self.ground.theatre.crs)
        base = redraw.decided(self.previous, told, crs=theatre.crs, sides=theatre.side_ids)
        shown, frame = replace(self.field, touched=cells), self.ground.frame
        made = draw(shown, frame=frame, approved=base, minimum_part_km2=least)
        firm = redraw.fixed(base, self.standing, crs=theatre.crs)
        areas = redraw.laid_over(made.areas, firm, sides=theatre.side_ids)
        areas = told_by(shown, areas, self.ground.anchor.unspoken)
        if areas is made.areas:
            return made
        present = infiltration(shown, areas, frame, least_km2=least)
        return replace(made, areas=areas, lines=front_lines(shown, areas, frame), infiltration=present)


def drafts(
    folder: Path,
    days: Sequence[datetime],
    known_by: Sequence[datetime] | None = None,
    *,
    config: Config | None = None,
    progress: Progress | None = None,
) -> Iterator[Draft]:
    """One draft per day, in the order given; closed windows are fitted once and shared.

    Some days are in work at once, as `threads.ahead` does it: what is decided between two of them is not in the second.

    Raises:
        UsageError: a day before the anchor's date.
    """
    ground = ground_of(folder)
    early = [day for day in days if day < ground.anchor.date]
    if early:
        first = f"{ground.anchor.date:%Y-%m-%d}"
        raise UsageError(f"--as-of {early[0]:%Y-%m-%d}: before the anchor's date, wanted {first} or later")
    models = models_of(ground, days, config=config, progress=progress)

    def made_on(day: datetime, known: datetime, model: Model) -> Draft:
        if progress is not None:
            progress(f"{day:%Y-%m-%d}")
        return draft(ground, model, as_of=day, known_by=known)

    known = known_by or [default_known_by(day) for day in days]
    warned = False
    for made in ahead(lambda one: made_on(*one), zip(days, known, models, strict=True)):
        later = () if warned else known_later(made.reports, folder, made.as_of, made.known_by)
        for sentence in () if warned else (*made.warnings, *later):
            _log.warning(f"{made.as_of:%Y-%m-%d}: {sentence}")
            warned = True
        yield made


def draft(ground: Ground, model: Model, *, as_of: datetime, known_by: datetime) -> Draft:
    """The posterior and the field of one day from the reports known by then."""
    reports = tuple(read_reports(ground.folder, known_by))
    now = read_standing(ground.folder, as_of=as_of, known_by=known_by)
    began, theatre = ground.anchor.date, ground.theatre
    said = redraw.statements(now, sides=theatre.side_ids, crs=theatre.crs, anchored=began, as_of=as_of)
    made = draft_from(ground, model, reports, said, as_of=as_of, known_by=known_by)
    return replace(made, standing=now, gone_km=_gone_km(ground, reports, now))


def draft_from(
    ground: Ground,
    model: Model,
    reports: Sequence[Report],
    said: Sequence[Statement],
    *,
    as_of: datetime,
    known_by: datetime,
) -> Draft:
    """The same from reports and statements that the caller gives; it starts from the anchor, whatever was approved."""
    began, theatre = ground.anchor.date, ground.theatre
    items = batch(reports, grid=ground.grid, sides=theatre.side_ids, anchored=began)
    if said:
        items = items.and_(stated(said, grid=ground.grid, drawn=ground.drawn))
    posterior = model.posterior(items, as_of=(as_of - began) / DAY, known_by=(known_by - began) / DAY)
    sources = {report.id: report.source for report in reports}
    field, (gone, marks) = side_by_side(
        lambda: shown(ground, posterior),
        lambda: (behind(posterior), limits(posterior, sources=sources)),
    )
    unsure(field, gone)
    return Draft(ground, as_of, known_by, tuple(reports), posterior, at_its_limits(field, marks))


def shown(ground: Ground, posterior: Posterior) -> Field:
    """The field of a posterior, with what weather and cover let be seen."""
    return show(posterior, ground.theatre.side_ids, ground.sights.until(posterior.as_of))


def read_standing(folder: Path, *, as_of: datetime, known_by: datetime) -> Standing:
    """What editors had decided about days up to `as_of`, as known before a moment."""
    path = ledger_path(folder)
    if not path.exists():
        return NOTHING
    with Ledger.open(path) as ledger:
        history = read_history(ledger)
        return standing(history, lambda n: read_approved(ledger, n), as_of=as_of, known_by=known_by)


def _gone_km(ground: Ground, reports: Sequence[Report], now: Standing) -> tuple[tuple[float, float], ...]:
    """Spots (km) of reports that the approved map used and that were taken back or corrected since."""
    keys = redraw.gone_keys(reports, now)
    if not keys or now.approved is None:
        return ()
    before = read_reports(ground.folder, now.approved.approval.known_by)
    return tuple(ground.grid.to_km(one.lon, one.lat) for one in before if evidence_key(one) in keys)


def draft_fields(folder: Path, days: Sequence[datetime], known_by: Sequence[datetime]) -> Iterator[Field]:
    """Only the fields of some days: what scoring needs."""
    for one in drafts(folder, days, known_by):
        yield one.field


def read_reports(folder: Path, known_by: datetime) -> list[Report]:
    """The reports of a theatre known before a moment; none if nothing was added yet."""
    path = ledger_path(folder)
    if not path.exists():
        return []
    with Ledger.open(path) as ledger:
        return ledger.reports(known_by)


def default_known_by(as_of: datetime) -> datetime:
    """The start of the day after."""
    midnight = as_of.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1)


def sheet(draft: Draft) -> Sheet:
    """A draft as a sheet, with why the ground near the line is what it is."""
    bare = bare_sheet(draft)
    reasons = whys(draft, _lattice_cells(draft))
    return replace(bare, reports=draft.used, why=reasons, summary=_summary(draft, bare.settlements))


def bare_sheet(draft: Draft) -> Sheet:
    """A draft as a sheet without reports, reasons and summary."""
    return Sheet(
        theatre=draft.ground.theatre,
        as_of=draft.as_of,
        known_by=draft.known_by,
        state=draft.state,
        simulated=draft.simulated,
        field=draft.field,
        drawing=draft.drawing,
        settlements=statuses(draft),
        reports=(),
        why=(),
        summary={},
        land=draft.ground.land,
    )


def whys(draft: Draft, cells: Int[np.ndarray, "cells 2"], *, most: int = WHY_PUSHES) -> tuple[Why, ...]:
    """Prior and largest pushes at cells (row, column); the smaller ones summed up."""
    if len(cells) == 0:
        return ()
    spots = draft.ground.grid.centres_of(cells)
    lon, lat = to_lonlat(spots[:, 0], spots[:, 1], crs=draft.ground.grid.crs)
    found: dict[int, Why] = {}
    for rows, reasons in draft.posterior.explained(cells):
        for number, row in enumerate(rows.tolist()):
            found[row] = _why(reasons, number, (float(lon[row]), float(lat[row])), most=most)
    return tuple(found[row] for row in range(len(cells)))


def _why(reasons: Reasons, row: int, spot: tuple[float, float], *, most: int) -> Why:
    shares = reasons.shares_km[row]
    largest = np.argsort(-np.abs(shares), kind="stable")[:most]
    named = [k for k in largest if abs(shares[k]) >= LEAST_PUSH_KM]
    pushes = tuple(Push(reasons.ids[k], float(shares[k])) for k in named)
    others = float(shares.sum() - shares[named].sum())
    n_others = int(np.count_nonzero(np.abs(shares) >= 1e-6)) - len(named)
    return Why(*spot, float(reasons.prior_km[row]), pushes, others, max(n_others, 0), float(reasons.depth_km[row]))


def _lattice_cells(draft: Draft) -> Int[np.ndarray, "cells 2"]:
    """A cell about every kilometre, where the line is near and some report moved the ground."""
    stride = max(1, round(WHY_STEP_KM / draft.ground.grid.cell_km))
    near = np.abs(draft.posterior.mean()) < WHY_NEAR_KM
    chosen = np.zeros(near.shape, bool)
    chosen[stride // 2 :: stride, stride // 2 :: stride] = True
    return np.argwhere(chosen & near & draft.field.touched)


def statuses(draft: Draft) -> tuple[SettlementStatus, ...]:
    """Each settlement inside the bounds with its class and how probable that is, over the ground of its footprint."""
    found = []
    for settlement in draft.ground.settlements:
        if not draft.ground.theatre.box.holds(*settlement.at):
            continue
        radius = (settlement.radius_m or TOWN_RADIUS_KM * 1000) / 1000
        east, north = draft.field.grid.to_km(*settlement.at)
        found.append(SettlementStatus(settlement, *status_at(draft.field, east, north, radius)))
    return tuple(found)


def _summary(draft: Draft, settlements: tuple[SettlementStatus, ...]) -> dict[str, Any]:
    """What `summary.json` holds."""
    drawing, areas = draft.drawing, draft.previous
    return {
        "as_of": draft.as_of,
        "known_by": draft.known_by,
        "state": draft.state.value,
        "simulated": draft.simulated,
        "reports_used": len(draft.used),
        "known_inferred": sum(report.known_inferred for report in draft.used),
        "rejects": rejects_count(draft.ground.folder),
        "area_km2": {**class_km2(drawing.areas, draft.field.sides), "unobserved": area_km2(drawing.unobserved)},
        "changed_km2": sum(changed_km2(areas, drawing.areas).values()),
        "changed_since": "start" if draft.standing.approved is None else "approved",
        "needs_a_look": draft.needs_a_look,
        "merged_parts": drawing.n_merged,
        "merged_km2": drawing.merged_km2,
        "settlements": [
            {
                "name": one.settlement.name,
                "lon": one.settlement.at[0],
                "lat": one.settlement.at[1],
                "status": one.status,
                "p": one.p,
            }
            for one in settlements
        ],
        **_learned(draft),
    }


def _learned(draft: Draft) -> dict[str, Any]:
    """The file that `learn` wrote, with where it may not fit; nothing where the theatre names none."""
    name, learned = draft.ground.theatre.engine.learned, draft.ground.learned
    if learned is None:
        return {}
    return {"learned": {"file": name, "used": list(learned.used), "warnings": list(draft.warnings)}}
