"""Where the map may run behind it is less sure; who is the likelier holder stays, and what is far has no say."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal
from small_war import GRID, SIDES, anchored, mirrored, model, posterior, report, reports, swapped

from isofront.control import Anchored, Config, Field, show
from isofront.control.behind import BehindTuning, _kept_the_larger, behind, unsure
from isofront.control.setting import Tuning
from isofront.evidence.report import Kind, Report
from isofront.ground.distance import WALL_KM, Distance, Wall
from isofront.ground.grid import Grid

GIVEN = Config(tuning=Tuning(window_days=30.0, activity_rounds=0, few_most=0.0))
"""One window whose activity is given."""


def overrun(n: int = 9, *, east_km: float = 7.0, north_km: float = 15.0, seen: str = "red") -> list[Report]:
    """Red, who holds the east from 15 km on, filmed day after day some eight kilometres past his line."""
    spread = np.random.default_rng(3).uniform(-2.5, 2.5, (n, 2))
    return [
        report(f"x{k}", round(east_km + dx, 3), round(north_km + dy, 3), seen=seen, kind=Kind.STRIKE, day=8.0 + k)
        for k, (dx, dy) in enumerate(spread)
    ]


def fitting() -> list[Report]:
    """Reports of both sides that stand well on their own ground, along the whole line."""
    return [
        report(
            f"f{k}", 15.0 + way * (2 + k % 4), 2.0 + 1.8 * (k % 15), seen=side, kind=Kind.POSITION, day=float(k % 19)
        )
        for side, way in (("red", 1), ("blue", -1))
        for k in range(30)
    ]


def both(told: list[Report], anchor: Anchored | None = None, *, sides: tuple[str, str] = SIDES) -> tuple[Field, Field]:
    """The field as the line alone gives it, and less sure where it may run behind."""
    after = posterior(told, of=model(anchored() if anchor is None else anchor))
    before = show(after, sides)
    return before, unsure(before, behind(after))


@lru_cache(maxsize=1)
def advanced() -> tuple[Field, Field]:
    return both([*overrun(), *fitting()])


def cell_of(east_km: float, north_km: float) -> tuple[int, int]:
    found = GRID.cell_of(GRID.west_km + east_km, GRID.south_km + north_km)
    assert found is not None
    return found


def test_many_reports_far_past_the_line_make_the_map_less_sure_there() -> None:
    before, after = advanced()
    there = cell_of(7.0, 15.0)
    assert before.control[0][there] < 0.05
    assert after.control[0][there] > before.control[0][there] + 0.15
    assert after.p_held[0][there] > before.p_held[0][there] + 0.03
    assert after.p_held[1][there] < before.p_held[1][there] - 0.03


def test_it_changes_nobodys_ground_and_probabilities_sum_to_one() -> None:
    before, after = advanced()
    for one, other in ((before.p_held[0], after.p_held[0]), (before.p_held[1], after.p_held[1])):
        assert_array_equal(one >= 0.5, other >= 0.5)
    assert_array_equal(before.p_held[0] > before.p_held[1] + 1e-4, after.p_held[0] > after.p_held[1] + 1e-4)
    assert_allclose(before.p_grey, after.p_grey, atol=2e-4)
    assert_array_equal(before.control[0] >= 0.5, after.control[0] >= 0.5)
    assert_allclose(after.p_held.sum(axis=0) + after.p_grey, 1.0, atol=1e-6)
    assert (after.control[0] >= after.p_held[0] - 1e-6).all()
    assert (after.control[1] >= after.p_held[1] - 1e-6).all()
    assert (after.p_present >= after.p_held - 1e-6).all() or (before.p_present < before.p_held - 1e-6).any()


def test_it_only_ever_takes_sureness_away() -> None:
    before, after = advanced()
    assert (np.abs(after.control[0] - 0.5) <= np.abs(before.control[0] - 0.5) + 1e-6).all()


def test_reports_that_agree_with_the_line_leave_the_map_as_it_was() -> None:
    before, after = both(fitting())
    assert np.abs(after.control - before.control).max() < 0.01


def test_swapping_the_sides_mirrors_it() -> None:
    told = [*overrun(), *reports(4, 20)]
    ours = both(told)[1]
    theirs = both([swapped(one) for one in told], mirrored(anchored()))[1]
    assert_allclose(ours.control, theirs.control[::-1], atol=3e-4)
    assert_allclose(ours.p_held, theirs.p_held[::-1], atol=3e-4)


def test_shuffling_the_reports_changes_no_bit() -> None:
    told = [*overrun(), *reports(1, 20)]
    shuffled = [told[k] for k in np.random.default_rng(1).permutation(len(told))]
    assert_array_equal(both(told)[1].control, both(shuffled)[1].control)


def test_one_more_report_of_a_side_past_the_line_never_makes_its_control_less_likely_there() -> None:
    more = report("more", 7.5, 15.5, kind=Kind.STRIKE, day=18.0)
    before, after = advanced()[1], both([*overrun(), *fitting(), more])[1]
    assert after.control[0][cell_of(7.5, 15.5)] >= before.control[0][cell_of(7.5, 15.5)] - 1e-4


def test_what_happens_on_one_bank_changes_nothing_on_the_other() -> None:
    west, east, north = GRID.west_km - 500, GRID.west_km + 530, GRID.south_km + 15.0
    river = Distance((Wall(np.array([[west, north], [east, north]]), WALL_KM, np.zeros((0, 2))),))
    used, south = model(distance=river, config=GIVEN), [report("s", 13.0, 8.0, day=15.0)]
    found = [behind(posterior(told, of=used)) for told in (south, [*south, *overrun(north_km=22.0)])]
    first, second = (one.setting.cells_of_banks(one.gone) for one in found)
    assert_allclose(first[:, :30], second[:, :30], atol=1e-5)
    assert (second[:, 30:] > first[:, 30:] + 0.05).any()


def test_far_reports_have_no_say() -> None:
    grid = Grid(GRID.crs, GRID.west_km, GRID.south_km, 1.0, 30, 140)
    used = model(anchored(grid), grid=grid, config=GIVEN)
    far = report("far", 12.0, 130.0, grid=grid)
    found = [behind(posterior(told, of=used)) for told in ([far], [far, *overrun(north_km=10.0)])]
    north = grid.centres_km()[1] > GRID.south_km + 115.0
    first, second = (one.setting.cells_of_banks(one.gone) for one in found)
    assert_allclose(first[:, north], second[:, north], rtol=0, atol=1e-9)


def test_a_fresh_map_is_doubted_no_more_than_its_share_of_days_and_an_old_silent_one_hardly() -> None:
    silent = [report("only", 15.5, 15.0, day=0.5)]
    fresh = behind(posterior(silent, as_of=1.0, known_by=2.0)).gone
    old = behind(posterior(silent, as_of=90.0, known_by=91.0)).gone
    assert fresh.max() == 0.0
    assert 0.0 < old.max() < BehindTuning().usual


def test_a_repost_of_every_report_says_little_more() -> None:
    told = overrun()
    again = [replace(one, id=f"{one.id}-again", group=one.id) for one in told]
    doubts = [behind(posterior(some)).gone.max() for some in (told, told + again)]
    assert doubts[0] <= doubts[1] < doubts[0] + 0.15


def test_nothing_jumps_where_what_is_held_passes_a_half() -> None:
    held = np.linspace(0.4, 0.6, 401)
    moved = np.array([theirs * _kept_the_larger(0.2, theirs, 0.05, BehindTuning().least_held) for theirs in held])
    assert np.abs(np.diff(moved)).max() < 0.002
    assert ((held - moved > 0.5) == (held > 0.5)).all()
