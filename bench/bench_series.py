"""700 days of one place's series from daily maps of a country-size front, measured as `front corridor --from` does.

    python bench/bench_series.py [--days 700]

The invented country of `bench_necks.py`; on four days in ten the line is redrawn (as on real maps), on the others the
day's map equals that of the day before and is not measured again. Prints seconds of wall and CPU time, with and
without that, and the maps per second. Target: 700 days in under two minutes on two cores.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("NUMBA_NUM_THREADS", "1")

import argparse
import json
import resource
import time

import numpy as np
import shapely
from bench_necks import country, held, places

from isofront.cli.front.series_maps import Task, measured_maps
from isofront.front import Disc

TARGET_S = 120.0
REDRAWN = 0.4
"""Real mappers redraw a box on some six days in ten; a country on nearly all. Both ends are measured."""


def maps(n_days: int, redrawn: float, rng: np.random.Generator) -> tuple[list[Task], shapely.Geometry, Disc]:
    """Daily maps: on a redrawn day a small piece is added somewhere along the front."""
    land = country(rng)
    enemy = held(rng, land)
    place = places(enemy, rng)[0]
    spots = shapely.get_coordinates(enemy)
    found: list[Task] = []
    for _ in range(n_days):
        if not found or rng.random() < redrawn:
            piece = shapely.Point(spots[rng.integers(len(spots))]).buffer(rng.uniform(0.2, 1.0), quad_segs=3)
            enemy = shapely.union(enemy, shapely.intersection(piece, land))
        found.append(Task(shapely.to_wkb(enemy), None))
    return found, land, place


def cpu_s() -> float:
    """Seconds of CPU time of this process and of its finished children."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=700)
    n_days = parser.parse_args().days
    rows = []
    for redrawn in (REDRAWN, 1.0):
        tasks, land, place = maps(n_days, redrawn, np.random.default_rng(7))
        wall, cpu = time.perf_counter(), cpu_s()
        measured_maps(tasks, land, place)
        wall, cpu = time.perf_counter() - wall, cpu_s() - cpu
        distinct = len(set(tasks))
        vertices = shapely.get_num_coordinates(shapely.from_wkb(tasks[-1].enemy))
        rows.append(
            {"days": n_days, "redrawn": redrawn, "distinct_maps": distinct, "vertices": int(vertices),
             "wall_s": round(wall, 1), "cpu_s": round(cpu, 1), "maps_per_cpu_s": round(distinct / cpu, 2),
             "wall_s_for_700": round(wall * 700 / n_days, 1)}
        )  # fmt: skip
    print(json.dumps({"target_s": TARGET_S, "rows": rows}, indent=2))


if __name__ == "__main__":
    main()
