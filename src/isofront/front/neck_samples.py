"""Necks as intervals: measured on many maps, each as likely as the others.

A map is given as levels: numbers on a lattice whose zero line is the edge of the enemy's ground, in units of one
standard deviation of that edge. A sample adds a standard normal surface that is correlated in space. Where the level
is the probit of a probability p, each spot is the enemy's in a share p of the samples: just as the map says.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float, Int
from isofront.front.contours import areas_of
from isofront.front.enclosure import RADII_KM, Disc, Edges, edges_of, enclosures
from isofront.front.neck_field import Necks, necks_on

STEP_KM = 0.5
"""How finely the edges of a sampled map are cut, and how densely a place is asked there."""

LOW, HIGH = 0.05, 0.95
NARROW_KM = 5.0


@dataclass(frozen=True, slots=True)
class Interval:
    """Median and 90 % interval; inf where open."""

    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Sampled:
    """What n sampled maps say of a place.

    Shares of all maps: `p_under_5` neck under 5 km (cut off included), `p_cut_off` no way to the rear, `p_taken`
    the centre is the enemy's or nothing of the place is left free (the rung of that name). `neck_km` is over the maps
    that leave something of it free, `pocket_km2` over those on which it has a neck; None if there are none.
    `enclosure` has one interval for each radius.
    """

    n: int
    neck_km: Interval | None
    pocket_km2: Interval | None
    enclosure: tuple[Interval, ...]
    p_under_5: float
    p_cut_off: float
    p_taken: float


@dataclass(frozen=True, slots=True)
class Levels:
    """Numbers at the crossings of two axes (km, rising), positive on enemy ground, in standard deviations."""

    east_km: Float[np.ndarray, " nx"]
    north_km: Float[np.ndarray, " ny"]
    level: Float[np.ndarray, "ny nx"]

    def enemy(self, noise: Float[np.ndarray, "ny nx"] | None = None) -> BaseGeometry:
        """The enemy's ground once noise (standard deviations) is added to the level."""
        from contourpy import FillType, contour_generator

        level = self.level if noise is None else self.level + noise
        lines: Any = contour_generator(self.east_km, self.north_km, level, fill_type=FillType.OuterOffset)
        return areas_of(*lines.filled(0.0, np.inf))


def sampled_necks(
    maps: Iterable[BaseGeometry],
    land: BaseGeometry,
    places: Sequence[Disc],
    *,
    rings: Sequence[bool] = (),
    open_km: float | int = 30.0,
) -> tuple[Sampled, ...]:
    """What many maps of the enemy's ground say of each place; `rings` says which places get their enclosure too."""
    asked = tuple(k for k, wanted in enumerate(rings) if wanted)
    question, edges = _Question.of(places, asked), edges_of(land)
    rows = [_one_map(enemy, edges, question) for enemy in maps]
    return tuple(_summed([row[k] for row in rows], k in asked, open_km) for k in range(len(places)))


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of every map: places, their middles, the spots at which they are asked, and whose rings.

    `own` says which of the spots are each place's.
    """

    places: tuple[Disc, ...]
    middles: Float[np.ndarray, "n 2"]
    spots: Float[np.ndarray, "k 2"]
    own: tuple[slice, ...]
    asked: tuple[int, ...]

    @classmethod
    def of(cls, places: Sequence[Disc], asked: tuple[int, ...]) -> _Question:
        """Ask of places, and of some of them (by number) how far they are ringed."""
        found = [place.spots_km(STEP_KM) for place in places]
        ends = np.cumsum([0, *(len(one) for one in found)]).tolist()
        middles = np.array([(one.east_km, one.north_km) for one in places], float).reshape(-1, 2)
        own = tuple(slice(first, last) for first, last in pairwise(ends))
        return cls(tuple(places), middles, np.vstack([np.zeros((0, 2)), *found]), own, asked)


_Row = tuple[float, float, tuple[float, ...], bool]
"""A place on one map: neck (inf open, 0 cut off, nan nothing free), pocket (nan none), enclosures, taken or not."""


def _one_map(enemy: BaseGeometry, land: Edges, question: _Question) -> list[_Row]:
    field = necks_on(enemy, land, step_km=STEP_KM)
    if field is None:
        return [(np.nan, np.nan, (), True) for _ in question.places]
    at = field.mesh.triangles_at(question.spots)
    edges = edges_of(enemy) if question.asked else None
    shapely.prepare(enemy)
    taken = shapely.intersects_xy(enemy, question.middles).tolist()
    found: list[_Row] = []
    for k, (place, own, held) in enumerate(zip(question.places, question.own, taken, strict=True)):
        neck, pocket = _neck(field, (mine := at[own])[mine >= 0])
        rings: tuple[float, ...] = ()
        if edges is not None and k in question.asked and not held:
            rings = tuple(ring.blocked for ring in enclosures(edges, place))
        found.append((neck, pocket, rings, held or math.isnan(neck)))
    return found


def _neck(field: Necks, at: Int[np.ndarray, " k"]) -> tuple[float, float]:
    """The upper median of the necks of some free triangles, and the pocket of its gate."""
    if not len(at):
        return np.nan, np.nan
    middle = int(at[np.argsort(field.neck_km[at], kind="stable")][len(at) // 2])
    gate = int(field.neck[middle])
    if gate >= 0:
        return float(field.neck_km[middle]), field.pocket_km2(gate)
    if field.neck_km[middle] > 0:
        return np.inf, np.nan
    return 0.0, float(field.area_km2[field.island(middle)].sum())


def _summed(rows: Sequence[_Row], has_rings: bool, open_km: float | int) -> Sampled:
    width = np.array([row[0] for row in rows])
    width = np.where(width > open_km, np.inf, width)
    free = np.isfinite(width) | np.isinf(width)
    pocket = np.array([row[1] for row in rows])[np.isfinite(width)]
    rings = np.array([row[2] for row in rows if row[2]])
    return Sampled(
        n=len(rows),
        neck_km=interval(width[free]),
        pocket_km2=interval(pocket),
        enclosure=tuple(found for k in range(len(RADII_KM)) if (found := interval(rings[:, k])))
        if has_rings and len(rings)
        else (),
        p_under_5=float(np.mean(width < NARROW_KM)),
        p_cut_off=float(np.mean(width == 0.0)),
        p_taken=float(np.mean([row[3] for row in rows])),
    )


def interval(values: Float[np.ndarray, " n"]) -> Interval | None:
    """Median and 90 % interval as values that occur (order statistics), so that open (inf) may be one of them."""
    if not len(values):
        return None
    ordered = np.sort(values)
    last = len(ordered) - 1
    low, median, high = (float(ordered[round(share * last)]) for share in (LOW, 0.5, HIGH))
    return Interval(median, low, high)
