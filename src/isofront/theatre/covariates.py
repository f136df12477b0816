"""What is known of the ground beside the war: rasters of a theatre, brought onto its grid."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import numpy as np

from isofront.arrays import Float
from isofront.errors import BadInputError
from isofront.ground.grid import Grid
from isofront.theatre.model import Theatre

FORMATS = {"GTiff": "GeoTIFF", "AAIGrid": "ESRI ASCII grid", "SRTMHGT": "SRTM heights"}
"""What is read, by GDAL's names: of others, some lead on to other files or to the network, whatever they are called."""
MOST_PIXELS = 200_000_000
"""A larger raster would take gigabytes, and a few bytes can say that they are one."""
LEAST_COVER = 0.5
"""A raster that knows less of the grid than this is of somewhere else."""


def read_covariates(theatre: Theatre, folder: Path) -> dict[str, Float[np.ndarray, "ny nx"]]:
    """The theatre's covariates by name, averaged onto its cells; cells that a raster does not know get its mean.

    Raises:
        BadInputError: a raster cannot be read, or knows less than half of the grid.
    """
    return {one.name: read_covariate(folder / one.path, theatre.grid, name=one.path) for one in theatre.covariates}


def read_covariate(path: Path, grid: Grid, *, name: str) -> Float[np.ndarray, "ny nx"]:
    """The first band of a raster in one of `FORMATS` on the cells of a grid, row 0 south.

    Raises:
        BadInputError: it cannot be read, is too large, has no coordinate system, or knows less than `LEAST_COVER` of
            the grid.
    """
    values = _on_grid(path, grid, name=name)
    known = np.isfinite(values)
    if known.mean() < LEAST_COVER:
        raise BadInputError(
            f"{name}: knows {known.mean():.0%} of the theatre's cells, wanted {LEAST_COVER:.0%} or more"
        )
    return np.where(known, values, values[known].mean())


def _on_grid(path: Path, grid: Grid, *, name: str) -> Float[np.ndarray, "ny nx"]:
    from rasterio.errors import RasterioError
    from rasterio.transform import from_origin
    from rasterio.warp import Resampling, reproject

    west, _, _, north = grid.box_km
    place = from_origin(west * 1000, north * 1000, grid.cell_km * 1000, grid.cell_km * 1000)
    cells = np.full(grid.shape, np.nan)
    try:
        with _opened(path) as raster:
            if raster.width * raster.height > MOST_PIXELS:
                size = f"{raster.width:,} x {raster.height:,}"
                raise BadInputError(f"{name}: {size} pixels, wanted at most {MOST_PIXELS:,}: cut out the area first")
            if raster.crs is None:
                raise BadInputError(f"{name}: says no coordinate system, wanted a raster that lies somewhere")
            source = raster.read(1, masked=True).astype(np.float64).filled(np.nan)
            reproject(
                source, cells, src_transform=raster.transform, src_crs=raster.crs, src_nodata=np.nan,
                dst_transform=place, dst_crs=grid.crs, dst_nodata=np.nan, resampling=Resampling.average,
            )  # fmt: skip
    except RasterioError as fault:
        raise BadInputError(f"{name}: cannot be read as {', '.join(FORMATS.values())} ({fault})") from fault
    return np.flipud(cells)


def _opened(path: Path) -> Any:
    """The raster in whichever of the formats it has; if in none, what is wrong with it as a GeoTIFF is raised."""
    import rasterio
    from rasterio.errors import RasterioIOError

    first, *others = FORMATS
    for driver in others:
        with contextlib.suppress(RasterioIOError):
            return rasterio.open(path, driver=driver)
    return rasterio.open(path, driver=first)
