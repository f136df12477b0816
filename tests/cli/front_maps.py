"""Invented ground as files of maps, and what `isofront front` says of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import box, mapping
from shapely.geometry.base import BaseGeometry

from isofront.cli import main
from isofront.ground.grid import to_lonlat

CRS = "EPSG:32633"
EAST, NORTH = 500.0, 5500.0


def lonlat(shape: BaseGeometry) -> BaseGeometry:
    """Kilometres about the middle of the zone, cut so finely that edges are straight on the map too."""
    fine = shapely.segmentize(shape, 2.0)
    return shapely.transform(fine, lambda km: np.column_stack(to_lonlat(km[:, 0] + EAST, km[:, 1] + NORTH, crs=CRS)))


def feature(shape: BaseGeometry, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": mapping(lonlat(shape))}


def written(path: Path, *features: dict[str, object]) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return str(path)


def answer(capsys, *words: str) -> dict:
    """What a command says; `change` looks at one place far away unless others are given, not at the whole gazetteer."""
    if words[0] == "change" and "--places" not in words:
        Path("afar.csv").write_text("name,lon,lat\nAfar,0,0\n", encoding="utf-8")
        words = (*words, "--places", "afar.csv")
    capsys.readouterr()
    assert main(["front", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def fault(capsys, *words: str) -> tuple[int, str]:
    capsys.readouterr()
    code = main(["front", *words])
    return code, capsys.readouterr().err.strip().splitlines()[-1]


def west_to(east: float) -> BaseGeometry:
    return box(-40, -40, east, 40)
