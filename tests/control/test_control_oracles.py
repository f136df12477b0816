"""The pieces against brute force: quadrature for inference, known tables for learning, straight planes for lattices."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from small_war import GRID, model, posterior, reports
from test_control_laws import GIVEN

from isofront.control.infer import Items, Prior, fit
from isofront.control.motion import Motion, Spots, covariance, matern, pace_covariance, variance
from isofront.control.weigh import DEPTHS_KM, N_CATEGORIES, STEPS, Seen, learn, plain_table
from isofront.ground.lattice import Lattice, at_cells

TABLE = plain_table()
quick = settings(max_examples=25, deadline=None)
categories = st.integers(0, N_CATEGORIES - 1)


def prior_of(spread: float, *at_km: float) -> Prior:
    """Reports on one day at places along a line, all with the same doubt of the map they start from."""
    n = len(at_km)
    places = np.column_stack([np.array(at_km, float), np.zeros(n)])
    return Prior.of(Spots(places, np.zeros(n), np.full(n, spread), np.ones(n)), Motion(), (0.0, 0.0))


@quick
@given(categories, st.floats(-4, 4), st.floats(0.2, 2.0), st.floats(0.3, 1.0))
def test_one_report_moves_the_line_as_quadrature_says(category, prior_mean, spread, weight):
    items = Items(np.array([category]), np.array([weight]))
    found = fit(items, np.array([prior_mean]), prior_of(spread, 0.0), TABLE, rounds=60)
    depth = np.linspace(prior_mean - 8 * spread, prior_mean + 8 * spread, 4001)
    density = np.exp(-0.5 * ((depth - prior_mean) / spread) ** 2 + weight * TABLE.at(np.array([category]), depth))
    density /= density.sum()
    mean = float((density * depth).sum())
    variance_km2 = float((density * (depth - mean) ** 2).sum())
    assert abs(found.mean[0] - mean) < 0.1 * abs(mean - prior_mean) + 0.02 * spread
    assert_allclose(found.variance[0], variance_km2, rtol=0.3)


@quick
@given(st.tuples(categories, categories), st.floats(-2, 2), st.floats(0.3, 12.0), st.floats(0.3, 1.5))
def test_two_reports_that_share_ground_move_it_as_quadrature_says(pair, prior_mean, apart_km, spread):
    given_prior = prior_of(spread, 0.0, apart_km)
    prior = covariance(given_prior.spots, given_prior.spots, Motion())
    items = Items(np.array(pair), np.full(2, 0.85))
    found = fit(items, np.full(2, prior_mean), given_prior, TABLE, rounds=60)
    axis = np.linspace(-6 * spread, 6 * spread, 241)
    u, v = np.meshgrid(axis, axis, indexing="ij")
    inverse = np.linalg.inv(prior)
    energy = -0.5 * (inverse[0, 0] * u * u + 2 * inverse[0, 1] * u * v + inverse[1, 1] * v * v)
    for k, away in enumerate((u, v)):
        energy += 0.85 * TABLE.at(np.array([[pair[k]]]), prior_mean + away)
    density = np.exp(energy - energy.max())
    density /= density.sum()
    moved = np.array([(density * away).sum() for away in (u, v)])
    assert_allclose(found.mean - prior_mean, moved, atol=0.1 * np.abs(moved).max() + 0.03 * spread)


def test_no_report_leaves_nothing_to_fit():
    none = np.zeros(0)
    found = fit(Items(none.astype(np.int64), none), none, prior_of(1.0), TABLE, rounds=5)
    assert len(found.alpha) == 0
    assert_allclose(found.explained_variance(random_spots(1, 3)), 0)


def test_a_known_table_is_learned_from_samples():
    truth = TABLE.mirrored().log + 0.8 * np.sin(STEPS)[None, :] * np.linspace(-1, 1, N_CATEGORIES)[:, None]
    truth -= np.log(np.exp(truth).sum(axis=0))
    rng = np.random.default_rng(5)
    step = rng.integers(10, len(STEPS) - 10, 20_000)
    drawn = (np.exp(truth)[:, step].cumsum(axis=0) < rng.random(len(step))).sum(axis=0).clip(0, N_CATEGORIES - 1)
    seen = Seen(drawn.astype(np.int64), DEPTHS_KM[step], np.full(len(step), 1e-3), np.ones(len(step)))
    learned = np.exp(learn(TABLE, seen, freedom=2.0).log)[:, 10:-10]
    before = np.abs(np.exp(TABLE.log)[:, 10:-10] - np.exp(truth)[:, 10:-10]).sum(axis=0).mean()
    after = np.abs(learned - np.exp(truth)[:, 10:-10]).sum(axis=0).mean()
    assert after < 0.4 * before
    assert_allclose(learned.sum(axis=0), 1)


def test_without_items_the_table_stays():
    none = np.zeros(0)
    assert_allclose(learn(TABLE, Seen(none.astype(np.int64), none, none, none), freedom=1.0).log, TABLE.log, atol=1e-12)


def test_the_table_is_a_distribution_at_every_depth_and_mirrors():
    assert_allclose(np.exp(TABLE.log).sum(axis=0), 1)
    assert_allclose(TABLE.mirrored().log, TABLE.log, atol=1e-12)


@quick
@given(st.floats(-5, 5), st.floats(0.3, 2.5), categories)
def test_expected_slope_and_bend_are_derivatives_of_the_blurred_table(mean, spread, category):
    """E[f'] = d E[f] / d mean and E[f''] = d² E[f] / d mean², by differences of a fine sum."""
    nodes = np.linspace(-7, 7, 4001)
    share = np.exp(-0.5 * nodes**2)
    share /= share.sum()
    blurred = [(TABLE.at(np.array([category]), mean + d + spread * nodes) * share).sum() for d in (-0.05, 0.0, 0.05)]
    said = TABLE.expected(np.array([category]), np.array([mean]), np.array([spread]))
    assert_allclose(said.slope[0], (blurred[2] - blurred[0]) / 0.1, atol=0.06)
    assert_allclose(-said.bend[0], (blurred[2] - 2 * blurred[1] + blurred[0]) / 0.05**2, atol=0.2 / spread)


@quick
@given(st.tuples(*[st.floats(-3, 3)] * 3), st.integers(0, 999))
def test_a_plane_on_a_lattice_is_that_plane_in_cells_and_at_spots(plane, seed):
    a, b, c = plane
    lattice = Lattice.over(GRID, step_km=1.7)
    nodes = lattice.nodes_km() - (GRID.west_km, GRID.south_km)
    surface = (a + b * nodes[:, 0] + c * nodes[:, 1]).reshape(lattice.shape)
    east, north = (axis - low for axis, low in zip(GRID.centres_km(), (GRID.west_km, GRID.south_km), strict=True))
    assert_allclose(lattice.to_cells(surface, GRID), a + b * east + c * north, atol=1e-9)
    spots = np.random.default_rng(seed).uniform(0.3, 29.7, (40, 2))
    at = spots + np.array([GRID.west_km, GRID.south_km])
    assert_allclose(lattice.at(surface, at), a + b * spots[:, 0] + c * spots[:, 1], atol=1e-9)
    cells = a + b * east + c * north
    assert_allclose(at_cells(GRID, cells, at), a + b * spots[:, 0] + c * spots[:, 1], atol=1e-9)


def random_spots(seed: int, n: int) -> Spots:
    rng = np.random.default_rng(seed)
    return Spots(rng.uniform(0, 40, (n, 2)), rng.uniform(0, 30, n), rng.uniform(0, 1, n), rng.uniform(0.4, 3, n))


@quick
@given(st.integers(0, 9999))
def test_the_covariance_is_one_and_follows_its_formula(seed):
    spots, motion = random_spots(seed, 25), Motion()
    whole = covariance(spots, spots, motion)
    assert_allclose(whole, whole.T, atol=1e-12)
    assert np.linalg.eigvalsh(whole).min() > -1e-7 * whole.max()
    tau, i, j = motion.memory_days, 3, 7
    first, second = sorted((spots.days[i], spots.days[j]))
    fine = (np.arange(4000) + 0.5) / 4000
    s, t = np.meshgrid(fine * first, fine[::4] * second)
    drift = motion.pace_km_day**2 * np.exp(-np.abs(s - t) / tau).mean() * first * second
    place = spots.at[[i]], spots.at[[j]]
    want = (
        spots.activity[i]
        * spots.activity[j]
        * (
            matern(*place, motion.rho_km, reach_km=motion.reach_km)[0, 0] * motion.jitter_km2_day * first
            + matern(*place, motion.rho_pace_km, reach_km=motion.reach_km)[0, 0] * drift
        )
        + spots.doubt_km[i] * spots.doubt_km[j] * matern(*place, motion.rho_start_km, reach_km=motion.reach_km)[0, 0]
    )
    assert_allclose(whole[i, j], want, rtol=2e-3, atol=1e-9)


def test_variance_is_the_covariances_diagonal_and_pace_its_slope_in_time():
    motion, spots = Motion(), random_spots(1, 12)
    today = Spots(spots.at, np.full(12, 30.0), spots.doubt_km, spots.activity)
    assert_allclose(variance(today, motion), np.diag(covariance(today, today, motion)))
    early = Spots(spots.at, np.minimum(spots.days, 29.0), np.zeros(12), spots.activity)
    smooth = Motion(jitter_km2_day=0.0)
    later = [covariance(Spots(spots.at, np.full(12, 30 + d), np.zeros(12), spots.activity), early, smooth) for d in
             (-1e-3, 1e-3)]  # fmt: skip
    assert_allclose((later[1] - later[0]) / 2e-3, pace_covariance(today, early, smooth), atol=1e-7)


@pytest.mark.parametrize("n", [0, 40])
def test_samples_have_the_posteriors_mean_and_variance(n):
    found = posterior(reports(2, n), as_of=6.0, known_by=7.0, of=model(config=GIVEN))
    drawn = found.sample(400, np.random.default_rng(7))
    centre = (slice(8, -8), slice(8, -8))
    spread = np.sqrt(found.variance()[centre])
    assert np.abs(drawn.mean(axis=0)[centre] - found.mean()[centre]).max() < 0.3 * spread.max()
    assert_allclose(drawn.std(axis=0)[centre].mean(), spread.mean(), rtol=0.15)


def test_samples_move_neighbours_together_and_are_the_same_for_the_same_seed():
    found = posterior(reports(2, 40), as_of=6.0, known_by=7.0)
    drawn = found.sample(200, np.random.default_rng(7)) - found.mean()
    assert_allclose(found.sample(200, np.random.default_rng(7)) - found.mean(), drawn)
    near = np.corrcoef(drawn[:, 30, 30], drawn[:, 31, 30])[0, 1]
    far = np.corrcoef(drawn[:, 5, 30], drawn[:, 55, 30])[0, 1]
    assert near > 0.9
    assert abs(far) < 0.5
