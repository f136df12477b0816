"""Rival claims about one thing, side by side: the range, the range by interest, who speaks against it, who revised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from isofront.evidence.claim import Bound, Claim, Status

Range = tuple[float | int | None, float | int | None]
"""Lowest and highest; None where it is open on that side."""

_OWN_LOSS = frozenset({"losses", "killed", "wounded", "captured", "vehicles-lost"})
_GAIN = frozenset({Status.ENTERED, Status.TAKEN, Status.HELD, Status.LIBERATED})
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

    `standing` counts those that nobody revised; ranges are theirs. `apart` names pairs that cannot both be true.
    """

    place: str
    about: str
    rows: tuple[Row, ...]
    range: Range
    by_interest: dict[str | None, Range]
    apart: tuple[tuple[str, str], ...]

    @property
    def standing(self) -> int:
        """How many of them nobody revised."""
        return sum(row.revised_by is None for row in self.rows)


def rivals(claims: Iterable[Claim], *, place: str, about: str) -> Rivals:
    """The rival claims about one thing at one place."""
    some = sorted(claims, key=lambda one: (one.said_at, one.id))
    revised = {one.revises: one.id for one in some if one.revises}
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
    ends = [ends_of(one) for one in claims if one.low is not None]
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
    """Pairs of claims for one day that leave no number possible for both; "about" gives way by a fifth."""
    found = []
    for k, one in enumerate(claims):
        for other in claims[k + 1 :]:
            if one.day == other.day and one.side == other.side and not _meet(one, other):
                found.append((one.id, other.id))
    return tuple(found)


def _meet(one: Claim, other: Claim) -> bool:
    (a, b), (c, d) = _loose(one), _loose(other)
    return a <= d and c <= b


def _loose(claim: Claim) -> tuple[float | int, float | int]:
    low, high = ends_of(claim)
    give = 0.2 if claim.bound is Bound.ABOUT else 0.0
    return (float("-inf") if low is None else low * (1 - give)), (float("inf") if high is None else high * (1 + give))
