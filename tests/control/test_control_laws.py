"""Laws that any map from evidence should obey, on drawn fronts; most hold bit for bit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from small_war import (
    GRID,
    SIDES,
    anchored,
    field,
    lonlat,
    mirrored,
    model,
    moment,
    posterior,
    report,
    reports,
    swapped,
)  # fmt: skip

from isofront.control import Config, show
from isofront.control.setting import Tuning
from isofront.evidence.report import Kind
from isofront.ground.distance import WALL_KM, Distance, Wall
from isofront.ground.grid import Grid

seeds = st.integers(0, 10_000)
GIVEN = Config(tuning=Tuning(table_rounds=0, activity_rounds=0, sparse_activity=0.6))
"""Nothing is learned from the reports themselves: what is left is inference and movement."""
SETTLED = 4e-3
"""Rounds of inference end when no report's depth moves by more than 2e-3 km."""
few = settings(max_examples=4, deadline=None)


def war(seed: int):
    return reports(seed, 20 + seed % 61)


ARRAYS = ("p_held", "p_grey", "control", "p_present", "unobserved", "grey_reason", "touched")


def same_fields(one, other) -> bool:
    return all(getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in ARRAYS)


@few
@given(seeds)
def test_swapping_the_sides_mirrors_the_map(seed):
    told = war(seed)
    there, back = field(told), field([swapped(one) for one in told], of=model(mirrored(anchored())))
    for name in ("p_held", "control", "p_present"):
        assert_allclose(getattr(there, name), getattr(back, name)[::-1], atol=1.01e-4)
    assert_allclose(there.p_grey, back.p_grey, atol=1.01e-4)
    assert_allclose(there.unobserved, back.unobserved, atol=1.01e-4)


@few
@given(seeds, seeds)
def test_shuffling_the_reports_changes_no_bit(seed, order):
    told = war(seed)
    other = [told[k] for k in np.random.default_rng(order).permutation(len(told))]
    assert same_fields(field(told), field(other))


@few
@given(seeds)
def test_a_repost_of_every_report_moves_the_line_less_than_the_reports_did(seed):
    told = war(seed)
    once = posterior(told).mean()
    copies = [replace(one, id=f"{one.id}-again", group=one.id) for one in told]
    twice = posterior(told + copies).mean()
    moved = np.abs(once - anchored().depth_km).max()
    assert np.abs(twice - once).max() < 0.35 * moved + 0.02


def test_a_repost_says_at_most_a_fifth_again_of_what_the_report_said():
    one = report("a", 14.0, 15.0)
    base, once = anchored().depth_km, posterior([one]).mean()
    twice = posterior([one, replace(one, id="b", group="a")]).mean()
    assert np.abs(twice - once).max() <= 0.21 * np.abs(once - base).max()


@few
@given(seeds)
def test_a_report_that_says_nothing_of_who_is_where_is_a_look_and_changes_nothing_else(seed):
    told = war(seed)
    mute = [
        report("m1", 15.0, 10.0, seen=None), report("m2", 15.0, 12.0, kind=Kind.ACTIVITY),
        report("m3", 15.0, 12.0, target="drone in flight"),
    ]  # fmt: skip
    with_them, without = field(told + mute), field(told)
    assert all(
        getattr(with_them, name).tobytes() == getattr(without, name).tobytes()
        for name in ARRAYS
        if name != "unobserved"
    )
    assert with_them.unobserved[20, 30] <= without.unobserved[20, 30]


@few
@given(seeds, seeds)
def test_a_report_far_beyond_reach_of_a_cell_has_no_share_there_at_all(seed, number):
    """On a front 200 km long, with a table that is given: what happens at its south end is nothing to its north end."""
    long = Grid(GRID.crs, GRID.west_km, GRID.south_km, 1.0, 30, 200)
    north = [replace(one, id=f"n{one.id}") for one in reports(number, 20, grid=shifted(long, 170))]
    both = posterior(north + war(seed), of=model(grid=long, config=GIVEN))
    only = posterior(north, of=model(grid=long, config=GIVEN))
    moved = np.abs(both.mean() - only.mean()).max(axis=1)
    assert moved[:40].max() > 0.001
    assert moved[120:].max() < SETTLED
    why = both.explain(np.argwhere(np.ones(long.shape, bool))[120 * 30 :: 7])
    assert not why.shares_km[:, [not name.startswith("n") for name in why.ids]].any()


def shifted(grid: Grid, rows: int) -> Grid:
    return replace(grid, south_km=grid.south_km + rows * grid.cell_km)


@few
@given(seeds, st.integers(-20, 20), st.integers(-20, 20))
def test_moving_everything_by_whole_cells_moves_the_map(seed, right, up):
    told = war(seed)
    there = replace(GRID, west_km=GRID.west_km + right * GRID.cell_km, south_km=GRID.south_km + up * GRID.cell_km)
    moved = [carried(one, right * GRID.cell_km, up * GRID.cell_km) for one in told]
    one, other = posterior(told), posterior(moved, of=model(anchored(there), grid=there))
    assert_allclose(one.mean(), other.mean(), atol=1e-6)
    assert_allclose(one.variance(), other.variance(), atol=1e-6)
    assert_allclose(show(one, SIDES).p_present, show(other, SIDES).p_present, atol=1e-6)


def carried(one, right_km, up_km):
    east, north = GRID.to_km(one.lon, one.lat)
    lon, lat = lonlat(east + right_km, north + up_km)
    return replace(one, lon=lon, lat=lat)


@few
@given(seeds, st.integers(-1000, 1000))
def test_moving_everything_by_whole_days_changes_no_bit(seed, days):
    told = war(seed)
    by = timedelta(days=days)
    later = [
        replace(
            one,
            happened=replace(one.happened, start=one.happened.start + by, end=one.happened.end + by),
            known_at=one.known_at + by,
        )
        for one in told
    ]
    began = moment(days)
    assert posterior(told).mean().tobytes() == posterior(later, began=began).mean().tobytes()


@few
@given(seeds, st.integers(1, 20))
def test_only_what_was_known_counts(seed, day):
    told = war(seed)
    known = [one for one in told if one.known_at < moment(day)]
    assert same_fields(field(told, as_of=20.0, known_by=float(day)), field(known, as_of=20.0, known_by=float(day)))


@few
@given(seeds, st.lists(st.integers(0, 25), min_size=2, max_size=4, unique=True))
def test_several_days_in_one_go_are_the_single_days_bit_for_bit(seed, days):
    told = war(seed)
    shared = model()
    for day in days:
        together = field(told, as_of=float(day), known_by=day + 1.0, of=shared)
        assert same_fields(together, field(told, as_of=float(day), known_by=day + 1.0))


@few
@given(seeds, st.integers(0, 80))
def test_a_report_taken_back_leaves_as_if_it_never_came_even_if_closed_windows_knew_it(seed, number):
    told = war(seed)
    gone = told[number % len(told)]
    kept = [one for one in told if one is not gone]
    used = model()
    field(told, of=used)
    assert same_fields(field(kept, of=used), field(kept))


def test_without_reports_the_anchor_stands_and_doubt_grows_with_time():
    means = [posterior([], as_of=float(day)) for day in (0, 10, 30, 90)]
    for one in means:
        assert_array_equal(one.mean(), anchored().depth_km)
    spreads = [float(one.variance().mean()) for one in means]
    assert spreads == sorted(spreads)
    assert spreads[0] < spreads[-1]
    assert not field([]).touched.any()


@pytest.mark.parametrize(
    ("kind", "slack_km"),
    [
        (Kind.POSITION, 0.01),
        (Kind.ASSAULT, 0.1),
        pytest.param(Kind.STRIKE, 0.01, marks=pytest.mark.slow),
        pytest.param(Kind.CLAIM, 0.01, marks=pytest.mark.slow),
        pytest.param(Kind.FLAG, 0.1, marks=pytest.mark.slow),
    ],
)
@pytest.mark.parametrize("seen", SIDES)
def test_seeing_a_side_never_makes_its_control_less_likely_there(kind, slack_km, seen):
    """An assault or a flag tells that the line is near: one deep in a side's own ground may draw the line nearer."""
    sign = 1.0 if seen == "red" else -1.0
    for own in (-10, -6, -3, -1, -0.5, 0, 0.5, 1, 3, 6):
        east = 15.0 + sign * own
        pushed = posterior([report("a", east, 15.0, seen=seen, kind=kind, day=6.0)], as_of=6.0, known_by=7.0).mean()
        cell = GRID.cell_of(GRID.west_km + east, GRID.south_km + 15.0)
        by = sign * (pushed - anchored().depth_km)[cell]
        assert by > -slack_km, f"{kind} of {seen} {own:+.1f} km inside its ground: {by:+.4f} km"


@pytest.mark.parametrize("seen", SIDES)
def test_seeing_a_side_past_the_line_makes_its_presence_likelier_there(seen):
    sign = 1.0 if seen == "red" else -1.0
    for past in (1.0, 3.0, 6.0):
        spot = 15.0 - sign * past
        told = [report(f"a{k}", spot, 15.0 + 0.3 * k, seen=seen, kind=Kind.POSITION, day=5.0) for k in range(3)]
        cell = GRID.cell_of(GRID.west_km + spot, GRID.south_km + 15.0)
        side = SIDES.index(seen)
        with_it, without = field(told, as_of=6.0, known_by=7.0), field([], as_of=6.0, known_by=7.0)
        assert with_it.p_present[side][cell] > without.p_present[side][cell] + 0.01


SHOWS = [Kind.POSITION, Kind.STRIKE, Kind.ASSAULT, Kind.INFILTRATION, Kind.FLAG, Kind.CLAIM]


@settings(max_examples=5, deadline=None)
@given(
    seeds, st.integers(0, 60), st.sampled_from(SHOWS), st.sampled_from(SIDES), st.sampled_from([50.0, 200.0, 1500.0]),
    st.integers(-100, 100), st.integers(30, 270), st.integers(0, 20), st.sampled_from(["learned", "given"]),
)  # fmt: skip
@example(470, 46, Kind.INFILTRATION, "red", 200.0, -1, 33, 17, "learned")
def test_a_report_never_makes_its_own_sides_presence_less_likely_where_it_is(
    seed, n, kind, seen, error, own, north, day, table
):
    """Wherever it lies: an assault or infiltration from a side's own ground may draw its line nearer, no more."""
    spot = 15.0 + (own if seen == "red" else -own) / 10, north / 10
    new = report("zz", *spot, seen=seen, kind=kind, day=float(day), error_m=error)
    told, of = reports(seed, n), {"config": GIVEN} if table == "given" else {}
    before, after = (field(some, of=model(**of)).p_present[SIDES.index(seen)] for some in (told, [*told, new]))
    cell = GRID.cell_of(GRID.west_km + spot[0], GRID.south_km + spot[1])
    assert after[cell] > before[cell] - 1.01e-4


BOUNDS = {"given": 8e-3, "learned": 0.02}
"""Reports take doubt away, and learned activity and rate move with them: that much a side may lose by its own."""


@settings(max_examples=7, deadline=None)
@given(
    seeds, st.sampled_from([0, 8, 40]), st.sampled_from(SHOWS), st.sampled_from(SIDES), st.integers(-60, 60),
    st.integers(50, 250), st.sampled_from(["learned", "given"]),
)  # fmt: skip
@example(8, 8, Kind.INFILTRATION, "red", 45, 150, "learned")
def test_no_report_makes_its_sides_presence_less_likely_anywhere_but_for_what_doubt_it_takes(
    seed, n, kind, seen, own, north, table
):
    """An assault or infiltration from a side's own ground draws its line nearer; its presence stays."""
    new = report("zz", 15.0 + (own if seen == "red" else -own) / 10, north / 10, seen=seen, kind=kind, day=17.0)
    told, side = reports(seed, n), SIDES.index(seen)
    of = {"config": GIVEN} if table == "given" else {}
    before, after = (field(some, of=model(**of)).p_present[side] for some in (told, [*told, new]))
    assert (after - before).min() > -BOUNDS[table]


@pytest.mark.parametrize("seen", SIDES)
def test_what_a_lone_report_took_from_its_own_sides_ground_is_what_presence_gives_back(seen):
    sign = 1.0 if seen == "red" else -1.0
    told = [report("a", 15.0 + 4.0 * sign, 15.0, seen=seen, kind=Kind.INFILTRATION, day=17.0)]
    found = posterior(told)
    taken = sign * (anchored().depth_km - found.mean())
    given = found.model.setting.cells_of_banks(found.end.spared.km)[SIDES.index(seen)]
    near = np.abs(anchored().depth_km) < 10.0
    assert taken.max() > 0.01
    assert_allclose(given[near], taken[near], atol=0.05 * taken.max())
    assert not found.end.spared.km[1 - SIDES.index(seen)].any()


def test_a_report_of_a_side_leaving_pushes_the_line_away_from_it():
    told = [report("a", 15.5, 15.0, seen="red", kind=Kind.LEFT, day=5.0)]
    pushed = posterior(told, as_of=6.0, known_by=7.0).mean() - anchored().depth_km
    assert pushed[30, 31] < 0


@few
@given(seeds)
def test_coarser_places_leave_hardly_less_doubt(seed):
    """With table and activity given; learned, sharper reports may also tell that the front is livelier than thought."""
    sharp = [replace(one, error_m=100.0) for one in reports(seed, 40)]
    coarse = [replace(one, error_m=3000.0) for one in sharp]
    spreads = [np.sqrt(posterior(told, of=model(config=GIVEN)).variance()).mean() for told in (sharp, coarse)]
    assert spreads[1] > 0.99 * spreads[0]


@few
@given(seeds, seeds)
def test_what_happens_on_one_bank_of_an_uncrossable_barrier_changes_no_cell_on_the_other(seed, number):
    """Within a window and with a table that is given."""
    river, middle = across(at_km=15.0), GRID.south_km + 15.0
    south = [one for one in war(seed) if GRID.to_km(one.lon, one.lat)[1] < middle]
    north = [replace(one, id=f"n{one.id}") for one in war(number) if GRID.to_km(one.lon, one.lat)[1] > middle]
    alone = posterior(south, of=model(distance=river, config=GIVEN)).mean() - anchored().depth_km
    assert np.abs(alone[:30]).max() > 1e-3
    assert not alone[30:].any()
    both = posterior(south + north, of=model(distance=river, config=GIVEN))
    only = posterior(north, of=model(distance=river, config=GIVEN))
    assert np.abs(both.mean() - only.mean())[30:].max() < SETTLED
    why = both.explain(np.argwhere(np.ones(GRID.shape, bool))[30 * 60 :: 7])
    assert not why.shares_km[:, [not name.startswith("n") for name in why.ids]].any()


@few
@given(seeds)
def test_little_leaks_past_an_uncrossable_barrier_as_windows_close(seed):
    river = across(at_km=15.0)
    south = [one for one in war(seed) if GRID.to_km(one.lon, one.lat)[1] < GRID.south_km + 15.0]
    found = posterior(south, of=model(distance=river))
    moved = np.abs(found.mean() - anchored().depth_km)
    assert moved[34:].max() < 0.08
    assert not found.explain(np.argwhere(np.ones(GRID.shape, bool))[30 * 60 :: 7]).shares_km.any()


def across(*, at_km: float, crossings: tuple[tuple[float, float], ...] = ()) -> Distance:
    """A river through the whole theatre and far past it, west to east."""
    west, east, north = GRID.west_km - 500, GRID.west_km + 530, GRID.south_km + at_km
    return Distance((Wall(np.array([[west, north], [east, north]]), WALL_KM, np.array(crossings).reshape(-1, 2)),))


def test_evidence_comes_through_at_a_crossing_and_nowhere_else():
    bridge = (GRID.west_km + 13.0, GRID.south_km + 15.0)
    told = [report(f"a{k}", 13.0, 14.6 - 0.1 * k, day=5.0) for k in range(6)]
    shut, opened = (
        posterior(told, as_of=6.0, known_by=7.0, of=model(distance=river)).mean()[30:] - anchored().depth_km[30:]
        for river in (across(at_km=15.0), across(at_km=15.0, crossings=(bridge,)))
    )
    assert not shut.any()
    assert opened[:4].max() > 0.02
    assert not opened[20:].any()
