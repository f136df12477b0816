"""Why grey ground is grey, as smooth regions: a reason wins where it fills most of the cells round about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from jaxtyping import Int
from shapely.geometry.base import BaseGeometry

from isofront.control.field import Field, GreyReason
from isofront.front.contours import region_between
from isofront.front.levels import touched_weight

SMOOTH_CELLS = 2.0
"""Reasons are weighed over so many cells about a spot: no stair-steps, no crumbs."""

REASONS = (GreyReason.MIXED_PRESENCE, GreyReason.DISPUTED_EVIDENCE, GreyReason.NEITHER_PRESENT)


@dataclass(frozen=True, slots=True)
class Reasons:
    """Regions of the first and the second reason (the third has the rest), and where they are new."""

    first: BaseGeometry
    second: BaseGeometry
    fresh: BaseGeometry

    def lines(self) -> list[BaseGeometry]:
        """All borders of the regions inside fresh ground, and that ground's own."""
        inner = [shapely.intersection(shapely.boundary(part), self.fresh) for part in (self.first, self.second)]
        return [*inner, shapely.boundary(self.fresh)]

    def at(self, spots: np.ndarray) -> Int[np.ndarray, " n"]:
        """The reason at each spot."""
        for region in (self.first, self.second):
            shapely.prepare(region)
        second = np.where(shapely.contains(self.second, spots), REASONS[1], REASONS[2])
        return np.asarray(np.where(shapely.contains(self.first, spots), REASONS[0], second), np.int64)


def reasons(field: Field) -> Reasons:
    """The regions of each grey reason; where no cell has one, presence is taken for mixed."""
    from scipy.ndimage import gaussian_filter

    share = [gaussian_filter((field.grey_reason == reason).astype(float), SMOOTH_CELLS) for reason in REASONS]
    spread = [_beyond(part, field) for part in share]
    grid = field.grid
    fresh = region_between(grid, touched_weight(field.touched), 0.5)
    first = region_between(grid, spread[0] - np.maximum(spread[1], spread[2]))
    return Reasons(first, region_between(grid, spread[1] - spread[2]), fresh)


def _beyond(share: np.ndarray, field: Field) -> np.ndarray:
    """A share carried on from grey cells to the others, where the nearest grey cell's holds."""
    from scipy.ndimage import distance_transform_edt

    grey = field.grey_reason > 0
    if not grey.any():
        return np.asarray(share)
    rows, columns = distance_transform_edt(~grey, return_distances=False, return_indices=True)
    return np.asarray(share[rows, columns])
