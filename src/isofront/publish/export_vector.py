"""Layers of a map folder as GeoParquet 1.1, FlatGeobuf and PMTiles, each with its stamp in columns and metadata."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from isofront.errors import IsofrontError
from isofront.publish.export_folder import MapFolder
from isofront.publish.feature import Layer

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

MAX_ZOOM = 12
"""At zoom 12 a tile's unit is a metre or two: finer than the maps."""

MAX_TILE_BYTES, MAX_TILE_FEATURES = 50_000_000, 10_000_000
"""GDAL coarsens tiles over its limits without saying so; these are out of reach for any map."""


def frame_of(layer: Layer) -> GeoDataFrame:
    """A layer as rows; columns in the order in which features name them; lists and the like as text."""
    import geopandas

    names = list(dict.fromkeys(name for one in layer.features for name in one.properties))
    rows = {name: [_cell(one.properties.get(name)) for one in layer.features] for name in names}
    return geopandas.GeoDataFrame(rows, geometry=[one.geometry for one in layer.features], crs="EPSG:4326")


def _cell(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def parquet_bytes(layer: Layer, folder: MapFolder) -> bytes:
    """GeoParquet 1.1: WKB in degrees, a bbox column, the facts as file metadata."""
    from pyarrow import parquet

    first = io.BytesIO()
    frame_of(layer).to_parquet(first, index=False, schema_version="1.1.0", write_covering_bbox=True, compression="zstd")
    first.seek(0)
    rows = parquet.read_table(first)
    facts = {f"isofront:{key}".encode(): value.encode() for key, value in folder.facts.items()}
    target = io.BytesIO()
    parquet.write_table(rows.replace_schema_metadata((rows.schema.metadata or {}) | facts), target, compression="zstd")
    return target.getvalue()


def flatgeobuf_bytes(layer: Layer, folder: MapFolder) -> bytes:
    """FlatGeobuf with a spatial index; its title and description say what it is."""
    options = {"TITLE": layer.name, "DESCRIPTION": folder.title, "SPATIAL_INDEX": "YES"}
    return _by_gdal("FlatGeobuf", layer, f"{layer.name}.fgb", options)


def pmtiles_of(layers: Sequence[Layer], folder: MapFolder) -> dict[str, bytes]:
    """Each layer by its name as vector tiles in one PMTiles archive, zoom 0 to 12, by GDAL.

    In a process of its own: where maps are read, GDAL is started without the drivers that this needs.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pending = {one.name: pool.submit(_pmtiles, one, folder.title) for one in layers}
        return {name: one.result() for name, one in pending.items()}


def _pmtiles(layer: Layer, title: str) -> bytes:
    options = {
        "NAME": layer.name,
        "DESCRIPTION": title,
        "MINZOOM": "0",
        "MAXZOOM": str(MAX_ZOOM),
        "MAX_SIZE": str(MAX_TILE_BYTES),
        "MAX_FEATURES": str(MAX_TILE_FEATURES),
    }
    return _by_gdal("PMTiles", layer, f"{layer.name}.pmtiles", options)


def _by_gdal(driver: str, layer: Layer, name: str, options: Mapping[str, str]) -> bytes:
    import pyogrio

    try:
        with tempfile.TemporaryDirectory(prefix="isofront-") as folder:
            path = Path(folder) / name
            kinds = {one.geometry.geom_type.removeprefix("Multi") for one in layer.features}
            pyogrio.write_dataframe(
                frame_of(layer),
                path,
                layer=layer.name,
                driver=driver,
                promote_to_multi=len(kinds) == 1 and kinds <= {"Polygon", "LineString"},
                **_options(driver, options),
            )
            return path.read_bytes()
    except (OSError, RuntimeError, ValueError) as fault:
        raise IsofrontError(f"{name}: cannot be made ({fault})") from fault


def _options(driver: str, options: Mapping[str, str]) -> dict[str, Any]:
    """Those of PMTiles are the file's, those of FlatGeobuf the layer's."""
    return {"dataset_options" if driver == "PMTiles" else "layer_options": dict(options)}
