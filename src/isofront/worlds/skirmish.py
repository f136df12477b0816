"""A war of single groups: nothing here knows of a line; who holds what follows from who walked where.

Groups of both sides wander, press forward where they outnumber, and fight when they meet. What is filmed are those
meetings. The ground remembers who was there last; that memory is the truth. This generator shares neither code nor
parameters with the other presets' sampling of items, nor with any likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from isofront.arrays import Bool, Float, Float32
from isofront.evidence.report import Kind
from isofront.ground.grid import Grid
from isofront.worlds.course import Frames, smoothed
from isofront.worlds.habits import ATTACKER, DEFENDER
from isofront.worlds.noise import DriftingField
from isofront.worlds.sightings import Sighting

STEPS_A_DAY = 2
GROUPS_PER_KM = 7.0
SIGHT_KM, MEET_KM = 2.0, 0.6
WANDER_KM, PRESS_KM, BOLD_KM = 0.25, 0.16, 0.30
BOLD_SHARE = 0.12
LOSS_CHANCE = 0.10
MARCH_KM = 1.5
MEMORY_GAIN = 0.5
HELD_ABOVE = 0.55
KEY_DAYS = 2
ASTRAY_LOSS = 0.05
"""Chance per half day that a group on the other side's ground is lost without a meeting that anyone films."""
SETTLING, SETTLING_KM = 0.05, 4.0
"""Rate per day at which ground goes over to whoever holds its surroundings, and how far these reach."""
DIM = 0.35
"""How much is filmed on a day of bad weather."""
MEETING_SHARE = 0.72
"""Of what is filmed, how much are meetings; the rest are groups alone."""


@dataclass(frozen=True, slots=True)
class _Field:
    """The ground on one day: cells, their middle (km), who is remembered (1 attacker … -1 defender), and will."""

    grid: Grid
    middle: tuple[float, float]
    owner: Float[np.ndarray, "ny nx"]
    will: Float32[np.ndarray, "ny nx"]


@dataclass(slots=True)
class _Groups:
    """Where every group is (km from the middle), whose it is, and whether it goes ahead alone."""

    east: Float[np.ndarray, " n"]
    north: Float[np.ndarray, " n"]
    side: np.ndarray
    bold: Bool[np.ndarray, " n"]


def skirmish(
    *,
    grid: Grid,
    sides: tuple[str, str],
    starts: date,
    per_day_100km: float | int,
    bad: Bool[np.ndarray, " n_days"],
    rng: np.random.Generator,
) -> tuple[Frames, list[Sighting]]:
    """The course that follows from the groups' doings, and what was filmed of them; less on days of bad weather."""
    n_days = len(bad)
    light = np.where(bad, DIM, 1.0)
    west, south, east, north = grid.box_km
    middle, half_km = ((west + east) / 2, (south + north) / 2), (north - south) / 2
    groups = _mustered(half_km, rng)
    will = DriftingField(grid, length_km=25.0, memory_days=40.0, rng=rng)
    x, _ = grid.centres_km()
    owner = np.tanh((x - middle[0]) / 1.2)
    key_days, fields, seen = [], [], []
    for day in range(n_days):
        if day % KEY_DAYS == 0 or day == n_days - 1:
            key_days.append(float(day))
            fields.append(_distances(owner, grid))
        mean = per_day_100km * (2 * half_km) / 100 * float(light[day] / light.mean())
        for step in range(STEPS_A_DAY):
            field = _Field(grid, middle, owner, will.values())
            met = _advance(groups, field, rng)
            at_day = day + (step + 0.5) / STEPS_A_DAY
            seen += _filmed(groups, met, field, day=at_day, n=int(rng.poisson(mean / STEPS_A_DAY)), rng=rng)
        owner = _remember(owner, groups, middle, grid)
        will.step()
    return Frames(grid, sides, starts, tuple(key_days), np.asarray(fields, dtype=np.float32)), seen


def _mustered(half_km: float, rng: np.random.Generator) -> _Groups:
    n = int(2 * half_km * GROUPS_PER_KM)
    side = np.repeat([ATTACKER, DEFENDER], n)
    back = rng.exponential(2.5, 2 * n) + 0.3
    return _Groups(
        east=np.where(side == ATTACKER, back, -back),
        north=rng.uniform(-half_km, half_km, 2 * n),
        side=side,
        bold=rng.random(2 * n) < BOLD_SHARE,
    )


def _advance(groups: _Groups, field: _Field, rng: np.random.Generator) -> np.ndarray:
    """Move everyone half a day; pairs that meet (indices: attacker's group, defender's group); some are lost."""
    from scipy.spatial import cKDTree

    spots = np.column_stack([groups.east, groups.north])
    mine = [np.flatnonzero(groups.side == role) for role in (ATTACKER, DEFENDER)]
    trees = [cKDTree(spots[index]) for index in mine]
    near = [tree.query_ball_point(spots, SIGHT_KM, return_length=True).astype(float) for tree in trees]
    friends = np.where(groups.side == ATTACKER, near[0], near[1])
    foes = np.where(groups.side == ATTACKER, near[1], near[0])
    forward = np.where(groups.side == ATTACKER, -1.0, 1.0)
    half_km = field.grid.ny * field.grid.cell_km / 2
    rows, columns = _cells(groups, field.middle, field.grid)
    eager = field.will[rows, columns] * np.where(groups.side == ATTACKER, 1.0, -1.0)
    press = np.where(groups.side == ATTACKER, eager > 0.0, eager > 1.0) & (friends > 1.15 * foes)
    own = -forward * field.owner[rows, columns]
    home = own > 0.2
    step = np.where(groups.bold & home, 0.5 * BOLD_KM, np.where(press, PRESS_KM, 0.0))
    step = np.where(groups.bold & ~home & (rng.random(step.size) < 0.5), BOLD_KM, step)
    idle = (foes == 0) & ~home & ~groups.bold
    far_back = (foes == 0) & home & (friends > 0) & (rng.random(step.size) < 0.25)
    step = np.where(idle, -0.1, np.where(far_back, 0.5 * PRESS_KM, step))
    groups.east = groups.east + forward * step + rng.normal(0, WANDER_KM, step.size)
    groups.north = np.clip(groups.north + rng.normal(0, WANDER_KM, step.size), -half_km, half_km)
    pairs = _meetings(groups, mine)
    astray = np.flatnonzero((own < -HELD_ABOVE) & (rng.random(step.size) < ASTRAY_LOSS))
    _reinforce(groups, np.union1d(_fallen(pairs, rng), astray), rng)
    return pairs


def _meetings(groups: _Groups, mine: list[np.ndarray]) -> np.ndarray:
    from scipy.spatial import cKDTree

    first, second = (cKDTree(np.column_stack([groups.east[i], groups.north[i]])) for i in mine)
    found = first.query_ball_tree(second, MEET_KM)
    pairs = [(mine[0][a], mine[1][b]) for a, others in enumerate(found) for b in others]
    return np.array(pairs, dtype=int).reshape(-1, 2)


def _fallen(pairs: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Of each pair that met, with some chance one is lost."""
    hit = pairs[rng.random(len(pairs)) < LOSS_CHANCE]
    return np.asarray(hit[np.arange(len(hit)), rng.integers(0, 2, len(hit))], dtype=int)


def _reinforce(groups: _Groups, lost: np.ndarray, rng: np.random.Generator) -> None:
    """As many new groups as were lost walk up behind the middle of their side nearby."""
    for index in lost.astype(int):
        same = (groups.side == groups.side[index]) & (np.abs(groups.north - groups.north[index]) < 6)
        sign = 1 if groups.side[index] == ATTACKER else -1
        groups.east[index] = float(np.median(groups.east[same])) + sign * (MARCH_KM + rng.exponential(1.5))
        groups.north[index] += rng.normal(0, 2.0)
        groups.bold[index] = rng.random() < BOLD_SHARE


def _cells(groups: _Groups, middle: tuple[float, float], grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    columns = ((groups.east + middle[0] - grid.west_km) / grid.cell_km).astype(int)
    rows = ((groups.north + middle[1] - grid.south_km) / grid.cell_km).astype(int)
    return np.clip(rows, 0, grid.ny - 1), np.clip(columns, 0, grid.nx - 1)


def _remember(
    owner: Float[np.ndarray, "ny nx"], groups: _Groups, middle: tuple[float, float], grid: Grid
) -> Float[np.ndarray, "ny nx"]:
    """Ground drifts toward whoever was in it today, and a little toward those who hold what lies round it.

    w = o + gain x (balance - o) x min(1, presence / 0.8), then w + settling x (tanh(4 x smoothed w) - w).
    """
    from scipy.ndimage import gaussian_filter

    rows, columns = _cells(groups, middle, grid)
    presence = []
    for role in (ATTACKER, DEFENDER):
        count = np.zeros(grid.shape)
        here = groups.side == role
        np.add.at(count, (rows[here], columns[here]), 1.0)
        presence.append(gaussian_filter(count, 1.2 / grid.cell_km) / grid.cell_km**2)
    total = presence[0] + presence[1]
    balance = (presence[0] - presence[1]) / np.maximum(total, 1e-9)
    walked = owner + MEMORY_GAIN * np.minimum(1.0, total / 0.8) * (balance - owner)
    round_about = np.tanh(4 * gaussian_filter(walked, SETTLING_KM / grid.cell_km, mode="nearest"))
    return np.asarray(walked + SETTLING * (round_about - walked))


def _distances(owner: Float[np.ndarray, "ny nx"], grid: Grid) -> list[Float32[np.ndarray, "ny nx"]]:
    """Signed distances to the ground that remembers one side clearly."""
    from scipy.ndimage import distance_transform_edt

    fields = []
    for held in (owner > HELD_ABOVE, owner < -HELD_ABOVE):
        inside = distance_transform_edt(held) - 0.5 * held
        outside = distance_transform_edt(~held) - 0.5 * ~held
        signed = ((inside - outside) * grid.cell_km).astype(np.float32)
        fields.append(smoothed(signed, by_km=0.7, grid=grid))
    return fields


def _filmed(
    groups: _Groups, met: np.ndarray, field: _Field, *, day: float, n: int, rng: np.random.Generator
) -> list[Sighting]:
    """n items: meetings (one side hit, an assault, or no side told) and groups alone (position, infiltration, flag)."""
    rows, columns = _cells(groups, field.middle, field.grid)
    items = []
    for _ in range(n):
        if len(met) and rng.random() < MEETING_SHARE:
            index = int(met[int(rng.integers(len(met))), int(rng.random() < 0.45)])
            kind = (Kind.STRIKE, Kind.STRIKE, Kind.STRIKE, Kind.ASSAULT, Kind.ACTIVITY)[int(rng.integers(5))]
        else:
            index = int(rng.integers(groups.side.size))
            kind = Kind.FLAG if rng.random() < 0.15 else Kind.POSITION
        side = int(groups.side[index])
        own = field.owner[rows[index], columns[index]] * (1 if side == ATTACKER else -1)
        if kind is Kind.POSITION and own < -HELD_ABOVE:
            kind = Kind.INFILTRATION
        spot = float(groups.east[index] + field.middle[0]), float(groups.north[index] + field.middle[1])
        items.append(Sighting(day, *spot, kind, None if kind is Kind.ACTIVITY else side, by_drone=True))
    return items
