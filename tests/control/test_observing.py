"""The observation model: what could be seen, what was, and what silence says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from by_cell import Watched, unobserved
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from small_war import GRID, SIDES, START, anchored, report

from isofront.control.items import batch, stays
from isofront.control.observing import (
    Conditions,
    ObservingTuning,
    clearness,
    conditions,
    day_length_hours,
    leaf,
    watching,
)
from isofront.evidence.report import Kind, Posture
from isofront.ground.lattice import Lattice
from isofront.theatre.weather import SkyDay

TUNING = ObservingTuning()
LATTICE = Lattice.over(GRID, step_km=1.0)
MIDDLE = GRID.shape[0] // 2


def seen(told, *, as_of: float = 30.0, given_: Conditions | None = None) -> Watched:
    told, depth = batch(told, grid=GRID, sides=SIDES, anchored=START), anchored().depth_km
    found = watching(GRID, LATTICE, told, depth, as_of=as_of, given=given_ or Conditions(), tuning=TUNING)
    return unobserved(found, GRID, depth)


def daily(*, until: float = 30.0, per_day: int = 2, kind: Kind = Kind.STRIKE) -> list:
    """Reports all along the front, every day."""
    rng = np.random.default_rng(7)
    days = np.arange(0, until, 1 / per_day)
    return [
        report(f"r{k}", 15 + float(rng.normal(0, 2)), float(rng.uniform(2, 28)), kind=kind, day=float(day))
        for k, day in enumerate(days)
    ]


def test_without_any_report_the_front_is_unobserved_and_the_rear_is_no_matter():
    found = seen([])
    assert found.unobserved[MIDDLE, 30] > 0.95
    assert np.isinf(found.last_look_days).all()


@given(st.integers(0, 10_000), st.integers(0, 40))
def test_unobserved_is_a_degree_everywhere(seed, n):
    rng = np.random.default_rng(seed)
    told = [report(f"r{k}", *map(float, rng.uniform(0, 30, 2)), day=float(rng.uniform(0, 30))) for k in range(n)]
    found = seen(told, as_of=float(rng.uniform(0, 60)))
    assert np.isfinite(found.unobserved).all()
    assert found.unobserved.min() >= 0
    assert found.unobserved.max() <= 1
    assert (found.last_look_days >= 0).all()


def test_a_look_is_seen_where_it_was_and_fades_with_time():
    told = [report("a", 15.0, 15.0, day=28.0)]
    fresh, later = (seen(told, as_of=day) for day in (29.0, 50.0))
    assert fresh.unobserved[MIDDLE, 30] < 0.3
    assert fresh.unobserved[2, 30] > 0.7
    assert later.unobserved[MIDDLE, 30] > 0.8
    assert fresh.last_look_days[MIDDLE, 30] == pytest.approx(1.0)
    assert np.isinf(fresh.last_look_days[2, 30])


def test_a_report_that_names_no_side_is_a_look_too():
    told = [report("a", 15.0, 15.0, day=29.0, seen=None, kind=Kind.ACTIVITY)]
    assert seen(told).unobserved[MIDDLE, 30] < 0.3


def test_silence_speaks_where_much_is_filmed_and_says_nothing_where_little_is():
    """Ten days of silence after a month of daily reports, and after a month of one a week."""
    busy = seen(daily(per_day=8, until=30.0), as_of=41.0)
    quiet = seen(daily(per_day=8, until=30.0)[::60], as_of=41.0)
    assert busy.unobserved[MIDDLE, 30] < quiet.unobserved[MIDDLE, 30] - 0.2


def weather(n_bad: int, *, until: int = 41) -> dict[date, SkyDay]:
    """Clear, but for the last days."""
    start = date(2030, 5, 1).toordinal()
    return {date.fromordinal(start + k): SkyDay(sees=float(k <= until - n_bad)) for k in range(until + 1)}


def under(sky: dict[date, SkyDay], **more: object) -> Conditions:
    return conditions(sky, latitude=48.0, anchored=date(2030, 5, 1), days=(-10, 60), **more)  # type: ignore[arg-type]


def test_silence_in_bad_weather_says_less_than_silence_in_clear_weather():
    told = daily(per_day=1, until=30.0)
    clear, foul = (seen(told, as_of=41.0, given_=under(weather(n))).unobserved[MIDDLE, 30] for n in (0, 9))
    assert foul > clear + 0.1


def test_less_is_seen_in_trees_in_leaf_than_in_the_open_and_less_still_than_in_bare_trees():
    told, day = daily(per_day=1, until=30.0), 41.0
    found = []
    for trees, leaves in ((0.0, 1.0), (1.0, 0.0), (1.0, 1.0)):
        now = replace(under({}, cover=np.stack([np.zeros(GRID.shape), np.full(GRID.shape, trees)])))
        late = np.where(np.arange(-10, 61) > 33, leaves, 0.0)
        found.append(seen(told, as_of=day, given_=replace(now, leaf=late)).unobserved[MIDDLE, 30])
    assert found[1] == pytest.approx(found[0], abs=1e-9), "hidden as always: the rate was learned under it"
    assert found[2] > found[1] + 0.02


def test_weather_that_is_not_known_is_taken_for_average():
    none, average = under({}), under({date(2020, 1, 1): SkyDay(sees=1.0)})
    assert_allclose(none.seeing, average.seeing)


@pytest.mark.parametrize(
    ("latitude", "day", "hours"),
    [
        (0.0, date(2025, 3, 20), 12.1), (48.0, date(2025, 6, 21), 16.1), (48.0, date(2025, 12, 21), 8.3),
        (-35.0, date(2025, 12, 21), 14.5), (80.0, date(2025, 6, 21), 24.0), (80.0, date(2025, 12, 21), 0.0),
    ],
)  # fmt: skip
def test_days_are_as_long_as_almanacs_say(latitude, day, hours):
    assert day_length_hours(latitude, day) == pytest.approx(hours, abs=0.15)


def test_trees_are_in_leaf_in_summer_on_either_half_of_the_earth_and_always_in_the_tropics():
    july, january = date(2025, 7, 20), date(2025, 1, 20)
    assert (leaf(48, july), leaf(48, january)) == (1, 0)
    assert (leaf(-38, july), leaf(-38, january)) == (0, 1)
    assert leaf(10, july) == leaf(10, january) == 1


def test_cloud_wind_and_rain_each_take_from_what_is_seen():
    fine = SkyDay(cloud_percent=20.0, wind_kmh=10.0, rain_mm=0.0)
    clear = clearness(fine, TUNING)
    assert clear is not None
    assert clear > 0.95
    for worse in (replace(fine, cloud_percent=100.0), replace(fine, wind_kmh=60.0), replace(fine, rain_mm=15.0)):
        less = clearness(worse, TUNING)
        assert less is not None
        assert less < clear - 0.2
    assert clearness(SkyDay(), TUNING) is None


def test_those_on_the_move_and_vehicles_are_gone_sooner_than_the_dug_in():
    one = report("a", 15.0, 15.0)
    moving, holding, dug_in = (
        stays(replace(one, posture=posture)) for posture in (Posture.MOVING, Posture.HOLDING, Posture.DUG_IN)
    )
    assert moving < stays(one) < holding < dug_in
    assert stays(replace(one, posture=Posture.MOVING, target="vehicle")) < moving
    assert stays(replace(one, posture=Posture.DUG_IN, target="tank")) == dug_in


@pytest.mark.parametrize(
    ("target", "is_vehicle"),
    [("Tank", True), ("two trucks", True), ("BMP-2", True), ("bmp2", True), ("armoured column", True), ("car", True),
     ("quadcopter", False), ("men carrying cargo", False), ("infantry", False)],
)  # fmt: skip
def test_a_vehicle_is_told_by_whole_words(target, is_vehicle):
    one = report("a", 15.0, 15.0)
    assert (stays(replace(one, target=target)) < stays(one)) == is_vehicle
