"""The whole room against brute force: nine cells, three reports in some days, all formulas written anew from the pages.

Depths at the three reports are counted out on a grid of 81³ values, so nothing here is Gaussian but the prior; cells
follow from them by conditioning. Prior, likelihood and link are those of docs/maths/control.md, by their numbers there.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from small_war import KINDS, SIDES, START, report

from isofront.control import Anchored, Config, Model, batch, show
from isofront.control.setting import Tuning
from isofront.ground.grid import Grid

NINE = Grid("EPSG:32637", 400.0, 5400.0, 1.0, 3, 3)
JITTER, PACE, MEMORY, RHO, RHO_PACE, REACH = 0.007, 0.036, 30.0, 4.0, 15.0, 45.0
TEMPER = 0.85


def falls(d, rho):
    matern = (1 + np.sqrt(3) * d / rho) * np.exp(-np.sqrt(3) * d / rho)
    return matern * (1 - d / REACH) ** 4 * (4 * d / REACH + 1)


def drifts(t, u):
    early = np.minimum(t, u)
    ends = np.exp(-t / MEMORY) + np.exp(-u / MEMORY) - np.exp(-np.abs(t - u) / MEMORY)
    return 2 * MEMORY * early - MEMORY**2 * (1 - ends)


def moves(x, t, y, u, *, doubt, activity):
    """K between places and days, km²."""
    d = np.hypot(*(x[:, None] - y[None]).transpose(2, 0, 1))
    t, u = t[:, None], u[None]
    roams = JITTER * np.minimum(t, u) * falls(d, RHO) + PACE**2 * drifts(t, u) * falls(d, RHO_PACE)
    return doubt**2 * falls(d, RHO) + activity**2 * roams


def says(log, category, depth):
    """log P(category | depth) off 73 asinh-like steps of depth."""
    step = np.clip(np.sign(depth) * np.log1p(np.abs(depth) / 0.5), -3.6, 3.6)
    return np.interp(step, np.linspace(-3.6, 3.6, 73), log[category])


def inside(depth, spread):
    return 0.005 + 0.99 * stats.t.cdf(depth / spread, 6)


def controls(prior, mean, variance, roamed):
    stood = 0.9 * np.exp(-roamed / 8)
    odds = stood / (1 - stood) * np.sqrt(roamed / variance) * np.exp(-0.5 * (mean - prior) ** 2 / variance)
    stands = odds / (1 + odds)
    return stands * inside(prior, 0.03) + (1 - stands) * inside(mean, np.sqrt(variance + 0.25**2))


def war(seed, day):
    """Three reports, and a straight line through the nine cells as a function of places (km)."""
    rng = np.random.default_rng(seed)
    a, b, c = rng.normal(size=3)
    told = [
        report(
            f"r{k}", *rng.uniform(0.5, 2.5, 2).tolist(), seen=SIDES[int(rng.integers(2))],
            kind=KINDS[int(rng.integers(len(KINDS)))], day=float(rng.uniform(0, day)),
            error_m=float(rng.choice([50.0, 1500.0])), grid=NINE,
        )
        for k in range(3)
    ]  # fmt: skip
    return told, lambda at: ((at - (401.5, 5401.5)) @ (a, b)) / np.hypot(a, b) + 0.3 * c


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("day", "doubt", "activity"), [(3.0, 0.12, 0.6), (20.0, 0.5, 2.0)])
def test_nine_cells_are_what_counting_out_all_depths_makes_them(seed, day, doubt, activity):
    told, depth_at = war(seed, day)
    cells = NINE.all_centres()
    anchor = depth_at(cells)
    tuning = Tuning(
        activity_rounds=0, few_most=0.0, start_doubt_km=doubt, start_activity=activity, last_rounds=60, lattice_km=1.0
    )
    model = Model(NINE, Anchored(anchor.reshape(3, 3), 0), Config(tuning=tuning))
    heard = batch(told, grid=NINE, sides=SIDES, anchored=START)
    found = model.posterior(heard, as_of=day, known_by=day + 9)

    at, days, now, how = heard.at_km, heard.happened_days, np.full(9, day), {"doubt": doubt, "activity": activity}
    root = np.linalg.cholesky(moves(at, days, at, days, **how))
    axis = np.linspace(-6, 6, 81)
    unit = np.stack(np.meshgrid(axis, axis, axis, indexing="ij")).reshape(3, -1)
    moved = root @ unit
    log = -0.5 * (unit**2).sum(axis=0)
    for k, category in enumerate(heard.category):
        log += TEMPER * says(found.windows[-1].table.log, category, depth_at(at[k]) + moved[k])
    share = np.exp(log - log.max())
    share /= share.sum()
    mean = moved @ share
    spread = (moved * share) @ moved.T - np.outer(mean, mean)

    across = moves(cells, now, at, days, **how)
    by = across @ np.linalg.inv(root @ root.T)
    prior = np.diag(moves(cells, now, cells, now, **how))
    variance = prior - (by * across).sum(axis=1) + ((by @ spread) * by).sum(axis=1)
    assert np.abs(found.mean().ravel() - anchor - by @ mean).max() < 0.08 * np.sqrt(prior.max())
    assert np.abs(found.variance().ravel() / variance - 1).max() < 0.2
    control = show(found, SIDES).control[0].ravel()
    assert np.abs(control - controls(anchor, anchor + by @ mean, variance, prior)).max() < 0.015
    said = controls(anchor, found.mean().ravel(), found.variance().ravel(), prior)
    assert np.abs(control - said).max() < 1e-4, "the link is not as its page has it"
