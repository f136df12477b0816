"""Necks of one country-size map-day: the field, the list of pincers, and 25 places with all measures, on one core.

    python bench/bench_necks.py

An invented country of 700 km with a front of some 25 thousand spots 100 m apart. The baseline is what one would write
first: the held ground as a raster of 250 m, a distance transform, and cells joined from the widest down; it gives
widths at spots only: no areas, no tips, no second exit, no list. Prints seconds and the ratio; and the corridor-width
field drawn on cells of 250 m, once the triangles are there.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
import time
from collections.abc import Callable

import numpy as np
import shapely
from numba import njit
from scipy.ndimage import distance_transform_edt
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from isofront.front import Disc, corridors, surroundings_of
from isofront.front.pincer_list import pincers_in
from isofront.front.width_field import grid_about, widths_on

CELL_KM = 0.25
RUNS = 7
TARGET_S = 0.2


def country(rng: np.random.Generator) -> Polygon:
    """Land with a coast of 5 km steps."""
    angle = np.linspace(0, 2 * np.pi, 500, endpoint=False)
    reach = 350 + sum(rng.normal(0, 30 / k) * np.cos(k * angle + rng.uniform(0, 6)) for k in range(2, 20))
    return Polygon(np.column_stack([reach * np.cos(angle), reach * np.sin(angle)]))


def held(rng: np.random.Generator, land: BaseGeometry) -> BaseGeometry:
    """The east of it, behind a line that winds at every scale from 100 km down to 1 km, and a few pockets ahead."""
    north = np.linspace(-450, 450, 3600)
    east = np.full_like(north, 60.0)
    for scale in (200, 120, 70, 40, 25, 16, 11, 7, 5, 3.5, 2.4, 1.7, 1.2, 0.9):
        east += rng.normal(0, 0.2 * scale) * np.sin(2 * np.pi * north / scale + rng.uniform(0, 6))
    fingers = [shapely.Point(e + rng.uniform(-4, 1), n).buffer(rng.uniform(0.2, 1.5))
               for e, n in zip(east[::90], north[::90], strict=True)]  # fmt: skip
    ground = shapely.make_valid(Polygon([*zip(east, north, strict=True), (900, 450), (900, -450)]))
    return shapely.intersection(shapely.union_all([ground, *fingers]), land)


def places(enemy: BaseGeometry, rng: np.random.Generator) -> list[Disc]:
    """25 towns on the free side near the line."""
    found: list[Disc] = []
    while len(found) < 25:
        spot = shapely.Point(rng.uniform(-40, 120), rng.uniform(-300, 300))
        if 1 < enemy.distance(spot) < 8:
            found.append(Disc(spot.x, spot.y, 1.5))
    return found


def by_triangles(enemy: BaseGeometry, land: BaseGeometry, towns: list[Disc]) -> list[float]:
    around = surroundings_of(enemy, land)
    assert around.field is not None
    pincers_in(around.field)
    return [np.inf if one.neck_km is None else one.neck_km for one in corridors(around, towns)]


def by_raster(enemy: BaseGeometry, land: BaseGeometry, towns: list[Disc]) -> list[float]:
    """Twice the clearance of the widest way from each town's centre to the west."""
    from rasterio.features import rasterize
    from rasterio.transform import from_origin

    n = int(800 / CELL_KM)
    affine = from_origin(-400, 400, CELL_KM, CELL_KM)
    blocked = rasterize([(enemy, 1)], (n, n), transform=affine).astype(bool)
    blocked |= rasterize([(land, 1)], (n, n), transform=affine) == 0
    clear = (distance_transform_edt(~blocked) * CELL_KM).ravel()
    spots = np.array([int((400 - d.north_km) / CELL_KM) * n + int((d.east_km + 400) / CELL_KM) for d in towns])
    order = np.argsort(-clear, kind="stable")
    return [float(km) for km in 2 * joined(clear, order[: np.count_nonzero(clear > 0)], n, spots)]


@njit(cache=True)
def joined(clear: np.ndarray, cells: np.ndarray, row: int, spots: np.ndarray) -> np.ndarray:
    """The clearance at which each spot first hangs together with the deepest cell."""
    leader = np.full(len(clear), -1)
    found = np.zeros(len(spots))
    for cell in cells:
        leader[cell] = cell
        for step in (-row, -1, 1, row):
            if leader[cell + step] >= 0:
                a, b = cell, cell + step
                while leader[a] != a:
                    leader[a] = leader[leader[a]]
                    a = leader[a]
                while leader[b] != b:
                    leader[b] = leader[leader[b]]
                    b = leader[b]
                leader[a] = b
        for k in range(len(spots)):
            if found[k] == 0 and leader[spots[k]] >= 0:
                a, b = spots[k], cells[0]
                while leader[a] != a:
                    a = leader[a]
                while leader[b] != b:
                    b = leader[b]
                if a == b:
                    found[k] = clear[cell]
    return found


def timed(work: Callable[[], object], runs: int) -> tuple[float, float]:
    """The quickest of some runs after one to warm up: wall and CPU time, s."""
    work()
    wall, cpu = [], []
    for _ in range(runs):
        start, used = time.perf_counter(), time.process_time()
        work()
        wall.append(time.perf_counter() - start)
        cpu.append(time.process_time() - used)
    return min(wall), min(cpu)


def main() -> None:
    """Measure both and print one JSON document."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    rng = np.random.default_rng(4)
    land = country(rng)
    enemy = held(rng, land)
    towns = places(enemy, rng)
    field = surroundings_of(enemy, land).field
    assert field is not None
    n_spots = len(field.mesh.units)
    grid = grid_about(enemy.bounds, land.bounds, "EPSG:32637")
    ours, ours_cpu = timed(lambda: by_triangles(enemy, land, towns), RUNS)
    theirs, theirs_cpu = timed(lambda: by_raster(enemy, land, towns), 1)
    drawn, drawn_cpu = timed(lambda: widths_on(field, grid), RUNS)
    told = {
        "boundary_spots": n_spots,
        "places": len(towns),
        "triangles_s": round(ours, 3),
        "triangles_cpu_s": round(ours_cpu, 3),
        "target_s": TARGET_S,
        "raster_250m_s": round(theirs, 3),
        "times_quicker": round(theirs_cpu / ours_cpu, 1),
        "field_layer_cells": grid.nx * grid.ny,
        "field_layer_s": round(drawn, 3),
        "field_layer_cpu_s": round(drawn_cpu, 3),
    }
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
