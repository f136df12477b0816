"""Where scores are taken: the cells inside the bounds, and what a mapper's polygons say of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Bool, Float
from isofront.errors import BadInputError
from isofront.ground.distance_field import distance_km, inside_cells, segments_km
from isofront.ground.grid import Bounds, Grid, to_lonlat
from isofront.ground.polygons import clip_to_box, project_km

FRAME_STEP_DEG = 0.01
"""The bounds' sides bend on the flat map: they are followed in steps this long."""
ROOM_DEG = 0.5
"""How far past the bounds a reference's polygons are read: cuts there touch no cell that counts."""


@dataclass(frozen=True, slots=True)
class ScoredGround:
    """The cells of a grid that count: `inside` the bounds, and each cell's distance (km) to the bounds' outline."""

    grid: Grid
    bounds: Bounds
    inside: Bool[np.ndarray, "ny nx"]
    depth_km: Float[np.ndarray, "ny nx"]


def scored_ground(bounds: Bounds, grid: Grid) -> ScoredGround:
    """Which cells of the grid have their centre in the bounds, and how far from the bounds' outline each lies, km.

    Raises:
        BadInputError: none has.
    """
    east, north = grid.centres_km()
    lon, lat = to_lonlat(east.ravel(), north.ravel(), crs=grid.crs)
    inside = (lon >= bounds.west) & (lon <= bounds.east) & (lat >= bounds.south) & (lat <= bounds.north)
    if not inside.any():
        raise BadInputError(f"bounds {bounds}: no cell of the grid lies inside, wanted bounds that meet the grid")
    outline = shapely.segmentize(shapely.box(bounds.west, bounds.south, bounds.east, bounds.north), FRAME_STEP_DEG)
    depth = distance_km(grid, segments_km(shapely.boundary(project_km(outline, crs=grid.crs))))
    return ScoredGround(grid, bounds, inside.reshape(grid.shape), depth)


def held_cells(polygons_km: BaseGeometry, ground: ScoredGround) -> Bool[np.ndarray, "ny nx"]:
    """The cells inside the bounds whose centre lies in polygons (km); a cell outside the bounds is never held."""
    return np.asarray(inside_cells(ground.grid, polygons_km) & ground.inside)


def held_cells_lonlat(polygons: BaseGeometry, ground: ScoredGround) -> Bool[np.ndarray, "ny nx"]:
    """As `held_cells`, from polygons in degrees; only what lies near the bounds is projected."""
    box = ground.bounds
    near = clip_to_box(polygons, (box.west - ROOM_DEG, box.south - ROOM_DEG, box.east + ROOM_DEG, box.north + ROOM_DEG))
    return held_cells(project_km(near, crs=ground.grid.crs), ground)
