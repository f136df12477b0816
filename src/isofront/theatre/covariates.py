"""What is known of the ground beside the war: rasters of a theatre, brought onto its grid."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from isofront.arrays import Float
from isofront.errors import BadInputError
from isofront.ground.grid import Grid
from isofront.theatre.model import Theatre

LEAST_COVER = 0.5
"""A raster that knows less of the grid than this is of somewhere else."""


def read_covariates(theatre: Theatre, folder: Path) -> dict[str, Float[np.ndarray, "ny nx"]]:
    """The theatre's covariates by name, averaged onto its cells; cells that a raster does not know get its mean.

    Raises:
        BadInputError: a raster cannot be read, or knows less than half of the grid.
    """
    return {one.name: read_covariate(folder / one.path, theatre.grid, name=one.path) for one in theatre.covariates}


def read_covariate(path: Path, grid: Grid, *, name: str) -> Float[np.ndarray, "ny nx"]:
    """The first band of a GeoTIFF (or anything rasterio reads) on the cells of a grid, row 0 south.

    Raises:
        BadInputError: it cannot be read, has no coordinate system, or knows less than `LEAST_COVER` of the grid.
    """
    values = _on_grid(path, grid, name=name)
    known = np.isfinite(values)
    if known.mean() < LEAST_COVER:
        raise BadInputError(
            f"{name}: knows {known.mean():.0%} of the theatre's cells, wanted {LEAST_COVER:.0%} or more"
        )
    return np.where(known, values, values[known].mean())


def _on_grid(path: Path, grid: Grid, *, name: str) -> Float[np.ndarray, "ny nx"]:
    import rasterio
    from rasterio.errors import RasterioError
    from rasterio.transform import from_origin
    from rasterio.warp import Resampling, reproject

    west, _, _, north = grid.box_km
    place = from_origin(west * 1000, north * 1000, grid.cell_km * 1000, grid.cell_km * 1000)
    cells = np.full(grid.shape, np.nan)
    try:
        with rasterio.open(path) as raster:
            if raster.crs is None:
                raise BadInputError(f"{name}: says no coordinate system, wanted a raster that lies somewhere")
            source = raster.read(1, masked=True).astype(np.float64).filled(np.nan)
            reproject(
                source, cells, src_transform=raster.transform, src_crs=raster.crs, src_nodata=np.nan,
                dst_transform=place, dst_crs=grid.crs, dst_nodata=np.nan, resampling=Resampling.average,
            )  # fmt: skip
    except RasterioError as fault:
        raise BadInputError(f"{name}: cannot be read as a raster ({fault})") from fault
    return np.flipud(cells)
