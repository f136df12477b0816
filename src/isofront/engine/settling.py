"""What would settle a proposal: what one more exact sighting of the side that would lose makes of it.

A draft and proposals in; out come the same proposals, each with the answer of a draft that has the sighting in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from isofront.control import batch, show
from isofront.control.flip import EVEN
from isofront.control.items import DAY
from isofront.engine.drafting import Draft
from isofront.evidence.report import Interval, Kind, Report
from isofront.review import Proposal, Settling
from isofront.review import proposal as asked

APART_KM = 50.0
"""Sightings imagined this far apart have no say in each other's ground."""
IMAGINED_M = 100.0


def settled(draft: Draft, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Each proposal with what one more exact sighting of the side that would lose makes of it, by a draft with it in.

    Sightings far apart are imagined together: they have no say in each other's ground.
    """
    answers: dict[str, Settling] = {}
    for group in _groups_apart([(one, _middle(one)) for one in proposals]):
        answers |= _imagined(draft, group)
    return [replace(one, settling=answers[one.id]) for one in proposals]


Spotted = tuple[Proposal, tuple[float, float]]


def _middle(proposal: Proposal) -> tuple[float, float]:
    spot = shapely.point_on_surface(proposal.piece.shape)
    return float(spot.x), float(spot.y)


def _groups_apart(spotted: Sequence[Spotted]) -> list[list[Spotted]]:
    """Groups within which all are far apart."""
    groups: list[list[Spotted]] = []
    for one, spot in spotted:
        free = (g for g in groups if all(np.hypot(spot[0] - s[0], spot[1] - s[1]) > APART_KM for _, s in g))
        group = next(free, None)
        if group is None:
            groups.append(group := [])
        group.append((one, spot))
    return groups


def _imagined(draft: Draft, group: Sequence[Spotted]) -> dict[str, Settling]:
    began, sides = draft.ground.anchor.date, draft.field.sides
    sightings = [_sighting(draft, one, spot) for one, spot in group]
    items = batch(sightings, grid=draft.ground.grid, sides=sides, anchored=began)
    days = (draft.as_of - began) / DAY
    again = draft.posterior.model.posterior(draft.posterior.batch.and_(items), as_of=days, known_by=np.inf)
    field, found = show(again, sides), {}
    for (one, _), sighting in zip(group, sightings, strict=True):
        cells = asked.cells_of(field, one.piece.shape)
        p = asked.p_of(field, one.piece.after, cells)
        sure = float(asked.sure_in(field, one.piece, cells).mean())
        assert sighting.seen is not None
        found[one.id] = Settling(sighting.seen, p, sure < EVEN)
    return found


def _sighting(draft: Draft, one: Proposal, spot: tuple[float, float]) -> Report:
    """A position of the side that would lose, in the middle of the piece, on the day, as exact as footage gets."""
    sides, drawn = draft.field.sides, draft.ground.drawn
    lon, lat = draft.ground.grid.to_lonlat(*spot)
    toward_first = asked.direction(one.piece, sides=sides, drawn=drawn) > 0
    when = draft.as_of
    return Report(
        id=f"imagined {one.id}", source="", kind=Kind.POSITION, seen=sides[1 if toward_first else 0], by=None,
        lon=lon, lat=lat, error_m=IMAGINED_M, happened=Interval(when, when), published_at=None, known_at=when,
        reliability="B", credibility=2,
    )  # fmt: skip
