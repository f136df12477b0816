"""The grid of cells, and the one place where lon/lat becomes kilometres and back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from pyproj import Transformer
from pyproj.exceptions import CRSError

from isofront.arrays import Float, Int
from isofront.errors import BadInputError

MARGIN_KM = 5.0
"""How far the grid reaches past the projected bounds, at the least."""

Within = tuple[slice, slice]
"""Some rows and columns of cells (slices without a step)."""
EVERYWHERE: Within = (slice(None), slice(None))


@dataclass(frozen=True, slots=True)
class Bounds:
    """A lon/lat box in degrees: west, south, east, north."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, lon: float, lat: float) -> bool:
        """Whether the spot lies in the box, edge included."""
        return self.west <= lon <= self.east and self.south <= lat <= self.north


@dataclass(frozen=True, slots=True)
class Grid:
    """Square cells on a flat map in kilometres; row 0 is south, column 0 is west.

    `west_km, south_km` is the outer corner of cell (0, 0) in the projected `crs`.
    """

    crs: str
    west_km: float
    south_km: float
    cell_km: float
    nx: int
    ny: int

    @classmethod
    def covering(cls, bounds: Bounds, *, crs: str, cell_m: float, margin_km: float = MARGIN_KM) -> Grid:
        """The smallest grid on whole multiples of the cell that covers the bounds and the margin."""
        west, south, east, north = projected_box_km(bounds, crs=crs)
        box = west - margin_km, south - margin_km, east + margin_km, north + margin_km
        return cls.over(box, crs=crs, cell_km=cell_m / 1000)

    @classmethod
    def over(cls, box_km: tuple[float, float, float, float], *, crs: str, cell_km: float) -> Grid:
        """The smallest grid on whole multiples of the cell that covers a box: west, south, east, north, km."""
        west, south, east, north = box_km
        first_x, first_y = (math.floor(low / cell_km) for low in (west, south))
        last_x, last_y = (math.ceil(high / cell_km) for high in (east, north))
        return cls(crs, first_x * cell_km, first_y * cell_km, cell_km, last_x - first_x, last_y - first_y)

    @property
    def shape(self) -> tuple[int, int]:
        """(ny, nx)."""
        return self.ny, self.nx

    @property
    def east_km(self) -> Float[np.ndarray, " nx"]:
        """Cell-centre eastings, km."""
        return self.west_km + (np.arange(self.nx) + 0.5) * self.cell_km

    @property
    def north_km(self) -> Float[np.ndarray, " ny"]:
        """Cell-centre northings, km."""
        return self.south_km + (np.arange(self.ny) + 0.5) * self.cell_km

    @property
    def box_km(self) -> tuple[float, float, float, float]:
        """Outer edges: west, south, east, north, km."""
        return (
            self.west_km,
            self.south_km,
            self.west_km + self.nx * self.cell_km,
            self.south_km + self.ny * self.cell_km,
        )

    def part(self, rows: slice, columns: slice) -> Grid:
        """The cells of some rows and columns (slices without a step)."""
        first_row, last_row, _ = rows.indices(self.ny)
        first, last, _ = columns.indices(self.nx)
        west, south = self.west_km + first * self.cell_km, self.south_km + first_row * self.cell_km
        return Grid(self.crs, west, south, self.cell_km, max(last - first, 0), max(last_row - first_row, 0))

    def centres_km(self) -> tuple[Float[np.ndarray, "ny nx"], Float[np.ndarray, "ny nx"]]:
        """Easting and northing of every cell centre, km."""
        east, north = np.meshgrid(self.east_km, self.north_km)
        return east, north

    def centres_of(self, cells: Int[np.ndarray, "n 2"]) -> Float[np.ndarray, "n 2"]:
        """East and north of the centres of some cells (row, column), km."""
        return np.column_stack([self.east_km[cells[:, 1]], self.north_km[cells[:, 0]]])

    def all_centres(self) -> Float[np.ndarray, "n 2"]:
        """East and north of every cell's centre, row by row, km."""
        east, north = self.centres_km()
        return np.column_stack([east.ravel(), north.ravel()])

    def cell_of(self, east_km: float, north_km: float) -> tuple[int, int] | None:
        """(row, column) of the cell that holds a spot, or None outside the grid."""
        if not (math.isfinite(east_km) and math.isfinite(north_km)):
            return None
        column = math.floor((east_km - self.west_km) / self.cell_km)
        row = math.floor((north_km - self.south_km) / self.cell_km)
        return (row, column) if 0 <= row < self.ny and 0 <= column < self.nx else None

    def nearest_cells(self, spots_km: Float[np.ndarray, "n 2"]) -> Int[np.ndarray, "n 2"]:
        """(row, column) of the cell that holds each spot (east, north), of the nearest for one outside the grid."""
        rows = np.clip(((spots_km[:, 1] - self.south_km) / self.cell_km).astype(int), 0, self.ny - 1)
        columns = np.clip(((spots_km[:, 0] - self.west_km) / self.cell_km).astype(int), 0, self.nx - 1)
        return np.column_stack([rows, columns])

    def to_km(self, lon: float, lat: float) -> tuple[float, float]:
        """Easting and northing in km of one lon/lat spot."""
        east, north = to_km(np.array([lon]), np.array([lat]), crs=self.crs)
        return float(east[0]), float(north[0])

    def to_lonlat(self, east_km: float, north_km: float) -> tuple[float, float]:
        """Lon and lat in degrees of one spot on the flat map."""
        lon, lat = to_lonlat(np.array([east_km]), np.array([north_km]), crs=self.crs)
        return float(lon[0]), float(lat[0])


def to_km(
    lon: Float[np.ndarray, " n"], lat: Float[np.ndarray, " n"], *, crs: str
) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"]]:
    """Project degrees to kilometres east and north; far-off spots become inf, never an error."""
    east, north = _transformer(crs).transform(np.asarray(lon, float), np.asarray(lat, float))
    return np.asarray(east) / 1000, np.asarray(north) / 1000


def to_lonlat(
    east_km: Float[np.ndarray, " n"], north_km: Float[np.ndarray, " n"], *, crs: str
) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"]]:
    """The inverse of `to_km`."""
    lon, lat = _transformer(crs).transform(
        np.asarray(east_km, float) * 1000, np.asarray(north_km, float) * 1000, direction="INVERSE"
    )
    return np.asarray(lon), np.asarray(lat)


def bounds_of(spots_km: Float[np.ndarray, "n 2"], *, crs: str) -> Bounds:
    """The degrees that spots (km) span. What lies over the antimeridian is left out: degrees do not go on there."""
    lon, lat = to_lonlat(spots_km[:, 0], spots_km[:, 1], crs=crs)
    middle = (spots_km.min(axis=0) + spots_km.max(axis=0)) / 2
    lon = counted_on(lon, about=float(to_lonlat(middle[:1], middle[1:], crs=crs)[0][0]))
    west, south, east, north = (float(one) for one in (lon.min(), lat.min(), lon.max(), lat.max()))
    return Bounds(max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0))


def counted_on(lon: Float[np.ndarray, " n"], *, about: float) -> Float[np.ndarray, " n"]:
    """Longitudes counted on over the antimeridian, so that none is half a turn from another: 180.3 beside 179.9."""
    return np.asarray(np.where(lon - about > 180, lon - 360, np.where(lon - about < -180, lon + 360, lon)))


def projected_box_km(bounds: Bounds, *, crs: str) -> tuple[float, float, float, float]:
    """The box round the projected bounds (their edges densified): west, south, east, north, km."""
    box = _transformer(crs).transform_bounds(bounds.west, bounds.south, bounds.east, bounds.north, densify_pts=101)
    west, south, east, north = (metres / 1000 for metres in box)
    return west, south, east, north


@lru_cache(maxsize=32)
def _transformer(crs: str) -> Transformer:
    try:
        return Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    except CRSError as fault:
        raise BadInputError(f"crs {crs!r}: not a coordinate system that PROJ knows ({fault})") from fault
