"""Where two coverages of one frame differ, as pieces; and a coverage with some ground made another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Int
from isofront.control.field import GreyReason
from isofront.front.anchor import SLIVER_KM, areas_from, reason_name
from isofront.front.coverage import Faces, faces_of, merge_small, parts_of, union_of
from isofront.front.measure import label
from isofront.front.shapes import Area, Class

GREY = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """Connected ground that was `before` (a side's id or "grey") and is `after`; `parts` are it as the draft has it."""

    before: str
    after: str
    shape: BaseGeometry
    parts: tuple[Area, ...]

    @property
    def km2(self) -> float:
        """Its area on the flat map, km²."""
        return float(self.shape.area)


def differences(before: tuple[Area, ...], after: tuple[Area, ...], *, sides: tuple[str, str]) -> tuple[Piece, ...]:
    """Pieces whose holder (a side, or nobody: grey) differs, largest first; every vertex is one of either drawing."""
    if before is after:
        return ()
    faces = faces_of([shapely.boundary(area.geometry) for area in (*before, *after)], outline_of(before))
    old, new = kinds_at(faces, before, sides=sides), kinds_at(faces, after, sides=sides)
    change = np.minimum(old, GREY) * 3 + np.minimum(new, GREY)
    change[np.minimum(old, GREY) == np.minimum(new, GREY)] = -1
    part = parts_of(faces, change)
    found = [_piece(faces, part == number, new, change, sides) for number in np.unique(part[change >= 0])]
    return tuple(sorted(found, key=lambda piece: (-piece.km2, piece.shape.bounds)))


def _piece(
    faces: Faces, chosen: np.ndarray, new: Int[np.ndarray, " n"], change: Int[np.ndarray, " n"], sides: tuple[str, str]
) -> Piece:
    words = (*sides, "grey")
    was, now = divmod(int(change[chosen][0]), 3)
    some = Faces(faces.polygons[chosen], faces.spots[chosen], faces.border_km[chosen][:, chosen])
    return Piece(words[was], words[now], union_of(faces, chosen), areas_from(some, new[chosen], sides=sides))


def overlaid(before: tuple[Area, ...], patches: Sequence[Area], *, sides: tuple[str, str]) -> tuple[Area, ...]:
    """The coverage with the patches' ground made what they say, later ones over earlier; untouched if there are none.

    Parts thinner than `SLIVER_KM` come from drawing one edge twice, and go to a neighbour.
    """
    if not patches:
        return before
    faces = faces_of([shapely.boundary(area.geometry) for area in (*before, *patches)], outline_of(before))
    kind = kinds_at(faces, before, sides=sides)
    said = kinds_at(faces, patches, sides=sides)
    kind = np.where(said >= 0, said, kind)
    every = np.ones(len(kind), bool)
    tidy = merge_small(faces, kind, movable=every, least_km2=0.0, least_width_km=SLIVER_KM).kind
    return areas_from(faces, tidy, sides=sides)


def outline_of(areas: Sequence[Area]) -> BaseGeometry:
    """The frame that a coverage fills, with every vertex it has there."""
    return shapely.coverage_union_all([area.geometry for area in areas])


def kinds_at(faces: Faces, areas: Sequence[Area], *, sides: tuple[str, str]) -> Int[np.ndarray, " n"]:
    """For each face 0 or 1 (held by that side), 2 + its grey reason, -1 where no area is; the last one wins."""
    kind = np.full(len(faces.polygons), -1, np.int64)
    for area in areas:
        shapely.prepare(area.geometry)
        kind[shapely.contains(area.geometry, faces.spots)] = _kind(area, sides)
    return kind


def _kind(area: Area, sides: tuple[str, str]) -> int:
    if area.cls is Class.HELD:
        return sides.index(label(area))
    return GREY + next((int(r) for r in GreyReason if r and area.grey_reason == reason_name(r)), 0)
