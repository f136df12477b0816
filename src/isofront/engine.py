"""The whole way on one page: a theatre's folder in, map sheets out.

theatre.toml, anchor   theatre.load, theatre.read_anchor      who held what on the anchor's date
ledger.db              evidence.Ledger.reports(known_by)      what was known by then
reports                control.batch, control.Model           the posterior of the line on a day
decisions              review.standing, review.redraw         the approved map, editors' statements, ground that stands
posterior              control.show                           probabilities in every cell
field                  front.draw                             held, grey, edges, bands; still where nothing came
drawing, shares        Sheet                                  what `publish.write_sheet` and the page show
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from jaxtyping import Bool, Float, Int
from shapely.geometry.base import BaseGeometry

from isofront.control import Anchored, Config, Field, Model, Posterior, Reasons, batch, show
from isofront.control.explain import centres_km
from isofront.control.items import DAY
from isofront.control.learned import Learned, learned_from, warnings
from isofront.control.learning import kindred_now
from isofront.control.limits import at_its_limits, limits
from isofront.control.overdue import needs_a_look
from isofront.control.redistancing import LIMIT_KM
from isofront.control.sights import Sights, read_sights
from isofront.control.statement import Statement, stated
from isofront.control.weigh import Table
from isofront.errors import UsageError
from isofront.evidence import Ledger, ledger_path
from isofront.evidence.decision import evidence_key, read_approved, read_history
from isofront.evidence.rejects import rejects_count
from isofront.evidence.report import Report
from isofront.front import Area, Class, Drawing, anchor_areas, area_km2, changed_km2, draw, frame_km, status_at
from isofront.front.lines import front_lines
from isofront.ground.distance import Distance, wall
from isofront.ground.distance_field import inner_border_km, signed_distance_km
from isofront.ground.grid import Grid, to_lonlat
from isofront.ground.polygons import project_km
from isofront.publish import Push, SettlementStatus, Sheet, State, Why
from isofront.review import NOTHING, Standing, redraw, standing
from isofront.theatre import AnchorMap, load, read_anchor, read_covariates, read_land, settlements_of
from isofront.theatre.micro import micro_places
from isofront.theatre.model import Settlement, Theatre
from isofront.threads import ahead

WHY_STEP_KM = 1.0
WHY_NEAR_KM = 6.0
WHY_PUSHES = 8
LEAST_PUSH_KM = 0.005
MICRO_REACH_KM = 0.5
"""A named place of the user's is said to be where something is if it is no farther."""
TOWN_RADIUS_KM = 0.8
"""How far from its centre a settlement is looked at where the theatre gives no radius."""

Progress = Callable[[str], None]
_log = logging.getLogger("isofront.engine")


@dataclass(frozen=True)
class Ground:
    """What does not change from day to day: the theatre, its anchor as areas and as depth, its land and places."""

    theatre: Theatre
    folder: Path
    anchor: AnchorMap
    land: BaseGeometry | None
    settlements: tuple[Settlement, ...]

    @cached_property
    def grid(self) -> Grid:
        """The cells."""
        return self.theatre.grid

    @cached_property
    def frame(self) -> BaseGeometry:
        """The bounds on the flat map, km."""
        return frame_km(self.theatre.box, crs=self.theatre.crs)

    @cached_property
    def drawn(self) -> int:
        """Whose held ground the anchor's maker draws: the only side with polygons, else the first."""
        sides = {area.side for area in self.anchor.lonlat if area.side is not None}
        return self.theatre.side_ids.index(sides.pop()) if len(sides) == 1 else 0

    @cached_property
    def anchored(self) -> Anchored:
        """The anchor as depth inside side 1's ground, and its grey."""
        held = self.anchor.held.get(self.theatre.side_ids[self.drawn])
        depth = np.full(self.grid.shape, -LIMIT_KM) if held is None else self._depth_km(held)
        grey = None if self.anchor.grey.is_empty else self._depth_km(self.anchor.grey)
        return Anchored(depth if self.drawn == 0 else -depth, self.drawn, grey)

    @cached_property
    def learned(self) -> Learned | None:
        """What the theatre's past taught, if its file names what `learn` wrote."""
        name = self.theatre.engine.learned
        return None if name is None else learned_from(self.folder / name)

    @cached_property
    def lively(self) -> Float[np.ndarray, "ny nx"] | None:
        """How lively the line is to begin with, by what is known of the ground; None where nothing is."""
        wanted = frozenset() if self.learned is None else self.learned.wanted
        if self.learned is None or not wanted & {one.name for one in self.theatre.covariates}:
            return None
        return self.learned.lively(read_covariates(self.theatre, self.folder))

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """The anchor as one coverage of the frame: what is approved until an editor approves another map."""
        return anchor_areas(
            self.anchor.held,
            self.anchor.grey,
            sides=self.theatre.side_ids,
            frame=self.frame,
            holder=self.theatre.anchor.holder,
        )

    @cached_property
    def known(self) -> BaseGeometry:
        """The ground the anchor speaks of (km); its rim is no front. Where both sides' ground is drawn, their union."""
        if len({area.side for area in self.anchor.lonlat if area.side is not None}) < 2:
            return self.anchor.known
        drawn = shapely.union_all(
            [shapely.make_valid(project_km(area.geometry, crs=self.theatre.crs)) for area in self.anchor.lonlat]
        )
        within = shapely.intersection(shapely.make_valid(drawn), self.anchor.known)
        return within if shapely.contains(within, self.frame) else self.anchor.known

    @cached_property
    def sights(self) -> Sights:
        """What decides whether anything could be seen: weather, and cover."""
        return read_sights(self.theatre, self.folder, self.settlements)

    @cached_property
    def micro(self) -> tuple[tuple[BaseGeometry, str], ...]:
        """The user's own named places (km): streets, quarters, mines, heights, tree lines."""
        found = micro_places(self.folder)
        return tuple((project_km(one.shape, crs=self.theatre.crs), one.name) for one in found)

    def micro_place_at(self, spot: BaseGeometry) -> str:
        """The nearest of them within reach, in words; empty if there is none."""
        near = [(float(shapely.distance(shape, spot)), name) for shape, name in self.micro]
        away, name = min(near, default=(np.inf, ""))
        return f"at {name}" if away <= MICRO_REACH_KM else ""

    def _depth_km(self, polygons: BaseGeometry) -> Float[np.ndarray, "ny nx"]:
        border = inner_border_km(polygons, self.known)
        depth = signed_distance_km(self.grid, polygons, border, frame=self.known, limit_km=LIMIT_KM)
        return np.asarray(np.clip(depth, -LIMIT_KM, LIMIT_KM))

    def distance_on(self, day: datetime) -> Distance:
        """How far spots are apart on a day, with the barriers that stand then."""
        standing = [
            wall(
                barrier.line,
                tuple(one.at for one in barrier.crossings if _valid(one.valid_from, one.valid_to, day)),
                permeability=barrier.permeability,
                crs=self.theatre.crs,
            )
            for barrier in self.theatre.barriers
            if _valid(barrier.valid_from, barrier.valid_to, day)
        ]
        return Distance(tuple(standing))


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
        return made if areas is made.areas else replace(made, areas=areas, lines=front_lines(shown, areas, frame))


def ground_of(folder: Path) -> Ground:
    """Read what does not change of a theatre: its file, its anchor, its land and its places."""
    theatre = load(folder)
    home = folder.parent if folder.is_file() else folder
    anchor = read_anchor(theatre, home)
    return Ground(theatre, home, anchor, read_land(theatre, home), settlements_of(theatre))


def drafts(
    folder: Path,
    days: Sequence[datetime],
    known_by: Sequence[datetime] | None = None,
    *,
    config: Config | None = None,
    progress: Progress | None = None,
) -> Iterator[Draft]:
    """One draft per day, in the order given; closed windows are fitted once and shared.

    Some days are in work at once, as `threads.ahead` does it.

    Raises:
        UsageError: a day before the anchor's date.
    """
    ground = ground_of(folder)
    early = [day for day in days if day < ground.anchor.date]
    if early:
        first = f"{ground.anchor.date:%Y-%m-%d}"
        raise UsageError(f"--as-of {early[0]:%Y-%m-%d}: before the anchor's date, wanted {first} or later")
    models = _models(ground, days, _told_to(ground, config or Config()), progress)

    def made_on(day: datetime, known: datetime, model: Model) -> Draft:
        if progress is not None:
            progress(f"{day:%Y-%m-%d}")
        return draft(ground, model, as_of=day, known_by=known)

    known = known_by or [default_known_by(day) for day in days]
    warned = False
    for made in ahead(lambda one: made_on(*one), zip(days, known, models, strict=True)):
        for sentence in () if warned else made.warnings:
            _log.warning(f"{made.as_of:%Y-%m-%d}: {sentence}")
            warned = True
        yield made


def _models(
    ground: Ground, days: Sequence[datetime], told: tuple[Config, tuple[Table, ...]], progress: Progress | None
) -> list[Model]:
    """The model for each day: one for all days on which the same barriers stand."""
    settings, tables = told
    models: list[Model] = []
    found: list[Model] = []
    for distance in map(ground.distance_on, days):
        model = next((one for one in models if _same(one.distance, distance)), None)
        if model is None:
            model = Model(ground.grid, ground.anchored, settings, distance, progress, tables, ground.lively)
            models.append(model)
        found.append(model)
    return found


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
    field = at_its_limits(shown(ground, posterior), limits(posterior, sources=sources))
    return Draft(ground, as_of, known_by, tuple(reports), posterior, field)


def model_of(ground: Ground, day: datetime, *, progress: Progress | None = None) -> Model:
    """The model of a theatre with the barriers that stand on a day, and what its past taught."""
    settings, tables = _told_to(ground, Config())
    return Model(ground.grid, ground.anchored, settings, ground.distance_on(day), progress, tables, ground.lively)


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
    ground, drawing = draft.ground, draft.drawing
    settlements = statuses(draft)
    return Sheet(
        theatre=ground.theatre,
        as_of=draft.as_of,
        known_by=draft.known_by,
        state=State.DRAFT,
        simulated=draft.simulated,
        field=draft.field,
        drawing=drawing,
        settlements=settlements,
        reports=draft.used,
        why=whys(draft, _lattice_cells(draft)),
        summary=_summary(draft, settlements),
        land=ground.land,
    )


def whys(draft: Draft, cells: Int[np.ndarray, "cells 2"], *, most: int = WHY_PUSHES) -> tuple[Why, ...]:
    """Prior and largest pushes at cells (row, column); the smaller ones summed up."""
    if len(cells) == 0:
        return ()
    spots = centres_km(draft.ground.grid, cells)
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
        "state": State.DRAFT.value,
        "simulated": draft.simulated,
        "reports_used": len(draft.used),
        "known_inferred": sum(report.known_inferred for report in draft.used),
        "rejects": rejects_count(draft.ground.folder),
        "area_km2": _area_km2(drawing, draft.field.sides),
        "changed_km2": sum(changed_km2(areas, drawing.areas).values()),
        "changed_since": "start" if draft.standing.approved is None else "approved",
        "needs_a_look": needs_a_look(
            draft.field,
            bounds=draft.ground.theatre.box,
            settlements=draft.ground.settlements,
            review_days=draft.ground.theatre.observing.review_days,
        ),
        "merged_parts": drawing.n_merged,
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


def _told_to(ground: Ground, config: Config) -> tuple[Config, tuple[Table, ...]]:
    """The settings and tables in force: with what the theatre's past taught, if it names the file."""
    learned = ground.learned
    return (config, ()) if learned is None else (learned.config(config), learned.tables(ground.theatre.side_ids))


def _learned(draft: Draft) -> dict[str, Any]:
    """The file that `learn` wrote, with where it may not fit; nothing where the theatre names none."""
    name, learned = draft.ground.theatre.engine.learned, draft.ground.learned
    if learned is None:
        return {}
    return {"learned": {"file": name, "used": list(learned.used), "warnings": list(draft.warnings)}}


def _area_km2(drawing: Drawing, sides: tuple[str, str]) -> dict[str, float]:
    held = {
        side: sum(area_km2(area.geometry) for area in drawing.areas if area.cls is Class.HELD and area.side == side)
        for side in sides
    }
    grey = sum(area_km2(area.geometry) for area in drawing.areas if area.cls is Class.GREY)
    return {**held, "grey": grey, "unobserved": area_km2(drawing.unobserved)}


def _valid(first: Any, last: Any, day: datetime) -> bool:
    return (first is None or first <= day.date()) and (last is None or day.date() <= last)


def _same(one: Distance, other: Distance) -> bool:
    return len(one.walls) == len(other.walls) and all(
        a.height_km == b.height_km
        and np.array_equal(a.line_km, b.line_km)
        and np.array_equal(a.crossings_km, b.crossings_km)
        for a, b in zip(one.walls, other.walls, strict=True)
    )
