"""A small invented theatre on disk, driven through the command line's own `main`."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np

from isofront.cli import main

Rows = list[dict[str, object]]
COLUMNS = ("id", "happened_at", "published_at", "lon", "lat", "error_m", "kind", "seen", "by", "source", "reliability",
           "credibility", "url", "note")  # fmt: skip
WEST, SOUTH, EAST, NORTH = BOUNDS = (20.0, 50.0, 20.4, 51.0)
LINE = [
    (20.2, 51.0), (20.21, 50.96), (20.19, 50.9), (20.21, 50.84), (20.2, 50.7), (20.21, 50.55),
    (20.2, 50.4), (20.22, 50.24), (20.18, 50.18),
    (20.21, 50.12), (20.19, 50.06), (20.2, 50.0),
]  # fmt: skip
"""The front, north to south: the holder is east of it."""
SMALL = ["--crs", "EPSG:32634", "--cell", "500", "--protect", "none", "--side", "red=Red", "--side", "blue=Blue"]


def ring(*, mirrored: bool = False) -> list[tuple[float, float]]:
    line = [(WEST + EAST - lon if mirrored else lon, lat) for lon, lat in LINE]
    edge = WEST - 1 if mirrored else EAST + 1
    return [*line, (line[-1][0], SOUTH - 1), (edge, SOUTH - 1), (edge, NORTH + 1), (line[0][0], NORTH + 1), line[0]]


def polygon(coordinates: list[tuple[float, float]], **properties: str) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [coordinates]}}


def start(folder: Path, *features: dict[str, object], holder: str | None = "red", words: list[str] = SMALL) -> Path:
    """A new theatre in `folder / "war"`."""
    anchor = folder / "start.geojson"
    anchor.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    plain = ["--anchor-holder", holder] if holder else []
    command = ["init", str(folder / "war"), "--bounds", *map(str, BOUNDS), *words, "--anchor", str(anchor)]
    assert main([*command, "--anchor-date", "2024-05-01", *plain]) == 0
    return folder / "war"


def rows(
    n: int, *, lon: float, lat: float, seen: str = "red", day: int = 10, note: str = ""
) -> list[dict[str, object]]:
    """A cluster of strikes on one side's people about a spot, one a day."""
    rng = np.random.default_rng(n)
    return [
        {
            "id": f"{seen}{k}", "happened_at": f"2024-05-{day + k % 10:02d}",
            "lon": round(lon + rng.normal(0, 0.004), 5),
            "lat": round(lat + rng.normal(0, 0.004), 5), "error_m": 100, "kind": "strike", "seen": seen, "source": "s",
            "reliability": "B", "credibility": 2, "note": note,
        }
        for k in range(n)
    ]  # fmt: skip


def add(war: Path, found: Rows, *, name: str = "evidence.csv") -> Path:
    path = war.parent / name
    with path.open("w", newline="", encoding="utf-8") as file:
        more = sorted({name for row in found for name in row} - set(COLUMNS))
        writer = csv.DictWriter(file, (*COLUMNS, *more))
        writer.writeheader()
        writer.writerows(found)
    assert main(["add", "--theatre", str(war), "--backfill", str(path)]) == 0
    return path


def draw(war: Path, out: Path, *days: str, also: tuple[str, ...] = ()) -> Path:
    asked = [word for day in days or ("2024-05-25",) for word in ("--as-of", day)]
    assert main(["map", "--theatre", str(war), *asked, "--out", str(out), *also]) == 0
    return out
