"""Grey scored where the reference draws it: by definition, by a brute-force oracle, and through the command."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from math import gcd

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isofront.compare import Scorecard, Shown, Trial, as_document, scorecard_svg, scored_drafts, scored_ground
from isofront.compare.grey import auc
from isofront.control.setting import Tuning
from isofront.ground.grid import Bounds, Grid

BOUNDS = Bounds(10.0, 50.0, 10.4, 50.25)
GROUND = scored_ground(BOUNDS, Grid.covering(BOUNDS, crs="EPSG:32632", cell_m=1000.0, margin_km=1.0))
DAY = date(2030, 5, 8)
COLUMN = np.broadcast_to(np.arange(GROUND.grid.nx), GROUND.grid.shape)
HELD, GREY = GROUND.inside & (COLUMN >= 15), GROUND.inside & (COLUMN >= 12) & (COLUMN < 15)
"""Held from column 15 on; three columns of grey west of it."""


def trial(*, with_grey: bool = True, anchor: int = 15) -> Trial:
    held = GROUND.inside & (anchor <= COLUMN)
    return Trial(
        "area", "a", GROUND, held, datetime(2030, 5, 1, tzinfo=UTC), {DAY: HELD}, (), {DAY: GREY} if with_grey else {}
    )


def scored(p_grey: np.ndarray, **more: object) -> Scorecard:
    control = np.where(HELD, 0.99, 0.01)
    shown = Shown(control, p_grey, p_grey > 0.5)
    return Scorecard(tuple(scored_drafts(trial(**more), iter([(DAY, shown)]))))  # type: ignore[arg-type]


def test_grey_drawn_as_the_reference_draws_it_has_no_bias_no_error_and_full_rank():
    grey = scored(GREY.astype(float)).days[0].scores.grey
    assert grey is not None
    assert (grey.bias, grey.drawn_bias, grey.auc) == (0.0, 0.0, 1.0)
    assert grey.reliability.ece == 0.0


def test_half_the_grey_said_is_a_bias_of_minus_one_half():
    grey = scored(GREY * 0.5).days[0].scores.grey
    assert grey is not None
    assert grey.bias == pytest.approx(-0.5)
    assert grey.drawn_bias == -1.0


def test_the_anchors_line_alone_ranks_grey_that_lies_along_it_and_less_once_the_line_has_moved():
    here, moved = (scored(GREY.astype(float), anchor=column).days[0].scores.grey for column in (15, 20))
    assert here is not None
    assert moved is not None
    assert here.auc_past == 1.0
    assert here.auc_away is not None
    assert moved.auc_past is not None
    assert here.auc_away < 1.0
    assert moved.auc_past < 1.0


def test_a_reference_without_grey_gives_no_grey_scores_and_a_plot_of_two_panels():
    card = scored(GREY.astype(float), with_grey=False)
    assert card.days[0].scores.grey is None
    assert as_document(card, recalibrated="-")["grey"] is None
    assert b"P(grey)" not in scorecard_svg(card, title="t")


def test_the_document_and_the_plot_hold_what_was_scored():
    card = scored(GREY * 0.9)
    document = as_document(card, recalibrated="-")["grey"]
    assert document["auc"] == 1.0
    assert document["bias"] == pytest.approx(-0.1)
    assert sum(row["n"] for row in document["reliability"]) > 0
    assert b"P(grey)" in scorecard_svg(card, title="t")


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=2, max_size=12))
def test_auc_is_the_share_of_pairs_ranked_rightly(cells):
    score, true = np.array([s for s, _ in cells], float), np.array([t for _, t in cells], bool)
    pairs = list(itertools.product(score[true], score[~true]))
    if not pairs:
        assert auc(score, true) is None
        return
    rightly = sum(1.0 if a > b else 0.5 if a == b else 0.0 for a, b in pairs) / len(pairs)
    assert auc(score, true) == pytest.approx(rightly)


@pytest.mark.parametrize("longer", [1, 2, 3])
def test_windows_never_fall_in_step_with_weekly_scores(longer):
    days = Tuning().window_days * longer
    assert days == int(days)
    assert gcd(int(days), 7) == 1
    ages = {7 * week % int(days) for week in range(int(days))}
    assert ages == set(range(int(days))), "weekly scores see a window at every age"
