"""What an edition shows beside the map itself, from the public draft: pockets, interdicted ground, routes, movement.

draft, areas           drawn_as                    the draft with the map as it is published: gates, corrections
draft                  necks, pockets              necks of places and pockets, on cells and in whole km
draft                  interdicted, routes         coarse layers that are never younger than a week
editions, drafts       moved                       how far lines moved in the time of the delay
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float
from isofront.control.interdicted import public_interdicted
from isofront.engine.drafting import Draft
from isofront.engine.necks import necks_of
from isofront.engine.routes import interdicted_of, place_routes
from isofront.front import Area, Drawing, Rule
from isofront.front.levels import held_by
from isofront.front.public_routes import public_routes
from isofront.front.rules import Pockets
from isofront.ground.distance_field import inner_border_km
from isofront.ground.road_graph import RoadGraph
from isofront.publish.coarse import on_cells, snapped_km
from isofront.publish.road_layers import cell_box

SPANS = 3
"""So many earlier spans of the delay's length tell how far lines move in such a time, where editions are too few."""
LEAST_SPANS = 3
MOST_SPANS = 30
"""The newest pairs of our own editions that are measured."""
LIKE_SPAN = (0.75, 1.5)
"""Editions so many spans apart tell of one span."""
MOVED_STEP_KM = 0.5
LEAST_MOVED_KM = 0.01
ALONG_KM = 0.25
PAST = 0.95


def drawn_as(draft: Draft, drawing: Drawing) -> Draft:
    """The draft with the map that is published in place of the one it would draw."""
    made = replace(draft)
    vars(made)["drawing"] = drawing  # a cached property: nobody draws it again
    return made


def necks(draft: Draft) -> Pockets:
    """Necks of places near the front and pockets, as the map draws them; no sampled maps."""
    return necks_of(draft, samples=dict.fromkeys(Rule, 0))


def pockets(found: Pockets, *, km: float, hidden: Set[str]) -> tuple[dict[str, Any], ...]:
    """Each pocket with its neck in whole km, tips at the centres of their cells, ground as cells; nothing finer.

    Of `hidden` enemies no rule is told that knows where they are without holding.
    """
    return tuple(
        {
            "side": one.side,
            "enemy": one.enemy,
            "inside": list(one.inside),
            "neck_km": round(one.neck_km),
            "km2": round(one.pocket_km2),
            "tips_km": snapped_km(one.tips, km=km),
            "ground": on_cells(one.geometry, km=km),
            "rules": [
                {"rule": rule.value, "neck_km": whole(told.corridor.neck_km), "rung": told.corridor.rung.value}
                for rule, told in one.place.by_rule.items()
                if rule is not Rule.ANY_PRESENCE or one.enemy not in hidden
            ],
        }
        for one in found.pockets
    )


def whole(km: float | None) -> int | None:
    """Whole kilometres; None stays."""
    return None if km is None else round(km)


def interdicted(draft: Draft, *, today: datetime, protected: frozenset[str]) -> tuple[dict[str, Any], ...]:
    """Each cell in which a side's movement was seen to be struck, by level; no means, no protected side."""
    field = interdicted_of(draft)
    levels = public_interdicted(field, today=today, protected_sides=sorted(protected))
    return tuple(
        {"side": side, "level": int(level[row, column]), "box_km": cell_box(field, int(row), int(column))}
        for side, level in levels.items()
        for row, column in np.argwhere(np.nan_to_num(level) > 0)
    )


def unlooked(draft: Draft) -> BaseGeometry:
    """Ground where no cleared report tells that anybody looked for strikes, as cells."""
    field = interdicted_of(draft)
    return shapely.union_all([cell_box(field, row, column) for row, column in np.argwhere(field.unobserved).tolist()])


Ways = tuple[tuple[str, tuple[float, float] | None], dict[str, Any]]
"""A settlement's name and spot (km), and what is told of its routes."""


def routes(draft: Draft, graph: RoadGraph, earlier: Draft | None, *, today: datetime) -> tuple[Ways, ...]:
    """How many routes each settlement has (0, 1, 2+), against about a month before."""
    found: list[Ways] = []
    for side in draft.field.sides:
        now = place_routes(draft, graph, side=side)
        then = () if earlier is None else place_routes(earlier, graph, side=side)
        before = draft.as_of - timedelta(days=30) if earlier is None else earlier.as_of
        for one in public_routes(now, then, as_of=draft.as_of, before_as_of=before, today=today):
            told = {"name": one.name, "side": side, "routes": one.routes, "change": one.change}
            found.append(((one.name, one.at_km), told | {"front_km": one.front_km}))
    return tuple(found)


# How far lines move


@dataclass(frozen=True, slots=True)
class Moved:
    """How far edges came from where they were a span before, nineteen points in twenty; None where too little is known.

    `spans` is over how many pairs of days, `told_by` whose they are: `editions` or `drafts`.
    """

    km: float | None
    spans: int
    told_by: str


def moved_between(days: Sequence[tuple[datetime, tuple[Area, ...]]], draft: Draft, *, span: timedelta) -> Moved | None:
    """The same from our own editions, oldest first: pairs about a span apart; None if they are too few."""
    edges = [(day, _edges(draft, areas)) for day, areas in days]
    pairs = []
    for n, (day, later) in enumerate(edges):
        apart = [(abs((day - then) / span - 1.0), k) for k, (then, _) in enumerate(edges[:n])]
        like = [(off, k) for off, k in apart if LIKE_SPAN[0] <= (day - edges[k][0]) / span <= LIKE_SPAN[1]]
        if like:
            pairs.append((later, edges[min(like)[1]][1]))
    pairs = pairs[-MOST_SPANS:]
    if len(pairs) < LEAST_SPANS:
        return None
    return Moved(_past_km([_gaps(*pair) for pair in pairs]), len(pairs), "editions")


def moved(drawn: Callable[[datetime], tuple[Area, ...]], draft: Draft, *, span: timedelta, spans: int = SPANS) -> Moved:
    """The same from drafts of earlier days; `drawn` gives the public areas of a day.

    Distances are taken at points along the later edges, over all spans since the anchor (at most `spans`).
    """
    since = draft.ground.anchor.date
    days = [draft.as_of - span * k for k in range(spans + 1) if draft.as_of - span * k >= since]
    if len(days) - 1 < LEAST_SPANS:
        return Moved(None, max(len(days) - 1, 0), "drafts")
    edges = [_edges(draft, drawn(day)) for day in days]
    return Moved(_past_km([_gaps(later, before) for later, before in pairwise(edges)]), len(days) - 1, "drafts")


def _past_km(gaps: Sequence[Float[np.ndarray, " _"]]) -> float | None:
    """The distance that one point in twenty exceeds, in steps rounded up; None where that is nothing.

    A map on which hardly anything moved, for want of reports perhaps, must not tell readers that lines stand still.
    """
    every = np.concatenate([np.zeros(0), *gaps])
    if len(every) == 0 or float(np.quantile(every, PAST)) < LEAST_MOVED_KM:
        return None
    return math.ceil(float(np.quantile(every, PAST)) / MOVED_STEP_KM - 1e-9) * MOVED_STEP_KM


def _edges(draft: Draft, areas: tuple[Area, ...]) -> list[BaseGeometry]:
    return [inner_border_km(held_by(side, areas), draft.ground.frame) for side in draft.field.sides]


def _gaps(later: Sequence[BaseGeometry], before: Sequence[BaseGeometry]) -> Float[np.ndarray, " n"]:
    found = [np.zeros(0)]
    for now, then in zip(later, before, strict=True):
        if now.is_empty or then.is_empty:
            continue
        spots = shapely.points(shapely.get_coordinates(shapely.segmentize(now, ALONG_KM)))
        found.append(np.asarray(shapely.distance(spots, then)))
    return np.concatenate(found)
