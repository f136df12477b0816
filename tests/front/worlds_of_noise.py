"""Random smooth fields with a known answer, for the front room's laws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from scipy.ndimage import gaussian_filter
from scipy.special import ndtr

from isofront.control.field import Field
from isofront.front import anchor_areas
from isofront.front.contours import region_between
from isofront.front.shapes import Area
from isofront.ground.distance_field import inner_border_km, redistance, signed_distance_km
from isofront.ground.grid import Grid

SIDES = ("red", "blue")
GRID = Grid("EPSG:32637", west_km=300.0, south_km=5300.0, cell_km=0.25, nx=120, ny=100)
FRAME = shapely.segmentize(shapely.box(302.3, 5302.1, 327.7, 5322.9), 5.0)


def smooth_km(seed: int, *, grid: Grid = GRID, cells: float = 12.0) -> np.ndarray:
    """A random field as a signed distance, km."""
    noise = gaussian_filter(np.random.default_rng(seed).normal(size=grid.shape), cells, mode="wrap")
    return redistance(grid, noise / noise.std())


def field_of(
    phi: np.ndarray, *, half_km: np.ndarray | float = 0.0, touched: np.ndarray | None = None, grid: Grid = GRID
) -> Field:
    """Both edges `half_km` off the zero line of `phi`, each blurred by a kilometre."""
    held = [np.round(ndtr(phi - half_km), 4), np.round(ndtr(-phi - half_km), 4)]
    over = np.maximum(held[0] + held[1] - 1, 0)
    held = [(p - over / 2).astype(np.float32) for p in held]
    grey = (1 - held[0] - held[1]).astype(np.float32)
    return Field(
        grid=grid,
        sides=SIDES,
        p_held=np.stack(held),
        p_grey=grey,
        control=np.stack([p + grey / 2 for p in held]),
        p_present=np.stack([p + grey * np.float32(0.7) for p in held]),
        unobserved=np.clip(phi / 10, 0, 1).astype(np.float32),
        grey_reason=np.where((held[0] < 0.5) & (held[1] < 0.5), 1, 0).astype(np.uint8),
        touched=np.ones(grid.shape, bool) if touched is None else touched,
    )


def anchor_of(phi: np.ndarray, *, rough_km: float = 0.2, grid: Grid = GRID, frame=FRAME) -> tuple[Area, ...]:
    """An anchor with long edges and odd vertices, as a mapper draws them."""
    drawn = shapely.simplify(region_between(grid, phi), rough_km)
    jittered = shapely.transform(drawn, lambda xy: xy + 1e-4 * np.sin(xy * 7919))
    return anchor_areas({"red": jittered}, None, sides=SIDES, frame=frame, holder="red")


def distance_to(areas: tuple[Area, ...], *, grid: Grid = GRID, frame=FRAME) -> np.ndarray:
    """Signed distance to the first side's edge, as the engine would have it."""
    held = shapely.union_all([area.geometry for area in areas if area.side == SIDES[0]])
    return np.clip(signed_distance_km(grid, held, inner_border_km(held, frame), frame=frame), -99, 99)


def bump(east: float, north: float, *, km: float, width_km: float, grid: Grid = GRID) -> np.ndarray:
    """A smooth push of the line about a spot, cut off where it no longer matters."""
    x, y = grid.centres_km()
    push = km * np.exp(-((x - east) ** 2 + (y - north) ** 2) / 2 / width_km**2)
    return np.where(np.abs(push) > 0.01, push, 0.0)


def swapped(field: Field) -> Field:
    """The same ground with the sides' places exchanged."""
    return replace(
        field,
        sides=field.sides[::-1],
        p_held=field.p_held[::-1].copy(),
        control=field.control[::-1].copy(),
        p_present=field.p_present[::-1].copy(),
    )
