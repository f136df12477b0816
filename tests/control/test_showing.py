"""The one pass over cells that is shown against its formulas, one after the other."""

from __future__ import annotations

import numpy as np
import pytest
from by_cell import grey_odds, presence
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import expit
from small_war import SIDES, model, posterior, reports
from test_control_laws import ARRAYS, across

from isofront.control import Posterior, show, showing
from isofront.control.link import Link, p_inside, standing

A_STEP = 1.01e-4


@pytest.fixture(scope="module")
def fought() -> Posterior:
    """A river that nobody crosses runs through the middle."""
    return posterior(reports(11, 60), of=model(distance=across(at_km=15.0)))


def control(found: Posterior) -> np.ndarray:
    """Where the line stands it is the anchor's, elsewhere where reports moved it."""
    link, prior, depth, variance = found.model.config.link, found.prior_km(), found.mean(), found.variance()
    stands = standing(depth - prior, variance, found.roamed_km2(), link)
    stood = p_inside(prior, np.zeros_like(prior), link, blur_km=link.stand_blur_km)
    return stands * stood + (1 - stands) * p_inside(depth, variance, link, blur_km=link.blur_km)


def test_who_holds_and_grey_follow_from_control_and_the_odds_past_each_line_on_both_banks(fought):
    told, p, depth, tuning = presence(fought), control(fought), fought.mean(), fought.model.config.presence
    odds = [
        grey_odds(told, past, side=side, age_days=fought.as_of, tuning=tuning)
        for side, past in enumerate((-depth, depth))
    ]
    grey = expit(odds[0]), tuning.inside_drawn * expit(odds[1])
    field = show(fought, SIDES)
    assert_allclose(field.p_held, [p * (1 - grey[1]), (1 - p) * (1 - grey[0])], atol=A_STEP)
    assert_allclose(field.control[0], np.clip(p, field.p_held[0], 1 - field.p_held[1]), atol=A_STEP)
    assert_allclose(field.p_held.sum(axis=0) + field.p_grey, 1, atol=1e-6)


def test_how_cells_are_parted_among_blocks_changes_no_more_than_a_step(fought, monkeypatch):
    whole = show(fought, SIDES)
    monkeypatch.setattr(showing, "BLOCK", 17)
    parted = show(fought, SIDES)
    assert_array_equal(parted.touched, whole.touched)
    for name in ARRAYS:
        assert_allclose(getattr(parted, name), getattr(whole, name), atol=A_STEP)


@pytest.mark.parametrize("nu", [0, 5.0, 6.5, 18.0])
def test_degrees_of_freedom_that_are_no_short_polynomial_are_refused(nu):
    with pytest.raises(ValueError, match="even number"):
        Link(nu=nu)
