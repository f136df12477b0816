"""The ladder's hold: a rung that wavers moves no word, and one that lasts does."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from isofront.front import Rung, held_rungs

FIRST = date(2031, 5, 1)
O, S, P, G, U, N, T = Rung  # noqa: E741


def days(n: int, step: int = 1) -> list[date]:
    return [FIRST + timedelta(days=step * k) for k in range(n)]


def test_a_new_rung_is_stated_once_it_lasted_three_days():
    assert held_rungs(days(6), [P, G, G, G, G, G]) == (P, P, P, P, G, G)


def test_a_rung_that_falls_back_within_three_days_is_never_stated():
    assert held_rungs(days(7), [P, G, G, G, P, G, P]) == (P,) * 7


def test_a_place_that_goes_on_sinking_is_stated_at_the_nearest_rung_it_kept_below():
    assert held_rungs(days(7), [P, G, U, U, U, U, U]) == (P, P, P, P, G, U, U)


def test_a_rung_on_the_other_side_begins_anew():
    assert held_rungs(days(8), [P, G, G, S, S, S, S, S]) == (P, P, P, P, P, P, S, S)


def test_days_without_a_map_break_nothing():
    assert held_rungs(days(7), [None, P, None, G, None, None, G]) == (None, P, P, P, P, P, G)
    assert held_rungs([], []) == ()


def test_maps_a_week_apart_hold_for_one_map():
    assert held_rungs(days(4, 7), [P, G, G, P]) == (P, P, G, G)


@given(st.lists(st.sampled_from(list(Rung)), max_size=20), st.integers(0, 5))
def test_what_is_stated_was_seen_and_never_leaves_a_rung_that_stays(rungs, hold):
    stated = held_rungs(days(len(rungs)), rungs, hold)
    assert set(stated) <= set(rungs)
    if hold == 0:
        assert list(stated) == rungs
    for k in range(1, len(rungs)):
        if rungs[k] is stated[k - 1]:
            assert stated[k] is stated[k - 1]
        if stated[k] is not stated[k - 1]:
            assert k >= hold


@given(st.lists(st.sampled_from(list(Rung)), max_size=20))
def test_turning_the_ladder_over_turns_the_answer_over(rungs):
    turned = dict(zip(Rung, reversed(Rung), strict=True))
    stated = held_rungs(days(len(rungs)), rungs)
    assert held_rungs(days(len(rungs)), [turned[rung] for rung in rungs]) == tuple(turned[one] for one in stated if one)
