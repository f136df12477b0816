"""Edges, bands and the even-odds line: what is drawn over the areas. An edge that lies on the frame is no front."""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry

from isofront.control.field import Field, GreyReason
from isofront.front.anchor import reason_name
from isofront.front.contours import level_lines, probit, region_between, within_frame, without_small_parts
from isofront.front.levels import held_by
from isofront.front.shapes import Area, Class, Line, Role
from isofront.ground.distance_field import inner_border_km

BAND_Z = 1.6448536269514722
"""The band runs from p = .05 to .95: nine in ten edges drawn from this field would stay inside it."""


def front_lines(field: Field, areas: tuple[Area, ...], frame: BaseGeometry) -> tuple[Line, ...]:
    """The edge and the band of each side, and the even-odds line, all within the frame."""
    edges = [Line(Role.EDGE, side, inner_border_km(held_by(side, areas), frame)) for side in field.sides]
    bands = [Line(Role.BAND, side, _band(field, k, frame)) for k, side in enumerate(field.sides)]
    even = shapely.intersection(level_lines(field.grid, probit(field.control[0])), frame)
    return (*edges, *bands, Line(Role.EVEN_ODDS, None, _lines_only(even)))


def infiltration(field: Field, areas: tuple[Area, ...], frame: BaseGeometry, *, least_km2: float) -> tuple[Area, ...]:
    """Per side, the ground outside its held areas where it is more likely present than not.

    Grey ground of which the areas say that neither side is there is none: an anchor that says nothing of some ground
    leaves it so, while the field knows the other side's depth there alone.
    """
    nobody = [area.geometry for area in areas if area.grey_reason == reason_name(GreyReason.NEITHER_PRESENT)]
    without = [shapely.union_all([held_by(side, areas), *nobody]) for side in field.sides]
    found = [_infiltration(field, k, ground, frame) for k, ground in enumerate(without)]
    large = [without_small_parts(shape, least_km2=least_km2) for shape in found]
    return tuple(
        Area(Class.PRESENT, side, None, shape) for side, shape in zip(field.sides, large, strict=True) if shape
    )


def unobserved_ground(field: Field, frame: BaseGeometry) -> BaseGeometry:
    """Where nobody looked, by at least half, as polygons."""
    return within_frame(region_between(field.grid, field.unobserved, 0.5), frame)


def _band(field: Field, k: int, frame: BaseGeometry) -> BaseGeometry:
    return within_frame(region_between(field.grid, probit(field.p_held[k]), -BAND_Z, BAND_Z), frame)


def _infiltration(field: Field, k: int, without: BaseGeometry, frame: BaseGeometry) -> BaseGeometry:
    present = within_frame(region_between(field.grid, probit(field.p_present[k])), frame)
    return shapely.difference(present, without)


def _lines_only(geometry: BaseGeometry) -> BaseGeometry:
    """The lines of a geometry, joined end to end."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return shapely.line_merge(
        shapely.multilinestrings(parts[shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING])
    )
