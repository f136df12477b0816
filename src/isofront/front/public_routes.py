"""What may be public of lines of communication: how many routes a settlement has, and no road that they take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from isofront.errors import IsofrontError
from isofront.front.routes import COUNTS

PUBLIC_DELAY = timedelta(days=7)
"""Counts younger than this are not public."""

MONTH = (timedelta(days=21), timedelta(days=45))
"""Between the least and the greatest of these two maps are about a month apart."""

PUBLIC_STEP_KM = 5
"""Distances are rounded to this."""


@dataclass(frozen=True, slots=True)
class PlaceRoutes:
    """A settlement with the number of its routes by road (None: it lies in the rear) and km to the other's ground.

    `at_km`, its spot on the flat map, tells it from its namesakes.
    """

    name: str
    side: str
    routes: int | None
    front_km: float
    at_km: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class PublicRoutes:
    """What may be told of a settlement: "0", "1" or "2+" routes, fewer or more than a month ago, rough km to the front.

    `change` is None where nothing is known of a month ago.
    """

    name: str
    as_of: datetime
    routes: str
    change: str | None
    front_km: int
    at_km: tuple[float, float] | None = None


def public_routes(
    now: Sequence[PlaceRoutes],
    before: Sequence[PlaceRoutes],
    *,
    as_of: datetime,
    before_as_of: datetime,
    today: datetime,
) -> tuple[PublicRoutes, ...]:
    """The public form of routes: counts of `as_of`, against those of about a month before it; no road, no way named.

    Raises:
        IsofrontError: it is less than a week old, or the earlier one is not about a month older.
    """
    if today - as_of < PUBLIC_DELAY:
        raise IsofrontError(
            f"routes: as of {as_of:%Y-%m-%d}, wanted at least {PUBLIC_DELAY.days} days before publication"
        )
    if not MONTH[0] <= as_of - before_as_of <= MONTH[1]:
        raise IsofrontError(
            f"routes: compared with {before_as_of:%Y-%m-%d}, wanted about a month before {as_of:%Y-%m-%d}"
        )
    earlier = {(one.name, one.side, one.at_km): one for one in before}
    return tuple(_public(one, earlier.get((one.name, one.side, one.at_km)), as_of) for one in now)


def _public(one: PlaceRoutes, earlier: PlaceRoutes | None, as_of: datetime) -> PublicRoutes:
    few = [min(2 if here.routes is None else here.routes, 2) for here in (one, earlier) if here is not None]
    change = None if earlier is None else ("fewer", "same", "more")[int(np.sign(few[0] - few[1])) + 1]
    front_km = PUBLIC_STEP_KM * round(one.front_km / PUBLIC_STEP_KM)
    return PublicRoutes(one.name, as_of, COUNTS[few[0]], change, front_km, one.at_km)
