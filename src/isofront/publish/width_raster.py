"""The corridor-width field as a Cloud-Optimized GeoTIFF, north up: a band for each rule, km."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from isofront.front.rules import Widths
from isofront.publish.raster import cog_profile
from isofront.publish.sheet import Sheet
from isofront.publish.stamp import stamp_facts


def width_rasters(sheet: Sheet) -> dict[str, Callable[[], bytes]]:
    """`corridor_<side>.tif` of each side, and what makes its bytes; none where necks were not measured."""
    found = sheet.pockets.widths if sheet.pockets else ()
    return {f"corridor_{one.side}.tif": partial(widths_tif, one, stamp_facts(sheet)) for one in found}


def widths_tif(widths: Widths, facts: Mapping[str, str]) -> bytes:
    """The field as float32, tiled, with overviews; nodata (NaN) where open, not free, or off the land."""
    from rasterio.io import MemoryFile

    profile = cog_profile(widths.grid, bands=len(widths.km), overviews="NEAREST") | {"nodata": float("nan")}
    with MemoryFile() as memory:
        with memory.open(**profile) as file:
            file.update_tags(**_tags(widths, facts))
            for number, (rule, km) in enumerate(widths.km.items(), start=1):
                file.write(np.ascontiguousarray(km[::-1], dtype=np.float32), number)
                file.set_band_description(number, f"neck_{rule.value}")
                file.set_band_unit(number, "km")
        return bytes(memory.read())


def _tags(widths: Widths, facts: Mapping[str, str]) -> dict[str, str]:
    told = {key.upper(): value for key, value in facts.items()}
    words = f"{told['STAMP']}: width (km) of the way to the rear; nodata is open, not free, or off the land"
    return told | ({"SIDE": widths.side} if widths.side else {}) | {"TIFFTAG_IMAGEDESCRIPTION": words}
