"""Layers as tables with geometry: what GeoPackage and GeoParquet are written from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from isofront.publish.feature import Layer

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_POCKET_COLUMNS = {
    "role": "str",
    "pocket": "Int64",
    "side": "str",
    "enemy": "str",
    "neck_km": "float64",
    "pocket_km2": "float64",
    "headline": "str",
    "by_rule": "str",
    "inside": "str",
}

COLUMNS: dict[str, dict[str, str]] = {
    "areas": {"class": "str", "side": "str", "grey_reason": "str"},
    "front": {"role": "str", "side": "str"},
    "front_bands": {"role": "str", "side": "str"},
    "infiltration": {"class": "str", "side": "str"},
    "unobserved": {"class": "str"},
    "out_of_range": {
        "class": "str",
        "side": "str",
        "since": "str",
        "strength": "str",
        "why": "str",
        "reports": "str",
    },
    "pockets": _POCKET_COLUMNS,
    "necks": _POCKET_COLUMNS,
    "tips": {"role": "str", "pocket": "Int64", "side": "str", "enemy": "str"},
    "settlements": {"name": "str", "population": "Int64", "status": "str", "p": "float64"},
    "reports": {
        "id": "str",
        "kind": "str",
        "seen": "str",
        "by": "str",
        "happened": "str",
        "error_m": "float64",
        "source": "str",
        "reliability": "str",
        "credibility": "Int64",
        "group": "str",
    },
}
"""Own columns of each layer and their types, so that an empty layer has them too."""

SHARED = {"as_of": "str", "simulated": "bool", "state": "str", "stamp": "str"}


def table(layer: Layer) -> GeoDataFrame:
    """The layer's features as rows, in their order, with the layer's columns whether or not there are rows."""
    import geopandas
    import pandas

    columns = COLUMNS[layer.name] | SHARED
    rows: dict[str, Any] = {
        name: pandas.Series([one.properties[name] for one in layer.features], dtype=_dtype(kind))
        for name, kind in columns.items()
    }
    return geopandas.GeoDataFrame(rows, geometry=[one.geometry for one in layer.features], crs="EPSG:4326")


def _dtype(kind: str) -> str:
    return "object" if kind == "str" else kind
