"""The frame of a map: a box of degrees on the flat map, km."""

from __future__ import annotations

import math

import numpy as np
from shapely.geometry import Polygon

from isofront.ground.grid import Bounds, to_km

STEP_DEG = 0.05
"""How finely edges in lon/lat are cut before projecting: they bend by less than half a metre in between."""


def frame_km(bounds: Bounds, *, crs: str, step_deg: float = STEP_DEG) -> Polygon:
    """The lon/lat box on the flat map, km, its edges cut finely enough to bend as they do there."""
    n_lon = max(1, math.ceil((bounds.east - bounds.west) / step_deg - 1e-9))
    n_lat = max(1, math.ceil((bounds.north - bounds.south) / step_deg - 1e-9))
    lon, lat = np.linspace(bounds.west, bounds.east, n_lon + 1), np.linspace(bounds.south, bounds.north, n_lat + 1)
    ring_lon = np.concatenate([lon[:-1], np.full(n_lat, bounds.east), lon[:0:-1], np.full(n_lat, bounds.west)])
    ring_lat = np.concatenate([np.full(n_lon, bounds.south), lat[:-1], np.full(n_lon, bounds.north), lat[:0:-1]])
    return Polygon(np.column_stack(to_km(ring_lon, ring_lat, crs=crs)))
