"""Where each side's edge should run now: the approved edge, redrawn where reports moved it.

Per side, km, positive inside its held ground (docs/maths/drawing.md has the reasoning):

    d    exact signed distance to the approved edge
    e    the same as the grid alone would draw it (d contoured on cells)
    n    signed distance to the edge in the new field
    now = d + share · (n - d)

`share` is 1 about touched ground where the edge moved, that is where n and e differ by more than the grid's own
roundness; it falls to 0 over the next cells and towards the rim of touched ground.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Bool, Float
from isofront.control.field import Field
from isofront.front.contours import polygons_only, probit
from isofront.front.shapes import Area, Class
from isofront.ground.distance_field import inner_border_km, inside_cells, redistance, signed_distance_km
from isofront.ground.grid import Grid

REACH_CELLS = 8.0
"""Distances are cut off here: farther from an edge, only the sign matters."""

STILL_CELLS = 0.4
"""An edge that moved less than this is not redrawn: the grid could not tell such a move from none."""

NEAR_CELLS = 1.5
"""A difference of distances says something of an edge only this near to it."""

FULL_CELLS, FADED_CELLS = 2.0, 4.5
"""The new edge is drawn in full this near to a move (first), and blends into the approved one farther off (second)."""

THIN_CELLS, THICK_CELLS = 0.25, 0.6
"""Half-widths of grey strips: below the first the two edges run together, above the second nothing changes."""

RIM_CELLS, RAMP_CELLS = 1.0, 2.0
"""Touched ground counts from the first depth on; its weight rises to 1 over the second."""

LEAST_SHARE = 0.02
"""Where the new edge has a smaller share than this, the approved one stands, vertex for vertex."""


@dataclass(frozen=True, slots=True)
class Level:
    """For one side: `now`, the signed distance (km) to draw, and the `share` that the new field has in it."""

    now: Float[np.ndarray, "ny nx"]
    share: Float[np.ndarray, "ny nx"]


def levels(
    field: Field, approved: tuple[Area, ...], frame: BaseGeometry, weight: Float[np.ndarray, "ny nx"]
) -> tuple[Level, Level]:
    """Each side's edge as it should be drawn today, `weight` being `touched_weight`."""
    new = _without_hairlines(_new(field, 0), _new(field, 1), cell_km=field.grid.cell_km)
    first, second = (
        _level(held_by(side, approved), new[k], weight, frame=frame, grid=field.grid)
        for k, side in enumerate(field.sides)
    )
    return first, second


def touched_weight(touched: Bool[np.ndarray, "ny nx"]) -> Float[np.ndarray, "ny nx"]:
    """0 on untouched ground and at the rim of touched ground, 1 well inside it."""
    from scipy.ndimage import distance_transform_edt

    if touched.all():
        return np.ones(touched.shape)
    return _rise(distance_transform_edt(touched), RIM_CELLS, RIM_CELLS + RAMP_CELLS)


def held_by(side: str, areas: tuple[Area, ...]) -> BaseGeometry:
    """All ground of a coverage that a side holds."""
    shapes = [area.geometry for area in areas if area.cls is Class.HELD and area.side == side]
    return shapes[0] if len(shapes) == 1 else polygons_only(shapely.union_all(shapes))


def _new(field: Field, k: int) -> Float[np.ndarray, "ny nx"]:
    return redistance_within(field.grid, probit(field.p_held[k]))


def redistance_within(grid: Grid, phi: Float[np.ndarray, "ny nx"]) -> Float[np.ndarray, "ny nx"]:
    """Signed distance to the zero line of `phi`, cut off at the reach; ±reach where there is no line."""
    limit = REACH_CELLS * grid.cell_km
    if (phi >= 0).all() or (phi < 0).all():
        return np.where(phi >= 0, limit, -limit)
    return redistance(grid, phi, limit_km=limit)


def _level(
    old: BaseGeometry,
    new: Float[np.ndarray, "ny nx"],
    weight: Float[np.ndarray, "ny nx"],
    *,
    frame: BaseGeometry,
    grid: Grid,
) -> Level:
    """One side's approved edge and the new one, run together."""
    limit = REACH_CELLS * grid.cell_km
    exact = signed_distance_km(grid, old, inner_border_km(old, frame), frame=frame, limit_km=limit)
    moved = _moved(new / grid.cell_km, redistance_within(grid, exact) / grid.cell_km)
    share = weight * _about(moved & (weight > 0) & inside_cells(grid, frame))
    return Level(exact + share * (new - exact), share)


def _moved(new: Float[np.ndarray, "ny nx"], old: Float[np.ndarray, "ny nx"]) -> Bool[np.ndarray, "ny nx"]:
    """Cells past which, or close to which, the edge moved by more than the grid's roundness; distances in cells."""
    near = np.minimum(np.abs(new), np.abs(old)) < NEAR_CELLS
    return np.asarray((np.abs(new - old) >= STILL_CELLS) & (near | ((new >= 0) != (old >= 0))))


def _about(moved: Bool[np.ndarray, "ny nx"]) -> Float[np.ndarray, "ny nx"]:
    """1 on and close about some cells, 0 far from them."""
    from scipy.ndimage import distance_transform_edt

    if not moved.any():
        return np.zeros(moved.shape)
    return np.asarray(1 - _rise(distance_transform_edt(~moved), FULL_CELLS, FADED_CELLS))


def _without_hairlines(
    first: Float[np.ndarray, "ny nx"], second: Float[np.ndarray, "ny nx"], *, cell_km: float
) -> tuple[Float[np.ndarray, "ny nx"], Float[np.ndarray, "ny nx"]]:
    """Both edges run together where the grey strip between them is thinner than the grid can show.

    middle = (first - second) / 2, half = -(first + second) / 2 is half the strip's width; the edges are at ±half
    from the middle, and half goes to 0 smoothly where it is small.
    """
    middle, half = (first - second) / 2, -(first + second) / 2
    half = half * _rise(half / cell_km, THIN_CELLS, THICK_CELLS)
    return middle - half, -middle - half


def _rise(x: Float[np.ndarray, "*shape"], low: float, high: float) -> Float[np.ndarray, "*shape"]:
    """0 up to `low`, 1 from `high`, a smooth cubic in between."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))
