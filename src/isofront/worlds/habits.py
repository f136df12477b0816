"""How a war is filmed: what is seen, how far from the line, and how sources handle it. All numbers of a preset.

Distances are those of docs/maths/worlds.md: depth inside the attacker's held ground and depth inside the
defender's held ground, both from the edge of that ground; grey in between has no depth.
"""

from __future__ import annotations

from dataclasses import dataclass

from isofront.evidence.report import Kind

ATTACKER, DEFENDER = 0, 1


@dataclass(frozen=True, slots=True)
class Depth:
    """A gamma distribution of depth inside held ground: mean in km, and shape (1 = exponential)."""

    mean_km: float
    shape: float = 1.0


@dataclass(frozen=True, slots=True)
class Look:
    """One sort of item: its share of all, whose presence it shows (None: not told), and where it lies.

    `zones` are the shares on ground held by the attacker, in grey, on ground held by the defender.
    """

    kind: Kind
    seen: int | None
    share: float
    zones: tuple[float, float, float]
    in_attackers: Depth
    in_defenders: Depth
    by_drone: bool = True


@dataclass(frozen=True, slots=True)
class Habits:
    """One way of filming and reporting a war.

    Attributes:
        looks: the sorts of items.
        group_share: of the attacker's items on the defender's ground, how many show a group seen before.
        group_days: mean life of such a group, days.
        wrong_side, wrong_place: mean chances over sources; a source's own chance is 2 (1 - quality) times that.
        wrong_place_km: spread of a wrong place about the true one, per axis.
        repost, stale_repost: chance that an item appears again within days / months later as if new.
        delay_median_h, delay_sigma: lognormal publication delay.
        unpublished: chance that the publication time is not given.
        clutter: chance that a strike shows a wreck, a prisoner or a drone in flight.
        bad_weather: share of days on which drones see little.
        visibility_bad: how many drone items remain on such a day.
        activity_spread, boldness_spread: log spread of the local rate of items, and of depth in the defender's ground.
        pull_of_movement: extra local rate per km a week that the line moves.
    """

    name: str
    looks: tuple[Look, ...]
    group_share: float = 0.4
    group_days: float = 6.0
    wrong_side: float = 0.03
    wrong_place: float = 0.02
    wrong_place_km: float = 9.0
    repost: float = 0.15
    stale_repost: float = 0.02
    delay_median_h: float = 40.0
    delay_sigma: float = 1.1
    unpublished: float = 0.03
    clutter: float = 0.02
    bad_weather: float = 0.22
    visibility_bad: float = 0.25
    activity_spread: float = 0.7
    boldness_spread: float = 0.35
    pull_of_movement: float = 0.5


LIKEREAL = Habits(
    name="likereal",
    looks=(
        Look(Kind.STRIKE, ATTACKER, 0.27, (0.38, 0.39, 0.23), Depth(5.2), Depth(1.7)),
        Look(Kind.STRIKE, DEFENDER, 0.24, (0.0, 0.35, 0.65), Depth(0.5), Depth(6.6, 2.6)),
        Look(Kind.ACTIVITY, None, 0.17, (0.25, 0.20, 0.55), Depth(4.4), Depth(6.0, 1.1)),
        Look(Kind.FLAG, ATTACKER, 0.045, (0.20, 0.05, 0.75), Depth(0.7), Depth(6.0, 4.0)),
        Look(Kind.FLAG, DEFENDER, 0.01, (0.47, 0.20, 0.33), Depth(1.2), Depth(2.5)),
        Look(Kind.POSITION, ATTACKER, 0.06, (0.38, 0.39, 0.23), Depth(5.2), Depth(1.7)),
        Look(Kind.POSITION, DEFENDER, 0.03, (0.47, 0.20, 0.33), Depth(1.2), Depth(2.5)),
        Look(Kind.INFILTRATION, ATTACKER, 0.04, (0.0, 0.35, 0.65), Depth(0.5), Depth(2.6)),
        Look(Kind.ASSAULT, ATTACKER, 0.05, (0.20, 0.55, 0.25), Depth(1.2), Depth(1.0)),
        Look(Kind.ASSAULT, DEFENDER, 0.012, (0.25, 0.55, 0.20), Depth(0.8), Depth(0.8)),
        Look(Kind.LEFT, DEFENDER, 0.006, (0.55, 0.45, 0.0), Depth(0.8), Depth(0.5), by_drone=False),
        Look(Kind.CLAIM, ATTACKER, 0.03, (0.55, 0.25, 0.20), Depth(2.0), Depth(1.8), by_drone=False),
        Look(Kind.CLAIM, DEFENDER, 0.025, (0.15, 0.25, 0.60), Depth(1.5), Depth(2.0), by_drone=False),
    ),
)
"""Matched to four weeks of real geolocated items: most of what shows the attacker lies past the line."""

TAME = Habits(
    name="tame",
    looks=(
        Look(Kind.STRIKE, ATTACKER, 0.24, (0.70, 0.20, 0.10), Depth(3.0), Depth(1.2)),
        Look(Kind.STRIKE, DEFENDER, 0.16, (0.03, 0.22, 0.75), Depth(0.5), Depth(3.0)),
        Look(Kind.POSITION, ATTACKER, 0.16, (0.72, 0.20, 0.08), Depth(2.5), Depth(1.0)),
        Look(Kind.POSITION, DEFENDER, 0.10, (0.04, 0.21, 0.75), Depth(0.5), Depth(2.5)),
        Look(Kind.ASSAULT, ATTACKER, 0.12, (0.45, 0.45, 0.10), Depth(1.0), Depth(0.8)),
        Look(Kind.ASSAULT, DEFENDER, 0.05, (0.10, 0.45, 0.45), Depth(0.8), Depth(1.0)),
        Look(Kind.INFILTRATION, ATTACKER, 0.05, (0.0, 0.40, 0.60), Depth(0.5), Depth(1.8)),
        Look(Kind.FLAG, ATTACKER, 0.03, (0.75, 0.20, 0.05), Depth(1.0), Depth(1.0)),
        Look(Kind.FLAG, DEFENDER, 0.01, (0.05, 0.20, 0.75), Depth(0.5), Depth(1.0)),
        Look(Kind.CLAIM, ATTACKER, 0.045, (0.70, 0.18, 0.12), Depth(2.5), Depth(1.5), by_drone=False),
        Look(Kind.CLAIM, DEFENDER, 0.035, (0.10, 0.15, 0.75), Depth(1.5), Depth(2.5), by_drone=False),
    ),
    wrong_side=0.03,
    boldness_spread=0.2,
)
"""Most items on the ground their side holds: the easy case."""

HABITS = {habits.name: habits for habits in (LIKEREAL, TAME)}
"""Ways in which a war is filmed, by name."""
