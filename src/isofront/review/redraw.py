"""What decisions do to a draft: statements for the model, the coverage to start from, which ground may be redrawn."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import datetime

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Bool, Float
from isofront.control.items import DAY
from isofront.control.posterior import Posterior
from isofront.control.statement import Statement
from isofront.control.touching import touched_by
from isofront.evidence.decision import Decision, Ground, Polygons, Verdict, evidence_key, polygons_of, shape_of
from isofront.evidence.report import Report
from isofront.front.anchor import clipped
from isofront.front.coverage import GRAIN_KM
from isofront.front.levels import RAMP_CELLS, RIM_CELLS
from isofront.front.shapes import Area, Class
from isofront.ground.distance_field import inside_cells
from isofront.ground.grid import Grid, to_km, to_lonlat
from isofront.ground.repair import polygonal
from isofront.review.pieces import outline_of, overlaid
from isofront.review.standing import STATES, Acting, Standing

FULL_CELLS = RIM_CELLS + RAMP_CELLS + 1.0
"""Ground must be open this far round some ground for the new field to have its full weight in all of it."""
GONE_KM = 6.0
"""Ground within this distance of a report that was taken back is redrawn."""


def statements(
    standing: Standing, *, sides: tuple[str, str], crs: str, anchored: datetime, as_of: datetime
) -> list[Statement]:
    """What rejects, edits and holds say, in days since the anchor: from their day on, until released."""
    return [
        _statement(one, said, sides=sides, crs=crs, anchored=anchored, as_of=as_of)
        for one in standing.acting
        for said in said_of(one.decision)
    ]


def _statement(
    one: Acting, said: Ground, *, sides: tuple[str, str], crs: str, anchored: datetime, as_of: datetime
) -> Statement:
    decision = one.decision
    return Statement(
        decision.id,
        in_crs(shape_of(said.polygons), decision.crs, crs),
        None if said.side is None else sides.index(said.side),
        (decision.as_of - anchored) / DAY,
        (min(as_of, one.released or as_of) - anchored) / DAY,
        (decision.known_at - anchored) / DAY,
        float(decision.weight),
    )


def said_of(decision: Decision) -> tuple[Ground, ...]:
    """The ground that a decision speaks for and what it says of it: an edit what it becomes, else what it was."""
    if decision.verdict is Verdict.EDIT:
        return decision.becomes
    assert decision.ground is not None
    return (decision.ground, *decision.also)


def shapes_of(decision: Decision, *, crs: str) -> BaseGeometry:
    """All ground that a decision settled (km)."""
    grounds = [*decision.becomes, *([decision.ground] if decision.ground else []), *decision.also]
    return in_crs(shapely.union_all([shape_of(one.polygons) for one in grounds]), decision.crs, crs)


def previous(
    standing: Standing, anchor: tuple[Area, ...], *, crs: str, frame: BaseGeometry, sides: tuple[str, str]
) -> tuple[Area, ...]:
    """The last approved map as areas (km), every vertex as approved; else the anchor's.

    If the theatre's bounds have changed since, the anchor fills what the approved map does not cover.
    """
    if standing.approved is None:
        return anchor
    approved = standing.approved.map
    areas = clipped(tuple(_area(one, approved.crs, crs) for one in approved.areas), frame)
    fills = bool(areas) and abs(outline_of(areas).area - frame.area) < GRAIN_KM * frame.length
    return areas if fills else overlaid(anchor, areas, sides=sides)


def decided(areas: tuple[Area, ...], standing: Standing, *, crs: str, sides: tuple[str, str]) -> tuple[Area, ...]:
    """A coverage with what was accepted and edited since the last approval in it."""
    patches = [_area(ground, one.crs, crs) for one in standing.since for ground in one.becomes]
    return overlaid(areas, patches, sides=sides)


def without_accepted(standing: Standing, *, crs: str) -> Standing:
    """What stands, without what was accepted since the last approval; kept where an editor said more of that ground."""
    firm = [in_crs(shape_of(lock.polygons), lock.crs, crs) for lock in standing.locks]
    firm += [shapes_of(one, crs=crs) for one in standing.since if one.verdict in STATES]
    firm += [shapes_of(one.decision, crs=crs) for one in standing.acting]
    kept = [
        one
        for one in standing.since
        if one.verdict in STATES or any(shapely.intersects(shapes_of(one, crs=crs), shape) for shape in firm)
    ]
    return replace(standing, since=tuple(kept))


def ground_of(area: Area) -> Ground:
    """An area for the ledger."""
    return Ground(polygons_of(area.geometry), area.side, area.grey_reason)


def _area(ground: Ground, was: str, crs: str) -> Area:
    shape = in_crs(shape_of(ground.polygons), was, crs)
    return Area(Class.GREY if ground.side is None else Class.HELD, ground.side, ground.grey_reason, shape)


def fresh(
    posterior: Posterior,
    touched: Bool[np.ndarray, "ny nx"],
    reports: Sequence[Report],
    standing: Standing,
    *,
    crs: str,
    gone_km: Sequence[tuple[float, float]],
) -> Bool[np.ndarray, "ny nx"]:
    """Cells that may be redrawn: touched by what no approved map and no verdict on that ground knew of.

    Accepted ground needs no such care: what was accepted is what the field draws.

    `touched` are those that anything touched since the anchor; `gone_km` spots of reports that an approved map used and
    that were taken back since. Ground that an editor fixed or locked is laid over what is drawn (`fixed`): kept out of
    it here, it would keep the old map in a rim about it too.
    """
    if standing.nothing:
        return touched
    new = _new_ids(reports, standing)
    cells = touched.copy() if standing.approved is None else touched_by(posterior, new) | _near(posterior, gone_km)
    grid, after, drawn = posterior.model.grid, {}, _fixed_ids(standing)
    for one in (one for one in standing.since if one.verdict in STATES and one.id not in drawn):
        if one.known_at not in after:
            after[one.known_at] = touched_by(posterior, {r.id for r in reports if r.known_at > one.known_at} & new)
        here = cells_about(grid, shapes_of(one, crs=crs))
        cells[here] = after[one.known_at][here]
    return np.asarray(cells)


def reopened(
    cells: Bool[np.ndarray, "ny nx"],
    touched: Bool[np.ndarray, "ny nx"],
    standing: Standing,
    *,
    grid: Grid,
    crs: str,
    rim_cells: float = FULL_CELLS,
) -> Bool[np.ndarray, "ny nx"]:
    """The open cells, and those of ground that waits for an answer: proposed and left, or too small to propose.

    A rim of cells about it is open with it, so that the field has its full say in all of it.
    """
    if standing.approved is None or not standing.approved.map.waiting:
        return cells
    shape = in_crs(shape_of(standing.approved.map.waiting), standing.approved.map.crs, crs)
    waiting = cells_about(grid, shape, cells=rim_cells)
    for one in (one for one in standing.since if one.verdict in STATES):
        waiting &= ~cells_about(grid, shapes_of(one, crs=crs))
    return np.asarray(cells | (waiting & touched))


def fixed(areas: Sequence[Area], standing: Standing, *, crs: str) -> list[Area]:
    """Ground that is locked, held, or drawn by an editor who has not let go, as it is in some areas (km)."""
    shapes = [in_crs(shape_of(lock.polygons), lock.crs, crs) for lock in standing.locks]
    shapes += [shapes_of(one.decision, crs=crs) for one in standing.acting if one.fixed]
    whole = shapely.union_all(shapes)
    parts = [(area, polygonal(shapely.intersection(area.geometry, whole))) for area in areas] if shapes else []
    return [replace(area, geometry=part) for area, part in parts if not part.is_empty]


def laid_over(areas: tuple[Area, ...], parts: Sequence[Area], *, sides: tuple[str, str]) -> tuple[Area, ...]:
    """A coverage with parts laid over it where it says otherwise; untouched if it says the same already."""
    wanted = [part for part in parts if _missing_km2(part, areas) > GRAIN_KM * shapely.length(part.geometry)]
    return overlaid(areas, wanted, sides=sides)


def _missing_km2(part: Area, areas: Sequence[Area]) -> float:
    """How much of a part's ground a coverage gives to another class."""
    same = [
        one.geometry for one in areas if (one.cls, one.side, one.grey_reason) == (part.cls, part.side, part.grey_reason)
    ]
    return float(part.geometry.area - sum(shapely.intersection(part.geometry, one).area for one in same))


def _fixed_ids(standing: Standing) -> set[str]:
    """Decisions whose ground is laid over whatever is drawn round it."""
    return {one.decision.id for one in standing.acting if one.fixed}


def cells_about(grid: Grid, shape: BaseGeometry, *, cells: float = 1.0) -> Bool[np.ndarray, "ny nx"]:
    """Cells in a shape or within some cells of it, so that its own edge is covered."""
    return inside_cells(grid, shapely.buffer(shape, cells * grid.cell_km))


def gone_keys(reports: Sequence[Report], standing: Standing) -> set[str]:
    """Keys of reports that the approved map used and that are no longer there."""
    if standing.approved is None:
        return set()
    decisions = {one.decision.id for one in standing.acting}
    return set(standing.approved.map.used) - {evidence_key(one) for one in reports} - decisions


def used_keys(reports: Sequence[Report], ids: Set[str], standing: Standing) -> tuple[str, ...]:
    """What an approval keeps of the evidence that acted: keys of reports, ids of decisions, sorted."""
    keys = {evidence_key(one) for one in reports if one.id in ids}
    return tuple(sorted(keys | {one.decision.id for one in standing.acting if one.decision.id in ids}))


def _new_ids(reports: Sequence[Report], standing: Standing) -> set[str]:
    """Ids of reports and decisions that the approved map did not use."""
    used = set(standing.approved.map.used) if standing.approved is not None else set()
    return {one.id for one in reports if evidence_key(one) not in used} | {
        one.decision.id for one in standing.acting if one.decision.id not in used
    }


def _near(posterior: Posterior, spots_km: Sequence[tuple[float, float]]) -> Bool[np.ndarray, "ny nx"]:
    from scipy.spatial import cKDTree

    grid = posterior.model.grid
    if len(spots_km) == 0:
        return np.zeros(grid.shape, bool)
    away, _ = cKDTree(np.array(spots_km)).query(grid.all_centres(), distance_upper_bound=GONE_KM)
    return np.asarray(np.isfinite(away).reshape(grid.shape))


def in_crs(shape: BaseGeometry, was: str, crs: str) -> BaseGeometry:
    """A shape in km on another flat map; the same shape if it is the same map."""
    if was == crs:
        return shape

    def moved(points: Float[np.ndarray, "n 2"]) -> Float[np.ndarray, "n 2"]:
        return np.column_stack(to_km(*to_lonlat(points[:, 0], points[:, 1], crs=was), crs=crs))

    return shapely.transform(shape, moved)


def waiting_polygons(shapes: Sequence[BaseGeometry]) -> Polygons:
    """Ground that waits, for the ledger."""
    return polygons_of(shapely.union_all(shapes)) if shapes else ()
