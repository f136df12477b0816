"""Where each side's edge should run now: the approved edge, moved where reports moved it.

Per side, km, positive inside its held ground (docs/maths/drawing.md has the reasoning):

    d     exact signed distance to the approved edge
    e     the same as the grid alone would draw it (d contoured on cells)
    n     signed distance to the edge in the new field
    now = d + w · s(n - e)

w rises from 0 at the rim of touched ground to 1 three cells inside; s drops moves that the grid cannot tell from none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from jaxtyping import Bool, Float
from shapely.geometry.base import BaseGeometry

from isofront.control.field import Field
from isofront.front.contours import polygons_only, probit
from isofront.front.shapes import Area, Class
from isofront.ground.distance_field import inner_border_km, redistance, signed_distance_km
from isofront.ground.grid import Grid

REACH_CELLS = 8.0
"""Distances are cut off here: farther from an edge, only the sign matters."""

STILL_CELLS, MOVED_CELLS = 0.3, 0.6
"""Moves below the first count as none, above the second in full; between them smoothly."""

THIN_CELLS, THICK_CELLS = 0.25, 0.6
"""Half-widths of grey strips: below the first the two edges run together, above the second nothing changes."""

RIM_CELLS, RAMP_CELLS = 1.0, 2.0
"""Touched ground counts from this depth on, and in full after so many cells more."""

NOTICED_KM = 0.005
"""A line that would move less than this is left as it is."""


@dataclass(frozen=True, slots=True)
class Levels:
    """For each side, km: `now`, the signed distance to draw; `change`, how far it is from the approved one."""

    now: tuple[Float[np.ndarray, "ny nx"], Float[np.ndarray, "ny nx"]]
    change: tuple[Float[np.ndarray, "ny nx"], Float[np.ndarray, "ny nx"]]


def levels(field: Field, approved: tuple[Area, ...], frame: BaseGeometry, weight: Float[np.ndarray, "ny nx"]) -> Levels:
    """The distance to each side's edge as it should be drawn today, `weight` being `touched_weight`."""
    new = _without_hairlines(_new(field, 0), _new(field, 1), cell_km=field.grid.cell_km)
    first, second = (
        _blend(held_by(side, approved), new[k], weight, frame=frame, grid=field.grid)
        for k, side in enumerate(field.sides)
    )
    return Levels((first[0], second[0]), (first[1], second[1]))


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


def _blend(
    old: BaseGeometry,
    new: Float[np.ndarray, "ny nx"],
    weight: Float[np.ndarray, "ny nx"],
    *,
    frame: BaseGeometry,
    grid: Grid,
) -> tuple[Float[np.ndarray, "ny nx"], Float[np.ndarray, "ny nx"]]:
    """`now` and its change from the approved, for one side."""
    limit = REACH_CELLS * grid.cell_km
    exact = signed_distance_km(grid, old, inner_border_km(old, frame), frame=frame, limit_km=limit)
    move = new - redistance_within(grid, exact)
    change = weight * move * _rise(np.abs(move) / grid.cell_km, STILL_CELLS, MOVED_CELLS)
    flipped = (exact + change >= 0) != (exact >= 0)
    return exact + change, _real(np.abs(change), flipped, least_km=STILL_CELLS * grid.cell_km)


def _real(
    change: Float[np.ndarray, "ny nx"], flipped: Bool[np.ndarray, "ny nx"], *, least_km: float
) -> Float[np.ndarray, "ny nx"]:
    """The change, but 0 in every patch of it where no cell changes its side or none moves by `least_km`.

    About corners of the approved edge, off the line itself, distances differ a little though the line stays.
    """
    from scipy.ndimage import label

    patch, n = label(change > NOTICED_KM, structure=np.ones((3, 3)))
    kept = np.zeros((2, n + 1), bool)
    kept[0, patch[flipped]] = True
    kept[1, patch[change >= least_km]] = True
    kept[:, 0] = False
    return np.where((kept[0] & kept[1])[patch], change, 0.0)


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
