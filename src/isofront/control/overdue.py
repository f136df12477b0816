"""Ground at the front that nobody looked at for longer than the review period: a list for people, never a change.

Of such ground an analyst wants what another look could settle: what is *unobserved*, where silence tells nothing, and
what is *undecided*, where neither side is sure to hold it. Ground well watched and silent is neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.ndimage import distance_transform_edt, label
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Bool, Float
from isofront.control.field import Field
from isofront.ground.distance_field import inside_cells
from isofront.theatre.model import Settlement

SURE = 0.98
"""Ground that neither side holds with this probability is at the front, and what lies within `NEAR_KM` of it."""
NEAR_KM = 3.0
BLIND = 0.5
"""Ground unobserved to this degree or more: who moved there would more likely than not have been missed."""
UNDECIDED = 0.8
"""Ground that neither side holds with this probability is undecided."""
LEAST_KM2 = 4.0
MOST_AREAS = 50


def needs_a_look(
    field: Field, *, frame: BaseGeometry, settlements: Sequence[Settlement], review_days: float | int
) -> dict[str, Any]:
    """What `summary.json` says of it: settlements and areas at the front, with days since the last look (null: none).

    Only within the frame (km): past the bounds, and at sea, nobody is asked to look. Nothing changes hands by being
    overdue.
    """
    if field.last_look_days is None:
        return {"review_days": review_days, "area_km2": 0.0, "settlements": [], "areas": []}
    age = field.last_look_days.astype(float)
    front = _front(field) & inside_cells(field.grid, frame)
    late = front & (age > review_days) & (_blind(field) | _undecided(field))
    return {
        "review_days": review_days,
        "area_km2": round(float(late.sum()) * field.grid.cell_km**2, 3),
        "settlements": _settlements(field, settlements, late, age),
        "areas": _areas(field, late, age),
    }


def _front(field: Field) -> Bool[np.ndarray, "ny nx"]:
    unsure = field.p_held.max(axis=0) < SURE
    if not unsure.any():
        return np.asarray(unsure)
    return np.asarray(distance_transform_edt(~unsure) * field.grid.cell_km <= NEAR_KM)


def _blind(field: Field) -> Bool[np.ndarray, "ny nx"]:
    return np.asarray(field.unobserved >= BLIND)


def _undecided(field: Field) -> Bool[np.ndarray, "ny nx"]:
    return np.asarray(field.p_held.max(axis=0) < UNDECIDED)


def _because(field: Field, cell: tuple[int, int]) -> list[str]:
    """Why a cell is asked about."""
    reasons = {"unobserved": _blind(field)[cell], "undecided": _undecided(field)[cell]}
    return [name for name, holds in reasons.items() if holds]


def _settlements(
    field: Field, settlements: Sequence[Settlement], late: Bool[np.ndarray, "ny nx"], age: Float[np.ndarray, "ny nx"]
) -> list[Mapping[str, Any]]:
    found = []
    for one in settlements:
        cell = field.grid.cell_of(*field.grid.to_km(*one.at))
        if cell is not None and late[cell]:
            found.append({"name": one.name, "days": _days(age[cell]), "because": _because(field, cell)})
    return sorted(found, key=_longest_first)


def _areas(field: Field, late: Bool[np.ndarray, "ny nx"], age: Float[np.ndarray, "ny nx"]) -> list[Mapping[str, Any]]:
    """Connected ground, the largest first, each by a spot of its own near its middle."""
    parts, n = label(late)
    size = np.bincount(parts.ravel(), minlength=n + 1)[1:] * field.grid.cell_km**2
    largest = [k for k in np.argsort(-size, kind="stable") if size[k] >= LEAST_KM2][:MOST_AREAS]
    return [_area(field, np.argwhere(parts == k + 1), age, float(size[k])) for k in largest]


def _area(field: Field, cells: np.ndarray, age: Float[np.ndarray, "ny nx"], km2: float) -> dict[str, Any]:
    row, column = cells[np.argmin(((cells - cells.mean(axis=0)) ** 2).sum(axis=1))]
    lon, lat = field.grid.to_lonlat(float(field.grid.east_km[column]), float(field.grid.north_km[row]))
    days = _days(age[cells[:, 0], cells[:, 1]].min())
    because = _because(field, (int(row), int(column)))
    return {"lon": round(lon, 3), "lat": round(lat, 3), "km2": round(km2, 3), "days": days, "because": because}


def _days(age: float | np.floating[Any]) -> float | None:
    return round(float(age), 1) if np.isfinite(age) else None


def _longest_first(one: Mapping[str, Any]) -> tuple[float, str]:
    return (-np.inf if one["days"] is None else -one["days"], one["name"])
