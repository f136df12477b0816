"""A front 30 km long on a small flat map, with reports drawn about it; all tests of the control room start here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import numpy as np

from isofront.control import Anchored, Config, Field, Model, Posterior, batch, show
from isofront.control.setting import Tuning
from isofront.evidence.report import Interval, Kind, Report
from isofront.ground.distance import Distance
from isofront.ground.grid import Grid, to_lonlat

START = datetime(2030, 5, 1, tzinfo=UTC)
SIDES = ("red", "blue")
GRID = Grid("EPSG:32637", 400.0, 5400.0, 0.5, 60, 60)
KINDS = (Kind.POSITION, Kind.STRIKE, Kind.STRIKE, Kind.ASSAULT, Kind.INFILTRATION, Kind.FLAG, Kind.LEFT, Kind.CLAIM)
SHORT = Config(tuning=Tuning(window_days=7.0))
"""Windows of a week, so that a month of reports crosses several."""


@lru_cache(maxsize=64)
def lonlat(east_km: float, north_km: float) -> tuple[float, float]:
    lon, lat = to_lonlat(np.array([east_km]), np.array([north_km]), crs=GRID.crs)
    return float(lon[0]), float(lat[0])


def moment(days: float) -> datetime:
    return START + timedelta(days=days)


def report(
    name: str,
    east: float,
    north: float,
    *,
    seen: str | None = "red",
    kind: Kind = Kind.STRIKE,
    day: float = 10.0,
    known: float | None = None,
    error_m: float = 100.0,
    grid: Grid = GRID,
    **more: object,
) -> Report:
    """A report `east, north` km from the grid's corner, `day` days after the anchor, known half a day later."""
    lon, lat = lonlat(grid.west_km + east, grid.south_km + north)
    at = moment(day)
    known_at = moment(day + 0.5 if known is None else known)
    return Report(name, "s", kind, seen, None, lon, lat, error_m, Interval(at, at), None, known_at, **more)  # type: ignore[arg-type]


def reports(seed: int, n: int, *, days: float = 20.0, grid: Grid = GRID, spread_km: float = 3.0) -> list[Report]:
    """n reports along the front (the middle column, straight north), each side mostly on its own ground (red east)."""
    rng = np.random.default_rng(seed)
    found = []
    for k in range(n):
        seen = SIDES[int(rng.integers(2))]
        past = rng.normal(-1.0, spread_km)
        east = 15.0 + (-past if seen == "red" else past)
        kind = KINDS[int(rng.integers(len(KINDS)))]
        error = float(rng.choice([50.0, 200.0, 1500.0]))
        day = float(np.round(rng.uniform(0, days), 3))
        found.append(
            report(
                f"r{k:03d}", float(np.round(east, 3)), float(np.round(rng.uniform(1, 29), 3)), seen=seen, kind=kind,
                day=day, error_m=error, grid=grid,
            )
        )  # fmt: skip
    return found


def anchored(grid: Grid = GRID, *, wave_km: float = 0.0) -> Anchored:
    """Red holds the east; the line runs north through the middle, with a bulge if asked."""
    east, north = grid.centres_km()
    line = grid.west_km + 15.0 + wave_km * np.sin((north - grid.south_km) / 5.0)
    return Anchored(np.clip(east - line, -40.0, 40.0), 0)


def swapped(report: Report) -> Report:
    other = {SIDES[0]: SIDES[1], SIDES[1]: SIDES[0], None: None}
    return replace(report, seen=other[report.seen])


def mirrored(anchor: Anchored) -> Anchored:
    return Anchored(-anchor.depth_km, 1 - anchor.drawn, anchor.grey_km)


def model(
    anchor: Anchored | None = None, *, grid: Grid = GRID, config: Config = SHORT, distance: Distance | None = None
) -> Model:
    return Model(grid, anchored(grid) if anchor is None else anchor, config, distance or Distance())


def posterior(
    told: list[Report], *, as_of: float = 20.0, known_by: float = 21.0, of: Model | None = None, began: datetime = START
) -> Posterior:
    used = of or model()
    items = batch(told, grid=used.grid, sides=SIDES, anchored=began)
    return used.posterior(items, as_of=as_of, known_by=known_by)


def field(told: list[Report], **more: object) -> Field:
    return show(posterior(told, **more), SIDES)  # type: ignore[arg-type]
