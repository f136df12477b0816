"""Lines and areas in a row: checked before anything is built from them, and the spot that stands for them."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

import numpy as np

from isofront.ground.degrees import M_PER_DEGREE

MAX_WKT_CHARS = 100_000
MAX_WKT_DEPTH = 6
FARTHEST = 1e9
"""No degrees, and no metres of a map that somebody took for degrees, are larger; sums of them stay finite."""
_SHAPES = re.compile(r"\s*(SRID=4326;)?\s*(MULTI)?(POINT|LINESTRING|POLYGON)\s*\(.*\)\s*", re.IGNORECASE | re.DOTALL)


class Extent(NamedTuple):
    """A shape as WKT (None for a plain point), a spot on it, and half the diagonal of its box in metres."""

    wkt: str | None
    lon: float
    lat: float
    half_m: float


def read_wkt(text: str) -> Extent:
    """The shape in WKT; raises ValueError where it is none, is nested deeply, or is not finite."""
    if len(text) > MAX_WKT_CHARS:
        raise ValueError(f"{len(text):,} characters of WKT, wanted at most {MAX_WKT_CHARS:,}")
    if _depth(text) > MAX_WKT_DEPTH:
        raise ValueError(f"WKT nested deeper than {MAX_WKT_DEPTH}")
    if not _SHAPES.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is no POINT, LINESTRING or POLYGON (or MULTI) in WKT")
    return _extent(text)


def _depth(text: str) -> int:
    depth = deepest = 0
    for bracket in re.findall(r"[()]", text):
        depth += 1 if bracket == "(" else -1
        deepest = max(deepest, depth)
    return deepest


def _extent(text: str) -> Extent:
    import shapely

    try:
        with np.errstate(all="ignore"):  # of NaN, and of what is too large to be written
            shape = shapely.from_wkt(text.strip())
        if shape is None or shape.is_empty:
            raise ValueError("the shape is empty")
        lon, lat = shape.centroid.x, shape.centroid.y
    except shapely.GEOSException as fault:
        raise ValueError(f"WKT cannot be read ({fault})") from fault
    west, south, east, north = shape.bounds
    if not all(abs(one) < FARTHEST for one in (west, south, east, north, lon, lat)):
        raise ValueError("the shape has a coordinate that is no number")
    half_m = math.hypot((east - west) * math.cos(math.radians((south + north) / 2)), north - south) / 2 * M_PER_DEGREE
    return Extent(None if shape.geom_type == "Point" else text.strip(), lon, lat, half_m)
