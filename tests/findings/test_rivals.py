"""Rival numbers stand side by side; an interval is made of them only on request, and then says how."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isofront.errors import UsageError
from isofront.evidence.claim import Bound, Claim, Status, fault_of, in_unit
from isofront.findings import against_interest, pooled, rival_groups, rivals
from isofront.findings.saying import range_words, value_words

SAID = datetime(2025, 11, 2, tzinfo=UTC)


def said(value: float | int, bound: str = "exact", interest: str | None = None, **more: object) -> Claim:
    given = {"low": value, "high": value, "side": "red", "reliability": "C"} | more
    about = str(given.pop("about", "attackers-inside"))
    name = str(given.pop("id", f"c-{value}-{bound}-{interest}"))
    return Claim(
        name, "somebody", SAID, SAID, about, "Town", 37.0, 48.0, bound=Bound(bound), interest=interest, **given
    )


def test_rivals_keep_every_number_and_say_the_range_by_interest() -> None:
    found = rivals(
        [said(200, "about", "blue"), said(314, "exact", "blue"), said(1000, "about", "red")], place="Town", about="x"
    )
    assert sorted(float(row.claim.low or 0) for row in found.rows) == [200, 314, 1000]
    assert found.range == (200, 1000)
    assert found.by_interest == {"blue": (200, 314), "red": (1000, 1000)}


def test_a_bound_beyond_all_numbers_leaves_the_range_open() -> None:
    assert rivals([said(200), said(300, "at_least")], place="Town", about="x").range == (200, None)
    assert rivals([said(200), said(150, "at_least")], place="Town", about="x").range == (150, 200)
    assert rivals([said(200), said(100, "at_most")], place="Town", about="x").range == (None, 200)


def test_a_range_that_nobody_bounds_from_either_side_is_open_and_not_without_numbers() -> None:
    found = rivals([said(200, "at_most"), said(150), said(100, "at_most"), said(300, "at_least")], place="T", about="x")
    assert (found.range, found.standing) == ((None, None), 4)
    assert range_words(*found.range, "losses", n=found.standing) == "open at both ends"
    assert range_words(*found.range, "losses") == "no number"


def test_a_ratios_range_does_not_read_as_three_numbers_and_miles_are_as_exact_as_in_their_row() -> None:
    assert range_words(5, 10, "ratio-of-forces") == "5–10 to 1"
    assert value_words(said(5, "range", low=5, high=8, about="ratio"), {"red": "Redland"}) == "5–8 to 1 (Redland)"
    miles = said(9.5 * 1.609344, about="gap-width", said_unit="mi", side=None)
    assert rivals([miles], place="T", about="gap-width").range == (15, 15)


def test_what_was_revised_is_shown_and_counts_no_longer() -> None:
    first = said(200, id="c-1")
    second = said(400, id="c-2", revises="c-1")
    found = rivals([first, second], place="Town", about="x")
    assert [row.revised_by for row in found.rows] == ["c-2", None]
    assert (found.range, found.standing) == ((400, 400), 1)


def test_a_number_that_its_speaker_gave_to_the_other_side_since_stands_for_nothing() -> None:
    first = said(200, id="c-1", about="killed")
    groups = rival_groups([first, said(200, id="c-2", about="killed", side="blue", revises="c-1")])
    told = {one.side: [(row.claim.id, row.revised_by) for row in one.rows] for one in groups}
    assert told == {"red": [("c-1", "c-2")], "blue": [("c-2", None)]}
    assert [(one.side, one.standing, one.range) for one in groups] == [
        ("blue", 1, (200, 200)),
        ("red", 0, (None, None)),
    ]


def test_numbers_that_cannot_both_be_true_are_named_and_about_gives_way() -> None:
    assert rivals([said(200, id="a"), said(300, "at_least", id="b")], place="T", about="x").apart == (("a", "b"),)
    assert not rivals([said(200, "about", id="a"), said(220, id="b")], place="T", about="x").apart


@pytest.mark.parametrize(
    ("claim", "answer"),
    [
        (said(200, "about", "blue"), True),  # the other side's men in our town
        (said(200, "about", "red"), False),
        (said(200, "about", None), None),
        (said(50, "exact", "red", about="losses"), True),
        (said(50, "exact", "blue", about="losses"), False),
        (said(50, "exact", "blue", about="losses", against_interest=True), True),
    ],
)
def test_who_speaks_against_their_own_side_is_marked(claim: Claim, answer: bool | None) -> None:
    assert against_interest(claim) is answer


def test_a_side_that_says_it_lost_a_place_speaks_against_itself() -> None:
    def control(status: Status, side: str, interest: str) -> Claim:
        return Claim("c", "s", SAID, SAID, "control", "T", 37.0, 48.0, status=status, side=side, interest=interest)

    assert against_interest(control(Status.LOST, "blue", "blue")) is True
    assert against_interest(control(Status.ENTERED, "red", "blue")) is True
    assert against_interest(control(Status.TAKEN, "red", "red")) is False


# Pooled, on request


def test_one_interest_alone_leaves_more_doubt_than_three_that_agree() -> None:
    same = pooled([said(200, interest="blue", id=str(k)) for k in range(3)])
    apart = pooled([said(200, interest=who, id=str(who)) for who in ("blue", "red", None)])
    assert same.high / same.low > 1.5 * apart.high / apart.low
    assert apart.median == pytest.approx(200, rel=0.02)


def test_at_least_pushes_up_and_is_not_taken_for_the_number_itself() -> None:
    numbers = [said(200, interest="blue"), said(220, interest="red"), said(210)]
    bound = pooled([*numbers, said(400, "at_least", "other")])
    number = pooled([*numbers, said(400, interest="other")])
    loose = pooled([*numbers, said(20, "at_least", "other")])
    assert bound.median > pooled(numbers).median
    assert number.median > pooled(numbers).median
    assert loose.median == pytest.approx(pooled(numbers).median, rel=0.02)


@given(st.lists(st.integers(20, 5000), min_size=3, max_size=6), st.floats(0.5, 20))
@settings(max_examples=15, deadline=None)
def test_pooling_knows_no_unit(values: list[int], times: float) -> None:
    plain = pooled([said(value, id=str(k)) for k, value in enumerate(values)])
    scaled = pooled([said(value * times, id=str(k)) for k, value in enumerate(values)])
    assert scaled.median == pytest.approx(plain.median * times, rel=0.03)


def by_formula(groups: dict[str, list[float]], sigma: float) -> tuple[float, ...]:
    """The same points where all numbers are exact: for each τ a normal of μ, by the usual formulae; mixed over τ."""
    mu, total = np.linspace(-5, 20, 20_001), 0.0
    for tau in np.linspace(0.005, 2.495, 250):
        middles = np.array([np.mean(np.log(some)) for some in groups.values()])
        spreads = np.array([sigma**2 / len(some) + tau**2 for some in groups.values()])
        one = np.prod([np.exp(-0.5 * (m - mu) ** 2 / v) / np.sqrt(v) for m, v in zip(middles, spreads, strict=True)], 0)
        total = total + one * np.exp(-0.5 * (tau / 0.5) ** 2)
    below = np.cumsum(total) / np.sum(total)
    return tuple(np.exp(np.interp((0.05, 0.5, 0.95), below, mu)))


@pytest.mark.parametrize(
    "groups",
    [
        {"blue": [200, 210], "red": [1000]},
        {"blue": [10], "red": [10_000], "green": [300]},
        {"blue": [200, 200, 200]},
        {"blue": [0.2, 0.3], "red": [0.4]},
    ],
)
def test_the_interval_is_that_of_the_model_however_far_apart_the_interests_are(groups: dict[str, list[float]]) -> None:
    claims = [
        said(value, interest=who, reliability="A", id=f"{who}{k}", about="distance")
        for who, some in groups.items()
        for k, value in enumerate(some)
    ]
    found = pooled(claims)
    wanted = by_formula(groups, 0.10)
    assert (found.low, found.median, found.high) == pytest.approx(wanted, rel=0.04)


def test_nine_in_ten_intervals_hold_the_number_that_speakers_were_given() -> None:
    """Worlds drawn from the model itself, two of five statements one-sided with a bound chosen before looking."""
    rng, held, n = np.random.default_rng(6), 0, 300
    for _ in range(n):
        bias = rng.normal(0, abs(rng.normal(0, 0.5)), 3)
        claims = []
        for k in range(5):
            who = int(rng.integers(3))
            put, bound = np.log(300) + bias[who] + rng.normal(0, 0.25), rng.normal(np.log(300), 0.7)
            way = ("at_least" if put >= bound else "at_most") if k < 2 else "exact"
            claims.append(said(float(np.exp(put if k >= 2 else bound)), way, str(who), id=str(k)))
        one = pooled(claims)
        held += one.low <= 300 <= one.high
    assert held / n == pytest.approx(0.9, abs=0.06)


def test_no_interval_goes_beyond_what_a_subject_can_have_and_nought_bounds_nothing() -> None:
    shares = pooled([said(value, about="share-held", interest=who) for value, who in ((95, "a"), (97, "b"), (99, "c"))])
    assert 80 < shares.median < shares.high <= 100
    numbers = [said(200, interest="blue"), said(220, interest="red"), said(210)]
    assert pooled([*numbers, said(0, "at_least")]).n_claims == 3
    up_to = said(900, "range", "green", low=0)
    at_most = said(900, "at_most", "green")
    assert pooled([*numbers, up_to]).median == pytest.approx(pooled([*numbers, at_most]).median, rel=1e-6)
    with pytest.raises(UsageError, match="one side"):
        pooled([said(900, "range", str(k), low=0, id=str(k)) for k in range(3)])


@pytest.mark.parametrize(
    ("claims", "says"),
    [
        ([said(1), said(2)], "wanted 3"),
        ([said(5, "at_least", id=str(k)) for k in range(3)], "one side"),
        ([said(5), said(6), said(7, about="losses")], "different things"),
    ],
)
def test_what_cannot_be_pooled_is_refused(claims: list[Claim], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        pooled(claims)


# What cannot be claimed


@pytest.mark.parametrize(
    ("claim", "says"),
    [
        (said(-3), "from 0"),
        (said(300, about="share-held"), "at most 100"),
        (said(500, about="ratio-of-forces"), "at most 100"),
        (said(7, about="residents-remaining"), "point at people"),
        (said(5, side="green"), "wanted one of"),
        (said(5, low=6, high=5), "smaller number first"),
        (said(5, low=None), "wanted a number"),
        (said(5, about="shelters"), "wanted one of"),
        (said(5, quote="x" * 501), "quote"),
        (said(5, reliability="G"), "A-F"),
        (said(5, against="red"), "both 'red'"),
        (said(5, for_day=(SAID + timedelta(days=2)).date()), "when it was said"),
        (said(5, named_as="somehow"), "wanted full, first_name"),
        (said(0, about="ratio", against="blue"), "more than nobody"),
        (said(5, status=Status.HELD), "belongs to about control"),
    ],
)
def test_a_claim_that_cannot_be_is_refused_in_a_line(claim: Claim, says: str) -> None:
    fault = fault_of(claim, sides=("red", "blue"))
    assert fault is not None
    assert says in fault


def test_a_width_in_miles_is_kept_in_kilometres_and_men_in_kilometres_are_refused() -> None:
    assert in_unit(5, "mi", "gap-width") == pytest.approx(8.05, abs=0.01)
    with pytest.raises(Exception, match="counted in people"):
        in_unit(5, "km", "attackers-inside")


def test_a_day_of_its_own_comes_before_the_day_of_saying() -> None:
    assert said(5).day == SAID.date()
    assert said(5, for_day=(SAID - timedelta(days=3)).date()).day == (SAID - timedelta(days=3)).date()
