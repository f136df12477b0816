"""The whole definition once more, the plain way: another triangulation, a priority queue, and a walk up the tree."""

from __future__ import annotations

import heapq

import numpy as np
import pytest
import shapely
from scipy.spatial import Delaunay
from scrawls import scrawl
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from isofront.front import necks

LAND = box(-90, -80, 90, 80)
OPEN_KM = 30.0


def plain(enemy: BaseGeometry, spots: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Neck (km) and pocket (km²) of each spot; jitter of a centimetre keeps qhull from collinear trouble."""
    free_land = LAND.difference(enemy)
    edges = shapely.segmentize(shapely.intersection(enemy.boundary, LAND), 0.1)
    points = np.vstack([shapely.get_coordinates(edges), shapely.get_coordinates(shapely.segmentize(LAND, 2))])
    points = np.unique(points.round(6), axis=0) + rng.normal(0, 1e-5, (len(np.unique(points.round(6), axis=0)), 2))
    mesh = Delaunay(points)
    a, b, c = (points[mesh.simplices[:, k]] for k in range(3))
    free = shapely.contains_xy(free_land, (a + b + c) / 3)
    sides = np.sort(np.stack([np.hypot(*(p - q).T) for p, q in ((a, b), (b, c), (c, a))]), axis=0)
    area = np.abs((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]) / 2
    deep = free & (sides.prod(axis=0) >= 20 * 4 * area) & (sides[2] ** 2 < sides[0] ** 2 + sides[1] ** 2)
    waiting = [(-np.inf, int(t), -1, np.inf) for t in np.flatnonzero(deep)]
    before, gate, order = {}, {}, []
    while waiting:
        _, t, came, width = heapq.heappop(waiting)
        if t in before:
            continue
        before[t], gate[t] = came, width
        order.append(t)
        for k in range(3):
            u = int(mesh.neighbors[t, k])
            if u >= 0 and free[u] and u not in before:
                one, other = points[np.delete(mesh.simplices[t], k)]
                length = float(np.hypot(*(one - other)))
                heapq.heappush(waiting, (-length, u, t, length))
    behind = area.copy()
    for t in reversed(order):
        if before[t] >= 0:
            behind[before[t]] += behind[t]
    neck = {-1: (np.inf, np.nan)}
    for t in order:
        counts = before[t] >= 0 and behind[t] >= max(5, 0.25 * gate[t] ** 2) and gate[t] < neck[before[t]][0]
        neck[t] = (gate[t], behind[t]) if counts else neck[before[t]]
    found = [neck.get(int(t), (0.0, np.nan)) for t in mesh.find_simplex(spots)]
    return np.array([width for width, _ in found]), np.array([pocket for _, pocket in found])


@pytest.mark.parametrize("seed", range(12))
def test_necks_and_pockets_agree_with_the_definition_done_plainly(seed):
    rng = np.random.default_rng(1000 + seed)
    enemy = scrawl(rng)
    field = necks(enemy, LAND)
    spots = rng.uniform(-9, 9, (300, 2))
    spots = spots[~shapely.dwithin(enemy, shapely.points(spots), 0.1)]
    widths, pockets = plain(enemy, spots, rng)
    at = field.mesh.triangles_at(spots)
    agree = np.isclose(np.minimum(field.neck_km[at], OPEN_KM), np.minimum(widths, OPEN_KM), atol=0.002)
    assert agree.mean() > 0.97, "all but spots next to a chord, where one triangle or its neighbour holds them"
    governed = agree & (widths < OPEN_KM) & (widths > 0)
    ours_km2 = np.array([field.pocket_km2(int(gate)) for gate in field.neck[at[governed]]])
    assert (np.isclose(ours_km2, pockets[governed], rtol=0.01, atol=0.2)).mean() > 0.97
