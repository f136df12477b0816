"""What a theatre's files tell of weather and cover, ready for the observation model of any day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from isofront.arrays import Float
from isofront.control.observing import Conditions, conditions
from isofront.ground.distance_field import inside_cells
from isofront.ground.grid import Grid
from isofront.theatre.cover import Cover, read_cover
from isofront.theatre.model import Settlement, Theatre
from isofront.theatre.weather import SkyDay, read_weather

BEFORE_DAYS = 200
"""So many days before the anchor conditions reach back: farther than any report counts."""


@dataclass(frozen=True)
class Sights:
    """Weather by date, and in cells the share that is built up and under trees (None: nothing is known of cover)."""

    theatre: Theatre
    sky: Mapping[date, SkyDay]
    cover: Float[np.ndarray, "2 ny nx"] | None
    cover_known: bool

    def until(self, as_of: float) -> Conditions:
        """Conditions up to a day (days since the anchor)."""
        _, south, _, north = self.theatre.bounds
        return conditions(
            self.sky,
            latitude=(south + north) / 2,
            anchored=self.theatre.anchor.date.date(),
            days=(-BEFORE_DAYS, max(int(as_of) + 1, 0)),
            cover=self.cover,
            cover_known=self.cover_known,
            look_days=self.theatre.observing.look_days,
            review_days=self.theatre.observing.review_days,
        )


def read_sights(theatre: Theatre, folder: Path, settlements: tuple[Settlement, ...]) -> Sights:
    """The files that `[observing]` names, and the built-up ground of settlements.

    Raises:
        BadInputError: a file cannot be used.
    """
    cover = read_cover(theatre, folder, settlements)
    cells = None if cover is None else _cells(theatre.grid, cover)
    return Sights(theatre, read_weather(theatre, folder), cells, cover is not None and cover.known)


def _cells(grid: Grid, cover: Cover) -> Float[np.ndarray, "2 ny nx"]:
    built = inside_cells(grid, cover.built_up)
    trees = inside_cells(grid, cover.trees) & ~built
    return np.stack([built, trees]).astype(float)
