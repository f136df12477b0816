"""Procedural fronts: a meandering line, and thrusts, losses and infiltrations along paths that change it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum

import numpy as np
import shapely
from shapely.geometry import LineString
from shapely.ops import substring

from isofront.arrays import Bool, Float, Float32
from isofront.ground.grid import Grid
from isofront.worlds.course import Frames, distance_to_lines_km, smoothed
from isofront.worlds.noise import DriftingField

Path = tuple[tuple[float, float], ...]
NEWS_KM = 3.0
"""How far round sudden ground everyone looks."""


class Effect(Enum):
    """What a move does to the ground it has passed."""

    GAIN = "gain"
    LOSS = "loss"
    GREY = "grey"


@dataclass(frozen=True, slots=True)
class Move:
    """A move along a path (km from the middle of the line: east, north), at even speed from one day to another.

    GAIN: the attacker holds what lies within `width_km` of the path so far; LOSS: the defender takes that back;
    GREY: the defender no longer holds it (infiltration), the attacker does not yet.
    """

    effect: Effect
    path: Path
    from_day: float
    to_day: float
    width_km: float

    def passed(self, day: float) -> Float[np.ndarray, "n 2"] | None:
        """The part of the path behind the move's head, km; None before it began."""
        if day < self.from_day:
            return None
        share = min(1.0, max(0.02, (day - self.from_day) / max(self.to_day - self.from_day, 1e-6)))
        line = LineString(self.path if len(self.path) > 1 else (self.path[0], self.path[0]))
        behind = line if line.length == 0 else substring(line, 0, share, normalized=True)
        return np.asarray(shapely.get_coordinates(behind))

    def reach_km(self, day: float) -> float:
        """Half-width at a day: grows to its full size over the first third of the move."""
        share = (day - self.from_day) / max(self.to_day - self.from_day, 1e-6)
        return self.width_km * min(1.0, 0.3 + 2.1 * max(share, 0.0))


@dataclass(frozen=True, slots=True)
class Script:
    """All that makes one procedural course.

    Attributes:
        moves: in order; a later move acts on the ground as the earlier ones left it on that day.
        grey_km: median width of the grey band; it varies by place with a log spread of `grey_spread`.
        meander_km: spread of the first line about a straight one.
        wobble_km: spread of small random shifts of the line in time (no net advance).
        step_days: days between key frames.
        news_days: for so many days after the first move begins, everyone looks at the ground that it reaches.
    """

    moves: tuple[Move, ...]
    grey_km: float = 1.5
    grey_spread: float = 0.5
    meander_km: float = 4.0
    wobble_km: float = 0.25
    step_days: float = 2.0
    news_days: float = 0.0


def news_from(script: Script, grid: Grid) -> Callable[[float], Bool[np.ndarray, "ny nx"]]:
    """On a day, the ground within `NEWS_KM` of what the script's first move has reached, while that is news."""
    east, north = _from_middle(grid)

    def news(day: float) -> Bool[np.ndarray, "ny nx"]:
        first = script.moves[0] if script.moves else None
        path = None if first is None or day > first.from_day + script.news_days else first.passed(day)
        if first is None or path is None:
            return np.zeros(grid.shape, bool)
        return np.asarray(distance_to_lines_km([path], east, north) < first.reach_km(day) + NEWS_KM)

    return news


def frames_from(
    script: Script, *, grid: Grid, sides: tuple[str, str], starts: date, n_days: int, rng: np.random.Generator
) -> Frames:
    """The course of a script; the attacker stands in the east.

    With f the signed distance to the line (positive on the attacker's side) and g the width of grey, the
    attacker holds f > g/2 and the defender f < -g/2; moves act on f by max and min with distances to their paths.
    """
    east, north = _from_middle(grid)
    meander = script.meander_km * DriftingField(grid, length_km=14.0, memory_days=1.0, rng=rng).values()[:, :1]
    slope = np.gradient(meander[:, 0], grid.cell_km)[:, None]
    line = (east - meander) / np.sqrt(1 + slope**2)
    grey = script.grey_km * np.exp(
        script.grey_spread * DriftingField(grid, length_km=6.0, memory_days=1.0, rng=rng).values()
    )
    wobble = DriftingField(grid, length_km=7.0, memory_days=12.0 / script.step_days, rng=rng)
    days = np.append(np.arange(0, n_days - 1, script.step_days), n_days - 1)
    fields = []
    for day in days:
        shifted = line + script.wobble_km * wobble.values()
        pair = _pair(shifted, grey, _reached(script.moves, float(day), east, north))
        fields.append([smoothed(one.astype(np.float32), by_km=0.6, grid=grid) for one in pair])
        wobble.step()
    return Frames(grid, sides, starts, tuple(float(day) for day in days), np.asarray(fields, dtype=np.float32))


def _from_middle(grid: Grid) -> tuple[Float32[np.ndarray, "ny nx"], Float32[np.ndarray, "ny nx"]]:
    west, south, east, north = grid.box_km
    x, y = grid.centres_km()
    return (x - (west + east) / 2).astype(np.float32), (y - (south + north) / 2).astype(np.float32)


def _reached(
    moves: tuple[Move, ...], day: float, east: Float32[np.ndarray, "ny nx"], north: Float32[np.ndarray, "ny nx"]
) -> list[tuple[Effect, Float32[np.ndarray, "ny nx"]]]:
    """For each move under way or done: how deep every cell lies inside what it has reached, km (negative outside)."""
    paths = [(move, move.passed(day)) for move in moves]
    return [
        (move.effect, move.reach_km(day) - distance_to_lines_km([path], east, north))
        for move, path in paths
        if path is not None
    ]


def _pair(
    line: Float[np.ndarray, "ny nx"],
    grey: Float[np.ndarray, "ny nx"],
    reached: list[tuple[Effect, Float32[np.ndarray, "ny nx"]]],
) -> tuple[Float[np.ndarray, "ny nx"], Float[np.ndarray, "ny nx"]]:
    """Signed distances of both sides' held ground."""
    cap = np.full(line.shape, np.inf)
    for effect, inside in reached:
        if effect is Effect.GAIN:
            line = np.maximum(line, inside)
        elif effect is Effect.LOSS:
            line, cap = np.minimum(line, -inside), np.maximum(cap, inside)
        else:
            cap = np.minimum(cap, -inside)
    return line - grey / 2, np.minimum(-line - grey / 2, cap)


MOVE_COLUMNS = ("effect", "from", "to", "half_width_km", "path_wkt", "note")


def moves_csv(moves: tuple[Move, ...], *, grid: Grid, starts: date) -> bytes:
    """What happens when and where, one move a line: truth, for scoring alone; only a header where nothing moves."""
    midnight = datetime.combine(starts, time(), UTC)
    lines = [",".join(MOVE_COLUMNS)]
    for move in moves:
        begins, ends = (f"{midnight + timedelta(days=day):%Y-%m-%dT%H:%M:%SZ}" for day in (move.from_day, move.to_day))
        path = _path_wkt(move.path, grid)
        lines.append(f'{move.effect.value},{begins},{ends},{move.width_km:.2f},"{path}",SIMULATED')
    return ("\n".join(lines) + "\n").encode("utf-8")


def _path_wkt(path: Path, grid: Grid) -> str:
    west, south, east, north = grid.box_km
    middle = (west + east) / 2, (south + north) / 2
    spots = [grid.to_lonlat(middle[0] + x, middle[1] + y) for x, y in path]
    words = ", ".join(f"{lon:.6f} {lat:.6f}" for lon, lat in spots)
    return f"LINESTRING ({words})" if len(spots) > 1 else f"POINT ({words})"
