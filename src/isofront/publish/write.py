"""Every file of one sheet, each made in memory first and put in place whole."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from isofront.ground.files import write_atomically
from isofront.publish.feature import Layer
from isofront.publish.geojson import geojson_bytes, readable_bytes
from isofront.publish.geopackage import geopackage_bytes
from isofront.publish.geoparquet import geoparquet_bytes
from isofront.publish.layers import layers_of, sheet_properties
from isofront.publish.pockets import pockets_record
from isofront.publish.raster import control_tif
from isofront.publish.road_layers import road_layers
from isofront.publish.sheet import Sheet
from isofront.publish.summary import summary_bytes
from isofront.publish.width_raster import width_rasters

GEOJSON_LAYERS = ("areas", "front", "infiltration", "unobserved", "out_of_range")


Begin = Callable[[Callable[[Sheet], bytes], Sheet], Callable[[], bytes]]
"""Begins a picture of a sheet, here or elsewhere; what comes back waits for it."""


def write_sheet(sheet: Sheet, out: Path, begin: Begin = partial) -> tuple[Path, ...]:
    """Write every file of the sheet but the page into `out`, and return their paths.

    Pictures are begun first, and drawn when they are written unless `begin` has them drawn meanwhile.

    Raises:
        IsofrontError: the folder cannot be written; no file is left half written.
    """
    layers = layers_of(sheet)
    paths = []
    for name, make in _makers(sheet, layers, begin).items():
        write_atomically(out / name, make())
        paths.append(out / name)
    return tuple(paths)


def _makers(sheet: Sheet, layers: dict[str, Layer], begin: Begin) -> dict[str, Callable[[], bytes]]:
    """File name to what makes its bytes, in the order written."""
    from isofront.publish.picture import map_png, map_svg

    about = sheet_properties(sheet)
    vectors = {f"{name}.geojson": lambda name=name: geojson_bytes(layers[name], about=about) for name in GEOJSON_LAYERS}
    roads = {f"{name}.geojson": _geojson(layer, about) for name, layer in road_layers(sheet).items()}
    return {
        "control.tif": lambda: control_tif(sheet),
        **width_rasters(sheet),
        **vectors,
        **roads,
        "pockets.geojson": lambda: geojson_bytes(_pocket_layer(layers), about=about),
        "pockets.json": lambda: readable_bytes((pockets_record(sheet) or {}) | about),
        "summary.json": lambda: summary_bytes(sheet),
        "areas.parquet": lambda: geoparquet_bytes(layers["areas"], sheet),
        "front.parquet": lambda: geoparquet_bytes(layers["front"], sheet),
        "map.gpkg": lambda: geopackage_bytes(layers, sheet),
        "map.png": begin(map_png, sheet),
        "map.svg": begin(map_svg, sheet),
    }


def _geojson(layer: Layer, about: dict[str, Any]) -> Callable[[], bytes]:
    return lambda: geojson_bytes(layer, about=about)


def _pocket_layer(layers: dict[str, Layer]) -> Layer:
    """Pockets, the chords of their necks and the tips, in one layer."""
    return Layer("pockets", tuple(one for name in ("pockets", "necks", "tips") for one in layers[name].features))
