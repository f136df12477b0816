"""Areas, changes and statuses in numbers. Areas are planar in the theatre's projection (UTM: within 0.1 %)."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.control.field import Field
from isofront.front.shapes import Area, Class

HELD_FROM = 0.5
"""A side holds a spot from this probability on; where neither does it is grey."""


def area_km2(geometry: BaseGeometry) -> float:
    """Area on the flat map, km²."""
    return float(shapely.area(geometry))


def class_km2(areas: tuple[Area, ...], sides: tuple[str, str]) -> dict[str, float]:
    """Ground of each class, km²: each side's held ground by its id, and "grey"."""
    return {name: sum(area_km2(one.geometry) for one in areas if label(one) == name) for name in (*sides, "grey")}


def changed_km2(before: tuple[Area, ...], after: tuple[Area, ...]) -> dict[str, float]:
    """Ground that changed its class, km², by transition ("ua->ru", "ua->grey" …), sorted; less than 1 m² is none."""
    found: dict[str, float] = {}
    for old in before:
        for new in after:
            if label(old) != label(new) and old.geometry is not new.geometry:
                key = f"{label(old)}->{label(new)}"
                found[key] = found.get(key, 0.0) + area_km2(shapely.intersection(old.geometry, new.geometry))
    return {key: found[key] for key in sorted(found) if found[key] >= 1e-6}


def label(area: Area) -> str:
    """The side that holds an area, or "grey"."""
    return area.side if area.cls is Class.HELD and area.side is not None else "grey"


def status_at(field: Field, east_km: float, north_km: float, radius_km: float) -> tuple[str, float]:
    """A settlement's status by the map's own rule (held from .5 on, else "grey"), and its mean probability there."""
    grid = field.grid
    near_x, near_y = np.abs(grid.east_km - east_km), np.abs(grid.north_km - north_km)
    rows = np.flatnonzero(near_y <= max(radius_km, float(near_y.min())))
    columns = np.flatnonzero(near_x <= max(radius_km, float(near_x.min())))
    box = np.ix_(rows, columns)
    away = np.hypot(near_x[columns][None, :], near_y[rows][:, None])
    disc = away <= max(radius_km, float(away.min()))
    first, grey, second = (float(p[box][disc].mean()) for p in (field.p_held[0], field.p_grey, field.p_held[1]))
    if max(first, second) < HELD_FROM:
        return "grey", grey
    return (f"held_{field.sides[0]}", first) if first >= second else (f"held_{field.sides[1]}", second)
