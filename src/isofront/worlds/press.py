"""From what there was to be seen to what is reported: sources with errors, interests, delays and reposts."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

import numpy as np

from isofront.evidence.report import Interval, Kind, Link, LocationOf, Means, Posture, Report
from isofront.ground.grid import Grid
from isofront.theatre.model import Source
from isofront.worlds.habits import ATTACKER, DEFENDER, Habits
from isofront.worlds.sightings import Sighting

T = TypeVar("T")

NOTE = "SIMULATED"
N_SOURCES = 60
NEWS_HASTE = 0.2
"""Delays of what everyone looks at are multiplied by this."""
BACKFILL_LAG = timedelta(hours=24)
SAME_LINK = 0.6
"""Share of reposts that name the first post; the rest give only their own link."""

PRECISION = (
    ("exact", 30.0, 0.24),
    ("building", 60.0, 0.32),
    ("treeline", 100.0, 0.20),
    ("field", 200.0, 0.12),
    ("settlement", 1000.0, 0.12),
)
"""Precision word, one standard deviation in metres, share of items. Claims are always given to 1500 m."""

GRADES = (("A", 0.8), ("B", 0.62), ("C", 0.45), ("D", 0.3), ("E", -math.inf))
"""Least shown quality of each grade."""

MEANS = (
    (Means.FPV, 0.52),
    (Means.BOMBER_DRONE, 0.13),
    (Means.ARTILLERY, 0.12),
    (Means.GLIDE_BOMB, 0.06),
    (Means.SMALL_ARMS, 0.04),
    (Means.ARMOUR, 0.02),
    (Means.MINE, 0.02),
    (Means.UNKNOWN, 0.09),
)
POSTURES = ((Posture.MOVING, 0.5), (Posture.HOLDING, 0.32), (Posture.DUG_IN, 0.18))


@dataclass(frozen=True, slots=True)
class Outlet:
    """A source as the world knows it: quality in [0, 1], how often it is the one that reports, whom it speaks for."""

    id: str
    quality: float
    weight: float
    speaks_for: int | None
    grade: str


def outlets(rng: np.random.Generator, n: int = N_SOURCES) -> tuple[Outlet, ...]:
    """Sources whose grade goes with their quality: quality ~ Beta(4, 2.2), rate ~ 1/rank, one in eight graded F."""
    quality = rng.beta(4, 2.2, n)
    weight = 1 / np.arange(1, n + 1) ** 0.9
    shown = quality + rng.normal(0, 0.08, n)
    return tuple(
        Outlet(
            id=f"s{number:03d}",
            quality=float(quality[number]),
            weight=float(weight[number]),
            speaks_for=_interest(rng.random()),
            grade="F" if rng.random() < 1 / 8 else _grade(float(shown[number])),
        )
        for number in range(n)
    )


def _interest(draw: float) -> int | None:
    return ATTACKER if draw < 0.35 else DEFENDER if draw < 0.7 else None


def _grade(quality: float) -> str:
    return next(grade for grade, least in GRADES if quality >= least)


def theatre_sources(press: tuple[Outlet, ...], sides: tuple[str, str]) -> tuple[Source, ...]:
    """The outlets as a theatre file lists them."""
    return tuple(Source(one.id, one.grade, None if one.speaks_for is None else sides[one.speaks_for]) for one in press)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What it takes to write reports of one world."""

    grid: Grid
    sides: tuple[str, str]
    starts: date
    habits: Habits
    press: tuple[Outlet, ...]
    rng: np.random.Generator

    def choose(self, *, seen: int | None, kind: Kind) -> Outlet:
        """A source for an item: claims come from those who speak for the side that is said to hold."""
        weights = np.array([one.weight for one in self.press])
        if kind in (Kind.CLAIM, Kind.FLAG) and seen is not None:
            weights = weights * np.array([_keenness(one.speaks_for, seen) for one in self.press])
        return self.press[int(self.rng.choice(len(self.press), p=weights / weights.sum()))]

    def chance(self, mean: float, outlet: Outlet) -> bool:
        """Whether an error of that mean chance happens to this source: 2 (1 - quality) / mean spread."""
        return bool(self.rng.random() < mean * (1 - outlet.quality) / 0.35)


def _keenness(speaks_for: int | None, seen: int) -> float:
    return 4.0 if speaks_for == seen else 0.4 if speaks_for is not None else 1.0


def reports_of(
    items: list[Sighting],
    *,
    grid: Grid,
    sides: tuple[str, str],
    starts: date,
    habits: Habits,
    press: tuple[Outlet, ...],
    rng: np.random.Generator,
) -> list[Report]:
    """Reports with reposts, in order of publication; `sides` are attacker, defender. Every note says SIMULATED."""
    desk = _Desk(grid, sides, starts, habits, press, rng)
    written: list[Report] = []
    for number, item in enumerate(sorted(items, key=lambda one: one.day)):
        first = replace(_report(item, desk), links=(Link(f"https://example.invalid/post-{number:05d}"),))
        written.append(first)
        if rng.random() < habits.repost:
            written.append(_again(first, desk, after_h=float(rng.exponential(30.0)), stale=False))
        if rng.random() < habits.stale_repost:
            written.append(_again(first, desk, after_h=float(rng.uniform(20, 90)) * 24, stale=True))
    ordered = sorted(written, key=lambda one: (one.known_at, one.happened.start, one.lon))
    return [_numbered(one, number) for number, one in enumerate(ordered)]


def _numbered(report: Report, number: int) -> Report:
    name = f"sim-{number:05d}"
    return replace(report, id=name, links=report.links or (Link(f"https://example.invalid/{name}"),), group=name)


def _report(item: Sighting, desk: _Desk) -> Report:
    rng, habits = desk.rng, desk.habits
    outlet = desk.choose(seen=item.seen, kind=item.kind)
    wrong_side = item.seen is not None and item.kind is not Kind.CLAIM and desk.chance(habits.wrong_side, outlet)
    seen = 1 - item.seen if wrong_side and item.seen is not None else item.seen
    wrong_place = desk.chance(habits.wrong_place, outlet)
    word, error_m = ("settlement", 1500.0) if item.kind is Kind.CLAIM else _precision(rng)
    lon, lat = _place(item, error_m, outlet, desk, wrong_place=wrong_place)
    happened = _when(item.day, desk.starts, rng)
    haste = NEWS_HASTE if item.news else 1.0
    delay = timedelta(hours=haste * habits.delay_median_h * float(np.exp(rng.normal(0, habits.delay_sigma))))
    published = None if rng.random() < habits.unpublished else _second(happened.end + delay)
    return _dressed(
        Report(
            id="",
            source=outlet.id,
            kind=item.kind,
            seen=None if seen is None else desk.sides[seen],
            by=_by(item.kind, seen, desk),
            lon=lon,
            lat=lat,
            error_m=error_m,
            happened=happened,
            published_at=published,
            known_at=published or happened.end + BACKFILL_LAG,
            known_inferred=published is None,
            reliability=outlet.grade,
            credibility=_credibility(rng, wrong=wrong_side or wrong_place),
            precision=word,
            note=NOTE,
            simulated=True,
        ),
        desk,
    )


def _dressed(report: Report, desk: _Desk) -> Report:
    """With means, target and posture where a picture shows them, and now and then something that is no presence."""
    rng = desk.rng
    where = LocationOf.CAMERA if rng.random() < 0.01 and report.kind is Kind.POSITION else LocationOf.TARGET
    if report.kind is not Kind.STRIKE:
        return replace(report, location_of=where)
    posture = _pick(POSTURES, rng)
    target = "infantry" if rng.random() < 0.6 else "vehicle"
    if rng.random() < desk.habits.clutter:
        target = ("vehicle", "infantry", "drone in flight")[int(rng.integers(3))]
        posture = {"vehicle": Posture.WRECK, "infantry": Posture.CAPTURED}.get(target, posture)
    return replace(report, means=_pick(MEANS, rng), posture=posture, target=target, location_of=where)


def _pick(table: tuple[tuple[T, float], ...], rng: np.random.Generator) -> T:
    shares = np.cumsum([share for _, share in table])
    return table[int(np.searchsorted(shares, rng.random() * shares[-1], side="right"))][0]


def _precision(rng: np.random.Generator) -> tuple[str, float]:
    word, error_m = _pick(tuple(((word, error), share) for word, error, share in PRECISION), rng)
    return word, error_m


def _place(item: Sighting, error_m: float, outlet: Outlet, desk: _Desk, *, wrong_place: bool) -> tuple[float, float]:
    """Where it is said to be: normal about the truth by its stated error, more for poor sources; or plain wrong."""
    spread_km = desk.habits.wrong_place_km if wrong_place else error_m / 1000 * (1.6 - 0.8 * outlet.quality)
    east, north = desk.rng.normal(0, spread_km, 2)
    lon, lat = desk.grid.to_lonlat(item.east_km + float(east), item.north_km + float(north))
    return round(lon, 6), round(lat, 6)


def _when(day: float, starts: date, rng: np.random.Generator) -> Interval:
    """An instant for seven in ten; else only the day is known."""
    midnight = datetime.combine(starts, time(), UTC)
    if rng.random() < 0.7:
        moment = _second(midnight + timedelta(days=day))
        return Interval(moment, moment)
    first = midnight + timedelta(days=int(day))
    return Interval(first, first + timedelta(days=1))


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _by(kind: Kind, seen: int | None, desk: _Desk) -> str | None:
    """Who acted: the other side in a strike, either in fighting without a side, else the one seen."""
    if kind is Kind.ACTIVITY:
        draw = desk.rng.random()
        return None if draw < 0.08 else desk.sides[ATTACKER if draw < 0.5 else DEFENDER]
    if seen is None or kind is Kind.CLAIM:
        return None if seen is None else desk.sides[seen]
    return desk.sides[1 - seen] if kind is Kind.STRIKE else desk.sides[seen]


def _credibility(rng: np.random.Generator, *, wrong: bool) -> int:
    """1-6; six (cannot be judged) for three in ten; errors look a little worse."""
    if rng.random() < 0.3:
        return 6
    chances = (0.08, 0.27, 0.35, 0.2, 0.1) if wrong else (0.22, 0.42, 0.24, 0.09, 0.03)
    return int(rng.choice(5, p=chances)) + 1


def _again(first: Report, desk: _Desk, *, after_h: float, stale: bool) -> Report:
    """The same item from another source: near the same spot; a stale one passes for new."""
    outlet = desk.choose(seen=None, kind=first.kind)
    published = _second(first.known_at + timedelta(hours=after_h))
    happened = first.happened
    if stale:
        happened = Interval(published - timedelta(hours=20), published - timedelta(hours=20))
    lon, lat = (round(value + float(desk.rng.normal(0, 0.0004)), 6) for value in (first.lon, first.lat))
    return replace(
        first,
        source=outlet.id,
        reliability=outlet.grade,
        credibility=_credibility(desk.rng, wrong=stale),
        happened=happened,
        published_at=published,
        known_at=published,
        known_inferred=False,
        lon=lon,
        lat=lat,
        links=first.links if desk.rng.random() < SAME_LINK else (),
    )
