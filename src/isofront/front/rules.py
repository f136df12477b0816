"""Necks by rule: what counts as the enemy's ground, what a place's neck is under each, and how that is said."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from shapely.geometry.base import BaseGeometry

from isofront.arrays import Float32
from isofront.front.enclosure import Disc
from isofront.front.ladder import RUNGS, Ladder, Rung
from isofront.front.neck_samples import Sampled
from isofront.front.place_corridor import Corridor, Spot
from isofront.ground.grid import Grid


class Rule(Enum):
    """By what ground is the enemy's: what he holds, that and grey, or wherever he is present."""

    HELD = "held"
    HELD_OR_GREY = "held_or_grey"
    ANY_PRESENCE = "any_presence"

    @property
    def words(self) -> str:
        """The rule as people say it."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class ByRule:
    """A place's corridor under one rule, and what the sampled maps say of it, if any were drawn."""

    corridor: Corridor
    sampled: Sampled | None = None


@dataclass(frozen=True)
class PlaceNecks:
    """A place of one side and its necks under each rule; a rule whose ground is not known is left out."""

    name: str
    side: str
    disc: Disc
    by_rule: Mapping[Rule, ByRule]

    @property
    def key(self) -> tuple[str, Disc]:
        """What tells it from its namesakes."""
        return self.name, self.disc

    @property
    def corridors(self) -> dict[Rule, Corridor]:
        """The corridor under each rule."""
        return {rule: one.corridor for rule, one in self.by_rule.items()}

    @property
    def plain(self) -> Corridor:
        """The corridor under the rule "held"."""
        return self.by_rule[Rule.HELD].corridor

    def rungs(self, ladder: Ladder) -> tuple[Rung, ...]:
        """Every rung that the rules and the 90 % intervals within them allow, from open down."""
        return rungs_over(self.by_rule.values(), ladder)


@dataclass(frozen=True)
class Pocket:
    """Ground of `side` nearly cut off, by the rule "held": its neck, tips and ground, who lies inside.

    `place` holds the measures by rule of the largest settlement inside or, where there is none, of its middle.
    """

    side: str
    enemy: str
    neck_km: float
    chord: tuple[Spot, ...]
    tips: tuple[Spot, ...]
    pocket_km2: float
    geometry: BaseGeometry
    inside: tuple[str, ...]
    place: PlaceNecks


@dataclass(frozen=True)
class Widths:
    """The corridor-width field of one side's land on a grid, under each rule whose ground is known.

    km per cell, row 0 south: 0 where cut off; NaN where open (wider than the ladder's `open_km`), where the ground is
    the enemy's by that rule, and off the land.
    """

    side: str
    grid: Grid
    km: Mapping[Rule, Float32[np.ndarray, "ny nx"]]


@dataclass(frozen=True)
class Pockets:
    """Everything of one map: each settlement near the front, the pockets found unaided, and what was assumed.

    `presence_p` is the probability above which presence counts; `n_samples` how many maps were drawn; `widths` has the
    corridor-width field of each side.
    """

    places: tuple[PlaceNecks, ...]
    pockets: tuple[Pocket, ...]
    ladder: Ladder
    presence_p: float
    n_samples: int
    widths: tuple[Widths, ...] = ()


def rungs_over(found: Iterable[ByRule], ladder: Ladder) -> tuple[Rung, ...]:
    """Every rung that some rules and the 90 % intervals within them allow, from open down."""
    reached = {rung for one in found for rung in _rungs_of(one, ladder)}
    return tuple(rung for rung in RUNGS if rung in reached)


def rungs_across(found: Iterable[ByRule], ladder: Ladder) -> tuple[Rung, ...]:
    """Every rung on which some free spot of the place stands by one of the rules, from open down."""
    reached: set[Rung] = set()
    for one in found:
        ends = (one.corridor.neck_max_km, one.corridor.neck_min_km)
        low, high = (RUNGS.index(ladder.rung(math.inf if km is None else km)) for km in ends)
        here = RUNGS.index(one.corridor.rung)
        reached |= (
            {one.corridor.rung} if one.corridor.rung is Rung.TAKEN else set(RUNGS[min(low, here) : max(high, here) + 1])
        )
    return tuple(rung for rung in RUNGS if rung in reached)


def _rungs_of(one: ByRule, ladder: Ladder) -> set[Rung]:
    """The rung of the map itself, and those that its interval reaches."""
    if one.corridor.rung is Rung.TAKEN or one.sampled is None or one.sampled.neck_km is None:
        return {one.corridor.rung}
    low, high = (RUNGS.index(ladder.rung(width)) for width in (one.sampled.neck_km.high, one.sampled.neck_km.low))
    here = RUNGS.index(one.corridor.rung)
    return set(RUNGS[min(low, here) : max(high, here) + 1])


def headline(found: Mapping[Rule, Corridor]) -> str:
    """The span of necks over the rules, in words: "2.8–7.9 km, by rule"."""
    words = span(list(found.values()))
    if len(found) < 2:
        return words
    agree = len({width_words(one) for one in found.values()}) == 1
    return f"{words}, by every rule" if agree else f"{words}, by rule"


def each_rule(found: Mapping[Rule, Corridor]) -> str:
    """The neck under each rule: "held 7.9 km, held or grey 6.6 km, any presence 2.8 km"."""
    return ", ".join(f"{rule.words} {width_words(one)}" for rule, one in found.items())


def span(found: Sequence[Corridor]) -> str:
    """From the narrowest neck to the widest."""
    ordered = sorted(found, key=_width_key)
    words = list(dict.fromkeys(width_words(one) for one in (ordered[0], ordered[-1])))
    both_in_km = all(word.endswith(" km") for word in words)
    return f"{words[0].removesuffix(' km')}–{words[1]}" if both_in_km and len(words) == 2 else " to ".join(words)


def _width_key(one: Corridor) -> float:
    if one.neck_km is None:
        return -1.0 if one.rung is Rung.TAKEN else math.inf
    return one.neck_km


def width_words(one: Corridor) -> str:
    """A corridor's neck in words; "n/a" once nothing of the place is free."""
    if one.neck_km is None and one.rung is Rung.TAKEN:
        return "n/a"
    return km_words(one.neck_km)


def km_words(width_km: float | None) -> str:
    """A width in words: None is open, 0 cut off."""
    if width_km is None:
        return "open (over 30 km)"
    return f"{width_km:.1f} km" if width_km > 0 else "none (cut off)"
