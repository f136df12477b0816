"""What there was to be seen: items drawn from a course, day by day, each at its true place and of its true side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from isofront.arrays import Bool, Float, Float32
from isofront.evidence.report import Kind
from isofront.ground.grid import Bounds, Grid, to_lonlat
from isofront.worlds.course import Course
from isofront.worlds.habits import ATTACKER, Depth, Habits, Look
from isofront.worlds.noise import DriftingField

REACH_KM = 30.0
"""Nothing is filmed deeper than this behind either edge."""
SEEN_PAST_DEG = 0.045
"""Items are drawn this far past the bounds (3 to 5 km): within the margin of a theatre's grid."""
NEWS_PULL = 4.0
"""Factor on what is filmed where everyone looks."""
News = Callable[[float], Bool[np.ndarray, "ny nx"]]
"""A day to the ground that everyone looks at."""
GREY_LEAN_KM, GREY_CAP_KM = 0.5, 2.5
"""In grey, items lean away from the attacker's edge: weight = 0.5 + distance from that edge (at most 2.5), km."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One true item: when (days since the start), where (km), what, and whose presence (role; None: not told).

    `news`: it lies on ground that everyone looks at, and is told within hours.
    """

    day: float
    east_km: float
    north_km: float
    kind: Kind
    seen: int | None
    by_drone: bool
    news: bool = False


@dataclass(slots=True)
class _Group:
    east_km: float
    north_km: float
    until_day: float


@dataclass(frozen=True, slots=True)
class _Today:
    """The strip of cells near the line on one day, flattened."""

    grid: Grid
    east_km: Float[np.ndarray, " n"]
    north_km: Float[np.ndarray, " n"]
    depth_km: Float32[np.ndarray, "2 n"]
    activity: Float[np.ndarray, " n"]
    boldness: Float[np.ndarray, " n"]
    cells: tuple[np.ndarray, np.ndarray, np.ndarray]
    """Which of them lie on the attacker's ground, in grey, on the defender's."""
    news: Bool[np.ndarray, "ny nx"]

    def is_news(self, east_km: float, north_km: float) -> bool:
        """Whether a spot lies where everyone looks."""
        cell = self.grid.cell_of(east_km, north_km)
        return cell is not None and bool(self.news[cell])


def sightings(
    course: Course,
    habits: Habits,
    *,
    per_day_100km: float | int,
    bad: Bool[np.ndarray, " n_days"],
    rng: np.random.Generator,
    attention: Float32[np.ndarray, "ny nx"],
    news: News | None = None,
) -> list[Sighting]:
    """All items of a course: Poisson in number, `per_day_100km` per day and 100 km of front in the long run.

    Nothing is filmed where attention is 0, and the front there does not count; `bad` marks the days of bad weather;
    `news` gives the ground that everyone looks at on a day (`NEWS_PULL` times as much).

    A look's zone is drawn by its shares; within the zone, cells are drawn with weight
    activity x attention x (1 + pull x movement) x gamma density of depth (in grey: `GREY_LEAN_KM` + distance).
    """
    activity = DriftingField(course.grid, length_km=8.0, memory_days=20.0, rng=rng)
    boldness = DriftingField(course.grid, length_km=8.0, memory_days=20.0, rng=rng)
    groups: list[_Group] = []
    found: list[Sighting] = []
    for day in range(course.n_days):
        today = _strip(
            course,
            day,
            habits=habits,
            activity=activity.values(),
            boldness=boldness.values(),
            attention=attention,
            news=np.zeros(course.grid.shape, bool) if news is None else news(day + 0.5),
        )
        groups = [group for group in groups if group.until_day > day]
        mean = per_day_100km * front_km(course, day, where=attention > 0) / 100
        for look, n in zip(habits.looks, _numbers(habits, mean, bad, day, rng), strict=True):
            found += _of_look(look, int(n), day=day, today=today, habits=habits, groups=groups, rng=rng)
        activity.step()
        boldness.step()
    return found


FORDED_KM, STRAYS = 4.0, 0.1
"""Across a river people are seen this near ground that their side holds there; farther on, a tenth of what else is."""


def kept_by_river(
    items: list[Sighting], course: Course, *, river_km: float, rng: np.random.Generator
) -> list[Sighting]:
    """The items that a river leaves: nobody strays far over it before his side holds ground there; claims are claims.

    The river runs north along `river_km`; the attacker's bank lies east of it.
    """
    from scipy.ndimage import distance_transform_edt

    east, _ = course.grid.centres_km()
    away: dict[tuple[int, int], Float[np.ndarray, "ny nx"]] = {}
    kept = []
    for item in items:
        across = item.seen is not None and (item.east_km < river_km) == (item.seen == ATTACKER)
        if across and item.kind is not Kind.CLAIM and item.seen is not None:
            key = (int(item.day), item.seen)
            if key not in away:
                there = (east < river_km) == (item.seen == ATTACKER)
                held = there & (course.distance_km(item.day)[item.seen] > 0)
                far = np.full(course.grid.shape, np.inf)
                away[key] = distance_transform_edt(~held) * course.grid.cell_km if held.any() else far
            cell = course.grid.cell_of(item.east_km, item.north_km)
            if (cell is None or away[key][cell] > FORDED_KM) and rng.random() > STRAYS:
                continue
        kept.append(item)
    return kept


def front_km(course: Course, day: float | int, *, where: Bool[np.ndarray, "ny nx"] | None = None) -> float:
    """Length of the attacker's edge in the frame, or of its part `where`, km: the area within 1 km of it, by 2 km."""
    near = np.abs(course.distance_km(day)[0]) < 1.0
    counted = near if where is None else near & where
    return float(counted.sum()) * course.grid.cell_km**2 / 2.0


def attention_within(grid: Grid, bounds: Bounds) -> Float32[np.ndarray, "ny nx"]:
    """1 in the bounds and a margin of `SEEN_PAST_DEG` round them, 0 beyond."""
    east, north = grid.centres_km()
    lon, lat = (axis.reshape(grid.shape) for axis in to_lonlat(east.ravel(), north.ravel(), crs=grid.crs))
    m = SEEN_PAST_DEG
    inside = (lon > bounds.west - m) & (lon < bounds.east + m) & (lat > bounds.south - m) & (lat < bounds.north + m)
    return inside.astype(np.float32)


def _numbers(
    habits: Habits, mean: float, bad: Bool[np.ndarray, " n_days"], day: int, rng: np.random.Generator
) -> np.ndarray:
    """How many items of each look today; what drones show is scarce on bad days and made up for on good ones."""
    shares = np.array([look.share for look in habits.looks])
    drone = np.array([look.by_drone for look in habits.looks])
    dim = habits.visibility_bad
    overall = 1 - float(bad.mean()) * (1 - dim)
    factor = np.where(drone, (dim if bad[day] else 1.0) / overall, 1.0)
    return np.asarray(rng.poisson(mean * shares / shares.sum() * factor))


def _strip(
    course: Course,
    day: int,
    *,
    habits: Habits,
    activity: Float32[np.ndarray, "ny nx"],
    boldness: Float32[np.ndarray, "ny nx"],
    attention: Float32[np.ndarray, "ny nx"],
    news: Bool[np.ndarray, "ny nx"],
) -> _Today:
    depth = course.distance_km(day + 0.5)
    near = (attention > 0) & (depth > -REACH_KM - 10).all(axis=0)
    moved_km = np.abs(course.distance_km(day + 4) - course.distance_km(max(day - 3, 0))).max(axis=0)
    weight = np.exp(habits.activity_spread * activity) * (1 + habits.pull_of_movement * moved_km)
    weight = weight * attention * np.where(news, NEWS_PULL, 1.0)
    east, north = course.grid.centres_km()
    bold = np.exp(habits.boldness_spread * boldness[near]).astype(float)
    depth = depth[:, near]
    cells = (np.flatnonzero(depth[0] > 0), np.flatnonzero((depth <= 0).all(axis=0)), np.flatnonzero(depth[1] > 0))
    return _Today(course.grid, east[near], north[near], depth, weight[near].astype(float), bold, cells, news)


def _of_look(
    look: Look,
    n: int,
    *,
    day: int,
    today: _Today,
    habits: Habits,
    groups: list[_Group],
    rng: np.random.Generator,
) -> list[Sighting]:
    if n == 0:
        return []
    items = []
    for zone, count in enumerate(rng.multinomial(n, np.asarray(look.zones) / sum(look.zones))):
        forward = zone == 2 and look.seen == ATTACKER and look.by_drone and look.kind is not Kind.FLAG
        for east, north in _places(look, zone, int(count), today, rng):
            spot = _group_spot((east, north), day, habits, groups, rng) if forward else (east, north)
            at_day = day + _hour(rng) / 24
            items.append(Sighting(at_day, *spot, look.kind, look.seen, look.by_drone, today.is_news(*spot)))
    return items


def _places(look: Look, zone: int, n: int, today: _Today, rng: np.random.Generator) -> list[tuple[float, float]]:
    """Places of n items in a zone; on the attacker's ground if there is no such zone today."""
    if n == 0:
        return []
    summed = np.cumsum(_weight(look, zone, today))
    if summed.size == 0 or summed[-1] <= 0:
        return [] if zone == 0 else _places(look, 0, n, today, rng)
    picks = np.searchsorted(summed, rng.random(n) * summed[-1], side="right")
    cells = today.cells[zone][np.minimum(picks, summed.size - 1)]
    half = today.grid.cell_km / 2
    jitter = rng.uniform(-half, half, size=(2, n))
    return list(zip(today.east_km[cells] + jitter[0], today.north_km[cells] + jitter[1], strict=True))


def _weight(look: Look, zone: int, today: _Today) -> Float[np.ndarray, " k"]:
    """Weight of each cell of a zone."""
    here = today.cells[zone]
    if zone == 1:
        return np.asarray(today.activity[here] * (GREY_LEAN_KM + np.minimum(-today.depth_km[0][here], GREY_CAP_KM)))
    role, depth = (0, look.in_attackers) if zone == 0 else (1, look.in_defenders)
    stretch = today.boldness[here] if zone == 2 and look.seen == ATTACKER else 1.0
    return np.asarray(today.activity[here] * _density(today.depth_km[role][here], depth, stretch))


def _density(
    depth_km: Float32[np.ndarray, " k"], depth: Depth, stretch: Float[np.ndarray, " k"] | float
) -> Float[np.ndarray, " k"]:
    """Gamma density of depth, with its mean stretched; 0 beyond the reach of any item."""
    x = np.maximum(depth_km.astype(float), 0.05)
    scale = depth.mean_km * stretch / depth.shape
    value = (x / scale) ** (depth.shape - 1) * np.exp(-x / scale) / scale
    return np.asarray(np.where(x < REACH_KM, value, 0.0))


def _group_spot(
    spot: tuple[float, float], day: int, habits: Habits, groups: list[_Group], rng: np.random.Generator
) -> tuple[float, float]:
    """Show a group that was seen before, near where it was; or found one here."""
    if groups and rng.random() < habits.group_share:
        group = groups[int(rng.integers(len(groups)))]
        east, north = rng.normal(0, 0.3, 2)
        return group.east_km + float(east), group.north_km + float(north)
    groups.append(_Group(*spot, until_day=day + float(rng.exponential(habits.group_days))))
    return spot


def _hour(rng: np.random.Generator) -> float:
    """Two thirds of items fall between 6 and 18 h."""
    return float(rng.uniform(6, 18) if rng.random() < 2 / 3 else rng.uniform(18, 30) % 24)
