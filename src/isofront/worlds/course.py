"""The truth of a world: where each side's held ground ends, at every time, and the grey between."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import Protocol, runtime_checkable

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float, Float32
from isofront.front.contours import polygon_of
from isofront.ground.grid import Grid


@runtime_checkable
class Course(Protocol):
    """What a world knows of itself: held ground of either side and the grey between, on the flat map in km."""

    @property
    def sides(self) -> tuple[str, str]:
        """Attacker, defender."""

    @property
    def starts(self) -> date:
        """The first day."""

    @property
    def n_days(self) -> int:
        """How many days it lasts."""

    @property
    def grid(self) -> Grid:
        """The cells on which the truth is kept."""

    def distance_km(self, day: float | int) -> Float32[np.ndarray, "2 ny nx"]:
        """Signed distance to the edge of each side's held ground, positive inside, `day` days after the start."""

    def held(self, side: str, at: datetime) -> BaseGeometry:
        """Ground held by a side at a moment, km."""

    def grey(self, at: datetime) -> BaseGeometry:
        """Ground held by neither, km."""


@dataclass(frozen=True, slots=True)
class Frames:
    """A course kept as signed distances at key days, linear in between.

    Two disjoint areas have distances that sum to at most 0 everywhere; a mean of such pairs has it too, so the
    two sides' held ground stays disjoint at every time between the key days.
    """

    grid: Grid
    sides: tuple[str, str]
    starts: date
    at_days: tuple[float, ...]
    key_distance_km: Float32[np.ndarray, "n 2 ny nx"]

    @property
    def n_days(self) -> int:
        """Whole days from the start to the last key day, both counted."""
        return int(self.at_days[-1]) + 1

    def distance_km(self, day: float | int) -> Float32[np.ndarray, "2 ny nx"]:
        """Signed distance to each side's edge, positive inside; the first and last frame hold beyond the ends."""
        after = int(np.searchsorted(self.at_days, day, side="left"))
        if after in (0, len(self.at_days)):
            return np.asarray(self.key_distance_km[min(after, len(self.at_days) - 1)])
        before = after - 1
        share = np.float32((day - self.at_days[before]) / (self.at_days[after] - self.at_days[before]))
        mixed = (1 - share) * self.key_distance_km[before] + share * self.key_distance_km[after]
        return np.asarray(mixed, dtype=np.float32)

    def held(self, side: str, at: datetime) -> BaseGeometry:
        """Ground held by a side at a moment, km."""
        return area_above(self.distance_km(self.day_of(at))[self.sides.index(side)], self.grid)

    def grey(self, at: datetime) -> BaseGeometry:
        """Ground of the frame held by neither, km."""
        return frame_km(self.grid).difference(shapely.union_all([self.held(side, at) for side in self.sides]))

    def day_of(self, at: datetime) -> float:
        """Days since the start."""
        return (at - datetime.combine(self.starts, time(), UTC)).total_seconds() / 86400


def frame_km(grid: Grid) -> Polygon:
    """The box through the outermost cell centres: the ground a course speaks of."""
    east, north = grid.east_km, grid.north_km
    return shapely.box(east[0], north[0], east[-1], north[-1])


def area_above(distance_km: Float[np.ndarray, "ny nx"], grid: Grid) -> BaseGeometry:
    """The ground where a field is positive, as polygons, km."""
    import contourpy

    maker = contourpy.contour_generator(
        grid.east_km, grid.north_km, distance_km.astype(float), fill_type=contourpy.FillType.OuterOffset
    )
    found: tuple[list[np.ndarray], list[np.ndarray]] = maker.filled(0.0, np.inf)  # type: ignore[assignment]
    points, offsets = found
    parts = [polygon_of(ring, np.asarray(cuts, int)) for ring, cuts in zip(points, offsets, strict=True)]
    return shapely.make_valid(MultiPolygon([part for part in parts if part.area > 0]))


def signed_distance_km(area: BaseGeometry, grid: Grid) -> Float32[np.ndarray, "ny nx"]:
    """Distance of each cell centre to the outline of an area, positive inside, km."""
    east, north = grid.centres_km()
    lines = [shapely.get_coordinates(line) for line in shapely.get_parts(area.boundary)]
    far = distance_to_lines_km(lines, east.astype(np.float32), north.astype(np.float32))
    shapely.prepare(area)
    return np.where(shapely.contains_xy(area, east, north), far, -far).astype(np.float32)


def distance_to_lines_km(
    lines: Iterable[Float[np.ndarray, "_ 2"]],
    east: Float32[np.ndarray, "ny nx"],
    north: Float32[np.ndarray, "ny nx"],
) -> Float32[np.ndarray, "ny nx"]:
    """Distance of every spot to the nearest of some polylines, km."""
    nearest = np.full(east.shape, np.inf, dtype=np.float32)
    for spots in lines:
        for start, end in pairwise(spots):
            np.minimum(nearest, _to_segment_sq(east, north, start, end), out=nearest)
    return np.sqrt(nearest)


def _to_segment_sq(
    east: Float32[np.ndarray, "ny nx"], north: Float32[np.ndarray, "ny nx"], start: np.ndarray, end: np.ndarray
) -> Float32[np.ndarray, "ny nx"]:
    """Squared distance to the segment start-end, km²; plain floats keep the arrays in single precision."""
    along_x, along_y = (float(value) for value in end - start)
    x, y = east - float(start[0]), north - float(start[1])
    share = (x * along_x + y * along_y) / max(along_x**2 + along_y**2, 1e-12)
    np.clip(share, 0, 1, out=share)
    x -= share * along_x
    y -= share * along_y
    return np.asarray(x * x + y * y)


def smoothed(distance_km: Float32[np.ndarray, "ny nx"], *, by_km: float, grid: Grid) -> Float32[np.ndarray, "ny nx"]:
    """The field with corners rounded over `by_km`; linear, so disjoint areas stay disjoint."""
    from scipy.ndimage import gaussian_filter

    return np.asarray(gaussian_filter(distance_km, by_km / grid.cell_km, mode="nearest"), dtype=np.float32)


def frames_of(
    areas: Iterable[tuple[date, BaseGeometry, BaseGeometry]], *, grid: Grid, sides: tuple[str, str], round_km: float
) -> Frames:
    """A course from dated held areas (attacker's, defender's; km), corners rounded over `round_km`."""
    dated = sorted(areas, key=lambda one: one[0])
    starts = dated[0][0]
    fields = [
        [smoothed(signed_distance_km(area, grid), by_km=round_km, grid=grid) for area in (first, second)]
        for _, first, second in dated
    ]
    days = tuple(float((day - starts).days) for day, _, _ in dated)
    return Frames(grid, sides, starts, days, np.asarray(fields, dtype=np.float32))
