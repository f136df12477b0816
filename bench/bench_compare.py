"""Two mappers compared on one day: seconds of wall clock and of CPU.

    python bench/bench_compare.py [--data ../shared/data] [--day 2025-11-03] [--times 5]

The pair is real (the folder of real data; one day of each mapper, cut out of their files) or, without the folder,
invented lines of the same length. Timed are the measures alone, as they are taken day by day over time, and the whole
command in a process of its own, of which most is Python starting and loading its libraries.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "2")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import shapely

from isofront.cli.compare_maps import Asked, mapped, maps_at
from isofront.compare.between import between
from isofront.front import frame_km
from isofront.ground.grid import Bounds

BOX = (36.75, 48.05, 37.65, 48.60)
CRS = "EPSG:32637"
TARGET_S = 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    parser.add_argument("--day", default="2025-11-03")
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args()
    shapes = real_pair(asked.data, asked.day) or invented_pair()
    with tempfile.TemporaryDirectory() as folder:
        paths = [written(Path(folder) / f"{name}.geojson", one) for name, one in zip("ab", shapes, strict=True)]
        vertices = " and ".join(f"{shapely.get_num_coordinates(one):,}" for one in shapes)
        print(f"{vertices} vertices; target under {TARGET_S:g} s")
        measures(paths, asked.times)
        command(paths, asked.times)


def real_pair(folder: Path, day: str) -> list[shapely.Geometry]:
    found = []
    for name in ("deepstate_public.parquet", "nzz_public.parquet"):
        if not (folder / name).exists():
            return []
        table = pq.read_table(folder / name)
        rows = zip(table["date"].to_pylist(), table["geometry"].to_pylist(), strict=True)
        found.append(next(shapely.from_wkb(wkb) for date, wkb in rows if str(date)[:10] == day))
    return found


def invented_pair() -> list[shapely.Geometry]:
    rng = np.random.default_rng(1)
    north = np.linspace(47.9, 48.8, 2_000)
    base = np.full_like(north, 37.1)
    for k in range(1, 40):
        base += rng.normal(0, 0.06 / k) * np.sin(k * 7 * north + rng.uniform(0, 6))
    lines = [base, base - 0.02 + 0.01 * np.sin(40 * north)]
    return [
        shapely.multipolygons([shapely.Polygon([(38.2, 47.9), *zip(line, north, strict=True), (38.2, 48.8)])])
        for line in lines
    ]


def written(path: Path, shape: shapely.Geometry) -> Path:
    feature = {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(shape)}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


def measures(paths: list[Path], times: int) -> None:
    frame = frame_km(Bounds(*BOX), crs=CRS)
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        one, other = (mapped(maps_at(str(path)).entries[0].read(), Asked(), crs=CRS, box=BOX) for path in paths)
        found = between(one, other, frame, crs=CRS, band_km=10.0)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        print(
            f"read and measured: {wall:.2f} s, {cpu:.2f} s of CPU ({found.band.n_cells if found.band else 0:,} cells)"
        )


def command(paths: list[Path], times: int) -> None:
    words = ["compare", *map(str, paths), "--bounds", *map(str, BOX), "--crs", CRS, "--band-km", "10", "--json"]
    for _ in range(times):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        wall = time.perf_counter()
        subprocess.run([sys.executable, "-m", "isofront", *words], check=True, capture_output=True)
        wall = time.perf_counter() - wall
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"the command, Python's start in it: {wall:.2f} s, {after.ru_utime - before.ru_utime:.2f} s of CPU")


if __name__ == "__main__":
    main()
