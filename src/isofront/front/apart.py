"""How far two mappers' drawings of one day lie apart: ground only one of them draws as held, and the way between lines.

A line is the edge of held ground inside a frame, without what runs along the frame: where a file or the country ends
no one stands. Let a, b be spots of the lines A and B, by length. Directed distances are D(A→B) = {min |a − b|} over all
a, and the other way; each of mean, median and 95th percentile is the mean of the two directed ones, so that swapping
the maps changes nothing. Distances are taken *from* spots away from the frame, *to* any spot of the other line.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float
from isofront.ground.distance_field import inner_border_km, segments_km
from isofront.ground.repair import polygonal

STEP_KM = 0.05
"""Lines are followed in steps of at most this length."""

DEEP_KM = 3.0
"""Distances are taken from spots more than this far inside the frame, as scores of maps do."""

DEEP_SHARE = 0.1
"""In a small frame: more than this share of its narrower side."""

BORDER_KM = 1.0
"""A mapper's edge this near to the border of the land is that border, drawn by another hand."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Ground inside a frame that only A, only B, or both draw as held, km."""

    only_a: BaseGeometry
    only_b: BaseGeometry
    both_km2: float

    @property
    def only_a_km2(self) -> float:
        """Held on A alone."""
        return float(shapely.area(self.only_a))

    @property
    def only_b_km2(self) -> float:
        """Held on B alone."""
        return float(shapely.area(self.only_b))

    @property
    def symmetric_km2(self) -> float:
        """Held on one of them alone."""
        return self.only_a_km2 + self.only_b_km2

    @property
    def iou(self) -> float | None:
        """Shared ground over all that either holds; None if neither holds any."""
        either = self.both_km2 + self.symmetric_km2
        return self.both_km2 / either if either else None


@dataclass(frozen=True, slots=True)
class Directed:
    """Distances (km) from the spots of one line to the nearest of the other; `length_km` of line was measured from."""

    mean_km: float
    median_km: float
    p95_km: float
    length_km: float


@dataclass(frozen=True, slots=True)
class Apart:
    """How far two lines lie apart, each way."""

    a_to_b: Directed
    b_to_a: Directed

    @property
    def mean_km(self) -> float:
        """The mean of both directed means."""
        return (self.a_to_b.mean_km + self.b_to_a.mean_km) / 2

    @property
    def median_km(self) -> float:
        """The mean of both directed medians."""
        return (self.a_to_b.median_km + self.b_to_a.median_km) / 2

    @property
    def p95_km(self) -> float:
        """The mean of both directed 95th percentiles."""
        return (self.a_to_b.p95_km + self.b_to_a.p95_km) / 2


def difference(a: BaseGeometry, b: BaseGeometry) -> Difference:
    """What two areas (km, clipped to one frame) do not share."""
    only_a, only_b = polygonal(shapely.difference(a, b)), polygonal(shapely.difference(b, a))
    return Difference(only_a, only_b, float(shapely.area(a) - shapely.area(only_a)))


def line_in(held: BaseGeometry, frame: BaseGeometry, *, land: BaseGeometry | None = None) -> BaseGeometry:
    """The edge of held ground (km, clipped to the frame) without what runs along the frame or the land's border."""
    if held.is_empty:
        return shapely.MultiLineString()
    line = inner_border_km(held, frame)
    if land is None or line.is_empty:
        return line
    spots, _, pieces = _spots(line)
    border = shapely.boundary(land)
    shapely.prepare(border)
    kept = ~shapely.dwithin(border, shapely.points(spots), BORDER_KM)
    return shapely.line_merge(shapely.multilinestrings(pieces[kept]))


def deep_in(frame: BaseGeometry) -> BaseGeometry:
    """The part of a frame that lies far enough from its edge for distances to be taken from there."""
    west, south, east, north = frame.bounds
    return shapely.buffer(frame, -min(DEEP_KM, DEEP_SHARE * min(east - west, north - south)))


def apart(a: BaseGeometry, b: BaseGeometry, deep: BaseGeometry) -> Apart | None:
    """How far two lines lie apart, measured from their spots inside `deep`; None where either has none there."""
    there, back = _directed(a, b, deep), _directed(b, a, deep)
    return None if there is None or back is None else Apart(there, back)


def _directed(a: BaseGeometry, b: BaseGeometry, deep: BaseGeometry) -> Directed | None:
    if a.is_empty or b.is_empty:
        return None
    spots, length, _ = _spots(a)
    shapely.prepare(deep)
    inner = shapely.intersects_xy(deep, spots[:, 0], spots[:, 1])
    if not inner.any():
        return None
    away, weight = nearest_km(spots[inner], b), length[inner]
    median, p95 = weighted_quantiles(away, weight, (0.5, 0.95))
    return Directed(float(np.average(away, weights=weight)), median, p95, float(weight.sum()))


def nearest_km(spots: Float[np.ndarray, "n 2"], line: BaseGeometry) -> Float[np.ndarray, " n"]:
    """Distance (km) from each spot to a line."""
    segments = shapely.linestrings(segments_km(line).reshape(-1, 2, 2))
    _, away = shapely.STRtree(segments).query_nearest(shapely.points(spots), return_distance=True, all_matches=False)
    return np.asarray(away, float)


def weighted_quantiles(
    values: Float[np.ndarray, " n"], weights: Float[np.ndarray, " n"], shares: tuple[float, ...]
) -> tuple[float, ...]:
    """Values below which these shares of the weight lie, linear between the middles of neighbours' weights."""
    order = np.argsort(values)
    ranked, weight = values[order], weights[order]
    at = (np.cumsum(weight) - weight / 2) / weight.sum()
    return tuple(float(one) for one in np.interp(shares, at, ranked))


def _spots(line: BaseGeometry) -> tuple[Float[np.ndarray, "n 2"], Float[np.ndarray, " n"], np.ndarray]:
    """The middles of a line's pieces of at most `STEP_KM`, the length of each, and the pieces."""
    ends = segments_km(shapely.segmentize(line, STEP_KM))
    middles = (ends[:, :2] + ends[:, 2:]) / 2
    length = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
    return middles, length, shapely.linestrings(ends.reshape(-1, 2, 2))
