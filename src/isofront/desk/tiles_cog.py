"""A GeoTIFF as map tiles: warped to Web Mercator, read from the overview that is fine enough, sent as PNG."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from isofront.errors import BadInputError

SIZE = 256
HALF_WORLD_M = 20037508.342789244
BARE_PIXELS = 6000
"""A larger file without overviews is refused: each tile of a low zoom would read all of it."""
DARKEST, BRIGHTEST = 2.0, 98.0
"""Percentiles of what is not 8 bits deep that become black and white."""


class CogTiles:
    """A georeferenced TIFF of one, three or four bands."""

    kind = "cog"

    def __init__(self, path: Path) -> None:
        self.path, self.name, self.credit = path, path.stem, ""
        with self._opened() as file:
            if file.crs is None:
                raise BadInputError(
                    f"{path.name}: says nothing of where it lies, wanted a GeoTIFF with its coordinates"
                )
            self._overviews = file.overviews(1)
            if max(file.width, file.height) > BARE_PIXELS and not self._overviews:
                raise BadInputError(
                    f"{path.name}: {file.width} x {file.height} pixels without overviews; "
                    "make it a COG first: gdal_translate -of COG IN.tif OUT.tif"
                )
            self._box, self._pixel_m = self._extent(file)
            self.bounds: tuple[float, float, float, float] | None = self._box
            self._range = None if file.dtypes[0] == "uint8" else self._stretch(file)
        self.min_zoom = 0
        self.max_zoom = max(1, min(22, math.ceil(math.log2(2 * HALF_WORLD_M / SIZE / self._pixel_m))))

    def _opened(self, **options: Any) -> Any:
        """The file by the GeoTIFF driver alone: no other driver may be led to other files by it."""
        import rasterio
        from rasterio.errors import RasterioIOError

        try:
            return rasterio.open(self.path, driver="GTiff", **options)
        except RasterioIOError as fault:
            raise BadInputError(f"{self.path.name}: cannot be read as a GeoTIFF ({fault})") from fault

    def _extent(self, file: Any) -> tuple[tuple[float, float, float, float], float]:
        from rasterio.errors import RasterioError
        from rasterio.warp import calculate_default_transform, transform_bounds

        try:
            degrees = transform_bounds(file.crs, "EPSG:4326", *file.bounds)
            told, _, _ = calculate_default_transform(file.crs, "EPSG:3857", file.width, file.height, *file.bounds)
        except (RasterioError, ValueError) as fault:
            raise BadInputError(f"{self.path.name}: where it lies cannot be told ({fault})") from fault
        west, south, east, north = (float(one) for one in degrees)
        return (west, max(south, -85.0), east, min(north, 85.0)), float(told.a)

    def _stretch(self, file: Any) -> tuple[float, float]:
        some = file.read(1, out_shape=(min(512, file.height), min(512, file.width)), masked=True)
        values = some.compressed() if np.ma.isMaskedArray(some) else np.asarray(some).ravel()
        values = values[np.isfinite(values.astype(float))]
        if not len(values):
            return 0.0, 1.0
        low, high = np.percentile(values, (DARKEST, BRIGHTEST))
        return float(low), float(max(high, low + 1e-9))

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """The picture of a tile (row 0 in the north), or None where the file does not reach."""
        west, south, east, north = _box_m(z, x, y)
        if not self._reaches(west, south, east, north):
            return None
        from rasterio.errors import RasterioError
        from rasterio.transform import from_bounds
        from rasterio.vrt import WarpedVRT
        from rasterio.warp import Resampling

        level = self._level((east - west) / SIZE)
        try:
            with (
                self._opened(**({} if level is None else {"overview_level": level})) as file,
                WarpedVRT(
                    file,
                    crs="EPSG:3857",
                    transform=from_bounds(west, south, east, north, SIZE, SIZE),
                    width=SIZE,
                    height=SIZE,
                    resampling=Resampling.bilinear,
                    add_alpha=file.nodata is None and file.count in (1, 3),
                ) as warped,
            ):
                return _png(self._rgba(warped))
        except RasterioError as fault:
            raise BadInputError(f"{self.path.name}: damaged ({fault})") from fault

    def _reaches(self, west: float, south: float, east: float, north: float) -> bool:
        lon = [one / HALF_WORLD_M * 180 for one in (west, east)]
        lat = [
            math.degrees(2 * math.atan(math.exp(one / HALF_WORLD_M * math.pi)) - math.pi / 2) for one in (south, north)
        ]
        bounds = self._box
        return lon[0] < bounds[2] and lon[1] > bounds[0] and lat[0] < bounds[3] and lat[1] > bounds[1]

    def _level(self, wanted_m: float) -> int | None:
        """The coarsest overview that is still as fine as the tile; None: the picture itself."""
        fine = [k for k, factor in enumerate(self._overviews) if factor * self._pixel_m <= wanted_m]
        return fine[-1] if fine else None

    def _rgba(self, warped: Any) -> np.ndarray:
        bands = warped.read().astype(float)
        alpha = warped.dataset_mask() if warped.count in (1, 3) else bands[-1]
        colours = bands[:3] if warped.count >= 3 else np.repeat(bands[:1], 3, axis=0)
        if self._range is not None:
            low, high = self._range
            colours = (colours - low) / (high - low) * 255
        shown = np.clip(np.nan_to_num(colours), 0, 255)
        return np.concatenate([shown, np.clip(alpha, 0, 255)[None]]).astype("uint8")


def _box_m(z: int, x: int, y: int) -> tuple[float, float, float, float]:
    side = 2 * HALF_WORLD_M / (1 << z)
    west, north = x * side - HALF_WORLD_M, HALF_WORLD_M - y * side
    return west, north - side, west + side, north


def _png(rgba: np.ndarray) -> bytes:
    from rasterio.io import MemoryFile
    from rasterio.transform import from_bounds

    place = from_bounds(0, 0, 1, 1, SIZE, SIZE)  # a PNG has none, but without any GDAL warns
    with MemoryFile() as memory:
        with memory.open(driver="PNG", width=SIZE, height=SIZE, count=4, dtype="uint8", transform=place) as file:
            file.write(rgba)
        return bytes(memory.read())
