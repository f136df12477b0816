"""The field as a Cloud-Optimized GeoTIFF: the one place where rows are turned so that north is up."""

from __future__ import annotations

from typing import Any

import numpy as np

from isofront.arrays import Float32
from isofront.control.field import Field
from isofront.errors import IsofrontError
from isofront.ground.grid import Grid
from isofront.publish.sheet import Sheet
from isofront.publish.stamp import stamp_facts, stamp_text

BLOCK = 256


def band_names(field: Field) -> tuple[str, ...]:
    """The bands of `control.tif`, in order."""
    first, second = field.sides
    return (f"control_{first}", f"p_{first}", "p_grey", f"p_{second}", "unobserved")


def bands_north_up(field: Field) -> Float32[np.ndarray, "5 ny nx"]:
    """The five bands, row 0 north."""
    bands = (field.control[0], field.p_held[0], field.p_grey, field.p_held[1], field.unobserved)
    return np.ascontiguousarray(np.stack(bands)[:, ::-1, :], dtype=np.float32)


def control_tif(sheet: Sheet) -> bytes:
    """The whole grid in the theatre's CRS (metres), float32, tiled, with overviews."""
    return cog(bands_north_up(sheet.field), band_names(sheet.field), sheet.field.grid, _tags(sheet))


def cog(bands: Float32[np.ndarray, "5 ny nx"], names: tuple[str, ...], grid: Grid, tags: dict[str, str]) -> bytes:
    """Bands (row 0 north) on a grid as the bytes of a Cloud-Optimized GeoTIFF."""
    from rasterio.io import MemoryFile

    _refuse_holes(bands, names)
    with MemoryFile() as memory:
        with memory.open(**cog_profile(grid, bands=5, overviews="AVERAGE")) as file:
            file.write(bands)
            file.update_tags(**tags)
            for number, name in enumerate(names, start=1):
                file.set_band_description(number, name)
        return bytes(memory.read())


def cog_profile(grid: Grid, *, bands: int, overviews: str) -> dict[str, Any]:
    """How float32 bands on a grid, row 0 north, are written as a Cloud-Optimized GeoTIFF."""
    from rasterio.transform import from_origin

    west, _, _, north = grid.box_km
    cell_m = grid.cell_km * 1000
    return {
        "driver": "COG",
        "dtype": "float32",
        "count": bands,
        "width": grid.nx,
        "height": grid.ny,
        "crs": grid.crs,
        "transform": from_origin(west * 1000, north * 1000, cell_m, cell_m),
        "blocksize": BLOCK,
        "compress": "DEFLATE",
        "predictor": "FLOATING_POINT",
        "overview_resampling": overviews,
        "num_threads": 1,
    }


def _tags(sheet: Sheet) -> dict[str, str]:
    facts = {key.upper(): value for key, value in stamp_facts(sheet).items()}
    return facts | {"TIFFTAG_IMAGEDESCRIPTION": f"{stamp_text(sheet)}: {sheet.theatre.name}, {facts['AS_OF']}"}


def _refuse_holes(bands: Float32[np.ndarray, "5 ny nx"], names: tuple[str, ...]) -> None:
    for band, name in zip(bands, names, strict=True):
        if not np.isfinite(band).all():
            raise IsofrontError(
                f"control.tif: band {name} is not finite in every cell; the field is unfit to be written"
            )
