"""776 daily country polygons of one maker, read, cleaned and stored.

    python bench/bench_makers.py [--data ../shared/data] [--days 776]

The days are real polygons (the folder of real data; its country-size tier, repeated to that number) or, without the
folder, invented ones of the same size. They are written as the maker's daily files into a temporary folder, which goes
when the bench ends. Prints seconds of wall clock and of CPU, for reading alone and for the whole command.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "2")

import argparse
import contextlib
import io
import json
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import shapely

from isofront.cli import main as isofront
from isofront.makers import read_map

TARGET_S = 30.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    parser.add_argument("--days", type=int, default=776)
    asked = parser.parse_args()
    shapes = real_shapes(asked.data) or invented_shapes()
    with tempfile.TemporaryDirectory() as folder:
        n = written(shapes, asked.days, Path(folder) / "days")
        print(f"{asked.days} files of {len(shapes)} different days, {n:,} vertices in all")
        timed("read and cleaned", lambda: [read_map(path) for path in sorted((Path(folder) / "days").iterdir())])
        out = Path(folder) / "out.geojson"
        timed("read, cleaned and stored (isofront read-map)", lambda: command(Path(folder) / "days", out))
        print(f"  {out.stat().st_size / 1e6:.0f} MB; target under {TARGET_S:g} s")


def real_shapes(folder: Path) -> list[shapely.Geometry]:
    file = folder / "deepstate_public.parquet"
    if not file.exists():
        return []
    table = pq.read_table(file)
    rows = zip(table["tier"].to_pylist(), table["geometry"].to_pylist(), strict=True)
    return [shapely.from_wkb(wkb) for tier, wkb in rows if tier == "front_weekly"]


def invented_shapes() -> list[shapely.Geometry]:
    rng = np.random.default_rng(1)
    angle = np.linspace(0, 2 * np.pi, 3_000, endpoint=False)
    reach = [1.5 + sum(rng.normal(0, 0.2 / k) * np.cos(k * angle) for k in range(1, 30)) for _ in range(50)]
    rings = [np.column_stack([36 + one * np.cos(angle), 48 + one * np.sin(angle)]) for one in reach]
    return [shapely.multipolygons([shapely.Polygon(ring)]) for ring in rings]


def written(shapes: list[shapely.Geometry], days: int, folder: Path) -> int:
    folder.mkdir()
    legacy = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    for number in range(days):
        shape = shapely.geometry.mapping(shapes[number % len(shapes)])
        feature = {"type": "Feature", "properties": {}, "geometry": shape}
        document = {"type": "FeatureCollection", "crs": legacy, "features": [feature]}
        day = date(2024, 7, 8) + timedelta(days=number)
        (folder / f"deepstatemap_data_{day:%Y%m%d}.geojson").write_text(json.dumps(document))
    return sum(int(shapely.get_num_coordinates(shapes[number % len(shapes)])) for number in range(days))


def command(folder: Path, out: Path) -> None:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        assert isofront(["read-map", str(folder), "--out", str(out)]) == 0


def timed(what: str, run: object) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    run()  # type: ignore[operator]
    print(f"{what}: {time.perf_counter() - wall:.1f} s, {time.process_time() - cpu:.1f} s of CPU", flush=True)


if __name__ == "__main__":
    main()
