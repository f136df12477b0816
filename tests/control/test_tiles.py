"""Tiles against the whole at once: inference, surfaces and samples hardly differ, and far ground not at all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from small_war import GRID, SIDES, START, model, posterior, report, reports
from test_control_laws import GIVEN, across, shifted
from threadpoolctl import threadpool_limits

from isofront.control import batch
from isofront.control.infer import Items, Prior, fit
from isofront.control.motion import Motion, Spots, covariance, displacement, pace_covariance, variance
from isofront.control.tiles import around, tiles_of
from isofront.control.weigh import plain_table
from isofront.ground.grid import Grid
from isofront.threads import each

TABLE = plain_table()
few = settings(max_examples=2, deadline=None)
seeds = st.integers(0, 9999)


def front(seed: int, n: int, *, length_km: float = 110.0) -> tuple[Spots, Items, np.ndarray]:
    """Reports along a front that runs north, their categories, and their depth as the old map has it."""
    rng = np.random.default_rng(seed)
    at = np.column_stack([rng.normal(15, 3, n), rng.uniform(0, length_km, n)])
    spots = Spots(at, rng.uniform(0, 29, n), np.full(n, 0.3), rng.uniform(0.5, 1.5, n))
    return spots, Items(rng.integers(0, 28, n), np.full(n, 0.85)), at[:, 0] - 15


def dense(spots: Spots, items: Items, prior_mean: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean, variance and pulls by one matrix over all pairs, iterated to the end."""
    k = covariance(spots, spots, Motion())
    alpha, spread2, weight = np.zeros(len(k)), np.diag(k).copy(), np.full(len(k), 1e-3)
    for _ in range(40):
        mean = prior_mean + k @ alpha
        say = TABLE.expected(items.category, mean, np.sqrt(spread2))
        weight = 0.5 * weight + 0.5 * np.maximum(say.bend, 1e-3) * items.weight
        with threadpool_limits(1):
            inverse = np.linalg.inv(np.eye(len(k)) + weight[:, None] * k)
        alpha = alpha + 0.6 * inverse @ (items.weight * say.slope - alpha)
        spread2 = np.clip(np.einsum("ij,ji->i", k, inverse), 1e-4, np.diag(k))
    return prior_mean + k @ alpha, spread2, alpha


@few
@given(seeds)
def test_inference_by_tiles_is_that_of_the_whole_within_metres(seed):
    spots, items, prior_mean = front(seed, 150)
    prior = Prior.of(spots, Motion(), (0.0, 0.0))
    assert len(prior.tiles) >= 5
    found = fit(items, prior_mean, prior, TABLE, rounds=30)
    mean, spread2, _ = dense(spots, items, prior_mean)
    assert np.abs(found.mean - mean).max() < 0.02
    assert np.sqrt(np.mean((found.mean - mean) ** 2)) < 0.006
    assert_allclose(np.sqrt(found.variance), np.sqrt(spread2), rtol=0.06)


@few
@given(seeds)
def test_the_doubt_that_reports_take_away_is_that_of_the_whole(seed):
    spots, items, prior_mean = front(seed, 120)
    found = fit(items, prior_mean, Prior.of(spots, Motion(), (0.0, 0.0)), TABLE, rounds=20)
    rng = np.random.default_rng(seed + 1)
    m = 150
    today = Spots(rng.uniform((5, 0), (25, 110), (m, 2)), np.full(m, 29.0), np.full(m, 0.3), np.full(m, 1.0))
    k, across_km2 = covariance(spots, spots, Motion()), covariance(today, spots, Motion())
    half = np.sqrt(found.weight)
    whole = np.eye(len(k)) + half[:, None] * k * half
    explained = np.einsum("ij,ji->i", across_km2 * half, np.linalg.solve(whole, (across_km2 * half).T))
    left = variance(today, Motion())
    assert_allclose(np.sqrt(left - found.explained_variance(today)), np.sqrt(left - explained), rtol=0.05)


@few
@given(seeds)
def test_displacement_and_pace_are_the_sums_over_all_reports(seed):
    spots, _, _ = front(seed, 60)
    rng = np.random.default_rng(seed)
    pull, m = rng.normal(0, 1, 60), 40
    today = Spots(rng.uniform(0, 60, (m, 2)), np.full(m, 29.0), rng.uniform(0, 1, m), rng.uniform(0.5, 2, m))
    moved, pace = displacement(today, spots, pull, Motion())
    assert_allclose(moved, covariance(today, spots, Motion()) @ pull, rtol=1e-5, atol=1e-6)
    assert_allclose(pace, pace_covariance(today, spots, Motion()) @ pull, rtol=1e-5, atol=1e-6)


def test_each_spot_lies_in_one_tile_and_around_takes_all_within_reach():
    spots = np.random.default_rng(3).uniform(-70, 130, (300, 2))
    tiles = tiles_of(spots, (5.0, -7.0))
    assert np.array_equal(np.sort(np.concatenate([tile.core for tile in tiles])), np.arange(300))
    for tile in tiles[:10]:
        near = around(tile.key, spots, (5.0, -7.0), reach_km=12.0)
        apart = np.sqrt(((spots[tile.core][:, None] - spots[None]) ** 2).sum(axis=2)).min(axis=0)
        assert set(np.flatnonzero(apart < 12.0)) <= set(near)
    assert tiles_of(np.zeros((0, 2)), (0.0, 0.0)) == ()


def test_answers_come_in_the_order_of_the_tasks():
    assert list(each(lambda task: task * task, range(40))) == [k * k for k in range(40)]


@few
@given(seeds, seeds)
def test_reports_out_of_reach_change_nothing_at_the_other_end_of_a_front(seed, number):
    """A front 200 km long with reports at both its ends: the south end's change nothing at the north end."""
    long = Grid(GRID.crs, GRID.west_km, GRID.south_km, 1.0, 30, 200)
    north = [replace(one, id=f"n{one.id}") for one in reports(number, 25, grid=shifted(long, 170))]
    both = posterior(north + reports(seed, 40), of=model(grid=long, config=GIVEN))
    only = posterior(north, of=model(grid=long, config=GIVEN))
    assert_allclose(both.mean()[130:], only.mean()[130:], atol=1e-9)
    assert_allclose(both.variance()[130:], only.variance()[130:], atol=1e-9)


def batch_of(told):
    return batch(told, grid=GRID, sides=SIDES, anchored=START)


@pytest.mark.parametrize("river", [False, True])
@pytest.mark.parametrize("as_of", [6.0, 20.0])
def test_a_report_folded_in_is_nearly_what_a_map_from_scratch_says(as_of, river):
    told = [one for one in reports(4, 60) if (one.happened.start - START).days < as_of]
    new = report("new", 13.2, 14.0, day=as_of - 0.6, seen="red")
    of = model(config=GIVEN, distance=across(at_km=11.3) if river else None)
    before = posterior(told, as_of=as_of, known_by=as_of + 1, of=of)
    quick = before.with_reports(batch_of([new]))
    slow = posterior([*told, new], as_of=as_of, known_by=as_of + 1, of=of)
    pushed = np.abs(slow.mean() - before.mean()).max()
    assert pushed > 0.003
    assert np.abs(quick.mean() - slow.mean()).max() < 0.006 + 0.1 * pushed
    assert np.abs(np.sqrt(quick.variance()) - np.sqrt(slow.variance())).max() < 0.01
    cells = np.argwhere(np.ones(GRID.shape, bool))[::7]
    why = quick.explain(cells)
    assert_allclose(why.depth_km, quick.mean()[tuple(cells.T)], atol=1e-6)
    assert "new" in why.ids


def test_several_reports_folded_in_one_by_one_act_as_all_do():
    told = reports(5, 40)
    new = [report(f"n{k}", 13.5, 10.0 + k, day=19.5) for k in range(3)]
    of = model(config=GIVEN)
    quick = posterior(told, of=of)
    for one in new:
        quick = quick.with_reports(batch_of([one]))
    slow = posterior([*told, *new], of=of)
    assert np.abs(quick.mean() - slow.mean()).max() < 0.015
    assert set(quick.used) == set(slow.used)


def test_a_report_that_says_nothing_folds_to_the_same():
    found = posterior(reports(4, 20))
    mute = batch_of([report("mute", 14.0, 14.0, seen=None)])
    assert found.with_reports(mute).mean().tobytes() == found.mean().tobytes()


def test_a_part_of_the_samples_is_the_part_of_the_whole_ones():
    found = posterior(reports(2, 30), as_of=6.0, known_by=7.0)
    whole = found.sample(5, np.random.default_rng(3))
    part = found.sample(5, np.random.default_rng(3), within=(slice(10, 30), slice(20, 41)))
    assert_allclose(part, whole[:, 10:30, 20:41], atol=1e-9)


@pytest.mark.parametrize("pull", [np.nan, np.inf])
def test_pulls_that_are_no_numbers_stop_a_map(pull):
    spots, _, _ = front(0, 40)
    prior = Prior.of(spots, Motion(), (0.0, 0.0))
    with pytest.raises(FloatingPointError, match="not finite at"):
        prior.times(np.where(np.arange(40) == 7, pull, 0.1))
