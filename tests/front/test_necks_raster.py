"""The widest way on random shapes, against a raster that knows nothing of triangles."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from numba import njit
from scipy.ndimage import distance_transform_edt
from scrawls import scrawl
from shapely.geometry.base import BaseGeometry

from isofront.front import Necks, necks

CELL_KM = 0.05
REACH_KM = 14.0
N = int(2 * REACH_KM / CELL_KM)


def clearances(enemy: BaseGeometry) -> tuple[np.ndarray, np.ndarray]:
    """How far each cell is from enemy ground, km; and the axis of cell centres."""
    axis = (np.arange(N) + 0.5) * CELL_KM - REACH_KM
    shapely.prepare(enemy)
    held = shapely.contains_xy(enemy, *np.meshgrid(axis, axis))
    return np.maximum(distance_transform_edt(~held) - 0.5, 0) * CELL_KM, axis


def widest_ways(clear: np.ndarray, starts: list[int]) -> list[float]:
    """The clearance of the widest way from each cell to the frame."""
    padded = np.pad(clear, 1, constant_values=np.inf)
    row = padded.shape[1]
    spots = np.array([(start // (row - 2) + 1) * row + start % (row - 2) + 1 for start in starts])
    flat = padded.ravel()
    inside = np.flatnonzero((flat > 0) & np.isfinite(flat))
    return joined(flat, inside[np.argsort(-flat[inside], kind="stable")], row, spots).tolist()


@njit
def root(leader: np.ndarray, cell: int) -> int:
    while leader[cell] != cell:
        leader[cell] = leader[leader[cell]]
        cell = leader[cell]
    return cell


@njit
def joined(clear: np.ndarray, cells: np.ndarray, row: int, spots: np.ndarray) -> np.ndarray:
    """Cells joined to their neighbours from the widest down, until each spot hangs together with the frame (cell 0)."""
    leader = np.full(len(clear), -1)
    for cell in range(len(clear)):
        if np.isinf(clear[cell]):
            leader[cell] = 0
    found = np.zeros(len(spots))
    for cell in cells:
        leader[cell] = cell
        for step in (-row - 1, -row, -row + 1, -1, 1, row - 1, row, row + 1):
            if leader[cell + step] >= 0:
                here, there = root(leader, cell), root(leader, cell + step)
                leader[max(here, there)] = min(here, there)
        for k in range(len(spots)):
            if found[k] == 0 and leader[spots[k]] >= 0 and root(leader, spots[k]) == 0:
                found[k] = clear[cell]
    return found


def uphill(clear: np.ndarray, cell: int) -> int:
    """From a cell to the widest spot that it leads up to."""
    columns = clear.shape[1]
    while True:
        row, column = divmod(cell, columns)
        about = clear[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2]
        k = int(np.argmax(about))
        best = (max(row - 1, 0) + k // about.shape[1]) * columns + max(column - 1, 0) + k % about.shape[1]
        if clear.flat[best] <= clear.flat[cell]:
            return cell
        cell = best


def way_km(field: Necks, triangle: int) -> float:
    """The narrowest of all gates on the way to the rear, whatever they cut off."""
    width = np.inf if field.neck_km[triangle] > 0 else 0.0
    while field.gate[triangle] >= 0:
        width = min(width, field.width_km[field.gate[triangle]])
        triangle = int(field.before[triangle])
    return float(width)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200))
def test_the_widest_way_agrees_with_a_raster_of_50_m(seed):
    rng = np.random.default_rng(seed)
    compare(scrawl(rng), rng, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_under_every_rule_the_widest_way_agrees_with_the_raster(seed):
    rng = np.random.default_rng(5000 + seed)
    held, grey, present = scrawl(rng), scrawl(rng), scrawl(rng)
    for enemy in (held, shapely.union(held, grey), shapely.union_all([held, grey, present])):
        compare(enemy, rng, seed)


def compare(enemy: BaseGeometry, rng: np.random.Generator, seed: int) -> None:
    """The narrowest gate on the way from a dozen spots, on triangles and on the raster."""
    clear, axis = clearances(enemy)
    inner = np.flatnonzero((clear > 0.3) & (np.hypot(*np.meshgrid(axis, axis)) < 6))
    starts = sorted({uphill(clear, int(cell)) for cell in rng.choice(inner, 12)})
    field = necks(enemy, None)
    rows, columns = np.divmod(starts, N)
    at = field.mesh.triangles_at(np.column_stack([axis[columns], axis[rows]]))
    for start, triangle, half in zip(starts, at, widest_ways(clear, starts), strict=True):
        width = way_km(field, int(triangle))
        own = 2 * float(clear.flat[start])
        assert min(width, own) / 2 == pytest.approx(min(half, own / 2), abs=CELL_KM), (seed, start)
