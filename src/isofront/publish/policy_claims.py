"""Which claims may go public, and what of them: a number or a statement, its day, its place; perhaps who said it.

A claim is cleared once its delay is over,

    max(end of the day it is about, when it was said, when it was known) + delay(side, claims) <= publication,

if it is about a settlement and tells nothing of where a protected side is. Who said it and where stand with it only
where the release class is `public`; its words never do.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from isofront.evidence.claim import SUBJECTS, Claim, Status
from isofront.findings.saying import as_told, converted
from isofront.publish.coarse import day_end
from isofront.publish.policy import Cause, Release, Terms, link_held, named_unit
from isofront.publish.public_map import PublicClaim
from isofront.publish.web import web_link

LAYER = "claims"
NOT_OF_FORCES = frozenset({"gap-width", "strikes", "strikes-per-day"})
"""Subjects, beside those of civilians, that tell nothing of where a side's people are."""
ABSENT = frozenset({Status.NOT_ENTERED, Status.NOT_HELD, Status.NOT_TAKEN})
"""Statements that a side is not there."""
OPENLY = frozenset({"full", "group", "described"})
"""Ways to be named under which a name is repeated; who gave a first name only is not."""
SHOWN_DAYS = 60
"""Older claims are left out, but for the newest of who remains."""
REMAINING = "residents-remaining"
NEAR_DEG = 0.2
"""A settlement of the name farther off than this is another one."""

Places = Mapping[str, Sequence[tuple[float, float]]]
"""Where the settlements of a name that are shown lie (lon, lat), in the theatre's order."""


@dataclass(frozen=True, slots=True)
class HeldClaim:
    """A claim that has no part in an edition: why, and from when on it might."""

    claim: Claim
    cause: Cause
    until: datetime | None = None

    @property
    def words(self) -> str:
        """Why, as a person reads it."""
        return self.cause.words(self.until)


@dataclass(frozen=True, slots=True)
class ClearedClaims:
    """Claims that may show, in the order given, and those that may not; which of its namesakes each is about."""

    claims: tuple[Claim, ...] = ()
    held: tuple[HeldClaim, ...] = ()
    namesakes: Mapping[str, int] = field(default_factory=dict)


def cleared_claims(some: Iterable[Claim], terms: Terms, *, places: Places) -> ClearedClaims:
    """What of some claims may show."""
    every = tuple(some)
    found = {one.id: _held(one, terms, places) for one in every}
    kept = tuple(one for one in every if found[one.id] is None)
    numbers = {one.id: number for one in kept if (number := _namesake(one, places)) is not None}
    return ClearedClaims(kept, tuple(held for held in found.values() if held is not None), numbers)


def _namesake(claim: Claim, places: Places) -> int | None:
    """Which of the settlements of its name a claim is about: the nearest in reach; None if it is about none."""
    away = [max(abs(lon - claim.lon), abs(lat - claim.lat)) for lon, lat in places.get(claim.place, ())]
    nearest = min(away, default=math.inf)
    return away.index(nearest) if nearest < NEAR_DEG else None


def _held(claim: Claim, terms: Terms, places: Places) -> HeldClaim | None:
    free, placed = free_at(claim, terms), placed_sides(claim)
    stands_against = {
        Cause.RELEASE_CLASS: terms.release_of(claim) is Release.WITHHELD,
        Cause.NO_PLACE: _namesake(claim, places) is None,
        Cause.PROTECTED: bool(placed is not None and placed & terms.protected),
        Cause.UNSAID: bool(terms.protected) and placed is None,
        Cause.DELAY: free > terms.now,
    }
    cause = next((one for one, stands in stands_against.items() if stands), None)
    return None if cause is None else HeldClaim(claim, cause, free if cause is Cause.DELAY else None)


def free_at(claim: Claim, terms: Terms) -> datetime:
    """When a claim's delay is over."""
    day = datetime.combine(claim.day, time(), UTC) + timedelta(days=1)
    sides = [terms.delay(side, LAYER) for side in (None, claim.side, claim.against, *claim.counts)]
    return max(day, claim.said_at, claim.known_at) + max(sides)


def placed_sides(claim: Claim) -> frozenset[str] | None:
    """Sides whose people a claim tells to be, or to have been, at its place; None if it does not say whose.

    A ratio places both sides, a loss the side that took the place; "did not enter" places nobody.
    """
    if SUBJECTS[claim.about].civilians or claim.about in NOT_OF_FORCES:
        return frozenset()
    if claim.status in ABSENT:
        return frozenset() if claim.side else None
    whose = claim.against if claim.status is Status.LOST else claim.side
    both = (claim.side, claim.against) if claim.unit == "to one" else ()
    found = frozenset(side for side in (whose, *both, *claim.counts) if side)
    unsaid = claim.unit == "to one" and len(found) < 2
    return None if unsaid or not found else found


def public_claim(claim: Claim, terms: Terms, *, revised: bool, namesake: int = 0) -> PublicClaim:
    """A cleared claim as the public sees it: days for moments, civilians in two figures."""
    open_class = terms.release_of(claim) is Release.PUBLIC
    open_name = open_class and claim.named_as in OPENLY and not named_unit(claim.speaker)
    unsaid = not open_class or named_unit(f"{claim.speaker} {claim.quote}") or link_held(claim.url or "") is not None
    told = as_told(claim)
    return PublicClaim(
        place=claim.place,
        about=claim.about,
        unit=claim.unit,
        low=converted(claim, told.low),
        high=converted(claim, told.high),
        bound=told.bound.value,
        status=None if claim.status is None else claim.status.value,
        side=claim.side,
        against=claim.against,
        said=f"{claim.said_at:%Y-%m-%d}",
        for_day=None if claim.for_day is None else f"{claim.for_day:%Y-%m-%d}",
        by=claim.speaker if open_name else None,
        interest=claim.interest,
        reliability=claim.reliability,
        credibility=claim.credibility,
        link=None if unsaid or not claim.url else web_link(claim.url),
        revised=revised,
        namesake=namesake,
    )


def told_claims(cleared: ClearedClaims, terms: Terms, *, as_of: datetime) -> tuple[PublicClaim, ...]:
    """The claims that an edition shows: of late, and the newest of who remains; in an order that is public itself."""
    revised = {one.revises for one in cleared.claims if one.revises}
    since = (as_of - timedelta(days=SHOWN_DAYS)).date()
    which = cleared.namesakes
    newest = {(one.place, which.get(one.id)): one.id for one in cleared.claims if one.about == REMAINING}
    chosen = [
        one
        for one in cleared.claims
        if one.said_at < day_end(as_of) and (one.day >= since or newest.get((one.place, which.get(one.id))) == one.id)
    ]
    told = [public_claim(one, terms, revised=one.id in revised, namesake=which.get(one.id, 0)) for one in chosen]
    return tuple(sorted(told, key=_order))


def _order(one: PublicClaim) -> tuple[str, ...]:
    words = (
        one.place,
        one.namesake,
        one.said,
        one.about,
        one.by,
        one.interest,
        one.side,
        one.against,
        one.status,
        one.for_day,
    )
    more = (one.low, one.high, one.bound, one.reliability, one.credibility, one.link, one.revised)
    return tuple("" if word is None else str(word) for word in (*words, *more))
