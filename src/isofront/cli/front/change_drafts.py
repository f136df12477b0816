"""`isofront front change --theatre`: two drafts of a theatre, with the doubt of the change and the reports behind."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from isofront.cli.front.change import Found
from isofront.cli.front.places import Town, towns_in
from isofront.errors import UsageError

MOST_SAMPLES = 5000


def draft_found(
    theatre: Path,
    days: tuple[datetime, datetime],
    *,
    known_by: datetime | None,
    samples: int,
    seed: int,
    places: Path | None,
) -> Found:
    """What changed between the drafts of two days, ready to be told."""
    from isofront.cli.front.dated import day_text
    from isofront.cli.map import steps
    from isofront.engine.change import DraftChange, draft_change

    if not 1 <= samples <= MOST_SAMPLES:
        raise UsageError(f"--samples {samples}: wanted 1 to {MOST_SAMPLES}")
    with steps(1) as say:
        one: DraftChange = draft_change(theatre, days, known_by=known_by, n=samples, seed=seed, progress=say)
    ground = one.before.ground
    return Found(
        change=one.change,
        advances=one.advances,
        labels=(day_text(days[0]), day_text(days[1])),
        towns=_towns(one, places),
        crs=ground.theatre.crs,
        simulated=one.before.simulated or one.after.simulated,
        intervals={side: _interval(interval, one.change.days) for side, interval in one.intervals.items()},
        reports=tuple(_moved(some) for some in one.reports),
    )


def _moved(some: Any) -> dict[str, Any]:
    return {
        "reports": [{"id": push.report_id, "km": round(push.km, 3)} for push in some.pushes],
        "others_km": round(some.others_km, 3),
    }


def _interval(interval: Any, days: float | None) -> dict[str, Any]:
    """The interval of what was gained, lost and both together, and of the net rate per day, week and month.

    `widened` is the net's as wide as it had to be where the truth is known.
    """
    told: dict[str, Any] = {
        name: {key: round(km2, 3) for key, km2 in part.items()} for name, part in asdict(interval).items()
    }
    wide = interval.net_km2.widened()
    told["rate_km2"] = _per(interval.net_km2, days)
    told["net_widened_km2"] = {key: round(km2, 3) for key, km2 in asdict(wide).items()}
    told["rate_widened_km2"] = _per(wide, days)
    return told


def _per(interval: Any, days: float | None) -> dict[str, Any]:
    """An interval as rates per day, week and month; null where the days between are not known."""
    from isofront.front.change import rate

    return {
        key: None
        if (per := rate(km2, days)) is None
        else {name: round(value, 4) for name, value in asdict(per).items()}
        for key, km2 in asdict(interval).items()
    }


def _towns(one: Any, places: Path | None) -> tuple[Town, ...]:
    """The theatre's own settlements, or those of a file."""
    from isofront.cli.front.ground import footprint_radius_m

    ground = one.before.ground
    if places is not None:
        return towns_in(ground.frame, ground.theatre.crs, places=places)
    towns = []
    for place in ground.settlements:
        if ground.theatre.box.holds(*place.at):
            east, north = ground.grid.to_km(*place.at)
            radius = (place.radius_m or footprint_radius_m(place.population)) / 1000
            lon, lat = place.at
            towns.append(Town(place.name, lon, lat, east, north, radius, place.population))
    return tuple(towns)
