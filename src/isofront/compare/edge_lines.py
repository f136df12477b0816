"""The line between held and not held as cell edges, and how far two such lines lie apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from isofront.arrays import Bool, Float, Shaped
from isofront.compare.ground import ScoredGround
from isofront.ground.distance_field import distance_km

DEEP_KM = 3.0
"""Line distances are taken from edges of cells more than this far inside the bounds."""


@dataclass(frozen=True, slots=True)
class EdgeLine:
    """Cell edges between held and not held, (ax, ay, bx, by) in km; `deep` marks those far enough inside the bounds."""

    edges: Float[np.ndarray, "n 4"]
    deep: Bool[np.ndarray, " n"]

    @property
    def middles(self) -> Float[np.ndarray, "n 2"]:
        """The middle of each edge, km."""
        return np.asarray(self.edges[:, :2] + self.edges[:, 2:]) / 2


@dataclass(frozen=True, slots=True)
class LineDistance:
    """Distances (km) from the drawn line to the true one and back; `mean_km` is the mean of both directed means."""

    mean_km: float
    p95_km: float
    drawn_to_true_km: float
    true_to_drawn_km: float


def edge_line(held: Bool[np.ndarray, "ny nx"], ground: ScoredGround) -> EdgeLine:
    """Every edge between a held and a not-held cell that both lie inside the bounds.

    An edge of held ground that lies on the bounds is thereby no line.
    """
    parts = [_edges(held, ground, axis=axis) for axis in (0, 1)]
    return EdgeLine(np.concatenate([p.edges for p in parts]), np.concatenate([p.deep for p in parts]))


def _edges(held: Bool[np.ndarray, "ny nx"], ground: ScoredGround, *, axis: int) -> EdgeLine:
    """Edges between neighbours along one axis (0: a cell and the one north of it; 1: and the one east of it)."""
    grid, step = ground.grid, (axis == 0, axis == 1)
    here, there = _pairs(held, axis=axis)
    both_inside = np.logical_and(*_pairs(ground.inside, axis=axis))
    row, column = np.nonzero((here != there) & both_inside)
    west, south = grid.west_km + (column + step[1]) * grid.cell_km, grid.south_km + (row + step[0]) * grid.cell_km
    east, north = west + step[0] * grid.cell_km, south + step[1] * grid.cell_km
    depth = np.minimum(*_pairs(ground.depth_km, axis=axis))
    return EdgeLine(np.column_stack([west, south, east, north]), depth[row, column] > DEEP_KM)


def _pairs(
    array: Shaped[np.ndarray, "ny nx"], *, axis: int
) -> tuple[Shaped[np.ndarray, "a b"], Shaped[np.ndarray, "a b"]]:
    """Each cell and its neighbour along an axis."""
    return (array[:-1], array[1:]) if axis == 0 else (array[:, :-1], array[:, 1:])


def distance_to_line_km(line: EdgeLine, ground: ScoredGround) -> Float[np.ndarray, "ny nx"]:
    """Exact distance (km) of every cell centre to the nearest edge of the line; inf where there is no line."""
    return distance_km(ground.grid, line.edges)


def near_line(line: EdgeLine, ground: ScoredGround, km: float) -> Bool[np.ndarray, "ny nx"]:
    """Cells inside the bounds within a distance of the line: where scores are taken."""
    return np.asarray(ground.inside & (distance_to_line_km(line, ground) <= km))


def line_distance(drawn: EdgeLine, true: EdgeLine) -> LineDistance | None:
    """How far two lines lie apart, from middle to nearest middle; None if either has no edge deep inside the bounds.

    Only edges deep inside are measured *from*; what they are measured *to* may lie anywhere inside the bounds.
    """
    if not (drawn.deep.any() and true.deep.any()):
        return None
    there, back = _nearest_km(drawn.middles[drawn.deep], true), _nearest_km(true.middles[true.deep], drawn)
    return LineDistance(
        mean_km=float(there.mean() + back.mean()) / 2,
        p95_km=float(np.quantile(there, 0.95) + np.quantile(back, 0.95)) / 2,
        drawn_to_true_km=float(there.mean()),
        true_to_drawn_km=float(back.mean()),
    )


def _nearest_km(spots: Float[np.ndarray, "n 2"], line: EdgeLine) -> Float[np.ndarray, " n"]:
    from scipy.spatial import cKDTree

    distance, _ = cKDTree(line.middles).query(spots)
    return np.asarray(distance, float)
