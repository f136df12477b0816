"""What a map's files hold, for comparing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

Vertex = tuple[float, float]


def document(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def vertices(path: Path, **wanted: str | None) -> set[Vertex]:
    """Rounded vertices of the features whose properties are as wanted."""
    features = [
        one for one in document(path)["features"] if all(one["properties"].get(k) == v for k, v in wanted.items())
    ]
    return {spot for one in features for spot in _spots(one["geometry"]["coordinates"])}


def _spots(nested: Any) -> list[Vertex]:
    if isinstance(nested[0], (int, float)):
        return [(round(nested[0], 6), round(nested[1], 6))]
    return [spot for part in nested for spot in _spots(part)]


def raster(path: Path) -> dict[str, np.ndarray]:
    import rasterio

    with rasterio.open(path) as file:
        return dict(zip(file.descriptions, file.read(), strict=True))
