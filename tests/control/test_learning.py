"""What the past teaches: scales that were put in come back, depths are read from the maps, and the file travels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

import msgspec
import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import linalg
from small_war import GRID, SHORT, SIDES, model, posterior, report

from isofront.control import Anchored, Config, Model, batch
from isofront.control.learned import VERSION, Factor, Learned, Range, Scored, learned_from, read, warnings, written
from isofront.control.learning import (
    Kindred,
    Past,
    blocks,
    check,
    depths_km,
    judged_factors,
    learned_motion,
    seen_items,
    standard,
)
from isofront.control.motion import Motion, Spots, covariance
from isofront.control.moved import Chart, groups, likeliest_motion, patches
from isofront.control.weigh import N_CATEGORIES, STEPS, plain_table
from isofront.errors import BadInputError
from isofront.evidence.report import Kind
from isofront.ground.distance import Distance
from isofront.ground.grid import Grid

LONG = Grid("EPSG:32637", 400.0, 5400.0, 1.0, 40, 120)
NONE = np.zeros((0, *LONG.shape))
INSIDE = np.ones(LONG.shape, bool)
LINE_KM = LONG.west_km + 20.0


def charts(motion: Motion, *, seed: int, n: int = 12, activity: np.ndarray | None = None) -> list[Chart]:
    """Weekly maps of a front 120 km long whose displacements are a draw from the covariance itself."""
    days, lively = np.arange(1, n) * 7.0, np.ones(LONG.ny) if activity is None else activity
    at = np.column_stack([np.full(LONG.ny, LINE_KM), LONG.north_km])
    many = len(days) * LONG.ny
    spots = Spots(np.tile(at, (len(days), 1)), np.repeat(days, LONG.ny), np.zeros(many), np.tile(lively, len(days)))
    spread = covariance(spots, spots, motion) + 1e-9 * np.eye(many)
    drawn = linalg.cholesky(spread, lower=True) @ np.random.default_rng(seed).standard_normal(many)
    moved = np.vstack([np.zeros(LONG.ny), drawn.reshape(-1, LONG.ny)])
    east, _ = LONG.centres_km()
    return [Chart(7.0 * k, Anchored(np.clip(east - LINE_KM + u[:, None], -40, 40), 0)) for k, u in enumerate(moved)]


@cache
def ordinary() -> tuple[Chart, ...]:
    """Maps of which only the days matter."""
    return tuple(charts(Motion(), seed=4))


def past(some: Sequence[Chart], factors: np.ndarray = NONE) -> Past:
    return Past(LONG, INSIDE, Distance(), tuple(some), batch([], grid=LONG, sides=SIDES, anchored=MOMENT), factors)


MOMENT = report("one", 1.0, 1.0, day=0.0).happened.start


@pytest.mark.parametrize(("q", "v", "rho"), [(0.06, 0.02, 4.0), pytest.param(0.002, 0.01, 8.0, marks=pytest.mark.slow)])
def test_jitter_and_length_come_back_within_a_factor_of_two_from_maps_that_were_drawn_with_them(q, v, rho):
    true = Motion(jitter_km2_day=q, pace_km_day=v, rho_km=rho, rho_pace_km=3.75 * rho)
    found = learned_motion(past(charts(true, seed=1)), None, Config())
    assert 0.5 < found.jitter_km2_day / q < 2
    assert 0.5 < found.rho_km / rho < 2
    assert 0.25 < found.moved_km2(28.0) / true.moved_km2(28.0) < 4


def test_without_any_movement_to_see_the_shipped_motion_stays():
    assert likeliest_motion([], Motion()) == Motion()


def test_maps_are_cut_into_months_that_share_only_their_ends():
    some = charts(Motion(), seed=2, n=10)
    runs = groups(some)
    assert [one.day for one in runs[0]] == [0, 7, 14, 21, 28, 35]
    assert [(a[-1], b[0]) for a, b in pairwise(runs)] == [(runs[0][-1], runs[0][-1])]
    assert [one[0].day for one in blocks(some)] == [0, 21, 42]


def test_displacements_are_read_on_the_line_of_the_first_map():
    some = charts(Motion(jitter_km2_day=0.05), seed=3, n=3)
    found = patches(some, grid=LONG, inside=INSIDE, distance=Distance(), factors=NONE)
    moved = np.concatenate([one.moved_km[: len(one.moved_km) // 2] for one in found])
    east, _ = LONG.centres_km()
    week = some[1].anchored.depth_km - np.clip(east - LINE_KM, -40, 40)
    assert moved.min() >= week.min() - 1e-9
    assert moved.max() <= week.max() + 1e-9
    assert np.ptp(moved) > 0.5 * np.ptp(week)


def test_a_reports_depth_is_read_between_the_maps_before_and_after():
    east, _ = LONG.centres_km()
    two = [Chart(0.0, Anchored(east - LINE_KM, 0)), Chart(10.0, Anchored(east - LINE_KM + 4.0, 0))]
    told = [report(f"r{day}", 25.0, 50.0, day=float(day), grid=LONG) for day in (0, 5, 9)]
    items = batch(told, grid=LONG, sides=SIDES, anchored=MOMENT)
    assert_allclose(depths_km(two, items, LONG), [5.0, 7.0, 8.6], atol=2e-3)
    seen = seen_items(replace(past(two), batch=items), items, Motion(), temper=0.85)
    assert seen.spread_km[1] > seen.spread_km[0], "in the middle between two maps the line is known least"


def test_a_covariate_that_goes_with_movement_is_found_and_one_that_does_not_is_left_out():
    northern = np.broadcast_to((LONG.north_km > LONG.north_km.mean())[:, None], LONG.shape).astype(float)
    noise = np.random.default_rng(5).standard_normal(LONG.shape)
    lively = np.where(northern[:, 0] > 0, 2.5, 0.5)
    motion = Motion(jitter_km2_day=0.03, pace_km_day=0.01)
    layers = np.stack([standard(one, INSIDE)[0] for one in (northern, noise)])
    (effect, gain), (idle, none) = judged_factors(past(charts(motion, seed=6, n=10, activity=lively), layers), motion)
    assert gain > 0.01
    assert 0.3 < effect < 1.2, "activity differs by a factor of five: 0.8 per standard deviation"
    assert none < gain / 10
    assert abs(idle) < 0.15
    assert idle == 0 or none > 0, "what does not gain has no say"


def told(n: int) -> list[object]:
    rng = np.random.default_rng(1)
    kinds = (Kind.STRIKE, Kind.POSITION)
    return [
        report(
            f"r{k}",
            float(rng.uniform(10, 30)),
            float(rng.uniform(5, 110)),
            day=float(k % 60),
            kind=kinds[k % 2],
            grid=LONG,
        )
        for k in range(n)
    ]


@pytest.mark.parametrize(
    ("maps", "reports", "words"), [(5, 300, "5 past maps, wanted 9"), (12, 40, "40 reports .* wanted 150")]
)
def test_too_few_maps_or_reports_are_refused_in_a_line(maps, reports, words):
    short = past(ordinary()[:maps])
    items = batch(told(reports), grid=LONG, sides=SIDES, anchored=MOMENT)  # type: ignore[arg-type]
    with pytest.raises(BadInputError, match=words):
        check(replace(short, batch=items))


def test_a_past_of_few_days_is_refused_however_many_maps_it_has():
    hurried = [Chart(one.day / 7, one.anchored) for one in ordinary()]
    with pytest.raises(BadInputError, match="span 11 days"):
        check(past(hurried))


def test_a_past_without_maps_is_refused_in_the_same_words():
    with pytest.raises(BadInputError, match="0 past maps"):
        check(past([]))


KINDRED = Kindred({"strike": 0.6, "position": 0.4}, 0.2, {"red": 0.6, "blue": 0.3}, 10.0, (0.01, 0.05))
SCORED = Scored(0.2, 0.05, 0.03, 0.93)
LEARNED = Learned(
    version=VERSION,
    made_by="isofront 0",
    simulated=True,
    sides=SIDES,
    drawn="red",
    learned_from=Range("2030-01-01", "2030-05-01", 18, 2000),
    used=("table", "motion", "link"),
    motion=Motion(jitter_km2_day=0.02),
    link_slope=0.8,
    scores={"default": SCORED, "learned": SCORED},
    n_held_out=15,
    kind_of_war=KINDRED,
    covariates={"trees": Factor(0.0, 0.3, 0.1, -0.001)},
    table=plain_table().log.round(4).tolist(),
)


def test_a_learned_file_reads_back_as_it_was(tmp_path):
    (tmp_path / "learned.json").write_bytes(written(LEARNED))
    assert learned_from(tmp_path / "learned.json") == LEARNED
    config = LEARNED.config(Config())
    assert (config.link.slope, config.motion.jitter_km2_day, config.tuning.start_activity) == (0.8, 0.02, 1.0)
    (table,) = LEARNED.tables(SIDES)
    assert_allclose(table.log, plain_table().log, atol=2e-4)


def test_a_theatre_that_names_the_sides_the_other_way_round_gets_the_mirrored_table():
    skewed = msgspec.structs.replace(
        LEARNED, table=np.random.default_rng(0).normal(size=plain_table().log.shape).tolist()
    )
    (table,), (turned,) = skewed.tables(SIDES), skewed.tables(SIDES[::-1])
    assert_allclose(turned.log, table.mirrored().log)


def test_what_did_not_win_is_not_in_force():
    nothing = msgspec.structs.replace(LEARNED, used=(), link_slope=1.0)
    assert nothing.config(Config()) == Config()
    assert nothing.tables(SIDES) == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": 99}, "version 99, wanted 1"),
        ({"table": [[0.0]]}, "table of shape"),
        ({"table": (-plain_table().log).round(4).tolist()}, "no log-probabilities"),
        ({"table": [[-1.0] * len(STEPS)] * N_CATEGORIES}, "sum to one"),
        ({"link_slope": 50.0}, "link_slope 50"),
        ({"motion": Motion(rho_km=-1.0)}, "wanted numbers over 0"),
        ({"drawn": "green"}, "wanted one of red, blue"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused(change, words):
    with pytest.raises(BadInputError, match=words):
        read(written(msgspec.structs.replace(LEARNED, **change)), name="learned.json")


@pytest.mark.parametrize("content", [b"", b"[]", b'{"version": 1}', b"\xff\xfe", b'{"version": 1, "what": 2}'])
def test_what_is_no_learned_file_is_refused(content):
    with pytest.raises(BadInputError, match="wanted what `isofront learn` writes"):
        read(content, name="learned.json")


def test_a_war_like_the_one_learned_from_draws_no_warning():
    assert warnings(LEARNED, sides=SIDES, drawn="red", here=KINDRED) == ()
    assert warnings(LEARNED, sides=SIDES, drawn="red", here=None) == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"mix": {"flag": 1.0}}, "kinds of reports differ by 100%"),
        ({"past_line": {"red": 0.2, "blue": 0.3}}, "20% of what shows red lies past its line, learned on 60%"),
        ({"per_day_100km": 1.0}, "1 reports a day and 100 km, learned on 10"),
        ({"pace_km2_day": (0.5, 0.5)}, "0.5 km2 a day of movement, learned on 0.01 to 0.05"),
    ],
)
def test_another_kind_of_war_is_warned_of(change, words):
    (said,) = warnings(LEARNED, sides=SIDES, drawn="red", here=msgspec.structs.replace(KINDRED, **change))
    assert said.startswith("learned file used on another kind of war: ")
    assert words in said


def test_other_sides_and_another_drawn_side_are_warned_of():
    assert "sides green and blue, learned on red and blue" in warnings(
        LEARNED, sides=("green", "blue"), drawn="green", here=None
    )[0]  # fmt: skip
    assert "draws what blue holds" in warnings(LEARNED, sides=SIDES, drawn="blue", here=None)[0]


def test_a_covariate_that_had_a_say_makes_ground_livelier_and_is_missed_where_it_is_not_known():
    with_trees = msgspec.structs.replace(LEARNED, covariates={"trees": Factor(0.5, 0.2, 0.1, 0.01)})
    lively = with_trees.lively({"trees": np.array([[0.2, 0.3, 9.0]])})
    assert_allclose(lively, np.exp([[0.0, 0.5, 1.5]]))
    (said,) = warnings(with_trees, sides=SIDES, drawn="red", here=None)
    assert "no covariate 'trees' here" in said
    assert warnings(with_trees, sides=SIDES, drawn="red", here=None, covariates=frozenset({"trees"})) == ()


def test_a_line_that_starts_livelier_is_less_sure_of_itself():
    anchor = model().anchored
    doubled = Model(GRID, anchor, SHORT, lively=np.full(GRID.shape, 2.0))
    still = Model(GRID, anchor, SHORT, lively=np.ones(GRID.shape))
    plain, same, more = (posterior([], of=one, as_of=5.0, known_by=6.0).variance() for one in (model(), still, doubled))
    assert_allclose(same, plain)
    assert (more > plain).all()
