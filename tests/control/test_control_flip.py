"""From depth to probability for one spot, and what would put it past the even-odds line."""

from __future__ import annotations

import numpy as np
import pytest
from small_war import posterior, reports

from isofront.control import show
from isofront.control.flip import Chance
from isofront.control.link import Link


def chance(*, prior: float, latent: float, spread: float = 0.5, stands: float = 0.3, slope: float = 1.0) -> Chance:
    return Chance(Link(slope=slope), prior, latent, spread, stands)


def test_the_probability_at_the_latent_is_the_maps_own():
    found = posterior(reports(3, 60), as_of=20.0)
    stands, spread = found.stands(), np.sqrt(found.variance())
    for cell in ((30, 28), (10, 31), (45, 33)):
        link, here = found.model.config.link, (found.prior_km()[cell], found.mean()[cell], spread[cell], stands[cell])
        told = show(found, ("red", "blue")).control[0][cell]
        assert Chance(link, *map(float, here)).p(float(here[1])) == pytest.approx(float(told), abs=2e-4)


def test_a_spot_flips_where_the_odds_turn_not_where_the_latent_changes_its_sign():
    """Inside by its latent, yet outside by its odds, since the line probably still stands: taking out what drew it in
    would not turn it; taking out what holds it back does."""
    spot = chance(prior=-0.3, latent=0.2, stands=0.8)
    assert spot.p(0.2) < 0.5
    assert spot.flip([("inward", 0.4), ("more", 0.2)]) is None
    turned = spot.flip([("inward", 0.4), ("outward", -2.0)])
    assert turned is not None
    assert turned["without"] == ["outward"]
    assert turned["p"] > 0.5


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_fewest_largest_reports_are_named_and_the_sides_mirror(sign):
    spot = chance(prior=-1.0 * sign, latent=1.0 * sign, stands=0.01)
    turned = spot.flip([("a", 1.2 * sign), ("b", -0.5 * sign), ("c", 0.4 * sign), ("d", 0.3 * sign)])
    assert turned is not None
    assert turned["without"] == ["a"]


def test_the_nearer_to_the_anchor_the_likelier_that_the_line_stands():
    spot = chance(prior=-0.3, latent=0.5)
    p = [spot.p(x) for x in (0.5, 0.3, 0.1, -0.1, -0.3)]
    assert p == sorted(p, reverse=True)
    assert p[-1] < 0.2


def test_a_learned_slope_stands_in_the_formula():
    assert "log-odds" not in chance(prior=0.0, latent=0.0).formula("red")
    assert "log-odds times 0.8" in chance(prior=0.0, latent=0.0, slope=0.8).formula("red")
