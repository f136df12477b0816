"""Where reports disagree with the field beyond the test, the ground is marked; elsewhere nothing changes."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import lru_cache

import numpy as np
import pytest
import shapely
from numpy.testing import assert_allclose, assert_array_equal
from small_war import GRID, SIDES, START, anchored, lonlat, mirrored, model, posterior, report, reports, swapped

from isofront.control import Field, GreyReason, Posterior, batch, show
from isofront.control.lately import LimitTuning
from isofront.control.limits import Limits, at_its_limits, limits
from isofront.control.statement import Statement, stated
from isofront.evidence.report import Kind, Report
from isofront.ground.distance import Distance, wall

LANDED = [(3.0, 14.0), (4.2, 15.5), (2.6, 16.4), (4.8, 13.2)]
"""Red holds the east; these lie some 11 km behind blue's line."""


def landing(day: float = 19.5, *, kind: Kind = Kind.STRIKE, n: int = 4) -> list[Report]:
    spots = enumerate(LANDED[:n])
    return [report(f"x{k}", east, north, day=day + 0.1 * k, known=20.0, kind=kind) for k, (east, north) in spots]


def sources(told: list[Report], *, one: bool = False) -> dict[str, str]:
    return {each.id: "same" if one else f"of {each.id}" for each in told}


@lru_cache(maxsize=8)
def fitted(told: tuple[Report, ...]) -> Posterior:
    return posterior(list(told))


def found(told: list[Report], *, one_source: bool = False, after: Posterior | None = None) -> tuple[Field, Limits]:
    fit = after or fitted(tuple(told))
    beyond = limits(fit, sources=sources(told, one=one_source))
    return at_its_limits(show(fit, SIDES), beyond), beyond


@lru_cache(maxsize=8)
def ordinary(seed: int) -> tuple[Report, ...]:
    return tuple(reports(seed, 60, spread_km=2.0))


@pytest.mark.parametrize("seed", range(2))
def test_ordinary_reports_mark_nothing_and_change_nothing(seed: int) -> None:
    after = fitted(ordinary(seed))
    before = show(after, SIDES)
    field = at_its_limits(before, limits(after, sources=sources(list(ordinary(seed)))))
    assert field.out_of_range is not None
    assert not field.out_of_range.any()
    for one in fields(Field):
        if one.name not in ("grid", "sides", "out_of_range", "stretches"):
            assert_array_equal(getattr(field, one.name), getattr(before, one.name))


def test_a_landing_far_behind_the_line_is_marked_as_detached_within_a_day() -> None:
    field, beyond = found([*ordinary(0), *landing()])
    (stretch,) = beyond.stretches
    assert stretch.detached
    assert SIDES[stretch.side] == "red"
    assert set(stretch.reports) >= {"x0", "x1", "x2", "x3"}
    assert stretch.since_days == pytest.approx(19.5)
    row, column = GRID.cell_of(GRID.west_km + 3.6, GRID.south_km + 14.8) or (0, 0)
    assert field.out_of_range is not None
    assert field.out_of_range[row, column]
    assert field.touched[row, column]
    east = GRID.centres_km()[0] - GRID.west_km
    assert not field.out_of_range[east > 14.0].any()


def test_marked_ground_is_no_longer_given_to_the_old_holder_with_confidence() -> None:
    calm = show(fitted((*ordinary(0), *landing())), SIDES)
    field, _ = found([*ordinary(0), *landing()])
    row, column = GRID.cell_of(GRID.west_km + 3.6, GRID.south_km + 14.8) or (0, 0)
    assert calm.control[1, row, column] > 0.9
    assert field.control[1, row, column] < 0.6
    assert field.grey_reason[row, column] in (GreyReason.DISPUTED_EVIDENCE, GreyReason.NONE)


def test_probabilities_still_sum_to_one_and_keep_their_order() -> None:
    field, _ = found([*ordinary(0), *landing()])
    assert_allclose(field.p_held.sum(axis=0) + field.p_grey, 1.0, atol=1e-5)
    assert (field.p_held[0] <= field.control[0] + 1e-6).all()
    assert (field.control[0] <= field.p_held[0] + field.p_grey + 1e-6).all()


def test_who_may_hold_marked_ground_is_there_at_least_as_likely() -> None:
    field, beyond = found([*ordinary(0), *landing()])
    assert beyond.marked.any()
    assert (field.p_present >= field.p_held - 1e-6).all()


def test_one_source_alone_or_two_reports_are_not_enough() -> None:
    assert found([*ordinary(0), *landing()], one_source=True)[1].stretches == ()
    assert found([*ordinary(0), *landing(n=2)])[1].stretches == ()


def test_claims_alone_are_not_enough() -> None:
    assert found([*ordinary(0), *landing(kind=Kind.CLAIM)])[1].stretches == ()


def test_ground_that_is_not_marked_stays_bit_by_bit() -> None:
    before = show(fitted((*ordinary(0), *landing())), SIDES)
    after, beyond = found([*ordinary(0), *landing()])
    moved = np.zeros(GRID.shape, bool)
    moved.ravel()[beyond.cells] = True
    assert 0 < moved.sum() < moved.size / 2
    assert_array_equal(moved, beyond.marked)
    for name in ("p_held", "p_grey", "control", "grey_reason", "touched"):
        one, other = getattr(before, name), getattr(after, name)
        assert one.dtype == other.dtype
        assert_array_equal(one[..., ~moved], other[..., ~moved])


def test_old_reports_no_longer_mark() -> None:
    assert found([*ordinary(0), *landing(day=8.0)])[1].stretches == ()


def test_swapping_the_sides_swaps_the_marks() -> None:
    told = [*ordinary(0), *landing()]
    there, _ = found(told)
    other_way = [swapped(one) for one in told]
    other, beyond = found(other_way, after=posterior(other_way, of=model(mirrored(anchored()))))
    assert there.out_of_range is not None
    assert other.out_of_range is not None
    assert_array_equal(there.out_of_range, other.out_of_range)
    assert {SIDES[one.side] for one in beyond.stretches} == {"blue"}
    assert_allclose(there.control[0], other.control[1], atol=2e-3)


def test_many_from_past_the_line_are_as_odd_whichever_side_they_are_of() -> None:
    told = [report(f"a{k}", 10.5 - k % 3, 13.0 + k % 5, day=17.0 + 0.1 * k, known=20.0) for k in range(6)]
    other_way = [swapped(one) for one in told]
    there = found(told)[1]
    other = found(other_way, after=posterior(other_way, of=model(mirrored(anchored()))))[1]
    assert there.stretches
    for one, mirror in zip(there.stretches, other.stretches, strict=True):
        assert one.side == 1 - mirror.side
        assert one.strength == pytest.approx(mirror.strength, abs=1e-2)
    assert_array_equal(there.marked, other.marked)


def test_an_editors_word_opens_a_detached_area() -> None:
    ground = shapely.box(GRID.west_km + 1, GRID.south_km + 11.5, GRID.west_km + 6, GRID.south_km + 18)
    said = stated([Statement("e1", ground, 0, 19.0, 20.0, 19.0)], grid=GRID, drawn=0)
    items = batch(list(ordinary(0)), grid=GRID, sides=SIDES, anchored=START)
    after = model().posterior(items.and_(said), as_of=20.0, known_by=21.0)
    opened = at_its_limits(show(after, SIDES), limits(after))
    row, column = GRID.cell_of(GRID.west_km + 3.5, GRID.south_km + 15.0) or (0, 0)
    assert opened.control[0, row, column] > 0.8
    assert opened.touched[row, column]
    told = [*ordinary(0), *landing()]
    both = model().posterior(batch(told, grid=GRID, sides=SIDES, anchored=START).and_(said), as_of=20.0, known_by=21.0)
    assert limits(both).stretches == ()
    east = GRID.centres_km()[0] - GRID.west_km
    assert_array_equal(opened.control[0][east > 9], show(after, SIDES).control[0][east > 9])


def river() -> Distance:
    """It runs along the line; nobody crosses."""
    ends = (lonlat(GRID.west_km + 15, GRID.south_km - 5), lonlat(GRID.west_km + 15, GRID.south_km + 35))
    return Distance((wall(ends, (), permeability=0.0, crs=GRID.crs),))


def crossed(n: int, *, error_m: float = 60.0) -> list[Report]:
    """Red, who holds the east, on the far bank; nobody else of red was ever seen there."""
    seen = [report(f"x{k}", 11.5 + 0.6 * k, 10.0 + 2.0 * k, day=19.0 + 0.2 * k, known=20.0) for k in range(n)]
    return [*(one for one in ordinary(1) if one.seen == "blue"), *(replace(one, error_m=error_m) for one in seen)]


def test_an_editors_word_from_before_the_anchor_acts_and_teaches_nothing_of_reports() -> None:
    """A theatre may be given a later anchor."""
    ground = shapely.box(GRID.west_km + 12, GRID.south_km + 12, GRID.west_km + 16, GRID.south_km + 18)
    early = stated([Statement("e1", ground, 0, -20.0, 20.0, -19.0)], grid=GRID, drawn=0)
    told = batch(reports(4, 10), grid=GRID, sides=SIDES, anchored=START)
    with_it, without = (model().posterior(some, as_of=20.0, known_by=21.0) for some in (told.and_(early), told))
    assert "e1" in with_it.used
    assert_array_equal(with_it.windows[0].table.log, without.windows[0].table.log)


def test_the_far_bank_of_a_river_needs_a_crossing_to_be_ordinary() -> None:
    assert found(crossed(3))[1].stretches == ()
    assert found(crossed(3), after=posterior(crossed(3), of=model(distance=river())))[1].stretches != ()


def test_two_reports_of_two_sources_are_enough_past_a_river_that_nobody_crossed() -> None:
    """In a small theatre two weigh less than in a large one: so few square kilometres lie past the river."""
    after, easy = posterior(crossed(2), of=model(distance=river())), LimitTuning(threshold=5.0)
    assert limits(after, sources=sources(crossed(2)), tuning=easy).stretches != ()
    assert limits(after, sources=sources(crossed(2), one=True), tuning=easy).stretches == ()
    assert limits(fitted(tuple(crossed(2))), sources=sources(crossed(2)), tuning=easy).stretches == ()


def test_reports_that_may_as_well_lie_on_their_own_bank_have_crossed_nothing() -> None:
    told, easy = crossed(2, error_m=3000.0), LimitTuning(threshold=5.0)
    after = posterior(told, of=model(distance=river()))
    assert limits(after, sources=sources(told), tuning=easy).stretches == ()
