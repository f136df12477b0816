"""Why grey ground is grey, as smooth regions: a reason wins where it fills most of the cells round about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float, Int
from isofront.control.field import Field, GreyReason
from isofront.front.contours import region_between
from isofront.front.coverage import lines_in_zone

SMOOTH_CELLS = 2.0
"""Reasons are averaged over this many cells about a spot, which leaves no stair-steps and no crumbs."""

REASONS = (GreyReason.MIXED_PRESENCE, GreyReason.DISPUTED_EVIDENCE, GreyReason.NEITHER_PRESENT)


@dataclass(frozen=True, slots=True)
class Reasons:
    """Regions of the first and the second reason (the third has the rest), and where they are new."""

    first: BaseGeometry
    second: BaseGeometry
    fresh: BaseGeometry

    def lines(self) -> BaseGeometry:
        """All borders of the regions inside fresh ground, and that ground's own."""
        return lines_in_zone([shapely.boundary(self.first), shapely.boundary(self.second)], self.fresh)

    def at(self, spots: np.ndarray) -> Int[np.ndarray, " n"]:
        """The reason at each spot."""
        for region in (self.first, self.second):
            shapely.prepare(region)
        second = np.where(shapely.contains(self.second, spots), REASONS[1], REASONS[2])
        return np.asarray(np.where(shapely.contains(self.first, spots), REASONS[0], second), np.int64)


def reasons(field: Field, fresh: BaseGeometry) -> Reasons:
    """The regions of each grey reason on fresh ground; where no cell has one, presence is taken for mixed."""
    found = [reason for reason in REASONS if (field.grey_reason == reason).any()] or [REASONS[0]]
    if len(found) == 1:
        return _single(found[0], fresh)
    share = _shares(field)
    first = region_between(field.grid, share[0] - np.maximum(share[1], share[2]))
    return Reasons(first, region_between(field.grid, share[1] - share[2]), fresh)


def _single(reason: GreyReason, fresh: BaseGeometry) -> Reasons:
    """One reason everywhere."""
    nowhere = shapely.MultiPolygon()
    first, second = (fresh if reason is known else nowhere for known in REASONS[:2])
    return Reasons(first, second, fresh)


def _shares(field: Field) -> Float[np.ndarray, "3 ny nx"]:
    """How much of the ground about each cell has each reason; other cells are like the nearest grey one."""
    from scipy.ndimage import distance_transform_edt, gaussian_filter

    share = np.stack([gaussian_filter((field.grey_reason == r).astype(float), SMOOTH_CELLS) for r in REASONS])
    rows, columns = distance_transform_edt(field.grey_reason == 0, return_distances=False, return_indices=True)
    return np.asarray(share[:, rows, columns])
