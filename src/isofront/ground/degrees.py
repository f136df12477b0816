"""Degrees as metres, where a projection would be too much: short distances, errors of written coordinates."""

from __future__ import annotations

import math

M_PER_DEGREE = 111_320.0
"""Metres in a degree of latitude, and of longitude at the equator; within 0.7 % everywhere."""
KM_PER_DEGREE = M_PER_DEGREE / 1000


def apart_m(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Distance in metres on a sphere flattened at the mean latitude; good to 1 % below 50 km."""
    east = (lon - other_lon) * math.cos(math.radians((lat + other_lat) / 2))
    return math.hypot(east, lat - other_lat) * M_PER_DEGREE
