"""Routes: as many as the least cut, brute force says so; and what is cut if a town falls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from small_roads import Spot, moved, seen, town, way

from isofront.errors import BadInputError, IsofrontError
from isofront.front import Rule
from isofront.front.pockets import Town
from isofront.front.public_routes import PlaceRoutes, public_routes
from isofront.front.routes import (
    MOST_ROUTES,
    RoadState,
    Ways,
    if_falls,
    rear_of,
    road_state,
    ways_out,
)

STEP = 6.0
"""Km between the crossings of a test's network: far more than twin carriageways."""

SIZE = 3
SPOTS = [(STEP * x, STEP * y) for y in range(SIZE) for x in range(SIZE)]
LINKS = [(a, b) for a, b in combinations(range(SIZE**2), 2) if np.hypot(*np.subtract(SPOTS[a], SPOTS[b])) < 1.1 * STEP]
PLACE, HUB = town(*SPOTS[0], name="Place"), town(*SPOTS[-1], name="Hub")


def roads(links: list[tuple[int, int]], spots: list[Spot] = SPOTS) -> list:
    return [way(spots[a], spots[b], name=f"{a}-{b}") for a, b in links]


def out(state: RoadState, place: Town = PLACE, hub: Town = HUB, rule: Rule = Rule.HELD) -> Ways:
    return ways_out(state, place.disc, rear_of(state, [hub]), rule)


def joined(links: list[tuple[int, int]], a: int = 0, b: int = SIZE**2 - 1) -> bool:
    """Whether two crossings hang together."""
    reached, before = {a}, 0
    while len(reached) > before:
        before = len(reached)
        reached |= {y for link in links for x, y in (link, link[::-1]) if x in reached}
    return b in reached


def least_cut(links: list[tuple[int, int]]) -> int:
    """How many links must go before the corners are apart, by trying all."""
    for n in range(MOST_ROUTES + 1):
        if any(not joined([one for one in links if one not in gone]) for gone in combinations(links, n)):
            return n
    return MOST_ROUTES


def shortest(links: list[tuple[int, int]], a: int = 0, b: int = SIZE**2 - 1) -> float:
    """Steps of the shortest way, by going one step farther at a time."""
    near, n = {a}, 0
    while b not in near:
        n += 1
        near |= {y for link in links for x, y in (link, link[::-1]) if x in near}
    return n * STEP


some_links = st.lists(st.sampled_from(LINKS), unique=True, min_size=4).map(sorted).filter(joined)


@given(some_links)
def test_there_are_as_many_routes_as_roads_that_must_be_cut(links):
    found = out(seen(*roads(links)))
    assert len(found.routes) == min(least_cut(links), MOST_ROUTES)
    assert found.routes[0].km == pytest.approx(shortest(links) - 1.0, abs=1.2)  # from rim to rim of two small towns


@given(some_links)
def test_no_two_routes_share_a_piece_and_each_goes_from_town_to_hub(links):
    state = seen(*roads(links))
    routes = out(state).routes
    pieces = np.concatenate([one.pieces for one in routes])
    assert len(set(pieces.tolist())) == len(pieces)
    for one in routes:
        line = shapely.line_merge(shapely.multilinestrings(list(state.graph.lines[one.pieces])))
        ends = sorted(shapely.distance(shapely.points(shapely.get_coordinates(line)[[0, -1]]), shapely.Point(SPOTS[0])))
        assert line.geom_type == "LineString"
        assert ends[0] <= 0.6 < ends[1]


@given(some_links)
def test_what_every_way_uses_is_what_cuts_the_place_off_alone(links):
    alone = [one for one in links if not joined([other for other in links if other != one])]
    found = out(seen(*roads(links)))
    assert found.shared_km == pytest.approx(len(alone) * STEP, abs=1.3 if alone else 1e-9)


@given(some_links, st.sampled_from(LINKS))
def test_one_more_road_never_takes_a_route_away_nor_makes_the_shortest_longer(links, more):
    fewer, richer = (out(seen(*roads(some))).routes for some in (links, sorted({*links, more})))
    assert len(richer) >= len(fewer)
    assert richer[0].km <= fewer[0].km + 1e-6


@given(some_links, st.floats(0, 360), st.floats(-30, 30), st.floats(-30, 30))
@settings(max_examples=15)
def test_turning_and_moving_the_map_changes_nothing(links, turn, east, north):
    spots = moved(SPOTS, turn_deg=turn, by=(east, north))
    before = out(seen(*roads(links))).routes
    after = out(seen(*roads(links, spots)), town(*spots[0]), town(*spots[-1])).routes
    assert [round(one.km, 3) for one in after] == pytest.approx([round(one.km, 3) for one in before], abs=2e-3)


def lengths(state: RoadState, cities: list[Town], fallen: Town) -> dict[tuple[str, str | None], tuple[float, float]]:
    lost = if_falls(state, fallen.disc, cities, rear_of(state, [HUB]))
    return {(one.city, one.to): (one.before_km, one.after_km) for one in lost}


@given(some_links, st.integers(1, SIZE**2 - 2))
def test_a_fallen_town_never_shortens_a_way_and_cuts_what_brute_force_cuts(links, gone):
    lost = lengths(seen(*roads(links)), [PLACE], town(*SPOTS[gone], name="Fallen"))
    left = [one for one in links if gone not in one]
    if not joined(left):
        assert np.isinf(lost["Place", None][1])
    elif shortest(left) > shortest(links):
        before, after = lost["Place", None]
        assert after - before == pytest.approx(shortest(left) - shortest(links), abs=1e-6)
    else:
        assert lost == {}


def test_cities_lose_their_way_to_each_other_when_the_town_between_them_falls():
    state = seen(way((0, 0), (10, 0), (20, 0)), way((0, 0), (0, 12), (20, 12), (20, 0)))
    cities = [town(0, 0, name="West"), town(20, 0, name="East"), town(10, 0, name="Middle")]
    (lost,) = if_falls(state, cities[2].disc, cities, rear_of(state, [town(0, 0)]))[:1]
    assert (lost.city, lost.to, lost.is_cut) == ("East", None, False) or lost.to == "East"
    assert lost.before_km == pytest.approx(19, abs=1)
    assert lost.longer_km == pytest.approx(24, abs=1)


def test_two_carriageways_are_one_road():
    beside = way((0, 0.05), (10, 0.05), (20, 0.05))
    assert len(out(seen(way((0, 0), (20, 0)), beside), town(0, 0), town(20, 0)).routes) == 1


def test_two_roads_that_cross_are_two_routes():
    one, other = way((0, 0), (5, 3), (15, -3), (20, 0)), way((0, 0), (5, -3), (15, 3), (20, 0))
    assert len(out(seen(one, other), town(0, 0), town(20, 0)).routes) == 2


def test_parallel_roads_a_kilometre_apart_are_two_routes():
    other = way((0, 0), (1, 1), (19, 1), (20, 0))
    assert len(out(seen(way((0, 0), (20, 0)), other), town(0, 0), town(20, 0)).routes) == 2


def test_grey_ground_closes_a_road_only_where_grey_counts():
    road = way((0, 0), (20, 0))
    state = seen(road, grey=shapely.box(8, -1, 10, 1))
    assert out(state, town(0, 0), town(20, 0)).count == "1"
    assert out(state, town(0, 0), town(20, 0), Rule.HELD_OR_GREY).count == "0"
    (route,) = out(state, town(0, 0), town(20, 0)).routes
    assert route.grey_km == pytest.approx(2, abs=1e-6)
    assert route.own_km == pytest.approx(route.km - 2, abs=1e-6)


def test_road_near_the_others_ground_is_counted_by_distance():
    state = seen(way((0, 0), (20, 0)), held=shapely.box(9, 2, 11, 4))
    near = out(state, town(0, 0), town(20, 0)).routes[0].near_km
    assert near[1.0] == 0
    assert near[3.0] == pytest.approx(2 + 2 * np.sqrt(9 - 4), abs=1.1)
    assert list(near.values()) == sorted(near.values())


def test_a_barrier_without_a_crossing_cuts_the_road():
    state = seen(way((0, 0), (20, 0)))
    walled = road_state(state.graph, state.stage, shapely.LineString([(10, -5), (10, 5)]).buffer(0.01))
    assert out(walled, town(0, 0), town(20, 0)).count == "0"


def test_the_rear_is_deep_own_ground_and_says_how_deep():
    state = seen(way((-60, 0), (0, 0)), held=shapely.box(5, -100, 100, 100))
    rear = rear_of(state)
    assert rear.depth_km == 20
    (route,) = ways_out(state, town(0, 0).disc, rear, Rule.HELD).routes
    assert route.km == pytest.approx(15, abs=1.2)


def test_where_nothing_is_deep_the_rear_begins_nearer_and_says_so():
    state = seen(way((-10, 0), (0, 0)), held=shapely.box(5, -100, 100, 100))
    assert rear_of(state).depth_km == pytest.approx(0.75 * 15)


def test_roads_all_at_the_front_have_no_rear_and_one_line_says_so():
    state = seen(way((2, 0), (4, 0)), held=shapely.box(5, -100, 100, 100))
    with pytest.raises(BadInputError, match="no rear, the deepest of these roads lies 3"):
        rear_of(state)


def test_a_great_enclave_is_no_rear():
    ring = shapely.Polygon(shapely.box(-20, -90, 80, 90).exterior, [shapely.box(0, -30, 60, 30).exterior])
    inside = way((5, 0), (55, 0))
    state = seen(inside, *(way((-150, y), (-50, y)) for y in (0, 10, 20)), held=ring)
    assert ways_out(state, town(5, 0).disc, rear_of(state), Rule.HELD).count == "0"


def test_a_place_off_the_roads_begins_at_the_nearest_and_far_off_has_none():
    state = seen(way((0, 0), (20, 0)))
    assert out(state, town(5, 2), town(20, 0)).count == "1"
    far = out(state, town(5, 9), town(20, 0))
    assert (far.count, far.why) == ("0", "no road within 2 km of it")


def test_a_place_in_the_rear_has_no_count():
    found = out(seen(way((0, 0), (20, 0))), town(20, 0), town(20, 0, radius_km=2))
    assert (found.count, found.known_count) == ("rear", None)


def test_networks_that_do_not_hang_together_give_no_route():
    found = out(seen(way((0, 0), (8, 0)), way((9, 0), (20, 0))), town(0, 0), town(20, 0))
    assert (found.count, found.why) == ("0", "this file's roads join it to no rear, cut or not")


def test_a_road_that_is_cut_is_told_apart_from_one_that_is_missing():
    found = out(seen(way((0, 0), (20, 0)), held=shapely.box(9, -5, 11, 5)), town(0, 0), town(20, 0))
    assert (found.count, found.why) == ("0", "no road out that is not cut")


# What may be public

DAY = datetime(2031, 5, 20, tzinfo=UTC)
NOW = [PlaceRoutes("A", "us", 1, 12.4), PlaceRoutes("B", "us", 5, 2.1), PlaceRoutes("C", "us", None, 31.0)]
BEFORE = [PlaceRoutes("A", "us", 2, 17.0), PlaceRoutes("B", "us", 3, 8.0)]


def published(days_old: int, *, month: int = 30):
    return public_routes(
        NOW, BEFORE, as_of=DAY, before_as_of=DAY - timedelta(days=month), today=DAY + timedelta(days=days_old)
    )


def test_the_public_form_holds_counts_their_change_and_a_rounded_distance():
    told = [(one.name, one.routes, one.change, one.front_km) for one in published(7)]
    assert told == [("A", "1", "fewer", 10), ("B", "2+", "same", 0), ("C", "2+", None, 30)]


@pytest.mark.parametrize("days_old", [-1, 0, 6])
def test_routes_younger_than_a_week_are_not_made_public(days_old):
    with pytest.raises(IsofrontError, match="at least 7 days"):
        published(days_old)


@pytest.mark.parametrize("month", [0, 7, 60])
def test_a_month_is_about_a_month(month):
    with pytest.raises(IsofrontError, match="about a month"):
        published(7, month=month)
