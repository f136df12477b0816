"""A second mapper of an invented war: one who draws a single side's ground, more of it, and hears of it later.

A course and a moment in; out comes a map as such a mapper would publish it, GeoJSON, stamped SIMULATED. Two careful
mappers' maps of one war differ by a threshold more than by noise, so this one's edge lies a fixed way farther out.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.ground.grid import to_lonlat
from isofront.worlds.course import Course, area_above, frame_km
from isofront.worlds.truth import LEAST_PART_KM2, SIMPLER_KM

DAY_S = 86400.0


def second_ground(course: Course, at: datetime, *, side: str, farther_km: float, late_days: float) -> BaseGeometry:
    """What the second mapper shows as held by a side at a moment, km: the truth of some days before, and a rim."""
    begun = datetime(course.starts.year, course.starts.month, course.starts.day, tzinfo=at.tzinfo)
    day = (at - timedelta(days=late_days) - begun).total_seconds() / DAY_S
    depth_km = course.distance_km(max(day, 0.0))[course.sides.index(side)] + np.float32(farther_km)
    whole = shapely.simplify(area_above(depth_km, course.grid), SIMPLER_KM).intersection(frame_km(course.grid))
    parts = [one for one in shapely.get_parts(whole) if one.geom_type == "Polygon" and one.area >= LEAST_PART_KM2]
    return shapely.MultiPolygon(parts)


def second_geojson(
    course: Course, at: datetime, *, side: str, farther_km: float = 1.5, late_days: float = 2.0
) -> bytes:
    """What the second mapper publishes: `second_ground` as GeoJSON in degrees. Of other ground it says nothing."""

    def unproject(spots: np.ndarray) -> np.ndarray:
        return np.column_stack(to_lonlat(spots[:, 0], spots[:, 1], crs=course.grid.crs)).round(6)

    ground = second_ground(course, at, side=side, farther_km=farther_km, late_days=late_days)
    words = {"class": "held", "side": side, "date": at.date().isoformat(), "simulated": True}
    shape = json.loads(shapely.to_geojson(shapely.transform(ground, unproject)))
    feature = {"type": "Feature", "properties": words, "geometry": shape}
    document = {"type": "FeatureCollection", "note": "SIMULATED", "features": [feature]}
    return (json.dumps(document, separators=(",", ":")) + "\n").encode()
