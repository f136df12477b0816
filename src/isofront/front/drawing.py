"""From a field to a clean drawing: the approved map, redrawn where reports moved it and nowhere else."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Bool, Float, Int
from isofront.control.field import Field
from isofront.front.anchor import areas_from, clipped, reason_of
from isofront.front.contours import region_between
from isofront.front.coverage import GRAIN_KM, Faces, Merged, among, faces_of, lines_in_zone, merge_small
from isofront.front.levels import LEAST_SHARE, Level, held_by, levels, touched_weight
from isofront.front.lines import front_lines, infiltration, unobserved_ground
from isofront.front.reasons import Reasons, reasons
from isofront.front.shapes import Area, Class, Drawing
from isofront.ground.grid import Grid

SLIVER_CELLS = 0.12
"""Thinner parts are two drawings of one line that do not quite agree."""

GREY = 2


def draw(field: Field, *, frame: BaseGeometry, approved: tuple[Area, ...], minimum_part_km2: float) -> Drawing:
    """The drawing of a field inside a frame (km): equal to the approved areas wherever no report touched the ground."""
    before = clipped(approved, frame)
    areas, merged = _areas(field, before, frame, least_km2=minimum_part_km2)
    return Drawing(
        areas=areas,
        lines=front_lines(field, areas, frame),
        infiltration=infiltration(field, areas, frame, least_km2=minimum_part_km2),
        unobserved=unobserved_ground(field, frame),
        n_merged=merged.n_parts,
        merged_km2=merged.km2,
    )


def _outline(before: tuple[Area, ...], frame: BaseGeometry) -> BaseGeometry:
    """The frame with the vertices that approved areas have on it; the bare frame if they do not fill it."""
    outline = shapely.coverage_union_all([area.geometry for area in before])
    return outline if abs(outline.area - frame.area) < GRAIN_KM * frame.length else frame


class _Side:
    """One side's ground: as approved, as it is now, and the zone in which the new field has a say."""

    def __init__(self, old: BaseGeometry, now: BaseGeometry, zone: BaseGeometry) -> None:
        self.old, self.now, self.zone = old, now, zone
        shapely.prepare([old, now, zone])

    def lines(self) -> BaseGeometry:
        return lines_in_zone([shapely.boundary(self.now)], self.zone)

    def changed(self, spots: np.ndarray) -> Bool[np.ndarray, " n"]:
        return np.asarray(shapely.contains(self.zone, spots))

    def holds(self, spots: np.ndarray) -> Bool[np.ndarray, " n"]:
        now, old = shapely.contains(self.now, spots), shapely.contains(self.old, spots)
        return np.asarray(np.where(self.changed(spots), now, old))


def _areas(
    field: Field, before: tuple[Area, ...], frame: BaseGeometry, *, least_km2: float
) -> tuple[tuple[Area, ...], Merged]:
    """Held and grey areas as one coverage, and what was merged."""
    weight = touched_weight(field.touched)
    sides = _sides(field, before, frame, weight)
    if all(side.zone.is_empty for side in sides):
        return before, Merged(np.empty(0, np.int64), 0, 0.0)
    why = reasons(field, region_between(field.grid, weight, 0.5))
    lines = [*(shapely.boundary(area.geometry) for area in before), *(side.lines() for side in sides), why.lines()]
    faces = faces_of(lines, _outline(before, frame))
    merged = _merged_classes(faces, sides, field, least_km2=least_km2)
    kind = _with_reasons(faces, merged.kind, before, why, least_km2=least_km2)
    return areas_from(faces, kind, sides=field.sides), merged


def _sides(
    field: Field, before: tuple[Area, ...], frame: BaseGeometry, weight: Float[np.ndarray, "ny nx"]
) -> list[_Side]:
    """Both sides' ground, with the zones where it differs from the approved."""
    if not weight.any():
        return [_Side(held_by(side, before), shapely.MultiPolygon(), shapely.MultiPolygon()) for side in field.sides]
    both = zip(field.sides, levels(field, before, frame, weight), strict=True)
    return [_side(field.grid, held_by(side, before), level) for side, level in both]


def _side(grid: Grid, old: BaseGeometry, level: Level) -> _Side:
    return _Side(old, region_between(grid, level.now), region_between(grid, level.share, LEAST_SHARE))


def _merged_classes(faces: Faces, sides: list[_Side], field: Field, *, least_km2: float) -> Merged:
    """The class of each face (0, 1: held by that side; 2: grey), small parts merged in changed ground.

    Where a moved edge overlaps one that did not move, by the roundness of cells, the latter stands.
    """
    changed = [side.changed(faces.spots) for side in sides]
    first, second = (side.holds(faces.spots) for side in sides)
    both = first & second
    first &= ~(both & changed[0])
    second &= ~(both & changed[1])
    kind = np.where(first, 0, np.where(second, 1, GREY)).astype(np.int64)
    movable = changed[0] | changed[1]
    movable |= _crumbs(faces, field.touched, beside=movable, grid=field.grid, least_km2=least_km2)
    width = SLIVER_CELLS * field.grid.cell_km
    return merge_small(faces, kind, movable=movable, least_km2=least_km2, least_width_km=width)


def _crumbs(
    faces: Faces, touched: Bool[np.ndarray, "ny nx"], *, beside: Bool[np.ndarray, " n"], grid: Grid, least_km2: float
) -> Bool[np.ndarray, " n"]:
    """Small faces beside some others that lie in touched ground with every vertex: left over where a line moved."""
    neighbours = (faces.border_km @ beside.astype(float)) > 0
    small = np.flatnonzero(neighbours & ~beside & (faces.area_km2 < max(least_km2, grid.cell_km**2)))
    points, owner = shapely.get_coordinates(faces.polygons[small], return_index=True)
    column, row = np.floor((points - [grid.west_km, grid.south_km]) / grid.cell_km).astype(int).T
    still = ~touched[np.clip(row, 0, grid.ny - 1), np.clip(column, 0, grid.nx - 1)]
    found = np.zeros(len(beside), bool)
    found[small] = np.bincount(owner, still, len(small)) == 0
    return found


def _with_reasons(
    faces: Faces, kind: Int[np.ndarray, " n"], before: tuple[Area, ...], why: Reasons, *, least_km2: float
) -> Int[np.ndarray, " n"]:
    """Grey faces get their reason: the new one on fresh ground, else the approved one; crumbs join a neighbour."""
    grey = kind == GREY
    reason = _approved_reasons(faces.spots, before)
    fresh = shapely.contains(why.fresh, faces.spots) | (reason < 0)
    named = np.where(grey, GREY + np.where(fresh, why.at(faces.spots), reason), kind)
    return merge_small(among(faces, grey), named, movable=fresh, least_km2=least_km2, least_width_km=0.0).kind


def _approved_reasons(spots: np.ndarray, before: tuple[Area, ...]) -> Int[np.ndarray, " n"]:
    """The reason that approved grey areas give for each spot, -1 where they give none."""
    reason = np.full(len(spots), -1, np.int64)
    for area in before:
        if area.cls is Class.GREY:
            reason[shapely.contains(area.geometry, spots)] = reason_of(area)
    return reason
