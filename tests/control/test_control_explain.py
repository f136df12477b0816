"""Prior and shares sum to the depth in every cell; a report's worth is what taking it out would change."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from small_war import GRID, SHORT, anchored, model, posterior, report, reports
from test_control_laws import GIVEN, across

CELLS = np.argwhere(np.ones(GRID.shape, bool))
CLOSES_KM = 1e-6


@pytest.mark.parametrize(
    "as_of", [3.0, 20.0, *(pytest.param(day, marks=pytest.mark.slow) for day in (7.0, 13.0, 33.0))]
)
@pytest.mark.parametrize("river", [False, True])
def test_prior_and_shares_sum_to_the_depth_in_every_cell(as_of, river):
    found = posterior(
        reports(4, 60), as_of=as_of, known_by=as_of + 1, of=model(distance=across(at_km=11.3) if river else None)
    )
    why = found.explain(CELLS)
    assert_allclose(why.prior_km + why.shares_km.sum(axis=1), why.depth_km, atol=1e-12)
    assert_allclose(why.depth_km, found.mean().ravel(), atol=CLOSES_KM)
    both_ways = (why.pull_km > 0.002).any(axis=1) & (why.pull_km < -0.002).any(axis=1)
    assert_allclose(why.prior_km[both_ways], anchored().depth_km.ravel()[both_ways], atol=1e-9)
    assert set(why.ids) == set(found.used)


def test_several_closed_windows_lie_under_the_last_day():
    assert len(posterior(reports(4, 60), as_of=33.0, known_by=34.0).windows) == 5


def test_without_reports_there_is_only_the_prior():
    why = posterior([]).explain(CELLS[::50])
    assert why.shares_km.shape == (len(CELLS[::50]), 0)
    assert_allclose(why.prior_km, anchored().depth_km.ravel()[::50])


def test_a_late_report_that_two_windows_knew_is_named_once():
    late = report("late", 14.0, 15.0, day=3.0, known=9.0)
    assert posterior([late, *reports(1, 20)], as_of=20.0).explain(CELLS[:1]).ids.count("late") == 1


@pytest.mark.parametrize("seed", range(3))
def test_the_share_of_a_leading_report_is_what_taking_it_out_changes(seed):
    """Sign right for all that matter, size within 30 % of the share (or 4 m) for most."""
    told = reports(seed, 40)
    whole = posterior(told, of=model(config=GIVEN))
    near = CELLS[np.abs(whole.mean().ravel()) < 2][::9]
    why = whole.explain(near)
    right, close = [], []
    for number in np.argsort(-np.abs(why.shares_km).max(axis=0))[:6]:
        cell = int(np.argmax(np.abs(why.shares_km[:, number])))
        share = float(why.shares_km[cell, number])
        left = [one for one in told if one.id != why.ids[number]]
        without = posterior(left, of=model(config=GIVEN)).mean()[tuple(near[cell])]
        lost = float(why.depth_km[cell] - without)
        right.append(share * lost > 0)
        close.append(abs(lost - share) < 0.3 * abs(share) + 0.004)
    assert all(right)
    assert np.mean(close) > 0.8


def test_shares_carry_the_pace_of_closed_windows_on():
    """What was learned of an advance in week one still moves the line in week two, and is still that report's."""
    told = [report(f"a{k}", 13.0, 15.0 + 0.2 * k, day=5.0) for k in range(8)]
    early, later = (posterior(told, as_of=day, known_by=day + 1, of=model(config=SHORT)) for day in (6.0, 13.0))
    cell = np.array([[31, 29]])
    pushed = early.explain(cell).shares_km.sum(), later.explain(cell).shares_km.sum()
    assert pushed[0] > 0
    assert pushed[1] > 0.5 * pushed[0]


def test_what_nobody_pulls_is_the_anchors_own():
    """Far from all reports nothing is shared, though the depth is measured anew when windows close."""
    found = posterior(reports(4, 30), as_of=20.0, of=model(config=SHORT))
    why = found.explain(CELLS)
    silent = np.abs(why.pull_km).max(axis=1) < 1e-6
    assert np.abs(why.shares_km[silent]).max(initial=0.0) < 1e-4


def test_a_worth_that_was_found_by_fitting_takes_its_place_and_all_still_sums():
    why = posterior(reports(2, 40)).explain(np.array([[31, 29]]))
    name = why.ids[int(np.argmax(np.abs(why.shares_km[0])))]
    checked = why.checked({name: 0.5})
    assert checked.worth_km[0, checked.ids.index(name)] == 0.5
    assert_allclose(checked.prior_km + checked.shares_km.sum(axis=1), why.depth_km, atol=1e-12)


def test_what_many_say_alike_is_no_single_reports():
    """Forty that say the same: each is worth little alone, all together what they moved, and they share it alike."""
    told = [report(f"a{k:02}", 12.0, 15.0 + 0.05 * k, day=10.0 + 0.1 * k) for k in range(40)]
    why = posterior(told, as_of=20.0).explain(np.array([[31, 29]]))
    moved = why.shares_km.sum()
    assert 0 < why.worth_km.sum() < 0.85 * moved
    assert why.shares_km.max() < 2 * moved / len(told)
