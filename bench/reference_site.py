"""A site of sixty invented editions of the size that the demo's theatre has: vertices, settlements, cells, reasons.

Counted in two editions of the demo (2025-11-20 and 2025-12-30): 4,700 vertices of ground, 8,000 of edges and bands,
4,200 of infiltration, 2,900 of unobserved ground, 77 settlements, some 1,900 cells with 900 reports and 2,600 reasons;
a day is some 550 kB of JSON, 75 kB as sent. All of it is SIMULATED; the shapes are the tests' invented war with
rougher lines.
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "page"))

import told_war
from invented_war import EAST, NORTH, SOUTH, WEST

from isofront.publish.packed import packed

FINER = {"areas": 9, "front": 8, "infiltration": 20, "unobserved": 35, "interdicted": 4, "routes": 1}
"""So many vertices in place of one, by layer."""
ROUGH_DEG = 0.0012
N_PLACES, N_CELLS, N_REPORTS, N_REASONS = 77, 1900, 900, 2600
GRID = {
    "km": 1.0, "column0": 0, "row0": 0, "scale": 1, "lon": [WEST + 0.2, 0.014], "lat": [SOUTH + 0.15, 0.0, 0.009],
}  # fmt: skip
COLUMNS = 50


def reference_site(folder: Path, n_days: int = 60) -> None:
    """Write it, ready to be served."""
    war = told_war.told_war(n_days)
    war["settlements"] = _settlements(war["settlements"])
    war["dates"] = [_day(date, random.Random(k)) for k, date in enumerate(war["dates"])]
    war["places"] = war["places"] | {"places": [war["places"]["places"][k % 10] for k in range(N_PLACES)]}
    told_war.site(folder, war, pack=dict)


def _settlements(some: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rng = random.Random(1)
    more = [
        some[k % len(some)]
        | {"name": f"{some[k % len(some)]['name']} {k}", "population": rng.randint(40, 9000)}
        | {"names": {language: f"{name} {k}" for language, name in some[k % len(some)]["names"].items()}}
        | {"lon": rng.uniform(WEST, EAST), "lat": rng.uniform(SOUTH, NORTH)}
        for k in range(len(some), N_PLACES)
    ]
    return [*some, *more]


def _day(date: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    layers = {name: _finer(date[name], FINER.get(name, 1), rng) for name in told_war.LAYERS if name in date}
    kept = {name: value for name, value in date.items() if name not in told_war.LAYERS}
    return kept | {
        "shapes": packed(layers),
        "status": [date["status"][k % 10] for k in range(N_PLACES)],
        "public": date["public"]
        | _cells(rng)
        | {"places": [date["public"]["places"][k % 10] for k in range(N_PLACES)]},
    }


def _finer(layer: dict[str, Any], times: int, rng: random.Random) -> dict[str, Any]:
    """The same shapes with so many vertices in place of one, each a little off the line."""
    return layer | {
        "features": [
            one | {"geometry": one["geometry"] | {"coordinates": _rough(one["geometry"]["coordinates"], times, rng)}}
            for one in layer["features"]
        ]
    }


def _rough(lines: Any, times: int, rng: random.Random) -> Any:
    if isinstance(lines[0][0], list):
        return [_rough(one, times, rng) for one in lines]
    return [*(spot for one, other in pairwise(lines) for spot in _between(one, other, times, rng)), lines[-1]]


def _between(one: list[float], other: list[float], times: int, rng: random.Random) -> Iterator[list[float]]:
    yield one
    if math.dist(one, other) > 0.2:
        return  # the frame
    for k in range(1, times):
        yield [a + (b - a) * k / times + rng.uniform(-ROUGH_DEG, ROUGH_DEG) for a, b in zip(one, other, strict=True)]


def _cells(rng: random.Random) -> dict[str, Any]:
    """Cells by column and row, reports in some of them, a reason for each settlement and for most cells."""
    cells = [[k % COLUMNS, k // COLUMNS] for k in range(N_CELLS)]
    reports = [
        [k + 1, rng.randrange(N_CELLS), "2031-05-02", "position", rng.choice(["south", "north"]), "B", 2, None]
        for k in range(N_REPORTS)
    ]
    why = [
        [k if k < N_PLACES else None, rng.randrange(N_CELLS), "grey", "2031-05-01", 7, 2, _pushes(rng), "2031-05-12"]
        for k in range(N_REASONS)
    ]
    return {"grid": GRID, "cells": cells, "reports": reports, "why": why}


def _pushes(rng: random.Random) -> list[list[Any]]:
    words = ("strong", "moderate", "weak")
    return [[rng.randint(1, N_REPORTS), rng.choice(["south", "north"]), rng.choice(words)] for _ in range(3)]
