"""Speed and memory of the engine, each beside the kernel vote on the same cells and reports in the same run.

    python bench/bench_engine.py [theatre] [river] [front12] [front48] [report] [reanalysis] [reanalysis60]

(all but the last if none is named.)

`theatre` has the size of a large town's battle (some 255 thousand cells of 250 m, 600 live reports), `river` has one
through it, typed as 200 spots, that can be crossed at two places; `front` is an
invented line 1,200 km long that winds at every scale, with 12 or 48 reports a day and 100 km; `report` folds one new
report into its map and explains it; `reanalysis` makes a map for each of 776 days, `reanalysis60` every sixth of the
first sixty, scaled. A map is the posterior and what it shows, with its doubt past the line and its marks. Seconds are
wall-clock and, beside them, those of all cores together; memory is the peak of the process so far. On a busy machine
the clock tells of the others too: read the cores' seconds there. Each line is one JSON document; what was
measured when is in docs/decisions/0012-tiles.md and 0018-speed.md.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "2")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "2")
os.environ.setdefault("NUMBA_NUM_THREADS", "2")

import argparse
import json
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import numpy as np

from isofront.compare.yardsticks import kernel_vote, votes
from isofront.control import Anchored, Batch, Field, Model, Posterior, batch, show
from isofront.control.behind import behind, unsure
from isofront.control.limits import at_its_limits, limits
from isofront.evidence.report import Interval, Kind, Report
from isofront.ground.distance import WALL_KM, Distance, Wall
from isofront.ground.distance_field import distance_km
from isofront.ground.grid import Grid, to_lonlat
from isofront.heap import share_one_heap
from isofront.threads import ahead, side_by_side

SIDES = ("east", "west")
CRS, CELL_KM = "EPSG:32637", 0.25
BEGAN = datetime(2030, 3, 1, tzinfo=UTC)
KINDS = (Kind.POSITION, Kind.STRIKE, Kind.ASSAULT, Kind.INFILTRATION, Kind.FLAG, Kind.LEFT, Kind.CLAIM)
SHARES = (0.2, 0.4, 0.1, 0.08, 0.08, 0.04, 0.1)


@dataclass(frozen=True)
class Case:
    """An invented theatre: its cells, its anchor, its line (km) and the reports about it."""

    grid: Grid
    anchored: Anchored
    line_km: np.ndarray
    reports: list[Report]

    @property
    def length_km(self) -> float:
        return float(np.hypot(*np.diff(self.line_km, axis=0).T).sum())

    def batch(self) -> Batch:
        return batch(self.reports, grid=self.grid, sides=SIDES, anchored=BEGAN)


def case(rng: np.random.Generator, *, north_km: float, width_km: float, rate: float, days: float) -> Case:
    """A line from south to north, the east behind it, and reports at a rate per day and 100 km from a month before."""
    north = np.arange(0.0, north_km, 0.5)
    east = np.zeros_like(north)
    for scale in (300, 140, 70, 35, 17, 9):
        east += 0.12 * scale * np.sin(2 * np.pi * north / scale + rng.uniform(0, 6))
    line = np.column_stack([500 + east, 5000 + north])
    west = 500 + (east.min() + east.max()) / 2 - width_km / 2
    grid = Grid(CRS, float(west), 5000.0, CELL_KM, round(width_km / CELL_KM), round(north_km / CELL_KM))
    away = distance_km(grid, np.hstack([line[:-1], line[1:]]), limit_km=40.0)
    at_row = np.interp(grid.north_km, line[:, 1], line[:, 0])
    anchored = Anchored(np.where(grid.east_km > at_row[:, None], away, -away), 0)
    whole = Case(grid, anchored, line, [])
    return Case(grid, anchored, line, told(rng, whole, round(rate * whole.length_km / 100 * (days + 30)), days))


def told(rng: np.random.Generator, of: Case, n: int, days: float) -> list[Report]:
    """Reports about a line that the east pushes west by some metres a day, here more and there less."""
    part = rng.integers(0, len(of.line_km) - 1, n)
    spot = of.line_km[part] + rng.uniform(0, 1, (n, 1)) * (of.line_km[part + 1] - of.line_km[part])
    seen, when = rng.integers(0, 2, n), rng.uniform(-30, days, n)
    own = rng.normal(1.5, 2.5, n) * np.where(seen == 0, 1, -1)
    east = spot[:, 0] + own - 0.015 * np.minimum(np.maximum(when, 0), 200) * (1 + np.sin(spot[:, 1] / 40))
    lon, lat = to_lonlat(east, spot[:, 1] + rng.normal(0, 0.3, n), crs=CRS)
    kind, coarse = rng.choice(len(KINDS), n, p=SHARES), rng.random(n) < 0.2
    found = []
    for k in range(n):
        at = BEGAN + timedelta(days=float(when[k]))
        error = 1500.0 if coarse[k] else 200.0
        found.append(
            Report(
                f"r{k:06d}", "bench", KINDS[kind[k]], SIDES[seen[k]], None, float(lon[k]), float(lat[k]), error,
                Interval(at, at), None, at + timedelta(hours=12),
            )
        )  # fmt: skip
    return found


def timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """The answer, and seconds by the clock and of all cores."""
    wall, cores = time.perf_counter(), time.process_time()
    answer = work()
    return answer, {"s": round(time.perf_counter() - wall, 3), "cores_s": round(time.process_time() - cores, 3)}


def best(work: Callable[[], Any], runs: int = 3) -> dict[str, float]:
    """The quickest of some runs."""
    return min((timed(work)[1] for _ in range(runs)), key=lambda one: one["s"])


def peak_gib() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2)


def vote_of(of: Case, day: float) -> Callable[[], Any]:
    as_of = BEGAN + timedelta(days=day)
    inside = of.anchored.depth_km > 0
    cast = votes(of.reports, grid=of.grid, side=SIDES[0], since=BEGAN, as_of=as_of, known_by=as_of + timedelta(days=1))
    return lambda: kernel_vote(inside, cast, of.grid)


def one_map(model: Model, told: Batch, day: float) -> Any:
    """All that a draft of a day works out in cells."""
    found = model.posterior(told, as_of=day, known_by=day + 1)
    field, (gone, marks) = side_by_side(lambda: show(found, SIDES), lambda: (behind(found), limits(found)))
    unsure(field, gone)
    return at_its_limits(field, marks)


def covered(field: Field) -> int:
    """How many cells somebody touched: a map is done with."""
    return int(np.count_nonzero(field.touched))


def maps(name: str, of: Case, day: float, target_s: float, walls: tuple[Wall, ...] = ()) -> None:
    """One map in the first window (nothing closed) and one in the second, cold and with the first window kept."""
    told, later, distance = of.batch(), day + 29, Distance(walls)
    one_map(Model(of.grid, of.anchored, distance=distance), told, 2.0)
    cold = best(lambda: one_map(Model(of.grid, of.anchored, distance=distance), told, day))
    two = timed(lambda: one_map(Model(of.grid, of.anchored, distance=distance), told, later))[1]
    model = Model(of.grid, of.anchored, distance=distance)
    live = len(model.posterior(told, as_of=later, known_by=later + 1).windows[-1].batch)
    kept = best(lambda: one_map(model, told, later))
    line = {
        "case": name, "cells": of.grid.nx * of.grid.ny, "front_km": round(of.length_km), "live_reports": live,
        "target_s": target_s, "first_window": cold, "second_window_cold": two, "second_window_kept": kept,
        "kernel_vote": best(vote_of(of, day)), "peak_gib": peak_gib(),
    }  # fmt: skip
    print(json.dumps(line), flush=True)


def theatre_case() -> Case:
    return case(np.random.default_rng(1), north_km=126, width_km=127, rate=12, days=60)


def theatre() -> None:
    maps("theatre", theatre_case(), 28.0, 0.25)


def river() -> None:
    of = theatre_case()
    west, south, east, north = of.grid.box_km
    up = np.linspace(south, north, 200)
    line = np.column_stack([(west + east) / 2 - 3 + 5 * np.sin(up / 11) + np.sin(up / 2.3), up])
    maps("river", of, 28.0, 0.25, (Wall(line, WALL_KM, line[[50, 100]]),))


def long_front(rate: float, days: float) -> Case:
    return case(np.random.default_rng(2), north_km=840, width_km=300, rate=rate, days=days)


def front12() -> None:
    maps("front12", long_front(12, 60), 28.0, 1.0)


def front48() -> None:
    maps("front48", long_front(48, 60), 28.0, 3.0)


def folded(found: Posterior, new: Batch, cell: np.ndarray) -> Any:
    return found.with_reports(new).explain(cell)


def report() -> None:
    """One new report folded into the map of the theatre and of the long front, and its spot explained."""
    cases = (("theatre", theatre_case()), ("front12", long_front(12, 40)))
    for name, of in cases:
        told, day = of.batch(), 28.0
        known = told.where(np.arange(len(told)) < len(told) - 1)
        last = told.where((told.happened_days > day - 1) & (told.happened_days < day) & (told.category >= 0))
        new = last.where(np.arange(len(last)) == 0)
        found = Model(of.grid, of.anchored).posterior(
            known.where(~np.isin(known.ids, new.ids)), as_of=day, known_by=day + 1
        )
        cell = np.array([of.grid.cell_of(*new.at_km[0])])
        line = {"case": f"report into {name}", "target_s": 0.1, **best(partial(folded, found, new, cell))}
        print(json.dumps({**line, "kernel_vote": best(vote_of(of, day)), "peak_gib": peak_gib()}), flush=True)


def reanalysis(days: int = 776, step: int = 1) -> None:
    """A map a day, or every so many days (and what that makes for each of 776); days side by side."""
    of = long_front(12, days)
    told, model = of.batch(), Model(of.grid, of.anchored)
    chosen = range(1, days + 1, step)
    spent = timed(lambda: sum(map(covered, ahead(partial(one_map, model, told), map(float, chosen)))))[1]
    scaled = {name: round(one * 776 / len(chosen)) for name, one in spent.items()}
    line = {"case": "reanalysis", "days": days, "maps": len(chosen), "target_s": 600, **spent, "for_776": scaled}
    print(json.dumps({**line, "peak_gib": peak_gib()}), flush=True)


CASES: dict[str, Callable[[], None]] = {
    "theatre": theatre, "river": river, "report": report, "front12": front12, "front48": front48,
    "reanalysis": reanalysis,
    "reanalysis60": partial(reanalysis, 60, 6),
}  # fmt: skip

if __name__ == "__main__":
    share_one_heap()  # as every command does
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("case", nargs="*", choices=CASES, default=list(CASES)[:-1])
    for word in asked.parse_args().case:
        CASES[word]()
