"""A place's neck over time, as a brief plots it: on the map that the theatre began from, each approved map, the draft.

approved maps, a place    front.series.measure    its neck on each
draft's necks             Series                  the same with the draft's 90 % interval, in runs of maps near in time
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import shapely

from isofront.engine.claims import MapOf, approved_maps
from isofront.engine.drafting import Draft
from isofront.findings.on_map import MapState
from isofront.front.enclosure import Disc
from isofront.front.neck_samples import Interval
from isofront.front.pockets import Stage
from isofront.front.rules import PlaceNecks, Pockets, Rule
from isofront.front.series import Measured, Series, measure, series_of
from isofront.front.shapes import Area

MOST_BETWEEN_DAYS = 14
"""Maps farther apart than this are not joined in the plot."""
MOST_MAPS = 60
"""The plot shows no more than so many earlier maps."""


def gap_series(draft: Draft, pockets: Pockets, place: str, stages: Sequence[Stage]) -> Series | None:
    """A place's neck on the map that the theatre began from, on each approved map, and on the draft."""
    found = next((one for one in pockets.places if one.name == place), None)
    if found is None:
        return None
    ground = draft.ground
    stage = next(one for one in stages if one.side == found.side)
    maps = [one for one in approved_maps(ground, known_by=draft.known_by) if one.as_of < draft.as_of]
    maps = [MapOf(ground.anchor.date, MapState.START, ground.areas), *maps][-MOST_MAPS:]
    measured = [_on(one.areas, stage, found.disc) for one in maps] + [_drawn(found)]
    days = [one.as_of for one in maps] + [draft.as_of]
    made = series_of("held edge", days, days, measured, max_age_days=1.0)
    return replace(made, runs=_apart(days), band=f"{made.band}; of the draft 90 %")


def _apart(days: Sequence[datetime]) -> tuple[tuple[int, ...], ...]:
    """Maps in runs that are joined by a line: between maps far apart nothing is known."""
    runs: list[list[int]] = [[0]]
    for k in range(1, len(days)):
        if days[k] - days[k - 1] > timedelta(days=MOST_BETWEEN_DAYS):
            runs.append([])
        runs[-1].append(k)
    return tuple(tuple(run) for run in runs)


def _on(areas: Sequence[Area], stage: Stage, place: Disc) -> Measured:
    """What a map says of a place; outside the frame the ground is the draft's."""
    frame = shapely.union_all([area.geometry.envelope for area in areas]).envelope
    enemy = [one.geometry for one in areas if one.side == stage.enemy]
    grey = [one.geometry for one in areas if one.side is None]
    beyond = shapely.difference(stage.ground[Rule.HELD], frame)
    return measure(shapely.union_all([*enemy, beyond]), shapely.union_all(grey), stage.land, place)


def _drawn(found: PlaceNecks) -> Measured:
    """The draft's own measure, with the 90 % interval as its band where it was drawn."""
    plain, sampled = found.plain, found.by_rule[Rule.HELD].sampled
    width = None if sampled is None else sampled.neck_km
    area = None if sampled is None else sampled.pocket_km2
    low, high = _ends(width) if width is not None else (plain.neck_min_km, plain.neck_max_km)
    pocket = _ends(area) if area is not None else (plain.neck.pocket_km2, plain.neck.pocket_km2)
    rings = plain.enclosure
    return Measured(
        plain.rung, plain.neck_km, low, high, plain.robust_neck_km, plain.neck.second_exit_km, plain.neck.pocket_km2,
        *pocket, tuple(one.blocked for one in rings), tuple(one.largest_free_arc_deg for one in rings),
        plain.footprint_free,
    )  # fmt: skip


def _ends(one: Interval) -> tuple[float | None, float | None]:
    """Both ends; None where open."""
    low, high = (float(end) if math.isfinite(end) else None for end in (one.low, one.high))
    return low, high
