"""How many reports come is counted about each place: nothing jumps, and what is far, or over a river, has no say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from small_war import GRID, SIDES, START, anchored, model, posterior, report, reports
from test_control_laws import across

from isofront.control import Config, Model, batch
from isofront.control import local_rate as rates
from isofront.control.local_rate import few_say, line_about_km
from isofront.control.motion import matern
from isofront.control.setting import Setting, Tuning
from isofront.ground.distance import Distance
from isofront.ground.distance_field import contour_segments
from isofront.ground.grid import Grid
from isofront.ground.lattice import Lattice

LONG = Grid(GRID.crs, GRID.west_km, GRID.south_km, 1.0, 30, 240)
FEW = Config(tuning=Tuning(activity_rounds=1, sparse_rounds=2))
"""Activity is learned, in few rounds: tests are quick."""
FAR_KM = 0.05
few = settings(max_examples=3, deadline=None)


def say_of(told: list, *, grid: Grid = GRID, distance: Distance | None = None, day: float = 20.0) -> np.ndarray:
    setting = Setting.of(grid, distance=distance or Distance(), motion=FEW.motion, tuning=FEW.tuning)
    line = line_about_km(setting, contour_segments(grid, anchored(grid).depth_km))
    return few_say(setting, batch(told, grid=grid, sides=SIDES, anchored=START), line, as_of=day)


def along(seed: int, n: int, *, south: float, north: float) -> list:
    """n reports along a stretch of the long front."""
    rng = np.random.default_rng(seed)
    return [
        replace(
            report(f"{seed}-{k}", 15.0 + float(rng.normal(0, 2)), float(rng.uniform(south, north)),
                   seen=SIDES[k % 2], day=float(rng.uniform(0, 20)), grid=LONG),
            group=f"{seed}-{k}",
        )
        for k in range(n)
    ]  # fmt: skip


@few
@given(st.integers(0, 10_000), st.integers(5, 40))
def test_the_say_of_few_reports_lies_between_nothing_and_its_most_and_falls_with_reports(seed, n):
    told = reports(seed, n)
    fewer, more = say_of(told[: n // 2]), say_of(told)
    for one in (fewer, more):
        assert one.min() >= 0
        assert one.max() <= FEW.tuning.few_most
    assert (more - fewer).max() < 0.01, "between nodes a smooth surface may swing past them by a little"


@few
@given(st.integers(0, 10_000), st.integers(4, 30))
def test_one_report_more_or_less_is_a_small_step_of_the_say_whatever_the_rate(seed, n):
    """Even on a front of 30 km, with some twelve reports in all."""
    told = reports(seed, n)
    assert np.abs(say_of(told) - say_of(told[1:])).max() < 0.15


@few
@given(st.integers(0, 10_000))
def test_far_reports_have_no_say_in_the_say_bit_for_bit(seed):
    north, south = along(seed, 20, south=200, north=235), along(seed + 1, 40, south=5, north=60)
    assert_array_equal(say_of(north + south, grid=LONG)[:, 180:], say_of(north, grid=LONG)[:, 180:])


@few
@given(st.integers(0, 10_000))
def test_what_is_reported_on_one_bank_of_a_river_leaves_the_other_banks_say(seed):
    river, told = across(at_km=15.0), reports(seed, 120)
    south = [one for one in told if GRID.to_km(one.lon, one.lat)[1] < GRID.south_km + 15.0]
    here, there = say_of(south, distance=river), say_of([], distance=river)
    changed = [np.abs(one - other).max() for one, other in zip(here, there, strict=True)]
    assert sorted(changed)[0] == 0.0
    assert sorted(changed)[1] > 0.01


@few
@given(st.integers(0, 10_000), st.integers(30, 60))
def test_taking_one_far_report_away_changes_no_depth_by_more_than_fifty_metres(seed, n):
    """On a front of 240 km with about as many reports as lie between few and many; activity is learned."""
    told, far = along(seed, 4 * n, south=2, north=238), along(seed + 1, 1, south=2, north=30)
    with_it, without = (posterior(some, of=model(grid=LONG, config=FEW)) for some in (told + far, told))
    assert with_it.slow is not None
    assert np.abs(with_it.mean() - without.mean())[110:].max() < FAR_KM


@pytest.mark.parametrize("n", [0, 6, 14])
def test_shares_of_both_chains_sum_to_the_depth(n):
    found = posterior(reports(3, n), of=model(config=FEW))
    assert found.slow is not None
    cells = np.argwhere(np.ones(GRID.shape, bool))[::41]
    why = found.explain(cells)
    assert_allclose(why.prior_km + why.shares_km.sum(axis=1), found.mean()[cells[:, 0], cells[:, 1]], atol=1e-6)
    for rows, part in found.explained(cells):
        assert_allclose(part.depth_km, why.depth_km[rows], atol=1e-9)


def test_where_many_reports_come_only_short_windows_are_fitted_and_nothing_changes():
    told = reports(5, 700)
    always = replace_tuning(few_most=0.0)
    found, short = posterior(told, of=model(config=FEW)), posterior(told, of=Model(GRID, anchored(), always))
    assert found.slow is None
    assert_array_equal(found.mean(), short.mean())


def replace_tuning(**more: float) -> Config:
    tuning = Tuning(**{name: getattr(FEW.tuning, name) for name in Tuning.__struct_fields__} | more)  # type: ignore[arg-type]
    return Config(tuning=tuning)


def test_samples_of_both_chains_have_the_variance_that_is_shown():
    found = posterior(reports(6, 12), of=model(config=FEW))
    drawn = found.sample(600, np.random.default_rng(2), within=(slice(20, 40, 1), slice(24, 36, 1)))
    shown = found.variance()[20:40, 24:36]
    assert found.slow is not None
    assert_allclose(drawn.var(axis=0).mean() / shown.mean(), 1.0, atol=0.12)


def test_the_rate_is_what_its_formula_says_and_the_same_to_the_bit_where_weeks_are_kept():
    tuning, told = FEW.tuning, batch(reports(8, 90, days=60.0), grid=GRID, sides=SIDES, anchored=START)
    early = replace(told, happened_days=told.happened_days - 15.0, known_days=told.known_days - 15.0)
    setting = Setting.of(GRID, distance=Distance(), motion=FEW.motion, tuning=tuning)
    line, weeks = line_about_km(setting, contour_segments(GRID, anchored().depth_km)), rates.Weeks()
    for day in (33.0, 12.0, 34.0):
        kept = rates.local_rate(setting, early, line, as_of=day, weeks=weeks)
        assert_array_equal(kept, rates.local_rate(setting, early, line, as_of=day, weeks=rates.Weeks()))
        assert_allclose(kept.ravel(), plain_rate(early, tuning, line, day), rtol=1e-5)


def plain_rate(told, tuning: Tuning, line: np.ndarray, day: float) -> np.ndarray:
    """The formula as `local_rate` states it, over all reports at once."""
    nodes = Lattice.over(GRID, step_km=rates.STEP_KM).nodes_km()
    near = matern(nodes, told.at_km, tuning.rate_km, reach_km=tuning.rate_reach_km)
    days, memory = told.happened_days, tuning.rate_memory_days
    weight = told.weight * ((told.category >= 0) & (days > -rates.BEFORE_DAYS) & (days < day))
    before = near @ (weight * (days < 0))
    lasted = memory * (1 - np.exp(-day / memory))
    lasted = lasted + rates.BEFORE_DAYS * np.exp(-day / memory) * before / (before + rates.FEW)
    pseudo, count = tuning.rate_pseudo, near @ (weight * np.exp((days - day) / memory))
    return (100 * count + pseudo * tuning.usual_rate) / (line.ravel() * lasted + pseudo)
