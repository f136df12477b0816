"""Where the map may run behind it is less sure; who is the likelier holder stays, and what is far has no say."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from by_cell import gone
from jaxtyping import Float, Float32
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import expit
from scipy.stats import norm
from small_war import GRID, SIDES, anchored, mirrored, model, posterior, report, reports, swapped

from isofront.control import Anchored, Config, Field, show
from isofront.control.behind import BehindTuning, behind, faded, unsure
from isofront.control.cells_unsure import kept_the_larger
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
    before, now = show(after, sides), show(after, sides)
    unsure(now, behind(after))
    return before, now


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
    assert (after.p_present >= after.p_held - 1e-6).all()


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
    first, second = (gone(one) for one in found)
    assert_allclose(first[:, :30], second[:, :30], atol=1e-5)
    assert (second[:, 30:] > first[:, 30:] + 0.05).any()


def test_far_reports_have_no_say() -> None:
    grid = Grid(GRID.crs, GRID.west_km, GRID.south_km, 1.0, 30, 140)
    used = model(anchored(grid), grid=grid, config=GIVEN)
    far = report("far", 12.0, 130.0, grid=grid)
    found = [behind(posterior(told, of=used)) for told in ([far], [far, *overrun(north_km=10.0)])]
    north = grid.centres_km()[1] > GRID.south_km + 115.0
    first, second = (gone(one) for one in found)
    assert_allclose(first[:, north], second[:, north], rtol=0, atol=1e-9)


def test_a_fresh_map_is_doubted_no_more_than_its_share_of_days_and_an_old_silent_one_hardly() -> None:
    silent = [report("only", 15.5, 15.0, day=0.5)]
    fresh = gone(behind(posterior(silent, as_of=1.0, known_by=2.0)))
    old = gone(behind(posterior(silent, as_of=90.0, known_by=91.0)))
    assert fresh.max() == 0.0
    assert 0.0 < old.max() < BehindTuning().usual


def test_reposts_say_nothing_more() -> None:
    told = overrun()
    again = [replace(one, id=f"{one.id}-again{k}", group=one.id) for one in told for k in range(3)]
    first, more = (both(some)[1].control for some in (told, told + again))
    assert_allclose(first, more, atol=0.01)


def gone_at(told: list[Report], east_km: float, north_km: float, *, as_of: float = 20.0) -> tuple[float, float]:
    """P(gone over) to red and to blue at a spot."""
    found = behind(posterior(told, as_of=as_of, known_by=as_of + 1, of=model(config=GIVEN)))
    first, second = gone(found)[(slice(None), *cell_of(east_km, north_km))]
    return float(first), float(second)


def test_ground_that_one_side_takes_makes_nothing_of_its_own_doubted() -> None:
    told = [*overrun(5, north_km=25.0), *reports(4, 10)]
    held = [report(f"b{k}", 22.0, 6.0 + k, seen="blue", day=12.0) for k in range(4)]
    without, more = gone_at(held, 22.0, 7.0), gone_at([*told, *held], 22.0, 7.0)
    assert without[1] > 0.02
    assert more[1] <= without[1] + 1e-3


@pytest.mark.parametrize("kind", [Kind.ASSAULT, Kind.INFILTRATION])
def test_what_is_rare_so_far_inside_ones_own_ground_never_speaks_for_the_other(kind: Kind) -> None:
    deep = [report(f"d{k}", 23.0, 15.0 + k / 9, kind=kind, day=12.0 + k) for k in range(5)]
    assert gone_at(deep, 23.0, 15.0)[1] <= gone_at([], 23.0, 15.0)[1] + 1e-4


@pytest.mark.parametrize("kind", [Kind.ASSAULT, Kind.INFILTRATION])
def test_what_is_rare_far_past_the_line_never_speaks_against_who_was_seen(kind: Kind) -> None:
    more = [report(f"d{k}", 7.0, 15.0 + k / 9, kind=kind, day=12.0 + k) for k in range(3)]
    assert gone_at([*overrun(4), *more], 7.0, 15.0)[0] >= gone_at(overrun(4), 7.0, 15.0)[0] - 1e-3


def test_five_reports_thirty_kilometres_off_move_it_by_less_than_two_percent() -> None:
    grid = Grid(GRID.crs, GRID.west_km, GRID.south_km, 1.0, 30, 70)
    used = model(anchored(grid), grid=grid, config=GIVEN)
    near = [report(f"n{k}", 8.0, 10.0 + k, day=12.0 + k, grid=grid) for k in range(3)]
    far = [report(f"f{k}", 8.0, 45.0 + k, day=14.0, grid=grid) for k in range(5)]
    found = [behind(posterior(told, of=used)) for told in (near, near + far)]
    first, second = (gone(one)[:, :15] for one in found)
    assert first.max() > 0.1
    assert_allclose(first, second, atol=0.02)


def test_nothing_jumps_at_ten_kilometres_from_the_line_nor_on_the_last_day_of_memory() -> None:
    """What a report says ends bit by bit, in depth and in days: one of nine a little on changes next to nothing."""
    depths = [gone_at(overrun(9, east_km=km), 5.0, 15.0)[0] for km in (4.99, 5.01)]
    assert abs(depths[0] - depths[1]) < 0.02
    old = [report(f"o{k}", 8.0, 15.0 + k / 40, day=0.0) for k in range(40)]
    days = [gone_at([*old, *overrun(3)], 8.0, 15.0, as_of=day)[0] for day in (119.9, 120.1)]
    assert abs(days[0] - days[1]) < 0.01


def test_where_nodes_lie_matters_little() -> None:
    """Ground, line and reports stay; the grid's corner moves by half a step between nodes."""
    told, shown = [*overrun(20), *reports(4, 20)], []
    for off in (0.0, 0.5):
        grid = Grid(GRID.crs, GRID.west_km - 5 - off, GRID.south_km - 5 - off, 0.5, 80, 80)
        line = np.clip(grid.centres_km()[0] - GRID.west_km - 15.0, -40.0, 40.0)
        shown.append(gone(behind(posterior(told, of=model(Anchored(line, 0), grid=grid, config=GIVEN)))))
    assert_allclose(shown[0][:, 10:70, 10:70], shown[1][:, 11:71, 11:71], atol=0.02)


def test_edges_stay_within_a_part_of_a_cell_even_where_all_is_doubted() -> None:
    after = posterior(reports(4, 12))
    before, found = show(after, SIDES), behind(after)
    for side in (0, 1):
        odds = np.full_like(found.odds, -30.0)
        odds[side] = 30.0
        doubted = show(after, SIDES)
        unsure(doubted, replace(found, odds=odds))
        assert np.abs(doubted.control - before.control).max() > 0.4
        first, second = (_crossings(one.p_held[1 - side]) for one in (before, doubted))
        assert_allclose(first, second, atol=0.5)


def _crossings(p: Float32[np.ndarray, "ny nx"]) -> Float[np.ndarray, " ny"]:
    """Where each row first crosses a half, in cells, as a contour has it."""
    z = norm.ppf(np.clip(p.astype(float), 1e-4, 1 - 1e-4))
    first = np.argmax((z[:, :-1] >= 0) != (z[:, 1:] >= 0), axis=1)
    low, high = (np.take_along_axis(z, (first + one)[:, None], axis=1)[:, 0] for one in (0, 1))
    return np.asarray(first + low / (low - high))


def test_nothing_jumps_where_what_is_held_passes_a_half() -> None:
    held = np.linspace(0.4, 0.6, 401)
    moved = np.array([theirs * kept_the_larger(0.2, theirs, 0.05, BehindTuning().most) for theirs in held])
    assert np.abs(np.diff(moved)).max() < 0.002
    assert ((held - moved > 0.5) == (held > 0.5)).all()


def test_what_is_shown_in_cells_is_the_formula_of_its_page() -> None:
    after = posterior([*overrun(), *fitting()])
    found = behind(after)
    odds = found.setting.cells_of_banks(found.odds, lattice=found.setting.fine)
    odds -= np.abs(found.depth_km) / (found.tuning.runs_km_day * found.days)
    least = found.tuning.least
    wanted = np.maximum(expit(odds) - least, 0.0) / (1 - least) * faded(found.depth_km, found.tuning)
    assert wanted.max() > 0.1
    assert_allclose(gone(found), wanted, atol=1e-12)
