"""Where reports lie against the truth of their own day."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import shapely

from isofront.evidence.report import Kind, Report
from isofront.worlds import Course
from isofront.worlds.course import frame_km
from isofront.worlds.scenario import midnight


def placed(reports: list[Report], course: Course) -> dict[tuple[Kind, int | None], np.ndarray]:
    """By kind and role seen: rows of (zone: 0 attacker's, 1 grey, 2 defender's; km from the attacker's edge)."""
    days: dict[object, tuple[object, object, object]] = {}
    rows: dict[tuple[Kind, int | None], list[tuple[int, float]]] = {}
    for report in reports:
        day = report.happened.start.date()
        if day not in days:
            first, second = (course.held(side, midnight(day) + timedelta(hours=12)) for side in course.sides)
            edge = first.boundary.intersection(frame_km(course.grid).buffer(-0.1))
            days[day] = first, second, edge
        first, second, edge = days[day]
        spot = shapely.Point(*course.grid.to_km(report.lon, report.lat))
        inside = first.contains(spot)
        zone = 0 if inside else 2 if second.contains(spot) else 1
        role = None if report.seen is None else course.sides.index(report.seen)
        rows.setdefault((report.kind, role), []).append((zone, spot.distance(edge) * (1 if inside else -1)))
    return {key: np.array(value) for key, value in rows.items()}


def shares(rows: np.ndarray) -> tuple[float, float, float]:
    """Shares in the attacker's ground, in grey, in the defender's ground."""
    return tuple(float((rows[:, 0] == zone).mean()) for zone in range(3))
