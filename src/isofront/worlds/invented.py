"""Invented theatres: a preset, a seed and a length in, a whole scenario out. They lie in the open Gulf of Guinea."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from isofront.errors import UsageError
from isofront.ground.grid import Bounds, Grid, to_lonlat
from isofront.theatre.model import Anchor, Barrier, Mapping, Observing, Settlement, Side, Theatre
from isofront.worlds.habits import LIKEREAL, TAME, Habits
from isofront.worlds.moves import Move, frames_from, moves_csv, news_from
from isofront.worlds.presets import RIVER_EAST_KM, SCRIPTS
from isofront.worlds.press import Outlet, outlets, reports_of, theatre_sources
from isofront.worlds.scenario import ANCHOR_FILE, WEATHER_FILE, Scenario, midnight
from isofront.worlds.sightings import attention_within, kept_by_river, sightings
from isofront.worlds.skirmish import skirmish
from isofront.worlds.truth import truth_geojson
from isofront.worlds.weather import bad_dates, bad_days

BOUNDS = (2.50, 0.20, 3.50, 1.10)
CRS = "EPSG:32631"
STARTS = date(2021, 3, 1)
MOST_DAYS = 3_650
"""Long past, so that `add` takes every report: what lies in the future is rejected."""
TRUTH_CELL_M, TRUTH_MARGIN_KM = 500.0, 8.0
PRESETS = (*SCRIPTS, "skirmish")
"""The names of the invented wars."""
NAMES = (
    "Aldmoor",
    "Bellweir",
    "Carrow",
    "Dunmere",
    "Estholm",
    "Farrowgate",
    "Glenharrow",
    "Holt",
    "Inverley",
    "Jarrowby",
    "Kestrel Hill",
    "Larkfield",
    "Marlow End",
    "Norwick",
    "Oxbow",
    "Penhallow",
)


def invented(
    preset: str,
    *,
    seed: int,
    n_days: int,
    per_day_100km: float | int,
    habits: Habits | None = None,
    sides: tuple[str, str] = ("a", "b"),
) -> Scenario:
    """A scenario of a preset; `sides` are attacker, defender. Same arguments, same bytes.

    Raises:
        UsageError: no such preset, or less than a day, or a negative rate.
    """
    _check(preset, n_days, per_day_100km)
    used = habits or (TAME if preset == "tame" else LIKEREAL)
    rng = np.random.default_rng(seed)
    grid = truth_grid()
    press = outlets(rng)
    bad = bad_days(n_days, share=used.bad_weather, rng=rng)
    original = per_day_100km / (1 + used.repost + used.stale_repost)
    moves: tuple[Move, ...] = ()
    if preset == "skirmish":
        course, items = skirmish(grid=grid, sides=sides, starts=STARTS, per_day_100km=original, bad=bad, rng=rng)
    else:
        script = SCRIPTS[preset](n_days, rng)
        moves = script.moves
        course = frames_from(script, grid=grid, sides=sides, starts=STARTS, n_days=n_days, rng=rng)
        eyes = attention_within(grid, Bounds(*BOUNDS))
        news = news_from(script, grid) if script.news_days else None
        items = sightings(course, used, per_day_100km=original, bad=bad, rng=rng, attention=eyes, news=news)
        if preset == "bridgehead":
            items = kept_by_river(items, course, river_km=_river_east_km(), rng=rng)
    reports = reports_of(items, grid=grid, sides=sides, starts=STARTS, habits=used, press=press, rng=rng)
    theatre = _theatre(preset, sides, n_days, press, rng)
    anchor = truth_geojson(course, midnight(STARTS))
    told = moves_csv(moves, grid=grid, starts=STARTS)
    return Scenario(theatre, anchor, tuple(reports), course, bad_dates(bad, STARTS), told)


def truth_grid(bounds: tuple[float, float, float, float] = BOUNDS, crs: str = CRS) -> Grid:
    """The cells on which an invented truth is kept."""
    return Grid.covering(Bounds(*bounds), crs=crs, cell_m=TRUTH_CELL_M, margin_km=TRUTH_MARGIN_KM)


def _check(preset: str, n_days: int, per_day_100km: float | int) -> None:
    if preset not in PRESETS:
        raise UsageError(f"preset {preset!r}: wanted one of {', '.join(PRESETS)}")
    if not 1 <= n_days <= MOST_DAYS:
        raise UsageError(f"days {n_days}: wanted 1 to {MOST_DAYS}")
    if not 0 <= per_day_100km < 1e4:
        raise UsageError(f"rate {per_day_100km:g}: wanted reports per day and 100 km, 0 or more")


def _theatre(
    preset: str, sides: tuple[str, str], n_days: int, press: tuple[Outlet, ...], rng: np.random.Generator
) -> Theatre:
    return Theatre(
        name=preset,
        title=f"Invented war: {preset.replace('_', ' ')} (SIMULATED)",
        simulated=True,
        sides=(
            Side(sides[0], {"en": f"Side {sides[0].upper()}"}, "#c0504d"),
            Side(sides[1], {"en": f"Side {sides[1].upper()}"}, "#3a78b5"),
        ),
        protected_sides=(),
        bounds=BOUNDS,
        crs=CRS,
        anchor=Anchor(ANCHOR_FILE, midnight(STARTS)),
        starts=STARTS,
        ends=STARTS + timedelta(days=n_days - 1),
        sources=theatre_sources(press, sides),
        barriers=(_river(),) if preset == "bridgehead" else (),
        settlements=_settlements(rng),
        observing=Observing(weather=WEATHER_FILE),
        map=Mapping(credit="SIMULATED: an invented war on open sea"),
    )


def _river() -> Barrier:
    _, south, _, north = truth_grid().box_km
    middle = _river_east_km()
    lon, lat = to_lonlat(np.full(3, middle), np.linspace(south - 5, north + 5, 3), crs=CRS)
    line = tuple((round(float(x), 6), round(float(y), 6)) for x, y in zip(lon, lat, strict=True))
    return Barrier("River", "river", line)


def _river_east_km() -> float:
    west, _, east, _ = truth_grid().box_km
    return (west + east) / 2 + RIVER_EAST_KM


def _settlements(rng: np.random.Generator) -> tuple[Settlement, ...]:
    west, south, east, north = BOUNDS
    people = (10 ** rng.uniform(2.3, 4.9, len(NAMES))).astype(int)
    spots = rng.uniform((west + 0.25, south + 0.05), (east - 0.25, north - 0.05), (len(NAMES), 2)).round(4)
    return tuple(
        Settlement({"en": name}, (float(lon), float(lat)), int(n), round(60 * float(n) ** 0.37, 0))
        for name, n, (lon, lat) in zip(NAMES, people, spots, strict=True)
    )
