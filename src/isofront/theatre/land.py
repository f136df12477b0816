"""The land of a theatre: polygons to draw, and where its ground ends."""

from __future__ import annotations

from pathlib import Path

from shapely.geometry.base import BaseGeometry

from isofront.ground.polygons import project_km
from isofront.theatre.coast import land_lonlat
from isofront.theatre.model import Theatre


def read_land(theatre: Theatre, folder: Path) -> BaseGeometry | None:
    """The theatre's land near its grid, in km; None if the theatre names no file.

    Raises:
        BadInputError: the file cannot be used.
    """
    land = land_lonlat(theatre, folder)
    return None if land is None else project_km(land, crs=theatre.crs)
