"""Ground where the model is out of its range: its polygons, and each stretch in words for layers and summary."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.control.field import Stretch
from isofront.publish.feature import Feature
from isofront.publish.lonlat import in_lonlat, only
from isofront.publish.sheet import Sheet

FEW_KM = 1.0
"""From a settlement's centre this near, the stretch is said to be at it, else near it."""
VERY_STRONG, STRONG = 20.0, 12.0
"""Log-likelihood ratios from which the evidence against the model is called very strong, and strong."""


def marked_km(sheet: Sheet, stretch: Stretch) -> BaseGeometry:
    """The ground of one stretch: what lies within its reach of its reports, inside the bounds, km."""
    spots = shapely.multipoints(np.asarray(stretch.spots_km, float).reshape(-1, 2))
    frame = shapely.union_all([area.geometry.envelope for area in sheet.drawing.areas]).envelope
    return only(shapely.intersection(shapely.buffer(spots, stretch.reach_km, quad_segs=8), frame), dimension=2)


def marked_whole_km(sheet: Sheet) -> BaseGeometry:
    """All marked ground of a sheet, km."""
    return shapely.union_all([marked_km(sheet, one) for one in sheet.field.stretches])


def out_of_range_features(sheet: Sheet, digits: int) -> list[Feature]:
    """One polygon a stretch, with its class (moving or detached), side, start, strength and reports; private."""
    made = [
        Feature(
            only(in_lonlat(marked_km(sheet, one), crs=sheet.field.grid.crs, digits=digits), dimension=2),
            {
                "class": _class(one),
                "side": sheet.field.sides[one.side],
                "since": _since(sheet, one),
                "strength": strength_word(one),
                "why": why_words(sheet, one),
                "reports": ", ".join(one.reports),
            },
        )
        for one in sheet.field.stretches
    ]
    return [one for one in made if not one.geometry.is_empty]


def out_of_range_records(sheet: Sheet) -> list[dict[str, Any]]:
    """What `summary.json` says of each stretch, the strongest first."""
    return [_record(sheet, one) for one in sheet.field.stretches]


def _record(sheet: Sheet, stretch: Stretch) -> dict[str, Any]:
    area = marked_km(sheet, stretch)
    lon, lat = sheet.field.grid.to_lonlat(*np.median(np.asarray(stretch.spots_km), axis=0).tolist())
    return {
        "class": _class(stretch),
        "side": sheet.field.sides[stretch.side],
        "place": _place(sheet, lon, lat),
        "lon": float(lon),
        "lat": float(lat),
        "km": _length_km(area),
        "km2": float(area.area),
        "since": _since(sheet, stretch),
        "strength": strength_word(stretch),
        "why": why_words(sheet, stretch),
        "reports": list(stretch.reports),
    }


def why_words(sheet: Sheet, stretch: Stretch) -> str:
    """The reason in a sentence."""
    many = f"{len(stretch.reports)} reports of {stretch.n_sources} sources"
    side = sheet.field.sides[stretch.side]
    where = "far behind the line" if stretch.detached else f"{stretch.past_km:.0f} km past the line at the median"
    return f"{many} since {_since(sheet, stretch)} show {side} {where}, more than the model allows for"


def strength_word(stretch: Stretch) -> str:
    """How much the reports speak against the field, in words."""
    return "very strong" if stretch.strength >= VERY_STRONG else "strong" if stretch.strength >= STRONG else "moderate"


def _class(stretch: Stretch) -> str:
    return "detached" if stretch.detached else "moving"


def _since(sheet: Sheet, stretch: Stretch) -> str:
    return f"{sheet.theatre.anchor.date + timedelta(days=stretch.since_days):%Y-%m-%d}"


def _length_km(area: BaseGeometry) -> float:
    """The longer side of the least box round an area."""
    if area.is_empty:
        return 0.0
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(area))
    return float(np.hypot(*np.diff(corners, axis=0).T).max()) if len(corners) > 2 else 0.0


def _place(sheet: Sheet, lon: float, lat: float) -> str | None:
    """The nearest settlement: at it, or near it."""
    if not sheet.settlements:
        return None
    grid = sheet.field.grid
    here = np.asarray(grid.to_km(lon, lat), float)
    away = [float(np.hypot(*(np.asarray(grid.to_km(*one.settlement.at)) - here))) for one in sheet.settlements]
    nearest = int(np.argmin(away))
    name = sheet.settlements[nearest].settlement.name
    return name if away[nearest] < FEW_KM else f"near {name}"
