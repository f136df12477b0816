"""What is drawn from a course: like the real items where it claims to be, and the same for the same seed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from world_measuring import placed, shares

from isofront import worlds
from isofront.evidence.report import Kind, Posture
from isofront.worlds.weather import bad_days


def test_like_real_items_lie_as_measured_on_real_ones(likereal: worlds.Scenario) -> None:
    rows = placed(list(likereal.reports), likereal.course)
    hit, hits_back, untold = rows[Kind.STRIKE, 0], rows[Kind.STRIKE, 1], rows[Kind.ACTIVITY, None]
    assert shares(hit) == pytest.approx((0.38, 0.39, 0.23), abs=0.06)
    assert -2.4 < np.median(hit[:, 1]) < -0.6
    assert -13.0 < np.percentile(hit[:, 1], 5) < -4.5  # wrong sides and places make the tail
    assert 6.0 < np.percentile(hit[:, 1], 95) < 12.5
    assert shares(hits_back) == pytest.approx((0.02, 0.34, 0.64), abs=0.06)
    assert -7.5 < np.median(hits_back[:, 1]) < -4.5
    assert -21 < np.percentile(hits_back[:, 1], 5) < -13
    assert shares(untold) == pytest.approx((0.25, 0.20, 0.55), abs=0.06)
    assert -5.0 < np.median(untold[:, 1]) < -1.5


def test_flags_run_ahead_of_what_is_held(likereal: worlds.Scenario) -> None:
    flags = placed(list(likereal.reports), likereal.course)[Kind.FLAG, 0]
    assert shares(flags) == pytest.approx((0.20, 0.07, 0.73), abs=0.10)
    assert -9.0 < np.median(flags[:, 1]) < -4.5


def test_the_defenders_flags_and_positions_lie_about_the_line(likereal: worlds.Scenario) -> None:
    rows = placed(list(likereal.reports), likereal.course)
    both = np.vstack([rows[Kind.FLAG, 1], rows[Kind.POSITION, 1]])
    assert shares(both)[0] == pytest.approx(0.47, abs=0.10)
    assert -2.0 < np.median(both[:, 1]) < 0.8


def test_in_a_tame_world_most_of_what_shows_a_side_lies_on_its_ground() -> None:
    world = worlds.invented("tame", seed=2, n_days=40, per_day_100km=25)
    rows = placed(list(world.reports), world.course)
    assert shares(rows[Kind.STRIKE, 0])[0] > 0.6
    assert shares(rows[Kind.STRIKE, 1])[2] > 0.65


@pytest.mark.parametrize(
    "preset",
    ["likereal", *(pytest.param(name, marks=pytest.mark.slow) for name in worlds.PRESETS if name != "likereal")],
)
def test_every_preset_gives_the_same_bytes_for_the_same_seed(preset: str) -> None:
    first, again, other = (worlds.invented(preset, seed=s, n_days=8, per_day_100km=8) for s in (1, 1, 2))
    assert first.evidence_csv == again.evidence_csv
    assert first.anchor_geojson == again.anchor_geojson
    assert first.evidence_csv != other.evidence_csv
    assert first.course.n_days == 8
    assert all("SIMULATED" in report.note for report in first.reports)


@pytest.mark.parametrize(
    "preset", ["skirmish", *(pytest.param(name, marks=pytest.mark.slow) for name in ("likereal", "pincers"))]
)
def test_swapping_the_sides_mirrors_the_reports(preset: str) -> None:
    one = worlds.invented(preset, seed=5, n_days=8, per_day_100km=10)
    two = worlds.invented(preset, seed=5, n_days=8, per_day_100km=10, sides=("b", "a"))
    names = {"a": "b", "b": "a", None: None}
    mirrored = [replace(report, seen=names[report.seen], by=names[report.by]) for report in one.reports]
    assert mirrored == list(two.reports)


@pytest.mark.parametrize(
    ("preset", "rate"),
    [("quiet", 9.0), *(pytest.param(name, 24.0, marks=pytest.mark.slow) for name in ("likereal", "skirmish"))],
)
def test_rates_are_kept(preset: str, rate: float) -> None:
    world = worlds.invented(preset, seed=9, n_days=40, per_day_100km=rate)
    km = np.mean([_front_km(world.course, day, preset) for day in range(0, 40, 5)])
    assert len(world.reports) / (40 * km / 100) == pytest.approx(rate, rel=0.15)


def _front_km(course: worlds.Course, day: float, preset: str) -> float:
    from isofront.ground.grid import Bounds
    from isofront.worlds.invented import BOUNDS
    from isofront.worlds.sightings import attention_within, front_km

    if preset == "skirmish":
        return course.grid.ny * course.grid.cell_km
    return front_km(course, day, where=attention_within(course.grid, Bounds(*BOUNDS)) > 0)


def test_no_rate_gives_no_reports_and_a_csv_of_one_line() -> None:
    world = worlds.invented("quiet", seed=1, n_days=10, per_day_100km=0)
    assert world.reports == ()
    assert len(world.evidence_csv.splitlines()) == 1


def test_bad_weather_comes_in_spells_and_hides_what_drones_show() -> None:
    bad = bad_days(20_000, share=0.22, rng=np.random.default_rng(0))
    assert bad.mean() == pytest.approx(0.22, abs=0.02)
    spells = np.diff(np.flatnonzero(np.diff(np.r_[False, bad, False])))[::2]
    assert spells.mean() == pytest.approx(3.0, abs=0.3)


def test_reports_are_in_order_with_delays_of_hours_to_weeks(likereal: worlds.Scenario) -> None:
    known = [report.known_at for report in likereal.reports]
    assert known == sorted(known)
    delays = [
        (report.published_at - report.happened.end).total_seconds() / 3600
        for report in likereal.reports
        if report.published_at
    ]
    assert min(delays) >= 0
    assert 25 < np.median(delays) < 60
    assert np.percentile(delays, 95) < 24 * 40
    assert all(report.known_inferred == (report.published_at is None) for report in likereal.reports)


def test_grades_go_with_the_errors_of_sources() -> None:
    from isofront.worlds.press import outlets

    press = [one for seed in range(20) for one in outlets(np.random.default_rng(seed))]
    mean = {grade: np.mean([one.quality for one in press if one.grade == grade]) for grade in "ABCDEF"}
    assert mean["A"] > mean["B"] > mean["C"] > mean["D"] > mean["E"]
    assert mean["D"] < mean["F"] < mean["A"]


def test_claims_of_a_side_lead_its_own_edge_and_trail_its_losses(likereal: worlds.Scenario) -> None:
    rows = placed(list(likereal.reports), likereal.course)
    assert (rows[Kind.CLAIM, 0][:, 0] > 0).mean() > 0.25
    assert (rows[Kind.CLAIM, 1][:, 0] < 2).mean() > 0.25


def test_some_items_are_no_presence_and_some_sides_are_untold(likereal: worlds.Scenario) -> None:
    postures = Counter(report.posture for report in likereal.reports)
    assert postures[Posture.WRECK] > 0
    assert any(report.seen is None for report in likereal.reports)
    assert any(not report.shows_presence for report in likereal.reports if report.kind is Kind.STRIKE)


def test_reposts_carry_the_same_link_from_another_time(likereal: worlds.Scenario) -> None:
    links = Counter(report.links[0].url for report in likereal.reports)
    ids = {report.id for report in likereal.reports}
    assert len(ids) == len(likereal.reports)
    assert 0.05 < sum(n - 1 for n in links.values()) / len(likereal.reports) < 0.2


def test_bad_days_are_told_and_show_in_the_numbers() -> None:
    world = worlds.invented("quiet", seed=4, n_days=60, per_day_100km=25)
    lines = world.weather_csv.decode().splitlines()
    assert len(lines) == 61
    assert sum(line.endswith(",0,SIMULATED") for line in lines) == len(world.bad_weather) > 3
    per_day = Counter(report.happened.start.date() for report in world.reports)
    bad = np.mean([per_day[day] for day in world.bad_weather])
    good = np.mean([n for day, n in per_day.items() if day not in world.bad_weather])
    assert bad < 0.6 * good
