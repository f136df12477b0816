"""Layers as GeoJSON (RFC 7946) and other JSON, in canonical bytes: sorted keys, no NaN, one feature a line."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any

import shapely
from shapely.geometry import mapping

from isofront.publish.feature import Feature, Layer


def geojson_bytes(layer: Layer, *, about: dict[str, Any]) -> bytes:
    """A FeatureCollection with `about` beside its features; equal layers give equal bytes."""
    head = "".join(
        f"{compact(key)}:{compact(value)},\n" for key, value in sorted((about | {"name": layer.name}).items())
    )
    features = ",\n".join(compact(feature_record(one)) for one in layer.features)
    return f'{{{head}"features":[\n{features}\n],\n"type":"FeatureCollection"}}\n'.encode()


def feature_record(feature: Feature) -> dict[str, Any]:
    """One feature as GeoJSON has it."""
    return {
        "type": "Feature",
        "geometry": mapping(shapely.force_2d(feature.geometry)),
        "properties": feature.properties,
    }


def collection(features: Iterable[Feature]) -> dict[str, Any]:
    """A plain FeatureCollection: for documents that say the rest once."""
    return {"type": "FeatureCollection", "features": [feature_record(one) for one in features]}


def trimmed(features: Iterable[Feature], *, keep: tuple[str, ...]) -> list[Feature]:
    """Features with only the kept properties."""
    return [Feature(one.geometry, {key: one.properties[key] for key in keep}) for one in features]


def compact(value: Any) -> str:
    """JSON on one line, keys sorted, letters as they are; NaN and infinity become null."""
    return json.dumps(finite(value), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def readable_bytes(value: Any) -> bytes:
    """JSON for people as well as machines: indented, keys sorted, a newline at the end."""
    text = json.dumps(finite(value), ensure_ascii=False, allow_nan=False, sort_keys=True, indent=2)
    return (text + "\n").encode()


def finite(value: Any) -> Any:
    """The value with every NaN and infinity as None and numpy scalars as plain numbers, all the way down."""
    if isinstance(value, dict):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        return finite(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value
