"""The invented war's site with a second mapper in it, who draws the south's ground farther north and nothing else."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from told_war import site, told_war

from isofront.publish.mappers import with_shapes
from isofront.publish.packed import packed
from isofront.publish.page import map_html

FARTHER_DEG = 0.04
"""So much farther north the second mapper has the south's edge: 4.4 km."""
KM2_PER_DEG2 = 111.2 * 111.2 * 0.637
HOSTILE = "<img src=x onerror=alert(1)>"
SILENT = 2
"""The day, by its number, whose edition holds no map of theirs."""


def two_maps(folder: Path) -> None:
    """Write the site."""
    war = told_war()
    days = [date if k == SILENT else _with_head(date, war) for k, date in enumerate(war["dates"])]
    site(folder, war | {"dates": days})
    full = [with_shapes(date, _file(date, war)) if date["public"].get("mappers") else date for date in days]
    (folder / "offline.html").write_bytes(map_html(war | {"dates": full}))
    for date in days:
        if date["public"].get("mappers"):
            path = folder / f"editions/{date['public']['id']}/mappers.json"
            path.write_text(json.dumps(_file(date, war)), encoding="utf-8")


def _with_head(date: dict[str, Any], war: dict[str, Any]) -> dict[str, Any]:
    return date | {"public": date["public"] | {"mappers": [_head(date, war)]}}


def _file(date: dict[str, Any], war: dict[str, Any]) -> dict[str, Any]:
    theirs = _theirs(date)
    words = {"type": "Feature", "properties": {"class": "held", "side": "south"}, "geometry": _json(theirs)}
    edge = shapely.difference(shapely.boundary(theirs), shapely.boundary(shapely.box(*war["bounds"])).buffer(1e-6))
    line = {"type": "Feature", "properties": {"role": "edge", "side": "south"}, "geometry": _json(edge)}
    layers = {"areas": _collection(words), "front": _collection(line)}
    return {"mappers": [_head(date, war) | {"shapes": packed(layers)}]}


def _head(date: dict[str, Any], war: dict[str, Any]) -> dict[str, Any]:
    ours, theirs = _ours(date), _theirs(date)
    inside = [shapely.intersects_xy(theirs, one["lon"], one["lat"]) for one in war["settlements"]]
    apart = [round(one.area * KM2_PER_DEG2, 1) for one in (ours.difference(theirs), theirs.difference(ours))]
    return {
        "id": "hill", "names": {"en": "Hill maps", "uk": "Мапи пагорба"}, "as_of": _day_before(date["as_of"]),
        "days_older": 1, "licence": "CC BY 4.0", "credit": f"© Hill maps {HOSTILE}", "url": "https://hill.example/",
        "draws": ["south"], "says": "".join("1" if one else "-" for one in inside), "only_km2": {"south": apart},
    }  # fmt: skip


def _ours(date: dict[str, Any]) -> shapely.Geometry:
    parts = [one["geometry"] for one in date["areas"]["features"] if one["properties"]["side"] == "south"]
    return shapely.union_all([shapely.make_valid(shapely.geometry.shape(one)) for one in parts])


def _theirs(date: dict[str, Any]) -> shapely.Geometry:
    ours = _ours(date)
    moved = shapely.transform(ours, lambda spots: spots + np.array([0.0, FARTHER_DEG]))
    return shapely.union(moved, shapely.box(10.0, 50.0, 11.2, 50.1)).difference(shapely.box(10.0, 50.0, 10.12, 51.0))


def _day_before(as_of: str) -> str:
    return f"{datetime.fromisoformat(as_of) - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"


def _json(shape: shapely.Geometry) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shapely.to_geojson(shape))
    return found


def _collection(feature: dict[str, Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": [feature]}
