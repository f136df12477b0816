"""Control claims against evidence, and what a speaker's word was worth on later maps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from isofront.evidence.claim import Bound, Claim, Status
from isofront.findings import Fate, MapState, OnMap, Seen, Shares, Support, control_table, rival_groups, track_records
from isofront.findings.control_table import standing, support_of
from isofront.findings.saying import range_words, rounded, value_words
from isofront.findings.track_record import fate_of, wilson

DAY = datetime(2020, 5, 10, tzinfo=UTC)
NAMES = {"red": "Redland", "blue": "Blueland"}


def control(status: Status, side: str | None = "red", *, day: int = 0, **more: object) -> Claim:
    said = DAY + timedelta(days=day)
    name = str(more.pop("id", f"c-{status.value}-{day}"))
    who = str(more.pop("speaker", "a ministry"))
    return Claim(name, who, said, said, "control", "Oldtown", 0.0, 0.0, status=status, side=side, **more)  # type: ignore[arg-type]


def count(value: float, about: str = "losses", **more: object) -> Claim:
    name = str(more.pop("id", f"n-{value}"))
    who = str(more.pop("speaker", "an aide"))
    return Claim(name, who, DAY, DAY, about, "Oldtown", 0.0, 0.0, value, value, **more)  # type: ignore[arg-type]


def place(red: float, blue: float, *, seen: tuple[str, ...] = (), map_day: int = 5) -> OnMap:
    shares = Shares({"red": red, "blue": blue}, round(1 - red - blue, 6))
    sightings = tuple(Seen(side, 2, 1, DAY.date(), ("r1", "r2")) for side in seen)
    made = DAY + timedelta(days=map_day)
    return OnMap("Oldtown", 0.0, 0.0, MapState.APPROVED, made, shares, DAY, made, sightings, 0.8, shares.status)


@pytest.mark.parametrize(
    ("status", "side", "on_map", "verdict"),
    [
        (Status.TAKEN, "red", place(0.9, 0.0), Support.SUPPORTED),
        (Status.TAKEN, "red", place(0.1, 0.7), Support.CONTESTED),
        (Status.TAKEN, "red", place(0.0, 1.0, seen=("red",)), Support.CONTESTED),
        (Status.TAKEN, "red", place(0.0, 1.0, seen=("blue",)), Support.NOT_YET),
        (Status.TAKEN, "red", place(0.0, 1.0, map_day=0), Support.NOT_REVIEWED),
        (Status.TAKEN, "red", place(0.0, 0.1), Support.CONTESTED),
        (Status.ENTERED, "red", place(0.0, 1.0, seen=("red",)), Support.SUPPORTED),
        (Status.ENTERED, "red", place(0.0, 0.8), Support.CONTESTED),
        (Status.ENTERED, "red", place(0.0, 1.0), Support.NOT_YET),
        (Status.ENTERED, "red", place(0.3, 0.4), Support.SUPPORTED),
        (Status.NOT_ENTERED, "red", place(0.0, 1.0, seen=("red",)), Support.CONTESTED),
        (Status.NOT_ENTERED, "red", place(0.9, 0.1), Support.NOT_YET),
        (Status.NOT_TAKEN, "red", place(0.0, 1.0, seen=("red",)), Support.SUPPORTED),
        (Status.NOT_LOST, "blue", place(0.0, 0.9), Support.SUPPORTED),
        (Status.LOST, "blue", place(0.9, 0.02), Support.SUPPORTED),
        (Status.LOST, "blue", place(0.0, 0.9), Support.NOT_YET),
        (Status.GREY, None, place(0.1, 0.1), Support.SUPPORTED),
        (Status.GREY, None, place(0.0, 1.0), Support.NOT_YET),
        (Status.ENCIRCLED, "blue", place(0.0, 1.0), Support.NOT_JUDGED),
        (Status.HELD, None, place(0.0, 1.0), Support.NOT_JUDGED),
    ],
)
def test_the_verdict_follows_the_map_and_what_was_seen(status, side, on_map, verdict) -> None:
    assert support_of(control(status, side), on_map) is verdict


def test_a_loss_to_a_named_side_is_that_sides_gain() -> None:
    lost = control(Status.LOST, "blue", against="red")
    assert support_of(lost, place(0.9, 0.0)) is Support.SUPPORTED
    assert support_of(lost, place(0.0, 1.0, seen=("blue",))) is Support.NOT_YET


def test_the_latest_word_stands_since_it_was_first_said_and_a_revised_one_does_not() -> None:
    said = [
        control(Status.TAKEN, day=0),
        control(Status.HELD, day=3),
        control(Status.TAKEN, "blue", day=1, speaker="a staff", id="x"),
        control(Status.NOT_LOST, "blue", day=2, speaker="a staff", id="y", revises="x"),
        control(Status.ENCIRCLED, "blue", day=4, speaker="a staff"),
    ]
    found = {(one.id, since.day.day) for one, since in standing(said)}
    assert found == {("c-held-3", 10), ("y", 12), ("c-encircled-4", 14)}
    rows = control_table(said, lambda since: place(0.9, 0.0))
    assert [row.support for row in rows] == [Support.SUPPORTED, Support.NOT_YET, Support.NOT_JUDGED]


def test_namesakes_are_two_places_in_what_stands_and_in_what_a_word_was_worth() -> None:
    near, far = control(Status.TAKEN), replace(control(Status.TAKEN, day=1), lon=0.7)
    assert {(one.id, since.id) for one, since in standing([near, far])} == {(one.id, one.id) for one in (near, far)}
    (one,) = track_records([near, far], lambda claim, side: MAPS if claim.lon else [])
    assert [(scored.claim.id, scored.fate) for scored in one.claims] == [(near.id, Fate.OPEN), (far.id, Fate.LATER)]


MAPS = [(date(2020, 5, day), share) for day, share in ((1, 0.0), (8, 0.0), (12, 0.2), (15, 0.6), (20, 0.9), (30, 0.9))]


def test_a_claim_leads_the_map_by_the_days_until_it_agrees() -> None:
    later = fate_of(control(Status.TAKEN), MAPS)
    assert (later.fate, later.lag_days, later.least_lag_days) == (Fate.LATER, 5, 2)
    before = fate_of(control(Status.TAKEN, day=12), MAPS)
    assert (before.fate, before.lag_days) == (Fate.BEFORE, -7)
    assert fate_of(control(Status.TAKEN), MAPS, days=4).fate is Fate.NEVER
    assert fate_of(control(Status.TAKEN, day=-5), MAPS[:3], days=30).fate is Fate.OPEN


def test_of_a_claim_after_which_no_map_was_made_in_time_nobody_can_say_that_it_never_came() -> None:
    seldom = [(date(2020, 5, 1), 0.0), (date(2020, 7, 1), 0.9)]
    assert fate_of(control(Status.TAKEN), seldom).fate is Fate.OPEN
    assert fate_of(control(Status.TAKEN), [*seldom, (date(2020, 7, 9), 0.9)], days=60).lag_days == 52


def test_a_record_counts_a_repeated_claim_once_and_says_what_it_cannot() -> None:
    said = [control(Status.TAKEN, day=k) for k in range(5)] + [control(Status.GREY, None, day=9)]
    said += [count(200, speaker="a ministry"), count(150, speaker="a ministry", id="n2", revises="n-200")]
    (one,) = track_records(said, lambda claim, side: MAPS if side == "red" else [])
    assert (len(one.claims), one.scored, one.borne_out, one.few, one.other_statements) == (1, 1, 1, True, 1)
    assert (one.median_lag_days, one.revised_numbers, one.revision_factor) == (5, 1, 0.75)


@given(n=st.integers(1, 200), data=st.data())
def test_wilsons_interval_holds_the_share_and_mirrors(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    low, high = wilson(k, n)
    assert 0 <= low <= k / n <= high <= 1
    other = wilson(n - k, n)
    assert (low, high) == pytest.approx((1 - other[1], 1 - other[0]))


def test_both_sides_losses_are_no_rivals_and_two_holders_cannot_both_be_true() -> None:
    groups = rival_groups([count(50, side="red"), count(500, side="red"), count(70, side="blue")])
    assert [(one.side, one.range) for one in groups] == [("blue", (70, 70)), ("red", (50, 500))]
    (held,) = rival_groups([control(Status.TAKEN), control(Status.HELD, "blue"), control(Status.NOT_TAKEN)])
    assert set(held.apart) == {("c-held-0", "c-taken-0"), ("c-not_taken-0", "c-taken-0")}


def test_numbers_are_said_with_their_bound_and_unit_and_civilians_rounded() -> None:
    gap = Claim("g", "an analyst", DAY, DAY, "gap-width", "Oldtown", 0.0, 0.0, 4.828, 4.828, Bound.ABOUT, "mi")
    assert value_words(gap, NAMES) == "about 3 miles (4.8 km)"
    ratio = count(8, "ratio-of-forces", side="red", against="blue", counts={"red": 80, "blue": 10})
    assert value_words(ratio, NAMES) == "8 to 1 (Redland 80, Blueland 10)"
    assert value_words(control(Status.ENCIRCLED, "blue"), NAMES) == "called encircled"
    assert value_words(count(1234, "residents-remaining", bound=Bound.AT_LEAST), NAMES) == "at least 1,200 people"
    assert range_words(12, None, "residents") == "10 people and more"


@given(st.integers(1, 10_000_000))
def test_civilians_are_never_told_finer_than_ten(n: int) -> None:
    shown = rounded(n, "residents-remaining")
    assert shown >= 10
    assert shown % 10 == 0
    assert abs(shown - n) <= max(10, 0.06 * n)
    assert rounded(n, "losses") == n
