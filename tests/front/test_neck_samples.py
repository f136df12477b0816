"""Necks as intervals: sampled maps agree with the map that they are samples of."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from isofront.front import Disc, Rule, Rung, corridor
from isofront.front.displaced import displaced_necks
from isofront.front.ladder import Ladder
from isofront.front.neck_focus import Focus
from isofront.front.neck_samples import Interval, Levels, interval, sampled_necks
from isofront.front.pockets import Stage, Town, measured, pockets_of, surroundings
from isofront.front.rules import each_rule, headline

LAND = box(-50, -45, 50, 50)
PLACE = Disc(0.0, -20.0, 1.5)


def bag(gap_km: float) -> BaseGeometry:
    """Enemy ground round a bag of free ground that opens to the north."""
    half = gap_km / 2
    return shapely.union_all([box(-60, -50, -10, -8), box(10, -50, 60, -8), box(-60, -50, 60, -35),
                              box(-10, -11, -half, -8), box(half, -11, 10, -8)])  # fmt: skip


def test_a_sample_holds_each_spot_as_often_as_the_probability_says():
    axis = np.linspace(0, 10, 11)
    z = np.tile(np.linspace(-1.5, 1.5, 11), (11, 1))
    levels = Levels(axis, axis, z)
    noise = np.random.default_rng(3).standard_normal(400)
    held = [shapely.contains_xy(levels.enemy(np.full((11, 11), one)), axis, np.full(11, 5.0)) for one in noise]
    wanted = [0.5 * (1 + math.erf(one / math.sqrt(2))) for one in z[5]]
    assert np.mean(held, axis=0)[1:-1] == pytest.approx(wanted[1:-1], abs=0.06)


def test_samples_without_noise_are_the_map():
    found = sampled_necks([bag(4)] * 3, LAND, [PLACE, Disc(0.0, 30.0, 1.5)], rings=[True, False])
    alone = corridor(bag(4), LAND, PLACE)
    assert found[0].neck_km.low == found[0].neck_km.high == pytest.approx(alone.neck_km, abs=0.04)
    assert found[0].pocket_km2.median == pytest.approx(alone.neck.pocket_km2, rel=0.02)
    assert [one.median for one in found[0].enclosure] == [ring.blocked for ring in alone.enclosure]
    assert (found[0].p_under_5, found[0].p_cut_off, found[0].p_taken) == (1, 0, 0)
    assert found[1].neck_km == Interval(math.inf, math.inf, math.inf)
    assert found[1].enclosure == ()


def test_maps_that_close_the_neck_or_take_the_place_are_counted():
    closed, taken = shapely.union(bag(4), box(-3, -11, 3, -8)), shapely.union(bag(4), box(-10, -40, 10, -8))
    (found,) = sampled_necks([bag(4), closed, closed, taken], LAND, [PLACE])
    assert (found.p_under_5, found.p_cut_off, found.p_taken) == (0.75, 0.5, 0.25)
    assert found.neck_km.low == 0


def test_a_place_whose_centre_is_the_enemys_counts_as_taken_as_on_the_ladder():
    centre = shapely.union(bag(4), shapely.Point(PLACE.east_km, PLACE.north_km).buffer(PLACE.radius_km / 2))
    (found,) = sampled_necks([bag(4), centre], LAND, [PLACE])
    assert corridor(centre, LAND, PLACE).rung is Rung.TAKEN
    assert found.p_taken == 0.5
    assert found.neck_km is not None


def test_intervals_are_values_that_occur_and_open_may_be_one():
    assert interval(np.array([])) is None
    assert interval(np.array([math.inf, 2.0, 1.0])) == Interval(2.0, 1.0, math.inf)


def test_edges_displaced_by_next_to_nothing_give_the_map_and_by_more_a_wider_interval():
    alone = corridor(bag(6), LAND, PLACE)
    told = [
        displaced_necks(bag(6), LAND, PLACE, alone.neck.pocket, sigma_km=sigma, n=40).neck_km
        for sigma in (0.001, 0.3, 1.2)
    ]
    assert (told[0].low, told[0].high) == (pytest.approx(6, abs=0.2), pytest.approx(6, abs=0.2)), (
        "corners are rounded by the cells"
    )
    widths = [one.high - one.low for one in told]
    assert widths[0] < 0.05 < widths[1] < widths[2]
    assert told[1].low < 6 < told[1].high


def test_ground_cut_off_stays_cut_off_though_its_rear_lies_farther_than_is_looked_at_first():
    enemy = shapely.difference(box(-110, -110, 110, 110), box(-20, -20, 20, 20))
    drawn = corridor(enemy, None, Disc(0.0, 0.0, 1.5))
    assert drawn.neck_km == 0
    told = displaced_necks(enemy, None, Disc(0.0, 0.0, 1.5), drawn.neck.pocket, sigma_km=0.2, n=10)
    assert told.p_cut_off == 1


def test_a_focus_is_fine_inside_and_coarse_outside_and_fades_at_its_rim():
    focus = Focus.about([shapely.Point(0, 0).buffer(2)], (-100.0, -100.0, 100.0, 100.0))
    x, y = focus.axes((-100.0, -100.0, 100.0, 100.0), 60.0)
    assert (x[0], x[-1]) == (-160, 160)
    assert (np.diff(x) > 0).all()
    assert np.diff(x[np.abs(x) < 13]).max() <= 0.51
    assert len(x) < 110
    ramp = focus.ramp(Levels(x, y, np.zeros((len(y), len(x)))))
    assert (ramp.max(), ramp[0].max()) == (1, 0)


# By rule


def stage(**more: BaseGeometry) -> Stage:
    held = bag(8)
    return Stage("us", "them", LAND, {Rule.HELD: held} | {Rule[k]: shapely.union(held, v) for k, v in more.items()})


def test_three_rules_stand_side_by_side_and_the_headline_is_their_span():
    here = stage(HELD_OR_GREY=box(-5, -11, -2.6, -8), ANY_PRESENCE=box(-5, -11, 1.2, -8))
    towns = [
        Town("Alder", 900, PLACE),
        Town("Birch", 4000, Disc(2.0, -25.0, 1.0)),
        Town("Far", 10, Disc(0.0, 30.0, 1.0)),
    ]
    around = surroundings(here)
    places = measured(here, around, towns, Ladder())
    assert headline(places[0].corridors) == "2.8–8.0 km, by rule"
    assert each_rule(places[0].corridors) == "held 8.0 km, held or grey 6.6 km, any presence 2.8 km"
    assert [one.value for one in places[0].rungs(Ladder())] == ["pocket", "gap_2_5"]
    assert headline(places[2].corridors) == "open (over 30 km), by every rule"
    pocket, *_ = pockets_of(here, around, towns, places, Ladder())
    assert pocket.inside == ("Birch", "Alder"), "those with most people first"
    assert pocket.place is places[1]
    assert sorted(east for east, _ in pocket.tips) == pytest.approx([-4, 4])


def test_a_pocket_is_measured_at_its_own_settlement_and_at_no_namesake():
    here = stage()
    around = surroundings(here)
    towns = [Town("Alder", 900, PLACE), Town("Alder", 50, Disc(0.0, 30.0, 1.5))]
    places = measured(here, around, towns, Ladder())
    pocket, *_ = pockets_of(here, around, towns, places, Ladder())
    assert pocket.place is places[0]


def test_a_pocket_nobody_lives_in_is_measured_in_its_middle():
    here = stage()
    pocket, *_ = pockets_of(here, surroundings(here), [], [], Ladder())
    assert (pocket.inside, pocket.place.name) == ((), "")
    assert shapely.contains_xy(pocket.geometry, pocket.place.disc.east_km, pocket.place.disc.north_km)
    assert pocket.place.plain.neck_km == pytest.approx(8, abs=1e-3)


def test_a_pocket_on_ground_that_no_report_reaches_is_none_of_the_maps():
    here = stage()
    pocket, *_ = pockets_of(here, surroundings(here), [], [], Ladder())
    west, south, east, north = pocket.geometry.bounds
    beside, half = box(east + 1, south, east + 9, north), box(west, south, (west + east) / 2, north)
    assert pockets_of(here, surroundings(here), [], [], Ladder(), within=beside) == ()
    found, *_ = pockets_of(here, surroundings(here), [], [], Ladder(), within=half)
    assert found.geometry.equals(pocket.geometry), "all of it, where a part lies on the map"


def test_a_place_taken_by_one_rule_is_given_no_one_word():
    here = stage(ANY_PRESENCE=box(-10, -35, 10, -8))
    (place,) = measured(here, surroundings(here), [Town("Alder", 900, PLACE)], Ladder())
    assert place.corridors[Rule.ANY_PRESENCE].rung is Rung.TAKEN
    assert [one.value for one in place.rungs(Ladder())] == ["pocket", "taken"]
    assert headline(place.corridors) == "n/a to 8.0 km, by rule"
