"""Which near-duplicates are found: as by comparing each report, by plain rules, with all that its keys lead to."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from isofront.evidence import Interval, Kind, Ledger, Link, Offer, Report, ledger_path
from isofront.evidence.filing import MAX_SEARCHED
from isofront.evidence.likeness import keys_of, likeness
from isofront.evidence.taking import MAX_LINKS

AT = datetime(2031, 5, 1, 10, 20, 30, tzinfo=UTC)
DAY = timedelta(days=1)
WHOLE_DAY = Interval(AT.replace(hour=0, minute=0, second=0), AT.replace(hour=0, minute=0, second=0) + DAY)


def crowd(seed: int, n: int) -> list[Report]:
    """Reports of few moments, sources and posts, spread over so much ground that most lie far apart."""
    rng = random.Random(seed)
    spread = rng.choice([0.002, 0.02, 0.2])
    post = rng.choice([3, 40, 10_000])
    return [_one(rng, place, spread=spread, n_posts=post) for place in range(n)]


def _one(rng: random.Random, place: int, *, spread: float, n_posts: int) -> Report:
    start = AT + timedelta(minutes=rng.choice([0, 0, 0, 0, 30, 200, 5000]))
    urls = [f"https://{rng.choice(['x.example', 'www.X.example'])}/{rng.randrange(n_posts)}" for _ in range(2)]
    media = [rng.choice(["AB", "ab", "cd"]) if rng.random() < 0.02 else None for _ in urls]
    return Report(
        id=f"r-{place:03d}",
        source=rng.choice("ab"),
        kind=rng.choice([Kind.STRIKE, Kind.STRIKE, Kind.FLAG]),
        seen=rng.choice(["red", "red", None]),
        by=rng.choice(["red", "blue", None]),
        lon=20.5 + rng.random() * spread,
        lat=45.3 + rng.random() * spread,
        error_m=rng.choice([0.0, 30.0, 30.0, 100.0, 150.0, 300.0, 1500.0]),
        happened=rng.choice([Interval(start, start), Interval(start, start), WHOLE_DAY]),
        published_at=None,
        known_at=AT + DAY,
        links=tuple(map(Link, urls, media))[: rng.choice([0, 1, 1, 2])],
    )


def plain_likeness(one: Report, other: Report) -> str | None:
    """The rules as the words of `likeness` have them, with nothing worked out beforehand."""
    if _media(one) & _media(other):
        return "media"
    east = (one.lon - other.lon) * math.cos(math.radians((one.lat + other.lat) / 2))
    apart_m = math.hypot(east, one.lat - other.lat) * 111_320.0
    errors_m = 3.0 * math.hypot(one.error_m, other.error_m)
    days = abs(one.happened.start - other.happened.start)
    if _pages(one) & _pages(other) and apart_m <= max(2000.0, errors_m) and days <= timedelta(days=3):
        return "link"
    if (one.kind, one.seen) != (other.kind, other.seen):
        return None
    instants = [report.happened.start == report.happened.end for report in (one, other)]
    if instants[0] and one.happened == other.happened and apart_m <= max(300.0, errors_m):
        return "moment"
    is_day = one.happened.start.date() == other.happened.start.date() and one.source != other.source
    is_other = bool(one.by and other.by and one.by != other.by) or (all(instants) and days > timedelta(hours=1))
    is_exact = max(one.error_m, other.error_m, apart_m) <= 300.0
    return "day" if is_day and is_exact and not is_other else None


def _media(report: Report) -> set[str]:
    return {link.media_hash.lower() for link in report.links if link.media_hash}


def _pages(report: Report) -> set[str]:
    return {link.url.lower().removeprefix("https://").removeprefix("www.") for link in report.links}


def plain_links(reports: list[Report]) -> list[tuple[int, int, str]]:
    """Each report compared with the newest under each of its keys, one by one; lines are numbered from 1."""
    filed: dict[int, list[int]] = {}
    found = []
    for place, report in enumerate(reports):
        keys = keys_of(report)
        met = {other for key in keys.searched for other in filed.get(key, [])[-MAX_SEARCHED:]}
        pairs = ((other, plain_likeness(report, reports[other])) for other in sorted(met, reverse=True))
        found += [(place, other, why) for other, why in pairs if why][:MAX_LINKS]
        for key in keys.filed:
            filed.setdefault(key, []).append(place)
    return found


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_likeness_says_what_its_rules_say(seed):
    reports = crowd(seed, 10)
    for one in reports:
        assert [likeness(one, other) for other in reports] == [plain_likeness(one, other) for other in reports]


@given(seed=st.integers(0, 10_000), pieces=st.integers(1, 4), n=st.integers(2, 260))
@settings(max_examples=25, deadline=None)
def test_a_crowd_is_linked_as_if_each_were_compared_with_all_that_its_keys_lead_to(tmp_path_factory, seed, pieces, n):
    reports = crowd(seed, n)
    size = math.ceil(n / pieces)
    with Ledger.open(ledger_path(tmp_path_factory.mktemp("l")), create=True) as ledger:
        for first in range(0, n, size):
            offers = [Offer(one, one.id.encode(), b"raw") for one in reports[first : first + size]]
            ledger.take(offers, correct=False, now=AT)
        lines = [line for line, _ in ledger.lines("report", "link")]
    place = {line.n: at for at, line in enumerate(line for line in lines if line.type == "report")}
    found = [(place[line.of], place[line.to], line.why) for line in lines if line.type == "link"]
    assert found == plain_links(reports)
