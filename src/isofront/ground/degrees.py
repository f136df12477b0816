"""Degrees as metres and ways, where a projection would be too much: short distances, errors of written coordinates."""

from __future__ import annotations

import math

M_PER_DEGREE = 111_320.0
"""Metres in a degree of latitude, and of longitude at the equator; within 0.7 % everywhere."""
KM_PER_DEGREE = M_PER_DEGREE / 1000


def apart_m(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Distance in metres on a sphere flattened at the mean latitude; good to 1 % below 50 km."""
    return math.hypot(*way_m(lon, lat, other_lon, other_lat))


def way_m(lon: float, lat: float, other_lon: float, other_lat: float) -> tuple[float, float]:
    """How far east and north (m) a spot lies of another, as `apart_m` has it."""
    east = (lon - other_lon) * math.cos(math.radians((lat + other_lat) / 2))
    return east * M_PER_DEGREE, (lat - other_lat) * M_PER_DEGREE


def eighth(east: float, north: float) -> int:
    """Which eighth of the compass a way leads to: 0 is north, 1 north-east, on to 7, north-west."""
    return round(math.degrees(math.atan2(east, north)) / 45) % 8
