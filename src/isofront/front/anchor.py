"""The frame of a map and the anchor as areas: what the engine starts from, every vertex of it kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Int
from isofront.control.field import GreyReason
from isofront.front.coverage import GRAIN_KM, Faces, faces_of, merge_small, union_of
from isofront.front.shapes import Area, Class

SLIVER_KM = 5e-3
"""Thinner strips between an anchor's edge and the frame come from rounding, not from the anchor's maker."""


def anchor_areas(
    held: Mapping[str, BaseGeometry],
    grey: BaseGeometry | None,
    *,
    sides: tuple[str, str],
    frame: BaseGeometry,
    holder: str | None,
) -> tuple[Area, ...]:
    """The anchor as one coverage of the frame, each vertex inside it as the anchor has it.

    Ground that no polygon speaks for is held by the other side where only one side's ground is drawn (or `holder`
    says whose the polygons are), else it is grey. Where polygons overlap, the first side goes before the second, and
    held before grey.
    """
    layers = [held.get(side, shapely.MultiPolygon()) for side in sides] + [grey or shapely.MultiPolygon()]
    faces = faces_of([shapely.boundary(layer) for layer in layers], frame)
    kinds = (0, 1, 2 + GreyReason.MIXED_PRESENCE)
    kind = _kind_of_first(faces, layers, kinds, otherwise=_rest(held, sides=sides, holder=holder))
    every = np.ones(len(kind), bool)
    tidy = merge_small(faces, kind, movable=every, least_km2=0.0, least_width_km=SLIVER_KM).kind
    return areas_from(faces, tidy, sides=sides)


def areas_from(faces: Faces, kind: Int[np.ndarray, " n"], *, sides: tuple[str, str]) -> tuple[Area, ...]:
    """Areas from faces of kind 0 and 1 (held by that side) and 2 + reason (grey; 2 where it has none)."""
    found = [_area(int(k), union_of(faces, kind == k), sides) for k in np.unique(kind)]
    return tuple(area for area in found if not area.geometry.is_empty)


def clipped(areas: tuple[Area, ...], frame: BaseGeometry) -> tuple[Area, ...]:
    """A coverage clipped at the frame; untouched, to the vertex, where it already fits."""
    room = shapely.buffer(frame, 2 * GRAIN_KM, join_style="mitre")
    if all(room.covers(area.geometry) for area in areas):
        return areas
    faces = faces_of([shapely.boundary(area.geometry) for area in areas], frame)
    shapes = [area.geometry for area in areas]
    kind = _kind_of_first(faces, shapes, range(len(areas)), otherwise=len(areas))
    cut = [(area, union_of(faces, kind == k)) for k, area in enumerate(areas)]
    return tuple(Area(a.cls, a.side, a.grey_reason, shape) for a, shape in cut if not shape.is_empty)


def _rest(held: Mapping[str, BaseGeometry], *, sides: tuple[str, str], holder: str | None) -> int:
    """The kind of ground that no polygon speaks for."""
    drawn = [side for side in sides if side in held and not held[side].is_empty]
    only = holder or (drawn[0] if len(drawn) == 1 else None)
    return 2 + GreyReason.NEITHER_PRESENT if only is None else 1 - sides.index(only)


def _kind_of_first(
    faces: Faces, layers: Sequence[BaseGeometry], kinds: Sequence[int], *, otherwise: int
) -> Int[np.ndarray, " n"]:
    """For each face the kind of the first layer that holds it."""
    kind = np.full(len(faces.polygons), otherwise, np.int64)
    for layer, its_kind in reversed(list(zip(layers, kinds, strict=True))):
        shapely.prepare(layer)
        kind[shapely.contains(layer, faces.spots)] = its_kind
    return kind


def _area(kind: int, geometry: BaseGeometry, sides: tuple[str, str]) -> Area:
    if kind < 2:
        return Area(Class.HELD, sides[kind], None, geometry)
    return Area(Class.GREY, None, reason_name(kind - 2) if kind > 2 else None, geometry)


def reason_name(reason: int) -> str:
    """The word for a grey reason in files."""
    return GreyReason(reason).name.lower()


def reason_of(area: Area) -> GreyReason:
    """The reason that an area gives; NONE for one that gives none, or none that is known here."""
    return next((one for one in GreyReason if area.grey_reason == reason_name(one)), GreyReason.NONE)
