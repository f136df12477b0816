"""Acts on the line, as the page sends them: seen first, then recorded with reason, reports and an end.

All acts start from the map as decided so far, for which nothing has to be fitted: the approved one with what was
accepted and edited since. Only snapping asks for the day's draft, whose band it keeps to. An act that says the opposite
of an earlier edit or hold on most of its ground lets go of it, in the same entry of the ledger's, and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.desk import line
from isofront.desk.deciding import Listed, geometry_of, judge_of, recorded, report_record, with_evidence
from isofront.desk.desk import Desk
from isofront.desk.line_snap import Snapped, band_of, guides_of, in_band, snapped
from isofront.desk.queue import day_of, moments, shape_of
from isofront.desk.routing import Request, Route
from isofront.engine import Draft, Ground, default_known_by, read_reports, read_standing
from isofront.engine.review import Day, judged
from isofront.errors import UsageError
from isofront.evidence import decision as records
from isofront.evidence.decision import Decision, Judge, Verdict
from isofront.evidence.report import Report
from isofront.front.shapes import Area, Class
from isofront.ground.grid import to_km
from isofront.ground.polygons import project_km
from isofront.review import Acting, Standing, redraw
from isofront.review.pieces import outline_of

Lonlat = tuple[float | int, float | int]
ACTS = ("move", "remove", "reshape", "cut", "assign", "hold")
GREY_REASON = "disputed_evidence"
"""Why ground is grey that an editor made so and gave no other reason for."""
NEAR_KM, MOST_NEAR = 2.0, 12
"""Reports this near to changed ground are offered as evidence for the act, and at most this many of them."""
LETS_GO = 0.5
"""An earlier edit or hold is released if an act contradicts it on more than this share of its ground."""


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An act. `at` is a vertex, an edge or a piece; `to` where it goes; `path` a line; `polygon` ground drawn free."""

    as_of: str
    act: str
    known_by: str | None = None
    at: Lonlat | None = None
    to: Lonlat | None = None
    path: tuple[Lonlat, ...] = ()
    polygon: dict[str, Any] | None = None
    holder: str | None = None
    snap: bool = False


class Recorded(Wanted, frozen=True, forbid_unknown_fields=True):
    """An act to be recorded: why, on which reports, until when, and how many lines the ledger had when it was seen."""

    reason: str = ""
    evidence: tuple[str, ...] = ()
    until: str | None = None
    weight: float | int = 1.0
    count: int = 0


@dataclass(frozen=True)
class Base:
    """The map as decided so far, of a day: what acts start from."""

    day: Day
    standing: Standing
    areas: tuple[Area, ...]

    @property
    def ground(self) -> Ground:
        """The theatre."""
        return self.day.ground


@dataclass(frozen=True)
class Outcome:
    """What an act would do: the ground it changes (or holds), what it lets go of, what it was laid along."""

    verdict: Verdict
    changed: tuple[Area, ...]
    lets_go: tuple[Acting, ...]
    laid: Snapped | None = None


def coverage(desk: Desk, request: Request) -> dict[str, Any]:
    """`GET /api/line?as_of=&known_by=`: the line as decided so far, each vertex of it, and who holds what fixed."""
    base = base_of(desk, request.day(), request.moment("known_by"))
    head, count = desk.head
    rim = shapely.boundary(outline_of(base.areas))
    edges = shapely.line_merge(shapely.difference(shapely.union_all([_rings(a) for a in base.areas]), rim.buffer(1e-4)))
    fixed = [(one.decision, one.until) for one in base.standing.acting if one.fixed]
    crs = base.ground.theatre.crs
    return {
        "head": head,
        "count": count,
        "sides": list(base.ground.theatre.side_ids),
        "edges": geometry_of(base.day, edges),
        "vertices": int(shapely.get_num_coordinates(edges)),
        "fixed": [
            {
                "id": one.id,
                "verdict": one.verdict.value,
                "act": one.act or None,
                "until": until.date().isoformat(),
                "by": one.by,
                "reason": one.reason,
                "geometry": geometry_of(base.day, redraw.shapes_of(one, crs=crs)),
            }
            for one, until in fixed
        ],
    }


def _rings(area: Area) -> BaseGeometry:
    return shapely.boundary(area.geometry)


def band(desk: Desk, request: Request) -> dict[str, Any]:
    """`GET /api/line/band?as_of=&known_by=`: the 50 % band, the only ground in which the line snaps."""
    draft = desk.draft(request.day(), request.moment("known_by"))

    def find(_: object) -> dict[str, Any]:
        return {"band": geometry_of(draft, band_of(draft.field, draft.ground.frame))}

    return desk.later(("band", draft.as_of, draft.known_by), find, name="the 50 % band")


def preview(desk: Desk, request: Request) -> dict[str, Any]:
    """`POST /api/line/preview` (`Wanted`): what the act would change; nothing is recorded."""
    wanted = request.read(Wanted)
    base = base_of(desk, *moments(wanted.as_of, wanted.known_by))
    found = outcome(base, wanted, _draft(desk, base, wanted))
    near = near_reports(desk, base, found.changed)
    return _document(base, found) | {"count": desk.head[1], "reports": [report_record(one) for one in near]}


def record(desk: Desk, request: Request) -> dict[str, Any]:
    """`POST /api/line` (`Recorded`): the act as a decision in the ledger, with what it lets go of."""
    wanted = request.read(Recorded)
    judge = judge_of(desk, wanted.reason)
    if not 0 < wanted.weight <= 10:
        raise UsageError(f"weight: {wanted.weight:g}, wanted more than 0 and at most 10")
    base = base_of(desk, *moments(wanted.as_of, wanted.known_by))
    found = outcome(base, wanted, _draft(desk, base, wanted))
    reports, _ = _reports(desk, base)
    made = with_evidence(_decision(base, found, wanted, judge), reports, wanted.evidence, **_drawn(found, wanted))
    letting_go = [judged(base.day, Verdict.RELEASE, judge, of=one.decision.id) for one in found.lets_go]
    told = recorded(desk, Listed(base.day, desk.head[0], wanted.count), [made, *letting_go])
    return told | _document(base, found) | {"id": made.id}


def near_reports(desk: Desk, base: Base, changed: Sequence[Area]) -> list[Report]:
    """Reports on or near ground, the latest first: what an act may rest on."""
    reports, at_km = _reports(desk, base)
    ground = shapely.buffer(shapely.union_all([area.geometry for area in changed]), NEAR_KM)
    shapely.prepare(ground)
    close = [reports[k] for k in np.flatnonzero(shapely.contains_xy(ground, at_km[:, 0], at_km[:, 1]))]
    past = [one for one in close if one.happened.start <= base.day.known_by]
    return sorted(past, key=lambda one: (one.happened.start, one.id), reverse=True)[:MOST_NEAR]


def _reports(desk: Desk, base: Base) -> tuple[tuple[Report, ...], np.ndarray]:
    """The reports known by then, and where they lie (km).

    Raises:
        NotYet: they are being read.
    """
    known, crs = base.day.known_by, base.ground.theatre.crs

    def read(_: object) -> tuple[tuple[Report, ...], np.ndarray]:
        found = tuple(read_reports(desk.folder, known))
        lonlat = np.array([(one.lon, one.lat) for one in found], float).reshape(-1, 2)
        return found, np.column_stack(to_km(lonlat[:, 0], lonlat[:, 1], crs=crs))

    return desk.later(("reports in km", known), read, name="reading the ledger")


def _draft(desk: Desk, base: Base, wanted: Wanted) -> Draft | None:
    return desk.draft(base.day.as_of, base.day.known_by) if wanted.snap and wanted.act in ("move", "reshape") else None


def base_of(desk: Desk, as_of: datetime, known_by: datetime | None) -> Base:
    """The map as decided so far, kept until ledger or theatre change.

    Raises:
        NotYet: it is being put together.
        UsageError: the day lies before the anchor's date.
    """
    ground, known = desk.ground, known_by or default_known_by(as_of)
    if as_of < ground.anchor.date:
        raise UsageError(f"as_of: before the anchor's date, wanted {ground.anchor.date:%Y-%m-%d} or later")

    def make(_: object) -> Base:
        now, theatre = read_standing(desk.folder, as_of=as_of, known_by=known), ground.theatre
        previous = redraw.previous(now, ground.areas, crs=theatre.crs, frame=ground.frame, sides=theatre.side_ids)
        decided = redraw.decided(previous, now, crs=theatre.crs, sides=theatre.side_ids)
        return Base(Day(ground, as_of, known), now, decided)

    return desk.later(("line", as_of, known), make, name="the line as decided so far")


# From what is wanted to what it changes


def outcome(base: Base, wanted: Wanted, draft: Draft | None = None) -> Outcome:
    """What an act does to the map; snapped to lines of the ground if there is a draft to say how far.

    Raises:
        UsageError: the act cannot be, or touches locked ground.
    """
    if wanted.act not in ACTS:
        raise UsageError(f"act: {wanted.act[:20]!r}, wanted {', '.join(ACTS)}")
    laid = None if draft is None else _laid(base, wanted, draft)
    if wanted.act == "hold":
        changed, verdict = line.held_here(base.areas, _ground(base, wanted)), Verdict.HOLD
    else:
        changed, verdict = _act(base, wanted, laid).changed, Verdict.EDIT
    _refuse_locked(base, changed)
    return Outcome(verdict, changed, _lets_go(base, changed), laid)


def _act(base: Base, wanted: Wanted, laid: Snapped | None) -> line.Act:
    sides = base.ground.theatre.side_ids
    if wanted.act == "move":
        to = _km(base, wanted.to, name="to") if laid is None else _spot(laid.points[0])
        return line.moved(base.areas, _km(base, wanted.at, name="at"), to, sides=sides)
    if wanted.act == "remove":
        return line.without_vertex(base.areas, _km(base, wanted.at, name="at"), sides=sides)
    if wanted.act == "reshape":
        return line.reshaped(base.areas, _path(base, wanted) if laid is None else _line(laid.points), sides=sides)
    return line.assigned(base.areas, _patch(base, wanted), sides=sides)


def _laid(base: Base, wanted: Wanted, draft: Draft) -> Snapped:
    points = np.array([_km(base, wanted.to, name="to")] if wanted.act == "move" else _path(base, wanted).coords)
    return snapped(points, guides_of(base.ground), in_band(draft.field))


def _ground(base: Base, wanted: Wanted) -> BaseGeometry:
    """The ground that is meant: drawn free, or the piece pointed at (as a cut leaves it)."""
    if wanted.polygon is not None:
        return project_km(shape_of(wanted.polygon), crs=base.ground.theatre.crs)
    sides, path = base.ground.theatre.side_ids, _path(base, wanted) if wanted.act == "cut" else None
    return line.piece_at(base.areas, _km(base, wanted.at, name="at"), sides=sides, path=path)


def _patch(base: Base, wanted: Wanted) -> Area:
    sides = base.ground.theatre.side_ids
    if wanted.holder == "grey":
        return Area(Class.GREY, None, GREY_REASON, _ground(base, wanted))
    if wanted.holder not in sides:
        raise UsageError(f"holder: {str(wanted.holder)[:40]!r}, wanted {sides[0]}, {sides[1]} or grey")
    return Area(Class.HELD, wanted.holder, None, _ground(base, wanted))


def _path(base: Base, wanted: Wanted) -> BaseGeometry:
    if len(wanted.path) < 2:
        raise UsageError("path: wanted at least two points in degrees")
    return _line(np.array([_km(base, one, name="path") for one in wanted.path]))


def _line(points: np.ndarray) -> BaseGeometry:
    return shapely.LineString(np.round(points, line.GRAINS))


def _spot(point: np.ndarray) -> tuple[float, float]:
    return float(point[0]), float(point[1])


def _km(base: Base, at: Lonlat | None, *, name: str) -> tuple[float, float]:
    if at is None or not (-180 <= at[0] <= 180 and -90 <= at[1] <= 90):
        raise UsageError(f"{name}: wanted a spot in degrees, longitude first")
    east, north = base.ground.grid.to_km(float(at[0]), float(at[1]))
    return float(east), float(north)


def _refuse_locked(base: Base, changed: Sequence[Area]) -> None:
    for lock in base.standing.locks:
        ground = redraw.in_crs(records.shape_of(lock.polygons), lock.crs, base.ground.theatre.crs)
        if any(shapely.relate_pattern(ground, area.geometry, "T********") for area in changed):
            raise UsageError(f"this ground is locked by {lock.by} ({lock.reason[:80]}); unlock {lock.id} first")


def _lets_go(base: Base, changed: Sequence[Area]) -> tuple[Acting, ...]:
    """Earlier edits and holds that an act contradicts on most of their ground."""
    return tuple(one for one in base.standing.acting if one.fixed and _contradicted(base, one.decision, changed))


def _contradicted(base: Base, earlier: Decision, changed: Sequence[Area]) -> bool:
    said = [
        (ground.side, redraw.in_crs(records.shape_of(ground.polygons), earlier.crs, base.ground.theatre.crs))
        for ground in redraw.said_of(earlier)
    ]
    other = sum(
        shapely.intersection(shape, area.geometry).area for side, shape in said for area in changed if area.side != side
    )
    return bool(other > LETS_GO * sum(shape.area for _, shape in said))


# From what it changes to what is recorded and told


def _decision(base: Base, found: Outcome, wanted: Recorded, judge: Judge) -> Decision:
    until = None if wanted.until is None else day_of(wanted.until, name="until")
    becomes = found.changed if found.verdict is Verdict.EDIT else ()
    return judged(base.day, found.verdict, judge, becomes=becomes, until=until, weight=float(wanted.weight))


def _drawn(found: Outcome, wanted: Wanted) -> dict[str, Any]:
    """What a decision keeps of an act beyond its verdict; for a hold, what the ground is."""
    more: dict[str, Any] = {"act": wanted.act, "snapped": () if found.laid is None else found.laid.along}
    if found.verdict is Verdict.HOLD:
        first, *others = (redraw.ground_of(area) for area in found.changed)
        more |= {"ground": first, "also": tuple(others)}
    return more


def _document(base: Base, found: Outcome) -> dict[str, Any]:
    points = None if found.laid is None else shapely.MultiPoint(found.laid.points)
    return {
        "verdict": found.verdict.value,
        "km2": round(sum(area.geometry.area for area in found.changed), 4),
        "changed": [
            {
                "holder": area.side or "grey",
                "grey_reason": area.grey_reason,
                "km2": round(area.geometry.area, 4),
                "geometry": geometry_of(base.day, area.geometry),
            }
            for area in found.changed
        ],
        "lets_go": [
            {"id": one.decision.id, "by": one.decision.by, "reason": one.decision.reason} for one in found.lets_go
        ],
        "snapped": [] if found.laid is None else list(found.laid.along),
        "points": None if points is None else geometry_of(base.day, points),
    }


ROUTES = (
    Route("GET", "/api/line", coverage),
    Route("GET", "/api/line/band", band),
    Route("POST", "/api/line/preview", preview),
    Route("POST", "/api/line", record),
)
