"""How far one spot is from another: the one place where the model gets distance, so that barriers can act.

Spots are lifted into a space with one extra coordinate per barrier: half the barrier's height on one bank, minus half
on the other, so that distances across it grow and distances along a bank stay. A distance in a lifted Euclidean space
is still Euclidean, hence a covariance that falls with it is still a covariance. Near a crossing, and past the ends
of the line, the banks sink back to the same level.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from isofront.arrays import Bool, Float, Int
from isofront.ground.beside_line import beside, segments_of
from isofront.ground.grid import to_km

WALL_KM = 400.0
"""The height of a barrier nobody can cross: beyond the reach of any report."""
STEP_KM = 8.0
"""The height of a half-permeable barrier."""
CROSSING_KM = 2.0
"""How far the ease of a crossing reaches."""


@dataclass(frozen=True, slots=True)
class Wall:
    """A barrier on the flat map: its line, its height, and its crossings (km)."""

    line_km: Float[np.ndarray, "n 2"]
    height_km: float
    crossings_km: Float[np.ndarray, "m 2"]


@dataclass(frozen=True, slots=True)
class Distance:
    """Lifts spots (km) so that straight distances between lifted spots are those that ground forces face."""

    walls: tuple[Wall, ...] = ()

    def lift(self, spots_km: Float[np.ndarray, "n 2"], *, bank: int | None = None) -> Float[np.ndarray, "n axes"]:
        """East, north, and the level at each barrier, km; with `bank`, as if all spots lay on that bank."""
        levels = []
        for number, wall in enumerate(self.walls):
            left, ease = _left_of(wall, spots_km)
            if bank is not None:
                left = np.full(len(spots_km), bool(bank >> number & 1))
            levels.append(0.5 * wall.height_km * np.where(left, 1.0, -1.0) * ease)
        return np.ascontiguousarray(np.column_stack([spots_km, *levels]) if levels else spots_km, dtype=float)

    def banks(self, spots_km: Float[np.ndarray, "n 2"]) -> Int[np.ndarray, " n"]:
        """Which side of every barrier each spot lies on, one bit a barrier (1 = left of its line)."""
        code = np.zeros(len(spots_km), np.int64)
        for number, wall in enumerate(self.walls):
            code |= _left_of(wall, spots_km)[0].astype(np.int64) << number
        return code


def wall(
    line: tuple[tuple[float, float], ...],
    crossings: tuple[tuple[float, float], ...],
    *,
    permeability: float,
    crs: str,
) -> Wall:
    """A barrier typed in lon/lat; permeability 0 lets nothing through, 1 everything."""
    height = WALL_KM if permeability <= 0 else STEP_KM * (1 / permeability - 1)
    return Wall(_flat(line, crs), height, _flat(crossings, crs))


def _flat(spots: tuple[tuple[float, float], ...], crs: str) -> Float[np.ndarray, "n 2"]:
    lonlat = np.array(spots, float).reshape(-1, 2)
    return np.column_stack(to_km(lonlat[:, 0], lonlat[:, 1], crs=crs))


def _left_of(wall: Wall, spots_km: Float[np.ndarray, "n 2"]) -> tuple[Bool[np.ndarray, " n"], Float[np.ndarray, " n"]]:
    """Which spots lie left of the line, and how far its height holds there: less past its ends and at crossings."""
    along, off = beside(segments_of(wall.line_km), spots_km)
    length = float(np.hypot(*np.diff(wall.line_km, axis=0).T).sum())
    past = np.maximum(np.maximum(-along, along - length), 0.0)
    ease = np.exp(-past / CROSSING_KM)
    for crossing in wall.crossings_km:
        ease = ease * (1 - np.exp(-0.5 * (np.hypot(*(spots_km - crossing).T) / CROSSING_KM) ** 2)) ** 4
    return off > 0, ease
