"""What an edition repeats of what was said, as claims again, each under a name made of what is published of it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, time

import msgspec

from isofront.evidence.claim import Claim
from isofront.publish.brief_seen import Seen
from isofront.publish.brief_site import Said


def claims_of(here: Seen) -> Iterator[tuple[Claim, Said]]:
    """Claims as published, oldest first, under a name made of what is published."""
    rows = [
        (name, one, row)
        for one, (name, place, _) in zip(here.told.page.settlements, here.places, strict=False)
        for row in place.claims
    ]
    known: Counter[str] = Counter()
    for name, one, row in sorted(rows, key=lambda found: (found[0], found[2].said, msgspec.json.encode(found[2]))):
        base = claim_id(name, row)
        known[base] += 1
        own = base if known[base] == 1 else f"{base}-{known[base]}"
        yield _claim(own, name, row, (float(one.lon), float(one.lat))), row


def claim_id(place: str, row: Said) -> str:
    """A claim's name: the beginning of the hash of what is published of it and of its place, whichever edition.

    Two speakers who are not named and say the same have the same; the second one's ends in `-2`.
    """
    told = msgspec.json.encode([place, msgspec.structs.replace(row, revised=False)])
    return f"claim:{hashlib.sha256(told).hexdigest()[:10]}"


def _claim(own: str, place: str, row: Said, at_deg: tuple[float, float]) -> Claim:
    at = datetime.combine(row.said, time(), UTC)
    grade, credibility = row.grade
    return Claim(
        own, row.by or "", at, at, row.about, place, *at_deg, row.low, row.high, row.bound,
        status=row.status, side=row.side, against=row.against,
        for_day=row.for_day, interest=row.interest, reliability=grade, credibility=credibility, url=row.link or "",
    )  # fmt: skip
