"""A course at one moment as a map others can read: one coverage of held and grey ground, GeoJSON."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.ground.grid import to_lonlat
from isofront.worlds.course import Course, frame_km

SIMPLER_KM = 0.03
"""How far a drawn edge may leave the computed one."""
LEAST_PART_KM2 = 0.05
"""Parts smaller than this are drawn as grey, holes smaller than this are filled."""


def coverage(course: Course, at: datetime) -> tuple[tuple[str, str | None, BaseGeometry], ...]:
    """(class, side, area in km) for held ground of both sides and grey: no gaps, no overlaps in the frame."""
    frame = frame_km(course.grid)
    held = [_tidy(course.held(side, at)).intersection(frame) for side in course.sides]
    held[1] = held[1].difference(held[0])
    grey = frame.difference(shapely.union_all(held))
    areas = [*zip(("held", "held"), course.sides, held, strict=True), ("grey", None, grey)]
    return tuple((name, side, _polygonal(area)) for name, side, area in areas if not area.is_empty)


def _tidy(area: BaseGeometry) -> BaseGeometry:
    simpler = shapely.simplify(area, SIMPLER_KM)
    parts = [_filled(part) for part in shapely.get_parts(simpler) if part.area >= LEAST_PART_KM2]
    return shapely.union_all(parts)


def _filled(part: BaseGeometry) -> BaseGeometry:
    holes = [ring for ring in part.interiors if shapely.Polygon(ring).area >= LEAST_PART_KM2]
    return shapely.Polygon(part.exterior, holes)


def _polygonal(area: BaseGeometry) -> BaseGeometry:
    parts = [part for part in shapely.get_parts(area) if part.geom_type == "Polygon" and part.area > 0]
    return shapely.MultiPolygon(parts)


def truth_geojson(course: Course, at: datetime) -> bytes:
    """The coverage at a moment in lon/lat (1e-6 degrees), every feature marked simulated, with its class and side."""
    features = [
        {
            "type": "Feature",
            "properties": {"class": name, "side": side, "date": at.date().isoformat(), "simulated": True},
            "geometry": _lonlat(area, course.grid.crs),
        }
        for name, side, area in coverage(course, at)
    ]
    document = {"type": "FeatureCollection", "note": "SIMULATED", "features": features}
    return (json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n").encode("utf-8")


def _lonlat(area: BaseGeometry, crs: str) -> Any:
    def unproject(spots: np.ndarray) -> np.ndarray:
        lon, lat = to_lonlat(spots[:, 0], spots[:, 1], crs=crs)
        return np.column_stack([lon, lat]).round(6)

    return json.loads(shapely.to_geojson(shapely.normalize(shapely.transform(area, unproject))))
