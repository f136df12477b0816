"""Which part of the flat map is shown, and how large."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.ground.grid import projected_box_km
from isofront.publish.sheet import Sheet


@dataclass(frozen=True, slots=True)
class View:
    """The box of the flat map that is shown (km), and how many points a kilometre takes."""

    box_km: tuple[float, float, float, float]
    points_per_km: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        west, south, east, north = self.box_km
        return (east - west) * self.points_per_km, (north - south) * self.points_per_km

    @property
    def ground(self) -> BaseGeometry:
        """The box as a polygon, km."""
        return shapely.box(*self.box_km)

    def in_points(self, geometry: BaseGeometry) -> BaseGeometry:
        """Kilometres to points from the lower left corner."""
        corner = np.array(self.box_km[:2])
        return shapely.transform(geometry, lambda km: (km - corner) * self.points_per_km)


def view_of(sheet: Sheet, *, width_pt: float, height_pt: float = 0.0) -> View:
    """The theatre's bounds, so scaled that they are `width_pt` wide; taller, up to the grid, if `height_pt` asks."""
    west, south, east, north = projected_box_km(sheet.theatre.box, crs=sheet.field.grid.crs)
    scale = width_pt / (east - west)
    _, lowest, _, highest = sheet.field.grid.box_km
    more = max(0.0, height_pt / scale - (north - south)) / 2
    room = max(0.0, min(more, south - lowest, highest - north))
    return View((west, south - room, east, north + room), scale)
