"""Interdicted ground and the roads near the front of one date as the page reads them: few, joined features.

The GeoJSON files keep every cell with its rates and every road with its name; the page draws, so it joins cells of a
like level and roads of a like nearness.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Bool
from isofront.control.interdicted import LEVEL_WORDS, Interdicted
from isofront.front.exposed import Exposed
from isofront.publish.feature import Feature
from isofront.publish.geojson import feature_record
from isofront.publish.lonlat import in_lonlat, only
from isofront.publish.road_layers import cell_box
from isofront.publish.sheet import Sheet

NEAR_STEPS_KM = (0.0, 3.0, 5.0, 15.0)
"""Roads are drawn in steps of nearness, as in the picture; those farther than the last are left out."""

TOLERANCE_KM = 0.02
"""Roads may stray so far from their course: less than the width of their line at the nearest zoom."""


def page_interdicted(sheet: Sheet, *, digits: int) -> dict[str, Any]:
    """Each side's interdicted ground by `level` (1 seldom to 3 often), and as level 0 where nobody looked."""
    field = sheet.interdicted
    return _collection(sheet, [] if field is None else [*_levels(field), *_unseen(field)], digits=digits)


def page_routes(sheet: Sheet, *, digits: int) -> dict[str, Any]:
    """The roads near the other side's held ground, one feature a step (`within_km`), the farther ones first."""
    return _collection(sheet, [] if sheet.exposed is None else _steps(sheet.exposed), digits=digits)


def _levels(field: Interdicted) -> list[Feature]:
    return [
        Feature(_joined(field, field.level[s] == level), {"side": side, "level": level})
        for s, side in enumerate(field.sides)
        for level in range(1, len(LEVEL_WORDS))
    ]


def _unseen(field: Interdicted) -> list[Feature]:
    return [Feature(_joined(field, field.unobserved), {"side": None, "level": 0})]


def _joined(field: Interdicted, chosen: Bool[np.ndarray, "ny nx"]) -> BaseGeometry:
    return shapely.union_all([cell_box(field, row, column) for row, column in np.argwhere(chosen).tolist()])


def _steps(roads: Exposed) -> list[Feature]:
    return [
        Feature(_near(roads, low, limit), {"within_km": limit})
        for low, limit in reversed(list(pairwise(NEAR_STEPS_KM)))
    ]


def _near(roads: Exposed, low: float, limit: float) -> BaseGeometry:
    near = [one.geometry for one in roads.stretches if one.within_km is not None and low < one.within_km <= limit]
    lines = shapely.MultiLineString(list(shapely.get_parts(near))) if near else shapely.MultiLineString()
    return shapely.simplify(shapely.line_merge(lines), TOLERANCE_KM)


def _collection(sheet: Sheet, features: list[Feature], *, digits: int) -> dict[str, Any]:
    drawn = [one for one in features if not one.geometry.is_empty]
    placed = [Feature(_placed(sheet, one.geometry, digits), one.properties) for one in drawn]
    records = [feature_record(one) for one in placed if not one.geometry.is_empty]
    return {"type": "FeatureCollection", "features": records}


def _placed(sheet: Sheet, shape: BaseGeometry, digits: int) -> BaseGeometry:
    """In degrees and inside the theatre's bounds, where the page's drawing ends."""
    degrees = in_lonlat(shape, crs=sheet.field.grid.crs, digits=digits)
    inside = shapely.intersection(degrees, shapely.box(*sheet.theatre.bounds), grid_size=10.0**-digits)
    return only(inside, dimension=int(shapely.get_dimensions(shape)))
