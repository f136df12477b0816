"""Near-duplicates: what is linked, what is not, and that order does not matter."""

from __future__ import annotations

import csv
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isofront.evidence import Interval, Kind, Ledger, Link, Offer, Report, ledger_path
from isofront.evidence.likeness import keys_of, likeness

AT = datetime(2031, 5, 1, 10, 20, 30, tzinfo=UTC)
WHOLE_DAY = Interval(datetime(2031, 5, 1, tzinfo=UTC), datetime(2031, 5, 2, tzinfo=UTC))
NORTH_100_M = 100 / 111_320


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"source": "beta"}, "moment"),
        ({"lat": 45.312345 + 2 * NORTH_100_M}, "moment"),
        ({"lat": 45.312345 + 40 * NORTH_100_M}, None),
        ({"lat": 45.312345 + 40 * NORTH_100_M, "error_m": 1500.0}, "moment"),
        ({"kind": Kind.FLAG}, None),
        ({"seen": "blue"}, None),
        ({"happened": Interval(AT + timedelta(hours=4), AT + timedelta(hours=4)), "source": "beta"}, None),
        ({"happened": Interval(AT + timedelta(minutes=4), AT + timedelta(minutes=4)), "source": "beta"}, "day"),
        ({"happened": WHOLE_DAY, "source": "beta"}, "day"),
        ({"happened": WHOLE_DAY}, None),
        ({"happened": WHOLE_DAY, "source": "beta", "by": "blue"}, None),
        ({"happened": WHOLE_DAY, "source": "beta", "error_m": 1500.0}, None),
        ({"happened": WHOLE_DAY, "source": "beta", "lat": 45.312345 + 5 * NORTH_100_M}, None),
    ],
)
def test_what_makes_two_reports_one_event(report, parts, why):
    assert likeness(report("a"), report("b", **parts)) == why
    assert likeness(report("b", **parts), report("a")) == why


def test_the_same_media_is_the_same_event_wherever_it_is_put(report):
    one = report("a", links=(Link("https://a.example/1", "AB12"),))
    other = report("b", lon=20.9, kind=Kind.STRIKE, links=(Link("https://b.example/2", "ab12"),))
    assert likeness(one, other) == "media"


def test_the_same_link_is_the_same_event_only_nearby(report):
    one = report("a", links=(Link("https://www.a.example/post/1#top"),))
    assert likeness(one, report("b", kind=Kind.STRIKE, links=(Link("http://A.example/post/1/"),))) == "link"
    assert likeness(one, report("c", kind=Kind.STRIKE, lon=20.9, links=(Link("https://a.example/post/1"),))) is None


def scattered(seed: int, n: int) -> list[Report]:
    """Reports crowded into one square kilometre and two days, from few sources."""
    rng = random.Random(seed)
    reports = []
    for place in range(n):
        start = AT + timedelta(minutes=rng.choice([0, 0, 30, 200, 900, 1500]))
        happened = rng.choice([Interval(start, start), WHOLE_DAY])
        reports.append(
            Report(
                id=f"r-{place:03d}",
                source=rng.choice("abc"),
                kind=rng.choice([Kind.STRIKE, Kind.FLAG]),
                seen=rng.choice(["red", "blue", None]),
                by=rng.choice(["red", None]),
                lon=20.5 + rng.random() * 0.012,
                lat=45.3 + rng.random() * 0.009,
                error_m=rng.choice([30.0, 60.0, 1500.0]),
                happened=happened,
                published_at=start + timedelta(hours=rng.randrange(9)),
                known_at=start + timedelta(days=1),
                links=rng.choice([(), (), (Link(f"https://x.example/{rng.randrange(9)}"),)]),
            )
        )
    return reports


@given(st.integers(0, 10_000))
def test_near_duplicates_always_share_a_key(seed):
    reports = scattered(seed, 12)
    for one in reports:
        for other in reports:
            if one is not other and likeness(one, other):
                assert set(keys_of(one).searched) & set(keys_of(other).filed)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), pieces=st.integers(1, 5))
def test_groups_are_those_of_brute_force_in_whatever_order_and_pieces(tmp_path_factory, seed, pieces):
    reports = scattered(seed, 14)
    shuffled = random.Random(seed).sample(reports, len(reports))
    with Ledger.open(ledger_path(tmp_path_factory.mktemp("l")), create=True) as ledger:
        for piece in range(pieces):
            offers = [Offer(one, one.id.encode(), b"raw") for one in shuffled[piece::pieces]]
            ledger.take(offers, correct=False, now=AT)
        assert {one.id: one.group for one in ledger.reports()} == by_brute_force(reports)


def by_brute_force(reports: list[Report]) -> dict[str, str]:
    group = {one.id: {one.id} for one in reports}
    for one in reports:
        for other in reports:
            if one is not other and likeness(one, other):
                joined = group[one.id] | group[other.id]
                for member in joined:
                    group[member] = joined
    told = {one.id: (one.published_at, one.id) for one in reports}
    return {one.id: min(group[one.id], key=told.__getitem__) for one in reports}


@pytest.mark.slow
def test_a_thousand_reposts_of_one_event_stay_one_group_and_few_links(tmp_path, report):
    offers = [Offer(report(f"r-{n}", source=f"s{n}"), b"%d" % n, b"raw") for n in range(1000)]
    with Ledger.open(ledger_path(tmp_path), create=True) as ledger:
        ledger.take(offers, correct=False, now=AT)
        assert {one.group for one in ledger.reports()} == {"r-0"}
        assert ledger.counts()["link"] <= 8 * 1000


@pytest.mark.slow
@pytest.mark.real
def test_simulated_reposts_are_found_and_little_else(real_data, tmp_path, capsys):
    """The supplied evidence repeats an item's instant exactly in its reposts; nothing else in it shares one."""
    from isofront.intake import add_files
    from isofront.theatre.model import Anchor, Side, Theatre

    theatre = Theatre(
        name="box",
        sides=(Side("ru", {"en": "Russia"}), Side("ua", {"en": "Ukraine"})),
        protected_sides=(),
        bounds=(36.4, 47.9, 38.1, 48.9),
        crs="EPSG:32637",
        anchor=Anchor("anchor.geojson", datetime(2025, 8, 1, tzinfo=UTC), "ru"),
    )
    path = real_data / "evidence-pokrovsk-2025-08_12.csv"
    add_files(tmp_path, [path], backfill=True, now=datetime(2026, 11, 1, tzinfo=UTC), theatre=theatre)
    with path.open(encoding="utf-8") as file:
        instant = {row["id"]: (row["happened_at"], row["kind"], row["seen"]) for row in csv.DictReader(file)}
    with Ledger.open(ledger_path(tmp_path)) as ledger:
        reports = ledger.reports()
    repeated = len(instant) - len(set(instant.values()))
    linked = [one for one in reports if one.group != one.id]
    true = sum(instant[one.id] == instant[one.group] for one in linked)
    with capsys.disabled():
        print(f"\nreposts {repeated}, linked {len(linked)}, of them right {true}")
    assert true / repeated > 0.98
    assert true / len(linked) > 0.98
