"""Where sampled maps differ from the map: a box in which all is fine and noisy; outside the map stands, coarsely."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float
from isofront.front.neck_samples import Levels
from isofront.ground.lattice import Lattice

FINE_KM, COARSE_KM, NODE_KM = 0.5, 5.0, 1.5
MOST_STEPS, MOST_NODES = 90, 700
"""Steps of the axes inside and outside of the focus, and of the lattice of noise; and how many of them at most."""

MARGIN_KM, RAMP_KM = 12.0, 5.0
"""How far the focus reaches past what it is about, and over how much of that the noise fades."""

MOST_KM2 = 2000.0
"""Ground cut off larger than this is no pocket to look closely at."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Focus:
    """A box on the flat map, km."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def about(cls, shapes: Iterable[BaseGeometry], within: Box) -> Focus:
        """Round places and pockets, inside a box."""
        near = [shape for shape in shapes if shape.area < MOST_KM2]
        west, south, east, north = shapely.total_bounds(near)
        low_x, low_y, high_x, high_y = within
        by = MARGIN_KM
        return cls(max(west - by, low_x), max(south - by, low_y), min(east + by, high_x), min(north + by, high_y))

    def axes(
        self, within: Box, beyond_km: float, *, fine_km: float = FINE_KM
    ) -> tuple[Float[np.ndarray, " nx"], Float[np.ndarray, " ny"]]:
        """Coordinates over a box: fine in the focus, coarse outside, and one far beyond either end."""
        west, south, east, north = within
        return (
            _axis((west, east), (self.west, self.east), beyond_km, fine_km),
            _axis((south, north), (self.south, self.north), beyond_km, fine_km),
        )

    def lattice(self) -> Lattice:
        """Nodes for noise that is smooth over a few km."""
        step = max(NODE_KM, float(np.sqrt((self.east - self.west) * (self.north - self.south) / MOST_NODES)))
        wide, high = (int(np.ceil(span / step)) + 5 for span in (self.east - self.west, self.north - self.south))
        return Lattice(self.west - 2 * step, self.south - 2 * step, step, wide, high)

    def ramp(self, levels: Levels) -> Float[np.ndarray, "ny nx"]:
        """1 well inside the focus, falling to 0 at its rim."""
        x, y = levels.east_km, levels.north_km
        inside_x = np.minimum(x - self.west, self.east - x)
        inside_y = np.minimum(y - self.south, self.north - y)
        return np.asarray(np.clip(np.minimum(inside_x[None, :], inside_y[:, None]) / RAMP_KM, 0.0, 1.0))


def _axis(
    whole: tuple[float, float], focus: tuple[float, float], beyond_km: float, fine_km: float
) -> Float[np.ndarray, " n"]:
    fine = max(fine_km, (focus[1] - focus[0]) / (MOST_STEPS * FINE_KM / fine_km))
    inner = np.arange(focus[0], focus[1] + fine / 2, fine)
    before = np.arange(whole[0], inner[0] - COARSE_KM / 2, COARSE_KM)
    after = whole[1] - np.arange(0, max(0.0, whole[1] - inner[-1] - COARSE_KM / 2), COARSE_KM)[::-1]
    ends = ([whole[0] - beyond_km], [whole[1] + beyond_km]) if beyond_km > 0 else ([], [])
    return np.unique(np.concatenate([ends[0], before, inner, after, ends[1]]))
