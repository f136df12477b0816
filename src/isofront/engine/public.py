"""From the public draft to what an edition shows of it: everything here reads coarsened reports and nothing else.

draft, cells           coarse_bands             the raster on public cells, in steps
draft, cells           public_whys              class, since when, last look, ranked reports in words
public reports         last_seen                who was last seen to look, by cell and day
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Bool, Float, Float32, Int
from isofront.control.flip import EVEN, Chance
from isofront.engine.drafting import Draft
from isofront.evidence.decision import shape_of
from isofront.evidence.edition import EditionMap, sha256
from isofront.evidence.report import Kind, Report
from isofront.ground.grid import Grid
from isofront.publish.coarse import ERRORS_M, Cell, cells_of
from isofront.publish.policy import Terms
from isofront.publish.public_map import Coarse, PublicReason, PublicReport, PublicWhy
from isofront.publish.raster import band_names
from isofront.publish.sheet import SettlementStatus
from isofront.publish.web import web_link

STEP_P = 0.05
"""Public probabilities come in steps of a twentieth."""
STRENGTHS = ((0.5, "strong"), (0.15, "moderate"), (0.03, "weak"))
"""From how many km of push a report is said to speak strongly, moderately, weakly; less is not named."""
MOST_REASONS = 5
FEW = 3
"""Whether a place would turn without so many reports is said; whether it would without more is not."""
MOST_LOOKED_AT = 40
LOOKS_DAYS = (3, 7, 14, 30)
NEAR_LINE_KM = 6.0
SEEN_KM = 2.0
"""A report tells that somebody saw the cells whose middle is so near to its own cell's."""
NO_LOOK = frozenset({Kind.CLAIM})
"""Kinds of reports that tell of no look."""


def public_cells(grid: Grid, *, km: float) -> tuple[Grid, Int[np.ndarray, "ny nx"]]:
    """The public cells that a grid touches, and for each of its cells the number of the public one that holds it."""
    west, south, east, north = grid.box_km
    first, low = math.floor(west / km), math.floor(south / km)
    nx, ny = math.ceil(east / km) - first, math.ceil(north / km) - low
    column = np.floor(grid.east_km / km).astype(np.int64) - first
    row = np.floor(grid.north_km / km).astype(np.int64) - low
    return Grid(grid.crs, first * km, low * km, km, nx, ny), row[:, None] * nx + column[None, :]


def coarse_bands(draft: Draft, *, km: float) -> Coarse:
    """The field's bands as means over public cells, in steps; the largest of the three classes takes the remainder."""
    field = draft.field
    grid, number = public_cells(field.grid, km=km)
    bands = (field.control[0], field.p_held[0], field.p_grey, field.p_held[1], field.unobserved)
    count = np.bincount(number.ravel(), minlength=grid.nx * grid.ny)
    filled = np.flatnonzero(count)
    means = np.zeros((5, grid.nx * grid.ny))
    for k, band in enumerate(bands):
        sums = np.bincount(number.ravel(), weights=band.ravel().astype(float), minlength=grid.nx * grid.ny)
        means[k, filled] = sums[filled] / count[filled]
    means[:, count == 0] = np.array([[0.5], [0.0], [1.0], [0.0], [1.0]])
    return Coarse(grid, band_names(field), _stepped(means.reshape(5, *grid.shape)))


def _stepped(bands: Float[np.ndarray, "5 ny nx"]) -> Float32[np.ndarray, "5 ny nx"]:
    steps = np.round(bands / STEP_P)
    most = bands[1:4].argmax(axis=0)
    total = steps[1:4].sum(axis=0)
    for k in range(3):
        steps[1 + k] += np.where(most == k, round(1 / STEP_P) - total, 0)
    low = np.where(steps[0] < steps[1], steps[1], np.minimum(steps[0], steps[1] + steps[2]))
    return np.asarray(np.stack([low, *steps[1:]]) * STEP_P, np.float32)


# Reports and reasons


def public_reports(reports: Sequence[Report], terms: Terms, *, crs: str, km: float) -> dict[str, PublicReport]:
    """Listed reports by their private id as the public sees them, numbered by what is public alone.

    Reports that look alike are told apart by a hash, so that their numbers do not say which was recorded first.
    """
    cells = [(int(column), int(row)) for column, row in cells_of(reports, crs=crs, km=km)]
    told = [_public_report(one, cell, terms) for one, cell in zip(reports, cells, strict=True)]
    keys = [(t.day, t.cell, t.kind, t.seen or "", t.reliability, t.credibility, t.link or "") for t in told]
    order = sorted(range(len(told)), key=lambda k: (keys[k], sha256(reports[k].id.encode())))
    return {reports[k].id: replace(told[k], number=n) for n, k in enumerate(order, start=1)}


def _public_report(report: Report, cell: Cell, terms: Terms) -> PublicReport:
    link = None if terms.link_held(report) or not report.links else web_link(report.links[0].url)
    return PublicReport(
        0, cell, f"{report.happened.start:%Y-%m-%d}", report.kind.value, report.seen, report.reliability,
        report.credibility, link,
    )  # fmt: skip


def last_seen(
    reports: Sequence[Report], public: Mapping[str, PublicReport], cells: Sequence[Cell], *, km: float
) -> list[str | None]:
    """The day of the newest report that is shown from each cell or nearby; None if there is none.

    Claims tell of no look, and reports placed worse than a few cells of no place.
    """
    newest: dict[Cell, str] = {}
    for one in reports:
        if one.id in public and one.kind not in NO_LOOK and one.error_m < ERRORS_M[2]:
            told = public[one.id]
            newest[told.cell] = max(newest.get(told.cell, ""), told.day)
    reach = range(-math.floor(SEEN_KM / km), math.floor(SEEN_KM / km) + 1)
    steps = [(i, j) for i in reach for j in reach if math.hypot(i, j) * km <= SEEN_KM]
    near = [max((newest.get((column + i, row + j), "") for i, j in steps), default="") for column, row in cells]
    return [day or None for day in near]


def _seen_within(day: str | None, as_of: datetime) -> int | None:
    """The first of a few steps of days within which that day lies."""
    if day is None:
        return None
    age = (as_of.date() - date.fromisoformat(day)).days
    return next((days for days in LOOKS_DAYS if age <= days), None)


@dataclass(frozen=True, slots=True)
class Before:
    """The editions that a place's `since` is read from, newest first: their day and their areas (km) by class."""

    as_of: datetime
    map: EditionMap

    def status_at(self, spots_km: Float[np.ndarray, "n 2"]) -> list[str]:
        """The class at each spot: held_<side> or grey."""
        found = ["grey"] * len(spots_km)
        for area in self.map.areas:
            inside = shapely.contains_xy(shape_of(area.polygons), spots_km[:, 0], spots_km[:, 1])
            for k in np.flatnonzero(inside) if area.side is not None else ():
                found[k] = f"held_{area.side}"
        return found


def public_whys(
    draft: Draft,
    public: Mapping[str, PublicReport],
    before: Sequence[Before],
    anchor: Before,
    *,
    km: float,
    towns: Sequence[SettlementStatus],
    seen_in: Sequence[Report],
) -> tuple[PublicWhy, ...]:
    """Why settlements are what they are, then cells near the line that reports touched.

    `seen_in` are the reports that may tell when a place was last seen.
    """
    field = draft.field
    grid, _ = public_cells(field.grid, km=km)
    town_km = np.array([field.grid.to_km(*one.settlement.at) for one in towns], float).reshape(-1, 2)
    spots = np.vstack([town_km, _cells_to_explain(draft, grid)])
    if len(spots) == 0:
        return ()
    at = field.grid.nearest_cells(spots)
    reasons = draft.posterior.explain(at)
    chances = _chances(draft, at, reasons.depth_km)
    told = [(one.status, one.p) for one in towns]
    told += [_status(draft, row, column) for row, column in at[len(towns) :].tolist()]
    since = _since([status for status, _ in told], spots, before, anchor, draft.as_of)
    cells = [(math.floor(east / km), math.floor(north / km)) for east, north in spots.tolist()]
    seen = last_seen(seen_in, public, cells, km=km)
    found = []
    for k, (cell, (status, p)) in enumerate(zip(cells, told, strict=True)):
        shares = _largest(reasons.ids, reasons.shares_km[k])
        found.append(
            PublicWhy(
                towns[k].settlement.name if k < len(towns) else None,
                cell,
                status,
                round(round(p / STEP_P) * STEP_P, 2) if math.isfinite(p) else None,
                since[k],
                _seen_within(seen[k], draft.as_of),
                _ranked(shares, public, field.sides),
                _rests_on(chances[k], shares),
                seen[k],
            )
        )
    return tuple(found)


def _chances(draft: Draft, at: Int[np.ndarray, "n 2"], depth_km: Float[np.ndarray, " n"]) -> list[Chance]:
    """What gives each cell (row, column) its probability."""
    posterior, cells = draft.posterior, (at[:, 0], at[:, 1])
    kept, spread = posterior.prior_km()[cells], np.sqrt(posterior.variance()[cells])
    parts = (each.tolist() for each in (kept, depth_km, spread, posterior.stands()[cells]))
    return [Chance(posterior.model.config.link, *one) for one in zip(*parts, strict=True)]


def _cells_to_explain(draft: Draft, grid: Grid) -> Float[np.ndarray, "n 2"]:
    """Centres of public cells in the bounds, near the line, that some report touched."""
    fine = draft.field.grid
    near = (np.abs(draft.posterior.mean()) < NEAR_LINE_KM) & draft.field.touched
    east, north = grid.centres_km()
    spots = np.column_stack([east.ravel(), north.ravel()])
    rows, columns = fine.nearest_cells(spots).T
    inside = shapely.contains_xy(draft.ground.frame, spots[:, 0], spots[:, 1])
    return np.asarray(spots[near[rows, columns] & inside])


def _status(draft: Draft, row: int, column: int) -> tuple[str, float]:
    field = draft.field
    first, second = float(field.p_held[0, row, column]), float(field.p_held[1, row, column])
    if max(first, second) < 0.5:
        return "grey", float(field.p_grey[row, column])
    return (f"held_{field.sides[0]}", first) if first >= second else (f"held_{field.sides[1]}", second)


def _since(
    now: Sequence[str], spots: Float[np.ndarray, "n 2"], before: Sequence[Before], anchor: Before, as_of: datetime
) -> list[str | None]:
    """The day of the first edition in an unbroken row that shows each place as it is now; None back to the start."""
    since: list[str | None] = [f"{as_of:%Y-%m-%d}"] * len(now)
    going = np.ones(len(now), bool)
    for edition in before:
        there = edition.status_at(spots)
        going &= np.array([one == other for one, other in zip(there, now, strict=True)])
        for k in np.flatnonzero(going):
            since[k] = f"{edition.as_of:%Y-%m-%d}"
    there = anchor.status_at(spots)
    return [None if going[k] and there[k] == now[k] else since[k] for k in range(len(now))]


def _ranked(
    shares: Sequence[tuple[str, float]], public: Mapping[str, PublicReport], sides: tuple[str, str]
) -> tuple[PublicReason, ...]:
    named = [(name, km, _strength(km)) for name, km in shares if name in public]
    told = [PublicReason(public[name].number, sides[0 if km > 0 else 1], word) for name, km, word in named if word]
    return tuple(told[:MOST_REASONS])


def _strength(km: float) -> str | None:
    return next((word for least, word in STRENGTHS if abs(km) >= least), None)


def _rests_on(chance: Chance, shares: Sequence[tuple[str, float]]) -> int | None:
    """Without how few reports, at most `FEW`, the place would turn; None if it would not."""
    sign = 1.0 if chance.p(chance.latent_km) >= EVEN else -1.0
    found = chance.flip([(name, km) for name, km in shares if sign * km >= STRENGTHS[-1][0]][:FEW])
    return None if found is None else len(found["without"])


def _largest(ids: Sequence[str], shares_km: Float[np.ndarray, " n"]) -> list[tuple[str, float]]:
    """The reports that say most, with their shares, the largest first."""
    told = np.flatnonzero(np.abs(shares_km) >= STRENGTHS[-1][0])
    order = told[np.argsort(-np.abs(shares_km[told]), kind="stable")][:MOST_LOOKED_AT]
    return [(ids[n], float(shares_km[n])) for n in order.tolist()]


def cells_in(draft: Draft, shape: BaseGeometry) -> Bool[np.ndarray, "ny nx"]:
    """The engine's cells whose centre lies in ground (km)."""
    east, north = draft.field.grid.centres_km()
    return np.asarray(shapely.contains_xy(shape, east, north))
