"""What does not move: cells, kilometres, places, barriers, and polygons as others draw them.

In: bounds and a CRS, polygon files, names of places, barriers. Out: a `Grid` (row 0 south, km), distances between
spots (`Distance` is the one place that knows how far a is from b, so that rivers can act), distances to a border, valid
polygons read from files that are taken for hostile, places by name, and files written whole or not at all.
"""

from typing import TYPE_CHECKING

from isofront.rooms import given_by

if TYPE_CHECKING:
    from isofront.ground.distance import Distance, wall
    from isofront.ground.distance_field import inner_border_km, inside_cells, redistance, signed_distance_km
    from isofront.ground.files import write_atomically
    from isofront.ground.grid import Bounds, Grid, projected_box_km, to_km, to_lonlat
    from isofront.ground.places import Places
    from isofront.ground.polygons import Feature, clip_to_box, project_km, read_polygons
else:
    __getattr__ = given_by(__name__)

__all__ = [
    "Bounds",
    "Distance",
    "Feature",
    "Grid",
    "Places",
    "clip_to_box",
    "inner_border_km",
    "inside_cells",
    "project_km",
    "projected_box_km",
    "read_polygons",
    "redistance",
    "signed_distance_km",
    "to_km",
    "to_lonlat",
    "wall",
    "write_atomically",
]
