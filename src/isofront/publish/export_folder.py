"""A map folder as `map` wrote it, read back: layers in degrees, the facts every file must say, whose sides it shows."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

from isofront.errors import BadInputError
from isofront.publish.feature import Feature, Layer

NOTICE = "not for navigation, evacuation or targeting"
FACTS = ("as_of", "known_by", "state", "simulated", "stamp")
MOST_BYTES = 500_000_000
PLACE_KEYS = ("name", "status", "p")
_FAULTS = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, ShapelyError)
"""What a feature that is none makes shapely stumble over."""


@dataclass(frozen=True, slots=True)
class MapFolder:
    """One day of a map, out of its files. `facts` are for the metadata of any format; `sides` in the map's order."""

    path: Path
    facts: Mapping[str, str]
    layers: Mapping[str, Layer]
    summary: Mapping[str, Any]
    sides: tuple[str, ...]

    @property
    def title(self) -> str:
        """One line that says what it is, of when, and what it is not for."""
        return f"{self.facts['stamp']}: {self.facts['as_of'][:10]}, {self.facts['state']}; {NOTICE}"


def read_map_folder(folder: Path) -> MapFolder:
    """The layers and facts of a folder that `map` wrote for one day.

    Raises:
        BadInputError: it is no such folder, or a file of it is not what `map` writes.
    """
    if not (folder / "summary.json").is_file():
        raise BadInputError(f"{folder}: no summary.json, wanted one day's folder written by map{_days_in(folder)}")
    summary = _document(folder / "summary.json")
    if not isinstance(summary.get("as_of"), str):
        raise BadInputError(f"{folder / 'summary.json'}: no as_of, wanted a summary written by map")
    facts = {key: _word(summary.get(key)) for key in FACTS}
    facts["stamp"] = facts["stamp"] if facts["stamp"].startswith("PRIVATE") else f"PRIVATE {facts['stamp']}".strip()
    layers: dict[str, Layer] = {}
    for path in sorted(folder.glob("*.geojson")):
        layers |= _by_role(_layer(path))
    if "areas" not in layers or not layers["areas"].features:
        raise BadInputError(f"{folder}: no areas in areas.geojson, wanted a folder written by map")
    layers["settlements"] = _settlements(summary, facts)
    return MapFolder(folder, facts | {"notice": NOTICE}, layers, summary, _sides(folder, layers["areas"]))


def _days_in(folder: Path) -> str:
    days = sorted(one.name for one in folder.iterdir() if (one / "summary.json").is_file()) if folder.is_dir() else []
    return f", like {folder / days[-1]}" if days else ""


def _document(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInputError(f"{path}: over {MOST_BYTES:,} bytes, wanted a file written by map")
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as fault:
        raise BadInputError(f"{path}: cannot be read as JSON ({fault})") from fault
    if not isinstance(document, dict):
        raise BadInputError(f"{path}: JSON of another kind, wanted a file written by map")
    return document


def _word(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _layer(path: Path) -> Layer:
    found = _document(path).get("features")
    if not isinstance(found, list):
        raise BadInputError(f"{path}: no list of features, wanted a FeatureCollection")
    try:
        features = tuple(Feature(shape(one["geometry"]), dict(one["properties"])) for one in found)
    except _FAULTS as fault:
        raise BadInputError(f"{path}: a feature that is none ({fault!s:.80}), wanted a file written by map") from fault
    if not all(math.isfinite(edge) for one in features for edge in one.geometry.bounds):
        raise BadInputError(f"{path}: a geometry without a place, wanted finite degrees")
    return Layer(path.stem, features)


def _by_role(layer: Layer) -> dict[str, Layer]:
    """One geometry type a layer, as the formats want: bands apart from edges, necks and tips apart from pockets."""
    names = {("front", "band"): "front_bands", ("pockets", "neck"): "necks", ("pockets", "tip"): "tips"}
    found: dict[str, list[Feature]] = {layer.name: []}
    for one in layer.features:
        role = str(one.properties.get("role"))
        found.setdefault(names.get((layer.name, role), layer.name), []).append(one)
    return {name: Layer(name, tuple(features)) for name, features in found.items()}


def _settlements(summary: Mapping[str, Any], facts: Mapping[str, str]) -> Layer:
    about = {name: facts[name] for name in ("as_of", "state", "stamp")} | {"simulated": facts["simulated"] == "true"}
    listed = summary.get("settlements")
    features = [
        Feature(shapely.Point(one["lon"], one["lat"]), {key: one.get(key) for key in PLACE_KEYS} | about)
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, dict) and _is_placed(one.get("lon"), one.get("lat"))
    ]
    return Layer("settlements", tuple(features))


def _is_placed(lon: object, lat: object) -> bool:
    """Whether these are degrees of a spot."""
    if not (isinstance(lon, int | float) and isinstance(lat, int | float)):
        return False
    return abs(lon) <= 180 and abs(lat) <= 90


def _sides(folder: Path, areas: Layer) -> tuple[str, ...]:
    """The sides in the order of the map: of its raster's bands, else as the areas name them."""
    if (folder / "control.tif").is_file():
        bands = _bands(folder / "control.tif")
        if bands:
            return bands
    drawn = [str(one.properties["side"]) for one in areas.features if one.properties.get("side")]
    return tuple(dict.fromkeys(drawn))


def _bands(path: Path) -> tuple[str, ...]:
    import rasterio
    from rasterio.errors import RasterioIOError

    try:
        with rasterio.open(path, driver="GTiff") as file:
            names = [str(name) for name in file.descriptions if name]
    except RasterioIOError as fault:
        raise BadInputError(
            f"{path}: cannot be read as GeoTIFF ({fault}), wanted the raster that map writes"
        ) from fault
    return tuple(name.removeprefix("p_") for name in names if name.startswith("p_") and name != "p_grey")
