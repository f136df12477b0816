"""Rival claims about one thing, side by side: the range, the range by interest, who speaks against it, who revised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from isofront.evidence.claim import SUBJECTS, Bound, Claim, Status
from isofront.findings.control_table import holder_of, spot_of
from isofront.findings.saying import converted

Range = tuple[float | int | None, float | int | None]
"""Lowest and highest; None where it is open on that side."""

_OWN_LOSS = frozenset({"losses", "losses-per-day", "killed", "wounded", "captured", "vehicles-lost"})
_GAIN = frozenset({Status.ENTERED, Status.TAKEN, Status.HELD, Status.LIBERATED})
_OF_ONE = frozenset(
    {"attackers", "attackers-inside", "defenders", "defenders-inside", "gap-width", "distance", "control"}
)
_SETBACK = frozenset({Status.LOST, Status.NOT_HELD, Status.NOT_TAKEN, Status.NOT_ENTERED})


@dataclass(frozen=True, slots=True)
class Row:
    """One claim in the list: whether it speaks against its speaker's interest, and what revises it."""

    claim: Claim
    against_interest: bool | None
    revised_by: str | None


@dataclass(frozen=True, slots=True)
class Rivals:
    """All that was said about one thing at one place, oldest first, and the ranges; nothing is averaged.

    `standing` counts those that nobody revised; ranges are theirs. `apart` names pairs that cannot both be true. `side`
    is whose people or ground the numbers are of, where a subject can be either side's.
    """

    place: str
    about: str
    rows: tuple[Row, ...]
    range: Range
    by_interest: dict[str | None, Range]
    apart: tuple[tuple[str, str], ...]
    side: str | None = None
    lon: float = 0.0
    lat: float = 0.0

    @property
    def standing(self) -> int:
        """How many of them nobody revised."""
        return sum(row.revised_by is None for row in self.rows)


def rival_groups(claims: Iterable[Claim]) -> list[Rivals]:
    """Claims as groups of rivals: by place, subject and, where numbers can be either side's, whose; namesakes apart.

    A claim is revised also where the new one is of the other side, and so in another group.
    """
    groups: dict[tuple[str, float, float, str, str], list[Claim]] = defaultdict(list)
    every = list(claims)
    for one in every:
        side = one.side or "" if of_either_side(one) else ""
        groups[*spot_of(one), one.about, side].append(one)
    revised = _revised(every)
    return [_group(key, groups[key], revised) for key in sorted(groups)]


def _group(key: tuple[str, float, float, str, str], some: Sequence[Claim], revised: Mapping[str, str]) -> Rivals:
    place, lon, lat, about, side = key
    return replace(_rivals(some, revised, place=place, about=about), side=side or None, lon=lon, lat=lat)


def _revised(claims: Iterable[Claim]) -> dict[str, str]:
    """Claims that were revised, each with the latest that takes its place."""
    return {one.revises: one.id for one in sorted(claims, key=lambda one: (one.said_at, one.id)) if one.revises}


def of_either_side(claim: Claim) -> bool:
    """Whether a number can be of either side, so that one side's and the other's are no rivals."""
    return claim.about not in _OF_ONE and not SUBJECTS[claim.about].civilians


def rivals(claims: Iterable[Claim], *, place: str, about: str) -> Rivals:
    """The rival claims about one thing at one place."""
    every = list(claims)
    return _rivals(every, _revised(every), place=place, about=about)


def _rivals(claims: Iterable[Claim], revised: Mapping[str, str], *, place: str, about: str) -> Rivals:
    some = sorted(claims, key=lambda one: (one.said_at, one.id))
    rows = tuple(Row(one, against_interest(one), revised.get(one.id)) for one in some)
    standing = [row.claim for row in rows if row.revised_by is None]
    groups: dict[str | None, list[Claim]] = defaultdict(list)
    for one in standing:
        groups[one.interest].append(one)
    ranges = {
        interest: range_of(groups[interest]) for interest in sorted(groups, key=lambda one: (one is None, one or ""))
    }
    return Rivals(place, about, rows, range_of(standing), ranges, _apart(standing))


def range_of(claims: Sequence[Claim]) -> Range:
    """From the lowest to the highest number said; open above if somebody only says "at least" beyond the rest."""
    ends = [_ends_told(one) for one in claims if one.low is not None]
    if not ends:
        return None, None
    said = [value for low, high in ends for value in (low, high) if value is not None]
    open_below = any(low is None and high is not None and high <= min(said) for low, high in ends)
    open_above = any(high is None and low is not None and low >= max(said) for low, high in ends)
    return None if open_below else min(said), None if open_above else max(said)


def ends_of(claim: Claim) -> Range:
    """What a claim leaves possible: both ends, or one for a bound."""
    if claim.bound is Bound.AT_LEAST:
        return claim.low, None
    if claim.bound is Bound.AT_MOST:
        return None, claim.high
    return claim.low, claim.high


def _ends_told(claim: Claim) -> Range:
    """The same as its row tells it: what was said in miles is no more exact in a range."""
    low, high = ends_of(claim)
    return converted(claim, low), converted(claim, high)


def against_interest(claim: Claim) -> bool | None:
    """Whether a speaker says what their own side would rather not have said; None where that cannot be told.

    What the person who entered it judged comes first. Else: a side's own loss, or the other's gain, in its own mouth.
    """
    if claim.against_interest is not None:
        return claim.against_interest
    if claim.interest is None or claim.side is None:
        return None
    own = claim.side == claim.interest
    if claim.about in _OWN_LOSS or claim.status in _SETBACK:
        return own
    if claim.about == "attackers-inside" or claim.status in _GAIN:
        return not own
    return None


def _apart(claims: Sequence[Claim]) -> tuple[tuple[str, str], ...]:
    """Pairs of claims for one day that leave no number (or holder) possible for both; "about" gives way by a fifth."""
    days: dict[object, list[Claim]] = defaultdict(list)
    for one in claims:
        days[one.day].append(one)
    pairs = (pair for same in days.values() for pair in combinations(same, 2))
    return tuple((one.id, other.id) for one, other in pairs if not _meet(one, other))


def _meet(one: Claim, other: Claim) -> bool:
    if one.status is not None or other.status is not None:
        return not _contrary(one, other)
    if one.side != other.side:
        return True
    (a, b), (c, d) = _loose(one), _loose(other)
    return a <= d and c <= b


def _contrary(one: Claim, other: Claim) -> bool:
    """Whether two statements of control give the place to two sides, or one denies what the other says."""
    holders = {holder_of(one), holder_of(other)}
    if len(holders) == 2 and None not in holders:
        return True
    names = [one.status.value if one.status else "", other.status.value if other.status else ""]
    return one.side == other.side and (f"not_{names[0]}" == names[1] or f"not_{names[1]}" == names[0])


def _loose(claim: Claim) -> tuple[float | int, float | int]:
    low, high = ends_of(claim)
    give = 0.2 if claim.bound is Bound.ABOUT else 0.0
    return (float("-inf") if low is None else low * (1 - give)), (float("inf") if high is None else high * (1 + give))
