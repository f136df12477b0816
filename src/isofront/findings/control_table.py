"""Control claims against evidence: who claims a place since when, what the map says, what was seen there since.

The verdict speaks of the claim, on one day (docs/maths/claims.md):

    supported            the map draws the place as claimed, or of an entry a part of it; or that side was seen there
    contested            neither: but the side was seen there since, the map draws it partly so, or calls it grey
    not supported yet    the map draws it as the other's, and the side was not seen there since
    not reviewed         nobody was seen there since, and the map is of the time before the claim
    not judged here      enclosure: that is measured (`isofront front corridor`), and "encircled" stays what was said
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from isofront.evidence.claim import Claim, Status
from isofront.findings.on_map import MOST, OnMap

PARTLY = 0.05
"""So much of a footprint must be drawn as claimed to count as partly so."""
ENCLOSURE = frozenset({
    Status.ENCIRCLED, Status.PARTLY_ENCIRCLED, Status.OPEN, Status.NOT_ENCIRCLED, Status.NOT_PARTLY_ENCIRCLED
})  # fmt: skip
"""Statements on enclosure: it is measured, and "encircled" stays somebody's word."""
_HOLDS = frozenset({Status.HELD, Status.TAKEN, Status.LIBERATED, Status.NOT_LOST})
_DENIES = frozenset({Status.NOT_HELD, Status.NOT_TAKEN, Status.NOT_ENTERED})


class Support(Enum):
    """What evidence makes of a control claim."""

    SUPPORTED = "supported"
    CONTESTED = "contested"
    NOT_YET = "not supported yet"
    NOT_REVIEWED = "not reviewed"
    NOT_JUDGED = "not judged here"


@dataclass(frozen=True, slots=True)
class Stated:
    """One speaker's standing control claim of a place, the first time they said so, the map there, and the verdict."""

    claim: Claim
    since: Claim
    on_map: OnMap
    support: Support


def holder_of(claim: Claim) -> str | None:
    """The side that a claim says holds the place; None if it says no such thing."""
    if claim.status in _HOLDS:
        return claim.side
    return claim.against if claim.status is Status.LOST else None


def spot_of(claim: Claim) -> tuple[str, float, float]:
    """The place that a claim is about: namesakes are told apart by where they lie."""
    return claim.place, float(claim.lon), float(claim.lat)


def standing(claims: Iterable[Claim]) -> list[tuple[Claim, Claim]]:
    """Each speaker's latest control claim of a place with the first of the unbroken run that says the same.

    A claim that was revised no longer stands.
    """
    some = sorted((one for one in claims if one.status is not None), key=lambda one: (one.day, one.said_at, one.id))
    revised = {one.revises for one in some if one.revises}
    runs: dict[tuple[object, ...], tuple[Claim, Claim]] = {}
    for one in (one for one in some if one.id not in revised):
        key = (one.speaker, *spot_of(one), one.status in ENCLOSURE)
        before = runs.get(key)
        same = before is not None and _says(before[0]) == _says(one)
        runs[key] = (one, before[1] if same and before is not None else one)
    return sorted(runs.values(), key=lambda pair: (pair[0].place, pair[1].day, pair[0].speaker))


def _says(claim: Claim) -> tuple[object, ...]:
    return (claim.status, claim.side, claim.against) if holder_of(claim) is None else ("holds", holder_of(claim))


def control_table(claims: Sequence[Claim], on_map: Callable[[Claim], OnMap]) -> list[Stated]:
    """A row for each standing control claim. `on_map` says what the map has there, and who was seen since the claim."""
    rows = []
    for claim, since in standing(claims):
        place = on_map(since)
        rows.append(Stated(claim, since, place, support_of(claim, place)))
    return rows


def support_of(claim: Claim, place: OnMap) -> Support:
    """The verdict on one claim, from the map and what was seen since."""
    if claim.status in ENCLOSURE:
        return Support.NOT_JUDGED
    seen_any = any(one.reports for one in place.seen)
    if not seen_any and place.as_of.date() <= claim.day:
        return Support.NOT_REVIEWED
    if claim.side is None and claim.against is None and claim.status is not Status.GREY:
        return Support.NOT_JUDGED
    return _BY_STATUS.get(claim.status or Status.HELD, _held)(claim, place)


def _grey(_: Claim, place: OnMap) -> Support:
    return _of_share(place.shares.grey, seen=sum(one.reports > 0 for one in place.seen) > 1)


def _held(claim: Claim, place: OnMap) -> Support:
    holder = holder_of(claim)
    grey = place.shares.grey >= MOST
    return _of_share(place.shares.of(holder), seen=place.seen_of(holder).reports > 0 or grey)


def _of_share(share: float, *, seen: bool) -> Support:
    if share >= MOST:
        return Support.SUPPORTED
    return Support.CONTESTED if seen or share >= PARTLY else Support.NOT_YET


def _entered(claim: Claim, place: OnMap) -> Support:
    """Who holds a part of a place has entered it."""
    if place.seen_of(claim.side).reports or place.shares.of(claim.side) >= PARTLY:
        return Support.SUPPORTED
    return Support.CONTESTED if place.shares.grey >= PARTLY else Support.NOT_YET


def _denied(claim: Claim, place: OnMap) -> Support:
    """A denial is contested as soon as the side is seen there, and never proved by nobody's having been seen."""
    share = place.shares.of(claim.side)
    if share >= MOST:
        return Support.NOT_YET
    seen = place.seen_of(claim.side).reports > 0
    inside = seen if claim.status is Status.NOT_ENTERED else False
    return Support.CONTESTED if inside or share >= PARTLY else Support.SUPPORTED


def _lost(claim: Claim, place: OnMap) -> Support:
    """A side is said to have lost a place."""
    if holder_of(claim) is not None:
        return _held(claim, place)
    share = place.shares.of(claim.side)
    if share < PARTLY:
        return Support.SUPPORTED
    return Support.CONTESTED if share < MOST else Support.NOT_YET


_BY_STATUS: dict[Status, Callable[[Claim, OnMap], Support]] = {
    Status.GREY: _grey, Status.ENTERED: _entered, Status.LOST: _lost, **dict.fromkeys(_DENIES, _denied)
}  # fmt: skip
