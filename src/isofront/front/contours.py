"""Smooth polygons and lines from gridded numbers: a probability is contoured as its probit, nearly a distance.

The probability of lying inside a fuzzy edge falls like a normal curve across it, so its probit is nearly linear there
and straight interpolation between cell centres finds the edge without stair-steps. New vertices lie on whole metres.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float, Int
from isofront.ground.grid import Grid

LEAST_P = 1e-4
METRE_DIGITS = 3
"""Decimals of a kilometre that new vertices keep: far below a cell, above the 1e-6° rounding of files."""


def probit(p: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """The normal quantile of p to the nearest 1e-4, within [1e-4, 1 - 1e-4]: 0 at even odds."""
    steps = np.rint(np.asarray(p) * round(1 / LEAST_P)).astype(np.int64)
    return np.asarray(_quantiles()[np.clip(steps, 1, round(1 / LEAST_P) - 1)])


@lru_cache(maxsize=1)
def _quantiles() -> Float[np.ndarray, " n"]:
    """The normal quantile of every multiple of 1e-4, exactly odd about even odds."""
    from scipy.special import ndtri

    table = ndtri(np.clip(np.linspace(0, 1, round(1 / LEAST_P) + 1), LEAST_P, 1 - LEAST_P))
    return np.asarray((table - table[::-1]) / 2)


def region_between(
    grid: Grid, values: Float[np.ndarray, "ny nx"], low: float = 0.0, high: float = np.inf
) -> BaseGeometry:
    """Where low <= value < high, as valid polygons (km) that reach the grid's outer edge."""
    from contourpy import FillType

    points, offsets = _generator(grid, values, fill_type=FillType.OuterOffset).filled(low, high)
    return areas_of([_on_metres(one) for one in points], offsets)


def areas_of(points: Sequence[Any], offsets: Sequence[Any]) -> BaseGeometry:
    """Filled contours as valid polygons: of each its rings laid end to end, and where each ring begins."""
    polygons = [polygon_of(np.asarray(one), np.asarray(cuts, int)) for one, cuts in zip(points, offsets, strict=True)]
    whole = shapely.MultiPolygon(polygons)  # `multipolygons` refuses an empty list
    if shapely.is_valid(whole):
        return whole
    valid = shapely.make_valid(np.array(polygons, dtype=object), method="structure", keep_collapsed=False)
    return polygons_only(shapely.union_all(valid))


def polygon_of(points: Float[np.ndarray, "n 2"], cuts: Int[np.ndarray, " m"]) -> BaseGeometry:
    """A polygon from its rings laid end to end, shell first; ring k runs from `cuts[k]` up to `cuts[k + 1]`."""
    shell, *holes = (points[start:stop] for start, stop in pairwise(cuts.tolist()))
    return shapely.Polygon(shell, holes)


def level_lines(grid: Grid, values: Float[np.ndarray, "ny nx"], level: float = 0.0) -> BaseGeometry:
    """The line where the values cross a level, km."""
    from contourpy import LineType

    found = [np.asarray(line, float) for line in _generator(grid, values, line_type=LineType.Separate).lines(level)]
    return shapely.MultiLineString([_on_metres(line) for line in found if len(line) > 1])


def within_frame(geometry: BaseGeometry, frame: BaseGeometry) -> BaseGeometry:
    """Polygons clipped at the frame; what is left of points and lines where they touch is dropped."""
    return polygons_only(shapely.intersection(geometry, frame))


def polygons_only(geometry: BaseGeometry) -> BaseGeometry:
    """The polygons of a geometry as one multipolygon."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


def without_small_parts(polygons: BaseGeometry, *, least_km2: float) -> BaseGeometry:
    """The parts of at least an area, km²."""
    parts = shapely.get_parts(polygons_only(polygons))
    return shapely.multipolygons(parts[shapely.area(parts) >= least_km2])


def _generator(grid: Grid, values: Float[np.ndarray, "ny nx"], **how: Any) -> Any:
    """A contour generator over cell centres and, beyond them, the grid's outer edge, where the last value goes on."""
    from contourpy import contour_generator

    west, south, east, north = grid.box_km
    x = np.concatenate([[west], grid.east_km, [east]])
    y = np.concatenate([[south], grid.north_km, [north]])
    return contour_generator(x, y, np.pad(np.asarray(values, float), 1, mode="edge"), **how)


def _on_metres(points: Float[np.ndarray, "n 2"]) -> Float[np.ndarray, "n 2"]:
    return np.round(points, METRE_DIGITS)
