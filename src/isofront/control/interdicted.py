"""Interdicted ground: how often movement of a side was seen to be struck, and by what; and where nobody looked.

A layer of its own: it says nothing of who holds, and nothing of where a strike came from. Each observed strike on
movement counts once (of reports of one strike only the best placed) and is spread by a normal curve as wide as its
place is unsure, so that

    rate(cell) = sum over strikes of P(it happened in the cell) · share of its time in the window, per week and 25 km²

Whether anybody looked is judged by reports of any kind: where fewer than one look fell on 25 km² in the window, a low
rate means nothing; such cells are unobserved, not safe.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

import numpy as np
from scipy.special import ndtr

from isofront.arrays import Bool, Float
from isofront.errors import IsofrontError
from isofront.evidence.report import Kind, LocationOf, Means, Posture, Report
from isofront.ground.grid import Bounds, Grid, to_km

WINDOW_DAYS = 28.0
CELL_KM = 3.0
LEAST_CELL_KM, MOST_CELL_KM = 2.0, 5.0
SPREAD_KM = 2.0
"""Every strike is spread at least so far (one standard deviation): a road is struck along its length."""

LOOK_KM = 4.0
"""A report tells that somebody looked so far round its spot (one standard deviation)."""

LEAST_LOOKS = 1.0
PER_KM2 = 25.0
COARSE_M = 5000.0
"""Strikes placed worse than this are left out."""

LEVELS = (0.1, 0.5, 2.0)
"""Strikes a week on 25 km² from which ground is interdicted seldom, at times, often."""

LEVEL_WORDS = ("none seen", "seldom", "at times", "often")
PUBLIC_DELAY = timedelta(days=7)
_STILL = re.compile(
    r"position|trench|dugout|shelter|bunker|building|house|depot|post|antenna|gun|howitzer|mortar|in flight|bridge"
)


class Arm(Enum):
    """By what: the means of a strike, coarsely."""

    DRONE = "drone"
    ARTILLERY = "artillery"
    BOMB = "bomb"
    OTHER = "other"


_ARMS = {
    Means.FPV: Arm.DRONE,
    Means.BOMBER_DRONE: Arm.DRONE,
    Means.ARTILLERY: Arm.ARTILLERY,
    Means.GLIDE_BOMB: Arm.BOMB,
}


@dataclass(frozen=True, eq=False)
class Interdicted:
    """Strikes on each side's movement a week on 25 km², in coarse cells, all and by means; and where nobody looked.

    `rate[s]` is of strikes on the movement of `sides[s]`.
    """

    grid: Grid
    sides: tuple[str, str]
    as_of: datetime
    window_days: float
    rate: Float[np.ndarray, "2 ny nx"]
    by_arm: Mapping[Arm, Float[np.ndarray, "2 ny nx"]]
    looks: Float[np.ndarray, "ny nx"]

    @property
    def unobserved(self) -> Bool[np.ndarray, "ny nx"]:
        """Cells in which hardly anybody looked."""
        return np.asarray(self.looks < LEAST_LOOKS, bool)

    @property
    def level(self) -> Float[np.ndarray, "2 ny nx"]:
        """0 none seen, 1 seldom, 2 at times, 3 often; NaN where nobody looked and nothing was seen."""
        found = np.digitize(self.rate, LEVELS).astype(float)
        return np.where((found == 0) & self.unobserved, np.nan, found)


def interdicted(
    reports: Iterable[Report],
    *,
    sides: tuple[str, str],
    bounds: Bounds,
    crs: str,
    as_of: datetime,
    cell_km: float = CELL_KM,
    window_days: float = WINDOW_DAYS,
) -> Interdicted:
    """The layer of one day from the reports known by then.

    Raises:
        ValueError: the cells are not 2 to 5 km wide.
    """
    if not LEAST_CELL_KM <= cell_km <= MOST_CELL_KM:
        raise ValueError(f"cells of {cell_km:g} km, wanted {LEAST_CELL_KM:g} to {MOST_CELL_KM:g}")
    grid = Grid.covering(bounds, crs=crs, cell_m=cell_km * 1000)
    window = (as_of - timedelta(days=window_days), as_of)
    recent = [one for one in reports if _share(one, window) > 0]
    moving = _once([one for one in recent if is_struck_movement(one)])
    struck = [[one for one in moving if one.seen == side] for side in sides]
    scale = 7.0 / window_days * PER_KM2 / cell_km**2
    by_arm = {
        arm: scale * np.stack([_spread(grid, [one for one in some if arm_of(one) is arm], window) for some in struck])
        for arm in Arm
    }
    return Interdicted(
        grid,
        sides,
        as_of,
        window_days,
        np.sum(list(by_arm.values()), axis=0),
        by_arm,
        PER_KM2 / cell_km**2 * _spread(grid, _once(recent), window, least_km=LOOK_KM),
    )


def is_struck_movement(report: Report) -> bool:
    """Whether a report shows a strike on something that moved, or does not tell what it did; wrecks are no movement."""
    if report.kind is not Kind.STRIKE or report.location_of is LocationOf.CAMERA or report.error_m > COARSE_M:
        return False
    if report.posture is not None:
        return report.posture is Posture.MOVING
    return not _STILL.search((report.target or "").casefold())


def arm_of(report: Report) -> Arm:
    """By what a strike was made."""
    return _ARMS.get(report.means or Means.UNKNOWN, Arm.OTHER)


def _once(reports: Sequence[Report]) -> list[Report]:
    """Of reports that tell of one thing only the best placed."""
    best: dict[str, Report] = {}
    for one in sorted(reports, key=lambda report: (report.error_m, report.id)):
        best.setdefault(one.group or one.id, one)
    return sorted(best.values(), key=lambda report: report.id)


def _share(report: Report, window: tuple[datetime, datetime]) -> float:
    """How much of the time in which it happened falls into the window."""
    start, end = report.happened.start, report.happened.end
    if end <= start:
        return float(window[0] < start <= window[1])
    both = min(end, window[1]) - max(start, window[0])
    return max(both / (end - start), 0.0)


def _spread(
    grid: Grid, reports: Sequence[Report], window: tuple[datetime, datetime], *, least_km: float = SPREAD_KM
) -> Float[np.ndarray, "ny nx"]:
    """How many of some reports fell into each cell, each spread by a normal curve."""
    if not reports:
        return np.zeros(grid.shape)
    lon, lat, error_m = np.array([(one.lon, one.lat, one.error_m) for one in reports], float).T
    east, north = to_km(lon, lat, crs=grid.crs)
    spread = np.hypot(least_km, error_m / 1000)
    weight = np.array([_share(one, window) for one in reports])
    seen = np.isfinite(east) & np.isfinite(north)
    across = _masses(grid.east_km, grid.cell_km, east[seen], spread[seen])
    up = _masses(grid.north_km, grid.cell_km, north[seen], spread[seen])
    return np.asarray(np.einsum("n,ny,nx->yx", weight[seen], up, across))  # not by BLAS, whose sums hang on its threads


def _masses(
    centre_km: Float[np.ndarray, " k"], cell_km: float, at: Float[np.ndarray, " n"], spread: Float[np.ndarray, " n"]
) -> Float[np.ndarray, "n k"]:
    """The share of each normal curve that falls on each interval of an axis."""
    edges = np.append(centre_km - cell_km / 2, centre_km[-1] + cell_km / 2)
    return np.asarray(np.diff(ndtr((edges[None, :] - at[:, None]) / spread[:, None]), axis=1))


def public_interdicted(
    field: Interdicted, *, today: datetime, protected_sides: Sequence[str] = ()
) -> dict[str, Float[np.ndarray, "ny nx"]]:
    """The levels that may be shown publicly, by the side struck: at least a week old, no protected side, no means.

    Raises:
        IsofrontError: the layer is younger than `PUBLIC_DELAY`.
    """
    if today - field.as_of < PUBLIC_DELAY:
        raise IsofrontError(
            f"interdicted: as of {field.as_of:%Y-%m-%d}, wanted at least {PUBLIC_DELAY.days} days before publication"
        )
    return {side: field.level[k] for k, side in enumerate(field.sides) if side not in protected_sides}
