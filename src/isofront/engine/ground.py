"""What does not change of a theatre from day to day: its ground, read once, and the models of its days.

A folder in; out come the anchor as areas and as depth, land and places, barriers, what its past taught, and for each
day the model that goes with the barriers that stand then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float
from isofront.control import Anchored, Config, Model
from isofront.control.learned import Learned, learned_from
from isofront.control.redistancing import LIMIT_KM
from isofront.control.sights import Sights, read_sights
from isofront.control.weigh import Table
from isofront.front import Area, anchor_areas, frame_km
from isofront.ground.degrees import eighth
from isofront.ground.distance import Distance, wall
from isofront.ground.distance_field import inner_border_km, signed_distance_km
from isofront.ground.grid import Grid
from isofront.ground.polygons import project_km
from isofront.theatre import AnchorMap, home_of, load, read_anchor, read_covariates, read_land, settlements_of
from isofront.theatre.coast import ground_within
from isofront.theatre.micro import micro_places
from isofront.theatre.model import Settlement, Theatre

MICRO_REACH_KM = 0.5
"""A named place of the user's is said to be where something is if it is no farther."""

Progress = Callable[[str], None]
"""Takes a short phrase: what is being worked on."""


@dataclass(frozen=True)
class Ground:
    """What does not change from day to day: the theatre, its anchor as areas and as depth, its land and places."""

    theatre: Theatre
    folder: Path
    anchor: AnchorMap
    land: BaseGeometry | None
    settlements: tuple[Settlement, ...]

    @cached_property
    def grid(self) -> Grid:
        """The cells."""
        return self.theatre.grid

    @cached_property
    def frame(self) -> BaseGeometry:
        """The bounds on the flat map, km; of them the land, where the theatre names its land."""
        return ground_within(frame_km(self.theatre.box, crs=self.theatre.crs), self.land)

    @cached_property
    def drawn(self) -> int:
        """Whose held ground the anchor's maker draws: the only side with polygons, else the first."""
        sides = {area.side for area in self.anchor.lonlat if area.side is not None}
        return self.theatre.side_ids.index(sides.pop()) if len(sides) == 1 else 0

    @cached_property
    def anchored(self) -> Anchored:
        """The anchor as depth inside side 1's ground, and its grey."""
        held = self.anchor.held.get(self.theatre.side_ids[self.drawn])
        depth = np.full(self.grid.shape, -LIMIT_KM) if held is None else self._depth_km(held)
        grey = None if self.anchor.grey.is_empty else self._depth_km(self.anchor.grey)
        return Anchored(depth if self.drawn == 0 else -depth, self.drawn, grey)

    @cached_property
    def learned(self) -> Learned | None:
        """What the theatre's past taught, if its file names what `learn` wrote."""
        name = self.theatre.engine.learned
        return None if name is None else learned_from(self.folder / name)

    @cached_property
    def lively(self) -> Float[np.ndarray, "ny nx"] | None:
        """How lively the line is to begin with, by what is known of the ground; None where nothing is."""
        wanted = frozenset() if self.learned is None else self.learned.wanted
        if self.learned is None or not wanted & {one.name for one in self.theatre.covariates}:
            return None
        return self.learned.lively(read_covariates(self.theatre, self.folder))

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """The anchor as one coverage of the frame: what is approved until an editor approves another map."""
        return anchor_areas(
            self.anchor.held,
            shapely.difference(self.anchor.grey, self.anchor.unspoken),
            sides=self.theatre.side_ids,
            frame=self.frame,
            holder=self.theatre.anchor.holder if self.anchor.unspoken.is_empty else None,
        )

    @cached_property
    def known(self) -> BaseGeometry:
        """The ground the anchor speaks of (km); its rim is no front. Where both sides' ground is drawn, their union."""
        if len({area.side for area in self.anchor.lonlat if area.side is not None}) < 2:
            return self.anchor.known
        drawn = shapely.union_all(
            [shapely.make_valid(project_km(area.geometry, crs=self.theatre.crs)) for area in self.anchor.lonlat]
        )
        within = shapely.intersection(shapely.make_valid(drawn), self.anchor.known)
        return within if shapely.contains(within, self.frame) else self.anchor.known

    @cached_property
    def sights(self) -> Sights:
        """What decides whether anything could be seen: weather, and cover."""
        return read_sights(self.theatre, self.folder, self.settlements)

    @cached_property
    def micro(self) -> tuple[tuple[BaseGeometry, str], ...]:
        """The user's own named places (km): streets, quarters, mines, heights, tree lines."""
        found = micro_places(self.folder)
        return tuple((project_km(one.shape, crs=self.theatre.crs), one.name) for one in found)

    def micro_place_at(self, spot: BaseGeometry) -> str:
        """The nearest of them within reach, in words; empty if there is none."""
        near = [(float(shapely.distance(shape, spot)), name) for shape, name in self.micro]
        away, name = min(near, default=(np.inf, ""))
        return f"at {name}" if away <= MICRO_REACH_KM else ""

    def _depth_km(self, polygons: BaseGeometry) -> Float[np.ndarray, "ny nx"]:
        border = inner_border_km(polygons, self.known)
        depth = signed_distance_km(self.grid, polygons, border, frame=self.known, limit_km=LIMIT_KM)
        return np.asarray(np.clip(depth, -LIMIT_KM, LIMIT_KM))

    def distance_on(self, day: datetime) -> Distance:
        """How far spots are apart on a day, with the barriers that stand then."""
        standing = [
            wall(
                barrier.line,
                tuple(one.at for one in barrier.crossings if _valid(one.valid_from, one.valid_to, day)),
                permeability=barrier.permeability,
                crs=self.theatre.crs,
            )
            for barrier in self.theatre.barriers
            if _valid(barrier.valid_from, barrier.valid_to, day)
        ]
        return Distance(tuple(standing))


def near(ground: Ground, shape: BaseGeometry) -> str:
    """Where it is in words: the nearest of the user's own places within reach, and the nearest settlement.

    Of a settlement it is told whether it is in it, or else how far off and in which direction.
    """
    spot = shapely.point_on_surface(shape)
    small = ground.micro_place_at(spot)
    found = nearest_settlement(ground, spot)
    if found is None:
        return small
    winds = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")
    name = found.settlement.name
    beside = f"at {name}" if found.km < 1 else f"{found.km:.0f} km {winds[found.wind]} of {name}"
    return f"{small}, {beside}" if small else beside


@dataclass(frozen=True, slots=True)
class Beside:
    """A settlement, how many km a spot lies from it, and to which of the eight winds, clockwise from north."""

    settlement: Settlement
    km: float
    wind: int


def nearest_settlement(ground: Ground, spot: BaseGeometry) -> Beside | None:
    """The settlement nearest to a spot; None in a theatre without any."""
    at = [(*ground.grid.to_km(*one.at), one) for one in ground.settlements]
    found = [(float(np.hypot(spot.x - east, spot.y - north)), one.name, east, north, one) for east, north, one in at]
    if not found:
        return None
    km, _, east, north, one = min(found, key=lambda each: each[:2])
    return Beside(one, km, eighth(spot.x - east, spot.y - north))


def ground_of(folder: Path) -> Ground:
    """Read what does not change of a theatre: its file, its anchor, its land and its places."""
    theatre = load(folder)
    home = home_of(folder)
    anchor = read_anchor(theatre, home)
    return Ground(theatre, home, anchor, read_land(theatre, home), settlements_of(theatre))


def models_of(
    ground: Ground, days: Sequence[datetime], *, config: Config | None = None, progress: Progress | None = None
) -> list[Model]:
    """The model for each day, with what the theatre's past taught; one for all days with the same barriers."""
    settings, tables = _told_to(ground, config or Config())
    models: list[Model] = []
    for distance in map(ground.distance_on, days):
        same = (one for one in models if _same(one.distance, distance))
        models.append(
            next(same, None) or Model(ground.grid, ground.anchored, settings, distance, progress, tables, ground.lively)
        )
    return models


def model_of(ground: Ground, day: datetime, *, progress: Progress | None = None) -> Model:
    """The model of a theatre with the barriers that stand on a day, and what its past taught."""
    return models_of(ground, [day], progress=progress)[0]


def _told_to(ground: Ground, config: Config) -> tuple[Config, tuple[Table, ...]]:
    """The settings and tables in force: with what the theatre's past taught, if it names the file."""
    learned = ground.learned
    return (config, ()) if learned is None else (learned.config(config), learned.tables(ground.theatre.side_ids))


def _valid(first: Any, last: Any, day: datetime) -> bool:
    return (first is None or first <= day.date()) and (last is None or day.date() <= last)


def _same(one: Distance, other: Distance) -> bool:
    return len(one.walls) == len(other.walls) and all(
        a.height_km == b.height_km
        and np.array_equal(a.line_km, b.line_km)
        and np.array_equal(a.crossings_km, b.crossings_km)
        for a, b in zip(one.walls, other.walls, strict=True)
    )
