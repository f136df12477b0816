"""The embedded scenario: a theatre named for Pokrovsk, August to December 2025, SIMULATED from end to end."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float32
from isofront.ground.grid import Bounds, Grid, to_km
from isofront.theatre.model import Anchor, Mapping, Observing, Road, Settlement, Side, Theatre
from isofront.worlds.course import Frames, frames_of
from isofront.worlds.habits import LIKEREAL, Habits
from isofront.worlds.press import Outlet, outlets, reports_of, theatre_sources
from isofront.worlds.scenario import ANCHOR_FILE, WEATHER_FILE, Scenario, midnight
from isofront.worlds.sightings import attention_within, sightings
from isofront.worlds.truth import truth_geojson
from isofront.worlds.weather import bad_dates, bad_days

BOUNDS = (36.4, 47.9, 38.1, 48.9)
CRS = "EPSG:32637"
STARTS, ENDS = date(2025, 8, 1), date(2025, 12, 31)
SEED = 1104
RATE = 12.0
"""Items per day and 100 km of front: what a handful of communities publish together."""
TRUTH_CELL_M, TRUTH_MARGIN_KM, ROUND_KM = 500.0, 9.0, 0.4
FAR_SOUTH, FAR_NORTH, FAR_WEST, FAR_EAST = 46.9, 49.6, 34.5, 39.5
EYES_REACH_KM, EYES_PEOPLE = 4.5, 20_000

Ring = list[list[float | int]]
"""Corners as typed: 48 is as good as 48.0."""


def pokrovsk(*, seed: int = SEED, per_day_100km: float | int = RATE, habits: Habits = LIKEREAL) -> Scenario:
    """Theatre, 1 August anchor, reports drawn with the seed, and the course they were drawn from."""
    rng = np.random.default_rng(seed)
    course = pokrovsk_course()
    press = outlets(rng)
    original = per_day_100km / (1 + habits.repost + habits.stale_repost)
    bad = bad_days(course.n_days, share=habits.bad_weather, rng=rng)
    eyes = _attention(course.grid)
    seen = sightings(course, habits, per_day_100km=original, bad=bad, rng=rng, attention=eyes)
    reports = reports_of(
        seen, grid=course.grid, sides=course.sides, starts=course.starts, habits=habits, press=press, rng=rng
    )
    anchor = truth_geojson(course, midnight(STARTS))
    return Scenario(_theatre(press), anchor, tuple(reports), course, bad_dates(bad, STARTS))


@lru_cache(maxsize=1)
def pokrovsk_course() -> Frames:
    """The course typed by hand: two lines on each key date, blended as signed distances in between."""
    grid = Grid.covering(Bounds(*BOUNDS), crs=CRS, cell_m=TRUTH_CELL_M, margin_km=TRUTH_MARGIN_KM)
    keys = [(key["date"], *held_areas_km(key, CRS)) for key in key_dates()]
    first, second = _read("course.toml")["sides"]
    return frames_of(keys, grid=grid, sides=(first, second), round_km=ROUND_KM)


def key_dates() -> tuple[dict[str, Any], ...]:
    """The typed key dates as they stand in the file."""
    return tuple(_read("course.toml")["key"])


def held_areas_km(key: dict[str, Any], crs: str) -> tuple[BaseGeometry, BaseGeometry]:
    """Ground of ru (south-east of its edge) and of ua (north-west of its edge) on a key date, km."""
    edge_ru, edge_ua = key["edge_ru"], key["edge_ua"]
    ru = [*edge_ru, [edge_ru[-1][0], FAR_SOUTH], [FAR_EAST, FAR_SOUTH], [FAR_EAST, edge_ru[0][1]]]
    ua = [*edge_ua, [FAR_WEST, edge_ua[-1][1]], [FAR_WEST, FAR_NORTH], [edge_ua[0][0], FAR_NORTH]]
    return _with_parts(ru, "ru", key, crs), _with_parts(ua, "ua", key, crs)


def _with_parts(ring: Ring, side: str, key: dict[str, Any], crs: str) -> BaseGeometry:
    islands = [_polygon_km(part, crs) for part in key.get(f"islands_{side}", [])]
    holes = [_polygon_km(part, crs) for part in key.get(f"holes_{side}", [])]
    return shapely.union_all([_polygon_km(ring, crs), *islands]).difference(shapely.union_all(holes))


def _polygon_km(ring: Ring, crs: str) -> Polygon:
    lon, lat = np.array(ring).T
    return Polygon(np.column_stack(to_km(lon, lat, crs=crs)))


def _attention(grid: Grid) -> Float32[np.ndarray, "ny nx"]:
    """More eyes near towns: 1 + sum over settlements of eyes x exp(-d² / 2 reach²).

    `eyes` is typed for the places that the world looked at, else it is people / 20,000, at most 1.
    """
    east, north = grid.centres_km()
    pull = np.ones(grid.shape)
    for place in _read("places.toml")["place"]:
        x, y = grid.to_km(*_spot(place["at"]))
        eyes = place.get("eyes", min(1.0, place.get("population", 0) / EYES_PEOPLE))
        pull += eyes * np.exp(-((east - x) ** 2 + (north - y) ** 2) / (2 * EYES_REACH_KM**2))
    return np.asarray(pull * attention_within(grid, Bounds(*BOUNDS)), dtype=np.float32)


def _theatre(press: tuple[Outlet, ...]) -> Theatre:
    sides = (
        Side("ru", {"en": "Russia", "uk": "Росія"}, "#c0504d"),
        Side("ua", {"en": "Ukraine", "uk": "Україна"}, "#3a78b5"),
    )
    return Theatre(
        name="pokrovsk",
        title="Pokrovsk, August to December 2025 (SIMULATED)",
        titles={"uk": "Покровськ, серпень – грудень 2025 (СИМУЛЯЦІЯ)"},
        simulated=True,
        sides=sides,
        protected_sides=(),
        bounds=BOUNDS,
        crs=CRS,
        cell_m=250.0,
        anchor=Anchor(ANCHOR_FILE, midnight(STARTS)),
        starts=STARTS,
        ends=ENDS,
        timezone="Europe/Kyiv",
        sources=theatre_sources(press, ("ru", "ua")),
        settlements=_settlements(),
        roads=_roads(),
        observing=Observing(weather=WEATHER_FILE),
        map=Mapping(
            credit="SIMULATED: invented reports; settlements and roads are facts",
            credits={"uk": "СИМУЛЯЦІЯ: повідомлення вигадані; населені пункти й дороги справжні"},
        ),
    )


def _settlements() -> tuple[Settlement, ...]:
    return tuple(
        Settlement(
            names={"en": one["en"], "uk": one["uk"]},
            at=_spot(one["at"]),
            population=one.get("population"),
            radius_m=one.get("radius_m"),
            spellings=tuple(one.get("spellings", ())),
        )
        for one in _read("places.toml")["place"]
    )


def _roads() -> tuple[Road, ...]:
    return tuple(
        Road(one["name"], tuple(_spot(spot) for spot in one["line"]), one["kind"], one["names"])
        for one in _read("roads.toml")["road"]
    )


def _spot(pair: list[float]) -> tuple[float, float]:
    return pair[0], pair[1]


def _read(name: str) -> dict[str, Any]:
    text = files("isofront.worlds").joinpath("pokrovsk", name).read_text(encoding="utf-8")
    return tomllib.loads(text)
