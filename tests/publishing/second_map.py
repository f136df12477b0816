"""An invented second mapper beside the small war: his files, his table in the theatre, what is chosen of him."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from engine_war import polygon, ring
from publishing_war import DAY, NOW

from isofront.engine.ground import ground_of
from isofront.engine.mappers import OtherMaps, other_maps

CRS = "EPSG:32634"
WIDE = 0.05
"""So many degrees farther west the invented second mapper has the line: about 3.6 km."""


def second_map(folder: Path, day: str, *more: dict[str, Any], shift: float = WIDE) -> Path:
    """An invented mapper's map of a day: what the anchor has, farther west."""
    west = [(lon - shift, lat) for lon, lat in ring()]
    features = [polygon(west, **{"class": "held", "side": "red"}), *more]
    path = folder / f"theirs-{day}.geojson"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def box(west: float, south: float, east: float, north: float) -> list[tuple[float, float]]:
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def round_mark(lon: float, lat: float, radius_deg: float, corners: int = 40) -> list[tuple[float, float]]:
    around = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    ring = [(lon + radius_deg * float(np.cos(a)), lat + radius_deg * float(np.sin(a))) for a in around]
    return [*ring, ring[0]]


def told_of(war: Path, **more: str) -> None:
    """Name the second mapper in the theatre's file."""
    words = {"id": '"hill"', "names": '{ en = "Hill maps", uk = "Мапи пагорба" }', "path": '"theirs"'}
    words |= {"licence": '"CC BY 4.0"', "credit": '"© Hill maps"'} | more
    lines = "\n".join(f"{key} = {value}" for key, value in words.items() if value)
    file = war / "theatre.toml"
    file.write_text(file.read_text(encoding="utf-8") + f"\n[[mappers]]\n{lines}\n", encoding="utf-8")


def chosen(war: Path, *, now: datetime = NOW) -> OtherMaps:
    """What an edition of the day would show beside ours."""
    return other_maps(ground_of(war), DAY, now=now)
