"""The kernel vote against a plain sum, its laws, and its recalibration against a search."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isofront.compare import Kernel, Votes, kernel_vote, persistence, votes
from isofront.compare.calibrate import log_loss
from isofront.compare.yardsticks import fitted_recalibration
from isofront.evidence.report import Interval, Kind, Posture, Report
from isofront.ground.grid import Grid

GRID = Grid("EPSG:32632", 500.0, 5500.0, 0.5, 40, 30)
ANCHOR = np.broadcast_to(np.arange(40) >= 20, GRID.shape).copy()
DAY = datetime(2030, 5, 10, tzinfo=UTC)


def cast(*spots: tuple[int, int, bool, float]) -> Votes:
    """Votes at cell centres: row, column, for the side, age in days."""
    return Votes(
        np.array([GRID.east_km[c] for _, c, _, _ in spots], float),
        np.array([GRID.north_km[r] for r, _, _, _ in spots], float),
        np.array([side for *_, side, _ in spots], bool),
        np.array([age for *_, age in spots], float),
    )


def report(number: int, **changes: object) -> Report:
    lon, lat = GRID.to_lonlat(505.0, 5505.0)
    happened = Interval(DAY - timedelta(days=2), DAY - timedelta(days=2))
    base = Report(f"r{number}", "s", Kind.POSITION, "a", None, lon, lat, 100.0, happened, None, DAY - timedelta(days=1))
    return replace(base, **changes)


def heard(*reports: Report) -> Votes:
    since = DAY - timedelta(days=30)
    return votes(reports, grid=GRID, side="a", since=since, as_of=DAY, known_by=DAY + timedelta(days=1))


spots = st.lists(
    st.tuples(st.integers(0, 29), st.integers(0, 39), st.booleans(), st.floats(0, 60)), min_size=0, max_size=12
)


@given(spots)
def test_the_vote_is_the_weighted_share_of_votes_and_anchor(given_spots):
    kernel = Kernel(width_km=1.0, memory_days=20.0, prior_votes=2.0)
    p = kernel_vote(ANCHOR, cast(*given_spots), GRID, kernel)
    for row, column in ((0, 0), (15, 19), (15, 20), (29, 39)):
        sums = [0.0, 0.0]
        for r, c, side, age in given_spots:
            distance = 0.5 * math.hypot(r - row, c - column)
            if max(abs(r - row), abs(c - column)) * 0.5 <= 4.0:
                sums[side] += math.exp(-(distance**2) / 2) * math.exp(-age / 20)
        wanted = (2 * persistence(ANCHOR)[row, column] + sums[1]) / (2 + sums[0] + sums[1])
        assert p[row, column] == pytest.approx(wanted, abs=2e-3)


@given(spots)
def test_swapping_the_sides_mirrors_the_vote(given_spots):
    ours = kernel_vote(ANCHOR, cast(*given_spots), GRID)
    theirs = kernel_vote(~ANCHOR, cast(*[(r, c, not side, age) for r, c, side, age in given_spots]), GRID)
    np.testing.assert_allclose(ours, 1 - theirs, atol=1e-12)


def test_without_votes_the_anchor_stands():
    np.testing.assert_allclose(kernel_vote(ANCHOR, cast(), GRID), persistence(ANCHOR))


def test_reposts_vote_once():
    assert len(heard(report(1), report(2, group="r1"), report(3, group="r1"), report(4)).age_days) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"seen": None},
        {"kind": Kind.ACTIVITY},
        {"posture": Posture.WRECK},
        {"known_at": DAY + timedelta(days=1)},
        {"happened": Interval(DAY - timedelta(days=40), DAY - timedelta(days=40))},
        {"happened": Interval(DAY + timedelta(days=3), DAY + timedelta(days=3))},
    ],
)
def test_what_shows_no_presence_or_is_not_of_that_time_has_no_vote(changes):
    assert len(heard(report(1, **changes)).age_days) == 0


def test_a_report_for_the_other_side_votes_against():
    assert list(heard(report(1), report(2, seen="b")).for_side) == [True, False]


def test_recalibration_finds_the_scale_that_was_hidden():
    rng = np.random.default_rng(7)
    logit = rng.normal(0, 2, 40_000)
    held = rng.random(40_000) < 1 / (1 + np.exp(-(0.4 + 1.7 * logit)))
    change = fitted_recalibration(1 / (1 + np.exp(-logit)), held)
    assert change.offset == pytest.approx(0.4, abs=0.05)
    assert change.slope == pytest.approx(1.7, abs=0.05)


@given(st.integers(0, 2**31))
def test_no_neighbouring_recalibration_has_less_loss(seed):
    rng = np.random.default_rng(seed)
    p = rng.uniform(0.01, 0.99, 200)
    held = rng.random(200) < 0.7 * p + 0.15
    best = fitted_recalibration(p, held)
    least = log_loss(best.apply(p), held)
    for offset, slope in ((0.1, 0), (-0.1, 0), (0, 0.1), (0, -0.1)):
        other = replace(best, offset=best.offset + offset, slope=best.slope + slope)
        assert least <= log_loss(other.apply(p), held) + 1e-6
