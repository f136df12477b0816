"""The series of a theatre's own drafts: each day as drawn, with the 90 % intervals of its posterior."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from isofront.errors import UsageError

if TYPE_CHECKING:
    from isofront.engine import Ground
    from isofront.front import Disc, PlaceNecks
    from isofront.front.series import Measured, Series

MOST_SAMPLES = 2000


def drafted(
    folder: Path,
    days: Sequence[datetime],
    *,
    name: str | None,
    at: tuple[float, float] | None,
    radius_m: float | None,
    enemy: str | None,
    samples: int,
) -> tuple[Series, str, bool]:
    """The series of a place, its name, and whether anything it was made from is invented."""
    from isofront.cli.map import steps
    from isofront.engine import drafts
    from isofront.engine.necks import ladder_of, place_necks
    from isofront.front.series import series_of

    if not 1 <= samples <= MOST_SAMPLES:
        raise UsageError(f"--samples {samples}: wanted 1 to {MOST_SAMPLES}")
    found: list[Measured] = []
    simulated, ladder, word = False, None, ""
    lead = _lead(folder, days)
    with steps(len(lead) + len(days)) as say:
        for draft in drafts(folder, [*lead, *days], progress=say):
            disc, word = _disc(draft.ground, name=name, at=at, radius_m=radius_m)
            side = _own(draft.field.sides, enemy)
            n = samples if len(found) >= len(lead) else 1
            found.append(_measured(place_necks(draft, word, disc, side, n_samples=n)))
            simulated, ladder = simulated or draft.simulated, ladder_of(draft)
            say("")
    series = series_of("Isofront draft", days, [*lead, *days], found, ladder=ladder, lead=len(lead))
    return replace(series, band="90 % of the posterior"), word, simulated


def _lead(folder: Path, days: Sequence[datetime]) -> list[datetime]:
    """The days before the first, no earlier than the anchor: they settle which rung to state, and are not told."""
    from isofront.engine import ground_of
    from isofront.front.series import lead_maps

    ground = ground_of(folder)
    earlier = [days[0] - timedelta(days=k) for k in range(lead_maps(ground.theatre.ladder.hold_days), 0, -1)]
    return [day for day in earlier if day >= ground.anchor.date]


def _own(sides: tuple[str, str], enemy: str | None) -> str | None:
    """The place's own side, where it was said whose ground counts."""
    if enemy is None:
        return None
    if enemy not in sides:
        raise UsageError(f"--enemy {enemy}: wanted {sides[0]} or {sides[1]}")
    return sides[1] if enemy == sides[0] else sides[0]


def _disc(
    ground: Ground, *, name: str | None, at: tuple[float, float] | None, radius_m: float | None
) -> tuple[Disc, str]:
    """The place on the flat map: a settlement of the theatre in any spelling, else one of the gazetteer, or a spot."""
    from isofront.cli.front.ground import Ground as Polygons
    from isofront.cli.front.ground import place_of
    from isofront.front import Disc
    from isofront.ground.places import folded

    if name is not None and at is None:
        wanted = folded(name)
        own = [
            one
            for one in ground.settlements
            if wanted in {folded(word) for word in (*one.names.values(), *one.spellings)}
        ]
        if len(own) == 1 and own[0].radius_m:
            east, north = ground.grid.to_km(*own[0].at)
            return Disc(east, north, (radius_m or own[0].radius_m) / 1000), own[0].name
    polygons = Polygons(ground.theatre.crs, ground.frame, ground.frame, None, None, ground.theatre.box)
    disc, word = place_of(polygons, at=at, name=name, radius_m=radius_m)
    return disc, word or "place"


def _measured(place: PlaceNecks) -> Measured:
    """The drawing's own measures by the rule "held", with the 90 % interval of the posterior as the band."""
    from isofront.front import Rule
    from isofront.front.series import Measured

    plain, sampled = place.plain, place.by_rule[Rule.HELD].sampled
    width = None if sampled is None else sampled.neck_km
    pocket = None if sampled is None else sampled.pocket_km2
    return Measured(
        rung=plain.rung,
        neck_km=plain.neck_km,
        low_km=None if width is None else _finite(width.low),
        high_km=None if width is None else _finite(width.high),
        robust_km=plain.robust_neck_km,
        second_exit_km=plain.neck.second_exit_km,
        pocket_km2=plain.neck.pocket_km2,
        pocket_low_km2=None if pocket is None else pocket.low,
        pocket_high_km2=None if pocket is None else pocket.high,
        enclosure=tuple(ring.blocked for ring in plain.enclosure),
        free_arc_deg=tuple(ring.largest_free_arc_deg for ring in plain.enclosure),
        footprint_free=plain.footprint_free,
    )


def _finite(km: float) -> float | None:
    return km if math.isfinite(km) else None
