"""An editor's word as evidence: spots about a kilometre apart in a polygon, with a likelihood of their own.

At each spot the line is said to lie on the stated side (`Table.with_statements`), whatever footage tables say. A
statement of grey says that the side whose edge is drawn does not hold the ground and is there. It is said anew every
week until it ends, or until somebody decides, and counts under one id like any report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float
from isofront.control.items import Batch
from isofront.control.weigh import STATED, STATED_GREY
from isofront.ground.grid import Grid

STEP_KM = 1.0
MOST_SPOTS = 60
"""In a large polygon the spots stand farther apart, for more would not say more."""
EVERY_DAYS = 7.0


@dataclass(frozen=True, slots=True)
class Statement:
    """Ground (km) that an editor says is held by side 0 or 1, or grey (None), from a day to a day since the anchor.

    `known_day` is when it became known; `weight` how much it counts beside one good report a spot.
    """

    id: str
    ground: BaseGeometry
    side: int | None
    first_day: float
    last_day: float
    known_day: float
    weight: float = 1.0


def stated(statements: Sequence[Statement], *, grid: Grid, drawn: int) -> Batch:
    """Statements as items for the model, in the order given; `drawn` is the side whose edge the anchor draws."""
    parts = [_items(one, grid=grid, drawn=drawn) for one in statements]
    return Batch(
        tuple(name for part in parts for name in part.ids),
        np.concatenate([part.at_km for part in parts]) if parts else np.zeros((0, 2)),
        *(
            np.concatenate([getattr(part, name) for part in parts]) if parts else np.zeros(0, kind)
            for name, kind in _COLUMNS
        ),
    )


_COLUMNS = (("happened_days", float), ("known_days", float), ("category", np.int64), ("weight", float),
            ("error_km", float), ("stays", float))  # fmt: skip


def _items(one: Statement, *, grid: Grid, drawn: int) -> Batch:
    spots = spots_in(one.ground, within=grid)
    days = np.arange(one.first_day, max(one.last_day, one.first_day) + 1e-9, EVERY_DAYS)
    category = STATED[one.side] if one.side is not None else STATED_GREY[drawn]
    n = len(spots) * len(days)
    return Batch(
        (one.id,) * n,
        np.tile(spots, (len(days), 1)),
        np.repeat(days, len(spots)),
        np.full(n, one.known_day),
        np.full(n, category, np.int64),
        np.full(n, float(one.weight)),
        np.zeros(n),
        np.ones(n),
    )


def spots_in(ground: BaseGeometry, *, within: Grid) -> Float[np.ndarray, "n 2"]:
    """Spots on whole steps inside ground (km), or a spot inside each part if it holds none; all on the grid."""
    box = shapely.box(*within.box_km)
    inside = shapely.intersection(ground, box)
    if inside.is_empty:
        return np.zeros((0, 2))
    step = max(STEP_KM, float(np.sqrt(inside.area / MOST_SPOTS)))
    west, south, east, north = inside.bounds
    x, y = np.meshgrid(
        np.arange(np.ceil(west / step), np.floor(east / step) + 1) * step,
        np.arange(np.ceil(south / step), np.floor(north / step) + 1) * step,
    )
    spots = np.column_stack([x.ravel(), y.ravel()])
    shapely.prepare(inside)
    spots = spots[shapely.contains_xy(inside, spots[:, 0], spots[:, 1])]
    if len(spots) == 0:
        spots = shapely.get_coordinates(shapely.point_on_surface(shapely.get_parts(inside)))
    return np.asarray(spots)
