"""The corridor-width field as a Cloud-Optimized GeoTIFF, north up: a band for each rule, km."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from isofront.front.rules import Widths
from isofront.publish.sheet import Sheet
from isofront.publish.stamp import stamp_facts

BLOCK = 256


def width_rasters(sheet: Sheet) -> dict[str, Callable[[], bytes]]:
    """`corridor_<side>.tif` of each side, and what makes its bytes; none where necks were not measured."""
    found = sheet.pockets.widths if sheet.pockets else ()
    return {f"corridor_{one.side}.tif": partial(widths_tif, one, stamp_facts(sheet)) for one in found}


def widths_tif(widths: Widths, facts: Mapping[str, str]) -> bytes:
    """The field as float32, tiled, with overviews; nodata (NaN) where open, not free, or off the land."""
    from rasterio.io import MemoryFile

    with MemoryFile() as memory:
        with memory.open(**_profile(widths)) as file:
            file.update_tags(**_tags(widths, facts))
            for number, (rule, km) in enumerate(widths.km.items(), start=1):
                file.write(np.ascontiguousarray(km[::-1], dtype=np.float32), number)
                file.set_band_description(number, f"neck_{rule.value}")
                file.set_band_unit(number, "km")
        return bytes(memory.read())


def _profile(widths: Widths) -> dict[str, object]:
    from rasterio.transform import from_origin

    west, _, _, north = widths.grid.box_km
    cell_m = widths.grid.cell_km * 1000
    return {
        "driver": "COG",
        "dtype": "float32",
        "count": len(widths.km),
        "width": widths.grid.nx,
        "height": widths.grid.ny,
        "crs": widths.grid.crs,
        "transform": from_origin(west * 1000, north * 1000, cell_m, cell_m),
        "nodata": float("nan"),
        "blocksize": BLOCK,
        "compress": "DEFLATE",
        "predictor": "FLOATING_POINT",
        "overview_resampling": "NEAREST",
        "num_threads": 1,
    }


def _tags(widths: Widths, facts: Mapping[str, str]) -> dict[str, str]:
    told = {key.upper(): value for key, value in facts.items()}
    words = f"{told['STAMP']}: width (km) of the way to the rear; nodata is open, not free, or off the land"
    return told | ({"SIDE": widths.side} if widths.side else {}) | {"TIFFTAG_IMAGEDESCRIPTION": words}
