"""The land of a theatre: polygons to draw and to cut a map to."""

from __future__ import annotations

from pathlib import Path

from shapely.geometry.base import BaseGeometry

from isofront.errors import BadInputError
from isofront.ground.axes import lies_turned
from isofront.ground.polygons import Feature, clip_to_box, project_km, read_polygons
from isofront.ground.repair import merged
from isofront.theatre.anchor import frame_lonlat
from isofront.theatre.model import Theatre


def read_land(theatre: Theatre, folder: Path) -> BaseGeometry | None:
    """The theatre's land near its grid, in km; None if the theatre names no file.

    Raises:
        BadInputError: the file cannot be used.
    """
    if theatre.land is None:
        return None
    return project_km(land_near(theatre, read_polygons(folder / theatre.land), name=theatre.land), crs=theatre.crs)


def land_near(theatre: Theatre, features: tuple[Feature, ...], *, name: str) -> BaseGeometry:
    """Land polygons merged and cut to the theatre's surroundings, lon/lat."""
    near = [clip_to_box(feature.geometry, frame_lonlat(theatre)) for feature in features]
    near = [part for part in near if not part.is_empty]
    if not near:
        boxes = [feature.geometry.bounds for feature in features]
        hint = "; lat before lon, it seems" if lies_turned(boxes, theatre.bounds) else ""
        raise BadInputError(f"{name}: no land near the bounds {list(theatre.bounds)}, wanted land of that area{hint}")
    return merged(near, where=name)
