"""What a speaker's word has been worth: past claims that a side holds a place, against later maps; numbers revised.

A claim is *borne out* by the first map, no later than N days after the day it is about, on which that side holds at
least half of the place's footprint: its lag is that map's day less the claim's. A map that shows it already makes it
*drawn before*, with a lag below nought: so long had maps shown it. It is *never* borne out if maps reach N days further
and none of those N days shows it; *open* until they do, and where there is none of those days. Shares come with
Wilson's interval at 90 %; of fewer than ten scored claims the words are "too few to say".
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import takewhile
from statistics import median

from isofront.evidence.claim import Claim
from isofront.findings.control_table import holder_of, spot_of
from isofront.findings.on_map import MOST

NEVER_DAYS = 30
FEW = 10
"""Of fewer claims than this nothing is said but the counts and the interval."""
Z90 = 1.6448536269514722


class Fate(Enum):
    """What became of a claim on later maps."""

    BEFORE = "drawn before"
    LATER = "borne out"
    NEVER = "never"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Scored:
    """One control claim with its fate; `lag_days` from the claim's day to the first map that shows it (below nought if
    maps had shown it so long), `least_lag_days` to the last that did not: the true lag lies between."""

    claim: Claim
    fate: Fate
    lag_days: int | None = None
    least_lag_days: int | None = None


@dataclass(frozen=True, slots=True)
class SpeakerRecord:
    """One speaker's record: of the claims that can be scored by now, those borne out or drawn before, and never."""

    speaker: str
    interests: tuple[str | None, ...]
    claims: tuple[Scored, ...]
    other_statements: int
    revised_numbers: int
    revision_factor: float | None

    def count(self, fate: Fate) -> int:
        """How many had this fate."""
        return sum(one.fate is fate for one in self.claims)

    @property
    def scored(self) -> int:
        """How many can be told by now."""
        return len(self.claims) - self.count(Fate.OPEN)

    @property
    def borne_out(self) -> int:
        """How many a map showed, before or after."""
        return self.count(Fate.BEFORE) + self.count(Fate.LATER)

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 90 % interval of the share that was borne out."""
        return wilson(self.borne_out, self.scored)

    @property
    def median_lag_days(self) -> float | None:
        """Of those borne out after they were said: the median lag; it leads the map by so much."""
        lags = [one.lag_days for one in self.claims if one.fate is Fate.LATER and one.lag_days is not None]
        return float(median(lags)) if lags else None

    @property
    def few(self) -> bool:
        """Whether they are too few to say."""
        return self.scored < FEW


def wilson(k: int, n: int, z: float = Z90) -> tuple[float, float]:
    """Wilson's score interval of a share k of n; (0, 1) of none."""
    if n == 0:
        return 0.0, 1.0
    share, spread = k / n, z * z / n
    middle = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half))


def track_records(
    claims: Iterable[Claim], shares: Callable[[Claim, str], Sequence[tuple[date, float]]], *, days: int = NEVER_DAYS
) -> list[SpeakerRecord]:
    """A record for each speaker, those with most scored claims first.

    `shares(claim, side)` gives, for each map in order of time, its day and the share of the place that the side holds.
    """
    by_speaker: dict[str, list[Claim]] = defaultdict(list)
    for one in claims:
        by_speaker[one.speaker].append(one)
    found = [_record(speaker, some, shares, days) for speaker, some in by_speaker.items()]
    return sorted(found, key=lambda one: (-one.scored, -len(one.claims), one.speaker))


def _record(
    speaker: str,
    some: Sequence[Claim],
    shares: Callable[[Claim, str], Sequence[tuple[date, float]]],
    days: int,
) -> SpeakerRecord:
    control = [one for one in some if one.status is not None]
    holding = [(one, side) for one in first_told(control) if (side := holder_of(one)) is not None]
    scored = tuple(fate_of(one, shares(one, side), days=days) for one, side in holding)
    factors = list(revisions(some))
    interests = tuple(sorted({one.interest for one in some}, key=lambda one: (one is None, one or "")))
    other = sum(holder_of(one) is None for one in control)
    return SpeakerRecord(speaker, interests, scored, other, len(factors), median(factors) if factors else None)


def first_told(claims: Iterable[Claim]) -> list[Claim]:
    """Each thing a speaker says of a place once, the first time of a run: a claim repeated daily is one claim."""
    found: list[Claim] = []
    last: dict[tuple[object, ...], tuple[object, ...]] = {}
    for one in sorted(claims, key=lambda one: (one.said_at, one.id)):
        said = (holder_of(one), None if holder_of(one) is not None else one.status)
        if last.get(spot_of(one)) != said:
            found.append(one)
        last[spot_of(one)] = said
    return found


def fate_of(claim: Claim, maps: Sequence[tuple[date, float]], *, days: int = NEVER_DAYS) -> Scored:
    """What became of one claim on maps in order of time."""
    before = [(day, share) for day, share in maps if day <= claim.day]
    after = [(day, share) for day, share in maps if day > claim.day]
    if before and before[-1][1] >= MOST:
        run = list(takewhile(lambda one: one[1] >= MOST, reversed(before)))
        return Scored(claim, Fate.BEFORE, (run[-1][0] - claim.day).days)
    last = claim.day
    for day, share in after:
        if (day - claim.day).days > days:
            break
        if share >= MOST:
            return Scored(claim, Fate.LATER, (day - claim.day).days, (last - claim.day).days)
        last = day
    looked = bool(after) and (after[0][0] - claim.day).days <= days
    reaches = looked and (after[-1][0] - claim.day).days >= days
    return Scored(claim, Fate.NEVER if reaches else Fate.OPEN)


def revisions(claims: Sequence[Claim]) -> Iterable[float]:
    """Of numbers that their speaker revised: the new by the old (of ranges, the middles)."""
    by_id = {one.id: one for one in claims}
    for one in claims:
        old = by_id.get(one.revises or "")
        if old is None or None in (one.low, one.high, old.low, old.high) or old.about != one.about:
            continue
        new, was = _middle(one), _middle(old)
        if was > 0:
            yield new / was


def _middle(claim: Claim) -> float:
    return (float(claim.low or 0) + float(claim.high or 0)) / 2
