"""A place's neck, pocket and enclosure over time: one measure for each map, one point for each day that is asked about.

A day without a map of its own takes the nearest earlier one, and says which; if that is older than `max_age_days`, or
there is none, the point is empty. A rung is stated only once the maps of three days agree (`held_rungs`). Between maps
farther apart than a mapper's own habit the line is broken: a gap in the data is a gap in the picture.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.front.ladder import RUNGS, Ladder, Rung, held_rungs, settled_rungs

if TYPE_CHECKING:  # who draws a series need not load what measures it
    from isofront.front.enclosure import Disc
    from isofront.front.place_corridor import Corridor

MAX_AGE_DAYS = 14.0
GAP_TIMES, LEAST_GAP_DAYS = 1.6, 2.0
"""Maps leave a gap if they are farther apart than this many times their usual distance, and than this many days."""

LEAD_SPARE = 2
"""Maps measured before the first day, beyond one for each of `hold_days`: some days have no new map."""

BAND = "over the place and by rule"
SECONDS_PER_DAY = 86400.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What one map says of a place. Widths in km: None is open or not to be had (`rung` tells), 0 cut off.

    `low_km` and `high_km` are the band of the neck: over the spots of the place and the rules that the map allows, or
    the 90 % interval of a posterior. `enclosure` is at 5, 10 and 20 km; empty once the place is taken.
    """

    rung: Rung
    neck_km: float | None
    low_km: float | None
    high_km: float | None
    robust_km: float | None
    second_exit_km: float | None
    pocket_km2: float | None
    pocket_low_km2: float | None
    pocket_high_km2: float | None
    enclosure: tuple[float, ...]
    free_arc_deg: tuple[float, ...]
    footprint_free: float

    def rungs(self, ladder: Ladder) -> tuple[Rung, ...]:
        """The rung of the map, and those that its band reaches, from open down."""
        found = {self.rung}
        if self.low_km is not None and self.rung is not Rung.TAKEN:
            found |= {ladder.rung(self.low_km), Rung.OPEN if self.high_km is None else ladder.rung(self.high_km)}
        return tuple(rung for rung in RUNGS if rung in found)


@dataclass(frozen=True, slots=True)
class Point:
    """A day of a series: the map it was read from (None: there was none), and the rung to state on that day.

    `confirmed` is False where earlier maps could have let another rung be stated: near the beginning of the data.
    """

    date: datetime
    map_date: datetime | None
    measured: Measured | None
    stated: Rung | None
    confirmed: bool = True

    @property
    def age_days(self) -> float | None:
        """How much older the map is than the day."""
        return None if self.map_date is None else (self.date - self.map_date).total_seconds() / SECONDS_PER_DAY

    @property
    def own(self) -> bool:
        """Whether the day has a map of its own."""
        return self.map_date is not None and self.map_date == self.date


@dataclass(frozen=True, slots=True)
class Series:
    """One mapper's points in order of time; `runs` are stretches of maps without a gap, as numbers of points.

    `band` says in words what the band is, `ladder` what the words for rungs mean.
    """

    name: str
    points: tuple[Point, ...]
    runs: tuple[tuple[int, ...], ...]
    band: str = BAND
    ladder: Ladder = field(default_factory=Ladder)


def measure(
    enemy_km: BaseGeometry, grey_km: BaseGeometry | None, land_km: BaseGeometry | None, place: Disc
) -> Measured:
    """What one map says of a place: to the enemy's held edge, the band widened by the rule "held or grey"."""
    from isofront.front.place_corridor import corridor

    plain = corridor(enemy_km, land_km, place)
    wider = None if grey_km is None or grey_km.is_empty else corridor(shapely.union(enemy_km, grey_km), land_km, place)
    both = [plain] if wider is None else [plain, wider]
    pockets = [one.neck.pocket_km2 for one in both if one.neck.pocket_km2 is not None]
    return Measured(
        rung=plain.rung,
        neck_km=plain.neck_km,
        low_km=_low(both),
        high_km=_high(both),
        robust_km=plain.robust_neck_km,
        second_exit_km=plain.neck.second_exit_km,
        pocket_km2=plain.neck.pocket_km2,
        pocket_low_km2=min(pockets, default=None),
        pocket_high_km2=max(pockets, default=None),
        enclosure=tuple(ring.blocked for ring in plain.enclosure),
        free_arc_deg=tuple(ring.largest_free_arc_deg for ring in plain.enclosure),
        footprint_free=plain.footprint_free,
    )


def _low(found: Sequence[Corridor]) -> float | None:
    """The least width of any spot by any rule; a place that a rule calls taken has none by it."""
    return min((one.neck_min_km for one in found if one.neck_min_km is not None), default=None)


def _high(found: Sequence[Corridor]) -> float | None:
    """The greatest width; None where any is open."""
    free = [one for one in found if one.neck_min_km is not None or one.rung is not Rung.TAKEN]
    widths = [one.neck_max_km for one in free]
    known = [width for width in widths if width is not None]
    return max(known) if known and len(known) == len(widths) else None


def series_of(
    name: str,
    days: Sequence[datetime],
    map_dates: Sequence[datetime],
    measured: Sequence[Measured],
    *,
    max_age_days: float = MAX_AGE_DAYS,
    ladder: Ladder | None = None,
    lead: int = 0,
) -> Series:
    """The points of some days from maps and what each says, both in order of time.

    The first `lead` maps come before all days: they settle which rung to state, and are no part of the runs.
    """
    chosen = [newest_before(map_dates, day, max_age_days) for day in days]
    hold = (ladder or Ladder()).hold_days
    rungs = [one.rung for one in measured]
    stated, sure = held_rungs(map_dates, rungs, hold), settled_rungs(map_dates, rungs, hold)
    points = tuple(
        Point(day, None, None, None) if k is None else Point(day, map_dates[k], measured[k], stated[k], sure[k])
        for day, k in zip(days, chosen, strict=True)
    )
    return Series(name, points, runs_of(points, map_dates[lead:]), ladder=ladder or Ladder())


def lead_maps(hold_days: float | int) -> int:
    """How many earlier maps to measure, so that the rung of the first day does not depend on where a series starts."""
    return math.ceil(hold_days) + LEAD_SPARE


def newest_before(map_dates: Sequence[datetime], day: datetime, max_age_days: float) -> int | None:
    """The number of the newest map of a day or before; None if there is none, or it is too old."""
    k = bisect_right(map_dates, day) - 1
    if k < 0 or day - map_dates[k] > timedelta(days=max_age_days):
        return None
    return k


def runs_of(points: Sequence[Point], map_dates: Sequence[datetime]) -> tuple[tuple[int, ...], ...]:
    """Points that show a map for the first time, cut into runs where two maps lie too far apart."""
    shown: dict[datetime, int] = {}
    for number, point in enumerate(points):
        if point.map_date is not None:
            shown.setdefault(point.map_date, number)
    dates = sorted(shown)
    if not dates:
        return ()
    longest = gap_days(map_dates)
    runs = [[shown[dates[0]]]]
    for before, after in pairwise(dates):
        if (after - before).total_seconds() / SECONDS_PER_DAY > longest:
            runs.append([])
        runs[-1].append(shown[after])
    return tuple(tuple(run) for run in runs)


def gap_days(map_dates: Sequence[datetime]) -> float:
    """Two maps farther apart than this leave a gap: well beyond the mapper's usual distance of days."""
    if len(map_dates) < 2:
        return LEAST_GAP_DAYS
    steps = np.diff([date.timestamp() for date in map_dates]) / SECONDS_PER_DAY
    return max(LEAST_GAP_DAYS, GAP_TIMES * float(np.median(steps)))
