"""Ground that the map to start from says nothing of: grey, for the reason that the day's field has there."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.control.field import Field, GreyReason
from isofront.front.anchor import areas_from, reason_name, reason_of
from isofront.front.coverage import faces_of
from isofront.front.reasons import reasons
from isofront.front.shapes import Area, Class

_NOBODY = reason_name(GreyReason.NEITHER_PRESENT)


def told_by(field: Field, areas: tuple[Area, ...], unspoken: BaseGeometry) -> tuple[Area, ...]:
    """The coverage in which unspoken ground that is empty so far is grey for the field's reason, where that is another.

    Somebody seen in the middle of nowhere moves no edge, so that nothing is redrawn there; yet the ground is not empty.
    """
    nobody = [area.geometry for area in areas if area.grey_reason == _NOBODY]
    ground = shapely.intersection(shapely.union_all(nobody), unspoken)
    if ground.is_empty or not _is_told_otherwise(field):
        return areas
    why = reasons(field, ground)
    outline = shapely.coverage_union_all([area.geometry for area in areas])
    faces = faces_of([*(shapely.boundary(area.geometry) for area in areas), why.lines()], outline)
    kind = np.full(len(faces.polygons), 2 + int(GreyReason.NEITHER_PRESENT), np.int64)
    for area in areas:
        shapely.prepare(area.geometry)
        kind[shapely.contains(area.geometry, faces.spots)] = _kind(area, field.sides)
    shapely.prepare(ground)
    empty = (kind == 2 + GreyReason.NEITHER_PRESENT) & shapely.contains(ground, faces.spots)
    kind[empty] = 2 + why.at(faces.spots[empty])
    return areas_from(faces, kind, sides=field.sides)


def _is_told_otherwise(field: Field) -> bool:
    return bool(np.isin(field.grey_reason, (GreyReason.MIXED_PRESENCE, GreyReason.DISPUTED_EVIDENCE)).any())


def _kind(area: Area, sides: tuple[str, str]) -> int:
    """0 and 1: held by that side; 2 + reason: grey."""
    if area.cls is Class.HELD and area.side is not None:
        return sides.index(area.side)
    return 2 + int(reason_of(area))
