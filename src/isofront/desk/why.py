"""Why, exactly: a spot's prior and every report's part, in km and in probability; what taking reports back would do.

The depth is a sum, so that its parts are exact. Probability is a curve over depth: a part's share of it is its part of
the way from the prior to the depth, times what the curve rises on that way (the integral of the slope along the
straight path, as Aumann and Shapley divide costs), so that prior and parts sum to the probability.

Taking reports back is a fit without them, no estimate. Time travel is the same question with another day or another
moment of knowledge; between two moments the map's differences are told with what came in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import numpy as np
import shapely

from isofront.control import Posterior
from isofront.control.flip import Chance
from isofront.desk.deciding import decision_record, geometry_of, report_record, source_of
from isofront.desk.desk import Desk
from isofront.desk.placing import near_told
from isofront.desk.queue import moments
from isofront.desk.routing import Request, Route
from isofront.engine import Draft, shown
from isofront.engine.why import chance_at, posterior_without
from isofront.errors import UsageError
from isofront.evidence.decision import read_history
from isofront.evidence.report import Report
from isofront.front.contours import level_lines, probit, region_between, within_frame
from isofront.publish.stamp import utc_text
from isofront.review import differences

Cell = tuple[int, int]
LEAST_KM = 1e-6
STEP_KM = 1e-3
MOST_PARTS = 400
"""At most this many parts are listed one by one, the rest as a sum."""
MOST_WITHOUT = 200
MOST_PIECES = 40


class Spot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place in degrees, a day, and what was known."""

    at: tuple[float | int, float | int]
    as_of: str
    known_by: str | None = None


class SpotWithout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A `Spot`, and the ids of reports or decisions that are taken back."""

    at: tuple[float | int, float | int]
    as_of: str
    ids: tuple[str, ...]
    known_by: str | None = None


def why(desk: Desk, request: Request) -> dict[str, Any]:
    """`POST /api/why` (`Spot`): prior and every report's part, largest first, with the posts."""
    said = request.read(Spot)
    draft = desk.draft(*moments(said.as_of, said.known_by))
    return why_record(draft, cell_at(draft, said.at))


def cell_at(draft: Draft, at: tuple[float | int, float | int]) -> Cell:
    """The cell that a place in degrees lies in.

    Raises:
        UsageError: it lies outside.
    """
    lon, lat = float(at[0]), float(at[1])
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise UsageError(f"at: {lon} {lat} is no spot in degrees")
    cell = draft.field.grid.cell_of(*draft.field.grid.to_km(lon, lat))
    if cell is None:
        raise UsageError("at: outside the theatre and its margin, wanted a spot inside")
    return cell


def why_record(draft: Draft, cell: Cell) -> dict[str, Any]:
    """A cell's probabilities and all that made them."""
    field, grid = draft.field, draft.field.grid
    chance, reasons = chance_at(draft.posterior, cell), draft.posterior.explain(np.array([cell]))
    said = [(name, float(km)) for name, km in zip(reasons.ids, reasons.shares_km[0], strict=True) if abs(km) > LEAST_KM]
    shares = dict(sorted(said, key=lambda one: (-abs(one[1]), one[0])))
    prior = float(reasons.prior_km[0])
    lon, lat = grid.to_lonlat(float(grid.east_km[cell[1]]), float(grid.north_km[cell[0]]))
    return {
        "stamp": "PRIVATE SIMULATED" if draft.simulated else "PRIVATE",
        "at": [round(float(lon), 6), round(float(lat), 6)],
        "cell_km": grid.cell_km,
        "near": near_told(draft.ground, shapely.Point(float(grid.east_km[cell[1]]), float(grid.north_km[cell[0]]))),
        "as_of": utc_text(draft.as_of),
        "known_by": utc_text(draft.known_by),
        "sides": list(field.sides),
        "latent": f"km inside the ground held by {field.sides[0]}, as the anchor's maker draws it",
        "prior_km": round(prior, 4),
        "prior_p": round(chance.p(prior), 4),
        "latent_km": round(chance.latent_km, 4),
        "spread_km": round(chance.spread_km, 4),
        "stands": round(chance.stands, 4),
        "p": round(chance.p(chance.latent_km), 4),
        "shown": _shown(draft, cell),
        **_parts(draft, shares, p_per_km(chance, prior)),
        "link": chance.formula(field.sides[0]),
        "flip": chance.flip(list(shares.items())),
    }


def _parts(draft: Draft, shares: dict[str, float], slope: float) -> dict[str, Any]:
    """What each report or decision adds, in km and (by the slope) in probability; `shares` are the largest first."""
    sides, reports = draft.field.sides, {one.id: one for one in draft.reports}
    told, rest = list(shares.items())[:MOST_PARTS], list(shares.values())[MOST_PARTS:]
    return {
        "parts": [
            source_of(draft, name, reports)
            | {"km": round(km, 4), "p": round(km * slope, 4), "toward": sides[0 if km > 0 else 1]}
            for name, km in told
        ],
        "others": {"n": len(rest), "km": round(sum(rest), 4), "p": round(sum(rest) * slope, 4)},
    }


def p_per_km(chance: Chance, prior_km: float) -> float:
    """How much probability a km of depth is worth on the way from the prior to the depth; the slope where they meet."""
    way = chance.latent_km - prior_km
    if abs(way) < STEP_KM:
        return (chance.p(chance.latent_km + STEP_KM) - chance.p(chance.latent_km - STEP_KM)) / (2 * STEP_KM)
    return (chance.p(chance.latent_km) - chance.p(prior_km)) / way


def _shown(draft: Draft, cell: Cell) -> dict[str, Any]:
    """What the map shows in a cell: beyond the line, presence and doubt make grey of it. No look at all is null."""
    field = draft.field
    first, second = field.sides
    look = None if field.last_look_days is None else round(float(field.last_look_days[cell]), 1)
    looked = {} if look is None else {"last_look_days": look if np.isfinite(look) else None}
    return {
        f"control_{first}": round(float(field.control[0][cell]), 4),
        f"p_{first}": round(float(field.p_held[0][cell]), 4),
        "p_grey": round(float(field.p_grey[cell]), 4),
        f"p_{second}": round(float(field.p_held[1][cell]), 4),
        "unobserved": round(float(field.unobserved[cell]), 4),
        "out_of_range": field.out_of_range is not None and bool(field.out_of_range[cell]),
    } | looked


# Without some reports


def without(desk: Desk, request: Request) -> dict[str, Any]:
    """`POST /api/why/without` (`SpotWithout`): the spot, and the line, by a fit without these reports or decisions."""
    said = request.read(SpotWithout)
    draft = desk.draft(*moments(said.as_of, said.known_by))
    cell, names = cell_at(draft, said.at), frozenset(said.ids)
    _refuse_unknown(draft, names)

    def fit(say: Any) -> Posterior:
        say(f"fitting without {len(names)}")
        return posterior_without(draft, names)

    key = ("without", draft.as_of, draft.known_by, tuple(sorted(names)))
    return without_record(draft, desk.later(key, fit, name="without these reports"), cell, sorted(names))


def _refuse_unknown(draft: Draft, names: frozenset[str]) -> None:
    known = {one.id for one in draft.reports} | {one.decision.id for one in draft.standing.acting}
    if not names or len(names) > MOST_WITHOUT:
        raise UsageError(f"ids: {len(names)} given, wanted 1 to {MOST_WITHOUT}")
    for name in sorted(names - known):
        raise UsageError(f"ids: {name[:80]!r} is no report or decision that this draft knows of")


def without_record(draft: Draft, left: Posterior, cell: Cell, names: Sequence[str]) -> dict[str, Any]:
    """The spot before and after, the even-odds line after, and the ground that lies on its other side then."""
    before, after = chance_at(draft.posterior, cell), chance_at(left, cell)
    field = shown(draft.ground, left)
    was, now = draft.field.control[0], field.control[0]
    frame, grid = draft.ground.frame, field.grid
    line = shapely.intersection(level_lines(grid, probit(now)), frame)
    other = np.where((was >= 0.5) != (now >= 0.5), 1.0, -1.0)
    ground = within_frame(region_between(grid, other), frame)
    return {
        "ids": list(names),
        "latent_km": [round(before.latent_km, 4), round(after.latent_km, 4)],
        "p": [round(before.p(before.latent_km), 4), round(after.p(after.latent_km), 4)],
        "flips": (before.p(before.latent_km) >= 0.5) != (after.p(after.latent_km) >= 0.5),
        "km2": round(float(ground.area), 3),
        "line": geometry_of(draft, line),
        "ground": geometry_of(draft, ground),
    }


# Between two moments of knowledge


def between(desk: Desk, request: Request) -> dict[str, Any]:
    """`GET /api/why/between?as_of=&known_by=&and=`: one day as known at two moments: ground, reports, decisions."""
    day, first, last = request.day(), request.moment("known_by"), request.moment("and")
    if first is None or last is None or first >= last:
        raise UsageError("known_by, and: wanted two moments, the earlier first")
    before, after = desk.draft(day, first), desk.draft(day, last)
    name = f"{day:%Y-%m-%d} as known at two moments"
    return desk.later(("between", day, first, last), lambda say: _between(desk, before, after), name=name)


def _between(desk: Desk, before: Draft, after: Draft) -> dict[str, Any]:
    pieces = differences(before.drawing.areas, after.drawing.areas, sides=after.field.sides)
    old, new = ({one.id: one for one in draft.reports} for draft in (before, after))
    return {
        "as_of": utc_text(after.as_of),
        "known_by": [utc_text(before.known_by), utc_text(after.known_by)],
        "km2": round(sum(one.km2 for one in pieces), 3),
        "pieces": [
            {
                "from": one.before,
                "to": one.after,
                "km2": round(one.km2, 3),
                "near": near_told(after.ground, one.shape),
                "geometry": geometry_of(after, one.shape),
            }
            for one in pieces[:MOST_PIECES]
        ],
        "more_pieces": max(0, len(pieces) - MOST_PIECES),
        "came": _told(new, [name for name in new if name not in old]),
        "corrected": _told(new, [name for name in new if name in old and new[name] != old[name]]),
        "gone": _told(old, [name for name in old if name not in new]),
        "decided": _decided(desk, after, before.known_by),
    }


def _told(reports: dict[str, Report], names: Sequence[str]) -> dict[str, Any]:
    latest = sorted(names, key=lambda name: (reports[name].known_at, name), reverse=True)
    return {"n": len(names), "reports": [report_record(reports[name]) for name in latest[:MOST_PIECES]]}


def _decided(desk: Desk, after: Draft, since: datetime) -> list[dict[str, Any]]:
    if not desk.has_ledger:
        return []
    with desk.ledger() as ledger:
        history = read_history(ledger)
    found = [one for _, one in history.decisions if since <= one.known_at < after.known_by and one.as_of <= after.as_of]
    return [decision_record(after, one) for one in found]


ROUTES = (
    Route("POST", "/api/why", why),
    Route("POST", "/api/why/without", without),
    Route("GET", "/api/why/between", between),
)
