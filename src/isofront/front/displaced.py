"""Intervals for polygons that come without any doubt of their own: their edges displaced, as far as the user says.

Each point of the edge lies up to σ off, now to one side, now to the other, and neighbours lie off alike: the signed
distance to the edge, over σ, plus a standard normal surface of Matérn-3/2 correlation with a length of 3 km. Where the
sum is positive the enemy holds the ground. With σ → 0 the map itself is left.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import shapely
from scipy import linalg
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float
from isofront.control.motion import matern
from isofront.front.enclosure import Disc
from isofront.front.free import extent_land
from isofront.front.neck_focus import Box, Focus
from isofront.front.neck_samples import Levels, Sampled, sampled_necks
from isofront.ground.distance_field import distance_km, segments_km
from isofront.ground.grid import Grid
from isofront.ground.lattice import Lattice, at_cells
from isofront.threads import one_blas_thread

CORRELATION_KM = 3.0
"""Correlation length of the displacement along the edge."""

AROUND_KM, MOST_AROUND_KM = 60.0, 480.0
"""Half the side of the box that is looked at about the place, for the widest neck is 30 km; at most, where the rear
lies farther off.
"""

CELL_KM = 0.25
FAR = 6.0
"""The level is cut off at this many standard deviations: ground there is certain."""

SEED = 20_250


def displaced_necks(
    enemy: BaseGeometry,
    land: BaseGeometry | None,
    place: Disc,
    pocket: BaseGeometry | None,
    *,
    sigma_km: float,
    n: int,
    open_km: float | int = 30.0,
) -> Sampled:
    """What n displaced maps say of a place whose pocket, on the map as drawn, is `pocket`."""
    with one_blas_thread():
        box, own, near = _around(place, enemy, extent_land(enemy) if land is None else land, is_open=pocket is None)
        disc = shapely.Point(place.east_km, place.north_km).buffer(place.radius_km)
        focus = Focus.about([disc] if pocket is None else [disc, pocket], box)
        maps = _maps(own, focus, box, sigma_km=sigma_km, n=n)
        return sampled_necks(maps, near, (place,), rings=(True,), open_km=open_km)[0]


def _around(
    place: Disc, enemy: BaseGeometry, land: BaseGeometry, *, is_open: bool
) -> tuple[Box, BaseGeometry, BaseGeometry]:
    """A box about the place, and what of the enemy's ground and of the land is looked at in it.

    It reaches so far that the place is as open in it as on the whole map, as drawn: its rear may lie far off.
    """
    by = AROUND_KM
    while True:
        box = place.east_km - by, place.north_km - by, place.east_km + by, place.north_km + by
        own = shapely.intersection(enemy, shapely.box(*box).buffer(1.0))
        near = shapely.intersection(land, shapely.box(*box))
        told = sampled_necks([own], near, (place,))[0].neck_km
        if by >= MOST_AROUND_KM or told is None or math.isinf(told.median) == is_open:
            return box, own, near
        by *= 2


def _maps(enemy: BaseGeometry, focus: Focus, box: Box, *, sigma_km: float, n: int) -> Iterator[BaseGeometry]:
    levels = _levels(enemy, focus, box, sigma_km)
    lattice = focus.lattice()
    ramp = focus.ramp(levels)
    for one in _noise(lattice, n):
        yield levels.enemy(lattice.on_axes(one, levels.east_km, levels.north_km) * ramp)


def _levels(enemy: BaseGeometry, focus: Focus, box: Box, sigma_km: float) -> Levels:
    """Signed distance to the enemy's edge in units of σ, within a few of them."""
    east_km, north_km = focus.axes(box, 0.0, fine_km=CELL_KM)
    x, y = np.meshgrid(east_km, north_km)
    spots = np.column_stack([x.ravel(), y.ravel()])
    grid = Grid("", focus.west, focus.south, CELL_KM, *_cells(focus))
    limit = max(FAR * sigma_km, 4 * CELL_KM)
    away = at_cells(grid, distance_km(grid, segments_km(enemy), limit_km=limit), spots)
    inner = (np.abs(x - np.clip(x, focus.west, focus.east)) + np.abs(y - np.clip(y, focus.south, focus.north))) == 0
    away = np.where(inner.ravel(), np.minimum(away, limit), limit)
    shapely.prepare(enemy)
    sign = np.where(shapely.intersects_xy(enemy, spots[:, 0], spots[:, 1]), 1.0, -1.0)
    return Levels(east_km, north_km, (sign * away / sigma_km).reshape(x.shape))


def _cells(focus: Focus) -> tuple[int, int]:
    spans = (focus.east - focus.west, focus.north - focus.south)
    wide, high = (int(np.ceil(span / CELL_KM)) + 1 for span in spans)
    return wide, high


def _noise(lattice: Lattice, n: int) -> Float[np.ndarray, "n ly lx"]:
    """Standard normal surfaces at the nodes of a lattice."""
    nodes = lattice.nodes_km()
    alike = matern(nodes, nodes, CORRELATION_KM, reach_km=4 * CORRELATION_KM)
    alike[np.diag_indices_from(alike)] += 1e-6
    root = linalg.cholesky(alike, lower=True)
    drawn = np.random.default_rng(SEED).standard_normal((n, len(root))) @ root.T
    return np.asarray(drawn.reshape(n, *lattice.shape))
