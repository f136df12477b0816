"""Places and times as coarse as the public may have them: a cell for a spot, a day for a moment; pure.

A report becomes the report of its cell: its place is the cell's centre, its error the cell's side beside
its own in steps. Cells lie on whole multiples of their side on the theatre's flat map, so that every edition
rounds a spot to one and the same cell and a mean over editions says no more than one of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Int
from isofront.evidence.likeness import keys_of, why_alike
from isofront.evidence.replay import grouped
from isofront.evidence.report import Interval, Report
from isofront.evidence.traits import traits_of
from isofront.ground.grid import to_km, to_lonlat

ERRORS_M = (0.0, 1000.0, 2500.0, 5000.0, 10_000.0, 25_000.0, 100_000.0)
"""A report's own error is rounded up to one of these; up to the first step it is nothing beside the cell's."""
TOLD_TWICE_M = 290.0
"""How exact a cell counts where near-duplicates are told: reports of one cell and day can be one, of two cells not."""

Cell = tuple[int, int]


def cells_of(reports: Sequence[Report], *, crs: str, km: float) -> Int[np.ndarray, "n 2"]:
    """The (column, row) of each report's cell, counted from the origin of the flat map."""
    lonlat = np.array([(one.lon, one.lat) for one in reports], float).reshape(-1, 2)
    spots = np.column_stack(to_km(lonlat[:, 0], lonlat[:, 1], crs=crs))
    return np.floor(np.where(np.isfinite(spots), spots, 0.0) / km).astype(np.int64)


def coarsened(reports: Iterable[Report], *, crs: str, km: float) -> tuple[Report, ...]:
    """The reports as the public engine reads them, by cell and day: nothing finer, and no words, links or media.

    Near-duplicates are told anew, among these reports, from their cells and days: groups made of exact places would
    tell that two reports of neighbouring cells lie where the cells meet; those made of clock times, that two of one
    cell and day lie within an hour.
    """
    every = tuple(reports)
    cells = cells_of(every, crs=crs, km=km)
    lon, lat = to_lonlat(*((cells + 0.5) * km).T, crs=crs)
    placed = [
        _by_day(replace(one, lon=x, lat=y, wkt=None, group=one.id))
        for one, x, y in zip(every, lon.tolist(), lat.tolist(), strict=True)
    ]
    found = grouped(dict(enumerate(placed)), _near_duplicates(placed))
    return tuple(replace(one, error_m=coarse_error_m(one.error_m, km=km), links=()) for one in found)


def _near_duplicates(placed: Sequence[Report]) -> list[tuple[int, int]]:
    """Numbers of reports that tell of one thing, in pairs; they have days and links, and errors of their own."""
    filed: dict[int, list[int]] = {}
    counted = [replace(one, error_m=max(TOLD_TWICE_M, own_error_m(one.error_m))) for one in placed]
    traits = [traits_of(one) for one in counted]
    found = []
    for n, one in enumerate(counted):
        keys = keys_of(one)
        met = {k for key in keys.searched for k in filed.get(key, ())}
        found += [(k, n) for k in sorted(met) if why_alike(traits[k], traits[n])]
        for key in keys.filed:
            filed.setdefault(key, []).append(n)
    return found


def _by_day(report: Report) -> Report:
    start = day_start(report.happened.start)
    happened = Interval(
        start, max(day_end(report.happened.end), start + timedelta(days=1))
    )  # midnight sharp is a day too
    known_at = day_end(report.known_at)
    return replace(report, happened=happened, published_at=None, known_at=known_at, note="", precision=None)


def coarse_error_m(error_m: float, *, km: float) -> float:
    """One standard deviation of the place of a report that is told by its cell, metres."""
    return math.hypot(own_error_m(error_m), 1000 * km)


def own_error_m(error_m: float) -> float:
    """A report's own error in steps, metres; up to the first step it is nothing beside the cell's."""
    step = next((step for step in ERRORS_M if error_m < step or step == ERRORS_M[-1]), ERRORS_M[-1])
    return 0.0 if error_m < ERRORS_M[1] else step


def day_start(moment: datetime) -> datetime:
    """Midnight at or before a moment, UTC."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def day_end(moment: datetime) -> datetime:
    """Midnight at or after a moment, UTC."""
    start = day_start(moment)
    return start if start == moment else start + timedelta(days=1)


def cell_box(cell: Cell, *, km: float) -> BaseGeometry:
    """A cell as a square, km."""
    column, row = cell
    return shapely.box(column * km, row * km, (column + 1) * km, (row + 1) * km)


def on_cells(shape: BaseGeometry, *, km: float) -> BaseGeometry:
    """Ground (km) as the cells that lie in it by half or more; at least the one that holds its middle."""
    west, south, east, north = (math.floor(edge / km) for edge in shape.bounds)
    boxes = [cell_box((column, row), km=km) for column in range(west, east + 1) for row in range(south, north + 1)]
    shares = shapely.area(shapely.intersection(np.array(boxes, dtype=object), shape)) / km**2
    chosen = [box for box, share in zip(boxes, shares, strict=True) if share >= 0.5]
    spot = shapely.point_on_surface(shape)
    return shapely.union_all(chosen or [cell_box((math.floor(spot.x / km), math.floor(spot.y / km)), km=km)])


def snapped_km(spots: Sequence[tuple[float, float]], *, km: float) -> list[tuple[float, float]]:
    """Spots at the centres of their cells, km."""
    return [((math.floor(x / km) + 0.5) * km, (math.floor(y / km) + 0.5) * km) for x, y in spots]
